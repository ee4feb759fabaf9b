// Package surveys draws surveys: as people answer them, and the pages on which staff build them.
package surveys

import (
	"strconv"

	"conversations/templates/nhs"
)

// Choice is an entry to choose from.
type Choice struct{ Value, Text string }

// QuestionView is one question as people answer it.
type QuestionView struct {
	Kind      string // as in the table of questions: one-of, grid, …
	Name      string // of its field
	Label     string
	Help      string
	Required  bool
	Optional  string // what stands behind the label of a question that may be left out: "(optional)"
	Options   []OptionView
	Rows      []RowView
	Steps     int // of a scale
	Low, High string
	Value     string
	OtherName string
	Other     string
	OtherAsk  string // the label of the box for "other"
	Day       string
	Month     string
	Year      string
	DayWord   string
	MonthWord string
	YearWord  string
	Most      int    // characters
	Warning   string // what stands above free text: that it is not read at once, and where to turn
	Wording   int
	Errors    []nhs.FieldError
}

// OptionView is an answer to choose.
type OptionView struct {
	Value   string
	Label   string
	Special string // other, none, prefer-not
	Chosen  bool
}

// RowView is one row of a grid.
type RowView struct{ Name, Label, Value string }

func (q QuestionView) label() string {
	if q.Required || q.Optional == "" {
		return q.Label
	}
	return q.Label + " " + q.Optional
}

func (q QuestionView) legend() *nhs.FieldsetParams {
	return &nhs.FieldsetParams{Legend: nhs.LegendText(q.label())}
}

func (q QuestionView) error() nhs.ErrorMessageParams { return nhs.ErrorFor(q.Errors, q.Name) }

// steps are the radios of a scale: numbers, with words at both ends.
func (q QuestionView) steps() (items []nhs.ChoiceItem) {
	for n := 1; n <= q.Steps; n++ {
		text := strconv.Itoa(n)
		switch n {
		case 1:
			text += " – " + q.Low
		case q.Steps:
			text += " – " + q.High
		}
		items = append(items, nhs.ChoiceItem{Content: nhs.Text(text), Value: strconv.Itoa(n)})
	}
	return items
}

func (q QuestionView) chosen() (values []string) {
	for _, o := range q.Options {
		if o.Chosen {
			values = append(values, o.Value)
		}
	}
	return values
}

func (q QuestionView) first() string {
	if values := q.chosen(); len(values) > 0 {
		return values[0]
	}
	return ""
}

// items are the options; one that stands alone comes behind a divider and clears the others.
func (q QuestionView) items(several bool) (items []nhs.ChoiceItem) {
	for _, o := range q.Options {
		item := nhs.ChoiceItem{Content: nhs.Text(o.Label), Value: o.Value}
		if o.Special == "other" && several { // a radio button cannot say that it opens something
			item.Conditional = nhs.ShowWhenChosen(q.otherBox())
		}
		if several && (o.Special == "none" || o.Special == "prefer-not") {
			item.Behaviour = "exclusive"
		}
		items = append(items, item)
	}
	return items
}

// asksOther says whether "other" is among the answers.
func (q QuestionView) asksOther() bool {
	for _, o := range q.Options {
		if o.Special == "other" {
			return true
		}
	}
	return false
}

func (q QuestionView) rowItems() (items []nhs.ChoiceItem) {
	for _, o := range q.Options {
		items = append(items, nhs.ChoiceItem{Content: nhs.Text(o.Label), Value: o.Value})
	}
	return items
}

func options(choices []Choice) (items []nhs.SelectItem) {
	for _, c := range choices {
		items = append(items, nhs.SelectItem{Value: &c.Value, Text: c.Text})
	}
	return items
}

func ticked(yes bool) []string {
	if yes {
		return []string{"yes"}
	}
	return nil
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

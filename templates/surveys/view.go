// Package surveys draws surveys: as people answer them, and the pages on which staff build them.
package surveys

import (
	"strconv"

	"conversations/templates/nhs"
)

// Choice is an entry to choose from.
type Choice struct{ Value, Text string }

// Said is a text, with the language it is in where that is not the language of what stands around it.
type Said struct{ Text, Lang, Dir string }

func (s Said) content() nhs.Content {
	if s.Lang == "" {
		return nhs.Text(s.Text)
	}
	return nhs.HTML(said(s))
}

func (s Said) label() nhs.LabelParams { return nhs.LabelParams{Content: s.content()} }

func (s Said) hint() nhs.HintParams {
	if s.Text == "" {
		return nhs.HintParams{}
	}
	return nhs.HintParams{Content: s.content()}
}

// marks are the language and direction as attributes of an element.
func (s Said) marks() nhs.Attributes {
	marks := nhs.Attributes{}
	if s.Lang != "" {
		marks["lang"] = s.Lang
	}
	if s.Dir != "" {
		marks["dir"] = s.Dir
	}
	return marks
}

// QuestionView is one question as people answer it.
type QuestionView struct {
	Kind      string // as in the table of questions: one-of, grid, …
	Name      string // of its field
	Label     Said
	Help      Said
	Required  bool
	Optional  Said // what stands behind the label of a question that may be left out: "(optional)"
	Options   []OptionView
	Rows      []RowView
	Steps     int // of a scale
	Low, High Said
	Value     string
	OtherName string
	Other     string
	OtherAsk  Said // the label of the box for "other"
	Day       string
	Month     string
	Year      string
	DayWord   Said
	MonthWord Said
	YearWord  Said
	Count     nhs.CharacterCountParams // words and limit of a box for longer text
	Warning   Said                     // what stands above free text: that it is not read at once, and where to turn
	Area      *AreaView                // of a postcode in several localities
	Contact   *ContactView             // how to reach who lets us get in touch
	Wording   int
	Errors    []nhs.FieldError
	ErrorWord string // "Error", which only screen readers say
	ErrorMark Said   // the language of what is wrong
}

// OptionView is an answer to choose.
type OptionView struct {
	Value   string
	Label   Said
	Special string // other, none, prefer-not
	Chosen  bool
}

// RowView is one row of a grid.
type RowView struct {
	Name  string
	Label Said
	Value string
}

// AreaView asks in which locality somebody lives.
type AreaView struct {
	Name, Value string
	Label, Hint Said
	Options     []OptionView
}

// ContactView asks how to reach somebody.
type ContactView struct {
	Apart  Said
	Fields []ContactField
}

// ContactField is one field of it.
type ContactField struct {
	Name, Value, Autocomplete, Type string
	Label                           Said
}

// label is the question, with "(optional)" where it may be left out.
func (q QuestionView) label() nhs.Content {
	if q.Required || q.Optional.Text == "" {
		return q.Label.content()
	}
	if q.Label.Lang == "" && q.Optional.Lang == "" {
		return nhs.Text(q.Label.Text + " " + q.Optional.Text)
	}
	return nhs.HTML(optionalLabel(q))
}

func (q QuestionView) small() nhs.LabelParams { return nhs.LabelParams{Content: q.label(), Size: "s"} }

func (q QuestionView) legend() *nhs.FieldsetParams {
	return &nhs.FieldsetParams{Legend: nhs.LegendParams{Content: q.label()}}
}

func (q QuestionView) error() nhs.ErrorMessageParams { return q.errorAt(q.Name) }

// errorAt is what is wrong at one field of the question.
func (q QuestionView) errorAt(field string) nhs.ErrorMessageParams {
	message := nhs.ErrorFor(q.Errors, field)
	if message.Text != "" {
		message.VisuallyHiddenText, message.Attributes = q.ErrorWord, q.ErrorMark.marks()
	}
	return message
}

// steps are the radios of a scale: numbers, with words at both ends.
func (q QuestionView) steps() (items []nhs.ChoiceItem) {
	for n := 1; n <= q.Steps; n++ {
		item := nhs.ChoiceItem{Content: nhs.Text(strconv.Itoa(n)), Value: strconv.Itoa(n)}
		switch n {
		case 1:
			item.Content = nhs.HTML(step(n, q.Low))
		case q.Steps:
			item.Content = nhs.HTML(step(n, q.High))
		}
		items = append(items, item)
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
		item := nhs.ChoiceItem{Content: o.Label.content(), Value: o.Value}
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
		items = append(items, nhs.ChoiceItem{Content: o.Label.content(), Value: o.Value})
	}
	return items
}

func (a AreaView) items() (items []nhs.ChoiceItem) {
	for _, o := range a.Options {
		items = append(items, nhs.ChoiceItem{Content: o.Label.content(), Value: o.Value})
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

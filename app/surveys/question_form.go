package surveys

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"conversations/app/fault"
)

// QuestionForm is what staff typed about a question, as typed.
type QuestionForm struct {
	Kind      string   `form:"kind"`
	Label     string   `form:"label"`
	Help      string   `form:"help,lines"`
	Required  bool     `form:"required"`
	Most      string   `form:"most"` // characters, or choices
	Min       string   `form:"min"`
	Max       string   `form:"max"`
	Steps     string   `form:"steps"`
	Low       string   `form:"low"`
	High      string   `form:"high"`
	OptionIDs []string `form:"option_id"` // of options that are there, in their order
	Labels    []string `form:"option_label"`
	Remove    []string `form:"remove"`        // ids of options and rows to take out
	Options   string   `form:"options,lines"` // new ones, one on each line
	RowIDs    []string `form:"row_id"`
	RowLabels []string `form:"row_label"`
	Rows      string   `form:"rows,lines"`
	Other     bool     `form:"other"` // offers "other, please say"
	None      bool     `form:"none"`  // offers "none of these"
	PreferNot bool     `form:"prefer_not"`
}

// KindName is a kind of question in plain words.
func KindName(k Kind) string {
	return map[Kind]string{
		ShortText: "A few words", LongText: "Longer text", OneOf: "One of several answers", SeveralOf: "Several answers", Scale: "A scale", YesNo: "Yes or no",
		Number: "A number", Date: "A date", Postcode: "A postcode (only its first part is kept)", Grid: "A grid: rows, each with one answer",
		Recontact: "May we get in touch again?", QuoteOK: "May we quote what you wrote?",
	}[k]
}

// Kinds lists the kinds of question in the order in which they are offered.
func Kinds() []Kind {
	return []Kind{OneOf, SeveralOf, YesNo, Scale, Grid, ShortText, LongText, Number, Date, Postcode, Recontact, QuoteOK}
}

// chooses says whether people choose from options that staff write.
func (k Kind) chooses() bool { return k == OneOf || k == SeveralOf || k == Grid }

const (
	maxOptions = 60
	maxSteps   = 11
)

// draft is a question with its choices, as a form has it.
type draft struct {
	question Question
	words    Texts
	limits   Settings
	added    []Choice         // new, in their order
	renamed  map[int64]string // labels of those that are there
	removed  []int64
}

// read turns a form into a question. stored is the one that is changed, its zero value a new one.
func (f QuestionForm) read(stored FormQuestion) (d draft, err error) {
	var problems fault.Fields
	d.question = stored.Question
	if stored.ID == 0 {
		d.question = Question{Kind: Kind(f.Kind), Wording: 1}
	}
	if !slices.Contains(Kinds(), d.question.Kind) {
		problems.Add("kind", "Choose what sort of answer people give")
	}
	if f.Label == "" {
		problems.Add("label", "Enter the question")
	}
	limited(&problems, "label", f.Label, 2*maxTitleCharacters)
	limited(&problems, "help", f.Help, maxTextCharacters)
	d.question.Required = f.Required
	d.words = Texts{Title: f.Label, Help: f.Help, Low: f.Low, High: f.High}
	d.limits = f.limits(d.question.Kind, &problems)
	f.choices(&d, stored, &problems)
	return d, problems.Err()
}

func (f QuestionForm) limits(kind Kind, problems *fault.Fields) (limits Settings) {
	number := func(field, text string, least, most int64) *int64 {
		if text == "" {
			return nil
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < least || n > most {
			problems.Add(field, fmt.Sprintf("Enter a whole number from %d to %d", least, most))
			return nil
		}
		return &n
	}
	switch kind {
	case ShortText, LongText:
		if n := number("most", f.Most, 1, maxLongCharacters); n != nil {
			limits.Most = int(*n)
		}
	case SeveralOf:
		if n := number("most", f.Most, 1, maxOptions); n != nil {
			limits.Most = int(*n)
		}
	case Number:
		limits.Min, limits.Max = number("min", f.Min, -1_000_000_000, 1_000_000_000), number("max", f.Max, -1_000_000_000, 1_000_000_000)
		if limits.Min != nil && limits.Max != nil && *limits.Min > *limits.Max {
			problems.Add("max", "The largest number must not be less than the smallest")
		}
	case Scale:
		limits.Steps = 5
		if n := number("steps", f.Steps, 2, maxSteps); n != nil {
			limits.Steps = int(*n)
		}
		if f.Low == "" || f.High == "" {
			problems.Add("low", "Say in words what both ends of the scale mean")
		}
	}
	return limits
}

// choices reads the options and rows: those that are there with their labels, and the new ones.
func (f QuestionForm) choices(d *draft, stored FormQuestion, problems *fault.Fields) {
	d.renamed = map[int64]string{}
	left := f.keep(d, "option_label", stored.Options, f.OptionIDs, f.Labels, problems)
	rows := f.keep(d, "row_label", stored.Rows, f.RowIDs, f.RowLabels, problems)
	switch {
	case d.question.Kind.chooses():
		left += f.addLines(d, OptionPart, "options", f.Options, problems)
		f.addSpecials(d, stored)
		if left < 2 {
			problems.Add("options", "Enter two answers or more, one on each line")
		}
	case stored.ID == 0:
		d.added = append(d.added, standardOptions(d.question.Kind)...)
	}
	if d.question.Kind == Grid {
		if rows += f.addLines(d, RowPart, "rows", f.Rows, problems); rows < 1 {
			problems.Add("rows", "Enter what is asked about, one on each line")
		}
	}
}

// keep reads the labels of what is there, and counts what is left of it.
func (f QuestionForm) keep(d *draft, field string, stored []FormChoice, ids, labels []string, problems *fault.Fields) (left int) {
	for i, id := range ids {
		at := slices.IndexFunc(stored, func(c FormChoice) bool { return strconv.FormatInt(c.ID, 10) == id })
		if at < 0 || i >= len(labels) {
			continue
		}
		switch {
		case slices.Contains(f.Remove, id):
			d.removed = append(d.removed, stored[at].ID)
			continue
		case labels[i] == "":
			problems.Add(field, "An answer has no words. Write some, or take it out")
		}
		limited(problems, field, labels[i], maxTitleCharacters)
		d.renamed[stored[at].ID] = labels[i]
		left++
	}
	return left
}

func (f QuestionForm) addLines(d *draft, part, field, text string, problems *fault.Fields) (n int) {
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		limited(problems, field, line, maxTitleCharacters)
		d.added = append(d.added, Choice{Part: part, Texts: label(line)})
		n++
	}
	if n > maxOptions {
		problems.Add(field, fmt.Sprintf("At most %d fit", maxOptions))
	}
	return n
}

// addSpecials adds the options that mean something to the program, where they were ticked and are not there yet.
func (f QuestionForm) addSpecials(d *draft, stored FormQuestion) {
	if d.question.Kind == Grid {
		return
	}
	for _, s := range []struct {
		wanted         bool
		special, label string
	}{{f.Other, OtherSpecial, "Other, please say"}, {f.None && d.question.Kind == SeveralOf, NoneSpecial, "None of these"}, {f.PreferNot, PreferNotSpecial, "I prefer not to say"}} {
		there := slices.ContainsFunc(stored.Options, func(o FormChoice) bool { return o.Special == s.special })
		if s.wanted && !there {
			d.added = append(d.added, Choice{Part: OptionPart, Special: s.special, Texts: label(s.label)})
		}
	}
}

// standardOptions are those of kinds whose options are always the same.
func standardOptions(kind Kind) []Choice {
	switch kind {
	case YesNo, Recontact, QuoteOK:
		return []Choice{{Part: OptionPart, Code: "yes", Texts: label("Yes")}, {Part: OptionPart, Code: "no", Texts: label("No")}}
	default:
		return nil
	}
}

// label is the text of a choice in the language that surveys are written in first.
func label(words string) string {
	text, err := withWords("{}", []string{firstLanguage}, firstLanguage, Texts{Title: words})
	if err != nil {
		panic(fmt.Sprintf("surveys: a label cannot be written: %v", err))
	}
	return text
}

// firstLanguage is the language that surveys are written in first.
const firstLanguage = "en"

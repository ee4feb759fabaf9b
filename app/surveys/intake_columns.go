package surveys

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"conversations/app/fault"
)

// IntakeTarget is what a column of a file can be. Its key is the heading that the export has.
type IntakeTarget struct {
	Key, Label string

	question FormQuestion
	option   int64 // of several-of: a column of 0 and 1
	row      int64 // of a grid
	other    bool  // what "other" is
}

// The keys of what is no answer.
const (
	outsideKey  = "id"
	localityKey = "locality"
	languageKey = "language"
	sentKey     = "submitted_at"
)

// IntakeTargets are all that the columns of a file can be.
func (f Form) IntakeTargets() []IntakeTarget {
	list := []IntakeTarget{{Key: outsideKey, Label: "What the answer is called elsewhere"}, {Key: localityKey, Label: "Locality"}, {Key: languageKey, Label: "Language"}}
	if !f.Survey.Anonymous {
		list = append(list, IntakeTarget{Key: sentKey, Label: "Day on which it was given"})
	}
	n := f.numbered()
	for _, q := range f.questions() {
		list = append(list, q.intakeTargets(fmt.Sprintf("%d. %s", n.numbers[q.ID], q.Words.Title))...)
	}
	return list
}

func (q FormQuestion) intakeTargets(label string) (list []IntakeTarget) {
	name := "q" + strconv.Itoa(q.Number)
	if q.Kind == Grid {
		for _, row := range q.Rows {
			list = append(list, IntakeTarget{Key: name + "_" + row.Code, Label: label + " " + row.Label, question: q, row: row.ID})
		}
		return list
	}
	whole := IntakeTarget{Key: name, Label: label, question: q}
	if q.Kind == SeveralOf {
		whole.Label += " (all answers, with | between them)"
	}
	list = append(list, whole)
	for _, o := range q.Options {
		if q.Kind == SeveralOf {
			list = append(list, IntakeTarget{Key: name + "_" + o.Code, Label: label + " " + o.Label + " (0 or 1)", question: q, option: o.ID})
		}
	}
	if slices.ContainsFunc(q.Options, func(o FormChoice) bool { return o.Special == OtherSpecial }) {
		list = append(list, IntakeTarget{Key: name + "_text", Label: label + " (what \"other\" is)", question: q, other: true})
	}
	return list
}

// names are the headings that mean a target, in small letters without signs.
func (t IntakeTarget) names() (names []string) {
	q := t.question
	switch {
	case t.Key == outsideKey:
		return []string{"id", "responseid", "outsideid", "reference"}
	case t.Key == sentKey:
		return []string{"submittedat", "date", "submitted", "completedat"}
	case q.ID == 0:
		return []string{plainLetters(t.Key)}
	}
	names = []string{plainLetters(t.Key)}
	for _, list := range [][]FormChoice{q.Rows, q.Options} {
		for _, c := range list {
			if c.ID == t.row && t.row != 0 || c.ID == t.option && t.option != 0 {
				return append(names, plainLetters(q.Words.Title+c.Label), plainLetters(c.Label))
			}
		}
	}
	if !t.other {
		names = append(names, plainLetters(q.Words.Title))
	}
	return names
}

// plainLetters is a text in small letters without blanks and signs.
func plainLetters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// guess says for each heading what it probably is: what it is called in an export, or the words of a question. What could
// be several things is left to staff.
func (f Form) guess(head []string) []string {
	targets, columns, taken := f.IntakeTargets(), make([]string, len(head)), map[string]bool{}
	for place := range 3 { // the heading of the export before the words of the question, those before the words of a row
		for i, heading := range head {
			var found []string
			for _, t := range targets {
				if names := t.names(); place < len(names) && names[place] != "" && names[place] == plainLetters(heading) {
					found = append(found, t.Key)
				}
			}
			if columns[i] == "" && len(found) == 1 && !taken[found[0]] {
				columns[i], taken[found[0]] = found[0], true
			}
		}
	}
	return columns
}

// checkColumns refuses columns that cannot be what they are said to be.
func (f Form) checkColumns(set IntakeSettings) error {
	var problems fault.Fields
	if len(set.Columns) != len(set.Head) {
		return fault.New(fault.Invalid, "We could not read the form. Go back, and try again.")
	}
	byKey, seen, answers := f.targetsByKey(), map[string]bool{}, false
	for i, key := range set.Columns {
		if key == "" {
			continue
		}
		t, there := byKey[key]
		switch field := columnField(i); {
		case !there:
			problems.Add(field, "Choose from what is there")
		case seen[key]:
			problems.Add(field, "Another column is this already. Choose something else for one of them")
		}
		seen[key], answers = true, answers || t.question.ID != 0
	}
	if !answers && len(problems) == 0 {
		problems.Add(columnField(0), "Say which column has the answers to a question")
	}
	return problems.Err()
}

// columnField is the field of a column of the file, from 0.
func columnField(i int) string { return "column-" + strconv.Itoa(i+1) }

func (f Form) targetsByKey() map[string]IntakeTarget {
	byKey := map[string]IntakeTarget{}
	for _, t := range f.IntakeTargets() {
		byKey[t.Key] = t
	}
	return byKey
}

package surveys

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"conversations/app/fault"
)

// Answers are what one person has given so far, by the question's id.
type Answers map[int64]Given

// Given is the answer to one question: what was chosen, or what was written. The zero Given is no answer.
type Given struct {
	Choices    []int64         // options, in the order of the form
	Rows       map[int64]int64 // of a grid: the option of each row; 0 is one that cannot be read, on paper
	Number     *int64          // of a number, or the step of a scale
	Text       string          // what was written; a day as 2017-02-28; an outward postcode
	Other      string          // what "other" is
	Area       string          // of a postcode in several localities: the slug of the writer's, or NotSure
	Contact    Contact         // of who lets us get in touch again
	Unreadable bool            // on paper
}

// NotSure is the Area of who does not know in which locality they live.
const NotSure = "not-sure"

// Empty says whether nothing was answered.
func (g Given) Empty() bool {
	return len(g.Choices) == 0 && len(g.Rows) == 0 && g.Number == nil && g.Text == "" && g.Other == "" && g.Contact.empty() && !g.Unreadable
}

// Visible are the sections that somebody who answered so is shown. A condition on a question that they were not shown
// counts as not answered.
func (f Form) Visible(answers Answers) (shown []FormSection) {
	asked := map[int64]bool{}
	for _, section := range f.Sections {
		if !section.holds(answers, asked) {
			continue
		}
		shown = append(shown, section)
		for _, q := range section.Questions {
			asked[q.ID] = true
		}
	}
	return shown
}

func (s Section) holds(answers Answers, asked map[int64]bool) bool {
	if s.IfQuestion == 0 {
		return true
	}
	chosen := asked[s.IfQuestion] && slices.Contains(answers[s.IfQuestion].Choices, s.IfChoice)
	return chosen != s.IfNot
}

// Kept are the answers to questions that are shown: what was answered on a way that was left again does not count.
func (f Form) Kept(answers Answers) Answers {
	kept := Answers{}
	for _, section := range f.Visible(answers) {
		for _, q := range section.Questions {
			if given, there := answers[q.ID]; there && !given.Empty() {
				kept[q.ID] = given
			}
		}
	}
	return kept
}

// Field is the name of a question's field in a form: "q-7". See OtherField and RowField for its parts.
func (q Question) Field() string { return "q-" + strconv.FormatInt(q.ID, 10) }

// OtherField is where people say what "other" is.
func (q Question) OtherField() string { return q.Field() + "-other" }

// RowField is the field of one row of a grid.
func (q Question) RowField(row int64) string { return q.Field() + "-row-" + strconv.FormatInt(row, 10) }

// The most that fits where a question does not say less.
const (
	maxShortCharacters = 200
	maxLongCharacters  = 5_000
	maxOtherCharacters = 200
)

var outwardForm = regexp.MustCompile(`^([A-Z]{1,2}[0-9][A-Z0-9]?)\s*([0-9][A-Z]{2})?$`)

// Outward is the first part of a UK postcode, which is all that is kept; false where the text is none.
func Outward(text string) (string, bool) {
	m := outwardForm.FindStringSubmatch(strings.ToUpper(strings.TrimSpace(text)))
	if m == nil {
		return "", false
	}
	return m[1], true
}

// Check notes what is wrong with an answer, at its field, as a sentence that says what to do.
func (q FormQuestion) Check(given Given, problems *fault.Fields) {
	if given.Unreadable {
		return
	}
	if given.Empty() {
		if q.Required {
			problems.Add(q.firstField(), q.ask())
		}
		return
	}
	say := q.words()
	switch q.Kind {
	case ShortText:
		q.checkText(given.Text, maxShortCharacters, problems)
	case LongText:
		q.checkText(given.Text, maxLongCharacters, problems)
	case OneOf, SeveralOf, YesNo, QuoteOK:
		q.checkChoices(given, problems)
	case Recontact:
		q.checkChoices(given, problems)
		q.checkContact(given, problems)
	case Scale:
		q.checkNumber(given, 1, int64(q.Limits.Steps), problems)
	case Number:
		least, most := int64(-1_000_000_000), int64(1_000_000_000)
		if q.Limits.Min != nil {
			least = *q.Limits.Min
		}
		if q.Limits.Max != nil {
			most = *q.Limits.Max
		}
		q.checkNumber(given, least, most, problems)
	case Date:
		if _, err := time.Parse(time.DateOnly, given.Text); err != nil {
			problems.Add(q.firstField(), say.realDate)
		}
	case Postcode:
		if _, ok := Outward(given.Text); !ok {
			problems.Add(q.Field(), say.postcode)
		}
	case Grid:
		q.checkGrid(given, problems)
	}
}

// firstField is where an error of the whole question leads.
func (q FormQuestion) firstField() string {
	switch {
	case q.Kind == Grid && len(q.Rows) > 0:
		return q.RowField(q.Rows[0].ID)
	case q.Kind == Date:
		return q.Field() + "-day"
	}
	return q.Field()
}

// words are the program's own in the language in which the question is asked.
func (q FormQuestion) words() phrases {
	if q.say == nil {
		return english()
	}
	return *q.say
}

// ask says what to do at a question that must be answered.
func (q FormQuestion) ask() string {
	say, what := q.words(), strings.TrimRight(q.Words.Title, "?؟. ")
	switch q.Kind {
	case OneOf, YesNo, Scale, Recontact, QuoteOK:
		return fmt.Sprintf(say.chooseOne, what)
	case SeveralOf:
		return fmt.Sprintf(say.chooseSome, what)
	case Grid:
		return fmt.Sprintf(say.chooseRows, what)
	default:
		return fmt.Sprintf(say.enter, what)
	}
}

func (q FormQuestion) checkText(text string, most int, problems *fault.Fields) {
	if q.Limits.Most > 0 {
		most = min(most, q.Limits.Most)
	}
	if utf8.RuneCountInString(text) > most {
		problems.Add(q.Field(), fmt.Sprintf(q.words().tooLong, most))
	}
}

func (q FormQuestion) checkChoices(given Given, problems *fault.Fields) {
	say, single := q.words(), q.Kind != SeveralOf
	special := map[string]bool{}
	for i, id := range given.Choices {
		at := slices.IndexFunc(q.Options, func(o FormChoice) bool { return o.ID == id })
		if at < 0 || slices.Contains(given.Choices[:i], id) {
			problems.Add(q.Field(), say.notThere)
			return
		}
		special[q.Options[at].Special] = true
	}
	switch {
	case single && len(given.Choices) > 1:
		problems.Add(q.Field(), say.oneOnly)
	case len(given.Choices) > 1 && (special[NoneSpecial] || special[PreferNotSpecial]):
		problems.Add(q.Field(), fmt.Sprintf(say.alone, q.specialLabel()))
	case q.Limits.Most > 0 && len(given.Choices) > q.Limits.Most:
		problems.Add(q.Field(), fmt.Sprintf(say.atMost, q.Limits.Most))
	case special[OtherSpecial] && given.Other == "":
		problems.Add(q.OtherField(), say.sayOther)
	case !special[OtherSpecial] && given.Other != "":
		problems.Add(q.Field(), say.otherToo)
	case utf8.RuneCountInString(given.Other) > maxOtherCharacters:
		problems.Add(q.OtherField(), fmt.Sprintf(say.tooLong, maxOtherCharacters))
	}
}

// specialLabel is what the option is called that stands alone.
func (q FormQuestion) specialLabel() string {
	for _, o := range q.Options {
		if o.Special == NoneSpecial || o.Special == PreferNotSpecial {
			return o.Label
		}
	}
	return ""
}

func (q FormQuestion) checkNumber(given Given, least, most int64, problems *fault.Fields) {
	switch {
	case given.Number == nil:
		problems.Add(q.Field(), q.words().wholeNumber)
	case *given.Number < least || *given.Number > most:
		problems.Add(q.Field(), fmt.Sprintf(q.words().between, least, most))
	}
}

func (q FormQuestion) checkGrid(given Given, problems *fault.Fields) {
	known := func(list []FormChoice, id int64) bool {
		return slices.ContainsFunc(list, func(c FormChoice) bool { return c.ID == id })
	}
	for row, option := range given.Rows {
		if !known(q.Rows, row) || !known(q.Options, option) {
			problems.Add(q.firstField(), q.words().notThere)
			return
		}
	}
	for _, row := range q.Rows {
		if _, answered := given.Rows[row.ID]; q.Required && !answered {
			problems.Add(q.RowField(row.ID), fmt.Sprintf(q.words().chooseOne, row.Label))
		}
	}
}

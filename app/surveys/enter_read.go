package surveys

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"conversations/app/events"
	"conversations/app/fault"
	"conversations/app/web"
)

// cannotRead is what is sent for an answer that cannot be read; in a box to type into a question mark does.
const (
	cannotRead     = "unreadable"
	cannotReadSign = "?"
)

// unreadableRow stands for the option of a grid's row that cannot be read.
const unreadableRow = 0

// readPaper reads what was typed from a form.
func readPaper(form Form, posted web.Posted) Answers {
	answers := Answers{}
	for _, q := range form.questions() {
		if given := q.readPaper(posted); !given.Empty() {
			answers[q.ID] = given
		}
	}
	return answers
}

func (q FormQuestion) readPaper(posted web.Posted) Given {
	typed := posted.Text(q.Field())
	if typed == cannotReadSign || slices.Contains(posted.List(q.Field()), cannotRead) {
		return Given{Unreadable: true}
	}
	switch q.Kind {
	case Grid:
		given := Given{Rows: map[int64]int64{}}
		for _, row := range q.Rows {
			switch value := posted.Text(q.RowField(row.ID)); value {
			case "":
			case cannotRead:
				given.Rows[row.ID] = unreadableRow
			default:
				n, err := strconv.ParseInt(value, 10, 64)
				if given.Rows[row.ID] = n; err != nil || n == unreadableRow {
					given.Rows[row.ID] = -1 // no option that is there: refused
				}
			}
		}
		return given
	case Date:
		return Given{Text: dayTyped(typed)}
	}
	return readGiven(q, posted)
}

// dayTyped reads a day in one box, such as 28 2 2017, 28/2/17 or 28.02.2017; what is none stays as it is.
func dayTyped(text string) string {
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" /.-", r) })
	if len(parts) != 3 {
		return text
	}
	if len(parts[0]) == 4 {
		parts[0], parts[2] = parts[2], parts[0]
	}
	if len(parts[2]) == 2 {
		parts[2] = "20" + parts[2]
	}
	day, real := events.ParseDay(parts[0], parts[1], parts[2])
	if !real {
		return text
	}
	return day.Format(time.DateOnly)
}

// fromPaper gives answers as they are kept of a form: no question must be answered; of answers that shut each other out,
// such as two ticks where one box was to be ticked, nobody can say which was meant, so they are kept as "cannot read"
// (unread has their numbers); answers in a section that was not for this person stay, as the paper has them.
func (f Form) fromPaper(answers Answers) (kept Answers, unread []int, err error) {
	kept = Answers{}
	var problems fault.Fields
	for i, q := range f.questions() {
		given := answers[q.ID]
		if given.Empty() {
			continue
		}
		was := given.Unreadable
		if given = q.fromPaper(given, &problems); given.Unreadable && !was {
			unread = append(unread, i+1)
		}
		if !given.Empty() {
			kept[q.ID] = given
		}
	}
	return kept, unread, problems.Err()
}

func (q FormQuestion) fromPaper(given Given, problems *fault.Fields) Given {
	if given.Unreadable {
		return Given{Unreadable: true}
	}
	q.Required = false
	switch q.Kind {
	case OneOf, SeveralOf, YesNo, Recontact, QuoteOK:
		return q.choicesFromPaper(given, problems)
	case Grid:
		readable := Given{Rows: map[int64]int64{}}
		for row, option := range given.Rows {
			if option != unreadableRow || !slices.ContainsFunc(q.Rows, func(r FormChoice) bool { return r.ID == row }) {
				readable.Rows[row] = option
			}
		}
		q.Check(readable, problems)
	case ShortText, LongText:
		q.Kind, q.Limits.Most = LongText, 0 // paper has no counter
		q.Check(given, problems)
	case Date:
		if _, err := time.Parse(time.DateOnly, given.Text); err != nil {
			problems.Add(q.Field(), "Enter a real date, such as 28 2 2017, or ? if you cannot read it")
		}
	default:
		q.Check(given, problems)
	}
	return given
}

func (q FormQuestion) choicesFromPaper(given Given, problems *fault.Fields) Given {
	other := slices.IndexFunc(q.Options, func(o FormChoice) bool { return o.Special == OtherSpecial })
	switch {
	case given.Other != "" && other < 0:
		problems.Add(q.Field(), "Choose from the answers that are there")
		return given
	case utf8.RuneCountInString(given.Other) > maxOtherCharacters:
		problems.Add(q.OtherField(), fmt.Sprintf("This must be %d characters or fewer", maxOtherCharacters))
		return given
	case given.Other != "" && !slices.Contains(given.Choices, q.Options[other].ID):
		given.Choices = append(slices.Clone(given.Choices), q.Options[other].ID) // who writes there means it
	}
	alone := false
	for _, id := range given.Choices {
		at := slices.IndexFunc(q.Options, func(o FormChoice) bool { return o.ID == id })
		if at < 0 {
			problems.Add(q.Field(), "Choose from the answers that are there")
			return given
		}
		alone = alone || q.Options[at].Special == NoneSpecial || q.Options[at].Special == PreferNotSpecial
	}
	if q.Kind == Recontact {
		q.contactFromPaper(given, problems)
	}
	n := len(given.Choices)
	if n > 1 && (alone || q.Kind != SeveralOf) || q.Limits.Most > 0 && n > q.Limits.Most {
		return Given{Unreadable: true}
	}
	return given
}

// contactFromPaper makes sure that how to reach somebody is kept only of who ticked yes: a name alone is no consent. Who
// ticked yes and wrote no name stays somebody who said yes.
func (q FormQuestion) contactFromPaper(given Given, problems *fault.Fields) {
	if given.Contact.empty() {
		return
	}
	if !q.saysYes(given) {
		problems.Add(q.Field(), "They wrote how to reach them. That can be kept only if they ticked \"Yes\": choose it, or take the rest out")
		return
	}
	var found fault.Fields
	q.checkContact(given, &found)
	for _, problem := range found {
		if problem.Name == q.nameField() && given.Contact.Name != "" || problem.Name == q.emailField() && given.Contact.Email != "" || problem.Name == q.phoneField() {
			problems.Add(problem.Name, problem.Message)
		}
	}
}

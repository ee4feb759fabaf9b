package surveys

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"conversations/app/events"
	"conversations/app/web"
)

// pageFields are those of every page on which people answer.
const (
	sectionField = "section"
	wayField     = "way"
)

var questionField = regexp.MustCompile(`^q-([0-9]{1,18})(-[a-z0-9-]+)?$`)

// readStep reads what was sent from one page. The error is an Invalid fault where that cannot have been sent by the page:
// a field that it does not have, one sent twice, a section or a wording that never was, bytes that are no text.
func readStep(form Form, posted web.Posted) (step Step, err error) {
	step = Step{Way: Next, Answers: Answers{}, Wordings: map[int64]int{}}
	if way := Way(posted.Text(wayField)); way != "" {
		step.Way = way
	}
	step.Section, err = strconv.ParseInt(posted.Text(sectionField), 10, 64)
	if err != nil || !posted.Sound() || !slices.Contains([]Way{Next, Back, Save}, step.Way) {
		return step, form.notFromHere()
	}
	known := map[string]bool{sectionField: false, wayField: false} // whether the field can be there more than once
	shown, _ := form.sectionByID(step.Section)                     // taken out meanwhile: none of its questions
	for _, q := range shown.Questions {
		fields := q.fields()
		if !slices.ContainsFunc(fields, posted.Has) {
			continue // it was added after the page was read
		}
		for _, field := range fields {
			known[field] = field == q.Field() && (len(q.Options) > 0)
		}
		step.Answers[q.ID] = readGiven(q, posted)
		if step.Wordings[q.ID], err = readWording(q, posted); err != nil {
			return step, form.notFromHere()
		}
	}
	return step, step.readStrange(form, known, posted)
}

// fields are all that a question has on a page.
func (q FormQuestion) fields() []string {
	list := []string{q.wordingField()}
	switch q.Kind {
	case Grid:
		for _, row := range q.Rows {
			list = append(list, q.RowField(row.ID))
		}
	case Date:
		list = append(list, q.Field()+"-day", q.Field()+"-month", q.Field()+"-year")
	case OneOf, SeveralOf:
		list = append(list, q.Field(), q.OtherField())
	case Postcode:
		list = append(list, q.Field(), q.areaField())
	case Recontact:
		list = append(list, q.Field(), q.nameField(), q.emailField(), q.phoneField())
	default:
		list = append(list, q.Field())
	}
	return list
}

func (q Question) wordingField() string { return q.Field() + "-wording" }

// readWording is the wording that was read; what does not say is the one that counts now.
func readWording(q FormQuestion, posted web.Posted) (wording int, err error) {
	if !posted.Has(q.wordingField()) {
		return q.Wording, nil
	}
	wording, err = strconv.Atoi(posted.Text(q.wordingField()))
	if err == nil && (wording < 1 || wording > q.Wording) {
		err = strconv.ErrRange
	}
	return wording, err
}

// readStrange notes questions that the page does not have, and refuses what no page of this survey has.
func (step *Step) readStrange(form Form, known map[string]bool, posted web.Posted) error {
	for _, name := range posted.Names() {
		if many, there := known[name]; there {
			if posted.Count(name) > 1 && !many {
				return form.notFromHere()
			}
			continue
		}
		m := questionField.FindStringSubmatch(name)
		if m == nil {
			return form.notFromHere()
		}
		id, err := strconv.ParseInt(m[1], 10, 64)
		if _, shown := step.Answers[id]; err != nil || shown {
			return form.notFromHere()
		}
		if !slices.Contains(step.Strange, id) {
			step.Strange = append(step.Strange, id)
		}
	}
	return nil
}

func readGiven(q FormQuestion, posted web.Posted) (g Given) {
	switch q.Kind {
	case OneOf, SeveralOf, YesNo, Recontact, QuoteOK:
		for _, value := range posted.List(q.Field()) {
			if value != "" {
				g.Choices = append(g.Choices, optionID(value))
			}
		}
		g.Other = posted.Text(q.OtherField())
		if !q.nameless {
			g.Contact = Contact{posted.Text(q.nameField()), posted.Text(q.emailField()), posted.Text(q.phoneField())}
		}
	case Grid:
		g.Rows = map[int64]int64{}
		for _, row := range q.Rows {
			if value := posted.Text(q.RowField(row.ID)); value != "" {
				g.Rows[row.ID] = optionID(value)
			}
		}
	case Scale, Number:
		g.Text = posted.Text(q.Field())
		if n, err := strconv.ParseInt(g.Text, 10, 64); err == nil {
			g.Number, g.Text = &n, ""
		}
	case Date:
		day, month, year := posted.Text(q.Field()+"-day"), posted.Text(q.Field()+"-month"), posted.Text(q.Field()+"-year")
		if date, ok := events.ParseDay(day, month, year); ok {
			g.Text = date.Format("2006-01-02")
		} else {
			g.Text = strings.Trim(day+" "+month+" "+year, " ")
		}
	case LongText:
		g.Text = posted.Lines(q.Field())
	case Postcode:
		g.Text, g.Area = posted.Text(q.Field()), posted.Text(q.areaField())
	default:
		g.Text = posted.Text(q.Field())
	}
	return g
}

// optionID is the option that was sent; -1 is none that there is, and is refused.
func optionID(value string) int64 {
	id, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return -1
	}
	return id
}

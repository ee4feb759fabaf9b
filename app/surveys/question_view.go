package surveys

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"conversations/templates/nhs"
	pages "conversations/templates/surveys"
)

// questionView is a question with what has been given so far, as a page draws it.
func (s *Service) questionView(f Form, q FormQuestion, given Given, errors []nhs.FieldError) pages.QuestionView {
	v := pages.QuestionView{Kind: string(q.Kind), Name: q.Field(), Label: f.theirs(q.Words.Title, q.Words.borrowed("title")), Help: f.theirs(q.Words.Help, q.Words.borrowed("help")),
		Required: q.Required, Optional: f.ours(f.say.optional), Steps: q.Limits.Steps, Low: f.theirs(q.Words.Low, q.Words.borrowed("low")),
		High: f.theirs(q.Words.High, q.Words.borrowed("high")), Value: given.Text, OtherName: q.OtherField(), Other: given.Other, OtherAsk: f.ours(f.say.otherAsk),
		DayWord: f.ours(f.say.day), MonthWord: f.ours(f.say.month), YearWord: f.ours(f.say.year), Wording: q.Wording, Errors: errors, ErrorWord: f.say.mistake, ErrorMark: f.ours(f.say.mistake)}
	if given.Number != nil {
		v.Value = strconv.FormatInt(*given.Number, 10)
	}
	if day, err := time.Parse(time.DateOnly, given.Text); q.Kind == Date && err == nil {
		v.Day, v.Month, v.Year = day.Format("2"), day.Format("1"), day.Format("2006")
	}
	for _, o := range q.Options {
		v.Options = append(v.Options, pages.OptionView{Value: strconv.FormatInt(o.ID, 10), Label: f.theirs(o.Label, o.Borrowed), Special: o.Special, Chosen: slices.Contains(given.Choices, o.ID)})
	}
	for _, row := range q.Rows {
		r := pages.RowView{Name: q.RowField(row.ID), Label: f.theirs(row.Label, row.Borrowed)}
		if option, answered := given.Rows[row.ID]; answered {
			r.Value = strconv.FormatInt(option, 10)
		}
		v.Rows = append(v.Rows, r)
	}
	switch q.Kind {
	case LongText:
		most := q.Limits.Most
		if most == 0 {
			most = maxLongCharacters
		}
		v.Count.MaxLength, v.Warning = most, f.ours(f.say.aside(s.Config.Programme.Complaints.Name, s.Config.Programme.Complaints.Telephone))
		f.say.counting(most, &v.Count)
	case Postcode:
		v.Area = s.areaView(f, q, given)
	case Recontact:
		if !q.nameless {
			v.Contact = f.contactView(q, given.Contact)
		}
	}
	return v
}

// areaView asks in which locality somebody lives whose postcode is in several; nil where there is nothing to ask.
func (s *Service) areaView(f Form, q FormQuestion, given Given) *pages.AreaView {
	outward, ok := Outward(given.Text)
	areas := s.areas(outward)
	if !ok || len(areas) < 2 {
		return nil
	}
	v := pages.AreaView{Name: q.areaField(), Value: given.Area, Label: f.ours(f.say.whichArea), Hint: f.ours(fmt.Sprintf(f.say.inSeveral, outward))}
	for _, l := range areas {
		v.Options = append(v.Options, pages.OptionView{Value: l.Slug, Label: f.theirs(l.Name, true)})
	}
	v.Options = append(v.Options, pages.OptionView{Value: NotSure, Label: f.ours(f.say.notSure)})
	return &v
}

// contactView asks how to reach who lets us get in touch again.
func (f Form) contactView(q FormQuestion, c Contact) *pages.ContactView {
	return &pages.ContactView{Apart: f.ours(f.say.apart), Fields: []pages.ContactField{
		{Name: q.nameField(), Label: f.ours(f.say.name), Value: c.Name, Autocomplete: "name"},
		{Name: q.emailField(), Label: f.ours(f.say.email), Value: c.Email, Autocomplete: "email", Type: "email"},
		{Name: q.phoneField(), Label: f.ours(f.say.phone), Value: c.Phone, Autocomplete: "tel", Type: "tel"},
	}}
}

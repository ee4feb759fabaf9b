package surveys

import (
	"slices"
	"strconv"
	"time"

	"conversations/templates/nhs"
	pages "conversations/templates/surveys"
)

// pageWords are the words of the program itself on the pages of a survey, in the survey's language.
type pageWords struct {
	Optional, OtherAsk, Day, Month, Year string
}

func wordsFor(string) pageWords {
	return pageWords{Optional: "(optional)", OtherAsk: "Please say", Day: "Day", Month: "Month", Year: "Year"}
}

// view is a question with what has been given so far, as a page draws it.
func (q FormQuestion) view(given Given, words pageWords, warning string, errors []nhs.FieldError) pages.QuestionView {
	v := pages.QuestionView{Kind: string(q.Kind), Name: q.Field(), Label: q.Words.Title, Help: q.Words.Help, Required: q.Required, Optional: words.Optional,
		Steps: q.Limits.Steps, Low: q.Words.Low, High: q.Words.High, Value: given.Text, OtherName: q.OtherField(), Other: given.Other, OtherAsk: words.OtherAsk,
		DayWord: words.Day, MonthWord: words.Month, YearWord: words.Year, Most: q.Limits.Most, Wording: q.Wording, Errors: errors}
	if given.Number != nil {
		v.Value = strconv.FormatInt(*given.Number, 10)
	}
	if q.Kind == LongText {
		v.Warning = warning
		if v.Most == 0 {
			v.Most = maxLongCharacters
		}
	}
	if day, err := time.Parse(time.DateOnly, given.Text); q.Kind == Date && err == nil {
		v.Day, v.Month, v.Year = day.Format("2"), day.Format("1"), day.Format("2006")
	}
	for _, o := range q.Options {
		v.Options = append(v.Options, pages.OptionView{Value: strconv.FormatInt(o.ID, 10), Label: o.Label, Special: o.Special, Chosen: slices.Contains(given.Choices, o.ID)})
	}
	for _, row := range q.Rows {
		r := pages.RowView{Name: q.RowField(row.ID), Label: row.Label}
		if option, answered := given.Rows[row.ID]; answered {
			r.Value = strconv.FormatInt(option, 10)
		}
		v.Rows = append(v.Rows, r)
	}
	return v
}

// warning stands above boxes for free text: nobody reads them at once.
func (s *Service) warning() string {
	words := "We do not read this at once. If somebody is in danger, call 999. If you need medical help, call 111."
	if c := s.Config.Programme.Complaints; c.Name != "" {
		words += " To complain about care, contact the " + c.Name
		if c.Telephone != "" {
			words += " on " + c.Telephone
		}
		words += "."
	}
	return words
}

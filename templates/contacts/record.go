package contacts

import "conversations/templates/nhs"

// RecordView is the form for what somebody told staff.
type RecordView struct {
	Base, Name                                                     string
	Purpose, Channel, Entry, Basis, Day, Month, Year, Source, Note string
	Purposes, Channels, Entries, Bases, Sources                    []Choice
	Wordings                                                       []Wording
	Errors                                                         []nhs.FieldError
}

// Wording is what people are asked about a purpose.
type Wording struct{ Purpose, Words string }

func (v RecordView) radios(name, text, value string, all []Choice) nhs.RadiosParams {
	return nhs.RadiosParams{Name: name, Value: value, Fieldset: legend(text), Items: items(all), ErrorMessage: nhs.ErrorFor(v.Errors, name)}
}

func (v RecordView) date() nhs.DateInputParams {
	return nhs.DateInputParams{ID: "said", Fieldset: legend("When did they say it?"), Hint: nhs.HintText("For example, 31 1 2017. What they said on an earlier day counts from that day."),
		ErrorMessage: nhs.ErrorFor(v.Errors, "day"),
		Items: []nhs.DateItem{
			{Name: "day", ID: "day", Label: nhs.LabelText("Day"), Width: 2, Value: v.Day},
			{Name: "month", ID: "month", Label: nhs.LabelText("Month"), Width: 2, Value: v.Month},
			{Name: "year", ID: "year", Label: nhs.LabelText("Year"), Width: 4, Value: v.Year},
		}}
}

// WhyView asks for a reason before something is done.
type WhyView struct {
	Heading string
	Name    string // of the contact
	Lines   []string
	Action  string
	Button  string
	Warning bool
	Back    string
	Reason  string
	Hint    string
	Errors  []nhs.FieldError
}

func (v WhyView) button() nhs.ButtonParams {
	p := nhs.ButtonParams{Content: nhs.Text(v.Button), PreventDoubleClick: nhs.Yes}
	if v.Warning {
		p.Variant = "warning"
	}
	return p
}

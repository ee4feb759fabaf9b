package contacts

import (
	"strings"

	"conversations/templates/nhs"
)

// Help is whom to telephone, and when.
type Help struct{ Telephone, Hours string }

// Area is a locality that people can choose.
type Area struct{ Slug, Name string }

// SignUp is the form by which people sign up for updates.
type SignUp struct {
	Errors       []nhs.FieldError
	Email        string
	EmailChecked string // was questioned, and is right
	Name         string
	Areas        []Area
	Chosen       []string // slugs
	Wording      string   // what people say by signing up, word for word
	Help         Help
}

// SignUpDone is the page after the form: the same whether or not the address is known.
type SignUpDone struct {
	Days string // in which to confirm: "7 days"
	Help Help
}

// LinkRequest asks for the link by which people see and change what we send them.
type LinkRequest struct {
	Errors []nhs.FieldError
	Email  string
	Help   Help
}

// Confirm asks the owner of an address whether it was really them.
type Confirm struct {
	Action  string
	Email   string
	Name    string
	Areas   string // in words
	Wording string
	Help    Help
}

// Confirmed says that somebody is signed up.
type Confirmed struct {
	Email       string
	Areas       string
	Preferences string // address of their page
	Help        Help
}

func (v Confirm) rows() []nhs.SummaryRow {
	rows := []nhs.SummaryRow{fact("Email address", v.Email)}
	if v.Name != "" {
		rows = append(rows, fact("Name", v.Name))
	}
	return append(rows, fact("Areas", v.Areas))
}

func fact(key, value string) nhs.SummaryRow {
	return nhs.SummaryRow{Key: nhs.SummaryCell{Content: nhs.Text(key)}, Value: nhs.SummaryCell{Content: nhs.Text(value)}}
}

func areaItems(areas []Area) []nhs.ChoiceItem {
	items := make([]nhs.ChoiceItem, len(areas))
	for i, a := range areas {
		items[i] = nhs.ChoiceItem{Content: nhs.Text(a.Name), Value: a.Slug}
	}
	return items
}

func areaBoxes(areas []Area, chosen []string, legend string, errors []nhs.FieldError) nhs.CheckboxesParams {
	return nhs.CheckboxesParams{
		Name: "localities", Values: chosen, Items: areaItems(areas),
		Fieldset: &nhs.FieldsetParams{Legend: nhs.LegendParams{Content: nhs.Text(legend), Size: "m"}},
		Hint:     nhs.HintText("Tick none, and we write to you about all of them."), ErrorMessage: nhs.ErrorFor(errors, "localities"),
	}
}

func dial(number string) string {
	return "tel:" + strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, number)
}

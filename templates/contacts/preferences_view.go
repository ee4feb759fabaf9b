package contacts

import "conversations/templates/nhs"

// Preferences is what somebody gets from us, as they can change it themselves.
type Preferences struct {
	Errors  []nhs.FieldError
	Saved   string // what was just done, in a sentence
	Action  string // address of the page, without a slash at its end
	Email   string
	Gets    bool     // updates
	Lets    []string // all that they let us do: "Updates, by email"
	Wording string   // what they say by starting again

	Name        string
	Areas       []Area
	Chosen      []string // slugs
	How         string   // email, post
	ByEmail     bool     // there is an address to write to
	HasPost     bool     // a postal address is known; it is not shown, for letters are passed on
	PostAddress string
	Postcode    string
	LargePrint  bool
	Help        Help
}

// UnsubscribeAsk asks whether to stop; only its button does.
type UnsubscribeAsk struct {
	Action      string
	What        string // "Updates, by email"
	Email       string
	Preferences string // address of their page; "" where they have none any more
	Help        Help
}

// Unsubscribed says what has stopped and what has not.
type Unsubscribed struct {
	What        string
	Email       string
	Undo        string // address that takes it back; "" where it cannot be
	Wording     string // what they say by that
	Preferences string
	Help        Help
}

func (v Preferences) how() nhs.RadiosParams {
	var items []nhs.ChoiceItem
	if v.ByEmail {
		items = append(items, nhs.ChoiceItem{Content: nhs.Text("By email"), Value: "email", Hint: nhs.HintText("To " + v.Email)})
	}
	items = append(items, nhs.ChoiceItem{Content: nhs.Text("By post"), Value: "post"})
	return nhs.RadiosParams{
		Name: "how", Value: v.How, Items: items, ErrorMessage: nhs.ErrorFor(v.Errors, "how"),
		Fieldset: &nhs.FieldsetParams{Legend: nhs.LegendParams{Content: nhs.Text("How should we send them?"), Size: "m"}},
	}
}

func (v Preferences) addressHint() string {
	if v.HasPost {
		return "We have an address for you. We do not show it here. Fill this in only to change it."
	}
	return "House number or name, street and town"
}

func (v Preferences) largePrint() nhs.CheckboxesParams {
	ticked := nhs.No
	if v.LargePrint {
		ticked = nhs.Yes
	}
	return nhs.CheckboxesParams{Name: "large_print", Items: []nhs.ChoiceItem{{Content: nhs.Text("In large print"), Value: "yes", Checked: ticked}}}
}

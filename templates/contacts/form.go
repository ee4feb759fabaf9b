package contacts

import (
	"strings"

	"conversations/templates/nhs"
)

// FormView is the form of a contact.
type FormView struct {
	Heading  string
	Action   string
	BackHref string
	Contact  string // words of the link to the contact; "" of a new one
	Version  int64

	Kind, Name, Organisation, Email, Phone, PostAddress, Postcode, Channel, Notes string
	LargePrint                                                                    bool
	Groups, Localities                                                            []string // slugs

	Kinds, AllGroups, AllLocalities []Choice

	Differences []Difference // from what somebody else stored meanwhile
	Errors      []nhs.FieldError
}

// Difference is a fact that somebody else changed while the form was filled in.
type Difference struct{ Label, Theirs, Yours string }

// Words gives a fact of the contact as people read it.
func (v FormView) Words(field, value string) string {
	choices := map[string][]Choice{"kind": v.Kinds, "groups": v.AllGroups, "localities": v.AllLocalities, "channel": channels}[field]
	if choices == nil {
		return value
	}
	var names []string
	for slug := range strings.SplitSeq(value, "|") {
		names = append(names, label(choices, slug))
	}
	return strings.Join(names, ", ")
}

func label(choices []Choice, value string) string {
	for _, c := range choices {
		if c.Value == value {
			return c.Label
		}
	}
	return value
}

var channels = []Choice{{"email", "Email"}, {"post", "Post"}, {"telephone", "Telephone"}}

func items(choices []Choice) []nhs.ChoiceItem {
	items := make([]nhs.ChoiceItem, len(choices))
	for i, c := range choices {
		items[i] = nhs.ChoiceItem{Value: c.Value, Content: nhs.Text(c.Label)}
	}
	return items
}

func legend(text string) *nhs.FieldsetParams {
	return &nhs.FieldsetParams{Legend: nhs.LegendParams{Content: nhs.Text(text), Size: "s"}}
}

func (v FormView) kind() nhs.RadiosParams {
	return nhs.RadiosParams{Name: "kind", Value: v.Kind, Inline: true, Fieldset: legend("What is it?"), Items: items(v.Kinds), ErrorMessage: nhs.ErrorFor(v.Errors, "kind")}
}

func (v FormView) channel() nhs.RadiosParams {
	return nhs.RadiosParams{Name: "channel", Value: v.Channel, Inline: true, Fieldset: legend("How do they want to hear from us?"), Items: items(channels),
		ErrorMessage: nhs.ErrorFor(v.Errors, "channel")}
}

func (v FormView) largePrint() nhs.CheckboxesParams {
	p := nhs.CheckboxesParams{Name: "large_print", Items: []nhs.ChoiceItem{{Value: "yes", Content: nhs.Text("Letters on paper in large print")}}}
	if v.LargePrint {
		p.Values = []string{"yes"}
	}
	return p
}

func (v FormView) boxes(name, text string, all []Choice, chosen []string) nhs.CheckboxesParams {
	return nhs.CheckboxesParams{Name: name, Small: true, Values: chosen, Items: items(all), Fieldset: legend(text), ErrorMessage: nhs.ErrorFor(v.Errors, name)}
}

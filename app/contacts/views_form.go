package contacts

import (
	"context"
	"slices"

	pages "conversations/templates/contacts"
)

// formView is the form of a contact; had are the groups that it is in, so that a retired one can be kept.
func (s *Service) formView(ctx context.Context, id int64, f Form, had []string) (v pages.FormView, err error) {
	groups, err := s.Groups(ctx)
	if err != nil {
		return v, err
	}
	v = pages.FormView{Heading: "Add a contact", Action: listPath + "/new", BackHref: listPath, Version: f.Version,
		Kind: f.Kind, Name: f.Name, Organisation: f.Organisation, Email: f.Email, Phone: f.Phone, PostAddress: f.PostAddress, Postcode: f.Postcode,
		Channel: f.Channel, LargePrint: f.LargePrint, Notes: f.Notes, Groups: f.Groups, Localities: f.Localities, Kinds: kindChoices()}
	if id != 0 {
		v.Heading, v.Action, v.BackHref, v.Contact = "Change a contact", contactPath(id)+"/change", contactPath(id), "Back to the contact"
	}
	for _, g := range groups {
		if !g.Retired || slices.Contains(had, g.Slug) {
			v.AllGroups = append(v.AllGroups, pages.Choice{Value: g.Slug, Label: g.label()})
		}
	}
	for _, l := range s.cfg.Localities {
		v.AllLocalities = append(v.AllLocalities, pages.Choice{Value: l.Slug, Label: l.Name})
	}
	return v, nil
}

// factLabels name the facts of a contact as the form does.
var factLabels = map[string]string{
	"kind": "Kind", "name": "Name", "organisation": "Organisation", "email": "Email address", "phone": "Telephone number", "post_address": "Postal address",
	"postcode": "Postcode", "channel": "Prefers", "large_print": "Large print", "groups": "Groups", "localities": "Localities", "notes": "Notes",
}

// differences are the facts in which what is stored and what was typed differ.
func (s *Service) differences(v pages.FormView, stored Card, f Form) (list []pages.Difference) {
	typed, _ := f.Check(s.cfg) // what is wrong with it is said when it is sent again
	mine := Card{typed, f.Groups, f.Localities}.facts()
	for i, theirs := range stored.facts() {
		if theirs != mine[i] {
			list = append(list, pages.Difference{Label: factLabels[theirs.field], Theirs: v.Words(theirs.field, theirs.value), Yours: v.Words(theirs.field, mine[i].value)})
		}
	}
	return list
}

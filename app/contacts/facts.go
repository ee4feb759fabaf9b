package contacts

import (
	"slices"
	"strings"

	"gorm.io/gorm"
)

// fact is one thing that is known of a contact, by the name of its field.
type fact struct{ field, value string }

// facts are all that staff can change, in the order of the form.
func (c Card) facts() []fact {
	return []fact{
		{"kind", string(c.Kind)}, {"name", c.Name}, {"organisation", c.Organisation}, {"email", c.Email}, {"phone", c.Phone},
		{"post_address", c.PostAddress}, {"postcode", c.Postcode}, {"channel", string(c.Channel)}, {"large_print", yesNo(c.LargePrint)},
		{"groups", inOrder(c.Groups)}, {"localities", inOrder(c.Localities)}, {"notes", c.Notes},
	}
}

func inOrder(slugs []string) string {
	slugs = slices.Sorted(slices.Values(slugs))
	return strings.Join(slugs, "|")
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

func cardOf(q *gorm.DB, c Contact) (card Card, err error) {
	card.Contact = c
	if card.Groups, err = groupsOf(q, c.ID); err != nil {
		return card, err
	}
	card.Localities, err = localitiesOf(q, c.ID)
	return card, err
}

// form gives a card as it is typed.
func (c Card) form() Form {
	return Form{
		Kind: string(c.Kind), Name: c.Name, Organisation: c.Organisation, Email: c.Email, EmailChecked: c.Email, Phone: c.Phone, PostAddress: c.PostAddress,
		Postcode: c.Postcode, Channel: string(c.Channel), LargePrint: c.LargePrint, Notes: c.Notes, Groups: c.Groups, Localities: c.Localities, Version: c.Version,
	}
}

package contacts

import (
	"context"
	"strings"
	"time"

	"conversations/app/database"
	"conversations/app/fault"
)

// PreferencesPurpose binds the link by which somebody sees and changes what we send them. It names their contact.
const PreferencesPurpose = "subscription"

// linkEvery is how often the link is sent at the most to an address that anybody may have typed.
const linkEvery = 20 * time.Minute

// PreferencesURL is the absolute address of the page on which a contact sees and changes what we send them. Whoever
// has it is taken for the contact.
func (s *Service) PreferencesURL(contactID int64) string {
	return s.links.URL(preferencesPath(s.links.Token(PreferencesPurpose, contactID)))
}

// Preferences are what somebody gets from us.
type Preferences struct {
	Contact    Contact
	Localities []string // slugs; none is all
	Standings  []Standing
}

// Gets says whether any updates go to them.
func (p Preferences) Gets() bool { return len(p.channels(Updates)) > 0 }

// channels are those by which the contact may be written to for a purpose.
func (p Preferences) channels(purpose string) (list []Channel) {
	for _, st := range p.Standings {
		if st.Purpose == purpose && st.Allowed() {
			list = append(list, st.Channel)
		}
	}
	return list
}

// Allowed is all that the contact lets us do, in order.
func (p Preferences) Allowed() (list []Standing) {
	for _, st := range p.Standings {
		if st.Allowed() {
			list = append(list, st)
		}
	}
	return list
}

// PreferencesByToken finds what the owner of a link gets. The link of a contact that was merged leads to the one that
// it was merged into. The error is a NotFound fault where there is none any more.
func (s *Service) PreferencesByToken(ctx context.Context, token string) (p Preferences, err error) {
	id, err := s.links.Open(PreferencesPurpose, token)
	if err != nil {
		return p, err
	}
	read := s.db.Read(ctx)
	if p.Contact, err = contactByID(read, id); err != nil {
		return p, err
	}
	for p.Contact.MergedInto != nil {
		if p.Contact, err = contactByID(read, *p.Contact.MergedInto); err != nil {
			return p, err
		}
	}
	if p.Localities, err = localitiesOf(read, p.Contact.ID); err != nil {
		return p, err
	}
	p.Standings, err = standingsOf(read, p.Contact.ID)
	return p, err
}

// AskForLink sends somebody the link to their preferences, where we know the address. Nobody learns from the answer
// whether we do. The error is an Invalid fault with a message at the field.
func (s *Service) AskForLink(ctx context.Context, email string) error {
	email = strings.TrimSpace(email)
	var f fault.Fields
	checkOwnEmail(email, email, &f)
	if err := f.Err(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		id, err := idByEmail(tx, NormaliseEmail(email))
		if err != nil || id == 0 {
			return err
		}
		return s.sendLink(tx, id, "subscription.link", tx.Now().Truncate(linkEvery), "Your link to change what we send you", []string{
			"You asked for the link to what we send you. With it you can choose the areas that you hear about, or stop it all.",
			"If you did not ask, do nothing.",
		})
	})
}

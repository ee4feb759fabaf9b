package contacts

import (
	"context"
	"slices"
	"strings"

	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/fault"
)

// Choices are what somebody asks for on their page.
type Choices struct {
	Name        string
	Localities  []string // slugs; none is all there are
	How         Channel  // email, post
	PostAddress string   // "" keeps the address that is there
	Postcode    string
	LargePrint  bool
}

func (r *Choices) check(cfg *config.Config, c Contact) error {
	var f fault.Fields
	r.Name, r.PostAddress = Tidy(r.Name), TidyLines(r.PostAddress)
	limited(&f, "name", "Your name", r.Name, nameLetters)
	r.Localities = checkLocalities(cfg, r.Localities, &f)
	switch {
	case r.How == Post:
		r.checkPost(c, &f)
	case r.How != Email || c.Email == "":
		f.Add("how", "Choose how we should send our updates")
	}
	return f.Err()
}

// checkPost wants a whole postal address, new or there already.
func (r *Choices) checkPost(c Contact, f *fault.Fields) {
	kept := r.PostAddress == "" && strings.TrimSpace(r.Postcode) == "" && c.PostAddress != "" && c.Postcode != ""
	if kept {
		r.PostAddress, r.Postcode = c.PostAddress, c.Postcode
		return
	}
	if r.PostAddress == "" {
		f.Add("post_address", "Enter the address that we should write to")
	}
	limited(f, "post_address", "The address", r.PostAddress, addressLetters)
	written, ok := ReadPostcode(r.Postcode)
	if !ok {
		f.Add("postcode", "Enter a full postcode, like HP1 1DN")
	}
	r.Postcode = written
}

// SavePreferences makes somebody's choices their own. A change between email and post is a new consent for the one and
// ends the other, in the ledger. The errors: an Invalid fault with a message per field; NotFound.
func (s *Service) SavePreferences(ctx context.Context, token string, r Choices) error {
	return s.asContact(ctx, token, func(tx *database.Tx, c Contact) error {
		if err := r.check(s.cfg, c); err != nil {
			return err
		}
		localities, err := setLocalities(tx, c.ID, r.Localities)
		if err != nil {
			return err
		}
		changed := r.apply(&c)
		if localities {
			changed = append(changed, "localities")
		}
		if len(changed) == 0 {
			return nil
		}
		if err := s.updateContact(tx, &c); err != nil {
			return err
		}
		if err := s.changeChannel(ctx, tx, c); err != nil {
			return err
		}
		return audit.Record(ctx, tx, "subscription.change", "contacts", c.ID, audit.Details{"changed": changed})
	})
}

// apply puts the choices into the contact and names what changed.
func (r Choices) apply(c *Contact) (changed []string) {
	note := func(name string, differs bool) {
		if differs {
			changed = append(changed, name)
		}
	}
	note("name", c.Name != r.Name)
	note("channel", c.Channel != r.How)
	c.Name, c.Channel = r.Name, r.How
	if r.How == Post {
		note("post_address", c.PostAddress != r.PostAddress || c.Postcode != r.Postcode)
		note("large_print", c.LargePrint != r.LargePrint)
		c.PostAddress, c.Postcode, c.LargePrint = r.PostAddress, r.Postcode, r.LargePrint
	}
	return changed
}

// changeChannel has updates come by the channel that the contact prefers now and by no other; where they get none,
// nothing begins.
func (s *Service) changeChannel(ctx context.Context, tx *database.Tx, c Contact) error {
	standings, err := standingsOf(tx.DB, c.ID)
	if err != nil {
		return err
	}
	now := Preferences{Standings: standings}.channels(Updates)
	if len(now) == 0 || slices.Equal(now, []Channel{c.Channel}) {
		return nil
	}
	if !slices.Contains(now, c.Channel) {
		if _, err := s.GiveTx(ctx, tx, c.ID, Said{Purpose: Updates, Channel: c.Channel, Source: FromPreferences}); err != nil {
			return err
		}
	}
	for _, st := range standings {
		if st.Purpose == Updates && st.Allowed() && st.Channel != c.Channel {
			if err := s.endStanding(ctx, tx, st, FromPreferences); err != nil {
				return err
			}
		}
	}
	return nil
}

// asContact runs a change as the owner of a link, with their contact locked.
func (s *Service) asContact(ctx context.Context, token string, change func(tx *database.Tx, c Contact) error) error {
	id, err := s.links.Open(PreferencesPurpose, token)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		c, err := lockContact(tx, id)
		if err != nil {
			return err
		}
		return change(tx, c)
	})
}

package contacts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"conversations/app/audit"
	"conversations/app/config"
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

// Allowed are the purposes for which the contact may be written to, each once.
func (p Preferences) Allowed() (purposes []string) {
	for _, st := range p.Standings {
		if st.Allowed() && !slices.Contains(purposes, st.Purpose) {
			purposes = append(purposes, st.Purpose)
		}
	}
	return purposes
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

// StopEverything ends all that somebody lets us do, and whatever waits for them does not leave. Mails about bookings
// are not concerned. Twice is the same as once.
func (s *Service) StopEverything(ctx context.Context, token string) error {
	return s.asContact(ctx, token, func(tx *database.Tx, c Contact) error {
		standings, err := standingsOf(tx.DB, c.ID)
		if err != nil {
			return err
		}
		ended := 0
		for _, st := range standings {
			if !st.Allowed() {
				continue
			}
			ended++
			if err := s.endStanding(ctx, tx, st, FromPreferences); err != nil {
				return err
			}
		}
		if ended == 0 {
			return nil
		}
		if err := touch(tx, c.ID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, "subscription.stop", "contacts", c.ID, audit.Details{"ended": ended})
	})
}

// StartAgain has updates about the localities (none is all there are) come by email again, in the words that the page
// shows now. Where mail to the address came back, its owner must first confirm that mail arrives: confirm is true then,
// and a mail is on its way. The errors: an Invalid fault with a message at the field; a Conflict where there is no address.
func (s *Service) StartAgain(ctx context.Context, token string, localities []string) (confirm bool, err error) {
	var f fault.Fields
	localities = checkLocalities(s.cfg, localities, &f)
	if err := f.Err(); err != nil {
		return false, err
	}
	err = s.asContact(ctx, token, func(tx *database.Tx, c Contact) error {
		if c.Email == "" {
			return fault.New(fault.Conflict, "We have no email address for you. Sign up with one, or telephone us.")
		}
		if confirm, err = suppressed(tx, c); err != nil {
			return err
		}
		if confirm {
			return s.askToConfirm(ctx, tx, SignUp{Email: c.Email, Name: c.Name, Localities: localities}, FromPreferences, nil)
		}
		if _, err := setLocalities(tx, c.ID, localities); err != nil {
			return err
		}
		return s.startAgain(ctx, tx, c, Updates)
	})
	return confirm, err
}

// startAgain is a new consent by email, on a page that shows the words of the purpose.
func (s *Service) startAgain(ctx context.Context, tx *database.Tx, c Contact, purpose string) error {
	if _, err := s.GiveTx(ctx, tx, c.ID, Said{Purpose: purpose, Channel: Email, Source: FromPreferences}); err != nil {
		return err
	}
	if err := preferEmail(tx, c.ID); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "subscription.start", "contacts", c.ID, audit.Details{"purpose": purpose})
}

// suppressed says whether no letters go to the contact's address.
func suppressed(tx *database.Tx, c Contact) (is bool, err error) {
	err = tx.Row(`SELECT EXISTS (SELECT 1 FROM suppressions WHERE hash = ?)`, c.SuppressionKey).Scan(&is)
	return is, err
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

// endStanding ends one basis to write, as its owner does: consent is withdrawn, any other basis is objected to.
func (s *Service) endStanding(ctx context.Context, tx *database.Tx, st Standing, from Source) error {
	said := Said{Purpose: st.Purpose, Channel: st.Channel, Source: from}
	end := s.ObjectTx
	if st.Basis == Consent {
		end = s.WithdrawTx
	}
	if err := end(ctx, tx, st.ContactID, said); err != nil {
		return err
	}
	if st.Channel != Email {
		return nil
	}
	if _, err := s.outbox.WithdrawDeliveries(ctx, tx, st.ContactID, st.Purpose); err != nil {
		return fmt.Errorf("keep back letters to contact %d: %w", st.ContactID, err)
	}
	return nil
}

// touch notes that something about a contact changed now: from here its keeping time counts.
func touch(tx *database.Tx, id int64) error {
	return tx.Exec(`UPDATE contacts SET version = version + 1, updated_at = ? WHERE id = ?`, tx.Now(), id).Error
}

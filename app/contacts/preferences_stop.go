package contacts

import (
	"context"
	"fmt"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// StopEverything ends all that somebody lets us do, and whatever waits for them does not leave. Mails about bookings
// are not concerned. Twice is the same as once.
func (s *Service) StopEverything(ctx context.Context, token string) error {
	return s.asContact(ctx, token, func(tx *database.Tx, c Contact) error {
		standings, err := standingsOf(tx.DB, c.ID)
		if err != nil {
			return err
		}
		allowed := Preferences{Standings: standings}.Allowed()
		if len(allowed) == 0 {
			return nil
		}
		for _, st := range allowed {
			if err := s.endStanding(ctx, tx, st, FromPreferences); err != nil {
				return err
			}
		}
		if err := touch(tx, c.ID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, "subscription.stop", "contacts", c.ID, audit.Details{"ended": len(allowed)})
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

package contacts

import (
	"context"

	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/mail"
)

// Unsubscription is what the link in a letter is about: who got it, what for, and whether that has ended.
type Unsubscription struct {
	Delivery mail.Delivery
	Contact  Contact        // the one it was merged into, where it was; ID 0 where it is not there any more
	Purpose  config.Purpose // what ends
	Ended    bool
}

// UnsubscriptionByToken finds what the link in a letter is about, or returns a NotFound fault.
func (s *Service) UnsubscriptionByToken(ctx context.Context, token string) (u Unsubscription, err error) {
	if u.Delivery, u.Purpose, err = s.letter(ctx, token); err != nil {
		return u, err
	}
	read := s.db.Read(ctx)
	for id := u.Delivery.ContactID; id != 0; {
		c, err := contactByID(read, id)
		if fault.KindOf(err) == fault.NotFound {
			return Unsubscription{Delivery: u.Delivery, Purpose: u.Purpose, Ended: true}, nil
		}
		if err != nil {
			return u, err
		}
		u.Contact, id = c, 0
		if c.MergedInto != nil {
			id = *c.MergedInto
		}
	}
	st, found, err := standing(read, u.Contact.ID, u.Purpose.Slug, Email)
	u.Ended = found && !st.Allowed()
	return u, err
}

// letter finds the delivery that a link names, and the purpose of its letter. A purpose that the configuration does
// not have any more has its slug for a name.
func (s *Service) letter(ctx context.Context, token string) (d mail.Delivery, p config.Purpose, err error) {
	if d, err = s.outbox.OpenUnsubscribe(ctx, token); err != nil {
		return d, p, err
	}
	m, err := s.outbox.Mailing(ctx, d.MailingID)
	if err != nil {
		return d, p, err
	}
	p, known := s.cfg.Purpose(m.Purpose)
	if !known {
		p = config.Purpose{Slug: m.Purpose, Name: m.Purpose}
	}
	return d, p, nil
}

// Unsubscribe ends what the letter was sent for: the ledger says so, whatever waits for the person does not leave, and
// the letter's report counts it, all in one transaction. No other purpose is concerned, nor are mails about bookings.
// Twice is the same as once. The error is a NotFound fault where the link is none of ours.
func (s *Service) Unsubscribe(ctx context.Context, token string) error {
	d, purpose, err := s.letter(ctx, token)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		if err := s.outbox.MarkUnsubscribed(ctx, tx, d.ID); err != nil {
			return err
		}
		if _, err := s.outbox.WithdrawDeliveries(ctx, tx, d.ContactID, purpose.Slug); err != nil {
			return err
		}
		c, err := lockContact(tx, d.ContactID)
		if fault.KindOf(err) == fault.NotFound {
			return nil // erased: nothing goes there
		}
		if err != nil {
			return err
		}
		return s.unsubscribe(ctx, tx, c, purpose.Slug, d.ID)
	})
}

// unsubscribe writes the ledger where it does not say so already.
func (s *Service) unsubscribe(ctx context.Context, tx *database.Tx, c Contact, purpose string, deliveryID int64) error {
	st, found, err := standing(tx.DB, c.ID, purpose, Email)
	if err != nil || found && !st.Allowed() {
		return err
	}
	if _, known := s.cfg.Purpose(purpose); !known {
		return nil // nothing is sent for it any more
	}
	if !found {
		st = Standing{ContactID: c.ID, Purpose: purpose, Channel: Email, Basis: Consent}
	}
	if err := s.endStanding(ctx, tx, st, FromUnsubscribe); err != nil {
		return err
	}
	if err := touch(tx, c.ID); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "subscription.unsubscribe", "contacts", c.ID, audit.Details{"purpose": purpose, "delivery": deliveryID})
}

// UndoUnsubscribe is a new consent by who pressed the button by mistake, in the words that the page shows now. What was
// kept back meanwhile stays so. The errors: NotFound; Conflict where the contact is not there any more.
func (s *Service) UndoUnsubscribe(ctx context.Context, token string) error {
	d, purpose, err := s.letter(ctx, token)
	if err != nil {
		return err
	}
	if _, known := s.cfg.Purpose(purpose.Slug); !known {
		return fault.New(fault.Conflict, "We do not send these emails any more.")
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		c, err := lockContact(tx, d.ContactID)
		if err != nil {
			return err
		}
		st, found, err := standing(tx.DB, c.ID, purpose.Slug, Email)
		if err != nil || found && st.Allowed() {
			return err
		}
		return s.startAgain(ctx, tx, c, purpose.Slug)
	})
}

// Complained takes the word of a mail provider that somebody called a letter unwanted as their own no: for all that we
// write to them by email. The outbox calls it in the transaction in which it suppresses the address.
func (s *Service) Complained(ctx context.Context, tx *database.Tx, d mail.Delivery) error {
	c, err := lockContact(tx, d.ContactID)
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	standings, err := standingsOf(tx.DB, c.ID)
	if err != nil {
		return err
	}
	for _, st := range standings {
		if !st.Allowed() || st.Channel != Email {
			continue
		}
		if err := s.endStanding(ctx, tx, st, FromComplaint); err != nil {
			return err
		}
	}
	if err := touch(tx, c.ID); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "subscription.complaint", "contacts", c.ID, audit.Details{"delivery": d.ID})
}

// MayReceive is SQL that is true while the contact of a delivery may be written to by email for a purpose. A merged
// contact stands as the one that it was merged into.
//
// It compares a value and is no EXISTS, for PostgreSQL makes of that a table of all contacts each time it is asked about
// some hundred.
func MayReceive(purpose string) (condition string, args []any) {
	return `coalesce((SELECT c.entry FROM current_consents c
		WHERE c.contact_id = (SELECT coalesce(k.merged_into, k.id) FROM contacts k WHERE k.id = deliveries.contact_id)
			AND c.purpose = ? AND c.channel = 'email' LIMIT 1), '') = 'given'`, []any{purpose}
}

package contacts

import (
	"context"
	"strings"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/mail"
)

// StopEmail has no letter to many go to a contact's address any more, whatever they let us do, until AllowEmail. Mails about
// their bookings are not concerned. The reason is kept in the notes. The error is Invalid where there is no reason,
// Conflict where there is no address, or NotFound.
func (s *Service) StopEmail(ctx context.Context, id int64, reason string) error {
	return s.decideEmail(ctx, id, "contact.stop_email", "Letters to this address stopped: ", reason, func(tx *database.Tx, c Contact) error {
		if err := s.outbox.Suppress(ctx, tx, c.Email, mail.SuppressedAsked); err != nil {
			return err
		}
		return s.keepBack(ctx, tx, c.ID, "")
	})
}

// AllowEmail ends what stopped letters to a contact's address: they asked, it came back, or it was called spam. That we may
// write still follows from the ledger. The errors are those of StopEmail.
func (s *Service) AllowEmail(ctx context.Context, id int64, reason string) error {
	return s.decideEmail(ctx, id, "contact.allow_email", "Letters to this address allowed again: ", reason, func(tx *database.Tx, c Contact) error {
		return s.outbox.LiftSuppression(ctx, tx, c.Email, c.ID)
	})
}

func (s *Service) decideEmail(ctx context.Context, id int64, action, words, reason string, decide func(*database.Tx, Contact) error) error {
	if err := accounts.Require(ctx, accounts.ManageContacts); err != nil {
		return err
	}
	reason = Tidy(reason)
	if err := checkReason(reason); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		c, err := lockContact(tx, id)
		if err != nil {
			return err
		}
		if c.Email == "" {
			return fault.New(fault.Conflict, "This contact has no email address.")
		}
		if err := decide(tx, c); err != nil {
			return err
		}
		day := tx.Now().In(s.cfg.Zone()).Format("2 January 2006")
		c.Notes = strings.TrimSpace(c.Notes + "\n" + day + ". " + words + reason)
		if err := s.updateContact(tx, &c); err != nil {
			return err
		}
		return audit.Record(ctx, tx, action, "contacts", c.ID, nil)
	})
}

package contacts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/fault"
)

// The methods of this file write the ledger in a caller's transaction, for what people do themselves and for imports.
// They do not check who acts and are not in the audit log: the entry itself says who recorded what. What staff record is in
// record.go.

// GiveTx notes that a contact lets us write, or that another basis to write begins. It counts from said.At: where the
// contact has withdrawn since, or has objected to us since, it changes nothing, and is in the ledger all the same.
// A merged contact's entry goes to the one that it was merged into. The errors: a NotFound fault where there is no
// such contact, an Invalid one at "at" where it lies in the future.
func (s *Service) GiveTx(ctx context.Context, tx *database.Tx, contactID int64, said Said) (id int64, err error) {
	if said.Channel == "" {
		return 0, errors.New("a consent is for one channel")
	}
	if said.Basis == "" {
		said.Basis = Consent
	}
	return s.note(ctx, tx, contactID, Given, said)
}

// WithdrawTx notes that a contact takes back what they gave, for one channel or, where none is named, for each.
// Letters that wait for them are not sent. The errors are those of GiveTx.
func (s *Service) WithdrawTx(ctx context.Context, tx *database.Tx, contactID int64, said Said) error {
	return s.end(ctx, tx, contactID, Withdrawn, said)
}

// ObjectTx notes that a contact does not want to be written to for this, on whatever basis: for one channel or, where
// none is named, for each. It counts from now, whenever they said it; only what they say after that counts again.
// Letters that wait for them are not sent. The errors are those of GiveTx.
func (s *Service) ObjectTx(ctx context.Context, tx *database.Tx, contactID int64, said Said) error {
	return s.end(ctx, tx, contactID, Objected, said)
}

func (s *Service) end(ctx context.Context, tx *database.Tx, contactID int64, entry Entry, said Said) error {
	channels := Channels()
	if said.Channel != "" {
		channels = []Channel{said.Channel}
	}
	said.Basis = ""
	for _, said.Channel = range channels {
		if _, err := s.note(ctx, tx, contactID, entry, said); err != nil {
			return err
		}
	}
	return nil
}

// AnnulTx takes an entry back: the contact stands as if it had never been made. Both stay in the ledger. Annulling twice
// does nothing more. The errors: a NotFound fault where there is no such entry; Conflict where it is itself an annulment.
func (s *Service) AnnulTx(ctx context.Context, tx *database.Tx, consentID int64, source Source, note string) error {
	var e ConsentEntry
	err := database.First(tx.Raw(`SELECT * FROM consents WHERE id = ?`, consentID), &e)
	if database.IsNotFound(err) {
		return fault.New(fault.NotFound, "There is no such entry.")
	}
	if err != nil {
		return fmt.Errorf("read entry %d of the ledger: %w", consentID, err)
	}
	if e.Entry == Annulled {
		return fault.New(fault.Conflict, "This entry takes another one back. Record what the person says now instead")
	}
	return tx.Exec(`INSERT INTO consents (contact_id, purpose, channel, entry, annuls, at, recorded_at, source, source_note, recorded_by, import_id)
		VALUES (?, ?, ?, 'annulled', ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		e.ContactID, e.Purpose, string(e.Channel), e.ID, tx.Now(), tx.Now(), string(source), note, audit.StaffID(ctx), e.ImportID).Error
}

func (s *Service) note(ctx context.Context, tx *database.Tx, contactID int64, entry Entry, said Said) (id int64, err error) {
	purpose, known := s.purpose(said.Purpose)
	if !known || !slices.Contains(Channels(), said.Channel) {
		return 0, fmt.Errorf("there is no purpose %q by %q", said.Purpose, said.Channel)
	}
	if said.Wording == "" && entry == Given && said.Basis == Consent {
		said.Wording, said.WordingVersion = purpose.Wording, purpose.Version
	}
	at := said.At.UTC().Truncate(time.Microsecond)
	if said.At.IsZero() {
		at = tx.Now()
	}
	if at.After(tx.Now()) {
		return 0, fault.Fields{{Name: "at", Message: "The date must not be in the future"}}.Err()
	}
	c, err := lockContact(tx, contactID)
	if err != nil {
		return 0, err
	}
	id, err = tx.Insert(`INSERT INTO consents (contact_id, purpose, channel, entry, basis, wording, wording_version, at, recorded_at, source, source_note, recorded_by, import_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		c.ID, said.Purpose, string(said.Channel), string(entry), string(said.Basis), said.Wording, said.WordingVersion, at, tx.Now(),
		string(said.Source), said.Note, audit.StaffID(ctx), said.ImportID)
	if err != nil {
		return 0, fmt.Errorf("write the ledger of contact %d: %w", c.ID, err)
	}
	return id, s.follow(ctx, tx, c, entry, said)
}

// follow does what an entry entails for letters by email: those that wait are kept back once the contact has said no, and
// an address that was given up is written to again once its owner has asked for it by a link in a mail to that address.
func (s *Service) follow(ctx context.Context, tx *database.Tx, c Contact, entry Entry, said Said) error {
	switch {
	case said.Channel != Email:
		return nil
	case entry != Given:
		return s.keepBack(ctx, tx, c.ID, said.Purpose)
	case slices.Contains([]Source{FromSubscribe, FromBooking, FromPreferences}, said.Source) && c.Email != "":
		return s.outbox.LiftSuppression(ctx, tx, c.Email, c.ID)
	}
	return nil
}

// keepBack stops what waits for a contact and for those that were merged into it; the empty purpose is every one.
func (s *Service) keepBack(ctx context.Context, tx *database.Tx, id int64, purpose string) error {
	ids, err := sameAs(tx.DB, id)
	if err != nil {
		return err
	}
	for _, one := range ids {
		if _, err := s.outbox.WithdrawDeliveries(ctx, tx, one, purpose); err != nil {
			return err
		}
	}
	return nil
}

// purpose finds a configured purpose by its slug.
func (s *Service) purpose(slug string) (config.Purpose, bool) {
	for _, p := range s.cfg.Contacts.Purposes {
		if p.Slug == slug {
			return p, true
		}
	}
	return config.Purpose{}, false
}

// standingsOf gives how a contact stands, for each purpose and channel that the ledger tells of.
func standingsOf(q *gorm.DB, contactID int64) (list []Standing, err error) {
	err = q.Raw(`SELECT * FROM current_consents WHERE contact_id = ? ORDER BY purpose, channel`, contactID).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("derive how contact %d stands: %w", contactID, err)
	}
	return list, nil
}

// standing gives how a contact stands for one purpose and channel; not found where the ledger does not tell.
func standing(q *gorm.DB, contactID int64, purpose string, by Channel) (one Standing, found bool, err error) {
	err = database.First(q.Raw(`SELECT * FROM current_consents WHERE contact_id = ? AND purpose = ? AND channel = ?`, contactID, purpose, string(by)), &one)
	if database.IsNotFound(err) {
		return one, false, nil
	}
	return one, err == nil, err
}

// entryOf gives one entry of a contact's ledger, or a NotFound fault.
func entryOf(q *gorm.DB, contactID, id int64) (e ConsentEntry, err error) {
	err = database.First(q.Raw(`SELECT * FROM consents WHERE id = ? AND contact_id = ?`, id, contactID), &e)
	if database.IsNotFound(err) {
		return e, fault.New(fault.NotFound, "There is no such entry.")
	}
	return e, err
}

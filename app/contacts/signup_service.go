package contacts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/fault"
)

// AskForUpdates takes a sign-up from the website. Nobody is signed up by it: the owner of the address gets a mail with
// a link and says yes there; see ConfirmSignUp. Who gets updates already is told so by mail. An address gets a few mails
// an hour at the most, whatever strangers type, and nobody learns from the answer whether we know it. The error is an
// Invalid fault with a message per field.
func (s *Service) AskForUpdates(ctx context.Context, r SignUp) error {
	if err := r.check(s.cfg); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error { return s.ask(ctx, tx, r, FromSubscribe, nil) })
}

// AskWithBooking is AskForUpdates for who ticked the box on a booking form, in the transaction of the booking. Who has
// no email is passed over. What was typed is checked already.
func (s *Service) AskWithBooking(ctx context.Context, tx *database.Tx, bookingID int64, r SignUp) error {
	if r.Email == "" {
		return nil
	}
	return s.ask(ctx, tx, r, FromBooking, &bookingID)
}

func (s *Service) ask(ctx context.Context, tx *database.Tx, r SignUp, from Source, bookingID *int64) error {
	id, gets, err := s.getsUpdates(tx, r.Email)
	if err != nil {
		return err
	}
	if gets {
		return s.tellSignedUp(tx, id)
	}
	return s.askToConfirm(ctx, tx, r, from, bookingID)
}

// getsUpdates says whether an address gets updates by email, and whose it is. One that is suppressed gets none: a
// confirmation can change that.
func (s *Service) getsUpdates(tx *database.Tx, email string) (id int64, gets bool, err error) {
	if id, err = idByEmail(tx, NormaliseEmail(email)); err != nil || id == 0 {
		return 0, false, err
	}
	const query = `SELECT 1 FROM current_consents c JOIN contacts k ON k.id = c.contact_id
		WHERE c.contact_id = ? AND c.purpose = 'updates' AND c.channel = 'email' AND c.entry = 'given'
		AND NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.hash = k.suppression_key)`
	var one int
	err = tx.Row(query, id).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return id, false, nil
	}
	return id, err == nil, err
}

// askToConfirm keeps the sign-up and writes to the address, unless it was written to some times in this hour.
func (s *Service) askToConfirm(ctx context.Context, tx *database.Tx, r SignUp, from Source, bookingID *int64) error {
	now, asked := tx.Now(), s.updatesPurpose()
	request := SignUpRequest{
		Email: r.Email, EmailKey: NormaliseEmail(r.Email), Name: r.Name, Localities: strings.Join(r.Localities, "|"), Source: from, BookingID: bookingID,
		Wording: asked.Wording, WordingVersion: asked.Version, CreatedAt: now, ExpiresAt: now.Add(s.cfg.Contacts.ConfirmWithin), AsksSince: now,
	}
	if err := keepRequest(tx, &request); err != nil {
		return err
	}
	if request.Asks > mailsAnHour {
		return nil
	}
	if err := s.outbox.Enqueue(tx, s.confirmMail(request)); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "subscription.ask", "subscription_requests", request.ID, audit.Details{"source": from})
}

// keepRequest stores a sign-up in the place of one of the same address that waits, and counts how often the address was
// asked for in this hour.
func keepRequest(tx *database.Tx, r *SignUpRequest) error {
	err := tx.Row(`INSERT INTO subscription_requests (email, email_key, name, localities, source, booking_id, wording, wording_version, created_at, expires_at, asks, asks_since)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)
		ON CONFLICT (email_key) WHERE confirmed_at IS NULL DO UPDATE SET email = excluded.email, name = excluded.name, localities = excluded.localities,
			source = excluded.source, booking_id = excluded.booking_id, wording = excluded.wording, wording_version = excluded.wording_version,
			created_at = excluded.created_at, expires_at = excluded.expires_at,
			asks = CASE WHEN subscription_requests.asks_since > ? THEN subscription_requests.asks + 1 ELSE 1 END,
			asks_since = CASE WHEN subscription_requests.asks_since > ? THEN subscription_requests.asks_since ELSE excluded.asks_since END
		RETURNING id, asks`,
		r.Email, r.EmailKey, r.Name, r.Localities, string(r.Source), r.BookingID, r.Wording, r.WordingVersion, r.CreatedAt, r.ExpiresAt, r.AsksSince,
		r.AsksSince.Add(-time.Hour), r.AsksSince.Add(-time.Hour)).Scan(&r.ID, &r.Asks)
	if err != nil {
		return fmt.Errorf("keep a sign-up: %w", err)
	}
	return nil
}

// updatesPurpose is what people who sign up are asked. The configuration is not valid without it.
func (s *Service) updatesPurpose() config.Purpose {
	p, _ := s.cfg.Purpose(Updates)
	return p
}

// SignUpByToken finds the sign-up of a confirmation link, or returns a NotFound fault.
func (s *Service) SignUpByToken(ctx context.Context, token string) (r SignUpRequest, err error) {
	id, err := s.links.Open(SignUpPurpose, token)
	if err != nil {
		return r, err
	}
	err = database.First(s.db.Read(ctx).Raw(`SELECT * FROM subscription_requests WHERE id = ?`, id), &r)
	if database.IsNotFound(err) {
		return r, lapsed()
	}
	return r, err
}

func lapsed() error {
	return fault.New(fault.NotFound, "This link is too old. Sign up again, and we send you a new one.")
}

// ConfirmSignUp signs the owner of the address up: from here on the ledger says that they gave their consent, in the
// words that they were shown. Whatever kept letters from the address ends, for it has just been shown that mail arrives
// there and is wanted: bounces, a complaint, an earlier objection. Confirming twice changes nothing. The error is a
// NotFound fault where the sign-up has lapsed.
func (s *Service) ConfirmSignUp(ctx context.Context, token string) error {
	id, err := s.links.Open(SignUpPurpose, token)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error { return s.confirm(ctx, tx, id) })
}

func (s *Service) confirm(ctx context.Context, tx *database.Tx, id int64) error {
	r, err := lockRequest(tx, id)
	if err != nil {
		return err
	}
	if r.ConfirmedAt != nil {
		return nil
	}
	if r.Lapsed(tx.Now()) {
		return lapsed()
	}
	contactID, created, err := s.FindOrCreateTx(ctx, tx, r.Email, r.Name)
	if err != nil {
		return err
	}
	if err := setChoice(tx, contactID, created, r.Slugs()); err != nil {
		return err
	}
	said := Said{Purpose: Updates, Channel: Email, Wording: r.Wording, WordingVersion: r.WordingVersion, Source: r.Source}
	if _, err := s.GiveTx(ctx, tx, contactID, said); err != nil {
		return err
	}
	if err := s.outbox.LiftSuppression(ctx, tx, r.Email, contactID); err != nil {
		return err
	}
	if err := tx.Exec(`UPDATE subscription_requests SET confirmed_at = ?, contact_id = ? WHERE id = ?`, tx.Now(), contactID, id).Error; err != nil {
		return fmt.Errorf("confirm sign-up %d: %w", id, err)
	}
	return audit.Record(ctx, tx, "subscription.confirm", "contacts", contactID, audit.Details{"sign_up": id, "source": r.Source, "new": created})
}

func lockRequest(tx *database.Tx, id int64) (r SignUpRequest, err error) {
	r.ID = id
	err = tx.Row(`SELECT email, name, localities, source, wording, wording_version, expires_at, confirmed_at FROM subscription_requests WHERE id = ?`+tx.ForUpdate(), id).
		Scan(&r.Email, &r.Name, &r.Localities, &r.Source, &r.Wording, &r.WordingVersion, &r.ExpiresAt, &r.ConfirmedAt)
	if errors.Is(err, sql.ErrNoRows) {
		return r, lapsed()
	}
	return r, err
}

// setChoice makes the localities of a sign-up the contact's own, and email how they are written to: both are what the
// person said last.
func setChoice(tx *database.Tx, id int64, created bool, slugs []string) error {
	if created {
		_, err := addLocalities(tx, id, slugs)
		return err
	}
	if _, err := setLocalities(tx, id, slugs); err != nil {
		return err
	}
	return preferEmail(tx, id)
}

// preferEmail has a contact written to by email from now on.
func preferEmail(tx *database.Tx, id int64) error {
	return tx.Exec(`UPDATE contacts SET channel = 'email', version = version + 1, updated_at = ? WHERE id = ?`, tx.Now(), id).Error
}

package mail

import (
	"context"
	"fmt"

	"conversations/app/database"
)

// Bounce is how a mail came back.
type Bounce string

// The kinds of bounce.
const (
	HardBounce Bounce = "hard" // there is no such mailbox
	SoftBounce Bounce = "soft" // not this time: full, too large, refused
)

// NobodyThere says whether by a status code (RFC 3463, RFC 7505) an address leads to nobody, now and later. Other
// refusals that are for good may be about the letter, or about us.
func NobodyThere(code string) bool {
	switch code {
	case "5.1.1", // there is no such mailbox
		"5.1.2",  // there is no such domain
		"5.1.3",  // this is no address
		"5.1.6",  // the mailbox has moved, and nobody knows where to
		"5.1.10": // the domain takes no mail
		return true
	}
	return false
}

// OnBounced registers what is told, in the same transaction, of each delivery after which its address is suppressed: a
// hard bounce, the last of many soft ones, or a refusal that says the mailbox is not there. It must come before Run.
func (o *Outbox) OnBounced(f func(ctx context.Context, tx *database.Tx, d Delivery) error) {
	o.bounced = append(o.bounced, f)
}

// OnComplaint registers what is told, in the same transaction, of each delivery that its reader called unwanted. It
// must come before Run.
func (o *Outbox) OnComplaint(f func(ctx context.Context, tx *database.Tx, d Delivery) error) {
	o.complained = append(o.complained, f)
}

// RecordBounce notes that a delivery came back, with the words of the report. A hard bounce suppresses the address; a
// soft one does where each of the contact's last letters came back, as many as mail.bounces.soft says. The same report
// read twice changes nothing, and is not noted again; a hard one after a soft one counts.
func (o *Outbox) RecordBounce(ctx context.Context, tx *database.Tx, deliveryID int64, hard bool, words string) (noted bool, err error) {
	kind := SoftBounce
	if hard {
		kind = HardBounce
	}
	done := tx.Exec(`UPDATE deliveries SET bounce = ?, bounced_at = ?, bounce_words = ? WHERE id = ? AND (bounce = '' OR (bounce = 'soft' AND ? = 'hard'))`,
		string(kind), tx.Now(), shortened(words), deliveryID, string(kind))
	if done.Error != nil || done.RowsAffected == 0 {
		return false, done.Error
	}
	d, err := deliveryIn(tx, deliveryID)
	if err != nil {
		return false, err
	}
	if !hard {
		worn, err := o.wornOut(tx, d.ContactID)
		if err != nil || !worn {
			return true, err
		}
	}
	return true, o.giveUpAddress(ctx, tx, d)
}

// wornOut says whether each of the last letters to a contact came back.
func (o *Outbox) wornOut(tx *database.Tx, contactID int64) (bool, error) {
	limit := o.cfg.Mail.Bounces.Soft
	if limit <= 0 {
		return false, nil
	}
	var came int
	err := tx.Row(`SELECT count(bounced_at) FROM (SELECT bounced_at FROM deliveries WHERE contact_id = ? AND state = 'sent' ORDER BY id DESC LIMIT ?) AS last`,
		contactID, limit).Scan(&came)
	return came >= limit, err
}

// giveUpAddress suppresses the address of a delivery and tells of it.
func (o *Outbox) giveUpAddress(ctx context.Context, tx *database.Tx, d Delivery) error {
	if err := o.suppress(tx, d.AddressHash, SuppressedBounced); err != nil {
		return err
	}
	return tell(ctx, tx, o.bounced, d)
}

// RecordComplaint notes that the reader of a delivery called it unwanted, and suppresses the address. The same report
// read twice changes nothing, and is not noted again.
func (o *Outbox) RecordComplaint(ctx context.Context, tx *database.Tx, deliveryID int64) (noted bool, err error) {
	done := tx.Exec(`UPDATE deliveries SET complained_at = ? WHERE id = ? AND complained_at IS NULL`, tx.Now(), deliveryID)
	if done.Error != nil || done.RowsAffected == 0 {
		return false, done.Error
	}
	d, err := deliveryIn(tx, deliveryID)
	if err != nil {
		return false, err
	}
	if err := o.suppress(tx, d.AddressHash, SuppressedComplained); err != nil {
		return false, err
	}
	return true, tell(ctx, tx, o.complained, d)
}

func tell(ctx context.Context, tx *database.Tx, whom []func(context.Context, *database.Tx, Delivery) error, d Delivery) error {
	for _, f := range whom {
		if err := f(ctx, tx, d); err != nil {
			return fmt.Errorf("tell of delivery %d: %w", d.ID, err)
		}
	}
	return nil
}

func deliveryIn(tx *database.Tx, id int64) (d Delivery, err error) {
	err = database.First(tx.Raw(`SELECT * FROM deliveries WHERE id = ?`, id), &d)
	return d, err
}

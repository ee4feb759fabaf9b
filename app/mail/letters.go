package mail

import (
	"context"
	"fmt"

	"conversations/app/database"
)

// Letter is one recipient's mail of a mailing with what the mailing is about.
type Letter struct {
	Delivery
	Subject string
	About   string
	AboutID int64
}

// Letters gives what was ever to be sent to some contacts, newest first, and how many there are in all.
func (o *Outbox) Letters(ctx context.Context, contactIDs []int64, limit, skip int) (list []Letter, total int, err error) {
	q := o.db.Read(ctx)
	if err := q.Raw(`SELECT count(*) FROM deliveries WHERE contact_id IN ?`, contactIDs).Scan(&total).Error; err != nil {
		return nil, 0, fmt.Errorf("count the letters to a contact: %w", err)
	}
	err = q.Raw(`SELECT d.*, m.subject, m.about, m.about_id FROM deliveries d JOIN mailings m ON m.id = d.mailing_id
		WHERE d.contact_id IN ? ORDER BY d.id DESC LIMIT ? OFFSET ?`, contactIDs, limit, skip).Scan(&list).Error
	if err != nil {
		return nil, 0, fmt.Errorf("list the letters to a contact: %w", err)
	}
	return list, total, nil
}

// WithdrawDoubles keeps back what waits for a contact in every mailing that another contact, found to be the same person,
// is in as well.
func (o *Outbox) WithdrawDoubles(tx *database.Tx, keptID, goneID int64) error {
	err := tx.Exec(`UPDATE deliveries SET state = 'withdrawn', done_at = ?, owner = '' WHERE contact_id = ? AND state IN ('queued', 'claimed', 'deferred')
		AND mailing_id IN (SELECT kept.mailing_id FROM deliveries kept WHERE kept.contact_id = ?)`, tx.Now(), goneID, keptID).Error
	if err != nil {
		return fmt.Errorf("keep back what waits twice for contact %d: %w", keptID, err)
	}
	return nil
}

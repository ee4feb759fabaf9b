package mail

import (
	"context"
	"fmt"

	"conversations/app/database"
)

// emptiedAtOnce bounds one transaction of EmptyBodies, so that bookings need not wait for it.
const emptiedAtOnce = 500

// EmptyBodies empties the text of mails that were sent, or failed for good, longer ago than retention.mail_bodies.
// It is work for the job runner and can be broken off anywhere.
func (o *Outbox) EmptyBodies(ctx context.Context) error {
	before := o.db.Now().Add(-o.cfg.Retention.MailBodies)
	for ctx.Err() == nil {
		var emptied int64
		err := o.db.Write(ctx, func(tx *database.Tx) error {
			done := tx.Exec(`UPDATE mails SET content = '' WHERE id IN (SELECT id FROM mails
				WHERE state IN ('sent', 'failed') AND content <> '' AND coalesce(sent_at, failed_at) < ?
				ORDER BY id LIMIT ?)`, before, emptiedAtOnce)
			emptied = done.RowsAffected
			return done.Error
		})
		if err != nil {
			return fmt.Errorf("empty the text of old mails: %w", err)
		}
		if emptied < emptiedAtOnce {
			return nil
		}
	}
	return ctx.Err()
}

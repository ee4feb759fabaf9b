package mail

import (
	"context"
	"fmt"

	"conversations/app/database"
)

// Withdraw gives up mails that wait, in the transaction that erases what is in them: they can reach nobody any more.
// Nobody is told of it.
func (o *Outbox) Withdraw(_ context.Context, tx *database.Tx, ids []int64) error {
	err := tx.Exec(`UPDATE mails SET state = 'failed', failed_at = ?, lease_owner = '', lease_expires_at = NULL WHERE state = 'queued' AND id IN ?`, tx.Now(), ids).Error
	if err != nil {
		return fmt.Errorf("give up mails that wait: %w", err)
	}
	return nil
}

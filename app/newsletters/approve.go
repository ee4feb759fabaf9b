package newsletters

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"conversations/app/audiences"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/mail"
)

// Back is why an update that somebody asked to have approved is a draft again.
type Back string

// The reasons.
const (
	Declined      Back = "declined"
	AskedBack     Back = "withdrawn"
	Changed       Back = "changed" // the letter or its audience
	EventsChanged Back = "events"  // the events to come are not those that were approved
	NotAsApproved Back = "frozen"  // the letter or the list is not what was approved, and nobody changed it here
)

// sendBack makes an update a draft: its version rises, and an approval that was asked for or given ends, visibly. The
// update must be locked. Of a draft only the version rises; of one that has left the house nothing changes.
func sendBack(ctx context.Context, tx *database.Tx, updateID int64, why Back, reason string) error {
	var list int64
	if err := tx.Row(`SELECT coalesce(list_id, 0) FROM updates WHERE id = ?`, updateID).Scan(&list); err != nil {
		return fmt.Errorf("make update %d a draft again: %w", updateID, err)
	}
	done := tx.Exec(`UPDATE updates SET version = version + 1, updated_at = ?,
			back_why = CASE WHEN state = 'draft' THEN back_why ELSE ? END, back_reason = CASE WHEN state = 'draft' THEN back_reason ELSE ? END,
			back_by = CASE WHEN state = 'draft' THEN back_by ELSE ? END, back_at = CASE WHEN state = 'draft' THEN back_at ELSE ? END,
			state = 'draft', list_id = NULL, asked_by = NULL, asked_at = NULL, approved_by = NULL, approved_at = NULL, approved_digest = '',
			send_at = NULL, hold_until = NULL
		WHERE id = ? AND (state IN ('draft', 'asked', 'approved') OR state = 'sending' AND mailing_id = 0)`,
		tx.Now(), string(why), reason, audit.StaffID(ctx), tx.Now(), updateID)
	if done.Error != nil {
		return fmt.Errorf("make update %d a draft again: %w", updateID, done.Error)
	}
	if done.RowsAffected == 0 {
		return nil
	}
	return audiences.Free(tx, list)
}

// frozen is what is approved: the words, what becomes of them in a mail and on paper, and who gets it.
func frozen(c Content, blocks []mail.Block, listDigest, purpose string) (digest string, err error) {
	drawn, err := json.Marshal(blocks)
	if err != nil {
		return "", fmt.Errorf("write the blocks of a letter: %w", err)
	}
	sum := sha256.New()
	for _, part := range []string{c.Digest(), string(drawn), listDigest, purpose} {
		_, _ = fmt.Fprintf(sum, "%d\n%s\n", len(part), part) // a hash takes everything
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

package mail

import (
	"context"
	"fmt"
	"strings"

	"conversations/app/audit"
	"conversations/app/database"
)

// SuppressionReason says why no mailing goes to an address.
type SuppressionReason string

// The reasons.
const (
	SuppressedBounced    SuppressionReason = "bounced"    // there is no such mailbox, or it takes nothing
	SuppressedComplained SuppressionReason = "complained" // the reader called a letter unwanted
	SuppressedAsked      SuppressionReason = "asked"      // the person asked never to be written to
)

// SuppressionHash is the form in which an address is suppressed: a keyed hash that knows the address again, however it
// is written, and does not tell it.
func (o *Outbox) SuppressionHash(address string) string {
	return o.Links.Hash("suppression", strings.ToLower(mailbox(strings.TrimSpace(address))))
}

// Suppress has no mailing go to an address any more. Single mails are not concerned. The first reason stands.
func (o *Outbox) Suppress(_ context.Context, tx *database.Tx, address string, reason SuppressionReason) error {
	return o.suppress(tx, o.SuppressionHash(address), reason)
}

func (o *Outbox) suppress(tx *database.Tx, hash string, reason SuppressionReason) error {
	err := tx.Exec(`INSERT INTO suppressions (hash, reason, at) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING`, hash, string(reason), tx.Now()).Error
	if err != nil {
		return fmt.Errorf("suppress an address: %w", err)
	}
	return nil
}

// LiftSuppression lets mailings go to an address again, and records it. It is for staff: whoever calls it has asked
// whether they may.
func (o *Outbox) LiftSuppression(ctx context.Context, tx *database.Tx, address string, contactID int64) error {
	done := tx.Exec(`DELETE FROM suppressions WHERE hash = ?`, o.SuppressionHash(address))
	if done.Error != nil {
		return fmt.Errorf("lift a suppression: %w", done.Error)
	}
	if done.RowsAffected == 0 {
		return nil
	}
	return audit.Record(ctx, tx, "mail.lift_suppression", "contacts", contactID, audit.Details{})
}

// Suppressed says which of some addresses no mailing goes to, and why.
func (o *Outbox) Suppressed(ctx context.Context, addresses ...string) (map[string]SuppressionReason, error) {
	hashes := make([]string, len(addresses))
	for i, address := range addresses {
		hashes[i] = o.SuppressionHash(address)
	}
	var rows []struct {
		Hash   string
		Reason SuppressionReason
	}
	if err := o.db.Read(ctx).Raw(`SELECT hash, reason FROM suppressions WHERE hash IN ?`, hashes).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("look for suppressed addresses: %w", err)
	}
	reasons := map[string]SuppressionReason{}
	for _, r := range rows {
		reasons[r.Hash] = r.Reason
	}
	out := map[string]SuppressionReason{}
	for i, address := range addresses {
		if reason, is := reasons[hashes[i]]; is {
			out[address] = reason
		}
	}
	return out, nil
}

package mail

import (
	"context"
	"fmt"
	"time"

	"conversations/app/database"
	"conversations/app/fault"
)

// DeliveryState is where one recipient's mail of a mailing stands.
type DeliveryState string

// The states of a delivery. The first three are on their way, the others are final.
const (
	DeliveryQueued    DeliveryState = "queued"
	DeliveryClaimed   DeliveryState = "claimed"  // its turn is now, or a sender died with it in hand
	DeliveryDeferred  DeliveryState = "deferred" // the server said "try again later"
	DeliverySent      DeliveryState = "sent"     // the server took it
	DeliveryFailed    DeliveryState = "failed"   // refused for good, with the server's words
	DeliveryWithdrawn DeliveryState = "withdrawn"
	DeliveryStopped   DeliveryState = "stopped"
)

// Delivery is one recipient's mail of a mailing: the queue and the proof.
type Delivery struct {
	ID             int64
	MailingID      int64
	ContactID      int64
	Address        string // "" once it was erased
	Name           string
	Personal       string
	AddressHash    string
	Lane           string
	State          DeliveryState
	Attempts       int       // answers "try again later" so far
	DueAt          time.Time // from when it may be tried; of a claimed one until when it is left alone
	Owner          string
	FirstTryAt     *time.Time
	DoneAt         *time.Time // since when it is final
	Words          string     // the server's last words
	Bounce         Bounce     // "" while none came back
	BouncedAt      *time.Time
	BounceWords    string
	UnsubscribedAt *time.Time // by the link in this mail
	ComplainedAt   *time.Time
}

// TableName is the table that deliveries live in.
func (Delivery) TableName() string { return "deliveries" }

// Mailing finds a mailing, or returns a NotFound fault.
func (o *Outbox) Mailing(ctx context.Context, id int64) (m Mailing, err error) {
	err = database.First(o.db.Read(ctx).Raw(`SELECT * FROM mailings WHERE id = ?`, id), &m)
	if database.IsNotFound(err) {
		return m, fault.Wrap(fault.NotFound, "There is no such letter", err)
	}
	return m, err
}

// Progress is how far a mailing has come.
type Progress struct {
	Mailing
	Queued, Claimed, Deferred        int
	Sent, Failed, Withdrawn, Halted  int // Halted: it was stopped before their turn
	Bounced, Unsubscribed, Complaint int
	PerSecond                        float64 // mails sent since it began, on average
}

// Waiting is how many are still to be written to.
func (p Progress) Waiting() int { return p.Queued + p.Claimed + p.Deferred }

// MailingProgress counts the deliveries of a mailing, or returns a NotFound fault.
func (o *Outbox) MailingProgress(ctx context.Context, id int64) (p Progress, err error) {
	if p.Mailing, err = o.Mailing(ctx, id); err != nil {
		return p, err
	}
	if err := o.countStates(ctx, &p); err != nil {
		return p, err
	}
	err = o.db.Read(ctx).Raw(`SELECT count(bounced_at) AS bounced, count(unsubscribed_at) AS unsubscribed, count(complained_at) AS complaint
		FROM deliveries WHERE mailing_id = ? AND (bounced_at IS NOT NULL OR unsubscribed_at IS NOT NULL OR complained_at IS NOT NULL)`, id).
		Row().Scan(&p.Bounced, &p.Unsubscribed, &p.Complaint)
	if err != nil {
		return p, fmt.Errorf("count what came back of mailing %d: %w", id, err)
	}
	if p.BegunAt != nil {
		until := o.db.Now()
		if p.EndedAt != nil {
			until = *p.EndedAt
		}
		p.PerSecond = float64(p.Sent) / max(until.Sub(*p.BegunAt).Seconds(), 1)
	}
	return p, nil
}

func (o *Outbox) countStates(ctx context.Context, p *Progress) error {
	var counts []struct {
		State DeliveryState
		N     int
	}
	err := o.db.Read(ctx).Raw(`SELECT state, count(*) AS n FROM deliveries WHERE mailing_id = ? GROUP BY state`, p.ID).Scan(&counts).Error
	if err != nil {
		return fmt.Errorf("count the deliveries of mailing %d: %w", p.ID, err)
	}
	place := map[DeliveryState]*int{
		DeliveryQueued: &p.Queued, DeliveryClaimed: &p.Claimed, DeliveryDeferred: &p.Deferred, DeliverySent: &p.Sent,
		DeliveryFailed: &p.Failed, DeliveryWithdrawn: &p.Withdrawn, DeliveryStopped: &p.Halted,
	}
	for _, c := range counts {
		if at, known := place[c.State]; known {
			*at = c.N
		}
	}
	return nil
}

// WithdrawDeliveries keeps back whatever waits for a contact that unsubscribed from a purpose or objected to it, and
// returns how many. Nothing to them begins later than a second after the commit, from whichever instance. The empty
// purpose is every purpose.
func (o *Outbox) WithdrawDeliveries(_ context.Context, tx *database.Tx, contactID int64, purpose string) (n int, err error) {
	done := tx.Exec(`UPDATE deliveries SET state = 'withdrawn', done_at = ?, owner = '' WHERE contact_id = ? AND state IN ('queued', 'claimed', 'deferred')
		AND mailing_id IN (SELECT id FROM mailings WHERE ended_at IS NULL AND (purpose = ? OR ? = ''))`, tx.Now(), contactID, purpose, purpose)
	if done.Error != nil {
		return 0, fmt.Errorf("keep back what waits for contact %d: %w", contactID, done.Error)
	}
	return int(done.RowsAffected), nil
}

// DropDeliveries keeps back deliveries that wait, by their ids, in the transaction that erases who they are to.
func (o *Outbox) DropDeliveries(_ context.Context, tx *database.Tx, ids []int64) error {
	err := tx.Exec(`UPDATE deliveries SET state = 'withdrawn', done_at = ?, owner = '' WHERE state IN ('queued', 'claimed', 'deferred') AND id IN ?`, tx.Now(), ids).Error
	if err != nil {
		return fmt.Errorf("keep back deliveries: %w", err)
	}
	return nil
}

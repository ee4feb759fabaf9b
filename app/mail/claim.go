package mail

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"time"

	"conversations/app/database"
)

// The words of a delivery that was withdrawn when its turn came.
const (
	wordsSuppressed = "Left out: no letters go to this address any more."
	wordsNoBasis    = "Left out: we may not write to this person about this any more."
)

// claimed is a delivery in hand.
type claimed struct {
	id, contactID   int64
	address         string
	name, personal  string
	attempts        int
	firstTry        time.Time
	owner           string    // of this claim: no two claims have the same
	until           time.Time // then somebody else may take it
	asked           time.Time // when it was certain that it may be sent; by this machine's own clock
	mailing         *openMailing
	resting, barred bool
}

// openMailing is a mailing that is being sent, and its letter.
type openMailing struct {
	Mailing
	letter   *stencil
	nameless string
}

// openMailings gives the mailings that are being sent, in their order.
func (o *Outbox) openMailings(ctx context.Context) (open []*openMailing, err error) {
	var rows []Mailing
	err = o.db.Read(context.WithoutCancel(ctx)).Raw(`SELECT * FROM mailings WHERE ended_at IS NULL AND state = 'sending' AND release_at <= ? ORDER BY release_at, id`,
		o.db.Now()).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("look for letters to send: %w", err)
	}
	for _, m := range rows {
		one, err := o.room.letterOf(o, m)
		if err != nil {
			o.log.Error("a letter to many cannot be put into its form", "mailing", m.ID, "error", err)
			continue
		}
		open = append(open, one)
	}
	return open, nil
}

// take claims up to n deliveries that are due, for a while, and says at how many it looked: among them are those whom it
// withdrew, for they may not be written to any more.
func (o *Outbox) take(ctx context.Context, n int) (hand []claimed, looked int, err error) {
	asked := time.Now()
	open, err := o.openMailings(ctx)
	if err != nil || len(open) == 0 {
		return nil, 0, err
	}
	owner := o.owner + "/" + strconv.FormatInt(o.room.claims.Add(1), 10)
	err = o.db.Write(context.WithoutCancel(ctx), func(tx *database.Tx) error {
		hand, looked = hand[:0], 0 // the function may be run again
		buckets, err := o.openBuckets(tx)
		if err != nil {
			return err
		}
		for _, m := range open {
			for _, lane := range buckets.lanes {
				c := claim{tx: tx, outbox: o, mailing: m, lane: lane, owner: owner, asked: asked}
				if err := c.fill(buckets, n-looked); err != nil {
					return fmt.Errorf("claim deliveries of mailing %d: %w", m.ID, err)
				}
				hand, looked = append(hand, c.hand...), looked+c.looked
			}
		}
		return buckets.close()
	})
	return hand, looked, err
}

// claim takes deliveries of one mailing in one lane.
type claim struct {
	tx      *database.Tx
	outbox  *Outbox
	mailing *openMailing
	lane    string
	owner   string
	asked   time.Time

	hand   []claimed
	looked int
}

// fill takes up to n, as far as the buckets allow: first those that somebody died with, then those to be tried again,
// then those whose first turn it is.
func (c *claim) fill(buckets *buckets, n int) error {
	if n = buckets.allow(c.lane, n); n == 0 {
		return nil
	}
	for _, state := range []DeliveryState{DeliveryClaimed, DeliveryDeferred, DeliveryQueued} {
		found, err := c.look(state, n-c.looked)
		if err != nil {
			return err
		}
		if err := c.part(found); err != nil {
			return err
		}
		if c.looked >= n {
			break
		}
	}
	buckets.take(c.lane, len(c.hand))
	if len(c.hand) == 0 || c.mailing.BegunAt != nil {
		return nil
	}
	return c.tx.Exec(`UPDATE mailings SET begun_at = ? WHERE id = ? AND begun_at IS NULL`, c.tx.Now(), c.mailing.ID).Error
}

// look finds deliveries that are due and says of each whether it may be sent.
func (c *claim) look(state DeliveryState, n int) (found []claimed, err error) {
	may, args := c.outbox.mayReceive(c.mailing.Purpose)
	now := c.tx.Now()
	args = append(slices.Clip(args), c.mailing.ID, string(state), c.lane, now, n)
	rows, err := c.tx.Rows(`SELECT id, contact_id, address, name, personal, attempts, first_try_at,
			EXISTS (SELECT 1 FROM suppressions s WHERE s.hash = deliveries.address_hash), NOT (`+may+`)
		FROM deliveries WHERE mailing_id = ? AND state = ? AND lane = ? AND due_at <= ? ORDER BY due_at, id LIMIT ?`+c.tx.SkipLocked(), args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	found = make([]claimed, 0, n)
	for rows.Next() {
		d := claimed{owner: c.owner, asked: c.asked, mailing: c.mailing}
		var first sql.NullTime
		if err := rows.Scan(&d.id, &d.contactID, &d.address, &d.name, &d.personal, &d.attempts, &first, &d.resting, &d.barred); err != nil {
			return nil, err
		}
		d.firstTry = first.Time
		if !first.Valid {
			d.firstTry = now
		}
		found = append(found, d)
	}
	return found, rows.Err()
}

// part claims those who may be written to and withdraws the others.
func (c *claim) part(found []claimed) error {
	var resting, barred []int64
	ours := make([]int64, 0, len(found))
	until := c.tx.Now().Add(c.outbox.lease())
	for _, d := range found {
		switch {
		case d.resting:
			resting = append(resting, d.id)
		case d.barred:
			barred = append(barred, d.id)
		default:
			ours = append(ours, d.id)
			d.until = until
			c.hand = append(c.hand, d)
		}
	}
	c.looked += len(found)
	if err := c.withdraw(resting, wordsSuppressed); err != nil {
		return err
	}
	if err := c.withdraw(barred, wordsNoBasis); err != nil {
		return err
	}
	if len(ours) == 0 {
		return nil
	}
	among, ids := c.tx.Among(ours)
	return c.tx.Exec(`UPDATE deliveries SET state = 'claimed', owner = ?, due_at = ?, first_try_at = coalesce(first_try_at, ?) WHERE id`+among,
		c.owner, until, c.tx.Now(), ids).Error
}

func (c *claim) withdraw(ids []int64, words string) error {
	if len(ids) == 0 {
		return nil
	}
	among, list := c.tx.Among(ids)
	return c.tx.Exec(`UPDATE deliveries SET state = 'withdrawn', done_at = ?, words = ?, owner = '' WHERE id`+among, c.tx.Now(), words, list).Error
}

// mayReceive is SQL that is true while a contact may be written to for a purpose.
func (o *Outbox) mayReceive(purpose string) (condition string, args []any) {
	if o.MayReceive == nil {
		return "TRUE", nil
	}
	return o.MayReceive(purpose)
}

// lease is how long a delivery in hand is left alone: it outlives the slowest server.
func (o *Outbox) lease() time.Duration { return max(o.cfg.Mail.Lease, (maxSteps+1)*o.cfg.Mail.Timeout) }

// askAgain is how old the certainty that somebody may be written to may be when their mail is begun. With the time that
// asking takes it stays below a second.
const askAgain = 500 * time.Millisecond

// stillDue says whether a delivery in hand may be sent now. Where it may not, because its recipient unsubscribed, staff
// paused the letter, or it was in hand for too long, it is not in hand any more.
func (o *Outbox) stillDue(ctx context.Context, d *claimed) (bool, error) {
	if time.Since(d.asked) < o.room.askAgain {
		return true, nil
	}
	asked := time.Now()
	may, args := o.mayReceive(d.mailing.Purpose)
	var due bool
	args = append([]any{d.id, d.owner, o.db.Now().Add(o.lease() / 2)}, args...)
	err := o.db.Read(context.WithoutCancel(ctx)).Raw(`SELECT EXISTS (SELECT 1 FROM deliveries JOIN mailings m ON m.id = deliveries.mailing_id
		WHERE deliveries.id = ? AND deliveries.state = 'claimed' AND deliveries.owner = ? AND deliveries.due_at > ? AND m.state = 'sending'
		AND NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.hash = deliveries.address_hash) AND (`+may+`))`, args...).Row().Scan(&due)
	if err != nil {
		return false, fmt.Errorf("ask again about delivery %d: %w", d.id, err)
	}
	d.asked = asked
	return due, nil
}

// giveBack lets go of deliveries that were not tried, or whose try says nothing about them: they are due again at once.
func (o *Outbox) giveBack(ctx context.Context, hand []claimed) error {
	if len(hand) == 0 {
		return nil
	}
	byOwner := map[string][]int64{}
	for _, d := range hand {
		byOwner[d.owner] = append(byOwner[d.owner], d.id)
	}
	err := o.db.Write(context.WithoutCancel(ctx), func(tx *database.Tx) error {
		for owner, ids := range byOwner {
			among, list := tx.Among(ids)
			err := tx.Exec(`UPDATE deliveries SET state = CASE WHEN attempts > 0 THEN 'deferred' ELSE 'queued' END, owner = '', due_at = ?
				WHERE id`+among+` AND state = 'claimed' AND owner = ?`, tx.Now(), list, owner).Error
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("give %d deliveries back: %w", len(hand), err)
	}
	return nil
}

package mail

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"conversations/app/config"
	"conversations/app/database"
)

// mailroom is what an instance keeps for letters to many from one pass to the next.
type mailroom struct {
	pass     sync.Mutex // one at a time
	wake     chan struct{}
	idle     idle // connections of their own: a single mail never waits behind a letter to many
	claims   atomic.Int64
	halting  atomic.Bool // the pass under way begins no other mail
	standing standing
	askAgain time.Duration // see the constant; tests change it
	claimFor time.Duration // likewise

	letters map[int64]*openMailing // the forms of those that are being sent; only in a pass
}

func newMailroom(u config.MailUpdates) mailroom {
	return mailroom{
		wake: make(chan struct{}, 1), letters: map[int64]*openMailing{}, askAgain: askAgain, claimFor: claimFor,
		standing: standing{trouble: trouble{first: u.RetryAfter / 4, longest: 5 * u.RetryAfter}},
	}
}

// lettersKept bounds how many forms of letters are kept.
const lettersKept = 20

// letterOf gives a mailing with its letter, which is written once.
func (r *mailroom) letterOf(o *Outbox, m Mailing) (*openMailing, error) {
	if kept, is := r.letters[m.ID]; is { // a fresh one: workers still read the other
		return &openMailing{Mailing: m, letter: kept.letter, nameless: kept.nameless}, nil
	}
	if len(r.letters) >= lettersKept {
		clear(r.letters)
	}
	letter, err := o.stencil(m)
	if err != nil {
		return nil, err
	}
	content, err := m.content()
	if err != nil {
		return nil, err
	}
	if content.Nameless == "" {
		content.Nameless = "reader"
	}
	r.letters[m.ID] = &openMailing{Mailing: m, letter: letter, nameless: content.Nameless}
	return r.letters[m.ID], nil
}

// wakeUp has the sender look for letters to many now rather than at its next tick.
func (r *mailroom) wakeUp() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// limitedTick is how often the sender looks while a limit of rate holds it back.
const limitedTick = 50 * time.Millisecond

// runMailings sends letters to many until ctx ends; then it finishes the mails in hand and gives the others back.
func (o *Outbox) runMailings(ctx context.Context) {
	defer o.room.idle.close()
	clock := time.NewTicker(o.tick)
	defer clock.Stop()
	if err := o.sortIntoLanes(ctx); err != nil {
		o.log.Error("letters to many cannot be sorted by domain", "error", err)
	}
	o.room.wakeUp() // for what was left before
	for {
		select {
		case <-ctx.Done():
			return
		case <-clock.C:
		case <-o.room.wake:
		}
		if o.room.standing.trouble.paused(o.db.Now()) {
			continue
		}
		if _, err := o.SendMailings(ctx); err != nil && !errors.Is(err, ErrServer) && ctx.Err() == nil {
			o.log.Error("letters to many cannot be sent", "error", err)
		}
		o.tickSoonerWhileLimited(clock)
	}
}

func (o *Outbox) tickSoonerWhileLimited(clock *time.Ticker) {
	u := o.cfg.Mail.Updates
	if (u.PerSecond > 0 || len(u.PerDomain) > 0) && len(o.room.letters) > 0 {
		clock.Reset(min(limitedTick, o.tick))
		return
	}
	clock.Reset(o.tick)
}

// sortIntoLanes has deliveries that wait count against the limits as they are configured now.
func (o *Outbox) sortIntoLanes(ctx context.Context) error {
	open, err := o.openMailings(ctx)
	if err != nil || len(open) == 0 {
		return err
	}
	u := o.cfg.Mail.Updates
	return o.db.Write(context.WithoutCancel(ctx), func(tx *database.Tx) error {
		const waiting = ` WHERE mailing_id IN (SELECT id FROM mailings WHERE ended_at IS NULL) AND state IN ('queued', 'deferred', 'claimed')`
		for domain, lane := range lanesOf(u) {
			if err := tx.Exec(`UPDATE deliveries SET lane = ?`+waiting+` AND lane <> ? AND lower(address) LIKE ?`, lane, lane, "%@"+domain).Error; err != nil {
				return err
			}
		}
		known := []string{""}
		for _, limit := range u.PerDomain {
			known = append(known, laneOf(limit))
		}
		return tx.Exec(`UPDATE deliveries SET lane = ''`+waiting+` AND lane NOT IN ?`, known).Error
	})
}

// endMailings ends those that nobody waits for any more, and takes those out of the queue who wait for one that staff
// stopped.
func (o *Outbox) endMailings(ctx context.Context) error {
	for more := true; more; {
		err := o.db.Write(context.WithoutCancel(ctx), func(tx *database.Tx) error {
			done := tx.Exec(`UPDATE deliveries SET state = 'stopped', done_at = ?, owner = '' WHERE id IN (SELECT d.id FROM mailings m JOIN deliveries d ON d.mailing_id = m.id
				WHERE m.ended_at IS NULL AND m.state = 'stopped' AND (d.state IN ('queued', 'deferred') OR d.state = 'claimed' AND d.due_at <= ?) LIMIT 1000)`, tx.Now(), tx.Now())
			if more = done.RowsAffected > 0; done.Error != nil || more {
				return done.Error
			}
			return tx.Exec(`UPDATE mailings SET state = CASE WHEN state = 'stopped' THEN 'stopped' ELSE 'finished' END, ended_at = ?, trouble = ''
				WHERE ended_at IS NULL AND (state = 'stopped' OR state = 'sending' AND release_at <= ?) AND NOT EXISTS (SELECT 1 FROM deliveries d
				WHERE d.mailing_id = mailings.id AND d.state IN ('queued', 'claimed', 'deferred'))`, tx.Now(), tx.Now()).Error
		})
		if err != nil {
			return fmt.Errorf("end letters to many: %w", err)
		}
	}
	return nil
}

package mail

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"conversations/app/audit"
	"conversations/app/database"
)

// waits is how long a mail waits after the first, second, … "try again later"; then the last for each.
var waits = []time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour}

// aside is how long a mail waits at which the connection broke: if it is this mail that upsets the server, the
// others shall go first.
const aside = time.Minute

// ErrServer is what SendDue returns when the mail server cannot be used; the mails wait.
var ErrServer = errors.New("the mail server cannot be used")

// Run sends mails until ctx ends; then it finishes those in hand and closes its connections. Without a mail
// server it only waits.
func (o *Outbox) Run(ctx context.Context) {
	var crew sync.WaitGroup
	defer o.idle.close()
	defer crew.Wait()
	crew.Go(func() { o.runMailings(ctx) })
	clock := time.NewTicker(o.tick)
	defer clock.Stop()
	o.Wake() // for what was left before
	for {
		select {
		case <-ctx.Done():
			return
		case <-clock.C:
		case <-o.wake:
		}
		if err := o.muster(ctx, &crew); err != nil && ctx.Err() == nil {
			o.log.Error("the outbox cannot be read", "error", err)
		}
	}
}

// muster puts as many connections to work as there are mails due, beside those at work already: a mail never waits
// for another that is slow, while a connection is free.
func (o *Outbox) muster(ctx context.Context, crew *sync.WaitGroup) error {
	if o.cfg.Mail.Host == "" || o.trouble.paused(o.db.Now()) {
		return nil
	}
	due, err := o.due(ctx)
	if err != nil {
		return err
	}
	for range due {
		select {
		case o.slots <- struct{}{}:
		default:
			return nil
		}
		crew.Go(func() {
			defer func() { <-o.slots }()
			if _, err := o.work(ctx); err != nil && !errors.Is(err, ErrServer) {
				o.log.Error("a mail could not be claimed or marked", "error", err)
			}
		})
	}
	return nil
}

// due counts the mails to send now, up to the number of connections.
func (o *Outbox) due(ctx context.Context) (n int, err error) {
	now := o.db.Now()
	err = o.db.Read(ctx).Raw(`SELECT count(*) FROM (SELECT id FROM mails WHERE state = 'queued' AND next_try_at <= ?
		AND (lease_expires_at IS NULL OR lease_expires_at <= ?) LIMIT ?) AS due`, now, now, cap(o.slots)).Scan(&n).Error
	return n, err
}

// SendDue makes one pass over everything that is due now by the database's clock and returns how many mails the
// server took. It does not wait out a pause. The error is ErrServer where the server cannot be used; without a
// mail server nothing is done and nothing is wrong.
func (o *Outbox) SendDue(ctx context.Context) (sent int, err error) {
	if o.cfg.Mail.Host == "" {
		return 0, nil
	}
	var crew sync.WaitGroup
	var total atomic.Int64
	failures := make([]error, cap(o.slots))
	for i := range failures {
		crew.Go(func() {
			o.slots <- struct{}{}
			defer func() { <-o.slots }()
			n, err := o.work(ctx)
			total.Add(int64(n))
			failures[i] = err
		})
	}
	crew.Wait()
	return int(total.Load()), errors.Join(failures...)
}

// work sends one due mail after the other over one connection until none is left, the server gives trouble, or ctx
// ends. What became of a mail is durable before the next is taken: both are one transaction.
func (o *Outbox) work(ctx context.Context) (sent int, err error) {
	c := o.idle.take()
	if c == nil {
		c = &connection{settings: o.cfg.Mail, roots: o.roots}
	}
	defer o.idle.keep(c)
	var last *result
	for {
		m, err := o.next(ctx, last)
		switch {
		case err != nil:
			return sent, fmt.Errorf("after %d mails: %w", sent, err)
		case last != nil && last.verdict == stuck && ctx.Err() == nil:
			return sent, fmt.Errorf("%w: %s", ErrServer, last.words)
		case m == nil:
			return sent, nil
		}
		last = &result{mail: *m, outcome: o.try(ctx, c, *m)}
		if last.verdict == accepted {
			sent++
		}
	}
}

// try sends one mail and takes note of trouble with the server. A mail in hand is finished when ctx ends; only
// connecting is given up.
func (o *Outbox) try(ctx context.Context, c *connection, m Mail) outcome {
	raw, err := o.compose(m)
	if err != nil {
		return outcome{verdict: refused, words: "this mail could not be put into its form: " + spoken(err)}
	}
	got := c.send(ctx, letter{from: o.cfg.Mail.From, to: mailbox(m.ToAddress), raw: raw})
	switch {
	case got.verdict == stuck && ctx.Err() != nil:
		got.words = m.LastError // it was us who broke off
	case got.verdict == stuck:
		if o.trouble.note(got.words, o.db.Now()) {
			o.log.Warn("the mail server cannot be used; mails wait", "reason", got.words)
		}
	case got.verdict != stuck && o.trouble.clear():
		o.log.Info("the mail server can be used again")
	}
	return got
}

// result is what became of a mail.
type result struct {
	mail Mail
	outcome
}

// next records what became of the last mail and claims the next, in one transaction. It claims none, and returns
// nil, when ctx has ended, after trouble, or when none is due.
func (o *Outbox) next(ctx context.Context, last *result) (claimed *Mail, err error) {
	stop := ctx.Err() != nil || (last != nil && last.verdict == stuck)
	if stop && last == nil {
		return nil, nil
	}
	ctx = audit.AsSystem(context.WithoutCancel(ctx))
	err = o.db.Write(ctx, func(tx *database.Tx) error {
		claimed = nil // the function may be run again
		if last != nil {
			if err := o.record(ctx, tx, *last); err != nil {
				return fmt.Errorf("record what became of mail %d: %w", last.mail.ID, err)
			}
		}
		if stop {
			return nil
		}
		claimed, err = o.claim(tx)
		return err
	})
	return claimed, err
}

// claim takes the mail that has been due the longest, with a lease that outlives the slowest server.
func (o *Outbox) claim(tx *database.Tx) (*Mail, error) {
	var m Mail
	now := tx.Now()
	err := database.First(tx.Raw(`SELECT * FROM mails WHERE state = 'queued' AND next_try_at <= ?
		AND (lease_expires_at IS NULL OR lease_expires_at <= ?) ORDER BY next_try_at, id LIMIT 1`+tx.SkipLocked(), now, now), &m)
	if database.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	lease := max(o.cfg.Mail.Lease, (maxSteps+1)*o.cfg.Mail.Timeout)
	err = tx.Exec(`UPDATE mails SET lease_owner = ?, lease_expires_at = ? WHERE id = ?`, o.owner, now.Add(lease), m.ID).Error
	return &m, err
}

// record writes what became of a mail. That the server took it counts whoever holds the lease by now; anything
// less counts only while the lease is still ours.
func (o *Outbox) record(ctx context.Context, tx *database.Tx, r result) error {
	now := tx.Now()
	switch {
	case r.verdict == accepted:
		return tx.Exec(`UPDATE mails SET state = 'sent', sent_at = ?, last_error = '', lease_owner = '', lease_expires_at = NULL
			WHERE id = ? AND state = 'queued'`, now, r.mail.ID).Error
	case r.verdict == refused, r.verdict == later && o.givenUp(r.mail, now):
		return o.fail(ctx, tx, r)
	case r.verdict == later:
		wait := waits[min(r.mail.Attempts, len(waits)-1)]
		return o.putBack(tx, r, r.mail.Attempts+1, now.Add(wait))
	case r.named:
		return o.putBack(tx, r, r.mail.Attempts, now.Add(aside))
	default:
		return o.putBack(tx, r, r.mail.Attempts, r.mail.NextTryAt)
	}
}

// givenUp: a mail is given up when it is old and was tried often. Age alone would lose whatever waited while the
// server was down and is told "later" at its first try.
func (o *Outbox) givenUp(m Mail, now time.Time) bool {
	return m.Attempts+1 >= len(waits) && now.Sub(m.CreatedAt) >= o.cfg.Mail.GiveUpAfter
}

func (o *Outbox) putBack(tx *database.Tx, r result, attempts int, next time.Time) error {
	return tx.Exec(`UPDATE mails SET attempts = ?, next_try_at = ?, last_error = ?, lease_owner = '', lease_expires_at = NULL
		WHERE id = ? AND state = 'queued' AND lease_owner = ?`, attempts, next, r.words, r.mail.ID, o.owner).Error
}

// fail marks a mail as failed for good and tells those who must act, in the same transaction.
func (o *Outbox) fail(ctx context.Context, tx *database.Tx, r result) error {
	now := tx.Now()
	done := tx.Exec(`UPDATE mails SET state = 'failed', failed_at = ?, attempts = ?, last_error = ?, lease_owner = '', lease_expires_at = NULL
		WHERE id = ? AND state = 'queued' AND lease_owner = ?`, now, r.mail.Attempts+1, r.words, r.mail.ID, o.owner)
	if done.Error != nil || done.RowsAffected == 0 {
		return done.Error
	}
	m := r.mail
	m.State, m.FailedAt, m.LastError, m.Attempts = Failed, &now, r.words, m.Attempts+1
	m.LeaseOwner, m.LeaseExpiresAt = "", nil
	for _, tell := range o.failed {
		if err := tell(ctx, tx, m); err != nil {
			return fmt.Errorf("tell of a mail that failed: %w", err)
		}
	}
	return nil
}

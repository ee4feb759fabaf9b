package mail

import (
	"context"
	"fmt"
	"time"

	"conversations/app/audit"
	"conversations/app/database"
)

// triesAtLeast is how often "try again later" must have been said before a delivery is given up, however old it is.
const triesAtLeast = 6

// recordAgainAfter is how long the collector waits when the database refuses what was sent: nothing else is sent
// meanwhile, for it would not be known.
const recordAgainAfter = time.Second

// fate is what became of a delivery.
type fate struct {
	claimed
	outcome
	durable chan<- struct{} // told when it is written down
	took    time.Duration   // at the mail server
}

// ledger is what is written down in one commit.
type ledger struct {
	sent    []int64
	failed  []fate
	later   []fate // to be tried again, one try used up
	aside   []fate // to be tried again, no try used up, behind the others
	back    []fate // to be tried again at once
	trouble *string
}

// collect writes down what became of mails until all workers have gone. Whoever waits is served in one commit.
func (p *pass) collect() {
	group := make([]fate, 0, cap(p.hand))
	var commit time.Duration // how long the last one took
	for first := range p.results {
		group = p.gather(append(group[:0], first), commit)
		began := time.Now()
		p.write(p.judge(group))
		commit = time.Since(began)
		for _, r := range group {
			r.durable <- struct{}{}
		}
	}
	p.write(p.close())
}

// gather takes the results that are there. Where the mail server answers sooner than a commit takes, those who are still
// sending will be there in a moment: waiting for them, for as long as a commit at the most, saves a whole one.
func (p *pass) gather(group []fate, commit time.Duration) []fate {
	var patience <-chan time.Time
	if group[0].took < commit {
		patience = time.After(commit)
	}
	for int64(len(group)) < p.busy.Load() {
		select {
		case r := <-p.results:
			group = append(group, r)
			continue
		default:
		}
		if patience == nil {
			return group
		}
		select {
		case r := <-p.results:
			group = append(group, r)
		case <-patience:
			patience = nil
		}
	}
	return group
}

// judge sorts a group.
func (p *pass) judge(group []fate) (l ledger) {
	s := &p.o.room.standing
	for _, r := range group {
		switch r.verdict {
		case accepted:
			believed, cleared := s.accepted()
			l.sent, l.failed = append(l.sent, r.id), append(l.failed, believed...)
			if cleared {
				p.o.log.Info("letters to many leave again")
				l.trouble = new(string)
			}
		case refused:
			p.refused(&l, r)
		case later:
			l.failed = append(l.failed, s.answered()...)
			p.later(&l, r)
		case stuck:
			p.stuck(&l, r)
		}
	}
	p.sent.Add(int64(len(l.sent)))
	return l
}

// refused believes a refusal, holds it for a while, or finds that it is about us.
func (p *pass) refused(l *ledger, r fate) {
	s := &p.o.room.standing
	if p.o.tooOld(r) {
		l.failed = append(l.failed, r)
		return
	}
	believed, aboutUs := s.refused(r)
	l.failed = append(l.failed, believed...)
	if aboutUs {
		l.back = append(l.back, s.release()...)
		p.pause(l, "It refuses one letter after the other in the same words, so that this seems to be about us and not about the recipients: "+r.words)
	}
}

// later has a delivery tried again, or gives it up.
func (p *pass) later(l *ledger, r fate) {
	if p.o.tooOld(r) && r.attempts+1 >= triesAtLeast {
		l.failed = append(l.failed, r)
		return
	}
	l.later = append(l.later, r)
}

// tooOld says whether a delivery was begun so long ago that it is not tried again.
func (o *Outbox) tooOld(r fate) bool {
	return o.db.Now().Sub(r.firstTry) >= o.cfg.Mail.Updates.GiveUpAfter
}

// stuck has a delivery tried again whose connection failed. Where it may have been the mail that upset the server, the
// others go first.
func (p *pass) stuck(l *ledger, r fate) {
	if p.ctx.Err() != nil && !r.named {
		r.words = "" // it was us who broke off
		l.back = append(l.back, r)
		return
	}
	if r.named {
		l.aside = append(l.aside, r)
	} else {
		l.back = append(l.back, r)
	}
	if p.o.room.standing.stuck(p.o.updateConnections()) {
		p.pause(l, r.words)
	}
}

// pause ends the pass and has the next wait.
func (p *pass) pause(l *ledger, words string) {
	if p.o.room.standing.pause(words, p.o.db.Now()) {
		p.o.log.Warn("letters to many wait", "reason", words)
	}
	l.trouble = &words
	p.fail(fmt.Errorf("%w: %s", ErrServer, words))
}

// close deals with what is held at the end: with nobody left to write to, the last refusals are believed; if the pass
// was broken off, they are tried again.
func (p *pass) close() (l ledger) {
	held := p.o.room.standing.release()
	if p.halted() {
		l.back = held
	} else {
		l.failed = held
	}
	return l
}

// write makes a ledger durable, however long that takes.
func (p *pass) write(l ledger) {
	if l.empty() {
		return
	}
	ctx := audit.AsSystem(context.WithoutCancel(p.ctx))
	for {
		err := p.o.db.Write(ctx, func(tx *database.Tx) error { return p.o.enter(ctx, tx, l) })
		if err == nil {
			return
		}
		p.o.log.Error("what became of letters cannot be written down", "error", err)
		p.stop()
		if p.ctx.Err() != nil {
			return // asked to end: those few are in doubt, and will be sent again under their Message-ID
		}
		time.Sleep(recordAgainAfter)
	}
}

func (l ledger) empty() bool {
	return len(l.sent)+len(l.failed)+len(l.later)+len(l.aside)+len(l.back) == 0 && l.trouble == nil
}

// enter writes a ledger down. That the server took a mail counts whoever holds it by now; anything less counts only
// while it is still ours.
func (o *Outbox) enter(ctx context.Context, tx *database.Tx, l ledger) error {
	now, u := tx.Now(), o.cfg.Mail.Updates
	if len(l.sent) > 0 {
		among, ids := tx.Among(l.sent)
		if err := tx.Exec(`UPDATE deliveries SET state = 'sent', done_at = ?, words = '', owner = '' WHERE id`+among+` AND state <> 'sent'`, now, ids).Error; err != nil {
			return err
		}
	}
	for _, r := range l.failed {
		if err := o.enterFailed(ctx, tx, r); err != nil {
			return err
		}
	}
	for _, r := range l.later {
		if err := putOff(tx, r, r.attempts+1, now.Add(backoff(u.RetryAfter, r.attempts))); err != nil {
			return err
		}
	}
	for _, r := range l.aside {
		if err := putOff(tx, r, r.attempts, now.Add(u.RetryAfter)); err != nil {
			return err
		}
	}
	for _, r := range l.back {
		if err := putOff(tx, r, r.attempts, now); err != nil {
			return err
		}
	}
	if l.trouble == nil {
		return nil
	}
	return tx.Exec(`UPDATE mailings SET trouble = ?, trouble_at = ? WHERE ended_at IS NULL AND state = 'sending'`, *l.trouble, now).Error
}

// backoff is how long to wait after so many tries before.
func backoff(first time.Duration, attempts int) time.Duration {
	return min(first<<min(attempts, 6), 60*first)
}

func putOff(tx *database.Tx, r fate, attempts int, due time.Time) error {
	return tx.Exec(`UPDATE deliveries SET state = CASE WHEN ? > 0 THEN 'deferred' ELSE 'queued' END, attempts = ?, due_at = ?, words = ?, owner = ''
		WHERE id = ? AND state = 'claimed' AND owner = ?`, attempts, attempts, due, r.words, r.id, r.owner).Error
}

// enterFailed marks a delivery as failed for good. Where there is no such mailbox, no other letter goes there.
func (o *Outbox) enterFailed(ctx context.Context, tx *database.Tx, r fate) error {
	done := tx.Exec(`UPDATE deliveries SET state = 'failed', done_at = ?, attempts = ?, words = ?, owner = '' WHERE id = ? AND state = 'claimed' AND owner = ?`,
		tx.Now(), r.attempts+1, r.words, r.id, r.owner)
	if done.Error != nil || done.RowsAffected == 0 || !noSuchMailbox(r.words) {
		return done.Error
	}
	d, err := deliveryIn(tx, r.id)
	if err != nil {
		return err
	}
	return o.giveUpAddress(ctx, tx, d)
}

package mail

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// claimFor is how long what is claimed at once shall last at the pace of the moment: it shall not grow stale, and a
	// long claim keeps results waiting.
	claimFor = askAgain / 4
	// claimMost bounds what is in hand, and with it the memory in use, however many recipients there are.
	claimMost = 500
	// strikesAtMost is how many times in a row one connection may fail before it rests until the next pass.
	strikesAtMost = 2
)

// pass sends what is due of letters to many. One feeder claims, as many workers as there are connections send, and one
// collector writes down what became of it, for all of them in one commit; a worker takes its next mail after that.
type pass struct {
	o       *Outbox
	ctx     context.Context
	hand    chan claimed
	results chan fate
	halt    chan struct{} // closed when no other mail shall begin
	once    sync.Once
	working atomic.Int64 // workers that have not left
	busy    atomic.Int64 // workers that have a mail
	sent    atomic.Int64

	mu     sync.Mutex
	unsent []claimed
	failed error
}

// SendMailings makes one pass over all deliveries of letters to many that are due now by the database's clock, as far
// as the limits of rate allow, and returns how many mails the server took. It does not wait out a pause. The error is
// ErrServer where the server cannot be used; without a mail server nothing is sent and nothing is wrong.
func (o *Outbox) SendMailings(ctx context.Context) (sent int, err error) {
	o.room.pass.Lock()
	defer o.room.pass.Unlock()
	if err := o.endMailings(ctx); err != nil {
		return 0, err
	}
	if open, err := o.openMailings(ctx); o.cfg.Mail.Host == "" || err != nil || len(open) == 0 {
		clear(o.room.letters)
		return 0, err
	}
	o.room.halting.Store(false)
	p := &pass{o: o, ctx: ctx, hand: make(chan claimed, o.updateConnections()), results: make(chan fate), halt: make(chan struct{})}
	err = p.run()
	return int(p.sent.Load()), errors.Join(err, o.endMailings(ctx))
}

func (o *Outbox) updateConnections() int { return max(o.cfg.Mail.Updates.Connections, 1) }

func (p *pass) run() error {
	defer context.AfterFunc(p.ctx, p.stop)()
	var workers, collector sync.WaitGroup
	p.working.Store(int64(p.o.updateConnections()))
	for range p.o.updateConnections() {
		workers.Go(p.work)
	}
	collector.Go(p.collect)
	p.fail(p.feed())
	workers.Wait()
	for d := range p.hand {
		p.putBack(d)
	}
	close(p.results)
	collector.Wait()
	p.fail(p.o.giveBack(p.ctx, p.taken()))
	return p.failed
}

// feed claims and hands out until nothing is due, or no other mail shall begin.
func (p *pass) feed() error {
	defer close(p.hand)
	n := cap(p.hand)
	for !p.halted() {
		began := time.Now()
		batch, looked, err := p.o.take(p.ctx, n)
		if err != nil || looked == 0 {
			return err
		}
		for i, d := range batch {
			select {
			case p.hand <- d:
			case <-p.halt:
				p.putBack(batch[i:]...)
				return nil
			}
		}
		if err := p.o.giveBack(p.ctx, p.taken()); err != nil {
			return err
		}
		pace := float64(len(batch)) / time.Since(began).Seconds()
		n = min(max(int(pace*p.o.room.claimFor.Seconds()), cap(p.hand)), 2*n, claimMost)
	}
	return nil
}

// work sends one mail after the other over one connection.
func (p *pass) work() {
	c := p.o.updateConnection()
	defer p.o.room.idle.keep(c)
	strikes, durable := 0, make(chan struct{}, 1)
	p.busy.Add(1)
	defer p.busy.Add(-1)
	for d, more := p.next(); more; d, more = p.next() {
		if p.halted() {
			p.putBack(d)
			return
		}
		began := time.Now()
		got, tried := p.try(c, &d)
		if !tried {
			p.putBack(d)
			continue
		}
		c.used = time.Now()
		p.results <- fate{claimed: d, outcome: got, durable: durable, took: c.used.Sub(began)}
		<-durable
		if got.verdict != stuck {
			strikes = 0
		} else if strikes++; strikes >= strikesAtMost {
			p.leave()
			return
		}
	}
}

// next gives a worker its next mail; while it waits for one, it is not busy.
func (p *pass) next() (d claimed, more bool) {
	select {
	case d, more = <-p.hand:
	default:
		p.busy.Add(-1)
		d, more = <-p.hand
		p.busy.Add(1)
	}
	return d, more
}

// updateConnection gives a connection that was kept and is still good, or a new one that is closed.
func (o *Outbox) updateConnection() *connection {
	c := o.room.idle.take()
	if c == nil {
		return &connection{settings: o.cfg.Mail, roots: o.roots}
	}
	if time.Since(c.used) > time.Second && !c.alive() {
		c.close()
	}
	return c
}

// try sends one mail, unless its recipient may not be written to any more. The connection comes first: opening it can
// take long, and what was certain before would not be afterwards.
func (p *pass) try(c *connection, d *claimed) (got outcome, tried bool) {
	if err := c.open(p.ctx); err != nil {
		return outcome{verdict: stuck, words: err.Error()}, p.ctx.Err() == nil
	}
	due, err := p.o.stillDue(p.ctx, d)
	if err != nil {
		p.fail(err)
		return outcome{}, false
	}
	if !due {
		return outcome{}, false
	}
	c.body = d.mailing.letter.appendTo(c.body[:0], p.o.stampOf(d))
	return c.sendWhole(letter{from: p.o.envelopeSender(d.id), to: mailbox(d.address), raw: c.body}), true
}

// stampOf is what the mail to one recipient has of its own.
func (o *Outbox) stampOf(d *claimed) stamp {
	name, unsubscribe := d.name, o.UnsubscribeURL(d.id)
	if name == "" {
		name = d.mailing.nameless
	}
	preferences := unsubscribe
	if o.PreferencesURL != nil {
		preferences = o.PreferencesURL(d.contactID)
	}
	return stamp{
		date: d.firstTry.In(o.cfg.Zone()), messageID: o.messageIDOf(d.id), to: netmail.Address{Name: d.name, Address: mailbox(d.address)},
		values: Values{Name: name, Unsubscribe: unsubscribe, Preferences: preferences, Personal: d.personal}.list(),
	}
}

// stop has no other mail begin.
func (p *pass) stop() {
	p.once.Do(func() {
		close(p.halt)
		p.o.room.halting.Store(true)
	})
}

func (p *pass) halted() bool {
	select {
	case <-p.halt:
		return true
	default:
		return false
	}
}

// leave is for a worker that goes before the end; with the last one the pass is over.
func (p *pass) leave() {
	if p.working.Add(-1) == 0 {
		p.stop()
	}
}

func (p *pass) putBack(d ...claimed) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unsent = append(p.unsent, d...)
}

// taken empties the list of what is to be given back.
func (p *pass) taken() (d []claimed) {
	p.mu.Lock()
	defer p.mu.Unlock()
	d, p.unsent = p.unsent, nil
	return d
}

// fail ends the pass with an error.
func (p *pass) fail(err error) {
	if err == nil {
		return
	}
	p.stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failed = errors.Join(p.failed, fmt.Errorf("send letters to many: %w", err))
}

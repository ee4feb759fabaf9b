package mail_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"conversations/app/database"
	"conversations/app/mail"
)

func TestAQueuedMailIsSentOnceAndMarked(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.queue("ada", "ben")

		w.pass(2)
		w.pass(0)

		w.server.wantOnce("ada", "ben")
		m := w.row("ada")
		if m.State != mail.Sent || m.SentAt == nil || !m.SentAt.Equal(noon) || m.LeaseOwner != "" {
			t.Errorf("the row says %+v, want sent at noon and nobody's lease", m)
		}
	})
}

func TestMailsWaitWithoutAMailServerAndStaffSeeIt(t *testing.T) {
	w := newWorld(t)
	w.cfg.Mail.Host = ""
	w.queue("ada")

	w.pass(0)

	s := w.summary()
	if s.Queued != 1 || !strings.Contains(s.ServerDown, "No mail server is named") {
		t.Errorf("the summary is %+v", s)
	}
}

func TestWhileTheServerIsDownForAnHourNothingIsLostAndNothingSentTwice(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.server.stop()
		all := names(20)
		for _, name := range all {
			w.queue(name)
			w.blockedPass()
			w.clock.Advance(3 * time.Minute)
		}
		s := w.summary()
		if s.Queued != 20 || s.Late == 0 || s.Failed != 0 || !strings.Contains(s.ServerDown, "cannot be used since 12:00") {
			t.Errorf("after an hour the summary is %+v", s)
		}
		if m := w.row(all[0]); m.Attempts != 0 || m.LeaseOwner != "" {
			t.Errorf("an attempt was counted or a lease kept: %+v", m)
		}

		w.server.start()
		w.clock.Advance(5 * time.Minute)
		w.pass(20)

		w.server.wantOnce(all...)
		if s := w.summary(); s.Queued != 0 || s.ServerDown != "" {
			t.Errorf("with the server back the summary is %+v", s)
		}
	})
}

func TestTheRunningSenderPausesThirtySecondsThenLonger(t *testing.T) {
	w := newWorld(t)
	w.cfg.Mail.Connections = 1
	w.outbox = w.another("single")
	w.server.answer(always(says(550, "not from you")), nil, nil)
	w.queue("ada")
	stop := w.run()
	defer stop()
	tries := func(n int) func() bool { return func() bool { return w.server.sessionCount() == n } }

	for i, pause := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 5 * time.Minute, 5 * time.Minute} {
		until(t, "the server is tried", tries(i+1))
		next := w.clock.Now().Add(pause).Format("15:04:05")
		until(t, "the trouble and the next try are told", func() bool {
			down := w.summary().ServerDown
			return strings.Contains(down, "not from you") && strings.Contains(down, "tried again at "+next)
		})
		until(t, "the mail is given back", func() bool { return w.row("ada").LeaseOwner == "" })
		w.clock.Advance(pause)
		w.outbox.Wake()
	}
	w.server.answer(nil, nil, nil)
	w.clock.Advance(5 * time.Minute)
	w.outbox.Wake()
	until(t, "the mail is sent", func() bool { return w.row("ada").State == mail.Sent })
}

// run runs the sender; the function that is returned stops it and waits.
func (w *world) run() (stop func()) { return running(w.outbox) }

func running(o *mail.Outbox) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		o.Run(ctx)
	}()
	return func() {
		cancel()
		<-done
	}
}

func TestTheRunningSenderSendsWhatIsCommittedAtOnce(t *testing.T) {
	w := newWorld(t)
	w.summary() // opens the pool
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	w.outbox.OnlyWhenWoken()
	stop := w.run()
	defer stop()

	w.queue("ada")

	until(t, "the mail is sent", func() bool { return w.row("ada").State == mail.Sent })
}

func TestASlowServerHangsNeitherTheSenderNorTheOtherMails(t *testing.T) {
	w := newWorld(t)
	w.cfg.Mail.Timeout = 300 * time.Millisecond
	w.outbox = w.another("impatient")
	release := make(chan struct{})
	defer close(release)
	w.server.answer(nil, func(to string) error {
		if to == "slow@example.org" {
			<-release
		}
		return nil
	}, nil)
	stop := w.run()
	defer stop()

	w.queue("slow", "quick")

	until(t, "the quick mail is sent", func() bool { return w.row("quick").State == mail.Sent })
	until(t, "the slow one is given back", func() bool { return w.row("slow").LastError != "" })
	m := w.row("slow")
	if m.State != mail.Queued || m.Attempts != 0 || !m.NextTryAt.After(noon) {
		t.Errorf("the slow mail is %+v, want it waiting behind the others with no attempt used", m)
	}
}

func TestAMailThatUpsetsTheServerDoesNotHoldUpTheOthers(t *testing.T) {
	w := newWorld(t)
	w.cfg.Mail.Connections = 1
	w.outbox = w.another("single")
	w.server.answer(nil, nil, only("poison", errDrop))
	w.queue("poison", "ada", "ben")

	w.blockedPass()
	w.pass(2)

	if s := w.summary(); s.Queued != 1 {
		t.Errorf("the summary is %+v, want only the one mail waiting", s)
	}
}

func TestALeaseThatRanOutIsTakenOver(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.queue("ada")
		w.write(func(tx *database.Tx) error { // as a sender leaves it that died with the mail in hand
			return tx.Exec(`UPDATE mails SET lease_owner = 'dead', lease_expires_at = ?`, tx.Now().Add(2*time.Minute)).Error
		})

		w.pass(0)
		w.clock.Advance(2*time.Minute - time.Microsecond)
		w.pass(0)
		w.clock.Advance(time.Microsecond)
		w.pass(1)

		w.server.wantOnce("ada")
	})
}

func TestTwoSendersOnOneDatabaseShareTheMailsAndSendEachOnce(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		all := names(200)
		w.queue(all...)
		second := w.another("second")
		var both sync.WaitGroup
		for _, o := range []*mail.Outbox{w.outbox, second} {
			both.Go(func() {
				if _, err := o.SendDue(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()

		w.server.wantOnce(all...)
		if s := w.summary(); s.Queued != 0 {
			t.Errorf("%d mails are left", s.Queued)
		}
	})
}

func TestWhenStoppedTheMailInHandIsFinishedAndNoOtherBegun(t *testing.T) {
	w := newWorld(t)
	w.cfg.Mail.Connections = 1
	w.outbox = w.another("single")
	inHand, release := make(chan struct{}), make(chan struct{})
	var first sync.Once
	w.server.answer(nil, nil, func(string) error {
		first.Do(func() { close(inHand) })
		<-release
		return nil
	})
	w.queue("ada", "ben")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.outbox.Run(ctx)
	}()

	<-inHand
	cancel()
	close(release)
	<-done

	if m := w.row("ada"); m.State != mail.Sent {
		t.Errorf("the mail in hand is %+v, want it sent", m)
	}
	if m := w.row("ben"); m.State != mail.Queued || m.LeaseOwner != "" {
		t.Errorf("the other is %+v, want it waiting and free", m)
	}
}

func TestAfterARefusalTheSameConnectionTakesTheNextMail(t *testing.T) {
	w := newWorld(t)
	w.cfg.Mail.Connections = 1
	w.outbox = w.another("single")
	inOneGo := true // a server that minds a second MAIL before RSET
	w.server.answer(func(string) error {
		if !inOneGo {
			return says(503, "nested MAIL")
		}
		inOneGo = false
		return nil
	}, only("nobody", says(550, "no such mailbox")), nil)
	w.server.onReset = func() { inOneGo = true }
	w.queue("nobody", "ada")

	w.pass(1)

	if n := w.server.sessionCount(); n != 1 {
		t.Errorf("two mails took %d connections, want 1", n)
	}
}

func TestTheTimeoutIsForOneMailNotForTheConnection(t *testing.T) {
	w := newWorld(t)
	w.cfg.Mail.Connections, w.cfg.Mail.Timeout = 1, 500*time.Millisecond
	w.outbox = w.another("single")
	w.server.answer(nil, func(string) error {
		<-time.After(200 * time.Millisecond)
		return nil
	}, nil)
	w.queue(names(4)...)

	w.pass(4)
}

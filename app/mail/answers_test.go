package mail_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"conversations/app/database"
	"conversations/app/mail"
)

func TestAClosingServerPausesTheSenderAndUsesUpNoAttempt(t *testing.T) {
	for name, answers := range map[string][3]func(string) error{
		"421 at MAIL FROM": {always(says(421, "closing")), nil, nil},
		"451 at MAIL FROM": {always(says(451, "no disk")), nil, nil},
		"550 at MAIL FROM": {always(says(550, "not from you")), nil, nil},
		"421 at RCPT":      {nil, always(says(421, "closing")), nil},
		"421 after DATA":   {nil, nil, always(says(421, "closing"))},
		"530 at RCPT":      {nil, always(says(530, "sign in first")), nil},
		"gone at RCPT":     {nil, always(errDrop), nil},
		"gone after DATA":  {nil, nil, always(errDrop)},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.server.answer(answers[0], answers[1], answers[2])
			w.queue("ada")

			w.blockedPass()

			m := w.row("ada")
			if m.State != mail.Queued || m.Attempts != 0 || m.LeaseOwner != "" || m.LastError == "" {
				t.Errorf("the mail is %+v, want it waiting, no attempt used", m)
			}
			if s := w.summary(); s.ServerDown == "" {
				t.Error("staff are not told")
			}
			w.server.answer(nil, nil, nil)
			w.clock.Advance(time.Minute)
			w.pass(1)
		})
	}
}

func TestAMailWhoseReplyWasLostIsSentAgainUnderTheSameMessageID(t *testing.T) {
	w := newWorld(t)
	w.server.answer(nil, nil, once(errDrop))
	w.queue("ada")

	w.blockedPass()
	w.clock.Advance(time.Minute)
	w.pass(1)

	came := w.server.mails()
	if len(came) != 2 || came[0].id != came[1].id || came[0].id != w.row("ada").MessageID {
		t.Errorf("there came %d mails with ids %v, want two with the row's own", len(came), came)
	}
}

func TestTryAgainLaterIsObeyedAtGrowingIntervals(t *testing.T) {
	w := newWorld(t)
	w.server.answer(nil, always(says(451, "greylisted")), nil)
	w.queue("ada")

	for i, wait := range []time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, time.Hour} {
		w.pass(0)
		m := w.row("ada")
		if m.Attempts != i+1 || !m.NextTryAt.Equal(w.clock.Now().Add(wait)) || !strings.Contains(m.LastError, "greylisted") {
			t.Fatalf("after try %d the mail is %+v, want the next in %s", i+1, m, wait)
		}
		w.clock.Advance(wait - time.Second)
		w.pass(0)
		if m := w.row("ada"); m.Attempts != i+1 {
			t.Fatalf("the mail was tried a second too early")
		}
		w.clock.Advance(time.Second)
	}
	if s := w.summary(); s.ServerDown != "" {
		t.Errorf("greylisting counts as a broken server: %s", s.ServerDown)
	}
	w.server.answer(nil, nil, nil)
	w.pass(1)
	w.server.wantOnce("ada")
}

func TestAMailIsGivenUpWhenItIsOldAndWasTriedOften(t *testing.T) {
	w := newWorld(t)
	w.server.answer(nil, nil, always(says(452, "mailbox full")))
	w.queue("ada")
	failed := w.noteFailures()

	for w.row("ada").State == mail.Queued {
		if age := w.clock.Now().Sub(noon); age > 80*time.Hour {
			t.Fatalf("still tried after %s", age)
		}
		w.pass(0)
		w.clock.Advance(time.Hour)
	}

	m := w.row("ada")
	if age := m.FailedAt.Sub(m.CreatedAt); age < 72*time.Hour || len(*failed) != 1 {
		t.Errorf("given up after %s and told %d times, want 72h and once", age, len(*failed))
	}
}

func TestAMailThatWaitedOutALongBreakdownIsNotGivenUpAtItsFirstTry(t *testing.T) {
	w := newWorld(t)
	w.queue("ada")
	w.clock.Advance(96 * time.Hour)
	w.server.answer(nil, once(says(451, "greylisted")), nil)

	w.pass(0)
	w.clock.Advance(time.Minute)
	w.pass(1)
}

// noteFailures lists the mails that failed for good, as they are told.
func (w *world) noteFailures() *[]mail.Mail {
	var failed []mail.Mail
	var mu sync.Mutex
	w.outbox.OnFailed(func(_ context.Context, _ *database.Tx, m mail.Mail) error {
		mu.Lock()
		defer mu.Unlock()
		failed = append(failed, m)
		return nil
	})
	return &failed
}

func TestARefusedMailFailsForGoodIsToldOnceAndTheOthersGoOn(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		for name, answers := range map[string][2]func(string) error{
			"nobody":  {only("nobody", says(550, "no such mailbox")), nil},
			"refused": {nil, only("refused", says(554, "looks like spam"))},
		} {
			w.server.answer(nil, answers[0], answers[1])
			failed := w.noteFailures()
			w.queue(name)
			w.queue(names(5)...)

			w.pass(5)
			w.clock.Advance(time.Hour)
			w.pass(0)

			m := w.row(name)
			if m.State != mail.Failed || m.FailedAt == nil || !strings.HasPrefix(m.LastError, "55") {
				t.Errorf("the mail to %s is %+v", name, m)
			}
			if len(*failed) != 1 || (*failed)[0].ID != m.ID || (*failed)[0].LastError != m.LastError || (*failed)[0].State != mail.Failed {
				t.Errorf("failures told: %+v", *failed)
			}
		}
		if s := w.summary(); s.Failed != 2 || s.ServerDown != "" {
			t.Errorf("the summary is %+v", s)
		}
	})
}

func TestAFailureThatCannotBeToldIsNotMarkedAndTriedAgain(t *testing.T) {
	w := newWorld(t)
	w.server.answer(nil, always(says(550, "no such mailbox")), nil)
	broken := errors.New("the list of calls is broken")
	w.outbox.OnFailed(func(context.Context, *database.Tx, mail.Mail) error { return broken })
	w.queue("ada")

	if _, err := w.outbox.SendDue(t.Context()); !errors.Is(err, broken) {
		t.Fatalf("the pass ended with %v", err)
	}
	if m := w.row("ada"); m.State != mail.Queued {
		t.Fatalf("the mail is marked %s though nobody was told", m.State)
	}
	broken = nil
	w.clock.Advance(3 * time.Minute)
	w.pass(0)
	if m := w.row("ada"); m.State != mail.Failed {
		t.Errorf("after the lease the mail is %+v", m)
	}
}

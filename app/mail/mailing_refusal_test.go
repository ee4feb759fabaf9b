package mail_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"conversations/app/mail"
)

func TestTryAgainLaterIsTriedAgainEverLaterForADay(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.server.answer(nil, only("ada", says(451, "greylisted")), nil)
		id := w.mailing("update:1", "ada", "ben")
		w.release(id)
		w.mailingPass(1)
		for i, wait := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
			d := w.delivery("ada")
			if d.State != mail.DeliveryDeferred || d.Attempts != i+1 || !strings.HasPrefix(d.Words, "451 ") || d.DueAt.Sub(w.clock.Now()) != wait*time.Minute {
				t.Fatalf("after %d tries it is %s: %q and due in %v", d.Attempts, d.State, d.Words, d.DueAt.Sub(w.clock.Now()))
			}
			w.clock.Advance(wait*time.Minute - time.Second)
			w.mailingPass(0)
			if d := w.delivery("ada"); d.Attempts != i+1 {
				t.Fatalf("it was tried a second too soon")
			}
			w.clock.Advance(time.Second)
			w.mailingPass(0)
		}
		w.clock.Advance(23 * time.Hour)
		w.mailingPass(0)
		if d := w.delivery("ada"); d.State != mail.DeliveryFailed || !strings.HasPrefix(d.Words, "451 ") {
			t.Errorf("after a day it is %s: %q", d.State, d.Words)
		}
		w.wantSuppressed("ada", "")
		if p := w.progress(id); p.State != mail.Finished {
			t.Errorf("the mailing is %s", p.State)
		}
	})
}

func TestAServerThatIsDownPausesTheRunAndUsesUpNoTry(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		all := names(20)
		id := w.mailing("update:1", all...)
		w.release(id)
		w.server.stop()
		w.blockedMailingPass()
		p := w.progress(id)
		if p.Queued != 20 || p.Claimed != 0 || !strings.Contains(p.Trouble, "connect to") {
			t.Errorf("%d queued, %d claimed; staff read %q", p.Queued, p.Claimed, p.Trouble)
		}
		w.server.start()
		w.mailingPass(20)

		w.server.wantOnce(all...)
		if p := w.progress(id); p.Trouble != "" || p.State != mail.Finished {
			t.Errorf("with the server back staff read %q; the mailing is %s", p.Trouble, p.State)
		}
	})
}

func TestARefusalOfEverybodyInTheSameWordsIsAboutUs(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		var to []mail.Recipient
		for i := range 40 {
			to = append(to, mail.Recipient{ContactID: int64(i + 1), Address: fmt.Sprintf("resident%d@domain%d.example", i, i%7)})
		}
		w.server.answer(nil, func(to string) error {
			return says(550, "5.1.1 <"+to+">: your address 192.0.2.7 is on a list, see 7f3a9c12")
		}, nil)
		id := w.mailingOf(letter("update:1"), to...)
		w.release(id)

		w.blockedMailingPass()
		p := w.progress(id)
		if p.Queued != 40 || p.Failed != 0 || !strings.Contains(p.Trouble, "about us") || !strings.Contains(p.Trouble, "is on a list") {
			t.Errorf("%d queued, %d failed; staff read %q", p.Queued, p.Failed, p.Trouble)
		}
		w.blockedMailingPass()
		if p := w.progress(id); p.Queued != 40 {
			t.Errorf("tried again, %d queued", p.Queued)
		}
		w.server.answer(nil, nil, nil)
		w.mailingPass(40)
		var suppressed int
		if err := w.db.Read(t.Context()).Raw(`SELECT count(*) FROM suppressions`).Scan(&suppressed).Error; err != nil || suppressed != 0 {
			t.Errorf("%d addresses are suppressed (%v)", suppressed, err)
		}
	})
}

func TestADomainThatRefusesAllItsMailboxesIsBelieved(t *testing.T) {
	w := newWorld(t)
	w.server.answer(nil, func(to string) error {
		if strings.HasSuffix(to, "@closed.example") {
			return says(550, "5.1.10 this domain takes no mail")
		}
		return nil
	}, nil)
	var to []mail.Recipient
	for i := range 40 {
		to = append(to, mail.Recipient{ContactID: int64(i + 1), Address: fmt.Sprintf("resident%d@closed.example", i)})
	}
	id := w.mailingOf(letter("update:1"), append(to, recipients("ada")...)...)
	w.release(id)

	w.mailingPass(1)

	if p := w.progress(id); p.Failed != 40 || p.State != mail.Finished {
		t.Errorf("%d failed, the mailing is %s", p.Failed, p.State)
	}
}

func TestALetterToAFewWhoAreAllRefusedEnds(t *testing.T) {
	w := newWorld(t)
	w.server.answer(nil, always(says(550, "5.7.1 not allowed")), nil)
	id := w.mailing("update:1", "ada", "ben", "cara")
	w.release(id)
	w.mailingPass(0)
	if p := w.progress(id); p.Failed != 3 || p.State != mail.Finished {
		t.Errorf("%d failed, the mailing is %s", p.Failed, p.State)
	}
}

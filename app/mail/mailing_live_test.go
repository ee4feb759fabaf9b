package mail_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/mail"
	"conversations/app/mail/sinktest"
)

// Here the clock goes by itself: these are promises about seconds.

func liveWorld(t *testing.T, address string, options sinktest.Options) (*world, *sinktest.Server) {
	t.Helper()
	w := newWorldAt(t, address, &clock{live: true})
	w.server.stop()
	sink := startSink(t, options)
	w.cfg.Mail.Host, w.cfg.Mail.Port = "127.0.0.1", sink.Port()
	w.cfg.Mail.Updates.Connections = 5
	w.outbox = w.another("first")
	return w, sink
}

// TestNothingBeginsASecondAfterSomebodyUnsubscribed has the server be slow, a limit of rate, claims that are far too
// large, and two instances with a way into the database of their own.
func TestNothingBeginsASecondAfterSomebodyUnsubscribed(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		if late, kept := unsubscribeWhileSending(t, address, 500*time.Millisecond); late > 0 || kept < 10 {
			t.Errorf("%d letters were begun too late; %d of 60 were spared, want some", late, kept)
		}
	})
}

// The control: without asking again the same run breaks the promise, so that the test would tell.
func TestWithoutAskingAgainLettersWouldBeginTooLate(t *testing.T) {
	if late, _ := unsubscribeWhileSending(t, databasetest.SQLite(t), time.Hour); late == 0 {
		t.Error("no letter was begun too late: the test proves nothing")
	}
}

// unsubscribeWhileSending has sixty people unsubscribe just before their turn, when a letter to them is in hand. It counts the letters that were
// begun more than a second after their answer, and the people who were spared.
func unsubscribeWhileSending(t *testing.T, address string, askAgain time.Duration) (late, kept int) {
	w, sink := liveWorld(t, address, sinktest.Options{Pipelining: true, Chunking: true, Delay: 60 * time.Millisecond})
	w.cfg.Mail.Updates.PerSecond = 2000
	all := names(500)
	id := w.mailing("update:1", all...)
	w.release(id)
	second := w.anotherOn(databasetest.Open(t, address, nil), "second")
	for _, o := range []*mail.Outbox{w.outbox, second} {
		o.Claims(10*time.Second, askAgain)
		defer running(o)()
	}
	var hand []mail.Delivery
	until(t, "an instance has many in hand", func() bool {
		hand = w.largestHand(id)
		return len(hand) > 130
	})

	answered := map[string]time.Time{}
	last := hand[:60]
	w.write(func(tx *database.Tx) error {
		for _, d := range last {
			if err := w.outbox.MarkUnsubscribed(t.Context(), tx, d.ID); err != nil {
				return err
			}
			if _, err := w.outbox.WithdrawDeliveries(t.Context(), tx, d.ContactID, "updates"); err != nil {
				return err
			}
		}
		return nil
	})
	at := time.Now()
	for _, name := range namesOf(last) {
		answered[name+"@example.org"] = at
	}
	until(t, "the letter is finished", func() bool { return w.progress(id).State == mail.Finished })
	until(t, "nobody has anything in hand", func() bool { return w.outbox.AtRest() && second.AtRest() })

	kept = len(answered)
	for _, l := range sink.Letters() {
		if at, is := answered[l.To]; is {
			kept--
			if l.Began.Sub(at) > time.Second {
				late++
			}
		}
	}
	return late, kept
}

// largestHand are the deliveries that were claimed at once and wait for their turn, those first who come last.
func (w *world) largestHand(id int64) (list []mail.Delivery) {
	w.t.Helper()
	if err := w.db.Read(w.t.Context()).Raw(`SELECT * FROM deliveries WHERE mailing_id = ? AND state = 'claimed' AND owner = (SELECT owner FROM deliveries
		WHERE mailing_id = ? AND state = 'claimed' GROUP BY owner ORDER BY count(*) DESC LIMIT 1) ORDER BY id DESC`, id, id).Scan(&list).Error; err != nil {
		w.t.Fatal(err)
	}
	return list
}

func TestLimitsOfRateHoldOverAllInstances(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w, sink := liveWorld(t, address, fast)
		w.cfg.Mail.Updates.PerSecond = 150
		w.cfg.Mail.Updates.PerDomain = []config.DomainRate{{Domains: []string{"slow.example", "slower.example"}, PerSecond: 20}}
		var to []mail.Recipient
		for i := range 300 {
			to = append(to, mail.Recipient{ContactID: int64(i + 1), Address: fmt.Sprintf("resident%d@%s", i, []string{"slow.example", "SLOWER.example", "a.example", "b.example", "c.example", "d.example", "e.example", "f.example", "g.example", "h.example"}[i%10])})
		}
		id := w.mailingOf(letter("update:1"), to...)
		second := w.anotherOn(databasetest.Open(t, address, nil), "second")
		w.release(id)
		began := time.Now()
		for _, o := range []*mail.Outbox{w.outbox, second} {
			defer running(o)()
		}
		until(t, "the letter is finished", func() bool { return w.progress(id).State == mail.Finished })

		var every, slow, others []time.Time
		for _, l := range sink.Letters() {
			every = append(every, l.Began)
			if strings.HasPrefix(domainOf(l.To), "slow") {
				slow = append(slow, l.Began)
			} else {
				others = append(others, l.Began)
			}
		}
		if len(every) != 300 || len(slow) != 60 {
			t.Fatalf("%d letters came, %d of them to the slow domains; want 300 and 60", len(every), len(slow))
		}
		// What is claimed may be some moments on its way, so that a second can have a little more than its share.
		if most := mostInASecond(every); most > 225 {
			t.Errorf("%d letters came within a second, want about 150", most)
		}
		if most := mostInASecond(slow); most > 32 {
			t.Errorf("%d letters came to the slow domains within a second, want about 20", most)
		}
		if took := last(slow).Sub(began); took < 2500*time.Millisecond {
			t.Errorf("sixty letters at 20 a second took %v", took)
		}
		if !last(others).Before(last(slow)) {
			t.Error("the other domains waited for the slow ones")
		}
	})
}

func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}

func last(times []time.Time) time.Time { return slices.MaxFunc(times, time.Time.Compare) }

func mostInASecond(times []time.Time) (most int) {
	slices.SortFunc(times, time.Time.Compare)
	first := 0
	for i, at := range times {
		for at.Sub(times[first]) > time.Second {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}

func TestASingleMailNeverWaitsBehindALetterToMany(t *testing.T) {
	w, sink := liveWorld(t, databasetest.SQLite(t), sinktest.Options{Pipelining: true, Chunking: true, Delay: 100 * time.Millisecond})
	id := w.mailing("update:1", names(400)...)
	w.release(id)
	stop := w.run()
	defer stop()
	until(t, "letters leave", func() bool { return sink.Taken() > 5 })

	w.queue("ada")

	until(t, "the single mail is there", func() bool { return w.row("ada").State == mail.Sent })
	if p := w.progress(id); p.Waiting() < 200 {
		t.Errorf("only %d letters were waiting still", p.Waiting())
	}
}

package mail_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/mail"
	"conversations/app/mail/sinktest"
)

// sinkWorld is a world whose mail server is a sink.
func sinkWorld(t *testing.T, address string, options sinktest.Options) (*world, *sinktest.Server) {
	t.Helper()
	w := newWorldOn(t, address)
	w.server.stop()
	sink := startSink(t, options)
	w.cfg.Mail.Host, w.cfg.Mail.Port = "127.0.0.1", sink.Port()
	w.cfg.Mail.Bounces.Address = "bounces@yourcare.example"
	w.outbox = w.another("first")
	return w, sink
}

func startSink(t *testing.T, options sinktest.Options) *sinktest.Server {
	t.Helper()
	sink, err := sinktest.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sink.Close)
	return sink
}

// fast is a server with both extensions.
var fast = sinktest.Options{Pipelining: true, Chunking: true}

// mailingPass sends all that is due and wants so many to be taken.
func (w *world) mailingPass(want int) {
	w.t.Helper()
	sent, err := w.outbox.SendMailings(w.t.Context())
	if err != nil || sent != want {
		w.t.Fatalf("a pass sent %d letters with error %v, want %d", sent, err, want)
	}
}

// blockedMailingPass wants the pass to end in trouble with the server.
func (w *world) blockedMailingPass() {
	w.t.Helper()
	if _, err := w.outbox.SendMailings(w.t.Context()); !errors.Is(err, mail.ErrServer) {
		w.t.Fatalf("a pass ended with %v, want %v", err, mail.ErrServer)
	}
}

// wantEachOnce wants a letter to each name, once, and no breach of protocol.
func wantEachOnce(t *testing.T, sink *sinktest.Server, names ...string) {
	t.Helper()
	times := map[string]int{}
	for _, l := range sink.Letters() {
		times[strings.TrimSuffix(l.To, "@example.org")]++
	}
	for _, name := range names {
		if times[name] != 1 {
			t.Errorf("%d letters came to %s, want 1", times[name], name)
		}
	}
	if len(times) != len(names) {
		t.Errorf("letters came to %d addresses, want %d", len(times), len(names))
	}
	if faults := sink.Faults(); len(faults) > 0 {
		t.Errorf("the server saw %v", faults)
	}
}

func TestALetterGoesToEachRecipientOnceHoweverTheServerSpeaks(t *testing.T) {
	for name, options := range map[string]sinktest.Options{
		"step by step": {}, "with PIPELINING": {Pipelining: true}, "with CHUNKING alone": {Chunking: true}, "with both": fast,
	} {
		t.Run(name, func(t *testing.T) {
			options.Answer = func(step string, l sinktest.Letter) string {
				switch {
				case step == "rcpt" && l.To == "nobody@example.org":
					return "550 5.1.1 no such mailbox"
				case step == "text" && l.To == "strict@example.org":
					return "554 5.6.0 not this text"
				}
				return ""
			}
			w, sink := sinkWorld(t, databasetest.SQLite(t), options)
			w.cfg.Mail.Updates.Connections = 1
			w.outbox = w.another("single")
			all := names(20)
			id := w.mailing("update:1", append([]string{"nobody", "strict"}, all...)...)
			w.release(id)

			w.mailingPass(20)
			w.mailingPass(0)

			wantEachOnce(t, sink, all...)
			if sink.Sessions() != 1 {
				t.Errorf("it took %d connections, want 1", sink.Sessions())
			}
			p := w.progress(id)
			if p.Sent != 20 || p.Failed != 2 || p.State != mail.Finished || p.EndedAt == nil {
				t.Errorf("%d sent, %d failed, the mailing is %s", p.Sent, p.Failed, p.State)
			}
			for name, words := range map[string]string{"nobody": "550 5.1.1 no such mailbox", "strict": "554 5.6.0 not this text"} {
				if d := w.delivery(name); d.State != mail.DeliveryFailed || d.Words != words {
					t.Errorf("the delivery to %s is %s: %q, want failed: %q", name, d.State, d.Words, words)
				}
			}
			w.wantSuppressed("nobody", mail.SuppressedBounced)
			w.wantSuppressed("strict", "")
			l := sink.Letters()[0]
			if d, err := w.outbox.OpenEnvelope(t.Context(), l.From); err != nil || d.Address != l.To {
				t.Errorf("the envelope sender %s is of %s (%v), want %s", l.From, d.Address, err, l.To)
			}
		})
	}
}

func TestNothingLeavesBeforeItsTimeNorWhilePaused(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		id := w.mailing("update:1", "ada", "ben")
		w.mailingPass(0)
		w.write(func(tx *database.Tx) error {
			return w.outbox.ReleaseMailing(t.Context(), tx, id, noon.Add(10*time.Minute))
		})
		w.mailingPass(0)
		w.clock.Advance(10 * time.Minute)
		w.write(func(tx *database.Tx) error { return w.outbox.PauseMailing(t.Context(), tx, id) })
		w.mailingPass(0)
		w.write(func(tx *database.Tx) error { return w.outbox.ResumeMailing(t.Context(), tx, id) })
		w.mailingPass(2)

		w.server.wantOnce("ada", "ben")
	})
}

func TestAMailingThatIsStoppedWritesToNobodyElse(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		id := w.mailing("update:1", "ada", "ben")
		w.release(id)
		w.write(func(tx *database.Tx) error { return w.outbox.StopMailing(t.Context(), tx, id) })
		w.mailingPass(0)

		if p := w.progress(id); p.Halted != 2 || p.State != mail.Stopped || p.EndedAt == nil {
			t.Errorf("%d stopped, the mailing is %s and ended at %v", p.Halted, p.State, p.EndedAt)
		}
	})
}

func TestNobodyIsWrittenToWhoWithdrewOrIsSuppressedOrHasNoBasis(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.outbox.MayReceive = func(purpose string) (string, []any) {
			return "deliveries.contact_id <> ? AND 'updates' = ?", []any{contactOf("barred"), purpose}
		}
		id := w.mailing("update:1", "ada", "withdrawn", "suppressed", "barred")
		w.release(id)
		w.write(func(tx *database.Tx) error {
			n, err := w.outbox.WithdrawDeliveries(t.Context(), tx, contactOf("withdrawn"), "updates")
			if n != 1 {
				t.Errorf("%d were kept back, want 1", n)
			}
			return err
		})
		w.write(func(tx *database.Tx) error {
			return w.outbox.Suppress(t.Context(), tx, "Suppressed@EXAMPLE.org", mail.SuppressedAsked)
		})
		w.write(func(tx *database.Tx) error {
			_, err := w.outbox.WithdrawDeliveries(t.Context(), tx, contactOf("ada"), "another purpose")
			return err
		})

		w.mailingPass(1)

		w.server.wantOnce("ada")
		if p := w.progress(id); p.Withdrawn != 3 || p.State != mail.Finished {
			t.Errorf("%d withdrawn, the mailing is %s", p.Withdrawn, p.State)
		}
		for name, words := range map[string]string{"suppressed": "no letters go to this address", "barred": "we may not write"} {
			if d := w.delivery(name); !strings.Contains(d.Words, words) {
				t.Errorf("of %s it says %q", name, d.Words)
			}
		}
	})
}

func TestSingleMailsGoToSuppressedAddresses(t *testing.T) {
	w := newWorld(t)
	w.write(func(tx *database.Tx) error {
		return w.outbox.Suppress(t.Context(), tx, "ada@example.org", mail.SuppressedComplained)
	})
	w.queue("ada")
	w.pass(1)
}

func TestALetterWhoseSenderDiedIsTakenOverUnderItsMessageID(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		id := w.mailing("update:1", "ada")
		w.release(id)
		w.write(func(tx *database.Tx) error {
			return tx.Exec(`UPDATE deliveries SET state = 'claimed', owner = 'dead/1', due_at = ?, first_try_at = ?`, tx.Now().Add(2*time.Minute), tx.Now()).Error
		})
		w.mailingPass(0)
		if p := w.progress(id); p.State != mail.Sending {
			t.Fatalf("with a mail in hand the mailing is %s", p.State)
		}
		w.clock.Advance(2 * time.Minute)
		w.mailingPass(1)

		m := w.server.mails()[0]
		if m.id != w.outbox.MessageIDOf(w.delivery("ada").ID) || !strings.Contains(m.raw, "Date: Mon, 06 Feb 2017 12:00:00 +0000") {
			t.Errorf("it came as %s with head\n%s", m.id, m.raw[:300])
		}
	})
}

func TestTwoInstancesShareALetterAndWriteToEachOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w, sink := sinkWorld(t, address, fast)
		second := w.another("second")
		all := names(500)
		id := w.mailing("update:1", all...)
		w.release(id)
		total := make(chan int, 2)
		for _, o := range []*mail.Outbox{w.outbox, second} {
			go func() {
				n, err := o.SendMailings(t.Context())
				if err != nil {
					t.Error(err)
				}
				total <- n
			}()
		}
		if a, b := <-total, <-total; a+b != 500 {
			t.Errorf("one sent %d and the other %d, want 500 together", a, b)
		}
		wantEachOnce(t, sink, all...)
		w.mailingPass(0)
		if p := w.progress(id); p.Sent != 500 || p.State != mail.Finished {
			t.Errorf("%d sent, the mailing is %s", p.Sent, p.State)
		}
	})
}

func TestSendingStopsInTheMidstAndGivesBackWhatItHadClaimed(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.server.stop()
		all := names(300)
		inHand, release := make(chan bool, len(all)), make(chan bool)
		sink := startSink(t, sinktest.Options{Pipelining: true, Chunking: true, Answer: func(step string, _ sinktest.Letter) string {
			if step == "text" {
				inHand <- true
				<-release
			}
			return ""
		}})
		w.cfg.Mail.Host, w.cfg.Mail.Port = "127.0.0.1", sink.Port()
		w.outbox = w.another("stopped")
		id := w.mailing("update:1", all...)
		w.release(id)
		stop := w.run()
		for range w.cfg.Mail.Updates.Connections {
			<-inHand
		}
		stopped := make(chan bool)
		go func() {
			stop()
			close(stopped)
		}()
		until(t, "no other is begun", func() bool { return w.outbox.Halted() })
		close(release)
		<-stopped

		p := w.progress(id)
		if p.Sent != 3 || p.Claimed != 0 || p.Queued != 297 {
			t.Errorf("%d sent, %d claimed, %d queued, want the 3 in hand sent and the others free", p.Sent, p.Claimed, p.Queued)
		}
		w.mailingPass(297)
		wantEachOnce(t, sink, all...)
	})
}

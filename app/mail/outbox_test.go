package mail_test

import (
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"testing"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/mail"
)

func TestTheSameKeyIsQueuedOnce(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.queue("ada")
		w.queue("ada")
		w.pass(1)
		w.queue("ada")
		w.pass(0)

		w.server.wantOnce("ada")
	})
}

func TestAMailWhoseTransactionIsRolledBackIsNotSent(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		full := errors.New("the event is full")
		err := w.db.Write(t.Context(), func(tx *database.Tx) error {
			if err := w.outbox.Enqueue(tx, message("ada")); err != nil {
				return err
			}
			return full
		})
		if !errors.Is(err, full) {
			t.Fatal(err)
		}

		w.pass(0)

		w.server.wantOnce()
	})
}

func TestAnAddressThatWouldBreakTheEnvelopeIsNotQueued(t *testing.T) {
	w := newWorld(t)
	for _, address := range []string{"", "ada", "@example.org", "ada@", "ada@example.org>\r\nRCPT TO:<eve@example.org", "a b@example.org", strings.Repeat("a", 250) + "@example.org"} {
		m := message("ada")
		m.To = address
		if err := w.db.Write(t.Context(), func(tx *database.Tx) error { return w.outbox.Enqueue(tx, m) }); err == nil {
			t.Errorf("%q was queued", address)
		}
	}
}

func TestMailsAreFoundByIDAndByWhatTheyAreAbout(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.queue("ada", "ben")
		other := message("cara")
		other.AboutID = 8
		w.enqueue(other)

		about, err := w.outbox.About(t.Context(), "bookings", 7)
		if err != nil || len(about) != 2 || about[0].ToAddress != "ben@example.org" || about[1].ToAddress != "ada@example.org" {
			t.Fatalf("about booking 7: %+v, %v", about, err)
		}
		m, err := w.outbox.ByID(t.Context(), about[1].ID)
		if err != nil || m.UniqueKey != "booking:ada:confirmed" || m.Kind != "booking.confirmed" || !m.CreatedAt.Equal(noon) {
			t.Errorf("by id: %+v, %v", m, err)
		}
		if _, err := w.outbox.ByID(t.Context(), 999); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a mail that is not there gives %v", err)
		}
	})
}

func TestTheListIsNarrowedAndPaged(t *testing.T) {
	w := newWorld(t)
	w.server.answer(nil, only("nobody", says(550, "no such mailbox")), nil)
	w.queue("ada", "ben", "nobody")
	w.pass(2)

	sent, total, err := w.outbox.List(t.Context(), mail.Filter{State: mail.Sent, Limit: 1, Skip: 1})
	if err != nil || total != 2 || len(sent) != 1 || sent[0].ToAddress != "ada@example.org" {
		t.Errorf("the second sent mail: %+v of %d, %v", sent, total, err)
	}
	if all, total, err := w.outbox.List(t.Context(), mail.Filter{}); err != nil || total != 3 || len(all) != 3 {
		t.Errorf("all: %d of %d, %v", len(all), total, err)
	}
}

func (w *world) sendAgain(id int64) (newID int64, err error) {
	err = w.db.Write(audit.AsSystem(w.t.Context()), func(tx *database.Tx) (err error) {
		newID, err = w.outbox.SendAgain(audit.AsSystem(w.t.Context()), tx, id)
		return err
	})
	return newID, err
}

func TestSendingAgainIsANewMailWithAnIDOfItsOwn(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.server.answer(nil, once(says(550, "no such mailbox")), nil)
		w.queue("ada")
		if _, err := w.sendAgain(w.row("ada").ID); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a waiting mail was sent again: %v", err)
		}
		w.pass(0)
		first := w.row("ada")

		for i := range 2 {
			id, err := w.sendAgain(first.ID)
			if err != nil {
				t.Fatal(err)
			}
			again, err := w.outbox.ByID(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			if want := fmt.Sprintf("%s:again:%d", first.UniqueKey, i+1); again.UniqueKey != want {
				t.Errorf("the key is %s, want %s", again.UniqueKey, want)
			}
			if again.MessageID == first.MessageID || again.Content != first.Content || again.State != mail.Queued {
				t.Errorf("the copy is %+v", again)
			}
		}
		if s := w.summary(); s.Failed != 0 || s.Queued != 2 {
			t.Errorf("the summary is %+v: a failure that was sent again needs nobody's care", s)
		}
		w.pass(2)

		var recorded int
		if err := w.db.Read(t.Context()).Raw(`SELECT count(*) FROM audit_entries WHERE action = 'mail.send_again'`).Scan(&recorded).Error; err != nil || recorded != 2 {
			t.Errorf("the audit log has %d entries, want 2 (%v)", recorded, err)
		}
		if _, err := w.sendAgain(999); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a mail that is not there gives %v", err)
		}
	})
}

func TestAMailWhoseTextIsGoneCannotBeSentAgain(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.server.answer(nil, only("nobody", says(550, "no such mailbox")), nil)
		w.queue("nobody")
		w.pass(0)
		err := w.db.Write(t.Context(), func(tx *database.Tx) error { return tx.Exec(`UPDATE mails SET content = ''`).Error })
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.sendAgain(w.row("nobody").ID); fault.KindOf(err) != fault.Invalid {
			t.Errorf("an emptied mail was sent again: %v", err)
		}
	})
}

func TestEveryColumnIsDeclared(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		differences, err := w.db.Undeclared(t.Context(), mail.Columns())
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range differences {
			for _, ours := range []string{"mails.", "mailings.", "deliveries.", "suppressions.", "rate_buckets."} {
				if strings.HasPrefix(d, ours) {
					t.Error(d)
				}
			}
		}
	})
}

// BenchmarkEnqueue is what a confirmation adds to a booking, without the commit.
func BenchmarkEnqueue(b *testing.B) {
	db := databasetest.Open(b, databasetest.SQLite(b), nil)
	outbox := mail.New(db, settings(), "bench", slog.New(slog.DiscardHandler))
	m := full()
	b.ReportAllocs()
	err := db.Write(b.Context(), func(tx *database.Tx) error {
		for i := 0; b.Loop(); i++ {
			m.Key = strconv.Itoa(i)
			if err := outbox.Enqueue(tx, m); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

package privacy_test

import (
	"context"
	"testing"
	"time"

	"conversations/app/bookings"
	"conversations/app/privacy"
)

const day = 24 * time.Hour

func (w *world) forget() {
	w.t.Helper()
	if err := w.Privacy.Forget(w.ctx); err != nil {
		w.t.Fatal(err)
	}
}

// expect counts rows in which something personal is still there.
func (w *world) expect(when string, want map[string]int) {
	w.t.Helper()
	for query, n := range want {
		if got := w.number(`SELECT count(*) FROM ` + query); got != n {
			w.t.Errorf("%s there are %d of %s, want %d", when, got, query, n)
		}
	}
}

func TestEverythingGoesWhenItsTimeIsOverAndNotBefore(t *testing.T) {
	both(t, func(t *testing.T, w *world, _ string) {
		w.book(bookings.Request{Name: "Ada Example", Email: "ada@residents.example", People: 2, Question: "Why?", Needs: []bookings.NeedRequest{{Position: 1, Need: "bsl"}}})
		w.book(bookings.Request{Name: "Cora Example", Phone: "01632 960111", People: 1})
		w.write(`UPDATE mails SET state = 'sent', sent_at = ?`, w.now())
		end := w.number(`SELECT count(*) FROM events WHERE ends_at IS NOT NULL`)
		if end != 1 {
			t.Fatal("the event has no end")
		}
		texts, needs, names, say, log := `mails WHERE content <> ''`, `access_needs`, `bookings WHERE name <> ''`, `calls WHERE say <> ''`, `audit_entries WHERE action = 'booking.create'`

		w.later(30 * day) // after the mail; the event was twelve days ago
		w.forget()
		w.expect("after 30 days", map[string]int{texts: 1, needs: 1, names: 2, say: 1, log: 2})
		w.later(time.Second)
		w.forget()
		w.expect("a second later", map[string]int{texts: 0, needs: 1, names: 2, say: 1, log: 2})
		w.later(19 * day)
		w.forget()
		w.expect("a month after the event", map[string]int{texts: 0, needs: 0, names: 2, say: 1, log: 2})
		w.later(340 * day)
		w.forget()
		w.expect("a year after the event", map[string]int{names: 2, say: 0, log: 2})
		w.later(365 * day)
		w.forget()
		w.expect("two years after it", map[string]int{names: 0, `bookings WHERE email <> '' OR phone <> '' OR email_key <> '' OR question <> ''`: 0, `bookings`: 2, `attendees`: 3, `calls`: 1, log: 2})
		w.later(6 * 365 * day)
		w.forget()
		w.expect("six years on", map[string]int{log: 0})
	})
}

// Its rows may have names in them, and nobody is looked for there.
func TestAFileWithAnswersThatNobodyBroughtInGoesAfterAMonth(t *testing.T) {
	both(t, func(t *testing.T, w *world, _ string) {
		w.write(`INSERT INTO surveys (slug, state, texts, zone, created_at, updated_at) VALUES ('care', 'open', '{}', 'Europe/London', ?, ?)`, w.now(), w.now())
		w.write(`INSERT INTO survey_imports (survey_id, file_name, settings, made_at) SELECT id, 'answers.csv', '{}', ? FROM surveys WHERE slug = 'care'`, w.now())
		w.write(`INSERT INTO survey_import_rows (import_id, line, cells, trouble) SELECT id, 2, '["Ada Example"]', '' FROM survey_imports`)
		w.later(30 * day)
		w.forget()
		w.expect("after 30 days", map[string]int{`survey_import_rows`: 1})
		w.later(time.Second)
		w.forget()
		w.expect("a second later", map[string]int{`survey_import_rows`: 0, `survey_imports`: 1})
	})
}

func TestForgettingGoesInChunksAndCanBeBrokenOffAndRepeated(t *testing.T) {
	both(t, func(t *testing.T, w *world, _ string) {
		for range 1100 {
			w.write(`INSERT INTO interests (event_id, name, channel, created_at) VALUES (?, 'Ada Example', 'online', ?)`, w.event.ID, w.now())
		}
		w.write(`INSERT INTO calls (unique_key, event_id, interest_id, kind, name, phone, say, state, created_at)
			SELECT 'i', event_id, id, 'dated', name, '01632 960111', 'Tell Ada', 'due', created_at FROM interests WHERE id = 7`)
		w.later(366 * day)
		ended, end := context.WithCancel(w.ctx)
		end()
		if err := w.Privacy.Forget(ended); err == nil {
			t.Fatal("it went on although it was told to stop")
		}
		w.forget()
		w.expect("a year later", map[string]int{`interests`: 0, `calls WHERE say <> '' OR interest_id IS NOT NULL OR state = 'due'`: 0, `calls`: 1})
		chunks := w.number(`SELECT count(*) FROM audit_entries WHERE action = 'privacy.forget'`)
		if chunks < 3 {
			t.Errorf("the audit log has %d chunks, want 3 or more", chunks)
		}
		w.forget()
		if again := w.number(`SELECT count(*) FROM audit_entries WHERE action = 'privacy.forget'`); again != chunks {
			t.Errorf("a second run did something: %d entries, before %d", again, chunks)
		}
	})
}

func TestAMemberOfStaffWhoLeftIsForgotten(t *testing.T) {
	both(t, func(t *testing.T, w *world, _ string) {
		w.write(`INSERT INTO staff (email, name, role, password_hash, active, created_at, updated_at, left_at) VALUES ('gone@example.org', 'Gone Example', 'door', 'x', FALSE, ?, ?, ?)`, w.now(), w.now(), w.now())
		w.write(`INSERT INTO staff (email, name, role, active, created_at, updated_at) VALUES ('here@example.org', 'Here Example', 'door', TRUE, ?, ?)`, w.now(), w.now())
		w.later(366 * day)
		w.forget()
		w.forget()
		w.expect("a year later", map[string]int{`staff`: 2, `staff WHERE name <> ''`: 1, `staff WHERE email LIKE 'erased-%' AND password_hash = ''`: 1})
	})
}

func TestEveryKeepingTimeThatIsDeclaredIsInTheConfiguration(t *testing.T) {
	w := newWorld(t, "sqlite:///"+t.TempDir()+"/x.db")
	for _, key := range w.Privacy.Keeps() {
		if privacy.KeepFor(w.Config.Retention, key) <= 0 {
			t.Errorf("retention.%s is not in the configuration: what is kept for that time would go at once", key)
		}
	}
}

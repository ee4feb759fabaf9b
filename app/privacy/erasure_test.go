package privacy_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"conversations/app"
	"conversations/app/audit"
	"conversations/app/bookings"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/privacy"
)

const (
	herMail  = "Zenobia.Quixley@residents.example"
	herPhone = "01632 960777"
)

// herWords are in what she, and staff about her, wrote. Nobody else's rows have any of them.
var herWords = []string{"zenobia", "quixley", "960777", "1632960777", "orrinblythe", "wyvernstair", "grumbleford", "pelicanbrief", "marmaladehat", "ocelotreason"}

// zenobia has a booking with a companion, a need and a question; one by telephone alone; interest; mails that left, failed
// and wait; calls; notes; and the event is over.
func zenobia(w *world) {
	w.t.Helper()
	first := w.book(bookings.Request{Name: "Zenobia Quixley", Email: herMail, Phone: herPhone, People: 2, Names: []string{"Orrinblythe Example"},
		Needs: []bookings.NeedRequest{{Position: 1, Need: "other", Note: "A chair by the wyvernstair"}}, Question: "Why is the grumbleford closed?", Recontact: true})
	w.book(bookings.Request{Name: "Zenobia Quixley", Phone: herPhone, People: 1})
	w.book(bookings.Request{Name: "Anna Neighbour", Email: "anna@residents.example", People: 3, Question: "Will there be tea?"})
	w.write(`INSERT INTO interests (event_id, name, email, phone, email_key, phone_key, channel, created_at) VALUES (?, 'Zenobia Quixley', ?, ?, ?, ?, 'online', ?)`,
		w.event.ID, herMail, herPhone, strings.ToLower(herMail), "+441632960777", w.now())
	w.write(`UPDATE mails SET state = 'failed', failed_at = ?, last_error = '550 pelicanbrief unknown' WHERE about = 'bookings' AND about_id = ?`, w.now(), first.ID)
	w.write(`INSERT INTO calls (unique_key, event_id, booking_id, kind, name, phone, say, state, note, created_at) VALUES ('k', ?, ?, 'moved', 'Zenobia Quixley', ?, 'Tell Zenobia', 'due', 'marmaladehat', ?)`,
		w.event.ID, first.ID, herPhone, w.now())
	w.write(`INSERT INTO calls (unique_key, event_id, interest_id, kind, name, phone, say, state, created_at) SELECT 'i', event_id, id, 'dated', name, phone, 'Tell Zenobia', 'due', created_at FROM interests`)
	err := w.DB.Write(w.ctx, func(tx *database.Tx) error {
		return audit.Record(w.ctx, tx, "booking.promote", "bookings", first.ID, audit.Details{"event": w.event.ID, "reason": "Ocelotreason of Mrs Quixley"})
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.write(`UPDATE events SET status = 'held'`)
	w.later(20 * 24 * time.Hour)
}

// scan reads all that is on disk of a database, or all of its columns, and names the words that are in it.
func scan(t *testing.T, w *world, address string) (found []string) {
	t.Helper()
	var all bytes.Buffer
	if file := database.File(address); file != "" {
		for _, end := range []string{"", "-wal", "-shm"} {
			content, err := os.ReadFile(file + end)
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			all.Write(content)
		}
	} else {
		for _, table := range app.Tables() {
			records, err := database.Records(w.DB.Read(w.ctx), `SELECT * FROM `+table.Name)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(&all, records)
		}
	}
	return wordsIn(all.Bytes())
}

func wordsIn(content []byte) (found []string) {
	lower := bytes.ToLower(content)
	for _, word := range herWords {
		if bytes.Contains(lower, []byte(word)) {
			found = append(found, word)
		}
	}
	return found
}

func (w *world) counts() string {
	return fmt.Sprint(w.number(`SELECT count(*) FROM bookings`), w.number(`SELECT sum(people) FROM bookings WHERE status = 'confirmed'`),
		w.number(`SELECT count(*) FROM attendees`), w.number(`SELECT count(*) FROM mails`), w.number(`SELECT count(*) FROM calls`))
}

func (w *world) order(who ...string) privacy.Order {
	w.t.Helper()
	held, err := w.Privacy.Find(w.ctx, who)
	if err != nil {
		w.t.Fatal(err)
	}
	return privacy.Order{Who: who, Reason: "Asked by letter", Seen: held.Rows(), Sure: true}
}

func TestErasingOnePersonLeavesNothingOfThemAnywhere(t *testing.T) {
	both(t, func(t *testing.T, w *world, address string) {
		zenobia(w)
		who, counts := []string{herMail, herPhone}, w.counts()
		before := scan(t, w, address)
		if !slices.Equal(before, herWords) {
			t.Fatalf("the scan finds only %v of %v before the erasure", before, herWords)
		}
		held, err := w.Privacy.Export(w.ctx, who)
		if err != nil {
			t.Fatal(err)
		}
		copied, err := held.JSON()
		if err != nil {
			t.Fatal(err)
		}
		if got := wordsIn(copied); !slices.Equal(got, before) {
			t.Errorf("their copy holds %v; the scan found %v", got, before)
		}
		if bytes.Contains(copied, []byte("Neighbour")) || bytes.Contains(copied, []byte("tea?")) {
			t.Error("their copy holds somebody else's words")
		}
		if _, err := w.Privacy.Erase(w.ctx, w.order(who...)); err != nil {
			t.Fatal(err)
		}
		if left := scan(t, w, address); len(left) > 0 {
			t.Errorf("after the erasure there is still %v", left)
		}
		backup := filepath.Join(t.TempDir(), "b")
		if err := database.Backup(t.Context(), address, backup); err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(backup)
		if err != nil {
			t.Fatal(err)
		}
		if left := wordsIn(content); len(left) > 0 || !bytes.Contains(content, []byte("Neighbour")) {
			t.Errorf("a new backup holds %v of them, and must hold the neighbour", left)
		}
		if got := w.counts(); got != counts {
			t.Errorf("the counts were %s and are %s", counts, got)
		}
		if n := w.number(`SELECT count(*) FROM bookings WHERE name = 'Anna Neighbour' AND question <> ''`); n != 1 {
			t.Error("somebody else was erased as well")
		}
		if n := w.number(`SELECT count(*) FROM calls WHERE state = 'due'`) + w.number(`SELECT count(*) FROM mails WHERE state = 'queued' AND to_address = ''`); n != 0 {
			t.Errorf("%d calls and mails to nobody are still due", n)
		}
	})
}

func TestAnErasureIsRecordedWithoutSayingWhom(t *testing.T) {
	both(t, func(t *testing.T, w *world, _ string) {
		zenobia(w)
		id, err := w.Privacy.Erase(w.ctx, w.order(herMail, herPhone))
		if err != nil {
			t.Fatal(err)
		}
		list, err := w.Privacy.Erasures(w.ctx)
		if err != nil || len(list) != 1 || list[0].ID != id || list[0].Rows()["bookings"] != 2 {
			t.Fatalf("recorded: %+v, %v", list, err)
		}
		if list[0].CleanedAt == nil {
			t.Error("the file was not cleaned")
		}
		if n := w.number(`SELECT count(*) FROM audit_entries WHERE action = 'privacy.erase' AND entity_id = ?`, id); n != 1 {
			t.Errorf("%d entries in the audit log, want 1", n)
		}
		held, err := w.Privacy.Find(w.ctx, []string{herMail})
		if err != nil || held.Rows() != 1 || held.Tables[0].Name != "erasure_marks" {
			t.Errorf("afterwards we hold %+v, %v; want only that they were erased", held, err)
		}
	})
}

func TestAnErasureIsRefusedForGoodReasons(t *testing.T) {
	w := newWorld(t, "sqlite:///"+filepath.Join(t.TempDir(), "x.db"))
	zenobia(w)
	right := w.order(herMail, herPhone)
	refused := func(why string, kind fault.Kind, change func(*privacy.Order)) {
		t.Helper()
		o := right
		change(&o)
		if _, err := w.Privacy.Erase(w.ctx, o); fault.KindOf(err) != kind {
			t.Errorf("%s: %v", why, err)
		}
	}
	refused("nothing typed", fault.Invalid, func(o *privacy.Order) { o.Who = nil })
	refused("no reason", fault.Invalid, func(o *privacy.Order) { o.Reason = " " })
	refused("a reason that names her", fault.Invalid, func(o *privacy.Order) { o.Reason = "zenobia quixley asked" })
	refused("not sure", fault.Invalid, func(o *privacy.Order) { o.Sure = false })
	refused("more rows than were seen", fault.Conflict, func(o *privacy.Order) { o.Seen-- })
	w.write(`UPDATE events SET status = 'open', starts_at = ?, ends_at = ?`, w.now().Add(time.Hour), w.now().Add(2*time.Hour))
	refused("a place at an event to come", fault.Conflict, func(*privacy.Order) {})
	if n := w.number(`SELECT count(*) FROM bookings WHERE name = 'Zenobia Quixley'`); n != 2 {
		t.Error("a refused erasure erased something")
	}
}

func TestAPersonIsFoundByWhateverTheyGave(t *testing.T) {
	both(t, func(t *testing.T, w *world, _ string) {
		zenobia(w)
		var reference string
		if err := w.DB.Read(w.ctx).Raw(`SELECT reference FROM bookings WHERE email <> '' ORDER BY id LIMIT 1`).Scan(&reference).Error; err != nil {
			t.Fatal(err)
		}
		for _, typed := range []string{herPhone, "+44 1632 960777", "zenobia.quixley@residents.example", " " + herMail, strings.ToLower(reference[:3] + "-" + reference[3:])} {
			held, err := w.Privacy.Find(w.ctx, []string{typed})
			if err != nil || held.Rows() < 6 {
				t.Errorf("%q finds %d rows, %v", typed, held.Rows(), err)
			}
		}
		held, err := w.Privacy.Find(w.ctx, []string{"nobody@residents.example"})
		if err != nil || held.Rows() != 0 {
			t.Errorf("a stranger has %d rows, %v", held.Rows(), err)
		}
	})
}

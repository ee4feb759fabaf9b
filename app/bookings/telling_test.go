package bookings

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/events"
	"conversations/app/fault"
)

// life takes an event through everything that can happen to it and tells everybody each time.
func (w *world) life(e events.Event) {
	w.t.Helper()
	f := events.FormOf(must(w.events.ByID(w.ctx, e.ID))(w.t))
	f.StartsTime, f.EndsTime = "6.30pm", "8.30pm"
	must(w.events.Move(w.ctx, e.ID, f))(w.t)
	w.tellAll()
	must(w.events.Postpone(w.ctx, e.ID, "The hall is closed."))(w.t)
	w.tellAll()
	f = events.FormOf(must(w.events.ByID(w.ctx, e.ID))(w.t))
	f.StartsDay, f.StartsMonth, f.StartsYear, f.StartsTime, f.EndsTime = "28", "3", "2017", "7pm", "9pm"
	must(w.events.SetDate(w.ctx, e.ID, f))(w.t)
	w.tellAll()
	must(w.events.Cancel(w.ctx, e.ID, "Too few people could come."))(w.t)
	w.tellAll()
}

func (w *world) tellAll() {
	w.t.Helper()
	if err := w.bookings.Announce(w.ctx); err != nil {
		w.t.Fatal(err)
	}
}

func TestEverybodyIsToldOfEachChangeOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		e := w.openEvent(announcementChunk+20, 1)
		var mailed, phoned []Booking
		for i := range announcementChunk + 15 { // more than one chunk
			mailed = append(mailed, w.book(e, resident(i, 1)))
		}
		for i := range 5 {
			phoned = append(phoned, w.book(e, byTelephone(500+i, 1)))
		}
		waits := w.book(e, resident(900, 1))
		w.life(e)
		w.tellAll() // once more changes nothing
		want := []string{"booking.booked", "booking.moved", "booking.postponed", "booking.dated", "booking.event-cancelled"}
		for _, b := range mailed {
			if got := w.mails(b); !slices.Equal(got, want) {
				t.Fatalf("%s got %v", b.Name, got)
			}
		}
		wantCalls := []string{"booked", "moved", "postponed", "dated", "event-cancelled"}
		for _, b := range phoned {
			if got := w.calls(b); !slices.Equal(got, wantCalls) {
				t.Fatalf("calls for %s: %v", b.Name, got)
			}
		}
		want[0] = "booking.waiting"
		if got := w.mails(waits); !slices.Equal(got, want) {
			t.Fatalf("the waiting party got %v", got)
		}
	})
}

func TestWhoCancelledOrCameLaterIsNotTold(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(10, 1)
	gone := w.book(e, resident(1, 1))
	must(w.bookings.Cancel(w.ctx, ByBooker, gone.ID))(t)
	f := events.FormOf(must(w.events.ByID(w.ctx, e.ID))(t))
	f.StartsTime, f.EndsTime = "6pm", "8pm"
	must(w.events.Move(w.ctx, e.ID, f))(t)
	later := w.book(e, resident(2, 1)) // booked the new time
	w.tellAll()
	if got := w.mails(gone); !slices.Equal(got, []string{"booking.booked", "booking.cancelled"}) {
		t.Errorf("who had cancelled got %v", got)
	}
	if got := w.mails(later); !slices.Equal(got, []string{"booking.booked"}) {
		t.Errorf("who booked the new time got %v", got)
	}
}

func TestPlacesThatComeFreeDoNotOvertakeAMove(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(2, 1, func(f *events.Form) { f.WaitingList = false })
	gone, stays := w.book(e, resident(1, 1)), w.book(e, resident(2, 1))
	if err := w.bookings.LeaveInterest(w.ctx, e.ID, InterestRequest{Name: "Keen Example", Email: "keen@residents.example", Channel: Online}); err != nil {
		t.Fatal(err)
	}
	f := events.FormOf(must(w.events.ByID(w.ctx, e.ID))(t))
	f.StartsTime, f.EndsTime = "6pm", "8pm"
	must(w.events.Move(w.ctx, e.ID, f))(t)
	must(w.bookings.Cancel(w.ctx, ByBooker, gone.ID))(t) // before anybody is told
	w.tellAll()
	if got := w.mails(stays); !slices.Equal(got, []string{"booking.booked", "booking.moved"}) {
		t.Fatalf("who stays got %v", got)
	}
}

func TestNobodyIsTelephonedAboutAnEventThatIsOver(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(5, 1)
	w.book(e, byTelephone(1, 1))
	w.clock.set(e.StartsAt.Add(3 * time.Hour))
	must(w.events.Hold(w.ctx, e.ID, events.Turnout{People: "1"}))(t)
	if due := must(w.bookings.Calls(w.ctx, "due"))(t); len(due) != 0 {
		t.Fatalf("still due: %+v", due)
	}
}

func TestWhoHasNoEmailIsTelephonedEachTime(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(1, 1)
	holder := w.book(e, resident(1, 1))
	b := w.book(e, byTelephone(2, 1))
	must(w.bookings.Cancel(w.ctx, ByBooker, holder.ID))(t)
	w.life(e)
	want := []string{"waiting", "promoted", "moved", "postponed", "dated", "event-cancelled"}
	if got := w.calls(b); !slices.Equal(got, want) {
		t.Fatalf("calls %v, want %v", got, want)
	}
	for _, c := range must(w.bookings.Calls(w.ctx, "due"))(t) {
		if c.Phone == "" || c.Name != b.Name || len(c.Say) < 40 {
			t.Errorf("not enough to telephone with: %+v", c)
		}
		if err := w.bookings.CallDone(w.ctx, c.ID, "spoke", ""); err != nil {
			t.Fatal(err)
		}
	}
	if due := must(w.bookings.Calls(w.ctx, "due"))(t); len(due) != 0 {
		t.Fatalf("still due: %d", len(due))
	}
}

func TestAMailThatFailedForGoodBecomesACall(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(1, 1)
	r := resident(1, 1)
	r.Phone = "01632 960001"
	b := w.book(e, r)
	m := must(w.outbox.About(w.ctx, "bookings", b.ID))(t)[0]
	err := w.db.Write(w.ctx, func(tx *database.Tx) error { return w.bookings.mailFailed(w.ctx, tx, m) })
	if err != nil {
		t.Fatal(err)
	}
	due := must(w.bookings.Calls(w.ctx, "due"))(t)
	if len(due) != 1 || due[0].Kind != "mail-failed" || due[0].Phone == "" || !strings.Contains(due[0].Say, b.Email) {
		t.Fatalf("due: %+v", due)
	}
}

func TestWhoLeftInterestIsToldTheDateOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		e := w.openEvent(10, 2, func(f *events.Form) { f.Schedule = events.Schedule{} })
		if e.Status != events.Announced {
			t.Fatalf("without a date it is %s", e.Status)
		}
		ask := InterestRequest{Name: "Interested Example", Email: "interested@residents.example", Channel: Online}
		for range 2 {
			if err := w.bookings.LeaveInterest(w.ctx, e.ID, ask); err != nil {
				t.Fatal(err)
			}
		}
		err := w.bookings.LeaveInterest(w.ctx, e.ID, InterestRequest{Name: "No Mail Example", Phone: "01632 960002", Channel: Telephone})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.bookings.Book(w.ctx, e.ID, resident(1, 1)); fault.KindOf(err) != fault.Conflict {
			t.Fatalf("booked an event without a date: %v", err)
		}
		f := events.FormOf(e)
		f.StartsDay, f.StartsMonth, f.StartsYear, f.StartsTime, f.EndsTime = "14", "3", "2017", "7pm", "9pm"
		must(w.events.SetDate(w.ctx, e.ID, f))(t)
		w.tellAll()
		w.tellAll()
		var kinds []string
		if err := w.db.Read(w.ctx).Raw(`SELECT kind FROM mails WHERE about = 'interests' ORDER BY id`).Scan(&kinds).Error; err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(kinds, []string{"interest.received", "interest.dated"}) {
			t.Errorf("mails: %v", kinds)
		}
		if due := must(w.bookings.Calls(w.ctx, "due"))(t); len(due) != 1 || due[0].Kind != "dated" {
			t.Errorf("calls: %+v", due)
		}
	})
}

func TestWhoLeftInterestInAFullEventHearsOfFreePlaces(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(1, 1, func(f *events.Form) { f.WaitingList = false })
	holder := w.book(e, resident(1, 1))
	if _, err := w.bookings.Book(w.ctx, e.ID, resident(2, 1)); fault.KindOf(err) != fault.Conflict {
		t.Fatalf("full, and no waiting list: %v", err)
	}
	if err := w.bookings.LeaveInterest(w.ctx, e.ID, InterestRequest{Name: "Keen Example", Email: "keen@residents.example", Channel: Online}); err != nil {
		t.Fatal(err)
	}
	must(w.bookings.Cancel(w.ctx, ByBooker, holder.ID))(t)
	w.tellAll()
	var told int
	if err := w.db.Read(w.ctx).Raw(`SELECT count(*) FROM mails WHERE kind = 'interest.places'`).Scan(&told).Error; err != nil || told != 1 {
		t.Fatalf("told %d times (%v)", told, err)
	}
}

func TestNobodyIsToldThatANeedIsArrangedBeforeItIs(t *testing.T) {
	for _, state := range []NeedState{Asked, NotPossible, NoLongerNeeded} {
		if line := needLine(AccessNeed{Need: "bsl", State: state}); strings.Contains(strings.ToLower(line), "arranged") {
			t.Errorf("%s reads %q", state, line)
		}
	}
	if line := needLine(AccessNeed{Need: "bsl", State: Arranged}); !strings.Contains(line, "Arranged") {
		t.Errorf("an arranged need reads %q", line)
	}
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(5, 3)
	r := resident(1, 2)
	r.Needs = []NeedRequest{{Position: 1, Need: "bsl"}, {Position: 2, Need: "interpreter", Note: "Polish"}}
	b := w.book(e, r)
	d := must(w.bookings.Details(w.ctx, ByBooker, b.ID))(t)
	if len(d.Needs) != 2 || d.Needs[0].State != Asked || d.Needs[1].Note != "Polish" {
		t.Fatalf("needs %+v", d.Needs)
	}
	r.Needs = r.Needs[:1] // the second is not needed any more
	must(w.bookings.Change(w.ctx, ByBooker, b.ID, r))(t)
	d = must(w.bookings.Details(w.ctx, ByBooker, b.ID))(t)
	if d.Needs[0].State != Asked || d.Needs[1].State != NoLongerNeeded {
		t.Fatalf("after the change %+v", d.Needs)
	}
}

func TestEveryMistakeIsNamedAtItsFieldAtOnce(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(10, 4)
	r := Request{
		Name: " ", Email: "not an address", Phone: "12", People: 9, BookerComes: true, Channel: Online,
		Names: []string{strings.Repeat("x", 200)}, Question: strings.Repeat("why ", 600),
		Needs: []NeedRequest{{Position: 1, Need: "interpreter"}, {Position: 2, Need: "other"}},
	}
	_, err := w.bookings.Book(w.ctx, e.ID, r)
	f, ok := err.(*fault.Error)
	if !ok || f.Kind != fault.Invalid {
		t.Fatalf("told %v", err)
	}
	for _, field := range []string{"name", "email", "phone", "party_size", "attendee_name_2", "question", "access_notes", "access_notes_2"} {
		if !fault.Fields(f.Fields).Has(field) {
			t.Errorf("%s is not named in %v", field, err)
		}
	}
}

func TestAMistypedAddressIsQuestionedOnce(t *testing.T) {
	for typed, meant := range map[string]string{
		"a@gmial.com": "a@gmail.com", "a@gmail.co": "a@gmail.com", "a@hotmial.com": "a@hotmail.com", "a@yahooo.co.uk": "a@yahoo.co.uk",
		"a@gmail.com": "", "a@residents.example": "", "a@ymail.com": "", "a@nhs.net": "",
	} {
		if got := contacts.LikelyMeant(typed); got != meant {
			t.Errorf("%s: %q, want %q", typed, got, meant)
		}
	}
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(10, 4)
	r := resident(1, 1)
	r.Email = "resident@gmial.com"
	if _, err := w.bookings.Book(w.ctx, e.ID, r); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "gmail.com") {
		t.Fatalf("was not questioned: %v", err)
	}
	r.EmailChecked = r.Email
	if _, err := w.bookings.Book(w.ctx, e.ID, r); err != nil {
		t.Fatalf("was questioned twice: %v", err)
	}
}

func TestReferencesCanBeReadOverTheTelephone(t *testing.T) {
	seen := map[string]bool{}
	for range 2000 {
		ref := newReference()
		if len(ref) != referenceLetters || strings.ContainsAny(ref, "0O1IL") || seen[ref] {
			t.Fatalf("reference %q", ref)
		}
		seen[ref] = true
		spoken := Booking{Reference: ref}.Spoken()
		if ReadReference(" "+strings.ToLower(spoken)) != ref {
			t.Fatalf("%q is not read as %q", spoken, ref)
		}
	}
}

func TestStaffRightsAreCheckedInTheService(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(10, 4)
	b := w.book(e, resident(1, 1))
	visitor := context.Background()
	attempts := map[string]func() error{
		"book for a caller": func() error { _, err := w.bookings.Book(visitor, e.ID, byTelephone(2, 1)); return err },
		"override": func() error {
			r := resident(3, 1)
			r.Override = true
			_, err := w.bookings.Book(visitor, e.ID, r)
			return err
		},
		"cancel":      func() error { _, err := w.bookings.Cancel(visitor, ByStaff, b.ID); return err },
		"change":      func() error { _, err := w.bookings.Change(visitor, ByStaff, b.ID, resident(1, 2)); return err },
		"details":     func() error { _, err := w.bookings.Details(visitor, ByStaff, b.ID); return err },
		"list":        func() error { _, err := w.bookings.OfEvent(visitor, e.ID, Filter{}); return err },
		"give places": func() error { return w.bookings.GivePlaces(visitor, b.ID, "because", true) },
		"calls":       func() error { _, err := w.bookings.Calls(visitor, "due"); return err },
		"call done":   func() error { return w.bookings.CallDone(visitor, 1, "spoke", "") },
	}
	for what, attempt := range attempts {
		if kind := fault.KindOf(attempt()); kind != fault.SignIn && kind != fault.Forbidden {
			t.Errorf("%s was not refused", what)
		}
	}
}

func TestTheCalendarFollowsTheBookingThroughItsLife(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(1, 1)
	holder, b := w.book(e, resident(1, 1)), w.book(e, resident(2, 1))
	must(w.bookings.Cancel(w.ctx, ByBooker, holder.ID))(t)
	w.clock.set(start.Add(time.Hour))
	w.life(e)
	var steps []string
	mails := must(w.outbox.About(w.ctx, "bookings", b.ID))(t)
	slices.Reverse(mails)
	for _, m := range mails {
		steps = append(steps, fmt.Sprint(m.Kind, " ", calendarOf(t, w, m.ID)))
	}
	want := []string{
		"booking.waiting -", "booking.promoted REQUEST 0", "booking.moved REQUEST 1", "booking.postponed CANCEL 2", "booking.dated REQUEST 3",
		"booking.event-cancelled CANCEL 4",
	}
	if !slices.Equal(steps, want) {
		t.Fatalf("calendar steps:\n%s\nwant:\n%s", strings.Join(steps, "\n"), strings.Join(want, "\n"))
	}
}

// calendarOf gives method and sequence of a mail's calendar part.
func calendarOf(t *testing.T, w *world, mailID int64) string {
	t.Helper()
	var content string
	if err := w.db.Read(w.ctx).Raw(`SELECT content FROM mails WHERE id = ?`, mailID).Scan(&content).Error; err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(content, "BEGIN:VCALENDAR") {
		return "-"
	}
	value := func(name string) string {
		_, rest, _ := strings.Cut(content, name+":")
		text, _, _ := strings.Cut(rest, `\r\n`)
		return text
	}
	return value("METHOD") + " " + value("SEQUENCE")
}

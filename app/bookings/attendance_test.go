package bookings

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/events"
	"conversations/app/fault"
)

// theEvening is when the event of openEvent is on.
var theEvening = at2017(2, 28, 18)

func (w *world) attendance(e events.Event) Attendance {
	w.t.Helper()
	return attendanceOf(must(attendanceEvents(w.db.Read(w.ctx), e.ID))(w.t))
}

func seatOf(b Booking, position int) Seat { return Seat{b.ID, position} }

func TestWhatSeveralTelephonesNotedMergesInAnyOrder(t *testing.T) {
	id := func(n int64) *int64 { return &n }
	all := []AttendanceEvent{
		{ID: 1, ClientID: "a", Step: "A", Kind: Came, BookingID: id(1), Position: 1, At: at2017(2, 28, 18)},
		{ID: 2, ClientID: "b", Step: "B", Kind: NotCame, BookingID: id(1), Position: 1, At: at2017(2, 28, 19)},
		{ID: 3, ClientID: "c", Step: "C", Kind: Came, BookingID: id(2), Position: 1, At: at2017(2, 28, 19)},
		{ID: 4, ClientID: "d", Step: "D", Kind: Undone, Undoes: "b", BookingID: id(1), Position: 1, At: at2017(2, 28, 20)},
		{ID: 5, ClientID: "e", Step: "E", Kind: WalkIn, People: 3, At: at2017(2, 28, 20)},
	}
	for range 20 {
		rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		a := attendanceOf(all)
		if people, known := a.People(); people != 5 || !known || a.Mark(Seat{1, 1}) != Came || len(a.Steps) != 3 {
			t.Fatalf("%d people, %q, %d steps", people, a.Mark(Seat{1, 1}), len(a.Steps))
		}
	}
}

func TestEverybodyIsMarkedThenTheExceptionsAndAllCanBeUndone(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		e := w.openEvent(60, 4)
		var list []Booking
		for i := range 20 {
			list = append(list, w.book(e, resident(i, 2)))
		}
		must(w.bookings.Cancel(w.ctx, ByBooker, list[19].ID))(t)
		w.clock.set(theEvening)
		all, press := NewPress(), NewPress()
		if n := must(w.bookings.MarkRest(w.ctx, e.ID, all, Came))(t); n != 38 {
			t.Fatalf("%d marked", n)
		}
		if n := must(w.bookings.MarkPeople(w.ctx, e.ID, press, NotCame, []Seat{seatOf(list[3], 2)}))(t); n != 1 {
			t.Fatalf("%d marked", n)
		}
		if n := must(w.bookings.MarkPeople(w.ctx, e.ID, press, NotCame, []Seat{seatOf(list[3], 2)}))(t); n != 0 {
			t.Error("the same press sent twice was noted twice")
		}
		w.expectCame(e, 37)
		undone, kept, err := w.bookings.Undo(w.ctx, e.ID, NewPress(), all.ID)
		if err != nil || undone != 37 || kept != 1 {
			t.Fatalf("undone %d, kept %d, %v", undone, kept, err)
		}
		if a := w.attendance(e); a.Mark(seatOf(list[3], 2)) != NotCame || a.came() != 0 {
			t.Errorf("the exception is %q", a.Mark(seatOf(list[3], 2)))
		}
		if _, _, err := w.bookings.Undo(w.ctx, e.ID, NewPress(), "nothing"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("undoing nothing gave %v", err)
		}
		if _, _, err := w.bookings.Undo(w.ctx, e.ID, NewPress(), press.ID); err != nil {
			t.Fatal(err)
		}
		w.expectCame(e, 1) // only what was kept of the first press stands again
	})
}

func (w *world) expectCame(e events.Event, want int) {
	w.t.Helper()
	if people, _, err := w.bookings.Came(w.ctx, e.ID); people != want || err != nil {
		w.t.Fatalf("%d came, want %d (%v)", people, want, err)
	}
}

func TestWhatWasBuiltOnIsNotUndone(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(5, 1)
	b := w.book(e, resident(1, 1))
	w.clock.set(theEvening)
	first, second := NewPress(), NewPress()
	must(w.bookings.MarkPeople(w.ctx, e.ID, first, Came, []Seat{seatOf(b, 1)}))(t)
	must(w.bookings.MarkPeople(w.ctx, e.ID, second, NotCame, []Seat{seatOf(b, 1)}))(t)
	if _, _, err := w.bookings.Undo(w.ctx, e.ID, NewPress(), first.ID); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "noted since") {
		t.Fatalf("%v", err)
	}
	if w.attendance(e).Mark(seatOf(b, 1)) != NotCame {
		t.Error("it was undone all the same")
	}
}

func TestAHeadcountStandsForTheSumAndCanBeUndone(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(5, 2)
	b := w.book(e, resident(1, 2))
	w.clock.set(theEvening)
	must(w.bookings.MarkPeople(w.ctx, e.ID, NewPress(), Came, []Seat{seatOf(b, 1), seatOf(b, 2)}))(t)
	check(t, w.bookings.AddWalkIn(w.ctx, e.ID, NewPress(), " Ben  Example ", 1))
	check(t, w.bookings.AddWalkIn(w.ctx, e.ID, NewPress(), "", 3))
	w.expectCame(e, 6)
	first, second := NewPress(), NewPress()
	check(t, w.bookings.Count(w.ctx, e.ID, first, 9))
	check(t, w.bookings.Count(w.ctx, e.ID, second, 8))
	w.expectCame(e, 8)
	if _, _, err := w.bookings.Undo(w.ctx, e.ID, NewPress(), first.ID); fault.KindOf(err) != fault.Conflict {
		t.Errorf("%v", err)
	}
	for _, press := range []Press{second, first} {
		if _, _, err := w.bookings.Undo(w.ctx, e.ID, NewPress(), press.ID); err != nil {
			t.Fatal(err)
		}
	}
	w.expectCame(e, 6)
	if err := w.bookings.AddWalkIn(w.ctx, e.ID, NewPress(), "", 0); fault.KindOf(err) != fault.Invalid {
		t.Errorf("nobody walked in, and that gave %v", err)
	}
}

func linkTo(address string) func(context.Context, *database.Tx, events.Event, Booking) (AfterLink, error) {
	return func(context.Context, *database.Tx, events.Event, Booking) (AfterLink, error) {
		return AfterLink{Text: "Tell us how it was", URL: address}, nil
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestNobodyIsMarkedBeforeTheDayNorByWhoMayNot(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(5, 1)
	b := w.book(e, resident(1, 1))
	officer := audit.WithActor(w.ctx, audit.Actor{Kind: audit.Staff, Role: string(accounts.Door)})
	comms := audit.WithActor(w.ctx, audit.Actor{Kind: audit.Staff, Role: string(accounts.Comms)})
	stranger := audit.WithActor(w.ctx, audit.Actor{})
	for _, c := range []struct {
		now  time.Time
		who  string
		kind fault.Kind
	}{
		{at2017(2, 27, 23), "office", fault.Conflict}, {at2017(2, 27, 23), "door", fault.Forbidden}, {at2017(2, 28, 0), "door", fault.Internal},
		{at2017(3, 1, 2), "door", fault.Internal}, {at2017(3, 1, 4), "door", fault.Forbidden}, {at2017(3, 5, 9), "office", fault.Internal},
		{theEvening, "comms", fault.Forbidden}, {theEvening, "stranger", fault.SignIn},
	} {
		w.clock.set(c.now)
		ctx := map[string]context.Context{"office": w.ctx, "door": officer, "comms": comms, "stranger": stranger}[c.who]
		_, err := w.bookings.MarkPeople(ctx, e.ID, NewPress(), Came, []Seat{seatOf(b, 1)})
		if got := fault.KindOf(err); got != c.kind || c.kind == fault.Internal && err != nil {
			t.Errorf("%s at %s: %v", c.who, c.now, err)
		}
	}
}

func TestThanksGoToWhoCameAndKindWordsToWhoDidNot(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		e := w.openEvent(10, 2)
		came, partly, absent := w.book(e, resident(1, 1)), w.book(e, resident(2, 2)), w.book(e, resident(3, 2))
		unmarked, gone, phone := w.book(e, resident(4, 1)), w.book(e, resident(5, 1)), w.book(e, byTelephone(6, 1))
		must(w.bookings.Cancel(w.ctx, ByBooker, gone.ID))(t)
		w.bookings.OnThanks(linkTo("https://surveys.example/talk"))
		w.clock.set(theEvening)
		must(w.bookings.MarkPeople(w.ctx, e.ID, NewPress(), Came, []Seat{seatOf(came, 1), seatOf(partly, 2), seatOf(phone, 1)}))(t)
		must(w.bookings.MarkPeople(w.ctx, e.ID, NewPress(), NotCame, []Seat{seatOf(absent, 1), seatOf(absent, 2)}))(t)
		w.remindAt(at2017(3, 1, 10)) // not held yet
		w.expectReminders(came)
		must(w.events.Hold(w.ctx, e.ID, events.Turnout{}))(t)
		w.clock.set(at2017(3, 1, 11))
		slip := NewPress()
		must(w.bookings.MarkPeople(w.ctx, e.ID, slip, NotCame, []Seat{seatOf(unmarked, 1)}))(t)
		w.remindAt(at2017(3, 1, 11)) // somebody is still at it
		w.expectReminders(came)
		if _, _, err := w.bookings.Undo(w.ctx, e.ID, NewPress(), slip.ID); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			w.remindAt(at2017(3, 1, 12))
		}
		w.expectReminders(came, "thanks")
		w.expectReminders(partly, "thanks")
		w.expectReminders(absent, "missed")
		w.expectReminders(unmarked)
		w.expectReminders(gone)
		must(w.bookings.MarkPeople(w.ctx, e.ID, NewPress(), Came, []Seat{seatOf(absent, 1), seatOf(unmarked, 1)}))(t)
		w.remindAt(at2017(3, 2, 12))
		w.expectReminders(absent, "missed") // they have heard
		w.expectReminders(unmarked, "thanks")
		if calls := w.calls(phone); slices.Contains(calls, "thanks") {
			t.Errorf("staff are to telephone thanks: %v", calls)
		}
		var content string
		check(t, w.db.Read(w.ctx).Raw(`SELECT content FROM mails WHERE kind = 'booking.thanks' AND about_id = ?`, came.ID).Row().Scan(&content))
		if !strings.Contains(content, "https://surveys.example/talk") {
			t.Errorf("the survey is missing: %s", content)
		}
	})
}

func TestNobodyIsWrittenToWithoutAttendanceOrLongAfter(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(10, 1)
	b := w.book(e, resident(1, 1))
	w.clock.set(at2017(2, 28, 22))
	must(w.events.Hold(w.ctx, e.ID, events.Turnout{People: "40"}))(t)
	w.remindAt(at2017(3, 2, 9))
	w.expectReminders(b)
	must(w.bookings.MarkPeople(w.ctx, e.ID, NewPress(), Came, []Seat{seatOf(b, 1)}))(t)
	w.remindAt(at2017(3, 20, 9))
	w.expectReminders(b)
}

func TestTheDoorPageWorksWithoutScript(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(10, 3)
	family, single := s.family(e), s.book(e, byTelephone(2, 1))
	s.clock.set(theEvening)
	door := s.staff("door")
	path := doorPath(e)
	p := door.get(path).is(http.StatusOK).says("Who came", "Everybody else came", family.Spoken(), "Not marked")
	press := func(part string, fields ...string) page {
		form := url.Values{"press": {p.fields().Get("press")}}
		for i := 0; i < len(fields); i += 2 {
			form.Set(fields[i], fields[i+1])
		}
		p = door.follow(path+"/"+part, form)
		return p
	}
	press("marks", "rest", "came").says("marked: came.")
	press("marks", "mark", fmt.Sprintf("not-came:%d.1", single.ID)).says("1 person marked: did not come.", "Undo: "+single.Name+": did not come")
	press("walk-ins", "name", "Wendy Example", "people", "1").says("1 person added", "Wendy Example, without a booking")
	door.post(path+"/walk-ins", url.Values{"press": {newUUID()}, "people": {"many"}}).is(http.StatusUnprocessableEntity).says("Enter how many people walked in")
	press("headcount", "headcount", "7").says("The headcount is saved", "Headcount 7")
	last := s.attendance(e).Steps[0].ID
	press("undo", "undo", last).says("Undone.")
	press("undo", "undo", last).says("This was undone already.")
	press("marks", "mark", fmt.Sprintf("not-came:%d", family.ID)).says("people marked: did not come.")
	door.get(path + "?q=wendy").says("Nobody fits")
	door.get(path + "?q=" + url.QueryEscape(single.Name)).says(single.Name).keepsQuietOf(family.Spoken())
	door.post(path+"/marks", url.Values{"press": {newUUID()}, "mark": {"came:all"}}).is(http.StatusUnprocessableEntity)
	s.clock.set(at2017(3, 1, 9))
	s.staff("door").get(path).is(http.StatusForbidden).keepsQuietOf(family.Spoken())
	s.staff("engagement").get(path).is(http.StatusOK).says("Mark the event as held")
}

func TestACodeAtTheDoorShowsNothingToStrangersAndChecksNobodyIn(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(10, 3)
	b := s.family(e)
	picture := s.resident().get(s.bookings.managePath(b) + "/qr.png").is(http.StatusOK)
	if got := picture.header.Get("Content-Type"); got != "image/png" || !strings.HasPrefix(picture.body, "\x89PNG") {
		t.Errorf("the code is %s", got)
	}
	s.resident().get(s.bookings.managePath(b)).says("At the door", "Show this code")
	path := must(url.Parse(s.bookings.doorURL(b)))(t).Path
	s.clock.set(theEvening)
	before := s.rows()
	for _, who := range []browser{s.resident()} {
		p := who.get(path).is(http.StatusSeeOther).keepsQuietOf("Robin", b.Spoken(), e.Title)
		if !strings.HasPrefix(p.location, "/staff/sign-in") {
			t.Errorf("a stranger is led to %s", p.location)
		}
		who.post(path, url.Values{"press": {newUUID()}, "mark": {fmt.Sprintf("came:%d", b.ID)}}).is(http.StatusSeeOther)
	}
	door := s.staff("door")
	door.get(path).is(http.StatusOK).says(b.Name, b.Spoken(), "came", "Not marked")
	door.get(path)
	if added := s.added(before); len(added) > 0 || s.attendance(e).came() != 0 {
		t.Fatalf("looking changed %v", added)
	}
	other := s.book(e, resident(7, 1))
	door.post(path, url.Values{"press": {newUUID()}, "mark": {fmt.Sprintf("came:%d", other.ID)}}).is(http.StatusConflict)
	door.follow(path, url.Values{"press": {newUUID()}, "mark": {fmt.Sprintf("came:%d", b.ID)}}).says("marked: came.")
	if came := s.attendance(e).came(); came != b.People {
		t.Errorf("%d came", came)
	}
	door.get("/staff/door/b/" + s.bookings.links.Token(LinkPurpose, b.ID)).is(http.StatusNotFound)
	s.resident().get("/bookings/" + s.bookings.links.Token(DoorPurpose, b.ID)).is(http.StatusNotFound)
	s.clock.set(at2017(3, 2, 9))
	s.staff("door").get(path).is(http.StatusForbidden).keepsQuietOf(b.Name, b.Spoken())
	s.resident().get(s.bookings.managePath(b) + "/qr.png").is(http.StatusNotFound)
}

func TestAPressWithoutAnIdIsRefused(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(1, 1)
	b := w.book(e, resident(1, 1))
	w.clock.set(theEvening)
	_, err := w.bookings.MarkPeople(w.ctx, e.ID, Press{ID: "1"}, Came, []Seat{seatOf(b, 1)})
	if f, ok := errors.AsType[*fault.Error](err); !ok || f.Kind != fault.Invalid {
		t.Fatalf("%v", err)
	}
}

func TestNumbersOnTheListStayWhenOthersCancel(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(10, 3)
	first := w.book(e, resident(1, 1))
	w.book(e, resident(2, 2))
	must(w.bookings.Cancel(w.ctx, ByBooker, first.ID))(t)
	list := must(expectedAt(w.db.Read(w.ctx), e.ID))(t)
	if len(list) != 2 || list[0].Number != "2" || list[1].Number != "2b" || !strings.Contains(list[1].Name, "With Resident Example 2") {
		t.Fatalf("%+v", list)
	}
}

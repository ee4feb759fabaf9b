package bookings

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"conversations/app/database/databasetest"
	"conversations/app/events"
	"conversations/app/fault"
)

// refusedAt gives the field of a refused form's message; "" where the error is none.
func refusedAt(err error) string {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != fault.Invalid || len(f.Fields) == 0 {
		return ""
	}
	return f.Fields[0].Name
}

// reread is a booking as it is now.
func (w *world) reread(b Booking) Booking {
	w.t.Helper()
	return must(loadBooking(w.db.Read(w.ctx), b.ID))(w.t)
}

// calendars are the calendar parts of a booking's mails, oldest first.
func (w *world) calendars(b Booking) (out []string) {
	w.t.Helper()
	for _, m := range must(w.outbox.About(w.ctx, "bookings", b.ID))(w.t) {
		out = append([]string{m.Content}, out...)
	}
	return out
}

func TestAMovedBookingGetsItsPlacesThereAndGivesThemUpHere(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		from, to := w.openEvent(2, 2), w.openEvent(5, 4, aDayLater("watford"))
		r := resident(1, 2)
		r.Needs = []NeedRequest{{Position: 1, Need: "bsl"}}
		b, next := w.book(from, r), w.book(from, resident(2, 2))
		if err := w.db.Write(w.ctx, setNeeds(Arranged)); err != nil {
			t.Fatal(err)
		}
		for range 2 { // pressed twice
			must(w.bookings.Move(w.ctx, b.ID, to.ID, Placing{}))(t)
		}
		now := w.reread(b)
		if now.EventID != to.ID || now.Status != Confirmed || now.Reference != b.Reference || now.CalendarSequence != b.CalendarSequence+1 {
			t.Errorf("it is now %+v", now)
		}
		if w.status(next) != Confirmed {
			t.Error("nobody got the places that came free")
		}
		if got := w.mails(b); !slices.Equal(got, []string{"booking.booked", "booking.booking-moved"}) {
			t.Errorf("the mails are %v", got)
		}
		last := w.calendars(b)[1]
		for _, want := range []string{"METHOD:REQUEST", "UID:booking-" + b.Reference, "SEQUENCE:1", "20170301T190000", "moved your booking from Conversation event in St Albans"} {
			if !strings.Contains(last, want) {
				t.Errorf("the mail does not hold %s:\n%s", want, last)
			}
		}
		d := must(w.bookings.Details(w.ctx, ByStaff, b.ID))(t)
		if d.Needs[0].State != Asked {
			t.Errorf("the need is %s at the new event", d.Needs[0].State)
		}
		var moves int
		if err := w.db.Read(w.ctx).Raw(`SELECT count(*) FROM audit_entries WHERE action = 'booking.move' AND entity_id = ?`, b.ID).Scan(&moves).Error; err != nil || moves != 1 {
			t.Errorf("the audit log has %d moves, %v", moves, err)
		}
	})
}

func TestNobodyIsMovedOntoAWaitingListUnasked(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		from, to := w.openEvent(4, 4), w.openEvent(2, 2, aDayLater("watford"))
		w.book(to, resident(50, 1))
		b := w.book(from, resident(1, 2))
		before := w.reread(b)
		if _, err := w.bookings.Move(w.ctx, b.ID, to.ID, Placing{}); refusedAt(err) != "wait" {
			t.Fatalf("moved to a full event: %v", err)
		}
		if now := w.reread(b); now.EventID != before.EventID || now.Version != before.Version {
			t.Error("a refused move changed something")
		}
		must(w.bookings.Move(w.ctx, b.ID, to.ID, Placing{Wait: true}))(t)
		if now := w.reread(b); now.Status != Waiting || now.InCalendar {
			t.Errorf("it is now %+v", now)
		}
		if last := w.calendars(b)[1]; !strings.Contains(last, "METHOD:CANCEL") || !strings.Contains(last, "20170228T190000") || !strings.Contains(last, "SEQUENCE:1") {
			t.Errorf("the old entry is not taken out of the calendar:\n%s", last)
		}
	})
}

func TestMovingAboveTheCapacityIsNamedInTheAuditLog(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	from, to := w.openEvent(4, 4), w.openEvent(1, 1, aDayLater("watford"))
	b := w.book(from, resident(1, 2))
	if _, err := w.bookings.Move(w.ctx, b.ID, to.ID, Placing{Wait: true}); refusedAt(err) != "event" {
		t.Errorf("a party larger than the event takes: %v", err)
	}
	moved := must(w.bookings.Move(w.ctx, b.ID, to.ID, Placing{Override: true}))(t)
	if moved.Status != Confirmed || !moved.OverCapacity {
		t.Errorf("it is now %+v", moved)
	}
	var details string
	if err := w.db.Read(w.ctx).Raw(`SELECT details FROM audit_entries WHERE action = 'booking.move'`).Row().Scan(&details); err != nil || !strings.Contains(details, `"over_capacity":true`) {
		t.Errorf("the audit log has %s, %v", details, err)
	}
}

func TestWhoHasABookingThereAlreadyIsNotMovedThere(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	from, to := w.openEvent(4, 4), w.openEvent(4, 4, aDayLater("watford"))
	b := w.book(from, resident(1, 1))
	w.book(to, resident(1, 1))
	if _, err := w.bookings.Move(w.ctx, b.ID, to.ID, Placing{}); refusedAt(err) != "event" {
		t.Errorf("booked there twice: %v", err)
	}
}

func TestABookingOfACancelledEventCanBeMovedButNotToOne(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	from, to := w.openEvent(4, 4), w.openEvent(4, 4, aDayLater("watford"))
	b, late := w.book(from, resident(1, 1)), w.book(to, resident(2, 1))
	must(w.events.Cancel(w.ctx, from.ID, "The hall is flooded"))(t)
	must(w.bookings.Move(w.ctx, b.ID, to.ID, Placing{}))(t)
	if _, err := w.bookings.Move(w.ctx, late.ID, from.ID, Placing{}); refusedAt(err) != "event" {
		t.Errorf("moved to a cancelled event: %v", err)
	}
	w.clock.set(to.StartsAt.Add(1))
	if _, err := w.bookings.Move(w.ctx, b.ID, from.ID, Placing{}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("moved away from an event that has begun: %v", err)
	}
}

func TestWhoHasNoEmailIsTelephonedAboutAMoveAlone(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	from, to := w.openEvent(4, 4), w.openEvent(4, 4, aDayLater("watford"))
	b := w.book(from, byTelephone(1, 1))
	must(w.bookings.Move(w.ctx, b.ID, to.ID, Placing{}))(t)
	var due []string
	if err := w.db.Read(w.ctx).Raw(`SELECT kind FROM calls WHERE booking_id = ? AND state = 'due'`, b.ID).Scan(&due).Error; err != nil || !slices.Equal(due, []string{"booking-moved"}) {
		t.Errorf("the calls due are %v, %v", due, err)
	}
}

// Two parties are moved past each other, over and over: the events are always locked in one order, so nobody waits in a
// circle, and neither event ever has more people than places.
func TestMovesPastEachOtherNeitherHangNorOversell(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		a, b := w.openEvent(6, 4), w.openEvent(6, 4, aDayLater("watford"))
		var list []Booking
		for i := range 8 {
			e := a
			if i%2 == 1 {
				e = b
			}
			list = append(list, w.book(e, resident(i, 2)))
		}
		var all sync.WaitGroup
		for i, one := range list {
			all.Go(func() {
				for n := range 6 {
					to := a.ID
					if (i+n)%2 == 0 {
						to = b.ID
					}
					_, err := w.bookings.Move(w.ctx, one.ID, to, Placing{Wait: n%2 == 0})
					if err != nil && refusedAt(err) == "" && fault.KindOf(err) != fault.Conflict {
						t.Errorf("move: %v", err)
					}
				}
			})
		}
		all.Wait()
		places := must(w.bookings.Places(w.ctx, []int64{a.ID, b.ID}))(t)
		for _, e := range []events.Event{a, b} {
			if p := places[e.ID]; p.Taken > e.Capacity {
				t.Errorf("%d of %d places are taken", p.Taken, e.Capacity)
			}
		}
	})
}

func TestAnUndoneCancellationTakesThePlacesThatAreThere(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		e := w.openEvent(4, 4)
		r := resident(1, 2)
		r.Needs = []NeedRequest{{Position: 1, Need: "bsl"}, {Position: 2, Need: "carer"}}
		b := w.book(e, r)
		r.Needs = r.Needs[:1] // taken back by the booker
		must(w.bookings.Change(w.ctx, ByBooker, b.ID, r))(t)
		must(w.bookings.Cancel(w.ctx, ByBooker, b.ID))(t)
		for range 2 {
			must(w.bookings.Restore(w.ctx, b.ID, Placing{}))(t)
		}
		d := must(w.bookings.Details(w.ctx, ByStaff, b.ID))(t)
		if d.Booking.Status != Confirmed || d.Booking.CancelledAt != nil || d.Booking.Reference != b.Reference {
			t.Errorf("it is now %+v", d.Booking)
		}
		if d.Needs[0].State != Asked || d.Needs[1].State != NoLongerNeeded {
			t.Errorf("the needs are %+v", d.Needs)
		}
		if got := w.mails(b); !slices.Equal(got, []string{"booking.booked", "booking.changed", "booking.cancelled", "booking.restored"}) {
			t.Errorf("the mails are %v", got)
		}
		if last := w.calendars(b)[3]; !strings.Contains(last, "METHOD:REQUEST") || !strings.Contains(last, "SEQUENCE:3") {
			t.Errorf("the calendar is not set again:\n%s", last)
		}
		must(w.bookings.Cancel(w.ctx, ByBooker, b.ID))(t)
		if got := w.mails(b); len(got) != 5 || got[4] != "booking.cancelled" {
			t.Errorf("a second cancellation is not told: %v", got)
		}
	})
}

func TestACancellationIsNotUndoneIntoPlacesThatOthersHave(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		e := w.openEvent(2, 2)
		b := w.book(e, resident(1, 2))
		next := w.book(e, resident(2, 2))
		must(w.bookings.Cancel(w.ctx, ByBooker, b.ID))(t)
		if _, err := w.bookings.Restore(w.ctx, b.ID, Placing{}); refusedAt(err) != "wait" {
			t.Fatalf("restored into a full event: %v", err)
		}
		if w.status(b) != Cancelled || w.status(next) != Confirmed {
			t.Error("a refused undo changed something")
		}
		must(w.bookings.Restore(w.ctx, b.ID, Placing{Wait: true}))(t)
		if w.status(b) != Waiting {
			t.Errorf("it is %s", w.status(b))
		}
		must(w.bookings.Cancel(w.ctx, ByBooker, next.ID))(t)
		if w.status(b) != Confirmed {
			t.Error("the waiting list does not move on")
		}
	})
}

// Bug: the keys of notices held the booking alone, so that who was promoted, moved and promoted again was not told the
// second time.
func TestASecondPromotionIsToldAsWell(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	a, c := w.openEvent(2, 2), w.openEvent(2, 2, aDayLater("watford"))
	first, b := w.book(a, resident(1, 2)), w.book(a, resident(2, 2))
	other := w.book(c, resident(3, 2))
	must(w.bookings.Cancel(w.ctx, ByBooker, first.ID))(t)
	must(w.bookings.Move(w.ctx, b.ID, c.ID, Placing{Wait: true}))(t)
	must(w.bookings.Cancel(w.ctx, ByBooker, other.ID))(t)
	if got := w.mails(b); !slices.Equal(got, []string{"booking.waiting", "booking.promoted", "booking.booking-moved", "booking.promoted"}) {
		t.Errorf("the mails are %v", got)
	}
}

func TestOnlyStaffMoveRestoreNoteAndExport(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	from, to := w.openEvent(4, 4), w.openEvent(4, 4, aDayLater("watford"))
	b := w.book(from, resident(1, 1))
	visitor := t.Context()
	for name, try := range map[string]func() error{
		"move":    func() error { _, err := w.bookings.Move(visitor, b.ID, to.ID, Placing{}); return err },
		"restore": func() error { _, err := w.bookings.Restore(visitor, b.ID, Placing{}); return err },
		"note":    func() error { return w.bookings.AddNote(visitor, b.ID, "Hello") },
		"notes":   func() error { _, err := w.bookings.Notes(visitor, b.ID); return err },
		"again":   func() error { return w.bookings.SendAgain(visitor, b.ID, 1) },
		"list":    func() error { _, err := w.bookings.List(visitor, ListFilter{}); return err },
		"export":  func() error { _, err := w.bookings.Export(visitor, ListFilter{}, "csv"); return err },
		"paper":   func() error { _, err := w.bookings.Register(visitor, from.Slug); return err },
	} {
		if err := try(); fault.KindOf(err) != fault.SignIn {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package bookings

import (
	"slices"
	"strings"
	"testing"
	"time"

	"conversations/app/config"
	"conversations/app/database/databasetest"
	"conversations/app/events"
)

func at2017(month time.Month, day, hour int) time.Time {
	return time.Date(2017, month, day, hour, 0, 0, 0, time.UTC)
}

func (w *world) remindAt(now time.Time) {
	w.t.Helper()
	w.clock.set(now)
	if err := w.bookings.Remind(w.ctx); err != nil {
		w.t.Fatal(err)
	}
}

// remindersOf lists when a booking was reminded, on which clocks and of which start.
func (w *world) remindersOf(b Booking) (kinds []string) {
	w.t.Helper()
	for _, kind := range w.mails(b) {
		if kind == "booking.reminder" || kind == "booking.thanks" || kind == "booking.missed" {
			kinds = append(kinds, strings.TrimPrefix(kind, "booking."))
		}
	}
	return kinds
}

func (w *world) expectReminders(b Booking, want ...string) {
	w.t.Helper()
	if got := w.remindersOf(b); !slices.Equal(got, want) {
		w.t.Fatalf("%s got %v, want %v", b.Name, got, want)
	}
}

func TestARemindersWindow(t *testing.T) {
	start := at2017(2, 28, 19)
	list := slots(start, []time.Duration{24 * time.Hour, 7 * 24 * time.Hour, 24 * time.Hour})
	if len(list) != 2 {
		t.Fatalf("%d reminders", len(list))
	}
	week, day := list[0], list[1]
	for _, c := range []struct {
		now       time.Time
		week, day bool
		why       string
	}{
		{at2017(2, 21, 18), false, false, "too early"},
		{at2017(2, 21, 19), true, false, "seven days before"},
		{at2017(2, 24, 18), true, false, "the server was down for three days"},
		{at2017(2, 24, 19), false, false, "half-way to the next one"},
		{at2017(2, 27, 19), false, true, "24 hours before"},
		{at2017(2, 28, 16), false, true, "late, and still of use"},
		{at2017(2, 28, 17), false, false, "they are on their way"},
	} {
		if week.open(c.now) != c.week || day.open(c.now) != c.day {
			t.Errorf("%s: %s", c.now, c.why)
		}
	}
}

func TestADayBeforeIsTwentyFourHoursThoughTheClocksChange(t *testing.T) {
	london := must(time.LoadLocation("Europe/London"))(t)
	for _, c := range []struct{ start, want time.Time }{
		{time.Date(2017, 3, 26, 19, 0, 0, 0, london), time.Date(2017, 3, 25, 18, 0, 0, 0, london)},
		{time.Date(2017, 10, 29, 19, 0, 0, 0, london), time.Date(2017, 10, 28, 20, 0, 0, 0, london)},
	} {
		if got := slots(c.start, []time.Duration{24 * time.Hour})[0].from; !got.Equal(c.want) {
			t.Errorf("a day before %s is %s", c.start, got.In(london))
		}
	}
}

func TestWhoHasNoEmailIsTelephonedTwoWorkingDaysBefore(t *testing.T) {
	london := must(time.LoadLocation("Europe/London"))(t)
	for _, c := range []struct{ start, want time.Time }{
		{time.Date(2017, 2, 28, 19, 0, 0, 0, london), time.Date(2017, 2, 24, 9, 0, 0, 0, london)}, // Tuesday: over a weekend
		{time.Date(2017, 4, 18, 19, 0, 0, 0, london), time.Date(2017, 4, 12, 9, 0, 0, 0, london)}, // after Easter
		{time.Date(2017, 3, 27, 19, 0, 0, 0, london), time.Date(2017, 3, 23, 9, 0, 0, 0, london)}, // over the change of the clocks
	} {
		if got := callSlot(c.start, london, 2, newWorkdays(nil)).from; !got.Equal(c.want) {
			t.Errorf("two working days before %s is %s", c.start, got.In(london))
		}
	}
	if callSlot(at2017(2, 28, 19), london, 0, newWorkdays(nil)).open(at2017(2, 28, 10)) {
		t.Error("staff telephone although the configuration says never")
	}
}

func TestPeopleWithPlacesAreRemindedOfEachDateOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		e := w.openEvent(2, 2) // 28 February, 7pm
		b, waits := w.book(e, resident(1, 1)), w.book(e, resident(2, 2))
		gone := w.book(e, resident(3, 1))
		must(w.bookings.Cancel(w.ctx, ByBooker, gone.ID))(t)
		phone := w.book(e, byTelephone(4, 1))
		if phone.Status != Confirmed || waits.Status != Waiting {
			t.Fatalf("%s, %s", phone.Status, waits.Status)
		}
		w.remindAt(at2017(2, 21, 18))
		w.expectReminders(b)
		w.remindAt(at2017(2, 21, 19))
		w.remindAt(at2017(2, 21, 19)) // once more changes nothing
		w.expectReminders(b, "reminder")
		w.remindAt(at2017(2, 24, 9))
		if got := w.calls(phone); !slices.Equal(got, []string{"booked", "reminder"}) {
			t.Fatalf("calls %v", got)
		}
		w.remindAt(at2017(2, 27, 19))
		w.remindAt(at2017(2, 28, 12))
		w.expectReminders(b, "reminder", "reminder")
		w.expectReminders(waits)
		w.expectReminders(gone)
		if got := w.calls(phone); len(got) != 2 {
			t.Fatalf("calls %v", got)
		}
	})
}

func TestAReminderGivesThePlaceBackInOnePress(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(5, 2)
	b := s.book(e, resident(1, 2))
	s.remindAt(at2017(2, 21, 19))
	var content string
	if err := s.db.Read(s.ctx).Raw(`SELECT content FROM mails WHERE kind = 'booking.reminder'`).Row().Scan(&content); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"I cannot come: give my places back", "You have 2 places.", e.When(), b.Spoken(), s.bookings.managePath(b) + "/cancel"} {
		if !strings.Contains(content, want) {
			t.Errorf("the reminder lacks %q: %s", want, content)
		}
	}
	s.resident().get(s.bookings.managePath(b) + "/cancel").is(200)
	if s.status(b) != Confirmed {
		t.Fatal("looking at the page gave the place back")
	}
	s.resident().follow(s.bookings.managePath(b)+"/cancel", nil).says("Your booking is cancelled")
}

func TestWhoBookedAfterAReminderWasDueIsSparedIt(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(1, 1)
	first := w.book(e, resident(1, 1))
	waits := w.book(e, resident(2, 1))
	w.clock.set(at2017(2, 25, 12))
	must(w.bookings.Cancel(w.ctx, ByBooker, first.ID))(t) // promotes the other, three days before
	w.remindAt(at2017(2, 25, 13))
	w.expectReminders(waits)
	w.remindAt(at2017(2, 27, 19))
	w.expectReminders(waits, "reminder")
}

func TestANewDateHasRemindersOfItsOwn(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		e := w.openEvent(5, 1)
		b, phone := w.book(e, resident(1, 1)), w.book(e, byTelephone(2, 1))
		w.remindAt(at2017(2, 21, 19))
		w.remindAt(at2017(2, 24, 10))
		w.clock.set(at2017(2, 26, 12))
		must(w.events.Postpone(w.ctx, e.ID, "The hall is closed."))(t)
		w.tellAll()
		w.remindAt(at2017(2, 27, 19)) // 24 hours before the day that is off
		w.expectReminders(b, "reminder")
		if due := w.dueCalls(phone, "reminder"); due != 0 {
			t.Errorf("staff are to remind of the old date by telephone: %d", due)
		}
		f := events.FormOf(must(w.events.ByID(w.ctx, e.ID))(t))
		f.StartsDay, f.StartsMonth, f.StartsYear, f.StartsTime, f.EndsTime = "28", "3", "2017", "7pm", "9pm"
		must(w.events.SetDate(w.ctx, e.ID, f))(t)
		w.tellAll()
		for _, now := range []time.Time{at2017(2, 28, 12), at2017(3, 21, 18), at2017(3, 21, 19), at2017(3, 24, 9), at2017(3, 27, 18)} {
			w.remindAt(now)
		}
		w.expectReminders(b, "reminder", "reminder", "reminder")
		if due := w.dueCalls(phone, "reminder"); due != 1 {
			t.Errorf("%d calls remind of the new date", due)
		}
		must(w.bookings.Cancel(w.ctx, ByBooker, phone.ID))(t)
		if due := w.dueCalls(phone, "reminder"); due != 0 {
			t.Errorf("staff are to remind somebody who has cancelled: %d", due)
		}
	})
}

func TestADateMovedNearIsNotRemindedOfBesidesItsMail(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(5, 1)
	b := w.book(e, resident(1, 1))
	w.clock.set(at2017(2, 20, 12))
	f := events.FormOf(must(w.events.ByID(w.ctx, e.ID))(t))
	f.StartsDay = "24"
	must(w.events.Move(w.ctx, e.ID, f))(t)
	w.tellAll()
	w.remindAt(at2017(2, 20, 13)) // less than seven days before, but they have just been told
	w.expectReminders(b)
	w.remindAt(at2017(2, 23, 19))
	w.expectReminders(b, "reminder")
}

func (w *world) dueCalls(b Booking, kind string) (n int) {
	w.t.Helper()
	if err := w.db.Read(w.ctx).Raw(`SELECT count(*) FROM calls WHERE booking_id = ? AND kind = ? AND state = 'due'`, b.ID, kind).Scan(&n).Error; err != nil {
		w.t.Fatal(err)
	}
	return n
}

func TestTheConfigurationRefusesAReminderInTheLastHours(t *testing.T) {
	_, err := config.Load("../../config.yaml", []string{"CONVERSATIONS_BOOKINGS_REMINDERS=7d,1h"})
	if err == nil || !strings.Contains(err.Error(), "bookings.reminders[1]") {
		t.Fatalf("%v", err)
	}
	cfg := must(config.Load("../../config.yaml", []string{"CONVERSATIONS_BOOKINGS_REMINDERS=3d,24h"}))(t)
	if !slices.Equal(cfg.Bookings.Reminders, []time.Duration{72 * time.Hour, 24 * time.Hour}) {
		t.Fatalf("%v", cfg.Bookings.Reminders)
	}
}

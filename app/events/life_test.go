package events_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/events"
	"conversations/app/fault"
)

func TestTheLifeOfAnEventIsThisTable(t *testing.T) {
	may := map[events.Status][]events.Status{
		events.Draft:     {events.Announced, events.Open},
		events.Announced: {events.Open, events.Cancelled},
		events.Open:      {events.Closed, events.Held, events.Postponed, events.Cancelled},
		events.Closed:    {events.Open, events.Held, events.Postponed, events.Cancelled},
		events.Postponed: {events.Open, events.Cancelled},
	}
	for _, from := range events.Statuses() {
		for _, to := range events.Statuses() {
			if got, want := from.MayBecome(to), slices.Contains(may[from], to); got != want {
				t.Errorf("%s may become %s: %v", from, to, got)
			}
		}
	}
}

func TestAllButDraftsArePublic(t *testing.T) {
	for _, s := range events.Statuses() {
		if got := (events.Event{Status: s}).Public(); got != (s != events.Draft) {
			t.Errorf("%s is public: %v", s, got)
		}
	}
}

func TestEveryActionIsRefusedWhereTheLifeForbidsIt(t *testing.T) {
	h := newHouse(t)
	actions := map[string]struct {
		do   func(id int64) error
		from []events.Status
	}{
		"publish":  {func(id int64) error { _, err := h.Publish(h.ctx, id); return err }, []events.Status{events.Draft}},
		"close":    {func(id int64) error { _, err := h.Close(h.ctx, id); return err }, []events.Status{events.Open}},
		"open":     {func(id int64) error { _, err := h.Open(h.ctx, id); return err }, []events.Status{events.Closed}},
		"set date": {func(id int64) error { _, err := h.SetDate(h.ctx, id, evening()); return err }, []events.Status{events.Announced, events.Postponed}},
		"move":     {func(id int64) error { _, err := h.Move(h.ctx, id, evening()); return err }, []events.Status{events.Open, events.Closed}},
		"postpone": {func(id int64) error { _, err := h.Postpone(h.ctx, id, "Snow"); return err }, []events.Status{events.Open, events.Closed}},
		"cancel": {func(id int64) error { _, err := h.Cancel(h.ctx, id, "Snow"); return err },
			[]events.Status{events.Announced, events.Open, events.Closed, events.Postponed}},
		"hold": {func(id int64) error { _, err := h.Hold(h.ctx, id, events.Turnout{}); return err }, []events.Status{events.Open, events.Closed, events.Held}},
	}
	for name, action := range actions {
		for _, status := range events.Statuses() {
			id := h.inStatus(t, status)
			err := action.do(id)
			allowed := slices.Contains(action.from, status)
			if allowed && err != nil || !allowed && fault.KindOf(err) != fault.Conflict {
				t.Errorf("%s of one that is %s: %v", name, status, err)
			}
		}
	}
}

// inStatus brings an event into a status the way staff do, and leaves the clock on the morning after it.
func (h house) inStatus(t testing.TB, status events.Status) int64 {
	t.Helper()
	f := evening()
	if status == events.Announced {
		f = dateless()
	}
	h.clock.set(time.Date(2017, 3, 1, 9, 0, 0, 0, time.UTC))
	id := h.create(t, f).ID
	steps := map[events.Status][]func() error{
		events.Draft: {}, events.Announced: {h.publish(id)}, events.Open: {h.publish(id)},
		events.Closed:    {h.publish(id), func() error { _, err := h.Close(h.ctx, id); return err }},
		events.Held:      {h.publish(id), func() error { _, err := h.Hold(h.ctx, id, events.Turnout{People: "50"}); return err }},
		events.Postponed: {h.publish(id), func() error { _, err := h.Postpone(h.ctx, id, ""); return err }},
		events.Cancelled: {h.publish(id), func() error { _, err := h.Cancel(h.ctx, id, "Snow"); return err }},
	}
	for _, step := range steps[status] {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	return id
}

func (h house) publish(id int64) func() error {
	return func() error { _, err := h.Publish(h.ctx, id); return err }
}

func TestPostponingTakesTheDateAndRemembersIt(t *testing.T) {
	h := newHouse(t)
	e := h.published(t, evening())
	after, err := h.Postpone(h.ctx, e.ID, "The hall has no heating.")
	if err != nil {
		t.Fatal(err)
	}
	if after.Dated() || after.StartsLocal != "" || after.LastStartsAt == nil || !after.LastStartsAt.Equal(*e.StartsAt) || after.Capacity != 50 {
		t.Fatalf("after postponing: %+v", after)
	}
}

func TestAnEventIsHeldOnlyOnceItHasBegun(t *testing.T) {
	h := newHouse(t)
	e := h.published(t, evening())
	if _, err := h.Hold(h.ctx, e.ID, events.Turnout{People: "50"}); fault.KindOf(err) != fault.Conflict {
		t.Fatalf("held before it began: %v", err)
	}
	h.clock.set(time.Date(2017, 2, 28, 21, 0, 0, 0, time.UTC))
	if _, err := h.Hold(h.ctx, e.ID, events.Turnout{People: "many"}); messages(t, err)["attendance"] == "" {
		t.Fatalf("words taken for a number: %v", err)
	}
	held, err := h.Hold(h.ctx, e.ID, events.Turnout{People: "50", Note: "Fifty residents came"})
	if err != nil || held.Attendance == nil || *held.Attendance != 50 || held.Status != events.Held {
		t.Fatalf("%+v, %v", held, err)
	}
}

func TestACancellationNeedsAReason(t *testing.T) {
	h := newHouse(t)
	if _, err := h.Cancel(h.ctx, h.published(t, evening()).ID, "  "); messages(t, err)["status_note"] == "" {
		t.Fatalf("cancelled without a word: %v", err)
	}
}

func TestBookingFollowsTheClock(t *testing.T) {
	h, f := newHouse(t), evening()
	f.OpensDay, f.OpensMonth, f.OpensYear, f.OpensTime = "14", "2", "2017", "9am"
	f.ClosesDay, f.ClosesMonth, f.ClosesYear, f.ClosesTime = "28", "2", "2017", "midday"
	e := h.published(t, f)
	for at, want := range map[string]events.BookingState{
		"2017-02-14T08:59:59Z": events.BookingNotYet, "2017-02-14T09:00:00Z": events.BookingTaken,
		"2017-02-28T11:59:59Z": events.BookingTaken, "2017-02-28T12:00:00Z": events.BookingOver,
	} {
		now, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.BookingState(now); got != want || e.BookingOpen(now) != (want == events.BookingTaken) {
			t.Errorf("at %s booking is %s, want %s", at, got, want)
		}
	}
	e.BookingClosesAt = nil
	if got := e.BookingState(*e.StartsAt); got != events.BookingOver {
		t.Errorf("booking is %s when the event starts", got)
	}
	if got := (events.Event{Status: events.Postponed}).BookingState(february2017); got != events.BookingNoDate {
		t.Errorf("booking of a postponed event is %s", got)
	}
}

func TestEachActionTellsWhatChanged(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		h := open(t, address)
		var told []events.ChangeKind
		h.OnChange(func(_ context.Context, _ *database.Tx, c events.Change) error {
			told = append(told, c.Kind)
			return nil
		})
		must := func(e events.Event, err error) events.Event {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			return e
		}
		e := must(h.Create(h.ctx, dateless()))
		e = must(h.Publish(h.ctx, e.ID))
		e = must(h.SetDate(h.ctx, e.ID, evening()))
		f := events.FormOf(e)
		f.Summary, f.Capacity, f.StartsTime = "Other words", "60", "6:30pm"
		e = must(h.Edit(h.ctx, e.ID, f))
		f = events.FormOf(e)
		f.Summary = "Words alone"
		e = must(h.Edit(h.ctx, e.ID, f))
		f = evening()
		f.VenueName = "Another hall"
		e = must(h.Move(h.ctx, e.ID, f))
		must(h.Move(h.ctx, e.ID, f))
		must(h.Close(h.ctx, e.ID))
		must(h.Open(h.ctx, e.ID))
		must(h.Postpone(h.ctx, e.ID, "Snow"))
		must(h.SetDate(h.ctx, e.ID, evening()))
		h.clock.set(time.Date(2017, 3, 1, 9, 0, 0, 0, time.UTC))
		must(h.Hold(h.ctx, e.ID, events.Turnout{People: "49"}))
		must(h.Hold(h.ctx, e.ID, events.Turnout{People: "50"}))
		must(h.Cancel(h.ctx, h.inStatus(t, events.Closed), "Snow"))
		want := []events.ChangeKind{events.Published, events.Dated, events.Moved, events.PlacesChanged, events.Moved, events.ChangeClosed, events.Reopened,
			events.ChangePostponed, events.Dated, events.ChangeHeld, events.Published, events.ChangeClosed, events.ChangeCancelled}
		if !slices.Equal(told, want) {
			t.Fatalf("told\n%v, want\n%v", told, want)
		}
	})
}

func TestAListenerThatFailsUndoesTheChange(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		h := open(t, address)
		e := h.published(t, evening())
		var seen string
		h.OnChange(func(_ context.Context, tx *database.Tx, c events.Change) error {
			if err := tx.Raw("SELECT status FROM events WHERE id = ?", c.After.ID).Row().Scan(&seen); err != nil {
				return err
			}
			return errors.New("no")
		})
		if _, err := h.Cancel(h.ctx, e.ID, "Snow"); err == nil {
			t.Fatal("the listener's error was lost")
		}
		if seen != "cancelled" {
			t.Errorf("the listener saw %q: it is not in the transaction", seen)
		}
		stored, err := h.ByID(h.ctx, e.ID)
		if err != nil || stored.Status != events.Open || stored.Version != e.Version {
			t.Errorf("something remained: %s, version %d, %v", stored.Status, stored.Version, err)
		}
		var entries int64
		h.db.Read(h.ctx).Raw("SELECT COUNT(*) FROM audit_entries WHERE action = 'event.cancel'").Scan(&entries)
		if entries != 0 {
			t.Error("what was not done stands in the audit log")
		}
	})
}

func TestALockedEventHoldsWhatBookingNeeds(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		h := open(t, address)
		e := h.published(t, evening())
		err := h.db.Write(h.ctx, func(tx *database.Tx) error {
			locked, err := events.LockForBooking(tx, e.ID)
			if err != nil {
				return err
			}
			if locked.Capacity != 50 || !locked.StartsAt.Equal(*e.StartsAt) || locked.When() != e.When() || locked.Status != events.Open || !locked.WaitingList {
				t.Errorf("locked %+v", locked)
			}
			_, err = events.LockForBooking(tx, 404)
			return err
		})
		if fault.KindOf(err) != fault.NotFound {
			t.Fatalf("an event that is not there: %v", err)
		}
	})
}

package bookings

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/events"
	"conversations/app/fault"
)

// asking books a party of two of which the first needs a signer and large print, and the second a Polish interpreter.
func (w *world) asking(e events.Event, i int) Booking {
	w.t.Helper()
	r := resident(i, 2)
	r.Names = []string{fmt.Sprintf("Companion Example %d", i)}
	r.Needs = []NeedRequest{{Position: 1, Need: "bsl"}, {Position: 1, Need: "large-print"}, {Position: 2, Need: "interpreter", Note: "Polish, for Companion"}}
	return w.book(e, r)
}

// need reads a need of a booking by its code.
func (w *world) need(b Booking, code string) AccessNeed {
	w.t.Helper()
	for _, n := range must(w.bookings.Details(w.ctx, ByBooker, b.ID))(w.t).Needs {
		if n.Need == code {
			return n
		}
	}
	w.t.Fatalf("booking %d has no need %s", b.ID, code)
	return AccessNeed{}
}

func (w *world) setNeed(b Booking, code string, to NeedState, offer string) {
	w.t.Helper()
	n := w.need(b, code)
	must(w.bookings.SetNeed(w.ctx, n.ID, NeedChange{Version: n.Version, State: to, Offer: offer}))(w.t)
}

func TestNeedsAreDueByTheDayWorkedBackFromTheEvent(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		e := w.openEvent(10, 4) // 28 February 2017
		b := w.asking(e, 1)
		due := func() string {
			return w.need(b, "bsl").DueOn + " " + w.need(b, "large-print").DueOn + " " + w.need(b, "interpreter").DueOn
		}
		if got := due(); got != "2017-02-07 2017-02-23 2017-02-14" {
			t.Fatalf("due %s", got)
		}
		f := events.FormOf(must(w.events.ByID(w.ctx, e.ID))(t))
		f.StartsDay, f.StartsMonth = "8", "5" // 21 days before is Easter Monday
		must(w.events.Move(w.ctx, e.ID, f))(t)
		if got := due(); got != "2017-04-13 2017-05-03 2017-04-24" {
			t.Errorf("after the move due %s", got)
		}
		must(w.events.Postpone(w.ctx, e.ID, "The hall is closed."))(t)
		if got := due(); got != "  " {
			t.Errorf("while postponed due %q", got)
		}
		if open, late := w.summary(); open != 3 || late != 0 {
			t.Errorf("while postponed %d are open and %d late", open, late)
		}
		f = events.FormOf(must(w.events.ByID(w.ctx, e.ID))(t))
		f.StartsDay, f.StartsMonth, f.StartsYear, f.StartsTime, f.EndsTime = "28", "3", "2017", "7pm", "9pm"
		must(w.events.SetDate(w.ctx, e.ID, f))(t)
		if got := due(); got != "2017-03-07 2017-03-23 2017-03-14" {
			t.Errorf("with the new date due %s", got)
		}
		must(w.events.Cancel(w.ctx, e.ID, "Too few could come."))(t)
		if open, _ := w.summary(); open != 0 || w.need(b, "bsl").State != NoLongerNeeded {
			t.Errorf("after the event was cancelled %d are open and the signer is %s", open, w.need(b, "bsl").State)
		}
	})
}

func (w *world) summary() (open, late int) {
	w.t.Helper()
	open, late, err := w.bookings.AccessSummary(w.ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	return open, late
}

func TestChangedLeadTimesReachTheTasksThatAreThere(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		b := w.asking(w.openEvent(10, 4), 1)
		w.bookings.cfg.Access.LeadDays.BSL = 14
		w.bookings.work = newWorkdays([]string{"2017-02-14"})
		if err := w.bookings.Redate(w.ctx); err != nil {
			t.Fatal(err)
		}
		if got := w.need(b, "bsl").DueOn; got != "2017-02-13" {
			t.Errorf("due %s", got)
		}
	})
}

func TestTheLateAreCountedAndComeFirst(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address) // on 20 February
		far := w.openEvent(10, 4, func(f *events.Form) { f.Slug, f.StartsDay, f.StartsMonth = "far", "20", "6" })
		w.asking(far, 1)
		b := w.asking(w.openEvent(10, 4), 2)
		if open, late := w.summary(); open != 6 || late != 2 {
			t.Fatalf("%d open, %d late", open, late)
		}
		page := must(w.bookings.Tasks(w.ctx, TaskFilter{}))(t)
		var order []string
		for _, task := range page.Tasks {
			order = append(order, fmt.Sprint(task.DueOn, task.Late("2017-02-20")))
		}
		want := []string{"2017-02-07true", "2017-02-14true", "2017-02-23false", "2017-05-30false", "2017-06-06false", "2017-06-15false"}
		if page.Total != 6 || !slices.Equal(order, want) {
			t.Errorf("%d: %v", page.Total, order)
		}
		w.clock.set(time.Date(2017, 2, 23, 23, 30, 0, 0, time.UTC))
		if _, late := w.summary(); late != 2 {
			t.Errorf("on the day itself %d are late", late)
		}
		w.clock.set(time.Date(2017, 2, 24, 0, 30, 0, 0, time.UTC))
		if _, late := w.summary(); late != 3 {
			t.Errorf("on the day after %d are late", late)
		}
		w.setNeed(b, "bsl", Arranged, "")
		must(w.bookings.Cancel(w.ctx, ByBooker, b.ID))(t)
		if open, late := w.summary(); open != 3 || late != 0 {
			t.Errorf("after the booking was cancelled %d open, %d late", open, late)
		}
		off := must(w.bookings.Tasks(w.ctx, TaskFilter{State: TasksCallOff}))(t)
		if off.Total != 1 || off.Tasks[0].Need != "bsl" {
			t.Errorf("to call off: %+v", off.Tasks)
		}
		w.clock.set(time.Date(2017, 7, 1, 9, 0, 0, 0, time.UTC))
		if open, _ := w.summary(); open != 0 {
			t.Errorf("after the events %d are open", open)
		}
	})
}

func TestTheListIsFiltered(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		e := w.openEvent(10, 4)
		b, _ := w.asking(e, 1), w.asking(w.openEvent(10, 4, func(f *events.Form) { f.Slug = "other" }), 2)
		w.setNeed(b, "large-print", Arranged, "")
		for _, c := range []struct {
			filter TaskFilter
			want   int
		}{
			{TaskFilter{}, 5}, {TaskFilter{Event: e.Slug}, 2}, {TaskFilter{Need: "bsl"}, 2}, {TaskFilter{Owner: "nobody"}, 5}, {TaskFilter{Owner: "7"}, 0},
			{TaskFilter{State: "arranged"}, 1}, {TaskFilter{State: TasksAll}, 6}, {TaskFilter{State: TasksLate}, 4}, {TaskFilter{State: TasksLate, Event: e.Slug, Need: "bsl"}, 1},
			{TaskFilter{Page: 99}, 5},
		} {
			if page := must(w.bookings.Tasks(w.ctx, c.filter))(t); page.Total != c.want || len(page.Tasks) != c.want {
				t.Errorf("%+v: %d of %d, want %d", c.filter, len(page.Tasks), page.Total, c.want)
			}
		}
	})
}

// colleagues adds members of staff with the ids 1 to 3; the last is at the door.
func (w *world) colleagues() {
	w.t.Helper()
	w.colleague(1)
	w.colleague(2)
	w.colleague(3)
	atDoor := func(tx *database.Tx) error { return tx.Exec(`UPDATE staff SET role = 'door' WHERE id = 3`).Error }
	if err := w.db.Write(w.ctx, atDoor); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) colleague(id int64) {
	w.t.Helper()
	add := func(tx *database.Tx) error {
		return tx.Exec(`INSERT INTO staff (id, email, name, role, active, created_at, updated_at) VALUES (?, ?, ?, 'engagement', TRUE, ?, ?)`,
			id, fmt.Sprintf("officer%d@officers.example", id), fmt.Sprintf("Officer Example %d", id), tx.Now(), tx.Now()).Error
	}
	if err := w.db.Write(w.ctx, add); err != nil {
		w.t.Fatal(err)
	}
}

// as is the context of a member of staff.
func (w *world) as(id int64, role string) context.Context {
	return audit.WithActor(w.t.Context(), audit.Actor{Kind: audit.Staff, ID: id, Name: fmt.Sprintf("Officer Example %d", id), Role: role})
}

func TestOnlyWhoLooksAfterBookingsCanSeeToANeed(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	w.colleagues()
	b := w.asking(w.openEvent(10, 4), 1)
	n := w.need(b, "bsl")
	if err := w.bookings.AssignNeed(w.as(1, "engagement"), n.ID, n.Version, 3); fault.KindOf(err) != fault.Invalid {
		t.Errorf("the door was given a need: %v", err)
	}
	if err := w.bookings.AssignNeed(w.as(1, "engagement"), n.ID, n.Version, 2); err != nil {
		t.Fatal(err)
	}
	if got := w.need(b, "bsl"); got.OwnerID == nil || *got.OwnerID != 2 || got.Version != n.Version+1 {
		t.Errorf("owner %v at version %d", got.OwnerID, got.Version)
	}
	if mine := must(w.bookings.Tasks(w.as(2, "engagement"), TaskFilter{Owner: "me"}))(t); mine.Total != 1 {
		t.Errorf("the owner has %d", mine.Total)
	}
	if len(w.mails(b)) != 1 {
		t.Error("the booker was told who sees to it")
	}
}

package bookings

import (
	"slices"
	"strings"
	"testing"

	"conversations/app/database/databasetest"
	"conversations/app/events"
	"conversations/app/fault"
)

func TestTheBookerIsToldOfEachChangeOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		e := w.openEvent(10, 4)
		b := w.asking(e, 1)
		n := w.need(b, "bsl")
		change := NeedChange{Version: n.Version, State: Arranged}
		must(w.bookings.SetNeed(w.ctx, n.ID, change))(t)
		if _, err := w.bookings.SetNeed(w.ctx, n.ID, change); fault.KindOf(err) != fault.Conflict {
			t.Errorf("the same form sent twice: %v", err)
		}
		w.setNeed(b, "interpreter", NotPossible, "A Polish leaflet")
		if got := w.mails(b); !slices.Equal(got, []string{"booking.booked", "booking.need", "booking.need"}) {
			t.Errorf("mails %v", got)
		}
		phoned := byTelephone(9, 1)
		phoned.Needs = []NeedRequest{{Position: 1, Need: "hearing-loop"}}
		p := w.book(e, phoned)
		w.setNeed(p, "hearing-loop", Arranged, "")
		if got := w.calls(p); !slices.Equal(got, []string{"booked", "need"}) {
			t.Errorf("calls %v", got)
		}
	})
}

func TestNotPossibleNeedsAnOffer(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	b := w.asking(w.openEvent(10, 4), 1)
	n := w.need(b, "bsl")
	for _, c := range []NeedChange{{State: NotPossible}, {State: NotPossible, Offer: "  "}, {State: NotPossible, Offer: strings.Repeat("x", 501)}, {State: "perhaps"}, {State: Asked}} {
		c.Version = n.Version
		if _, err := w.bookings.SetNeed(w.ctx, n.ID, c); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if got := w.mails(b); len(got) != 1 {
		t.Errorf("a refused change was told: %v", got)
	}
}

func TestOfTwoWhoChangeANeedAtOnceTheSecondIsTold(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		b := w.asking(w.openEvent(10, 4), 1)
		n := w.need(b, "bsl")
		results := make(chan error, 2)
		for _, state := range []NeedState{Arranged, NotPossible} {
			go func() {
				_, err := w.bookings.SetNeed(w.ctx, n.ID, NeedChange{Version: n.Version, State: state, Offer: "Notes"})
				results <- err
			}()
		}
		first, second := <-results, <-results
		if (first == nil) == (second == nil) {
			t.Fatalf("both fared alike: %v, %v", first, second)
		}
		for _, err := range []error{first, second} {
			if err != nil && (fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "Somebody else changed this")) {
				t.Errorf("the second was told %v", err)
			}
		}
		if got := w.mails(b); !slices.Equal(got, []string{"booking.booked", "booking.need"}) {
			t.Errorf("mails %v", got)
		}
		if err := w.bookings.AssignNeed(w.ctx, n.ID, n.Version, 0); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a stale page took the need: %v", err)
		}
	})
}

func TestAnUndoIsAStepOfItsOwnAndToldToTheBooker(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		w.colleagues()
		b := w.asking(w.openEvent(10, 4), 1)
		n := w.need(b, "bsl")
		first, second := w.as(1, "engagement"), w.as(2, "engagement")
		must(w.bookings.SetNeed(first, n.ID, NeedChange{Version: n.Version, State: NotPossible, Offer: "Notes afterwards"}))(t)
		n = w.need(b, "bsl")
		must(w.bookings.SetNeed(first, n.ID, NeedChange{Version: n.Version, State: Arranged}))(t)
		step := must(stepsOf(w.db.Read(w.ctx), n.ID))(t)[0]
		if err := w.bookings.UndoNeed(second, n.ID, step.ID); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("somebody else undid it: %v", err)
		}
		if err := w.bookings.UndoNeed(first, n.ID, step.ID); err != nil {
			t.Fatal(err)
		}
		n = w.need(b, "bsl")
		if n.State != NotPossible || n.Offer != "Notes afterwards" {
			t.Errorf("after the undo it is %s, %q", n.State, n.Offer)
		}
		steps := must(stepsOf(w.db.Read(w.ctx), n.ID))(t)
		if len(steps) != 3 || steps[0].Why != whyUndo || steps[0].StaffID == nil || *steps[0].StaffID != 1 {
			t.Errorf("steps %+v", steps)
		}
		if err := w.bookings.UndoNeed(first, n.ID, step.ID); fault.KindOf(err) != fault.Conflict {
			t.Errorf("undone twice: %v", err)
		}
		mails := must(w.outbox.About(w.ctx, "bookings", b.ID))(t)
		if len(mails) != 4 || mails[0].Subject != "A correction: Conversation event in St Albans" {
			t.Errorf("%d mails, the last is %q", len(mails), mails[0].Subject)
		}
	})
}

func TestWhatWasArrangedForTheOldDateIsAskedForAgain(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		e := w.openEvent(10, 4)
		b := w.asking(e, 1)
		w.setNeed(b, "bsl", Arranged, "")
		w.setNeed(b, "large-print", Arranged, "")
		f := events.FormOf(must(w.events.ByID(w.ctx, e.ID))(t))
		f.StartsDay, f.StartsMonth = "14", "3"
		must(w.events.Move(w.ctx, e.ID, f))(t)
		w.tellAll()
		if n := w.need(b, "bsl"); n.State != Asked || !n.CallOff {
			t.Errorf("the signer is %+v", n)
		}
		if n := w.need(b, "large-print"); n.State != Arranged {
			t.Errorf("the papers are %s", n.State)
		}
		moved := w.lastMail(b)
		if !strings.Contains(moved, "Not arranged yet for the new date or place") {
			t.Errorf("the mail does not say so: %s", moved)
		}
		n := w.need(b, "bsl")
		if err := w.bookings.CalledOff(w.ctx, n.ID, n.Version); err != nil {
			t.Fatal(err)
		}
		must(w.events.Postpone(w.ctx, e.ID, "The hall is closed."))(t)
		n = w.need(b, "bsl")
		if _, err := w.bookings.SetNeed(w.ctx, n.ID, NeedChange{Version: n.Version, State: Arranged}); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a signer was arranged for no date: %v", err)
		}
	})
}

// lastMail is the content of the newest mail of a booking.
func (w *world) lastMail(b Booking) (content string) {
	w.t.Helper()
	err := w.db.Read(w.ctx).Raw(`SELECT content FROM mails WHERE about = 'bookings' AND about_id = ? ORDER BY id DESC LIMIT 1`, b.ID).Row().Scan(&content)
	if err != nil {
		w.t.Fatal(err)
	}
	return content
}

func TestANeedThatGoesOrComesBackIsATaskOfItsOwn(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	b := w.asking(w.openEvent(10, 4), 1)
	w.setNeed(b, "bsl", Arranged, "")
	r := resident(1, 2)
	r.Names = []string{"Companion Example 1"}
	must(w.bookings.Change(w.ctx, ByBooker, b.ID, r))(t) // all gone
	if n := w.need(b, "bsl"); n.State != NoLongerNeeded || !n.CallOff {
		t.Errorf("the signer is %+v", n)
	}
	if n := w.need(b, "interpreter"); n.State != NoLongerNeeded || n.CallOff {
		t.Errorf("the interpreter is %+v", n)
	}
	r.Needs = []NeedRequest{{Position: 1, Need: "bsl"}, {Position: 2, Need: "hearing-loop"}}
	must(w.bookings.Change(w.ctx, ByBooker, b.ID, r))(t)
	if n := w.need(b, "bsl"); n.State != Asked || n.DueOn != "2017-02-07" {
		t.Errorf("the signer is %+v", n)
	}
	if n := w.need(b, "hearing-loop"); n.State != Asked || n.DueOn != "2017-02-24" {
		t.Errorf("the loop is %+v", n)
	}
}

func TestOneDecisionCanHoldForEverybodyWhoAskedForTheSame(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		e := w.openEvent(20, 4)
		b, other, elsewhere := w.asking(e, 1), w.asking(e, 2), w.asking(w.openEvent(10, 4, func(f *events.Form) { f.Slug = "other" }), 3)
		gone := w.asking(e, 4)
		must(w.bookings.Cancel(w.ctx, ByBooker, gone.ID))(t)
		n := w.need(b, "bsl")
		changed, err := w.bookings.SetNeed(w.ctx, n.ID, NeedChange{Version: n.Version, State: Arranged, Others: true})
		if err != nil || changed != 2 {
			t.Fatalf("changed %d, %v", changed, err)
		}
		if w.need(other, "bsl").State != Arranged || w.need(elsewhere, "bsl").State != Asked || w.need(gone, "bsl").State != NoLongerNeeded {
			t.Error("it holds for the wrong people")
		}
		if got := w.mails(other); !slices.Equal(got, []string{"booking.booked", "booking.need"}) {
			t.Errorf("the other got %v", got)
		}
	})
}

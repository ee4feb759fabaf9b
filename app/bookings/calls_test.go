package bookings

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"conversations/app/database/databasetest"
	"conversations/app/events"
	"conversations/app/fault"
)

// due reads the calls that are due, the longest waiting first.
func (w *world) due() []Call {
	w.t.Helper()
	return must(w.bookings.Calls(w.ctx, "due"))(w.t)
}

func (w *world) callees(f CallFilter) (names []string) {
	w.t.Helper()
	for _, who := range must(w.bookings.PeopleToCall(w.as(1, "engagement"), f))(w.t).People {
		names = append(names, fmt.Sprintf("%s %d", who.names(), len(who.Calls)))
	}
	return names
}

func TestStaffWhoBookForACallerOwnNoCall(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		w.colleagues()
		e := w.openEvent(3, 3)
		officer := w.as(1, "engagement")
		told := must(w.bookings.Book(officer, e.ID, byTelephone(1, 2)))(t).Booking
		r := byTelephone(2, 2)
		r.Channel = InPerson
		waits := must(w.bookings.Book(officer, e.ID, r))(t).Booking
		if len(w.due()) != 0 {
			t.Fatalf("due: %+v", w.due())
		}
		done := must(w.bookings.Calls(w.ctx, "done"))(t)
		for _, c := range done {
			if c.Result != toldWhenBooking || c.DoneBy == nil || *c.DoneBy != 1 || c.DoneAt == nil {
				t.Errorf("noted as %+v", c)
			}
		}
		if got := append(w.calls(told), w.calls(waits)...); !slices.Equal(got, []string{"booked", "waiting"}) {
			t.Errorf("calls %v", got)
		}
		r = byTelephone(3, 1)
		r.Channel = Email // a letter: nobody has spoken to them
		must(w.bookings.Book(officer, e.ID, r))(t)
		if due := w.due(); len(due) != 1 || due[0].Kind != "booked" {
			t.Errorf("who wrote is due %+v", due)
		}
		must(w.bookings.Cancel(officer, ByStaff, told.ID))(t) // what happens later is told
		if due := w.due(); len(due) != 3 {
			t.Errorf("after the cancellation %d calls are due, want those of the cancelled, the promoted and who wrote", len(due))
		}
	})
}

func TestWhoeverIsBeingCalledIsCalledByNobodyElse(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		w.colleagues()
		e := w.openEvent(10, 4)
		w.book(e, byTelephone(1, 1))
		w.book(e, byTelephone(2, 1))
		first, second := w.as(1, "engagement"), w.as(2, "engagement")
		id := w.due()[0].ID
		if err := w.bookings.TakeCall(first, id); err != nil {
			t.Fatal(err)
		}
		for what, err := range map[string]error{
			"taken": w.bookings.TakeCall(second, id), "recorded": w.bookings.CallDone(second, id, "spoke", ""),
		} {
			if fault.KindOf(err) != fault.Conflict {
				t.Errorf("a call in hand was %s by somebody else: %v", what, err)
			}
		}
		next, found, err := w.bookings.NextCall(second, CallFilter{})
		if err != nil || !found || next == id {
			t.Errorf("the second was given call %d, %v, %v", next, found, err)
		}
		if _, found, _ := w.bookings.NextCall(w.as(3, "engagement"), CallFilter{}); found {
			t.Error("a third was given a call in hand")
		}
		w.clock.set(start.Add(callHeld + time.Minute)) // the first has forgotten
		if err := w.bookings.TakeCall(second, id); err != nil {
			t.Errorf("after half an hour: %v", err)
		}
		if err := w.bookings.ReleaseCall(second, id); err != nil {
			t.Fatal(err)
		}
		if err := w.bookings.CallDone(first, id, "spoke", ""); err != nil {
			t.Errorf("after it was put back: %v", err)
		}
	})
}

func TestTwoWhoTakeTheNextAtOnceGetDifferentPeople(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		w.colleagues()
		e := w.openEvent(20, 4)
		for i := range 4 {
			w.book(e, byTelephone(i, 1))
		}
		got := make(chan int64, 4)
		for _, id := range []int64{1, 2, 1, 2} {
			go func() {
				call, _, err := w.bookings.NextCall(w.as(id, "engagement"), CallFilter{})
				if err != nil {
					call = -1
				}
				got <- call
			}()
		}
		of := map[int64]int{}
		for range 4 {
			of[<-got]++
		}
		if of[-1] > 0 || len(of) < 2 {
			t.Errorf("given out: %v", of)
		}
		var owners []int64
		if err := w.db.Read(w.ctx).Raw(`SELECT DISTINCT taken_by FROM calls WHERE taken_by IS NOT NULL ORDER BY 1`).Scan(&owners).Error; err != nil || !slices.Equal(owners, []int64{1, 2}) {
			t.Errorf("calls are in the hands of %v, %v", owners, err)
		}
	})
}

func TestCallsToTheSameNumberAreOneConversation(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		w.colleagues()
		e := w.openEvent(10, 4)
		b := w.book(e, byTelephone(1, 1))
		partner := byTelephone(1, 1)
		partner.Name = "Partner Example"
		w.book(e, partner)
		w.book(e, byTelephone(2, 1))
		must(w.bookings.Change(w.ctx, ByBooker, b.ID, byTelephone(1, 2)))(t)
		if got := w.callees(CallFilter{}); !slices.Equal(got, []string{"Resident Example 1 and Partner Example 3", "Resident Example 2 1"}) {
			t.Fatalf("the list is %v", got)
		}
		officer := w.as(1, "engagement")
		who := must(w.bookings.CalleeOf(officer, w.due()[0].ID))(t)
		o := CallOutcome{Calls: idsOf(who.Calls), Result: "spoke", Note: "All well", Round: "one"}
		for range 2 { // the form sent twice
			if err := w.bookings.RecordCalls(officer, o); err != nil {
				t.Fatal(err)
			}
		}
		if got := w.callees(CallFilter{}); !slices.Equal(got, []string{"Resident Example 2 1"}) {
			t.Errorf("the list is %v", got)
		}
		list := must(w.bookings.attempts(w.ctx, who.Calls))(t)
		if len(list) != 3 || list[0].StaffID == nil || *list[0].StaffID != 1 || list[0].Note != "All well" {
			t.Errorf("attempts %+v", list)
		}
	})
}

func TestNobodyAnsweredIsTriedAgainLater(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		w.colleagues()
		e := w.openEvent(10, 4)
		w.book(e, byTelephone(1, 1))
		w.book(e, byTelephone(2, 1))
		officer := w.as(1, "engagement")
		id := w.due()[0].ID
		if err := w.bookings.CallDone(officer, id, "nobody", ""); err != nil {
			t.Fatal(err)
		}
		if got := w.callees(CallFilter{}); !slices.Equal(got, []string{"Resident Example 2 1", "Resident Example 1 1"}) {
			t.Errorf("the list is %v", got)
		}
		next, _, err := w.bookings.NextCall(officer, CallFilter{})
		if err != nil || next == id {
			t.Errorf("next is %d, %v", next, err)
		}
		if err := w.bookings.CallDone(officer, next, "spoke", ""); err != nil {
			t.Fatal(err)
		}
		if _, found, _ := w.bookings.NextCall(officer, CallFilter{}); found {
			t.Error("who did not answer is rung again at once")
		}
		if due := must(w.bookings.CallSummary(officer))(t); due.People != 0 || due.Later != 1 {
			t.Errorf("left to do: %+v", due)
		}
		w.clock.set(start.Add(tryAgainAfter))
		if next, found, _ := w.bookings.NextCall(officer, CallFilter{}); !found || next != id {
			t.Errorf("two hours later next is %d, %v", next, found)
		}
		if due := must(w.bookings.CallSummary(officer))(t); due.People != 1 || !due.Since.Equal(start) {
			t.Errorf("left to do: %+v", due)
		}
	})
}

func TestAnUndoneResultPutsThePersonBackOnTheList(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		w.colleagues()
		w.book(w.openEvent(10, 4), byTelephone(1, 1))
		officer, other := w.as(1, "engagement"), w.as(2, "engagement")
		id := w.due()[0].ID
		if err := w.bookings.RecordCalls(officer, CallOutcome{Calls: []int64{id}, Result: "nobody", Note: "Engaged", Round: "one"}); err != nil {
			t.Fatal(err)
		}
		if err := w.bookings.RecordCalls(officer, CallOutcome{Calls: []int64{id}, Result: "spoke", Note: "Fine", Round: "two"}); err != nil {
			t.Fatal(err)
		}
		if err := w.bookings.UndoCall(officer, "one"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("what was built on was undone: %v", err)
		}
		if err := w.bookings.UndoCall(other, "two"); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("somebody else undid it: %v", err)
		}
		if err := w.bookings.UndoCall(officer, "two"); err != nil {
			t.Fatal(err)
		}
		c := w.due()[0]
		if c.Result != "nobody" || c.Note != "Engaged" || c.DoneAt != nil || c.DoneBy != nil || c.TryAfter == nil {
			t.Errorf("the call is %+v", c)
		}
		if err := w.bookings.UndoCall(officer, "one"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("after the undo: %v", err)
		}
		again := CallOutcome{Calls: []int64{id}, Result: "spoke", Round: "two"}
		if err := w.bookings.RecordCalls(officer, again); fault.KindOf(err) != fault.Conflict {
			t.Errorf("the form that was undone was taken again: %v", err)
		}
		if list := must(w.bookings.attempts(w.ctx, []Call{c}))(t); len(list) != 3 || list[0].Result != undone || list[0].Undoes == nil {
			t.Errorf("the record lost something: %+v", list)
		}
		if err := w.bookings.CallDone(other, id, "spoke", ""); err != nil {
			t.Errorf("the call cannot be made again: %v", err)
		}
	})
}

func TestDueCallsFollowANewNumber(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	b := w.book(w.openEvent(10, 4), byTelephone(1, 1))
	r := byTelephone(1, 1)
	r.Phone = "01632 960 777"
	must(w.bookings.Change(w.ctx, ByBooker, b.ID, r))(t)
	for _, c := range w.due() {
		if c.Phone != "01632 960777" {
			t.Errorf("the call goes to %s", c.Phone)
		}
	}
}

func TestTheRingRoundListIsFiltered(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		w.colleagues()
		e := w.openEvent(1, 1)
		w.book(e, byTelephone(1, 1))
		w.book(e, byTelephone(2, 1)) // waits
		w.book(w.openEvent(5, 1, func(f *events.Form) { f.Slug = "other" }), byTelephone(3, 1))
		officer := w.as(1, "engagement")
		if err := w.bookings.CallDone(officer, w.due()[0].ID, "nobody", ""); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			filter CallFilter
			want   string
		}{
			{CallFilter{Event: "other"}, "Resident Example 3 1"}, {CallFilter{Kind: "waiting"}, "Resident Example 2 1"},
			{CallFilter{Mine: true}, "Resident Example 1 1"}, {CallFilter{Tried: "yes"}, "Resident Example 1 1"},
			{CallFilter{Tried: "no", Event: e.Slug}, "Resident Example 2 1"}, {CallFilter{Event: "none"}, ""},
		} {
			if got := strings.Join(w.callees(c.filter), ", "); got != c.want {
				t.Errorf("%+v: %s, want %s", c.filter, got, c.want)
			}
		}
		if err := w.bookings.CallDone(officer, w.due()[1].ID, "message", ""); err != nil {
			t.Fatal(err)
		}
		done, total, err := w.bookings.CallsDone(officer, CallFilter{Mine: true})
		if err != nil || total != 1 || done[0].Result != "message" {
			t.Errorf("done: %d, %+v, %v", total, done, err)
		}
	})
}

func TestStaffWorkThroughTheRingRoundList(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(10, 4)
	b := s.book(e, byTelephone(1, 2))
	r := byTelephone(1, 3)
	s.book(e, byTelephone(2, 1))
	must(s.bookings.Change(s.ctx, ByBooker, b.ID, r))(t)
	officer := s.staff("engagement")
	officer.get(callsPath).says("2 people to call", "Call the next person", "They have a place", "Their booking has changed")
	p := officer.follow(callsPath+"/next", url.Values{"event": {e.Slug}}).says("Telephone Resident Example 1", "You are calling them", "What the call was about")
	form := p.fields()
	if got := form["call"]; len(got) != 2 || form.Get("event") != e.Slug {
		t.Fatalf("the form has %v", form)
	}
	call := callPath(1)
	form.Del("call")
	officer.post(call, url.Values{"boxes": {"yes"}, "result": {"spoke"}}).is(http.StatusUnprocessableEntity).says("Tick what the call was about")
	form = p.fields()
	form.Set("result", "spoke")
	form.Set("next", "yes")
	officer.follow(call, form).says("The call is recorded", "Telephone Resident Example 2", "You are calling them")
	officer.get(callsPath).says("1 person to call")
	officer.get(callsPath+"?state=done&mine=on").says("Spoke to them", "Example Officer")
	p = officer.get(call).says("What was done", "Example Officer: Spoke to them", "Undo the last result")
	officer.follow(call+"/undo", url.Values{"round": {p.field("round")}}).says("It is undone", "Undid what was recorded before")
	officer.get(callsPath).says("2 people to call")
	last := url.Values{"result": {"nobody"}, "again": {"tomorrow"}, "next": {"yes"}, "event": {"none"}}
	officer.follow(callPath(2), last).says("There is nobody left to call now")
	officer.get(callPath(2)).says("Try again after Tue 21 Feb 2017, 09:00")
	officer.follow(callPath(2)+"/take", nil).says("You are calling them")
	officer.follow(callPath(2)+"/release", nil).says("They are back on the list")
}

func TestSomebodyInACallIsShownToTheOthers(t *testing.T) {
	s := newSite(t)
	s.book(s.openEvent(10, 4), byTelephone(1, 2))
	s.colleague(5)
	if err := s.bookings.TakeCall(s.as(5, "engagement"), 1); err != nil {
		t.Fatal(err)
	}
	officer := s.staff("engagement")
	officer.get(callsPath).says("Being called by Officer Example 5 since 09:00")
	officer.get(callPath(1)).says("Officer Example 5 is calling them now").keepsQuietOf("Record the call")
	officer.post(callPath(1), url.Values{"result": {"spoke"}}).is(http.StatusConflict)
	officer.post(callPath(1)+"/take", nil).is(http.StatusConflict)
}

func TestTheListsOfStaffAreTakenOutAndThatIsRecorded(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(10, 4)
	s.asking(e, 1)
	s.book(e, byTelephone(2, 1))
	officer := s.staff("engagement")
	for path, want := range map[string]string{
		callsPath + ".csv?kind=booked": "Resident Example 2,01632 960002,", accessPath + ".csv?need=bsl": "2017-02-07,yes,A British Sign Language interpreter,",
	} {
		p := officer.get(path).is(http.StatusOK)
		if !strings.Contains(p.body, want) || strings.Count(p.body, "\r\n") != 2 || !strings.Contains(p.header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s gave %q", path, p.body)
		}
	}
	officer.get(callsPath + ".xlsx").is(http.StatusOK)
	var actions []string
	err := s.db.Read(s.ctx).Raw(`SELECT action || ' ' || details FROM audit_entries WHERE action LIKE '%.export' ORDER BY action, id`).Scan(&actions).Error
	if err != nil || len(actions) != 3 || !strings.Contains(strings.Join(actions, " "), `"kind":"booked"`) {
		t.Errorf("recorded %v, %v", actions, err)
	}
	for _, path := range []string{callsPath + ".csv", accessPath + ".xlsx"} {
		s.staff("door").get(path).is(http.StatusForbidden)
	}
}

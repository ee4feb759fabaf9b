package bookings

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"conversations/app/events"
)

func TestWhereNoPlacesCanBeBookedThePageSaysSo(t *testing.T) {
	cases := []struct {
		name      string
		event     func(s *site) events.Event
		get, post int
		says      string
	}{
		{"draft", func(s *site) events.Event {
			return must(s.events.Create(s.ctx, events.Form{Title: "Draft", Locality: "dacorum", Capacity: "5", MaxParty: "2"}))(s.t)
		}, 404, 404, "Page not found"},
		{"no date yet", undated, 303, 303, ""},
		{"closed", func(s *site) events.Event { return must(s.events.Close(s.ctx, s.openEvent(5, 2).ID))(s.t) }, 200, 409, "Booking is closed"},
		{"cancelled", func(s *site) events.Event {
			return must(s.events.Cancel(s.ctx, s.openEvent(5, 2).ID, "The hall is shut."))(s.t)
		}, 200, 409, "This event is cancelled"},
		{"begun", func(s *site) events.Event {
			e := s.openEvent(5, 2)
			s.clock.set(e.StartsAt.Add(time.Minute))
			return e
		}, 200, 409, "Booking is closed"},
		{"full with no waiting list", func(s *site) events.Event {
			e := s.openEvent(2, 2, func(f *events.Form) { f.WaitingList = false })
			s.book(e, resident(1, 2))
			return e
		}, 200, 409, "This event is full"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t)
			e := c.event(s)
			before := s.rows()
			shown := s.resident().get("/events/" + e.Slug + "/book").is(c.get)
			answered := s.resident().post("/events/"+e.Slug+"/book", typed()).is(c.post)
			if c.get == http.StatusSeeOther && (shown.location != interestPath(e) || answered.location != interestPath(e)) {
				t.Errorf("led to %q and %q, want %q", shown.location, answered.location, interestPath(e))
			}
			shown.says(c.says)
			answered.says(c.says)
			if c.get == http.StatusOK {
				answered.says("01442 898867", "Monday to Friday")
			}
			if got := s.added(before); len(got) > 0 {
				t.Errorf("added %v, want nothing", got)
			}
		})
	}
}

func undated(s *site) events.Event {
	e := must(s.events.Create(s.ctx, events.Form{Title: "Later", Locality: "dacorum", Summary: "A talk.", Capacity: "5", MaxParty: "2", WaitingList: true}))(s.t)
	return must(s.events.Publish(s.ctx, e.ID))(s.t)
}

func TestTooFewPlacesWithoutAWaitingListLeadsToTheNumberOfPeople(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(4, 4, func(f *events.Form) { f.WaitingList = false })
	s.book(e, resident(1, 3))
	p := s.resident().post("/events/"+e.Slug+"/book", typed("party_size", "2")).is(http.StatusUnprocessableEntity)
	p.says("Only 1 place left")
	if got := p.summary(); !slices.Equal(got, []string{"party_size"}) {
		t.Errorf("the summary leads to %v", got)
	}
}

func TestInterestIsAnsweredTheSameWhetherKnownOrNot(t *testing.T) {
	s := newSite(t)
	e := undated(s)
	s.resident().get(interestPath(e)).is(http.StatusOK).says("Tell me when I can book", "This event has no date yet")
	first := s.resident().follow(interestPath(e), typed())
	first.says("Thank you. We will tell you")
	before := s.rows()
	if again := s.resident().follow(interestPath(e), typed()); again.words() != first.words() {
		t.Errorf("the page differs for somebody who is known:\n%s\n%s", first.words(), again.words())
	}
	if got := s.added(before); len(got) > 0 {
		t.Errorf("added %v, want nothing the second time", got)
	}
	s.resident().post(interestPath(e), typed("name", "", "email", "")).is(http.StatusUnprocessableEntity).says("Enter your full name")
}

func TestInterestInAFullEventWithoutAWaitingListIsTaken(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(2, 2, func(f *events.Form) { f.WaitingList = false })
	s.book(e, resident(1, 2))
	if p := s.resident().get(bookPath(e)).says("Tell me when I can book"); !strings.Contains(p.body, `href="`+interestPath(e)+`"`) {
		t.Error("nothing leads to the page that takes interest")
	}
	s.resident().get(interestPath(e)).says("This event is full.")
	s.resident().follow(interestPath(e), typed()).says("We will tell you")
	if n := s.rows()["interests"]; n != 1 {
		t.Errorf("%d people left interest", n)
	}
}

func TestInterestInAnEventThatTakesBookingsLeadsToTheBooking(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(5, 2)
	if p := s.resident().get(interestPath(e)).is(http.StatusSeeOther); p.location != bookPath(e) {
		t.Errorf("led to %s", p.location)
	}
}

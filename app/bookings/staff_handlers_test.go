package bookings

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"conversations/app/events"
)

func TestStaffBookForACaller(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(10, 4)
	officer := s.staff("engagement")
	officer.get(newPath(e)).is(http.StatusOK).says("Book for a caller", "How did they ask?", "this is recorded").keepsQuietOf("leave_empty")
	p := officer.follow(newPath(e), typed("email", "", "phone", "01632 960 123", "party_size", "2", "channel", "telephone"))
	b := s.only()
	p.says("Tell the caller", "You have 2 places at "+e.Title, "Your booking reference is "+b.Spoken(), "we telephone you on 01632 960123")
	if b.Channel != Telephone || b.People != 2 {
		t.Errorf("booked %d by %s", b.People, b.Channel)
	}
	form := typed("email", "", "phone", "01632 960 123", "party_size", "2", "channel", "telephone", "form_key", "another")
	officer.follow(newPath(e), form).says("You had booked already")
	if len(s.all()) != 1 {
		t.Error("the caller was booked twice")
	}
}

func TestStaffGoAboveTheCapacityOnlyByTickingTheBox(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(2, 2, func(f *events.Form) { f.WaitingList = false })
	s.book(e, resident(1, 2))
	officer := s.staff("engagement")
	p := officer.post(newPath(e), typed("channel", "email")).is(http.StatusUnprocessableEntity).says("This event is full")
	if got := p.summary(); !slices.Equal(got, []string{"override"}) {
		t.Errorf("the summary leads to %v", got)
	}
	officer.follow(newPath(e), typed("channel", "email", "override", "yes")).says("You have 1 place", "Above capacity")
	var details string
	if err := s.db.Read(s.ctx).Raw(`SELECT details FROM audit_entries WHERE action = 'booking.create' ORDER BY id DESC LIMIT 1`).Row().Scan(&details); err != nil || !strings.Contains(details, `"over_capacity":true`) {
		t.Errorf("the audit log has %s, %v", details, err)
	}
}

func TestARefusedFormOfStaffKeepsTheChannel(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(10, 4)
	p := s.staff("engagement").post(newPath(e), typed("name", "", "channel", "in-person", "override", "yes")).is(http.StatusUnprocessableEntity)
	if got := p.fields(); got.Get("channel") != "in-person" || got.Get("override") == "" || !strings.HasPrefix(p.title(), "Error: ") {
		t.Errorf("kept %v under %q", got, p.title())
	}
	s.staff("engagement").post(newPath(e), typed()).is(http.StatusUnprocessableEntity).says("Choose how the booking reached us")
}

func TestTheListOfAnEventIsFilteredByItsAddress(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(3, 3)
	b := s.family(e)
	waiting := s.book(e, byTelephone(2, 2))
	officer := s.staff("engagement")
	officer.get("/staff/bookings?event="+e.Slug).is(http.StatusOK).says("3 of 3 places taken, full, 2 people waiting", b.Spoken(), waiting.Spoken(),
		"On the waiting list", "A British Sign Language interpreter: asked for", "robin@residents.example", "01632 960002", "Book for a caller")
	officer.get("/staff/bookings?event=" + e.Slug + "&status=waiting").says(waiting.Spoken()).keepsQuietOf(b.Spoken())
	officer.get("/staff/bookings?event=" + e.Slug + "&q=robin").says(b.Spoken()).keepsQuietOf(waiting.Spoken())
	officer.get("/staff/bookings?event="+e.Slug+"&q=nobody").says("No booking fits", "Show all bookings")
	officer.get("/staff/bookings").says(e.Title, "Next events", "2 bookings")
	officer.get("/staff/bookings?q="+strings.ToLower(b.Spoken())).says(b.Spoken(), e.Title).keepsQuietOf(waiting.Spoken())
	officer.get("/staff/bookings?q=resident+example").says(waiting.Spoken())
}

func TestAReferenceWithADigitFindsNoOtherBookingByItsTelephoneNumber(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(3, 3)
	waiting := s.book(e, byTelephone(2, 2))
	s.staff("engagement").get("/staff/bookings?event=" + e.Slug + "&q=hn6-fra").says("No booking fits").keepsQuietOf(waiting.Spoken())
	s.staff("engagement").get("/staff/bookings?event=" + e.Slug + "&q=01632+960").says(waiting.Spoken())
}

func TestStaffSeeABookingWithItsMailsAndCalls(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(3, 3)
	b := s.family(e)
	telephoned := s.book(e, byTelephone(2, 2))
	officer := s.staff("engagement")
	officer.get(bookingPath(b.ID)).is(http.StatusOK).says(b.Spoken(), "Robin Example", "Sam Example", "Note: Polish", "You are booked: "+e.Title, "Waiting to be sent")
	officer.get(bookingPath(telephoned.ID)).says("Telephone calls", "They are on the waiting list", "Give them their places")
	officer.get(bookingPath(999)).is(http.StatusNotFound)
	officer.get(listPath + "/nonsense").is(http.StatusNotFound)
}

func TestStaffChangeAndCancel(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(10, 4)
	b := s.family(e)
	officer := s.staff("engagement")
	form := officer.get(bookingPath(b.ID) + "/change").is(http.StatusOK).fields()
	form.Set("email", "robin.new@residents.example")
	officer.follow(bookingPath(b.ID)+"/change", form).says("The booking is changed", "robin.new@residents.example")
	form.Set("email", "no address")
	officer.post(bookingPath(b.ID)+"/change", form).is(http.StatusUnprocessableEntity).says("Enter an email address in the right form")
	officer.get(bookingPath(b.ID) + "/cancel").is(http.StatusOK).says("Cancel this booking?")
	officer.follow(bookingPath(b.ID)+"/cancel", nil).says("The booking is cancelled")
	if s.status(b) != Cancelled {
		t.Error("it is not cancelled")
	}
}

func TestGivingPlacesByHandNeedsAReasonAndRoomOrTheBox(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(2, 2)
	s.book(e, resident(1, 2))
	waiting := s.book(e, resident(2, 2))
	officer := s.staff("engagement")
	give := bookingPath(waiting.ID) + "/places"
	officer.post(give, nil).is(http.StatusUnprocessableEntity).says("Say why this party gets its places now")
	p := officer.post(give, url.Values{"reason": {"Spoke to them"}}).is(http.StatusUnprocessableEntity).says("This party needs 2 places, and 0 are free")
	if p.fields().Get("reason") != "Spoke to them" || !slices.Equal(p.summary(), []string{"override"}) {
		t.Errorf("kept %v, the summary leads to %v", p.fields(), p.summary())
	}
	officer.follow(give, url.Values{"reason": {"Spoke to them"}, "override": {"yes"}}).says("They have their places")
	if s.status(waiting) != Confirmed {
		t.Error("the party has no places")
	}
}

func TestPeopleToTelephone(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(10, 4)
	b := s.book(e, byTelephone(1, 2))
	officer := s.staff("engagement")
	list := officer.get(callsPath).is(http.StatusOK).says(b.Name, b.Phone, "They have a place", e.Title)
	if !strings.Contains(list.body, `href="tel:01632960001"`) {
		t.Error("the number cannot be pressed")
	}
	call := fmt.Sprintf("%s/%d", callsPath, 1)
	officer.get(call).is(http.StatusOK).says("What to say", "You have 2 places", b.Spoken(), "Record the call")
	p := officer.post(call, url.Values{"note": {"Ring after 6pm"}}).is(http.StatusUnprocessableEntity).says("Choose what came of the call")
	if p.fields().Get("note") != "Ring after 6pm" {
		t.Error("the note is lost")
	}
	officer.follow(call, url.Values{"result": {"nobody"}}).says("The call is recorded", b.Name, "Nobody answered")
	officer.follow(call, url.Values{"result": {"spoke"}, "note": {"All well"}}).says("Nobody is waiting for a call")
	officer.get(callsPath+"?state=done").says(b.Name, "Spoke to them")
	officer.get(call).says("All well").keepsQuietOf("Record the call")
	officer.post(call, url.Values{"result": {"spoke"}}).is(http.StatusConflict)
	officer.get(callsPath + "/99").is(http.StatusNotFound)
}

func TestOnlyWhoMayReachesTheStaffPages(t *testing.T) {
	s := newSite(t)
	b := s.book(s.openEvent(10, 4), resident(1, 1))
	fill := strings.NewReplacer(":id", "1")
	door := s.staff("door")
	for _, r := range s.routes {
		if !strings.HasPrefix(r.Path, "/staff/bookings") && !strings.HasPrefix(r.Path, "/staff/calls") && !strings.HasPrefix(r.Path, "/staff/access") {
			continue
		}
		for who, want := range map[*browser]int{{site: s}: http.StatusSeeOther, &door: http.StatusForbidden} {
			var p page
			if r.Method == http.MethodGet {
				p = who.get(fill.Replace(r.Path))
			} else {
				p = who.post(fill.Replace(r.Path), url.Values{"reason": {"none"}, "result": {"spoke"}})
			}
			if p.status != want || strings.Contains(p.body, b.Name) {
				t.Errorf("%s %s answered %d, want %d", r.Method, r.Path, p.status, want)
			}
		}
	}
	if s.status(b) != Confirmed {
		t.Error("somebody who may not cancelled a booking")
	}
}

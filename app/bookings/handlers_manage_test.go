package bookings

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"conversations/app/events"
)

// family books three people with needs over the web and gives their booking.
func (s *site) family(e events.Event) Booking {
	s.t.Helper()
	s.resident().follow(bookPath(e), typed("party_size", "3", "attendee_name_2", "Sam Example", "access_needs", "bsl",
		"access_needs_3", "interpreter", "access_notes_3", "Polish"))
	list := s.all()
	return list[len(list)-1]
}

func TestTheManagePageShowsTheBookingAndEachNeedWithItsState(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(10, 4)
	b := s.family(e)
	path := s.bookings.managePath(b)
	p := s.resident().get(path).is(http.StatusOK)
	p.says("You have 3 places.", e.Title, "Tuesday 28 February 2017", b.Spoken(), "Robin Example", "Sam Example", "Person 3",
		"A British Sign Language interpreter Asked for Not arranged yet.", "Note: Polish", "Change your booking", "Cancel your booking", "Add to your calendar")
	if strings.Contains(strings.ReplaceAll(p.words(), "Not arranged", ""), "rranged") {
		t.Error("something is called arranged that is not")
	}
	for header, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "strict-origin"} {
		if got := p.header.Get(header); got != want {
			t.Errorf("%s is %q, want %q", header, got, want)
		}
	}
	if !strings.Contains(p.body, `name="robots" content="noindex`) {
		t.Error("search engines are not asked to leave the page out")
	}
	if err := s.db.Write(s.ctx, setNeeds(Arranged)); err != nil {
		t.Fatal(err)
	}
	s.resident().get(path).says("A British Sign Language interpreter Arranged")
}

func TestTheJoinLinkIsForPeopleWithAPlaceOnly(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(2, 2, func(f *events.Form) { f.Online, f.JoinLink = true, "https://meet.example/room" })
	placed, waiting := s.book(e, resident(1, 2)), s.book(e, resident(2, 2))
	s.resident().get(s.bookings.managePath(placed)).says("https://meet.example/room")
	s.resident().get(s.bookings.managePath(waiting)).says("You are on the waiting list for 2 places.", "You are first on the list.").keepsQuietOf("meet.example")
	s.resident().get(bookPath(e)).keepsQuietOf("meet.example")
}

func TestALinkThatIsNotWholeOpensNothing(t *testing.T) {
	s := newSite(t)
	b := s.book(s.openEvent(2, 2), resident(1, 2))
	path := s.bookings.managePath(b)
	done := s.bookings.links.Token(donePurpose, b.ID)
	for _, wrong := range []string{path[:len(path)-1], path + "x", "/bookings/abc", "/bookings/" + done, "/bookings/done/" + path[len("/bookings/"):]} {
		for _, page := range []string{"", "/change", "/cancel", ".ics"} {
			s.resident().get(wrong+page).is(http.StatusNotFound).keepsQuietOf(b.Name, b.Spoken())
		}
		if !strings.HasPrefix(wrong, "/bookings/done/") {
			s.resident().post(wrong+"/cancel", nil).is(http.StatusNotFound)
		}
	}
	if s.status(b) != Confirmed {
		t.Error("the booking was cancelled by a wrong link")
	}
}

func TestTheCalendarFileOfABooking(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(2, 2)
	placed, waiting := s.book(e, resident(1, 2)), s.book(e, resident(2, 2))
	p := s.resident().get(s.bookings.managePath(placed) + ".ics").is(http.StatusOK)
	if got := p.header.Get("Content-Type"); got != "text/calendar; charset=utf-8" || !strings.HasPrefix(p.body, "BEGIN:VCALENDAR\r\n") {
		t.Errorf("%s: %.60q", got, p.body)
	}
	s.resident().get(s.bookings.managePath(waiting) + ".ics").is(http.StatusNotFound)
}

func TestChangingABookingOverTheWeb(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(10, 4)
	b := s.family(e)
	path := s.bookings.managePath(b)
	p := s.resident().get(path + "/change").is(http.StatusOK)
	p.keepsQuietOf("form_key", `name="email"`, `name="question"`, `name="updates"`)
	form := p.fields()
	for name, want := range map[string]string{"name": "Robin Example", "party_size": "3", "attendee_name_2": "Sam Example", "access_needs": "bsl",
		"access_needs_3": "interpreter", "access_notes_3": "Polish"} {
		if form.Get(name) != want {
			t.Errorf("%s is filled in with %q, want %q", name, form.Get(name), want)
		}
	}
	form.Set("party_size", "4")
	form.Set("attendee_name_2", "Samira Example")
	form.Add("access_needs", "hearing-loop")
	s.resident().follow(path+"/change", form).says("Your booking is changed", "You have 4 places.", "Samira Example", "A hearing loop")
	changed := s.only()
	if changed.Email != b.Email || changed.Phone != b.Phone || changed.Reference != b.Reference {
		t.Errorf("the change reached further than it may: %+v", changed)
	}
	if kinds := s.mails(b); !slices.Equal(kinds, []string{"booking.booked", "booking.changed"}) {
		t.Errorf("mails %v", kinds)
	}
}

func TestARefusedChangeKeepsWhatWasTyped(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(4, 4)
	b := s.family(e)
	path := s.bookings.managePath(b)
	s.book(e, resident(2, 1))
	form := s.resident().get(path + "/change").fields()
	form.Set("party_size", "4")
	form.Set("attendee_name_4", "Alex Example")
	p := s.resident().post(path+"/change", form).is(http.StatusUnprocessableEntity).says("There is no room for more people", "You have 3 places")
	if got := p.fields(); got.Get("party_size") != "4" || got.Get("attendee_name_4") != "Alex Example" {
		t.Errorf("kept %v", got)
	}
}

func TestCancellingOverTheWeb(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(3, 3)
	b := s.family(e)
	next := s.book(e, resident(2, 2))
	path := s.bookings.managePath(b)
	s.resident().get(path+"/cancel").is(http.StatusOK).says("Do you want to cancel your booking?", "Yes, cancel the booking")
	if s.status(b) != Confirmed {
		t.Fatal("looking at the page cancelled the booking")
	}
	s.resident().follow(path+"/cancel", nil).says("Your booking is cancelled", "Book again")
	if s.status(b) != Cancelled || s.status(next) != Confirmed {
		t.Errorf("the booking is %s and the next %s", s.status(b), s.status(next))
	}
	before := s.rows()
	s.resident().follow(path+"/cancel", nil).says("Your booking is cancelled")
	if got := s.added(before); len(got) > 0 {
		t.Errorf("cancelling twice added %v", got)
	}
	s.resident().get(path).says("This booking is cancelled.", "Book again").keepsQuietOf("Change your booking", "Add to your calendar")
	s.resident().get(path + "/change").is(http.StatusConflict)
}

func TestAfterTheEventABookingIsOnlyRead(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(3, 3)
	b := s.family(e)
	s.clock.set(e.EndsAt.Add(time.Hour))
	path := s.bookings.managePath(b)
	s.resident().get(path).is(http.StatusOK).says("This event is over.").keepsQuietOf("Change your booking", "Cancel your booking")
	s.resident().post(path+"/cancel", nil).is(http.StatusConflict)
	s.resident().post(path+"/change", typed()).is(http.StatusConflict)
}

func TestABookerReadsThatTheEventIsCancelledOrPostponed(t *testing.T) {
	s := newSite(t)
	e, other := s.openEvent(3, 3), s.openEvent(3, 3)
	b, c := s.book(e, resident(1, 1)), s.book(other, resident(1, 1))
	must(s.events.Cancel(s.ctx, e.ID, "The hall is shut."))(t)
	must(s.events.Postpone(s.ctx, other.ID, "The speaker is ill."))(t)
	s.resident().get(s.bookings.managePath(b)).says("This event is cancelled.", "Please do not come.", "The hall is shut.")
	s.resident().get(s.bookings.managePath(c)).says("This event is postponed. You keep your booking.", "The speaker is ill.")
}

// A scanner of mails opens every link that it finds.
func TestLookingAtAnyPageChangesNothing(t *testing.T) {
	s := newSite(t)
	e, later := s.openEvent(3, 3), undated(s)
	b := s.family(e)
	waiting := s.book(e, byTelephone(2, 2))
	before, all := s.rows(), s.all()
	officer := s.staff("engagement")
	fill := strings.NewReplacer(":slug", e.Slug, ":token", s.bookings.links.Token(LinkPurpose, b.ID), ":id", "1")
	for _, r := range s.routes {
		takesOut := strings.HasSuffix(r.Path, ".csv") || strings.HasSuffix(r.Path, ".xlsx") // that is noted in the audit log
		if r.Method != http.MethodGet || strings.Contains(r.Path, "*") || takesOut {
			continue
		}
		officer.get(fill.Replace(r.Path) + "?event=" + e.Slug + "&cancel=yes&changed=yes&booked=new")
	}
	s.resident().get(interestPath(later) + "?name=Robin&email=robin@residents.example")
	s.resident().get(s.bookings.managePath(waiting) + ".ics")
	if got := s.added(before); !maps.Equal(got, map[string]int{}) {
		t.Errorf("looking added %v", got)
	}
	for i, now := range s.all() {
		if now.Version != all[i].Version || now.Status != all[i].Status {
			t.Errorf("booking %d was changed by looking", now.ID)
		}
	}
}

func TestFormsOfOtherSitesAreNotTaken(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(3, 3)
	r := newPost(bookPath(e), typed())
	r.Header.Set("Origin", "https://elsewhere.example")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	s.resident().do(r).is(http.StatusForbidden)
	if len(s.all()) > 0 {
		t.Error("a form of another site booked")
	}
}

package bookings

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"conversations/app/events"
)

// typed is a booking form that is filled in rightly; pairs of names and values are put over it.
func typed(pairs ...string) url.Values {
	v := url.Values{"name": {"Robin Example"}, "email": {"robin@residents.example"}, "party_size": {"1"}, "form_key": {"key-of-robin"}}
	for i := 0; i < len(pairs); i += 2 {
		v[pairs[i]] = []string{pairs[i+1]}
	}
	return v
}

func TestBookingOverTheWeb(t *testing.T) {
	cases := []struct {
		name   string
		full   bool
		form   url.Values
		status int
		says   []string // on the page that follows
		added  map[string]int
	}{
		{"with an email address", false, typed(), 303, []string{"You have a place", "on their way to the email address you gave us", "junk folder", "01442 898867"},
			map[string]int{"bookings": 1, "attendees": 1, "mails": 1, "audit_entries": 1}},
		{"full", true, typed(), 303, []string{"You are on the waiting list", "on their way"},
			map[string]int{"bookings": 1, "attendees": 1, "mails": 1, "audit_entries": 1}},
		{"with a telephone only", false, typed("email", "", "phone", "01632 960 123"), 303, []string{"You have a place", "Your booking reference", "write your booking reference down"},
			map[string]int{"bookings": 1, "attendees": 1, "calls": 1, "audit_entries": 1}},
		{"three people with needs", false, typed("party_size", "3", "attendee_name_2", "Sam Example", "access_needs", "bsl", "access_needs_3", "interpreter", "access_notes_3", "Polish"), 303,
			[]string{"You have a place"}, map[string]int{"bookings": 1, "attendees": 3, "access_needs": 2, "mails": 1, "audit_entries": 1}},
		{"by a program that fills in every field", false, typed("leave_empty", "http://spam.example"), 303, []string{"You have a place"}, map[string]int{}},
		{"with nothing filled in", false, url.Values{}, 422, []string{"There is a problem", "Enter your full name", "Enter an email address or a telephone number"}, map[string]int{}},
		{"for more than a party may be", false, typed("party_size", "9"), 422, []string{"Choose how many people, from 1 to 4"}, map[string]int{}},
		{"for no number of people", false, typed("party_size", "many"), 422, []string{"Choose how many people, from 1 to 4"}, map[string]int{}},
		{"naming more people than places", false, typed("attendee_name_2", "Sam Example"), 422, []string{"You named person 2, but not that they come"}, map[string]int{}},
		{"with needs of a person who is not counted", false, typed("access_needs_2", "bsl"), 422, []string{"You told us what person 2 needs"}, map[string]int{}},
		{"with an interpreter of no language", false, typed("access_needs", "interpreter"), 422, []string{"Tell us which language"}, map[string]int{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t)
			e := s.openEvent(4, 4)
			if c.full {
				s.book(e, resident(1, 4))
			}
			before := s.rows()
			p := s.resident().post("/events/"+e.Slug+"/book", c.form).is(c.status)
			if p.status == http.StatusSeeOther {
				p = s.resident().get(p.location).is(http.StatusOK)
			}
			p.says(c.says...)
			if got := s.added(before); !maps.Equal(got, c.added) {
				t.Errorf("added %v, want %v", got, c.added)
			}
		})
	}
}

func TestTheFormAsksInPlainWords(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(10, 3, func(f *events.Form) {
		f.NeedsMet, f.NeedsByDay, f.NeedsByMonth, f.NeedsByYear = "A BSL interpreter is coming.", "24", "2", "2017"
	})
	s.book(e, resident(1, 3))
	p := s.resident().get("/events/" + e.Slug + "/book").is(http.StatusOK)
	p.says("Book a place", e.Title, "Tuesday 28 February 2017, 7pm to 9pm", "Example Hall", "7 places left", "A BSL interpreter is coming.",
		"Please ask by Friday 24 February 2017", "How we share out the places", "We never split a group", "999", "111", "Patient Advice and Liaison Service",
		"01442 898867", "Monday to Friday, 9am to 5pm", "We may read it out at the event, without your name")
	for field, want := range map[string]string{"name": "name", "email": "email", "phone": "tel"} {
		if got := attribute(p.element(field), "autocomplete"); got != want {
			t.Errorf("autocomplete of %s is %q, want %q", field, got, want)
		}
	}
	for _, box := range []string{"quote_ok", "recontact", "updates", "not_coming"} {
		if p.element(box) == nil || has(p.element(box), "checked") {
			t.Errorf("%s is not there, or ticked before anybody ticked it", box)
		}
	}
	if len(p.cookies) > 0 {
		t.Error("a resident was given a cookie")
	}
	if again := s.resident().get("/events/" + e.Slug + "/book"); again.fields().Get("form_key") == p.fields().Get("form_key") {
		t.Error("two forms have one key")
	}
	s.clock.set(time.Date(2017, 2, 25, 9, 0, 0, 0, time.UTC))
	s.resident().get("/events/" + e.Slug + "/book").says("You can still ask now, but we may not be able to arrange it")
}

func TestAPartyOfOneIsNotAskedForCompanions(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(10, 1)
	p := s.resident().get("/events/" + e.Slug + "/book").is(http.StatusOK)
	p.keepsQuietOf("Person 2", "attendee_name_2")
	s.resident().post("/events/"+e.Slug+"/book", p.fields()).is(http.StatusUnprocessableEntity)
	form := p.fields()
	form.Set("name", "Robin Example")
	form.Set("email", "robin@residents.example")
	s.resident().follow("/events/"+e.Slug+"/book", form).says("You have a place")
}

func TestARefusedFormKeepsEverythingTyped(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(10, 4)
	form := url.Values{
		"name": {strings.Repeat("Long ", 30) + "Name"}, "email": {"not an address"}, "phone": {"12"}, "party_size": {"3"}, "not_coming": {"yes"},
		"attendee_name_1": {"First Example"}, "attendee_name_2": {"Second Example"}, "attendee_name_3": {strings.Repeat("Third ", 30) + "Example"},
		"access_needs": {"bsl", "interpreter"}, "access_notes": {""}, "access_needs_2": {"step-free", "carer"}, "access_notes_2": {"Line one\nline two <b>"},
		"access_needs_3": {"other"}, "access_notes_3": {""}, "question": {strings.Repeat("Why? ", 500)},
		"quote_ok": {"yes"}, "recontact": {"yes"}, "updates": {"yes"}, "form_key": {"key-of-this-form"},
	}
	p := s.resident().post("/events/"+e.Slug+"/book", form).is(http.StatusUnprocessableEntity)
	kept := p.fields()
	for name, want := range form {
		got := kept[name]
		if strings.TrimSpace(strings.Join(got, "|")) != strings.TrimSpace(strings.Join(want, "|")) {
			t.Errorf("%s came back as %q, want %q", name, got, want)
		}
	}
	if !strings.HasPrefix(p.title(), "Error: ") {
		t.Errorf("the title is %q, want it to begin with Error:", p.title())
	}
	want := []string{"name", "email", "phone", "attendee_name_3", "access_notes", "access_notes_3", "question"}
	if got := p.summary(); !slices.Equal(got, want) {
		t.Errorf("the summary leads to %v, want %v", got, want)
	}
	for _, id := range p.summary() {
		field := p.element(id)
		if field == nil {
			t.Errorf("the summary leads to %s, which is not on the page", id)
			continue
		}
		if message := p.element(id + "-error"); message == nil || !strings.Contains(attribute(field, "aria-describedby"), id+"-error") {
			t.Errorf("%s has no message that describes it", id)
		}
		for box := field.Parent; box != nil; box = box.Parent {
			if box.Data == "details" && !has(box, "open") {
				t.Errorf("%s is hidden in a part of the form that is closed", id)
			}
		}
	}
}

func TestPressedTwiceBooksOnceAndWritesOnce(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(1, 1, func(f *events.Form) { f.WaitingList = false })
	form := typed()
	first := s.resident().follow("/events/"+e.Slug+"/book", form)
	second := s.resident().follow("/events/"+e.Slug+"/book", form)
	if first.words() != second.words() {
		t.Errorf("the second press is answered otherwise:\n%s\n%s", first.words(), second.words())
	}
	if kinds := s.mails(s.only()); !slices.Equal(kinds, []string{"booking.booked"}) {
		t.Errorf("mails %v, want one", kinds)
	}
}

func TestTheSamePersonAgainIsNotBookedTwiceAndAStrangerLearnsNothing(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(10, 4)
	first := s.resident().follow("/events/"+e.Slug+"/book", typed())
	again := s.resident().follow("/events/"+e.Slug+"/book", typed("form_key", "another", "phone", "01632 960 999"))
	b := s.only()
	if first.words() != again.words() {
		t.Errorf("the page differs for somebody who had booked before:\n%s\n%s", first.words(), again.words())
	}
	again.keepsQuietOf(b.Reference, b.Spoken(), "Robin", "robin@residents.example", s.bookings.managePath(b))
	if kinds := s.mails(b); !slices.Equal(kinds, []string{"booking.booked", "booking.again"}) {
		t.Errorf("mails %v, want the first confirmation and one that tells of it", kinds)
	}
}

func TestWhoBookedBeforeIsShownWhatANewcomerWouldBeShown(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(1, 1)
	s.resident().follow(bookPath(e), typed()).says("You have a place")
	newcomer := s.resident().follow(bookPath(e), typed("name", "Kim Example", "email", "kim@residents.example", "form_key", "of-kim"))
	newcomer.says("You are on the waiting list")
	if again := s.resident().follow(bookPath(e), typed("form_key", "another")); again.words() != newcomer.words() {
		t.Errorf("the page tells that somebody has a place:\n%s", again.words())
	}
}

func TestWhoBookedByTelephoneBeforeIsTelephonedAndNotToldTheReference(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(10, 4)
	form := typed("email", "", "phone", "01632 960 123")
	first := s.resident().follow("/events/"+e.Slug+"/book", form).says(s.only().Spoken())
	if again := s.resident().follow("/events/"+e.Slug+"/book", form); again.words() != first.words() {
		t.Errorf("who presses twice does not get the reference again:\n%s", again.words())
	}
	form.Set("form_key", "another")
	s.resident().follow("/events/"+e.Slug+"/book", form).says("We will telephone you").keepsQuietOf(s.only().Spoken())
}

func TestThePageQuestionsAMistypedAddressOnce(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(10, 4)
	p := s.resident().post("/events/"+e.Slug+"/book", typed("email", "robin@gmial.com")).is(http.StatusUnprocessableEntity)
	p.says("Did you mean robin@gmail.com?")
	s.resident().follow("/events/"+e.Slug+"/book", p.fields()).says("You have a place")
	if got := s.only().Email; got != "robin@gmial.com" {
		t.Errorf("booked for %s, want the address that the person said is right", got)
	}
}

func TestAQuestionedAddressIsNotQuestionedAgainForAnotherMistake(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(10, 4)
	form := s.resident().post("/events/"+e.Slug+"/book", typed("email", "robin@gmial.com")).fields()
	form.Set("name", "")
	form = s.resident().post("/events/"+e.Slug+"/book", form).is(http.StatusUnprocessableEntity).fields()
	form.Set("name", "Robin Example")
	s.resident().follow("/events/"+e.Slug+"/book", form).says("You have a place")
}

func TestTooManyFormsFromOneAddressAreAskedToWait(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(5, 2)
	for range 200 {
		if p := s.resident().post(bookPath(e), url.Values{}); p.status == http.StatusTooManyRequests {
			if p.header.Get("Retry-After") == "" {
				t.Error("it is not said how long to wait")
			}
			return
		}
	}
	t.Error("200 forms were taken from one address")
}

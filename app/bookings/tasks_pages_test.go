package bookings

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"conversations/app/events"
)

// everythingSaid is all that the booker of a booking, the venue and the staff's list say about needs.
func (s *site) everythingSaid(b Booking, e events.Event) map[string]string {
	s.t.Helper()
	said := map[string]string{"the booker's page": s.resident().get(s.bookings.managePath(b)).words()}
	officer := s.staff("engagement")
	said["the sheet for the venue"] = officer.get(accessPath + "/venue?event=" + e.Slug).is(http.StatusOK).words()
	var mails []string
	if err := s.db.Read(s.ctx).Raw(`SELECT subject || ' ' || content FROM mails WHERE about = 'bookings' AND about_id = ?`, b.ID).Scan(&mails).Error; err != nil {
		s.t.Fatal(err)
	}
	said["the mails"] = strings.Join(mails, "\n")
	return said
}

func TestNothingSaysArrangedBeforeItIs(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(10, 4)
	b := s.asking(e, 1)
	claims := func(text string) bool {
		text = strings.ToLower(text)
		for _, honest := range []string{"not arranged", "arrange it", "what we can arrange", "have time to arrange"} {
			text = strings.ReplaceAll(text, honest, "")
		}
		return strings.Contains(text, "arranged")
	}
	for _, state := range []NeedState{Asked, NotPossible, Asked, NoLongerNeeded} {
		if n := s.need(b, "bsl"); n.State != state {
			s.setNeed(b, "bsl", state, "Notes afterwards")
		}
		for where, text := range s.everythingSaid(b, e) {
			if claims(text) {
				t.Errorf("while it is %s, %s say it is arranged:\n%s", state, where, text)
			}
		}
	}
	s.setNeed(b, "bsl", Arranged, "")
	for where, text := range s.everythingSaid(b, e) {
		if !claims(text) {
			t.Errorf("when it is arranged, %s do not say so:\n%s", where, text)
		}
	}
}

func TestTheSheetForTheVenueHasNoNamesAndNoNotes(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(10, 4)
	b := s.asking(e, 1)
	r := resident(7, 1)
	r.Needs = []NeedRequest{{Position: 1, Need: "other", Note: "I am Zebedee and I have a heart condition"}}
	s.book(e, r)
	waits := resident(8, 9)
	waits.People, waits.Needs = 4, []NeedRequest{{Position: 1, Need: "carer"}}
	s.book(e, waits)
	s.book(e, resident(9, 3))
	last := resident(10, 4)
	last.Needs = []NeedRequest{{Position: 1, Need: "easy-read"}}
	s.book(e, last) // waits
	s.setNeed(b, "bsl", Arranged, "")
	sheet := s.staff("engagement").get(accessPath+"/venue?event="+e.Slug).is(http.StatusOK).
		says("A British Sign Language interpreter", "1 arranged", "An interpreter for another language", "Polish", "Something else", "A place for a carer", e.Title)
	main := sheet.main()
	for _, secret := range []string{"Example 1", "Resident", "Companion", "residents.example", "Zebedee", "heart", "01632", b.Spoken(), "easy read"} {
		if strings.Contains(main, secret) {
			t.Errorf("the sheet tells %q:\n%s", secret, main)
		}
	}
}

// main is what the page says below its header.
func (p page) main() string {
	for _, n := range p.every(func(n *html.Node) bool { return n.Data == "main" }) {
		return text(n)
	}
	p.t.Fatal("the page has no main part")
	return ""
}

func TestStaffSeeToANeedOnItsPage(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(10, 4)
	b := s.asking(e, 1)
	n := s.need(b, "bsl")
	officer := s.staff("engagement")
	officer.get(accessPath).is(http.StatusOK).says("3 still to arrange, 2 of them late", "A British Sign Language interpreter", "Late", "Resident Example 1", "Nobody yet", e.Title)
	p := officer.get(taskPath(n.ID)).is(http.StatusOK).says("Tue 7 Feb 2017", "21 days before the event", "Asked for", b.Spoken())
	stale := p.fields()
	officer.follow(taskPath(n.ID)+"/owner", url.Values{"version": {stale.Get("version")}, "owner": {"1"}}).says("It is saved who sees to it", "Example Officer")
	p = officer.post(taskPath(n.ID)+"/state", url.Values{"version": {stale.Get("version")}, "state": {"arranged"}}).is(http.StatusConflict).says("Somebody else changed this")
	if got := p.fields(); got.Get("state") != "arranged" {
		t.Errorf("what was chosen is lost: %v", got)
	}
	version := fmt.Sprint(s.need(b, "bsl").Version)
	p = officer.post(taskPath(n.ID)+"/state", url.Values{"version": {version}, "state": {"not-possible"}}).is(http.StatusUnprocessableEntity).says("Say what you offer instead")
	if got := p.summary(); !slices.Equal(got, []string{"offer"}) {
		t.Errorf("the summary leads to %v", got)
	}
	p = officer.follow(taskPath(n.ID)+"/state", url.Values{"version": {version}, "state": {"not-possible"}, "offer": {"Notes afterwards"}}).
		says("It is saved, and the booker is told", "Not possible", "Notes afterwards", "by Example Officer", "Undo the last change")
	officer.follow(taskPath(n.ID)+"/undo", url.Values{"step": {p.field("step")}}).says("It is undone", "Asked for")
	officer.get(accessPath + "/999").is(http.StatusNotFound)
	officer.get(accessPath + "/venue?event=none").is(http.StatusNotFound)
	officer.get(accessPath+"?owner=me&state=late").says("Resident Example 1", "Late")
	officer.get(accessPath + "?need=easy-read").says("Nothing fits")
	s.staff("door").get(accessPath).is(http.StatusForbidden)
}

// field is the value of the first field of a name on a page with several forms.
func (p page) field(name string) string { return p.fields().Get(name) }

package events_test

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"time"

	ical "github.com/arran4/golang-ical"

	"conversations/app/events"
)

// feedOfAll is a feed of one open, one cancelled, one postponed and one event with no date, each with a join link.
func feedOfAll(t testing.TB) (house, events.Feed) {
	t.Helper()
	h, f := newHouse(t), evening()
	f.Title = `A <b>"talk"</b> & more </script>`
	f.Online, f.JoinLink = true, "https://meet.example/secret"
	h.published(t, f)
	if _, err := h.Cancel(h.ctx, h.published(t, f).ID, "The hall burnt down."); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Postpone(h.ctx, h.published(t, f).ID, ""); err != nil {
		t.Fatal(err)
	}
	h.published(t, dateless())
	h.create(t, evening())
	list, err := h.Feed(h.ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	return h, events.Feed{Config: h.cfg, Title: "Events", Path: "/events.atom", Page: "/events", Events: list, Now: february2017}
}

func TestTheCalendarFeedParsesAndKeepsCancelledEvents(t *testing.T) {
	_, feed := feedOfAll(t)
	parsed, err := ical.ParseCalendar(strings.NewReader(feed.ICalendar()))
	if err != nil {
		t.Fatal(err)
	}
	status := map[string]int{}
	uids := map[string]bool{}
	for _, e := range parsed.Events() {
		status[e.GetProperty(ical.ComponentPropertyStatus).Value]++
		uids[e.Id()] = true
	}
	if status["CONFIRMED"] != 1 || status["CANCELLED"] != 2 || len(uids) != 3 || len(parsed.Timezones()) != 1 {
		t.Errorf("statuses %v, identifiers %v", status, uids)
	}
}

func TestTheSequenceOfAFeedRisesWithEveryChange(t *testing.T) {
	h := newHouse(t)
	e := h.published(t, evening())
	before := events.Feed{Config: h.cfg, Events: []events.Event{e}}.ICalendar()
	f := evening()
	f.StartsTime = "6pm"
	moved, err := h.Move(h.ctx, e.ID, f)
	if err != nil {
		t.Fatal(err)
	}
	after := events.Feed{Config: h.cfg, Events: []events.Event{moved}}.ICalendar()
	if !strings.Contains(before, "SEQUENCE:2\r\n") || !strings.Contains(after, "SEQUENCE:3\r\n") || !strings.Contains(after, "UID:"+events.UID(h.cfg, e)) {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
}

func TestTheAtomFeedIsWellFormedAndWhole(t *testing.T) {
	_, feed := feedOfAll(t)
	text, err := feed.Atom()
	if err != nil {
		t.Fatal(err)
	}
	var parsed struct {
		XMLName xml.Name
		ID      string `xml:"id"`
		Updated string `xml:"updated"`
		Author  string `xml:"author>name"`
		Entries []struct {
			ID, Title, Updated, Summary string
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(text, &parsed); err != nil {
		t.Fatal(err)
	}
	if parsed.XMLName.Space != "http://www.w3.org/2005/Atom" || len(parsed.Entries) != 4 || parsed.ID == "" || parsed.Author == "" {
		t.Errorf("parsed %+v", parsed)
	}
	if _, err := time.Parse(time.RFC3339, parsed.Updated); err != nil {
		t.Error(err)
	}
}

func TestTheJSONFeedIsValidAndSaysWhatIsKnown(t *testing.T) {
	_, feed := feedOfAll(t)
	text, err := feed.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var parsed struct {
		Version string `json:"version"`
		Items   []struct {
			ID    string `json:"id"`
			URL   string `json:"url"`
			Event struct {
				Status   string `json:"status"`
				StartsAt string `json:"starts_at"`
			} `json:"_event"`
		} `json:"items"`
	}
	if err := json.Unmarshal(text, &parsed); err != nil {
		t.Fatal(err)
	}
	if parsed.Version != "https://jsonfeed.org/version/1.1" || len(parsed.Items) != 4 {
		t.Fatalf("parsed %+v", parsed)
	}
	for _, item := range parsed.Items {
		if dated := item.Event.StartsAt != ""; dated != (item.Event.Status == "open" || item.Event.Status == "cancelled") {
			t.Errorf("%s has the date %q", item.Event.Status, item.Event.StartsAt)
		}
	}
}

func TestNoFeedHoldsAJoinLinkOrADraft(t *testing.T) {
	h, feed := feedOfAll(t)
	atom, _ := feed.Atom()
	list, _ := feed.JSON()
	structured, _ := json.Marshal(events.StructuredData(h.cfg, feed.Events[3], events.Places{}, february2017))
	for _, text := range []string{feed.ICalendar(), string(atom), string(list), string(structured)} {
		if strings.Contains(text, "meet.example") {
			t.Errorf("the join link is in\n%s", text)
		}
	}
	for _, e := range feed.Events {
		if e.Status == events.Draft {
			t.Error("a draft is in the feed")
		}
	}
}

func TestStructuredDataFollowsTheLifeOfAnEvent(t *testing.T) {
	h := newHouse(t)
	open := h.published(t, evening())
	data := events.StructuredData(h.cfg, open, events.Places{Taken: 20}, february2017)
	if data.Status != "https://schema.org/EventScheduled" || data.Offers.Availability != "https://schema.org/InStock" || *data.Remaining != 30 ||
		data.StartDate != "2017-02-28T19:00:00Z" {
		t.Errorf("open: %+v", data)
	}
	if full := events.StructuredData(h.cfg, open, events.Places{Taken: 50}, february2017); full.Offers.Availability != "https://schema.org/SoldOut" {
		t.Errorf("full: %s", full.Offers.Availability)
	}
	f := evening()
	f.StartsDay, f.StartsMonth = "30", "3"
	moved, err := h.Move(h.ctx, open.ID, f)
	if err != nil {
		t.Fatal(err)
	}
	data = events.StructuredData(h.cfg, moved, events.Places{}, february2017)
	if data.Status != "https://schema.org/EventRescheduled" || data.PreviousDate != "2017-02-28T19:00:00Z" || data.StartDate != "2017-03-30T19:00:00+01:00" {
		t.Errorf("moved: %+v", data)
	}
	postponed, err := h.Postpone(h.ctx, open.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	data = events.StructuredData(h.cfg, postponed, events.Places{}, february2017)
	if data.Status != "https://schema.org/EventPostponed" || data.StartDate != "2017-03-30T19:00:00+01:00" || data.Offers != nil {
		t.Errorf("postponed: %+v", data)
	}
	cancelled, err := h.Cancel(h.ctx, open.ID, "Snow")
	if err != nil {
		t.Fatal(err)
	}
	if data = events.StructuredData(h.cfg, cancelled, events.Places{}, february2017); data.Status != "https://schema.org/EventCancelled" {
		t.Errorf("cancelled: %+v", data)
	}
}

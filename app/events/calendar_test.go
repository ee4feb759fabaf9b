package events_test

import (
	"strings"
	"testing"
	"time"

	ical "github.com/arran4/golang-ical"

	"conversations/app/events"
)

// at is a public event on a day of 2017 in London.
func (h house) at(t testing.TB, day, month, from, to string) events.Event {
	t.Helper()
	f := evening()
	f.StartsDay, f.StartsMonth, f.StartsTime, f.EndsTime = day, month, from, to
	return h.published(t, f)
}

func invite(e events.Event) events.Invite {
	return events.Invite{Event: e, Method: events.MethodRequest, UID: "booking-1@example.org", Sequence: 3, Stamp: february2017,
		Organizer: events.Person{Name: "Your Care, Your Future", Email: "events@example.org"},
		Attendee:  events.Person{Name: `Ann "Annie" O'Neill`, Email: "ann@example.org"}, URL: "https://example.org/bookings/x"}
}

func TestACalendarTextIsExactlyThis(t *testing.T) {
	h := newHouse(t)
	got := invite(h.at(t, "28", "2", "7pm", "9pm")).String()
	want := strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Conversations//Events//EN
CALSCALE:GREGORIAN
METHOD:REQUEST
BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:STANDARD
DTSTART:20151025T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
TZNAME:GMT
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20160327T010000
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
TZNAME:BST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20161030T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
TZNAME:GMT
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20170326T010000
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
TZNAME:BST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20171029T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
TZNAME:GMT
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:booking-1@example.org
DTSTAMP:20170210T090000Z
SEQUENCE:3
DTSTART;TZID=Europe/London:20170228T190000
DTEND;TZID=Europe/London:20170228T210000
STATUS:CONFIRMED
SUMMARY:Conversation event
LOCATION:The Hall\, 1 High Street\, St Albans\, AL1 1AA
URL:https://example.org/bookings/x
ORGANIZER;CN=Your Care Your Future:mailto:events@example.org
ATTENDEE;CN=Ann Annie
  O’Neill;PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT:mailto:ann@example.org
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestCalendarTimesAreRightOnBothSidesOfTheChanges(t *testing.T) {
	h := newHouse(t)
	for _, c := range []struct{ day, month, from, to, which, start string }{
		{"25", "3", "7pm", "9pm", "", "2017-03-25T19:00:00Z"},
		{"26", "3", "7pm", "9pm", "", "2017-03-26T18:00:00Z"},
		{"28", "10", "7pm", "9pm", "", "2017-10-28T18:00:00Z"},
		{"29", "10", "7pm", "9pm", "", "2017-10-29T19:00:00Z"},
		{"29", "10", "1:30", "5am", "first", "2017-10-29T00:30:00Z"},
		{"29", "10", "1:30", "5am", "second", "2017-10-29T01:30:00Z"},
	} {
		f := evening()
		f.StartsDay, f.StartsMonth, f.StartsTime, f.EndsTime, f.StartsWhich = c.day, c.month, c.from, c.to, c.which
		text := invite(h.published(t, f)).String()
		parsed, err := ical.ParseCalendar(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		start, err := parsed.Events()[0].GetStartAt()
		if err != nil || !start.Equal(mustTime(t, c.start)) {
			t.Errorf("%+v starts at %s, %v", c, start.UTC(), err)
		}
		if utc := strings.Contains(text, "DTSTART:20171029T00") || strings.Contains(text, "DTSTART:20171029T013000Z"); utc != (c.which != "") {
			t.Errorf("%+v: only a time that exists twice is written in UTC:\n%s", c, text)
		}
	}
}

func mustTime(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestLinesAreFoldedAt75OctetsAndNothingIsLost(t *testing.T) {
	h := newHouse(t)
	i := invite(h.at(t, "28", "2", "7pm", "9pm"))
	i.Description = strings.Repeat("Café – “närmare”; hem, ", 20) + "\nsecond line"
	text := i.String()
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("%d octets: %q", len(line), line)
		}
	}
	parsed, err := ical.ParseCalendar(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if got := parsed.Events()[0].GetProperty(ical.ComponentPropertyDescription).Value; got != strings.TrimSpace(i.Description) {
		t.Errorf("came back as %q", got)
	}
}

func TestAPostponedEventLeavesTheCalendarAtTheDateItHad(t *testing.T) {
	h := newHouse(t)
	e, err := h.Postpone(h.ctx, h.at(t, "28", "2", "7pm", "9pm").ID, "Snow")
	if err != nil {
		t.Fatal(err)
	}
	i := invite(e)
	i.Method = events.MethodCancel
	text := i.String()
	for _, want := range []string{"METHOD:CANCEL", "STATUS:CANCELLED", "DTSTART;TZID=Europe/London:20170228T190000", "SUMMARY:Postponed: Conversation event"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing in\n%s", want, text)
		}
	}
}

func TestTheJoinLinkIsOnlyWhereItWasGiven(t *testing.T) {
	h, f := newHouse(t), evening()
	f.Online, f.JoinLink = true, "https://meet.example/secret"
	e := h.published(t, f)
	i := invite(e)
	if strings.Contains(i.String(), "meet.example") {
		t.Error("the join link is in a calendar that was not given it")
	}
	i.JoinLink = e.JoinLink
	if !strings.Contains(i.String(), "meet.example") {
		t.Error("the join link is missing where it was given")
	}
}

package events_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"conversations/app/events"
)

var stretch = regexp.MustCompile(`BEGIN:(STANDARD|DAYLIGHT)\r\nDTSTART:(\d{8}T\d{6})\r\nTZOFFSETFROM:([+-]\d{4})\r\nTZOFFSETTO:([+-]\d{4})\r\n`)

// offsetIn reads the zone rules of a calendar text as RFC 5545 says: the stretch that began last holds.
func offsetIn(t testing.TB, text string, wall time.Time) int {
	t.Helper()
	var latest time.Time
	offset := 0
	for _, m := range stretch.FindAllStringSubmatch(text, -1) {
		began, err := time.Parse("20060102T150405", m[2])
		if err != nil {
			t.Fatal(err)
		}
		if !began.After(wall) && began.After(latest) {
			hours, _ := strconv.Atoi(m[4][:3])
			minutes, _ := strconv.Atoi(m[4][:1] + m[4][3:])
			latest, offset = began, hours*3600+minutes*60
		}
	}
	if latest.IsZero() {
		t.Fatalf("no rule holds at %s in\n%s", wall, text)
	}
	return offset
}

func TestTheZoneRulesHoldEveryDayOfTheYear(t *testing.T) {
	for _, name := range []string{"Europe/London", "Europe/Dublin", "America/New_York", "Asia/Kolkata"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for day := range 365 {
			start := time.Date(2017, 1, 1+day, 19, 0, 0, 0, zone)
			instant := start.UTC()
			text := events.Invite{Event: events.Event{ZoneName: name, StartsAt: &instant, Status: events.Open}, Method: events.MethodRequest}.String()
			if !strings.Contains(text, "DTSTART;TZID="+name+":"+start.Format("20060102T150405")) {
				t.Fatalf("%s is missing in\n%s", start, text)
			}
			_, want := start.Zone()
			if got := offsetIn(t, text, time.Date(2017, 1, 1+day, 19, 0, 0, 0, time.UTC)); got != want {
				t.Fatalf("%s is %d seconds from UTC by the rules, want %d, in\n%s", start, got, want, text)
			}
		}
	}
}

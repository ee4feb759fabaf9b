package events

import (
	"fmt"
	"time"

	ical "github.com/arran4/golang-ical"
)

// zoneMargin is how far around the events a calendar's zone rules reach, so that both changes of the clocks
// about them are in.
const zoneMargin = 366 * 24 * time.Hour

// zonesOf gives the rules of every zone the events are in, from the machine's own time zone data.
func zonesOf(invites []Invite) (out []*ical.VTimezone) {
	spans := map[string][2]time.Time{}
	var names []string
	for _, i := range invites {
		start, end := i.Event.calendarTimes()
		if start == nil || i.Event.Zone() == time.UTC {
			continue
		}
		if end == nil {
			end = start
		}
		span, known := spans[i.Event.ZoneName]
		if !known {
			names = append(names, i.Event.ZoneName)
			span = [2]time.Time{*start, *end}
		}
		spans[i.Event.ZoneName] = [2]time.Time{earlier(span[0], *start), later(span[1], *end)}
	}
	for _, name := range names {
		out = append(out, zoneRules(name, spans[name][0].Add(-zoneMargin), spans[name][1].Add(zoneMargin)))
	}
	return out
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// zoneRules lists each stretch of one offset from the one that holds at from to the one that holds at to.
func zoneRules(name string, from, to time.Time) *ical.VTimezone {
	zone := (Event{ZoneName: name}).Zone()
	rules := ical.NewTimezone(name)
	for at := from.In(zone); ; {
		start, end := at.ZoneBounds()
		rules.Components = append(rules.Components, observance(at, start))
		if end.IsZero() || end.After(to) {
			return rules
		}
		at = end
	}
}

// observance is the stretch that holds at an instant; start is its beginning, zero for one that always was.
func observance(at, start time.Time) ical.Component {
	abbreviation, offset := at.Zone()
	previous, began := offset, time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	if !start.IsZero() {
		_, previous = start.Add(-time.Second).Zone()
		began = start.UTC().Add(time.Duration(previous) * time.Second) // on the clocks as they were until then
	}
	base := ical.ComponentBase{}
	base.SetProperty(ical.ComponentPropertyDtStart, began.Format("20060102T150405"))
	base.SetProperty(ical.ComponentProperty(ical.PropertyTzoffsetfrom), offsetText(previous))
	base.SetProperty(ical.ComponentProperty(ical.PropertyTzoffsetto), offsetText(offset))
	base.SetProperty(ical.ComponentProperty(ical.PropertyTzname), abbreviation)
	if at.IsDST() {
		return &ical.Daylight{ComponentBase: base}
	}
	return &ical.Standard{ComponentBase: base}
}

func offsetText(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	if seconds%60 != 0 {
		return fmt.Sprintf("%c%02d%02d%02d", sign, seconds/3600, seconds/60%60, seconds%60)
	}
	return fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
}

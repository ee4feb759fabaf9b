package events

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// localForm is how a local date and time are kept: minutes, no zone.
const localForm = "2006-01-02T15:04"

// dayForm is how a date alone is kept.
const dayForm = "2006-01-02"

// TimeProblem says what is the matter with a local time in its zone.
type TimeProblem int

// What can be the matter.
const (
	TimeFine       TimeProblem = iota
	TimeUnreadable             // not in the form 2017-02-28T19:00, or no such day
	TimeSkipped                // does not exist: the clocks go forward over it
	TimeTwice                  // exists twice: the clocks go back over it
)

// Resolve turns a local date and time (2017-02-28T19:00) in a zone into the instant, in UTC. Where the local
// time exists twice it gives the first, or the second if asked, and TimeTwice. Where it does not exist, or
// cannot be read, it gives the zero time.
func Resolve(local string, zone *time.Location, second bool) (time.Time, TimeProblem) {
	wall, err := time.ParseInLocation(localForm, local, time.UTC)
	if err != nil {
		return time.Time{}, TimeUnreadable
	}
	instants := instantsOf(wall, zone)
	switch len(instants) {
	case 0:
		return time.Time{}, TimeSkipped
	case 1:
		return instants[0], TimeFine
	}
	if second {
		return instants[1], TimeTwice
	}
	return instants[0], TimeTwice
}

// instantsOf finds every instant at which the clocks of a zone show the wall time, earliest first: each offset in
// force within a day is tried.
func instantsOf(wall time.Time, zone *time.Location) (out []time.Time) {
	_, before := wall.Add(-24 * time.Hour).In(zone).Zone()
	_, after := wall.Add(24 * time.Hour).In(zone).Zone()
	offsets := []int{before, after}
	if before < after {
		offsets = []int{after, before} // the larger offset is the earlier instant
	}
	for _, offset := range offsets {
		instant := wall.Add(-time.Duration(offset) * time.Second)
		if _, actual := instant.In(zone).Zone(); actual != offset {
			continue
		}
		if len(out) == 0 || !out[len(out)-1].Equal(instant) {
			out = append(out, instant)
		}
	}
	return out
}

// zones keeps the zones in use by name: reading one anew costs more than a whole booking.
var zones sync.Map

// Zone is the event's time zone; UTC should its name be unknown to this machine.
func (e Event) Zone() *time.Location {
	if zone, known := zones.Load(e.ZoneName); known {
		return zone.(*time.Location)
	}
	zone, err := time.LoadLocation(e.ZoneName)
	if err != nil {
		return time.UTC
	}
	zones.Store(e.ZoneName, zone)
	return zone
}

// LocalStart is the start on the clocks of the event's zone; the zero time where it is to be announced.
func (e Event) LocalStart() time.Time { return e.local(e.StartsAt) }

// LocalEnd is the end on the clocks of the event's zone; the zero time where it is not known.
func (e Event) LocalEnd() time.Time { return e.local(e.EndsAt) }

func (e Event) local(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.In(e.Zone())
}

var clockForm = regexp.MustCompile(`^(\d{1,2})(?:[:.]?(\d{2}))?(am|pm)?$`)

// ParseClock reads a time of day as people write it: 19:00, 19.00, 1900, 7pm, 7.30 pm, midday, midnight.
// A bare hour such as 7 is refused, for it could be morning or evening.
func ParseClock(text string) (hour, minute int, ok bool) {
	text = strings.NewReplacer(" ", "", "a.m.", "am", "p.m.", "pm").Replace(strings.ToLower(strings.TrimSpace(text)))
	switch text {
	case "noon", "midday", "12noon", "12midday":
		return 12, 0, true
	case "midnight", "12midnight":
		return 0, 0, true
	}
	m := clockForm.FindStringSubmatch(text)
	if m == nil || m[2] == "" && m[3] == "" {
		return 0, 0, false
	}
	hour, _ = strconv.Atoi(m[1])
	minute, _ = strconv.Atoi("0" + m[2])
	if m[3] != "" {
		if hour < 1 || hour > 12 {
			return 0, 0, false
		}
		hour %= 12
		if m[3] == "pm" {
			hour += 12
		}
	}
	return hour, minute, hour < 24 && minute < 60
}

// ParseDay reads a date given as three texts; the month may be a number or a name.
func ParseDay(day, month, year string) (time.Time, bool) {
	d, dayErr := strconv.Atoi(strings.TrimSpace(day))
	y, yearErr := strconv.Atoi(strings.TrimSpace(year))
	m, ok := parseMonth(month)
	if dayErr != nil || yearErr != nil || !ok || y < 2000 || y > 2999 {
		return time.Time{}, false
	}
	date := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	return date, date.Day() == d && date.Month() == m
}

func parseMonth(text string) (time.Month, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	if n, err := strconv.Atoi(text); err == nil {
		return time.Month(n), n >= 1 && n <= 12
	}
	for m := time.January; m <= time.December; m++ {
		name := strings.ToLower(m.String())
		if len(text) >= 3 && strings.HasPrefix(name, text) {
			return m, true
		}
	}
	return 0, false
}

// When is the date and times in words: "Tuesday 28 February 2017, 7pm to 9pm", or "Date to be announced".
func (e Event) When() string {
	if !e.Dated() {
		return "Date to be announced"
	}
	return Day(e.LocalStart()) + ", " + e.Hours()
}

// Hours is the times in words: "7pm to 9pm"; empty where the date is to be announced.
func (e Event) Hours() string {
	if !e.Dated() {
		return ""
	}
	hours := Clock(e.LocalStart())
	if e.EndsAt != nil {
		hours += " to " + Clock(e.LocalEnd())
	}
	return hours
}

// Day writes a date: "Tuesday 28 February 2017".
func Day(t time.Time) string { return t.Format("Monday 2 January 2006") }

// Clock writes a time of day: 7pm, 7:30pm, midday, midnight.
func Clock(t time.Time) string {
	switch {
	case t.Minute() != 0:
		return t.Format("3:04pm")
	case t.Hour() == 0:
		return "midnight"
	case t.Hour() == 12:
		return "midday"
	default:
		return t.Format("3pm")
	}
}

// Moment writes a date and time: "7pm on Tuesday 28 February 2017".
func Moment(t time.Time) string { return fmt.Sprintf("%s on %s", Clock(t), Day(t)) }

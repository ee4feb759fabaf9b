package contacts

import (
	"strings"
	"time"
)

// ReadWhen reads when somebody said something, as a file or a form has it: a day (2017-01-31 or 31/01/2017) or an instant
// (2017-01-31 14:05 by the clocks of the zone, or with an offset as in ISO 8601).
//
// A day alone does not say when on it. What is given counts from its first moment and what is taken back from its last,
// so that on one day a no always wins over a yes; the last moment of today is now.
func ReadWhen(text string, entry Entry, zone *time.Location, now time.Time) (at time.Time, ok bool) {
	text = strings.TrimSpace(text)
	for _, form := range []string{time.RFC3339Nano, "2006-01-02 15:04:05Z07:00"} {
		if at, err := time.Parse(form, text); err == nil {
			return at.UTC(), true
		}
	}
	for _, form := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02T15:04:05", "02/01/2006 15:04", "02/01/2006 15:04:05"} {
		if at, err := time.ParseInLocation(form, text, zone); err == nil {
			return at.UTC(), true
		}
	}
	for _, form := range []string{time.DateOnly, "02/01/2006", "2/1/2006"} {
		if day, err := time.ParseInLocation(form, text, zone); err == nil {
			return ofDay(day, entry, now), true
		}
	}
	return time.Time{}, false
}

// ofDay is the instant of a day from which an entry counts.
func ofDay(day time.Time, entry Entry, now time.Time) time.Time {
	if entry == Given {
		return day.UTC()
	}
	last := day.AddDate(0, 0, 1).Add(-time.Microsecond)
	if last.After(now) && !day.After(now) {
		last = now
	}
	return last.UTC()
}

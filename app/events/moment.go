package events

import (
	"time"

	"conversations/app/fault"
)

// TypedMoment is a date and a time of day as typed. Which is "first" or "second", where the clocks show the time twice.
type TypedMoment struct{ Day, Month, Year, Time, Which string }

// MomentOf is the moment as it would be typed in a zone.
func MomentOf(t time.Time, zone *time.Location) (m TypedMoment) {
	d, clock := momentText(&t, zone)
	return TypedMoment{Day: d.day, Month: d.month, Year: d.year, Time: clock, Which: which(t.In(zone).Format(localForm), zone, isSecond(t, zone))}
}

// isSecond says whether an instant is the second of two at which the clocks show the same.
func isSecond(t time.Time, zone *time.Location) bool {
	first, problem := Resolve(t.In(zone).Format(localForm), zone, false)
	return problem == TimeTwice && t.Sub(first) >= time.Minute
}

// Read gives the instant in a zone. What is wrong is told at the fields prefix_day, prefix_time and prefix_which; label
// begins the sentence about the date, and what ends the one about the time: "the letter leaves".
func (m TypedMoment) Read(prefix, label, what string, zone *time.Location) (time.Time, fault.Fields) {
	r := &reading{}
	d := dateText{m.Day, m.Month, m.Year}
	date, ok := d.date()
	if !ok {
		r.fields.Add(prefix+"_day", dateProblem(d, label))
	}
	clock := r.clock(prefix+"_time", m.Time, what, true)
	if !ok || clock == "" {
		return time.Time{}, r.fields
	}
	at := r.instant(prefix, date.Format(dayForm)+"T"+clock, m.Which, zone)
	if at == nil {
		return time.Time{}, r.fields
	}
	return *at, r.fields
}

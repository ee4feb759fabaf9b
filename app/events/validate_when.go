package events

import (
	"strings"
	"time"
)

// schedule reads the date and times. No date at all leaves the event to be announced.
func (r *reading) schedule(s Schedule, e *Event) {
	e.StartsLocal, e.EndsLocal, e.StartsSecond, e.EndsSecond = "", "", false, false
	e.StartsAt, e.EndsAt = nil, nil
	if e.ZoneName == "" {
		e.ZoneName = r.cfg.Programme.Timezone
	}
	if s.empty() {
		return
	}
	date, ok := s.date().date()
	if !ok {
		r.fields.Add("starts_day", dateProblem(s.date(), "The date of the event"))
	}
	start := r.clock("starts_time", s.StartsTime, "the event starts", true)
	end := r.clock("ends_time", s.EndsTime, "the event ends", false)
	if !ok || start == "" {
		return
	}
	e.StartsLocal = date.Format(dayForm) + "T" + start
	e.StartsSecond = s.StartsWhich == second
	e.StartsAt = r.instant("starts", e.StartsLocal, s.StartsWhich, e.Zone())
	if end == "" {
		return
	}
	e.EndsLocal = date.Format(dayForm) + "T" + end
	e.EndsSecond = s.EndsWhich == second
	e.EndsAt = r.instant("ends", e.EndsLocal, s.EndsWhich, e.Zone())
	if e.StartsAt != nil && e.EndsAt != nil && !e.EndsAt.After(*e.StartsAt) {
		r.fields.Add("ends_time", "The end must be after the start")
	}
}

// clock reads a time of day as 19:00, or notes why not and gives "".
func (r *reading) clock(name, text, what string, needed bool) string {
	if strings.TrimSpace(text) == "" {
		if needed {
			r.fields.Add(name, "Enter the time "+what+", such as 7pm")
		}
		return ""
	}
	hour, minute, ok := ParseClock(text)
	if !ok {
		r.fields.Add(name, "Enter the time "+what+" like 7pm, 7:30pm or 19:30")
		return ""
	}
	return time.Date(2000, 1, 1, hour, minute, 0, 0, time.UTC).Format("15:04")
}

// instant is nil where the local time has a problem that only the person who typed it can solve.
func (r *reading) instant(prefix, local, which string, zone *time.Location) *time.Time {
	at, problem := Resolve(local, zone, which == second)
	_, clock := splitLocal(local)
	switch {
	case problem == TimeSkipped:
		r.fields.Add(prefix+"_time", "There is no "+clock+" on that day, because the clocks go forward over it. Enter another time")
		return nil
	case problem == TimeTwice && which != first && which != second:
		r.fields.Add(prefix+"_which", clock+" happens twice on that day, because the clocks go back. Choose the first or the second")
		return nil
	case problem == TimeUnreadable:
		r.fields.Add(prefix+"_time", "Enter a real date and time")
		return nil
	}
	return &at
}

// dateProblem says what is wrong with a date: which parts are missing, or that there is no such day.
func dateProblem(d dateText, what string) string {
	d = d.trimmed()
	var missing []string
	for _, part := range []struct{ text, name string }{{d.day, "day"}, {d.month, "month"}, {d.year, "year"}} {
		if part.text == "" {
			missing = append(missing, part.name)
		}
	}
	switch len(missing) {
	case 3:
		return what + " needs a day, a month and a year"
	case 0:
		return what + " must be a real date, such as 28 2 2017"
	default:
		return what + " must include a " + strings.Join(missing, " and a ")
	}
}

func (r *reading) booking(f Form, e *Event) {
	e.BookingOpensAt = r.moment("opens", f.opens(), f.OpensTime, "When booking opens", e.Zone())
	e.BookingClosesAt = r.moment("closes", f.closes(), f.ClosesTime, "When booking closes", e.Zone())
	if e.BookingClosesAt == nil {
		return
	}
	if e.BookingOpensAt != nil && !e.BookingClosesAt.After(*e.BookingOpensAt) {
		r.fields.Add("closes_day", "Booking must close after it opens")
	}
	if e.StartsAt != nil && e.BookingClosesAt.After(*e.StartsAt) && !r.fields.Has("closes_day") {
		r.fields.Add("closes_day", "Booking must close before the event starts")
	}
}

// moment reads a date with a time, which is midnight where none is given; nothing typed is nil. Where the clocks
// show the time twice the first is meant: an hour matters little to when booking opens.
func (r *reading) moment(prefix string, d dateText, clock, label string, zone *time.Location) *time.Time {
	if d.empty() {
		if strings.TrimSpace(clock) != "" {
			r.fields.Add(prefix+"_day", label+" needs a day, a month and a year")
		}
		return nil
	}
	date, ok := d.date()
	if !ok {
		r.fields.Add(prefix+"_day", dateProblem(d, label))
		return nil
	}
	at := "00:00"
	if strings.TrimSpace(clock) != "" {
		if at = r.clock(prefix+"_time", clock, strings.TrimPrefix(label, "When "), true); at == "" {
			return nil
		}
	}
	return r.instant(prefix, date.Format(dayForm)+"T"+at, first, zone)
}

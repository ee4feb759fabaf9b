package bookings

import "time"

// workdays knows the days on which offices in England work: Monday to Friday, bank holidays left out. The bank
// holidays of every year are worked out; one-off ones come from the configuration. Where a government has moved one of
// the yearly ones for a single year, the usual day counts as well: a task is then due a day early, never late.
type workdays struct{ extra map[string]bool }

func newWorkdays(extra []string) workdays {
	w := workdays{extra: map[string]bool{}}
	for _, day := range extra {
		w.extra[day] = true
	}
	return w
}

// due is the day by which something must be arranged that takes leadDays before the day of start: so many days of the
// calendar back, and then to the working day before where nobody works on that one.
func (w workdays) due(start time.Time, leadDays int) time.Time {
	year, month, day := start.Date()
	due := time.Date(year, month, day-leadDays, 0, 0, 0, 0, time.UTC)
	for !w.works(due) {
		due = due.AddDate(0, 0, -1)
	}
	return due
}

func (w workdays) works(day time.Time) bool {
	if weekend(day) || w.extra[day.Format(time.DateOnly)] {
		return false
	}
	for _, holiday := range bankHolidays(day.Year()) {
		if day.Equal(holiday) {
			return false
		}
	}
	return true
}

func weekend(day time.Time) bool {
	return day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
}

// bankHolidays are those of every year in England, in order, with the substitute days for those on a weekend.
func bankHolidays(year int) []time.Time {
	easter := easterSunday(year)
	christmas, boxing := date(year, time.December, 25), date(year, time.December, 26)
	switch christmas.Weekday() {
	case time.Friday:
		boxing = date(year, time.December, 28)
	case time.Saturday:
		christmas, boxing = date(year, time.December, 27), date(year, time.December, 28)
	case time.Sunday:
		christmas, boxing = boxing, date(year, time.December, 27)
	}
	return []time.Time{
		afterWeekend(date(year, time.January, 1)), easter.AddDate(0, 0, -2), easter.AddDate(0, 0, 1),
		firstFrom(time.Monday, date(year, time.May, 1)), lastMonday(year, time.May), lastMonday(year, time.August), christmas, boxing,
	}
}

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// afterWeekend is the day itself, or the Monday after where it falls on a weekend.
func afterWeekend(day time.Time) time.Time {
	if weekend(day) {
		return firstFrom(time.Monday, day)
	}
	return day
}

// firstFrom is the first such weekday on the day or after.
func firstFrom(want time.Weekday, day time.Time) time.Time {
	return day.AddDate(0, 0, (int(want)-int(day.Weekday())+7)%7)
}

func lastMonday(year int, month time.Month) time.Time {
	last := date(year, month+1, 0)
	return last.AddDate(0, 0, -((int(last.Weekday()) + 6) % 7))
}

// easterSunday is the date of Easter by the Gregorian reckoning (Meeus, Jones and Butcher).
func easterSunday(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	f := (b + 8) / 25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return date(year, time.Month(n/31), n%31+1)
}

package bookings

import (
	"slices"
	"strings"
	"testing"
	"time"

	"conversations/app/config"
)

// The bank holidays of England as the government published them; what it moved or added for one year is in extra.
func TestBankHolidaysAreThoseOfEngland(t *testing.T) {
	for year, want := range map[int]string{
		2016: "01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27",
		2017: "01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
		2018: "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
		2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
		2023: "01-02 04-07 04-10 05-01 05-29 08-28 12-25 12-26",
		2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
		2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
		2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
		2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
		2028: "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
	} {
		var got []string
		for _, day := range bankHolidays(year) {
			got = append(got, day.Format("01-02"))
		}
		if !slices.Equal(got, strings.Fields(want)) {
			t.Errorf("%d: %v, want %s", year, got, want)
		}
	}
}

func TestTasksAreDueOnAWorkingDay(t *testing.T) {
	london := must(time.LoadLocation("Europe/London"))(t)
	w := newWorkdays([]string{"2023-05-08", "2022-09-19"})
	for _, c := range []struct {
		why, starts string
		lead        int
		due         string
	}{
		{"an ordinary working day", "2017-02-28T19:00", 21, "2017-02-07"},
		{"back over a weekend", "2017-02-28T19:00", 3, "2017-02-24"}, // the 25th is a Saturday
		{"Sunday goes back to Friday", "2017-03-05T14:00", 7, "2017-02-24"},
		{"Easter Monday goes back over Good Friday", "2017-05-08T19:00", 21, "2017-04-13"},
		{"Good Friday goes back to Thursday", "2017-05-05T19:00", 21, "2017-04-13"},
		{"the early May holiday", "2017-05-15T19:00", 14, "2017-04-28"},
		{"the spring holiday", "2017-06-12T19:00", 14, "2017-05-26"},
		{"the summer holiday", "2017-09-11T19:00", 14, "2017-08-25"},
		{"Boxing Day goes back over Christmas and the weekend", "2018-01-09T19:00", 14, "2017-12-22"},
		{"Christmas on a Saturday: the substitutes are the Monday and the Tuesday", "2022-01-11T19:00", 14, "2021-12-24"},
		{"Christmas on a Sunday: the substitute is the Tuesday", "2017-01-10T19:00", 14, "2016-12-23"},
		{"Boxing Day on a Saturday: the substitute is the Monday", "2027-01-11T19:00", 14, "2026-12-24"},
		{"New Year's Day on a Sunday: the substitute is the Monday", "2017-01-16T19:00", 14, "2016-12-30"},
		{"New Year's Day on a Saturday: the substitute is the Monday", "2028-01-17T19:00", 14, "2027-12-31"},
		{"a one-off holiday of the configuration", "2023-05-29T19:00", 21, "2023-05-05"},
		{"another", "2022-10-03T19:00", 14, "2022-09-16"},
		{"the clocks go forward in between", "2017-04-04T19:00", 14, "2017-03-21"},
		{"late in the evening of summer it is still that day", "2017-06-30T23:30", 1, "2017-06-29"},
		{"just after midnight of summer it is that day already", "2017-07-05T00:15", 1, "2017-07-04"},
		{"a leap day", "2016-03-07T19:00", 7, "2016-02-29"},
	} {
		starts := must(time.ParseInLocation("2006-01-02T15:04", c.starts, london))(t)
		got := w.due(starts, c.lead)
		if got.Format(time.DateOnly) != c.due || weekend(got) {
			t.Errorf("%s: %s less %d days is due on %s, want %s", c.why, c.starts, c.lead, got.Format("Mon 2006-01-02"), c.due)
		}
	}
}

func TestEveryNeedHasALeadTime(t *testing.T) {
	cfg := must(config.Load("../../config.yaml", nil))(t)
	days := map[string]int{"bsl": 21, "speech-to-text": 14, "interpreter": 14, "large-print": 5, "easy-read": 10, "hearing-loop": 3}
	for _, n := range Needs() {
		got := cfg.Access.LeadDays.Of(n.Code)
		if got < 1 || days[n.Code] != 0 && got != days[n.Code] {
			t.Errorf("%s has a lead time of %d days", n.Code, got)
		}
		if n.Code != "other" {
			changed := cfg.Access.LeadDays
			changed.Other = 99
			if changed.Of(n.Code) == 99 {
				t.Errorf("%s has no lead time of its own", n.Code)
			}
		}
	}
}

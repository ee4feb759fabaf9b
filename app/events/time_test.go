package events_test

import (
	"testing"
	"time"

	"conversations/app/events"
)

func london(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestALocalTimeBecomesTheRightInstant(t *testing.T) {
	for _, c := range []struct {
		local   string
		second  bool
		instant string
		problem events.TimeProblem
	}{
		{"2017-02-28T19:00", false, "2017-02-28T19:00:00Z", events.TimeFine},
		{"2017-07-04T19:00", false, "2017-07-04T18:00:00Z", events.TimeFine},
		{"2017-03-26T00:59", false, "2017-03-26T00:59:00Z", events.TimeFine},
		{"2017-03-26T01:00", false, "", events.TimeSkipped},
		{"2017-03-26T01:59", false, "", events.TimeSkipped},
		{"2017-03-26T02:00", false, "2017-03-26T01:00:00Z", events.TimeFine},
		{"2017-10-29T00:59", false, "2017-10-28T23:59:00Z", events.TimeFine},
		{"2017-10-29T01:00", false, "2017-10-29T00:00:00Z", events.TimeTwice},
		{"2017-10-29T01:30", false, "2017-10-29T00:30:00Z", events.TimeTwice},
		{"2017-10-29T01:30", true, "2017-10-29T01:30:00Z", events.TimeTwice},
		{"2017-10-29T02:00", true, "2017-10-29T02:00:00Z", events.TimeFine},
		{"2017-02-30T19:00", false, "", events.TimeUnreadable},
		{"", false, "", events.TimeUnreadable},
	} {
		at, problem := events.Resolve(c.local, london(t), c.second)
		text := ""
		if !at.IsZero() {
			text = at.Format(time.RFC3339)
		}
		if text != c.instant || problem != c.problem {
			t.Errorf("%q (second %v) is %q with problem %d; want %q, %d", c.local, c.second, text, problem, c.instant, c.problem)
		}
	}
}

func TestTimesOfDayAreReadAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]string{
		"19:00": "19:00", "19.30": "19:30", "1930": "19:30", "7pm": "19:00", "7.30 pm": "19:30", "7:30PM": "19:30", "7 p.m.": "19:00",
		"9am": "09:00", "09:05": "09:05", "12pm": "12:00", "12am": "00:00", "midday": "12:00", "Noon": "12:00", "midnight": "00:00", "0:15": "00:15",
		"7": "no", "25:00": "no", "19:60": "no", "13pm": "no", "seven": "no", "": "no", "7:3": "no",
	} {
		hour, minute, ok := events.ParseClock(text)
		got := "no"
		if ok {
			got = time.Date(2000, 1, 1, hour, minute, 0, 0, time.UTC).Format("15:04")
		}
		if got != want {
			t.Errorf("%q was read as %s, want %s", text, got, want)
		}
	}
}

func TestAMonthCanBeANumberOrAName(t *testing.T) {
	for _, month := range []string{"2", "02", "February", "feb", " FEB "} {
		if date, ok := events.ParseDay("28", month, "2017"); !ok || date.Month() != time.February {
			t.Errorf("month %q was not read", month)
		}
	}
	for _, d := range [][3]string{{"29", "2", "2017"}, {"0", "2", "2017"}, {"1", "13", "2017"}, {"1", "fe", "2017"}, {"1", "2", "17"}, {"", "2", "2017"}} {
		if _, ok := events.ParseDay(d[0], d[1], d[2]); ok {
			t.Errorf("%v was taken for a date", d)
		}
	}
}

func TestATimeThatDoesNotExistIsRefusedAtItsField(t *testing.T) {
	h, f := newHouse(t), evening()
	f.StartsDay, f.StartsMonth, f.StartsTime, f.EndsTime = "26", "3", "1:30", "3:00"
	_, err := h.Create(h.ctx, f)
	if got := messages(t, err)["starts_time"]; got != "There is no 01:30 on that day, because the clocks go forward over it. Enter another time" {
		t.Fatalf("message %q", got)
	}
}

func TestATimeThatExistsTwiceIsAskedAboutAndTheChoiceKept(t *testing.T) {
	h, f := newHouse(t), evening()
	f.StartsDay, f.StartsMonth, f.StartsTime, f.EndsTime = "29", "10", "1:30", "3:00"
	if _, err := h.Create(h.ctx, f); messages(t, err)["starts_which"] == "" {
		t.Fatalf("not asked about: %v", err)
	}
	for which, want := range map[string]string{"first": "2017-10-29T00:30:00Z", "second": "2017-10-29T01:30:00Z"} {
		f.StartsWhich = which
		made := h.create(t, f)
		stored, err := h.ByID(h.ctx, made.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got := stored.StartsAt.UTC().Format(time.RFC3339); got != want || stored.StartsLocal != "2017-10-29T01:30" {
			t.Errorf("%s: %s, typed %s; want %s", which, got, stored.StartsLocal, want)
		}
		if again := events.FormOf(stored); again.StartsWhich != which {
			t.Errorf("the choice %q came back as %q", which, again.StartsWhich)
		}
	}
}

func TestADateIsWrittenInPlainWords(t *testing.T) {
	h := newHouse(t)
	e := h.create(t, evening())
	if e.When() != "Tuesday 28 February 2017, 7pm to 9pm" {
		t.Errorf("written %q", e.When())
	}
	if e := h.create(t, dateless()); e.When() != "Date to be announced" {
		t.Errorf("written %q", e.When())
	}
}

// Every instant has a local time, and that local time leads back to it, as its first or its second.
func TestEveryInstantIsFoundAgainFromItsLocalTime(t *testing.T) {
	for _, name := range []string{"Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		end := time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC)
		for at := time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC); at.Before(end); at = at.Add(15 * time.Minute) {
			local := at.In(zone).Format("2006-01-02T15:04")
			first, problem := events.Resolve(local, zone, false)
			second, _ := events.Resolve(local, zone, true)
			if !first.Equal(at) && !second.Equal(at) || (problem == events.TimeTwice) == first.Equal(second) {
				t.Fatalf("%s in %s: %s or %s, problem %d", local, name, first, second, problem)
			}
		}
	}
}

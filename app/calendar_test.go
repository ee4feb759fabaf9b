package app_test

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"conversations/app/apptest"
	"conversations/app/bookings"
	"conversations/app/devmail"
	"conversations/app/events"
)

// invitation is what a calendar understands of a mail.
type invitation struct {
	Method    string
	UID       string
	Sequence  int
	Status    string
	Start     time.Time
	Organizer string
	Attendee  string
}

// moment is a time as staff type it, and the instant that it is.
type moment struct {
	typed events.Schedule
	is    time.Time
}

func TestCalendarsFollowABookingThroughTheClockChanges(t *testing.T) {
	site := apptest.Start(t)
	e := site.OpenEvent("talk", 20, 4)
	beforeMarch, afterMarch := evening(lastSunday(time.March).AddDate(0, 0, -1)), evening(lastSunday(time.March).AddDate(0, 0, 1))
	beforeOctober, afterOctober := evening(lastSunday(time.October).AddDate(0, 0, -1)), evening(lastSunday(time.October).AddDate(0, 0, 1))
	first, second := twice("first"), twice("second")
	to := func(m moment) events.Form {
		f := events.FormOf(e)
		f.Schedule = m.typed
		return f
	}
	move := func(m moment) func() error {
		return func() error { _, err := site.App.Events.Move(site.Ctx(), e.ID, to(m)); return err }
	}
	steps := []struct {
		what   string
		do     func() error
		method string
		status string
		start  time.Time // zero where it does not matter
	}{
		{"booked", func() error {
			_, err := site.App.Bookings.Book(site.Ctx(), e.ID, bookings.Request{Name: "Ada Example", Email: "ada@residents.example", People: 2,
				BookerComes: true, Channel: bookings.Online})
			return err
		}, "REQUEST", "CONFIRMED", *e.StartsAt},
		{"moved to before the clocks go forward", move(beforeMarch), "REQUEST", "CONFIRMED", beforeMarch.is},
		{"moved to after the clocks go forward", move(afterMarch), "REQUEST", "CONFIRMED", afterMarch.is},
		{"postponed", func() error {
			_, err := site.App.Events.Postpone(site.Ctx(), e.ID, "The hall was flooded.")
			return err
		}, "CANCEL", "CANCELLED", time.Time{}},
		{"set again to before the clocks go back", func() error { _, err := site.App.Events.SetDate(site.Ctx(), e.ID, to(beforeOctober)); return err },
			"REQUEST", "CONFIRMED", beforeOctober.is},
		{"moved to after the clocks go back", move(afterOctober), "REQUEST", "CONFIRMED", afterOctober.is},
		{"moved to the hour that is there twice, the first", move(first), "REQUEST", "CONFIRMED", first.is},
		{"moved to the hour that is there twice, the second", move(second), "REQUEST", "CONFIRMED", second.is},
		{"cancelled", func() error { _, err := site.App.Events.Cancel(site.Ctx(), e.ID, "The speaker is ill."); return err }, "CANCEL", "CANCELLED", time.Time{}},
	}
	var last invitation
	for i, s := range steps {
		if err := s.do(); err != nil {
			t.Fatalf("%s: %v", s.what, err)
		}
		got := read(t, invitationMail(t, site, "ada@residents.example", i+1))
		if got.Method != s.method || got.Status != s.status {
			t.Errorf("%s: a calendar reads %s, %s and should read %s, %s", s.what, got.Method, got.Status, s.method, s.status)
		}
		if !s.start.IsZero() && !got.Start.Equal(s.start) {
			t.Errorf("%s: a calendar shows %v and the event is at %v", s.what, got.Start, s.start)
		}
		if i > 0 && (got.UID != last.UID || got.Sequence <= last.Sequence || got.Organizer != last.Organizer) {
			t.Errorf("%s: after %+v came %+v", s.what, last, got)
		}
		if got.Attendee != "mailto:ada@residents.example" || got.UID == "" || !strings.HasPrefix(got.Organizer, "mailto:") {
			t.Errorf("%s: it is not clear whose meeting it is: %+v", s.what, got)
		}
		last = got
	}
}

func TestACancelledBookingLeavesTheCalendar(t *testing.T) {
	site := apptest.Start(t)
	e := site.OpenEvent("talk", 20, 4)
	out, err := site.App.Bookings.Book(site.Ctx(), e.ID, bookings.Request{Name: "Ada Example", Email: "ada@residents.example", People: 2, BookerComes: true,
		Channel: bookings.Online})
	if err != nil {
		t.Fatal(err)
	}
	booked := read(t, invitationMail(t, site, "ada@residents.example", 1))
	if _, err := site.App.Bookings.Cancel(site.Ctx(), bookings.ByBooker, out.Booking.ID); err != nil {
		t.Fatal(err)
	}
	gone := read(t, invitationMail(t, site, "ada@residents.example", 2))
	if gone.Method != "CANCEL" || gone.Status != "CANCELLED" || gone.UID != booked.UID || gone.Sequence <= booked.Sequence {
		t.Errorf("after %+v came %+v", booked, gone)
	}
}

// evening is 7pm on a day.
func evening(day time.Time) moment {
	london, _ := time.LoadLocation("Europe/London")
	return moment{schedule(day, "7pm", "9pm", ""), time.Date(day.Year(), day.Month(), day.Day(), 19, 0, 0, 0, london)}
}

// twice is half past one in the night when the clocks go back: the first time in summer time, the second an hour on.
func twice(which string) moment {
	day := lastSunday(time.October)
	is := time.Date(day.Year(), day.Month(), day.Day(), 0, 30, 0, 0, time.UTC)
	if which == "second" {
		is = is.Add(time.Hour)
	}
	return moment{schedule(day, "1:30am", "4am", which), is}
}

func schedule(day time.Time, from, to, which string) events.Schedule {
	return events.Schedule{StartsDay: strconv.Itoa(day.Day()), StartsMonth: strconv.Itoa(int(day.Month())), StartsYear: strconv.Itoa(day.Year()),
		StartsTime: from, EndsTime: to, StartsWhich: which}
}

// lastSunday is when the clocks change in a month of next year.
func lastSunday(month time.Month) time.Time {
	day := time.Date(time.Now().Year()+1, month, 31, 12, 0, 0, 0, time.UTC)
	return day.AddDate(0, 0, -int(day.Weekday()))
}

// invitationMail waits until so many mails with a calendar part have come to somebody, and returns the newest.
func invitationMail(t *testing.T, site *apptest.Site, email string, count int) (newest devmail.Message) {
	t.Helper()
	apptest.Eventually(t, "mail "+strconv.Itoa(count)+" with a calendar part", func() bool {
		messages, err := site.Mail.List()
		if err != nil {
			t.Fatal(err)
		}
		var found []devmail.Message
		for _, m := range messages {
			if strings.Contains(m.To, email) && m.Calendar != "" {
				found = append(found, m)
			}
		}
		if len(found) < count {
			return false
		}
		newest = found[0]
		return true
	})
	return newest
}

var calendarType = regexp.MustCompile(`(?i)content-type:\s*text/calendar;[^\r\n]*(?:\r\n\s[^\r\n]*)*`)

// read has ical.js read the calendar part of a mail. The mail itself must name the same method.
func read(t *testing.T, m devmail.Message) (got invitation) {
	t.Helper()
	script, err := filepath.Abs("testdata/calendar.mjs")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", script)
	cmd.Stdin = strings.NewReader(strings.ReplaceAll(m.Calendar, "\n", "\r\n"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("ical.js cannot read it: %v\n%s\n%s", err, out, m.Calendar)
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if kind := calendarType.FindString(m.Raw); !strings.Contains(kind, "method="+got.Method) {
		t.Errorf("the part says %q, and its text %s", kind, got.Method)
	}
	return got
}

package app_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"conversations"
	"conversations/app"
	"conversations/app/apptest"
	"conversations/app/audit"
	"conversations/app/bookings"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/database/databasetest"
)

// An event with 120 bookings, 20 without e-mail and 10 waiting, is postponed, set anew and cancelled through the
// staff's pages; the process is killed in the middle of telling people each time.
func TestEverybodyIsToldOfAPostponedSetAnewAndCancelledEvent(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		sink := apptest.NewSink(t)
		addr := apptest.FreeAddress(t)
		cfg, err := config.Parse(conversations.Config, apptest.Settings(address, "http://"+addr, sink.Port))
		if err != nil {
			t.Fatal(err)
		}
		a, err := app.New(t.Context(), cfg, apptest.Log(t), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = a.Close() }()
		e := apptest.OpenEvent(t, a.Events, "postponed", 110, 2)
		ctx := audit.AsSystem(t.Context())
		for i := range 120 {
			r := bookings.Request{Name: fmt.Sprintf("Resident Example %03d", i), Email: fmt.Sprintf("resident%d@residents.example", i), People: 1, BookerComes: true, Channel: bookings.Online}
			if i%6 == 5 { // 20 of them
				r.Email, r.Phone, r.Channel = "", fmt.Sprintf("01632 960%03d", i), bookings.Telephone
			}
			if i%10 == 0 {
				r.Needs = []bookings.NeedRequest{{Position: 1, Need: "hearing-loop"}}
			}
			if _, err := a.Bookings.Book(ctx, e.ID, r); err != nil {
				t.Fatal(err)
			}
		}
		if open, _, err := a.Bookings.AccessSummary(ctx); err != nil || open != 12 {
			t.Fatalf("%d access tasks before, %v", open, err)
		}
		link, err := a.Accounts.Add(ctx, "lead@staff.example", "Lead Example", "engagement")
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := a.Accounts.SetPassword(ctx, link[strings.LastIndexByte(link, '/')+1:], "talking about care"); err != nil {
			t.Fatal(err)
		}
		staff := newStaff(t, "http://"+addr)
		path := fmt.Sprintf("/staff/events/%d", e.ID)
		newDay := time.Now().AddDate(0, 1, 0)
		steps := []struct {
			kind, path string
			form       url.Values
		}{
			{"postponed", "/postpone", url.Values{"status_note": {"The hall is closed."}}},
			{"dated", "/set-date", url.Values{
				"starts_day": {fmt.Sprint(newDay.Day())}, "starts_month": {fmt.Sprint(int(newDay.Month()))}, "starts_year": {fmt.Sprint(newDay.Year())},
				"starts_time": {"7pm"}, "ends_time": {"9pm"}, "venue_name": {"Another Hall"}, "capacity": {"110"}, "max_party": {"2"},
			}},
			{"event-cancelled", "/cancel", url.Values{"status_note": {"Too few people could come."}}},
		}
		for _, step := range steps {
			p := apptest.Serve(t, addr, address, sink.Port, quickLease...)
			staff.signIn()
			if status := staff.post(path+step.path, step.form); status != http.StatusSeeOther {
				t.Fatalf("%s: %d", step.path, status)
			}
			apptest.Eventually(t, "telling has begun", func() bool { return told(t, a.DB, step.kind) > 0 })
			p.Kill()
			p = apptest.Serve(t, addr, address, sink.Port, quickLease...)
			staff.signIn()
			if status := staff.post(path+step.path, step.form); status != http.StatusConflict {
				t.Errorf("%s a second time: %d", step.path, status)
			}
			apptest.Eventually(t, "everybody is told", func() bool {
				return told(t, a.DB, step.kind) == 120 && count(t, a.DB, `SELECT count(*) FROM announcements WHERE done_at IS NULL`) == 0
			})
			expectToldOnce(t, a.DB, step.kind)
			staff.pageSays(e.Slug, step.kind)
			p.Kill()
		}
		if open, _, err := a.Bookings.AccessSummary(ctx); err != nil || open != 0 {
			t.Errorf("%d access tasks of a cancelled event are still open, %v", open, err)
		}
		for what, query := range map[string]string{
			"calendars that still hold the event":    `SELECT count(*) FROM bookings WHERE in_calendar`,
			"calendars without four messages":        `SELECT count(*) FROM bookings WHERE email <> '' AND status = 'confirmed' AND calendar_sequence <> 3`,
			"waiting parties that got an invitation": `SELECT count(*) FROM bookings WHERE status = 'waiting' AND calendar_sequence <> -1`,
		} {
			if n := count(t, a.DB, query); n != 0 {
				t.Errorf("%d %s", n, what)
			}
		}
	})
}

// told counts the mails and calls of a kind.
func told(t *testing.T, db *database.DB, kind string) int {
	t.Helper()
	return count(t, db, `SELECT (SELECT count(*) FROM mails WHERE kind = 'booking.`+kind+`') + (SELECT count(*) FROM calls WHERE kind = '`+kind+`')`)
}

func expectToldOnce(t *testing.T, db *database.DB, kind string) {
	t.Helper()
	for what, want := range map[string]int{
		`SELECT count(DISTINCT about_id) FROM mails WHERE kind = 'booking.` + kind + `'`: 100,
		`SELECT count(*) FROM mails WHERE kind = 'booking.` + kind + `'`:                 100,
		`SELECT count(DISTINCT booking_id) FROM calls WHERE kind = '` + kind + `'`:       20,
		`SELECT count(*) FROM calls WHERE kind = '` + kind + `' AND state = 'due'`:       20,
	} {
		if n := count(t, db, what); n != want {
			t.Errorf("%s: %s gives %d, want %d", kind, what, n, want)
		}
	}
}

// staffBrowser is a member of staff in a browser of the plainest kind.
type staffBrowser struct {
	t      *testing.T
	base   string
	client *http.Client
}

func newStaff(t *testing.T, base string) *staffBrowser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := apptest.NewClient()
	client.Jar = jar
	return &staffBrowser{t: t, base: base, client: client}
}

func (s *staffBrowser) signIn() {
	s.t.Helper()
	s.signInAs("lead@staff.example")
}

func (s *staffBrowser) signInAs(email string) {
	s.t.Helper()
	s.client.CloseIdleConnections() // those to a process that was killed
	if status := s.post("/staff/sign-in", url.Values{"email": {email}, "password": {"talking about care"}}); status != http.StatusSeeOther {
		s.t.Fatalf("sign in: %d", status)
	}
}

func (s *staffBrowser) post(path string, form url.Values) int {
	s.t.Helper()
	response, err := s.client.PostForm(s.base+path, form)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}

// pageSays: the public page and the feed follow the event's life.
func (s *staffBrowser) pageSays(slug, kind string) {
	s.t.Helper()
	want := map[string][2]string{
		"postponed": {"This event is postponed", `"postponed"`}, "dated": {"Another Hall", `"open"`}, "event-cancelled": {"This event is cancelled", `"cancelled"`},
	}[kind]
	for path, words := range map[string]string{"/events/" + slug: want[0], "/events.json": want[1]} {
		apptest.Eventually(s.t, path+" says "+words, func() bool {
			response, err := http.Get(s.base + path)
			if err != nil {
				return false
			}
			defer func() { _ = response.Body.Close() }()
			body, err := io.ReadAll(response.Body)
			return err == nil && strings.Contains(string(body), words)
		})
	}
}

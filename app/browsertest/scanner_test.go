package browsertest_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"conversations/app/bookings"
)

// Programs that scan mails follow every link, and browsers fetch pages ahead of the person. None of that may
// book, cancel, confirm or sign anybody out.
func TestAScannerThatFollowsEveryLinkChangesNothing(t *testing.T) {
	w := newWorld(t)
	cookie, addresses := w.session(), w.everyAddress(t)
	w.quiet()
	before := w.dump()
	for range 2 {
		for _, path := range addresses {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				w.scan(t, method, path, cookie)
			}
		}
	}
	if after := w.dump(); after != before {
		t.Errorf("the database has changed:\n%s", differing(before, after))
	}
	// The dump itself: what a person does shows in it.
	must(t, second(w.App.Bookings.Cancel(w.Ctx(), bookings.ByBooker, w.waiting.ID)))
	if w.dump() == before {
		t.Error("a cancelled booking is not seen in the dump")
	}
}

// everyAddress are the addresses of all GET routes, the parameters filled with what is there.
func (w *world) everyAddress(t *testing.T) (all []string) {
	t.Helper()
	link := w.signInLink(t)
	paths := w.paths()
	fill := strings.NewReplacer(":slug", w.open.Slug, ":token", strings.TrimPrefix(w.manage(w.confirmed), "/bookings/"), ":id", "1", ":status", "403",
		":office", "dacorum", "*", "css/app.css")
	for _, r := range w.App.Shell.Routes() {
		if r.Method == http.MethodGet {
			all = append(append(all, fill.Replace(r.Path)), paths[r.Path]...)
		}
	}
	return append(all, link, w.manage(w.confirmed)+".ics")
}

// signInLink is the link in the mail to somebody who has forgotten the password.
func (w *world) signInLink(t *testing.T) string {
	t.Helper()
	if answer := w.Post("/staff/forgotten", url.Values{"email": {w.admin.Email}}); answer.Status >= 400 {
		t.Fatalf("asking for a link was answered with %d", answer.Status)
	}
	return linkTo(t, w.Site, w.admin.Email, "/staff/sign-in/")
}

func (w *world) scan(t *testing.T, method, path string, cookie *http.Cookie) {
	t.Helper()
	request, err := http.NewRequest(method, w.URL+strings.TrimPrefix(path, w.URL), nil)
	must(t, err)
	request.AddCookie(cookie)
	response, err := w.Client.Do(request)
	must(t, err)
	_ = response.Body.Close()
	if response.StatusCode >= 500 && !strings.HasPrefix(path, "/trouble/") {
		t.Errorf("%s %s was answered with %d", method, path, response.StatusCode)
	}
}

// except are rows that a GET may add: that somebody took out a list is noted.
var except = map[string]string{"audit_entries": ` WHERE action NOT LIKE '%.export'`}

// dump is every row of every table, but for jobs: when work on a schedule ran last is no visitor's doing; and for what the
// database keeps to search by.
func (w *world) dump() string {
	var tables, lines []string
	db := w.App.DB.Read(w.Ctx())
	must(w.t, db.Raw(`SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name <> 'jobs' AND name NOT LIKE 'sqlite_%' ORDER BY name`).Scan(&tables).Error)
	if !slices.Contains(tables, "bookings") || !slices.Contains(tables, "sessions") {
		w.t.Fatalf("the tables are not all there: %v", tables)
	}
	for _, table := range tables {
		var rows []map[string]any
		must(w.t, db.Raw(`SELECT * FROM "`+table+`"`+except[table]).Scan(&rows).Error)
		for _, row := range rows {
			lines = append(lines, table+" "+fmt.Sprint(row))
		}
	}
	return strings.Join(lines, "\n")
}

// differing are the lines that only one of two dumps has.
func differing(before, after string) string {
	var out []string
	was, is := strings.Split(before, "\n"), strings.Split(after, "\n")
	for _, line := range was {
		if !slices.Contains(is, line) {
			out = append(out, "- "+line)
		}
	}
	for _, line := range is {
		if !slices.Contains(was, line) {
			out = append(out, "+ "+line)
		}
	}
	return strings.Join(out, "\n")
}

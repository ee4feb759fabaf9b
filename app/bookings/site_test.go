package bookings

import (
	"bytes"
	"context"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
	"golang.org/x/net/html"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/web"
)

// site is a world with its pages, as a browser reaches them.
type site struct {
	*world
	handler http.Handler
	routes  []web.Route
}

// The members of staff of a site, by their ids.
const (
	engagementID = 1
	doorID       = 2
)

func newSite(t testing.TB) *site {
	t.Helper()
	w := newWorld(t, databasetest.SQLite(t))
	cfg := must(config.Load("../../config.yaml", nil))(t)
	shell := web.New(cfg, w.db, slog.New(slog.DiscardHandler))
	roles := map[int64]accounts.Role{engagementID: accounts.Engagement, doorID: accounts.Door}
	shell.Actor = func(_ context.Context, id int64) (audit.Actor, error) {
		return audit.Actor{Kind: audit.Staff, ID: id, Name: "Example Officer", Role: string(roles[id])}, nil
	}
	shell.Allow = accounts.Require
	for id, role := range roles {
		add := func(tx *database.Tx) error {
			return tx.Exec(`INSERT INTO staff (id, email, name, role, created_at, updated_at) VALUES (?, ?, 'Example Officer', ?, ?, ?)`,
				id, string(role)+"@officers.example", string(role), tx.Now(), tx.Now()).Error
		}
		if err := w.db.Write(w.ctx, add); err != nil {
			t.Fatal(err)
		}
		shell.Public.POST("/staff/test-sign-in/"+string(role), func(c echo.Context) error {
			if err := shell.SignIn(c, id); err != nil {
				return err
			}
			return web.Redirect(c, "/staff")
		})
	}
	Routes(shell, w.bookings)
	return &site{world: w, handler: shell.Handler(), routes: shell.Routes()}
}

// browser is somebody at the site: a resident without a cookie, or staff with theirs.
type browser struct {
	*site
	cookies []*http.Cookie
}

func (s *site) resident() browser { return browser{site: s} }

func (s *site) staff(role string) browser {
	s.t.Helper()
	b := browser{site: s}
	b.cookies = b.post("/staff/test-sign-in/"+role, nil).cookies
	if len(b.cookies) == 0 {
		s.t.Fatal("nobody is signed in")
	}
	return b
}

// page is an answer.
type page struct {
	t        testing.TB
	status   int
	header   http.Header
	location string
	cookies  []*http.Cookie
	tree     *html.Node
	body     string
}

func (b browser) get(path string) page { return b.do(httptest.NewRequest(http.MethodGet, path, nil)) }

func (b browser) post(path string, form url.Values) page { return b.do(newPost(path, form)) }

func newPost(path string, form url.Values) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// follow posts and then shows the page that the answer leads to.
func (b browser) follow(path string, form url.Values) page {
	b.t.Helper()
	p := b.post(path, form)
	if p.status != http.StatusSeeOther {
		b.t.Fatalf("POST %s answered %d, want 303:\n%s", path, p.status, p.words())
	}
	return b.get(p.location)
}

func (b browser) do(r *http.Request) page {
	b.t.Helper()
	for _, cookie := range b.cookies {
		r.AddCookie(cookie)
	}
	rec := httptest.NewRecorder()
	b.handler.ServeHTTP(rec, r)
	p := page{t: b.t, status: rec.Code, header: rec.Header(), location: rec.Header().Get("Location"), cookies: rec.Result().Cookies(), body: rec.Body.String()}
	p.tree = must(html.Parse(bytes.NewReader(rec.Body.Bytes())))(b.t)
	return p
}

// every lists the elements that a test fits.
func (p page) every(fits func(n *html.Node) bool) (out []*html.Node) {
	for n := range p.tree.Descendants() {
		if n.Type == html.ElementNode && fits(n) {
			out = append(out, n)
		}
	}
	return out
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// words is all that can be read on the page.
func (p page) words() string {
	var out []string
	for n := range p.tree.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "script" {
			out = append(out, n.Data)
		}
	}
	return strings.Join(strings.Fields(strings.Join(out, " ")), " ")
}

func text(n *html.Node) string {
	var out strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			out.WriteString(d.Data)
		}
	}
	return strings.TrimSpace(out.String())
}

func (p page) title() string {
	for _, n := range p.every(func(n *html.Node) bool { return n.Data == "title" }) {
		return text(n)
	}
	return ""
}

// fields is what the page's form would send if its button were pressed now.
func (p page) fields() url.Values {
	out := url.Values{}
	for _, n := range p.every(func(n *html.Node) bool { return attribute(n, "name") != "" && n.Data != "meta" }) {
		name := attribute(n, "name")
		switch kind := attribute(n, "type"); {
		case n.Data == "textarea":
			out.Add(name, text(n))
		case n.Data == "select":
			for d := range n.Descendants() {
				if d.Data == "option" && has(d, "selected") {
					out.Add(name, attribute(d, "value"))
				}
			}
		case kind == "checkbox" || kind == "radio":
			if has(n, "checked") {
				out.Add(name, attribute(n, "value"))
			}
		case n.Data == "input":
			out.Add(name, attribute(n, "value"))
		}
	}
	return out
}

// summary is where the error summary leads: the ids of its links, in order.
func (p page) summary() (ids []string) {
	for _, box := range p.every(func(n *html.Node) bool { return attribute(n, "data-module") == "nhsuk-error-summary" }) {
		for n := range box.Descendants() {
			if n.Data == "a" {
				ids = append(ids, strings.TrimPrefix(attribute(n, "href"), "#"))
			}
		}
	}
	return ids
}

func (p page) element(id string) *html.Node {
	for _, n := range p.every(func(n *html.Node) bool { return attribute(n, "id") == id }) {
		return n
	}
	return nil
}

func (p page) says(words ...string) page {
	p.t.Helper()
	for _, w := range words {
		if !strings.Contains(p.words(), w) {
			p.t.Errorf("the page does not say %q:\n%s", w, p.words())
		}
	}
	return p
}

func (p page) keepsQuietOf(words ...string) page {
	p.t.Helper()
	for _, w := range words {
		if strings.Contains(p.body, w) {
			p.t.Errorf("the page tells %q", w)
		}
	}
	return p
}

func (p page) is(status int) page {
	p.t.Helper()
	if p.status != status {
		p.t.Fatalf("status %d, want %d:\n%s", p.status, status, p.words())
	}
	return p
}

// rows counts what bookings cause, so that a test can say that nothing happened.
func (s *site) rows() map[string]int {
	s.t.Helper()
	out := map[string]int{}
	for _, table := range []string{"bookings", "attendees", "access_needs", "mails", "calls", "interests", "announcements", "audit_entries"} {
		var n int
		if err := s.db.Read(s.ctx).Raw("SELECT count(*) FROM " + table).Row().Scan(&n); err != nil {
			s.t.Fatal(err)
		}
		out[table] = n
	}
	return out
}

// added says how many rows each table has more than before; tables without change are left out.
func (s *site) added(before map[string]int) map[string]int {
	after := s.rows()
	maps.DeleteFunc(after, func(table string, n int) bool { return n == before[table] })
	for table := range after {
		after[table] -= before[table]
	}
	return after
}

// all lists all bookings of the site in order of joining.
func (s *site) all() (list []Booking) {
	s.t.Helper()
	if err := s.db.Read(s.ctx).Raw(`SELECT ` + bookingColumns + ` FROM bookings ORDER BY id`).Scan(&list).Error; err != nil {
		s.t.Fatal(err)
	}
	return list
}

func (s *site) only() Booking {
	s.t.Helper()
	list := s.all()
	if len(list) != 1 {
		s.t.Fatalf("there are %d bookings, want 1", len(list))
	}
	return list[0]
}

// setNeeds gives every need a state, as staff will.
func setNeeds(state NeedState) func(tx *database.Tx) error {
	return func(tx *database.Tx) error {
		return tx.Exec(`UPDATE access_needs SET state = ?`, string(state)).Error
	}
}

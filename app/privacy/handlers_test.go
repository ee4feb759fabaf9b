package privacy_test

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"conversations/app/accounts"

	"github.com/labstack/echo/v4"
)

// browser is a member of staff at work.
type browser struct {
	t      *testing.T
	base   string
	cookie *http.Cookie
}

// signIn makes an account of the role and signs it in.
func (w *world) signIn(server *httptest.Server, role accounts.Role) browser {
	w.t.Helper()
	w.write(`INSERT INTO staff (email, name, role, active, created_at, updated_at) VALUES (?, ?, ?, TRUE, ?, ?)`, string(role)+"@example.org", "Staff "+string(role), string(role), w.now(), w.now())
	res, err := http.Post(fmt.Sprintf("%s/staff/test-sign-in/%d", server.URL, w.number(`SELECT max(id) FROM staff`)), "", nil)
	if err != nil || len(res.Cookies()) != 1 {
		w.t.Fatalf("%v %v", res, err)
	}
	_ = res.Body.Close()
	return browser{w.t, server.URL, res.Cookies()[0]}
}

func (w *world) serve() *httptest.Server {
	w.Config.Staff.RequireCode = false
	w.Shell.Public.POST("/staff/test-sign-in/:id", func(c echo.Context) error {
		id, err := strconv.ParseInt(c.Param("id"), 10, 64)
		if err != nil {
			return err
		}
		if err := w.Shell.SignIn(c, id); err != nil {
			return err
		}
		return c.NoContent(http.StatusNoContent)
	})
	server := httptest.NewServer(w.Shell.Handler())
	w.t.Cleanup(server.Close)
	return server
}

func (b browser) do(method, path string, form url.Values, status int) (body string, header http.Header) {
	b.t.Helper()
	req, err := http.NewRequest(method, b.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if b.cookie != nil {
		req.AddCookie(b.cookie)
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	if res.StatusCode != status {
		b.t.Fatalf("%s %s answered %d, want %d: %s", method, path, res.StatusCode, status, text)
	}
	return html.UnescapeString(string(text)), res.Header
}

func says(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("the page does not say %q:\n%s", text, page)
		}
	}
}

func TestStaffFindHandOutAndEraseOnePersonsData(t *testing.T) {
	w := newWorld(t, "sqlite:///"+filepath.Join(t.TempDir(), "x.db"))
	zenobia(w)
	admin := w.signIn(w.serve(), accounts.Admin)

	page, _ := admin.do("GET", "/staff/privacy", nil, 200)
	says(t, page, "What we hold about a person")
	page, _ = admin.do("GET", "/staff/privacy?who=", nil, 422)
	says(t, page, "There is a problem", "Enter an email address, a telephone number or a booking reference")
	page, _ = admin.do("GET", "/staff/privacy?who=nobody%40residents.example", nil, 200)
	says(t, page, "We hold nothing under this address")
	page, _ = admin.do("GET", "/staff/privacy?who="+url.QueryEscape(herMail), nil, 200)
	says(t, page, "Zenobia Quixley", "Why is the grumbleford closed?", "Orrinblythe Example", "Also look for 01632 960777")

	who := []string{herMail, herPhone}
	copied, header := admin.do("POST", "/staff/privacy/export", url.Values{"who": who, "format": {"html"}}, 200)
	says(t, copied, "holds about you", "wyvernstair")
	says(t, header.Get("Content-Disposition"), "attachment")
	copied, _ = admin.do("POST", "/staff/privacy/export", url.Values{"who": who, "format": {"json"}}, 200)
	says(t, copied, `"held"`, "wyvernstair")
	if n := w.number(`SELECT count(*) FROM audit_entries WHERE action = 'privacy.export' AND actor_kind = 'staff'`); n != 2 {
		t.Errorf("%d exports are in the audit log, want 2", n)
	}

	erase := "/staff/privacy/erase"
	page, _ = admin.do("GET", erase+"?"+url.Values{"who": who}.Encode(), nil, 200)
	says(t, page, "This cannot be undone", "is emptied, and still counts")
	seen := regexp.MustCompile(`name="seen" value="(\d+)"`).FindStringSubmatch(page)
	if seen == nil {
		t.Fatal("the page does not say how many rows were seen")
	}
	page, _ = admin.do("POST", erase, url.Values{"who": who, "seen": seen[1:], "reason": {"Zenobia Quixley asked"}}, 422)
	says(t, page, "Leave out the person’s name", "Tick the box", "Zenobia Quixley asked")
	if n := w.number(`SELECT count(*) FROM bookings WHERE name = 'Zenobia Quixley'`); n != 2 {
		t.Fatal("a refused form erased something")
	}
	_, header = admin.do("POST", erase, url.Values{"who": who, "seen": seen[1:], "reason": {"Asked by letter"}, "sure": {"yes"}}, 303)
	page, _ = admin.do("GET", header.Get("Location"), nil, 200)
	says(t, page, "It is erased", "Asked by letter", "Staff admin")
	if found := wordsIn([]byte(page)); len(found) > 0 {
		t.Errorf("the page names %v", found)
	}
	admin.do("GET", erase+"?who=nobody%40residents.example", nil, 404)
}

func TestOnlyAnAdministratorSeesWhatIsHeldAboutAPerson(t *testing.T) {
	w := newWorld(t, "sqlite:///"+filepath.Join(t.TempDir(), "x.db"))
	zenobia(w)
	server := w.serve()
	for _, role := range []accounts.Role{accounts.Engagement, accounts.Comms, accounts.Door} {
		who := w.signIn(server, role)
		who.do("GET", "/staff/privacy?who="+url.QueryEscape(herMail), nil, 403)
		who.do("GET", "/staff/privacy/erase?who="+url.QueryEscape(herMail), nil, 403)
		who.do("POST", "/staff/privacy/export", url.Values{"who": {herMail}}, 403)
		who.do("POST", "/staff/privacy/erase", url.Values{"who": {herMail}, "sure": {"yes"}, "reason": {"x"}}, 403)
	}
	browser{t: t, base: server.URL}.do("GET", "/staff/privacy", nil, 303)
}

package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/web"
)

// signIn signs staff member 7 in and returns what their browser then sends.
func (s *site) signIn(t *testing.T) change {
	t.Helper()
	if !s.has("/staff/come-in") {
		s.Public.POST("/staff/come-in", func(c echo.Context) error {
			if err := s.SignIn(c, 7); err != nil {
				return err
			}
			return c.NoContent(http.StatusNoContent)
		})
		s.Staff.GET("/staff", "anything", s.page("Staff"))
		s.Staff.GET("/staff/secret", "forbidden", s.page("Secret"))
	}
	w := s.ask("POST", "/staff/come-in")
	expect(t, w, 204)
	return sent(t, w)
}

func (s *site) has(path string) bool {
	for _, r := range s.Routes() {
		if r.Path == path {
			return true
		}
	}
	return false
}

func sent(t *testing.T, w *httptest.ResponseRecorder) change {
	t.Helper()
	cookies := w.Result().Cookies()
	if len(cookies) != 1 {
		t.Fatalf("%d cookies, want one", len(cookies))
	}
	return func(r *http.Request) { r.AddCookie(cookies[0]) }
}

func TestStaffPagesNeedASessionAndTheRight(t *testing.T) {
	s := newSite(t)
	cookie := s.signIn(t)
	w := s.ask("GET", "/staff?x=1")
	if w.Code != 303 || w.Header().Get("Location") != "/staff/sign-in?next=%2Fstaff%3Fx%3D1" || w.Header().Get("Set-Cookie") != "" {
		t.Errorf("a stranger gets %d to %q", w.Code, w.Header().Get("Location"))
	}
	expect(t, s.ask("GET", "/staff", cookie), 200, "<h1>Staff</h1>", "Pat Example")
	expect(t, s.ask("GET", "/staff/secret", cookie), 403, "Ask an administrator.")
	if got := s.ask("GET", "/staff", cookie).Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("a staff page may be kept: %q", got)
	}
}

func TestTheCookieIsForTheServerAlone(t *testing.T) {
	for base, secure := range map[string]bool{"http://127.0.0.1:8080": false, "https://talk.example": true} {
		s := newSite(t, "CONVERSATIONS_BASE_URL="+base)
		s.signIn(t)
		cookie := s.ask("POST", "/staff/come-in").Result().Cookies()[0]
		if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Secure != secure || cookie.Name != "conversations" {
			t.Errorf("%s: %v", base, cookie)
		}
		var kept []string
		s.DB.Read(t.Context()).Raw(`SELECT token_hash FROM sessions`).Scan(&kept)
		if len(kept) != 2 || strings.Contains(strings.Join(kept, ""), cookie.Value) {
			t.Errorf("the database keeps %v", kept)
		}
	}
}

func TestSigningInGivesANewToken(t *testing.T) {
	s := newSite(t)
	before := s.signIn(t)
	w := s.ask("POST", "/staff/come-in", before)
	expect(t, s.ask("GET", "/staff", before), 303)
	expect(t, s.ask("GET", "/staff", sent(t, w)), 200)
	planted := s.ask("POST", "/staff/come-in", header("Cookie", "conversations=planted"))
	if planted.Result().Cookies()[0].Value == "planted" {
		t.Error("a planted token was taken")
	}
}

func TestASessionEndsWhenIdleAndAtItsLifetime(t *testing.T) {
	s := newSite(t)
	cookie := s.signIn(t)
	for range 11 { // in use, once an hour: idle is two hours, the lifetime twelve
		s.now = s.now.Add(time.Hour)
		expect(t, s.ask("GET", "/staff", cookie), 200)
	}
	s.now = s.now.Add(time.Hour + time.Second)
	expect(t, s.ask("GET", "/staff", cookie), 303)

	cookie = s.signIn(t)
	s.now = s.now.Add(2*time.Hour + time.Second)
	expect(t, s.ask("GET", "/staff", cookie), 303)
}

func TestReadingPagesWritesTheSessionAtMostEachFiveMinutes(t *testing.T) {
	s := newSite(t)
	cookie := s.signIn(t)
	s.now = s.now.Add(4 * time.Minute)
	if w := s.ask("GET", "/staff", cookie); w.Header().Get("Set-Cookie") != "" {
		t.Error("the session was written")
	}
	s.now = s.now.Add(2 * time.Minute)
	if w := s.ask("GET", "/staff", cookie); w.Header().Get("Set-Cookie") == "" {
		t.Error("the session was not written")
	}
}

func TestAnEndedSessionStaysEndedEvenIfARequestWasUnderWay(t *testing.T) {
	s := newSite(t)
	cookie := s.signIn(t)
	s.Staff.POST("/staff/slow", "anything", func(c echo.Context) error {
		err := s.DB.Write(c.Request().Context(), func(tx *database.Tx) error { return web.EndSessions(tx, 7) })
		if err != nil {
			return err
		}
		s.Flash(c, web.Success, "This has the session written again.")
		return c.NoContent(http.StatusNoContent)
	})
	expect(t, s.ask("POST", "/staff/slow", cookie), 204)
	expect(t, s.ask("GET", "/staff", cookie), 303)
}

func TestAFlashIsShownOnce(t *testing.T) {
	s := newSite(t)
	cookie := s.signIn(t)
	s.Staff.POST("/staff/do", "anything", func(c echo.Context) error {
		s.Flash(c, web.Success, "It is done.")
		return web.Redirect(c, "/staff")
	})
	expect(t, s.ask("POST", "/staff/do", cookie), 303)
	expect(t, s.ask("GET", "/staff", cookie), 200, "It is done.")
	if strings.Contains(s.ask("GET", "/staff", cookie).Body.String(), "It is done.") {
		t.Error("it is shown twice")
	}
}

func TestResidentsGetNoCookieWhateverTheyDo(t *testing.T) {
	s := newSite(t)
	s.Public.GET("/events", s.page("Events"))
	s.Public.POST("/book", func(c echo.Context) error {
		s.Flash(c, web.Success, "Booked.")
		if web.Who(c).Kind != audit.Resident {
			t.Error("a resident is taken for somebody else")
		}
		return web.Redirect(c, "/events")
	})
	for _, w := range []*httptest.ResponseRecorder{s.ask("GET", "/events"), s.ask("POST", "/book"), s.ask("GET", "/nowhere"), s.ask("GET", "/staff/nowhere")} {
		if got := w.Header().Get("Set-Cookie"); got != "" {
			t.Errorf("a cookie: %q", got)
		}
	}
}

func TestNextStaysOnTheStaffPages(t *testing.T) {
	for next, want := range map[string]string{
		"/staff/events?x=1": "/staff/events?x=1", "": "/staff", "https://evil.example/staff": "/staff", "//evil.example/staff": "/staff",
		"/staff/../events": "/staff", `/\evil.example`: "/staff", "/staff\r\nX: y": "/staff", "/events": "/staff", "/staff/sign-in": "/staff",
	} {
		if got := web.SafeNext(next); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
}

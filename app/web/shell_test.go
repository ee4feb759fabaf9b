package web_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/web"
)

// site is a shell on a fresh database, with a clock that tests drive and a log that they read.
type site struct {
	*web.Shell
	now time.Time
	log *safeBuffer
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func newSite(t testing.TB, environ ...string) *site {
	t.Helper()
	text, err := os.ReadFile("../../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Parse(text, environ)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{now: time.Date(2017, 2, 1, 9, 0, 0, 0, time.UTC), log: &safeBuffer{}}
	db := databasetest.Open(t, databasetest.SQLite(t), func() time.Time { return s.now })
	s.Shell = web.New(cfg, db, slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	s.Actor = func(_ context.Context, id int64) (audit.Actor, error) {
		return audit.Actor{Kind: audit.Staff, ID: id, Name: "Pat Example", Role: "admin"}, nil
	}
	s.Allow = func(ctx context.Context, action web.Action) error {
		switch {
		case audit.ActorFrom(ctx).Kind != audit.Staff:
			return fault.New(fault.SignIn, "")
		case action == "forbidden":
			return fault.New(fault.Forbidden, "Ask an administrator.")
		}
		return nil
	}
	return s
}

type change func(*http.Request)

func header(name, value string) change { return func(r *http.Request) { r.Header.Set(name, value) } }

func form(body string) change {
	return func(r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
}

func (s *site) ask(method, target string, changes ...change) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(context.Background(), method, target, nil)
	for _, change := range changes {
		change(r)
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

func (s *site) page(text string) echo.HandlerFunc {
	return func(c echo.Context) error {
		return s.Render(c, http.StatusOK, web.Page{Title: "A page", Body: templ.Raw("<h1>" + text + "</h1>")})
	}
}

func expect(t *testing.T, w *httptest.ResponseRecorder, status int, texts ...string) {
	t.Helper()
	if w.Code != status {
		t.Errorf("status %d, want %d; %s", w.Code, status, w.Body)
	}
	for _, text := range texts {
		if !strings.Contains(w.Body.String(), text) {
			t.Errorf("the page does not say %q: %s", text, w.Body)
		}
	}
}

func TestAPageHasSecurityHeadersAndNoCookie(t *testing.T) {
	s := newSite(t)
	s.Public.GET("/events", s.page("Events"))
	w := s.ask("GET", "/events")
	expect(t, w, 200, "<h1>Events</h1>", "01442 898867", "Monday to Friday")
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
		"Set-Cookie": "", "Strict-Transport-Security": "",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	csp := w.Header().Get("Content-Security-Policy")
	if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("the policy is %q", csp)
	}
}

func TestOverHTTPSBrowsersAreToldToStayThere(t *testing.T) {
	s := newSite(t, "CONVERSATIONS_BASE_URL=https://talk.example")
	if s.ask("GET", "/healthz").Header().Get("Strict-Transport-Security") == "" {
		t.Error("no Strict-Transport-Security")
	}
}

func TestHEADAnswersAsGETWithoutABody(t *testing.T) {
	s := newSite(t)
	s.Public.GET("/events", s.page("Events"), web.Cached())
	s.Public.GET("/plain", s.page("Plain"))
	for _, path := range []string{"/events", "/plain", "/static/css/app.css"} {
		w := s.ask("HEAD", path)
		if w.Code != 200 || w.Body.Len() != 0 || w.Header().Get("Content-Length") == "" {
			t.Errorf("%s: %d with %d bytes", path, w.Code, w.Body.Len())
		}
	}
}

func TestErrorsBecomeHelpfulPages(t *testing.T) {
	s := newSite(t)
	s.Public.GET("/fault/:kind", func(c echo.Context) error {
		return map[string]error{
			"invalid": fault.New(fault.Invalid, "Mend this."), "forbidden": fault.New(fault.Forbidden, "Not yours."),
			"conflict": fault.New(fault.Conflict, "Too late."), "large": fault.New(fault.TooLarge, ""),
			"many": web.TooMany(90 * time.Second), "internal": fault.Wrap(fault.Internal, "", errors.New("secret cause")),
			"unavailable": fault.Wrap(fault.Unavailable, "", errors.New("secret cause")), "surprise": errors.New("secret cause"),
		}[c.Param("kind")]
	})
	for path, want := range map[string]struct {
		status int
		text   string
	}{
		"/nowhere":           {404, "Page not found"},
		"/fault/invalid":     {422, "Mend this."},
		"/fault/forbidden":   {403, "Not yours."},
		"/fault/conflict":    {409, "Too late."},
		"/fault/large":       {413, "too large"},
		"/fault/many":        {429, "Wait 2 minutes"},
		"/fault/internal":    {500, "there is a problem with the service"},
		"/fault/surprise":    {500, "there is a problem with the service"},
		"/fault/unavailable": {503, "not available now"},
		"/%00":               {404, "Page not found"},
		"/%ff":               {404, "Page not found"},
	} {
		t.Run(path, func(t *testing.T) {
			w := s.ask("GET", path)
			expect(t, w, want.status, want.text, "01442 898867")
			if strings.Contains(w.Body.String(), "secret") {
				t.Error("the page shows the cause")
			}
			if id := w.Header().Get("X-Request-Id"); w.Code >= 500 && !strings.Contains(w.Body.String(), id) {
				t.Error("the page does not give the reference")
			}
		})
	}
	if got := s.ask("GET", "/fault/many").Header().Get("Retry-After"); got != "90" {
		t.Errorf("Retry-After is %q, want 90", got)
	}
	if n := strings.Count(s.log.String(), "secret cause"); n != 3 {
		t.Errorf("three causes are in the log %d times", n)
	}
}

func TestANotAllowedMethodIsA405Page(t *testing.T) {
	s := newSite(t)
	s.Public.GET("/events", s.page("Events"))
	w := s.ask("POST", "/events")
	expect(t, w, 405, "cannot be used in that way")
	if w.Header().Get("Allow") == "" {
		t.Error("no Allow header")
	}
}

func TestAPanicIsA500PageThatTellsNothing(t *testing.T) {
	s := newSite(t)
	s.Public.GET("/broken", func(echo.Context) error { panic("wires: secret") })
	s.Public.GET("/half", func(c echo.Context) error {
		return s.Render(c, 200, web.Page{Title: "Half", Body: templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
			_, _ = io.WriteString(w, "half a page")
			panic("wires: secret")
		})})
	})
	for _, path := range []string{"/broken", "/half"} {
		w := s.ask("GET", path)
		expect(t, w, 500, "there is a problem with the service")
		if body := w.Body.String(); strings.Contains(body, "wires") || strings.Contains(body, "half a page") || strings.Contains(body, ".go") {
			t.Errorf("%s leaks: %s", path, body)
		}
	}
	if !strings.Contains(s.log.String(), "wires: secret") || !strings.Contains(s.log.String(), "shell_test.go") {
		t.Error("the log lacks the panic or its stack")
	}
}

func TestATrailingSlashLeadsToThePageAndNowhereElse(t *testing.T) {
	s := newSite(t)
	s.Public.GET("/events", s.page("Events"))
	for target, want := range map[string]string{"/events/": "/events", "/events/?when=past": "/events?when=past", "//evil.example/": "/evil.example"} {
		w := s.ask("GET", "http://example.org"+target)
		if w.Code != 301 || w.Header().Get("Location") != want {
			t.Errorf("%s leads to %d %q, want %q", target, w.Code, w.Header().Get("Location"), want)
		}
	}
}

func TestAFileWithAMarkMayBeKeptForEver(t *testing.T) {
	s := newSite(t)
	w := s.ask("GET", "/static/css/app.css?v=1", header("Accept-Encoding", "gzip"))
	expect(t, w, 200)
	if !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("Content-Encoding") != "gzip" {
		t.Errorf("headers: %v", w.Header())
	}
	if strings.Contains(s.ask("GET", "/static/css/app.css").Header().Get("Cache-Control"), "immutable") {
		t.Error("a file without a mark is immutable")
	}
	expect(t, s.ask("GET", "/static/../shell.go"), 404)
}

package web_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"conversations/app/web"
)

func TestTheLogNeverHoldsASignedLink(t *testing.T) {
	s := newSite(t)
	s.Public.GET("/bookings/:token", s.page("Booking"))
	s.Public.GET("/s/:token", func(echo.Context) error { return errors.New("no") })
	s.Public.POST("/unsubscribe/:token", s.page("Done"))
	for _, ask := range [][2]string{
		{"GET", "/bookings/SECRETTOKEN"}, {"GET", "/bookings/SECRETTOKEN?x=SECRETTOKEN"}, {"GET", "/s/SECRETTOKEN"},
		{"POST", "/unsubscribe/SECRETTOKEN"}, {"GET", "/unsubscribe/SECRETTOKEN"}, {"GET", "/bookings/SECRETTOKEN/oops"}, {"PUT", "/s/SECRETTOKEN"},
	} {
		if got := s.ask(ask[0], ask[1]).Header().Get("Referrer-Policy"); got != "strict-origin" && !strings.Contains(ask[1], "oops") {
			t.Errorf("%v: Referrer-Policy %q", ask, got)
		}
	}
	if log := s.log.String(); strings.Contains(log, "SECRETTOKEN") || !strings.Contains(log, "/bookings/:token") {
		t.Errorf("the log: %s", log)
	}
}

func TestAFormThatIsTooLargeIsRefused(t *testing.T) {
	s := newSite(t, "CONVERSATIONS_HTTP_BODY_LIMIT_BYTES=10240")
	s.Public.POST("/book", func(c echo.Context) error {
		var f struct {
			Name string `form:"name"`
		}
		if err := web.Bind(c, &f); err != nil {
			return err
		}
		return c.NoContent(http.StatusNoContent)
	})
	large := "name=" + strings.Repeat("x", 20_000)
	expect(t, s.ask("POST", "/book", form(large)), 413, "too large")
	expect(t, s.ask("POST", "/book", form(large), func(r *http.Request) { r.ContentLength = -1 }), 413, "too large")
	expect(t, s.ask("POST", "/book", form("name=Ann")), 204)
}

func TestALargeFileThatWasSentIsNotLeftOnTheDisk(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	left := func() int {
		files, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		return len(files)
	}
	s, during := newSite(t), 0
	s.Public.POST("/list", func(c echo.Context) error {
		var none struct{}
		if err := web.Bind(c, &none); err != nil {
			return err
		}
		during = left()
		return c.NoContent(http.StatusNoContent)
	}, web.BodyLimit(32<<20))
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "contacts.csv")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(bytes.Repeat([]byte("ada@residents.example\r\n"), 1<<20))
	_ = form.Close()
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	response, err := http.Post(server.URL+"/list", form.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	server.Close() // waits until the request is over
	if response.StatusCode != http.StatusNoContent || during == 0 {
		t.Fatalf("answered with %d, %d files while it was read", response.StatusCode, during)
	}
	if n := left(); n != 0 {
		t.Errorf("%d files are left", n)
	}
}

func TestAForgedPostIsRefused(t *testing.T) {
	s := newSite(t)
	taken := 0
	take := func(c echo.Context) error { taken++; return c.NoContent(http.StatusNoContent) }
	s.Public.POST("/book", take)
	s.Public.POST("/unsubscribe/:token", take, web.FromAnywhere())
	expect(t, s.ask("POST", "/book", header("Sec-Fetch-Site", "cross-site")), 403, "another website")
	expect(t, s.ask("POST", "/book", header("Origin", "https://evil.example")), 403)
	if taken != 0 {
		t.Fatal("a forged post was taken")
	}
	expect(t, s.ask("POST", "/book", header("Sec-Fetch-Site", "same-origin")), 204)
	expect(t, s.ask("POST", "/book", header("Origin", "http://127.0.0.1:8080")), 204)
	expect(t, s.ask("POST", "/book"), 204)
	expect(t, s.ask("POST", "/unsubscribe/x", header("Sec-Fetch-Site", "cross-site")), 204)
}

func TestForwardedAddressesAreBelievedOnlyFromTrustedProxies(t *testing.T) {
	for name, test := range map[string]struct{ proxies, peer, forwarded, want string }{
		"no proxy is trusted":              {"", "192.0.2.9:1", "198.51.100.1", "192.0.2.9"},
		"a stranger claims another":        {"10.0.0.0/8", "192.0.2.9:1", "198.51.100.1", "192.0.2.9"},
		"the proxy names the visitor":      {"10.0.0.0/8", "10.0.0.1:1", "198.51.100.1", "198.51.100.1"},
		"a visitor invents one before":     {"10.0.0.0/8", "10.0.0.1:1", "203.0.113.7, 198.51.100.1", "198.51.100.1"},
		"two proxies":                      {"10.0.0.0/8", "10.0.0.1:1", "198.51.100.1, 10.0.0.2", "198.51.100.1"},
		"the proxy writes nonsense":        {"10.0.0.0/8", "10.0.0.1:1", "nonsense", "10.0.0.1"},
		"an IPv6 visitor is its network":   {"", "[2001:db8:1:2:3::4]:1", "", "2001:db8:1:2::/64"},
		"IPv4 in IPv6 is the IPv4 address": {"", "[::ffff:192.0.2.9]:1", "", "192.0.2.9"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, "CONVERSATIONS_HTTP_TRUSTED_PROXIES="+test.proxies)
			s.Public.GET("/me", func(c echo.Context) error { return c.String(200, web.Client(c)) })
			w := s.ask("GET", "/me", header("X-Forwarded-For", test.forwarded), func(r *http.Request) { r.RemoteAddr = test.peer })
			if got := w.Body.String(); got != test.want {
				t.Errorf("taken for %s, want %s", got, test.want)
			}
		})
	}
}

func TestTooManyPostsFromOneAddressAreAskedToWait(t *testing.T) {
	s := newSite(t, "CONVERSATIONS_HTTP_RATE_LIMITS_BOOKINGS_PER_HOUR=2")
	s.Public.POST("/book", func(c echo.Context) error {
		if err := s.LimitPosts(c, "booking"); err != nil {
			return err
		}
		return c.NoContent(http.StatusNoContent)
	})
	other := func(r *http.Request) { r.RemoteAddr = "198.51.100.7:1" }
	expect(t, s.ask("POST", "/book"), 204)
	expect(t, s.ask("POST", "/book"), 204)
	w := s.ask("POST", "/book")
	expect(t, w, 429, "Please wait")
	if w.Header().Get("Retry-After") != "1800" {
		t.Errorf("Retry-After is %q, want 1800", w.Header().Get("Retry-After"))
	}
	expect(t, s.ask("POST", "/book", other), 204)
	s.now = s.now.Add(30 * time.Minute)
	expect(t, s.ask("POST", "/book"), 204)
}

func TestReadinessNamesWhatIsNotReadyAndNotWhy(t *testing.T) {
	s := newSite(t)
	s.Ready("database", func(context.Context) error { return nil })
	expect(t, s.ask("GET", "/readyz"), 200, "database: ready")
	s.Ready("outbox", func(context.Context) error { return errors.New("password of the relay") })
	w := s.ask("GET", "/readyz")
	expect(t, w, 503, "outbox: NOT READY")
	if strings.Contains(w.Body.String(), "password") {
		t.Error("the page says why")
	}
	expect(t, s.ask("GET", "/healthz"), 200, "alive")
}

func TestRequestsAreCountedByPatternAndNotShownToVisitors(t *testing.T) {
	s := newSite(t)
	s.Public.GET("/bookings/:token", s.page("Booking"))
	s.ask("GET", "/bookings/SECRETTOKEN")
	expect(t, s.ask("GET", "/metrics"), 404)
	w := httptest.NewRecorder()
	promhttp.HandlerFor(s.Metrics, promhttp.HandlerOpts{}).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
	expect(t, w, 200, `conversations_http_requests_total{route="/bookings/:token",status="2xx"} 1`)
	if strings.Contains(w.Body.String(), "SECRETTOKEN") {
		t.Error("the counters hold a signed link")
	}
}

func TestARouteThatWouldNotWorkIsRefusedAtTheStart(t *testing.T) {
	for name, register := range map[string]func(s *site){
		"twice":             func(s *site) { s.Public.GET("/healthz", s.page("")) },
		"staff, not /staff": func(s *site) { s.Staff.GET("/secret", "anything", s.page("")) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			defer func() {
				if recover() == nil {
					t.Error("it was taken")
				}
			}()
			register(s)
		})
	}
}

func TestServeFinishesWhatItBeganWhenToldToStop(t *testing.T) {
	s := newSite(t)
	began, goOn := make(chan struct{}), make(chan struct{})
	s.Public.GET("/slow", func(c echo.Context) error {
		close(began)
		<-goOn
		return c.String(200, "finished")
	})
	listener := httptest.NewUnstartedServer(nil).Listener
	ctx, stop := context.WithCancel(t.Context())
	served, answered := make(chan error, 1), make(chan string, 1)
	go func() { served <- s.ServeOn(ctx, listener) }()
	go func() {
		res, err := http.Get("http://" + listener.Addr().String() + "/slow") //nolint:noctx // ends with the server
		if err != nil {
			answered <- err.Error()
			return
		}
		defer func() { _ = res.Body.Close() }()
		body, _ := io.ReadAll(res.Body)
		answered <- string(body)
	}()
	<-began
	stop()
	close(goOn)
	if got := <-answered; got != "finished" {
		t.Errorf("the answer was %q", got)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}

package web_test

import (
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"conversations/app/web"
)

// counted is a page that says how often it was built.
func (s *site) counted(builds *atomic.Int64) echo.HandlerFunc {
	return func(c echo.Context) error {
		n := builds.Add(1)
		body := "<p>" + strings.Repeat("n", int(n)) + c.QueryString() + web.Who(c).Name + "</p>" + strings.Repeat("<p>long</p>", 200)
		return s.Render(c, http.StatusOK, web.Page{Title: "Events", Body: templ.Raw(body)})
	}
}

func TestACachedPageIsBuiltOnceForAllWhoWait(t *testing.T) {
	s := newSite(t)
	s.CacheFor = time.Hour
	var builds atomic.Int64
	s.Public.GET("/events", s.counted(&builds), web.Cached("when"))
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() { s.ask("GET", "/events") })
	}
	all.Wait()
	if builds.Load() != 1 {
		t.Errorf("built %d times, want once", builds.Load())
	}
}

func TestACachedPageKnowsOnlyItsOwnQueryKeys(t *testing.T) {
	s := newSite(t)
	s.CacheFor = time.Hour
	var builds atomic.Int64
	s.Public.GET("/events", s.counted(&builds), web.Cached("when", "locality"))
	for _, path := range []string{"/events", "/events?utm=1", "/events?evil=<script>", "/events?when="} {
		if body := s.ask("GET", path).Body.String(); strings.Contains(body, "utm") || strings.Contains(body, "evil") {
			t.Errorf("%s shows in the page that others see", path)
		}
	}
	if builds.Load() != 1 {
		t.Errorf("built %d times, want once", builds.Load())
	}
	s.ask("GET", "/events?when=past&locality=a")
	s.ask("GET", "/events?locality=a&when=past&x=1")
	if builds.Load() != 2 {
		t.Errorf("built %d times, want twice", builds.Load())
	}
}

func TestACachedPageIsBuiltAnewWhenItsTimeIsOver(t *testing.T) {
	s := newSite(t)
	s.CacheFor = time.Nanosecond
	var builds atomic.Int64
	s.Public.GET("/events", s.counted(&builds), web.Cached())
	s.ask("GET", "/events")
	s.ask("GET", "/events")
	if builds.Load() != 2 {
		t.Errorf("built %d times, want twice", builds.Load())
	}
}

func TestWhoIsSignedInNeverSeesNorFillsTheCache(t *testing.T) {
	s := newSite(t)
	s.CacheFor = time.Hour
	var builds atomic.Int64
	s.Public.GET("/events", s.counted(&builds), web.Cached())
	cookie := s.signIn(t)
	if body := s.ask("GET", "/events", cookie).Body.String(); !strings.Contains(body, "Pat Example") {
		t.Error("staff are not known on a cached page")
	}
	if body := s.ask("GET", "/events").Body.String(); strings.Contains(body, "Pat Example") {
		t.Error("a resident sees a page built for staff")
	}
	s.ask("GET", "/events", cookie)
	if builds.Load() != 3 {
		t.Errorf("built %d times, want 3", builds.Load())
	}
}

func TestACachedPageComesCompressedOrPlainAsAsked(t *testing.T) {
	s := newSite(t)
	s.CacheFor = time.Hour
	var builds atomic.Int64
	s.Public.GET("/events", s.counted(&builds), web.Cached())
	zipped := s.ask("GET", "/events", header("Accept-Encoding", "gzip"))
	plain := s.ask("GET", "/events")
	if zipped.Header().Get("Content-Encoding") != "gzip" || plain.Header().Get("Content-Encoding") != "" || builds.Load() != 1 {
		t.Errorf("encodings %q and %q after %d builds", zipped.Header().Get("Content-Encoding"), plain.Header().Get("Content-Encoding"), builds.Load())
	}
	if !strings.Contains(plain.Header().Get("Vary"), "Accept-Encoding") || zipped.Body.Len() >= plain.Body.Len() {
		t.Error("the answer does not vary, or is not smaller")
	}
	if a, b := zipped.Header().Get("X-Request-Id"), plain.Header().Get("X-Request-Id"); a == b {
		t.Error("two requests share an id")
	}
}

func TestAPageThatFailsIsNotCached(t *testing.T) {
	s := newSite(t)
	s.CacheFor = time.Hour
	var builds atomic.Int64
	s.Public.GET("/events", func(echo.Context) error { builds.Add(1); panic("no") }, web.Cached())
	expect(t, s.ask("GET", "/events"), 500)
	expect(t, s.ask("GET", "/events"), 500)
	if builds.Load() != 2 {
		t.Errorf("built %d times, want twice", builds.Load())
	}
}

func BenchmarkACachedPage(b *testing.B) {
	s := newSite(b)
	s.CacheFor, s.Log = time.Hour, slog.New(slog.DiscardHandler) // pages that went well are logged for debugging alone
	var builds atomic.Int64
	s.Public.GET("/events", s.counted(&builds), web.Cached())
	r, w := request("/events"), discard{http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.header)
		s.Handler().ServeHTTP(w, r)
	}
}

func BenchmarkABareEchoPage(b *testing.B) {
	e, body := echo.New(), []byte(strings.Repeat("<p>long</p>", 500))
	e.GET("/events", func(c echo.Context) error { return c.HTMLBlob(200, body) })
	r, w := request("/events"), discard{http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.header)
		e.ServeHTTP(w, r)
	}
}

func request(path string) *http.Request {
	r, _ := http.NewRequest(http.MethodGet, path, nil) //nolint:noctx // served in place
	r.RemoteAddr = "192.0.2.1:1"
	return r
}

type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

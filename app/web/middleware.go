package web

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"conversations/app/fault"
)

const (
	handlerTimeout = 30 * time.Second
	requestHeader  = "X-Request-Id"
)

// header is a response header whose value is shared by all responses, so that setting it costs nothing.
type header struct {
	name  string // canonical
	value []string
}

const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'self'"

// referrerTokens is the policy of pages whose address is a secret: no path goes anywhere, but unlike no-referrer
// it leaves the Origin header whole, by which browsers of before 2023 show that a form is ours.
const referrerTokens = "strict-origin"

func securityHeaders(https bool) []header {
	all := []header{
		{"Content-Security-Policy", []string{contentPolicy}},
		{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
		{"Permissions-Policy", []string{"camera=(), geolocation=(), microphone=(), payment=(), usb=()"}},
		{"Referrer-Policy", []string{"same-origin"}},
		{"X-Content-Type-Options", []string{"nosniff"}},
	}
	if https {
		all = append(all, header{"Strict-Transport-Security", []string{"max-age=31536000"}})
	}
	return all
}

// frame is around everything, in this order: request id, log and counters, recovery from a panic, security
// headers, and the error page. What only some routes need is in guarded.
func (s *Shell) frame(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		began := time.Now()
		route := s.routeOf(c)
		h := c.Response().Header()
		h[requestHeader] = []string{s.ids.next()}
		for _, fixed := range s.headers {
			h[fixed.name] = fixed.value
		}
		if route.secret {
			h["Referrer-Policy"] = []string{referrerTokens}
		}
		if err := s.recovered(c, next); err != nil {
			s.fail(c, err)
		}
		s.note(c, route, time.Since(began))
		return nil
	}
}

func (s *Shell) routeOf(c echo.Context) *routeState {
	if known := s.known[c.Path()]; known != nil {
		return known
	}
	return s.unknown
}

// recovered runs the handler and turns a panic into an error. http.ErrAbortHandler goes on: it is no mistake.
func (s *Shell) recovered(c echo.Context, next echo.HandlerFunc) (err error) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if p == http.ErrAbortHandler { //nolint:errorlint // the value itself is panicked with
			panic(p)
		}
		err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
	}()
	if !clean(c.Request().URL.Path) {
		return fault.New(fault.NotFound, "")
	}
	return next(c)
}

// clean says whether a path is text that a database may be asked for.
func clean(path string) bool {
	for i := range len(path) {
		if path[i] < ' ' || path[i] == 0x7f || path[i] >= 0x80 {
			return cleanText(path) == path
		}
	}
	return true
}

// note logs the request and counts it. Pages and files that went well are for debugging alone.
func (s *Shell) note(c echo.Context, route *routeState, took time.Duration) {
	res := c.Response()
	route.counts().add(res.Status, took)
	level := slog.LevelInfo
	if res.Status < 400 && (c.Request().Method == http.MethodGet || c.Request().Method == http.MethodHead) {
		level = slog.LevelDebug
	}
	ctx := context.Background()
	if !s.Log.Enabled(ctx, level) {
		return
	}
	s.Log.LogAttrs(ctx, level, "request",
		slog.String("method", c.Request().Method), slog.String("path", shownPath(c, route)), slog.Int("status", res.Status),
		slog.Int64("bytes", res.Size), slog.Duration("took", took), slog.String("client", c.RealIP()),
		slog.String("request", requestID(c)), slog.Int64("staff", Who(c).ID))
}

// shownPath is the path as the log may have it: signed links open bookings, so their pattern stands for them, and
// an address that fits no route may be such a link that was copied badly.
func shownPath(c echo.Context, route *routeState) string {
	path := c.Request().URL.Path
	if route.secret {
		return route.Path
	}
	if route.Path != "(none)" {
		return path
	}
	first, _, more := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if more {
		return "/" + first + "/…"
	}
	return "/" + first
}

// requestIDs makes ids short enough to read out over the telephone: eight letters for this run of the program,
// and a number.
type requestIDs struct {
	prefix string
	count  atomic.Uint64
}

func newRequestIDs() *requestIDs {
	b := make([]byte, 5)
	_, _ = rand.Read(b) // never fails
	return &requestIDs{prefix: base32.StdEncoding.EncodeToString(b) + "-"}
}

func (r *requestIDs) next() string { return r.prefix + strconv.FormatUint(r.count.Add(1), 10) }

func requestID(c echo.Context) string {
	if id := c.Response().Header()[requestHeader]; len(id) > 0 {
		return id[0]
	}
	return ""
}

func originOf(base string) string {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

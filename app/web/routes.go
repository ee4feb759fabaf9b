package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"conversations/app/audit"
	"conversations/app/fault"
)

// Route is one line of the table of routes.
type Route struct {
	Method string // GET (which answers HEAD as well) or POST
	Path   string // with parameters as :slug
	Access Action // what staff need; Everybody for a public page
}

// Routes registers public pages.
type Routes struct{ shell *Shell }

// StaffRoutes registers pages for staff.
type StaffRoutes struct{ shell *Shell }

// Option changes how one route is treated.
type Option func(*routeOptions)

type routeOptions struct {
	cached    bool
	cacheKeys []string
	bodyBytes int64
	timeout   time.Duration
	policy    string
	anywhere  bool
}

// Cached keeps an anonymous page as rendered bytes for at most a second. Only the named query keys reach the
// handler and tell one page from another.
func Cached(queryKeys ...string) Option {
	return func(o *routeOptions) { o.cached, o.cacheKeys = true, queryKeys }
}

// BodyLimit lets a form be larger than http.body_limit_bytes: for uploads.
func BodyLimit(bytes int64) Option { return func(o *routeOptions) { o.bodyBytes = bytes } }

// Timeout gives a handler other than the usual time: for exports.
func Timeout(d time.Duration) Option { return func(o *routeOptions) { o.timeout = d } }

// Policy replaces the Content-Security-Policy: for a mail shown in a sandboxed frame.
func Policy(csp string) Option { return func(o *routeOptions) { o.policy = csp } }

// FromAnywhere lets other sites post here: for one-click unsubscribe, where a mail provider does (RFC 8058).
func FromAnywhere() Option { return func(o *routeOptions) { o.anywhere = true } }

// GET registers a public page. It must change nothing.
func (r Routes) GET(path string, h echo.HandlerFunc, options ...Option) {
	r.shell.add(Route{http.MethodGet, path, Everybody}, h, options)
}

// POST registers what a public form does.
func (r Routes) POST(path string, h echo.HandlerFunc, options ...Option) {
	r.shell.add(Route{http.MethodPost, path, Everybody}, h, options)
}

// GET registers a staff page. It must change nothing. Who may not do the action never reaches the handler.
func (r StaffRoutes) GET(path string, action Action, h echo.HandlerFunc, options ...Option) {
	r.shell.add(Route{http.MethodGet, path, action}, h, options)
}

// POST registers what a staff form does. Who may not do the action never reaches the handler.
func (r StaffRoutes) POST(path string, action Action, h echo.HandlerFunc, options ...Option) {
	r.shell.add(Route{http.MethodPost, path, action}, h, options)
}

// Routes is the table of all routes in order of registration.
func (s *Shell) Routes() []Route { return slices.Clone(s.routes) }

// routeState is what the shell knows of a pattern while requests run.
type routeState struct {
	Route
	secret bool // its path carries a signed token
	counts func() *routeCounts
}

func (s *Shell) add(r Route, h echo.HandlerFunc, options []Option) {
	o := routeOptions{bodyBytes: s.Config.HTTP.BodyLimitBytes, timeout: handlerTimeout}
	for _, option := range options {
		option(&o)
	}
	if slices.ContainsFunc(s.routes, func(other Route) bool { return other.Method == r.Method && other.Path == r.Path }) {
		panic("web: " + r.Method + " " + r.Path + " is registered twice")
	}
	if r.Access != Everybody && !staffPath(r.Path) {
		panic("web: " + r.Path + " is for staff and not below /staff, where sessions are")
	}
	s.routes = append(s.routes, r)
	if s.known[r.Path] == nil {
		s.known[r.Path] = &routeState{Route: r, secret: strings.Contains(r.Path, ":token"), counts: s.measures.of(r.Path)}
	}
	h = s.guarded(r, o, h)
	if o.cached {
		h = s.cached(o, h)
	}
	s.echo.Add(r.Method, r.Path, h)
	if r.Method == http.MethodGet {
		s.echo.Add(http.MethodHead, r.Path, h)
	}
}

// guarded puts around a handler what a cached page does without: the forged-post check, the body limit, the time
// limit, who acts, and whether they may.
func (s *Shell) guarded(r Route, o routeOptions, h echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if o.policy != "" {
			c.Response().Header().Set("Content-Security-Policy", o.policy)
		}
		if err := s.forged.Check(c.Request()); err != nil && !o.anywhere {
			return fault.Wrap(fault.Forbidden, "Your browser sent this form from another website, so we did not use it. Open the page here and try again.", err)
		}
		if err := limitBody(c, o.bodyBytes); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(c.Request().Context(), o.timeout)
		defer cancel()
		ctx = audit.WithRequest(ctx, requestID(c))
		c.SetRequest(c.Request().WithContext(ctx))
		defer forgetFiles(c)
		if err := s.openSession(c); err != nil {
			return err
		}
		if r.Access != Everybody {
			if err := s.Allow(c.Request().Context(), r.Access); err != nil {
				return err
			}
		}
		return h(c)
	}
}

// forgetFiles deletes what a form with large files left on the disk: the server does so only for the request that it made
// itself, and handlers have a copy of that with a context.
func forgetFiles(c echo.Context) {
	if form := c.Request().MultipartForm; form != nil {
		_ = form.RemoveAll() // what stays is the temporary folder's
	}
}

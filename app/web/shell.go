// Package web is the shell around every page: routes with the right each one needs, request log, limits, security
// headers, staff sessions, forms, error pages and the page cache. Features give it handlers that bind a form, call
// one method of their service, and render or redirect; whatever error they return becomes a page here.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"

	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
)

// Shell is the program's outside. Build it with New, hang routes and hooks on it, then use Handler or Serve.
type Shell struct {
	Config   *config.Config
	DB       *database.DB
	Log      *slog.Logger
	Public   Routes               // pages for everybody
	Staff    StaffRoutes          // pages for signed-in staff; each names the action it needs
	Metrics  *prometheus.Registry // what metrics.addr serves
	CacheFor time.Duration        // how long a Cached page is kept: a second, 0 switches the cache off

	PublicNav []NavItem
	StaffNav  []NavItem // an item is shown to who may do its Action

	// Actor finds who a session belongs to. An error that is not a fault is our mistake; a fault ends the session.
	Actor func(ctx context.Context, staffID int64) (audit.Actor, error)
	// Allow is asked before every staff page: nil, or a Forbidden or SignIn fault.
	Allow func(ctx context.Context, action Action) error

	echo     *echo.Echo
	ids      *requestIDs
	routes   []Route
	known    map[string]*routeState // by pattern
	unknown  *routeState
	forged   *http.CrossOriginProtection
	proxies  []netip.Prefix
	headers  []header
	sessions *scs.SessionManager
	posts    *Limiter
	cache    *pageCache
	checks   []readiness
	measures *measures
}

// Action is something a member of staff may be allowed to do. The actions and who may do them stand in accounts.
type Action string

// Everybody is the Access of a public route.
const Everybody Action = ""

// NavItem is one entry of a navigation.
type NavItem struct {
	Text, Href string
	Action     Action                     // staff only
	Shown      func(context.Context) bool // public only: whether it is there; nil is always
}

// New returns a shell without pages. Its clock is the database's.
func New(cfg *config.Config, db *database.DB, log *slog.Logger) *Shell {
	s := &Shell{
		Config: cfg, DB: db, Log: log, Metrics: prometheus.NewRegistry(), CacheFor: time.Second,
		Actor:   func(context.Context, int64) (audit.Actor, error) { return audit.Actor{}, signInFault() },
		Allow:   func(context.Context, Action) error { return signInFault() },
		echo:    echo.New(),
		ids:     newRequestIDs(),
		known:   map[string]*routeState{},
		forged:  http.NewCrossOriginProtection(),
		proxies: cfg.Proxies(),
		posts:   NewLimiter(cfg.HTTP.RateLimits.BookingsPerHour),
		cache:   newPageCache(),
	}
	s.headers = securityHeaders(s.secure())
	s.sessions = newSessions(s)
	s.measures = newMeasures(s.Metrics)
	s.unknown = &routeState{Route: Route{Path: "(none)"}, counts: s.measures.of("(none)")}
	s.Public, s.Staff = Routes{s}, StaffRoutes{s}
	if origin := originOf(cfg.BaseURL); origin != "" {
		_ = s.forged.AddTrustedOrigin(origin) // our own address, also behind a proxy that changes Host
	}
	s.echo.HideBanner, s.echo.HidePort = true, true
	s.echo.IPExtractor = s.clientAddress
	s.echo.HTTPErrorHandler = func(err error, c echo.Context) { s.fail(c, err) }
	s.echo.Use(s.frame)
	s.mountStatic()
	s.mountHealth()
	return s
}

// Handler answers every request of the site.
func (s *Shell) Handler() http.Handler { return s.echo }

// Who is the person or program that acts in this request.
func Who(c echo.Context) audit.Actor { return audit.ActorFrom(c.Request().Context()) }

// secure says whether visitors reach the site by https.
func (s *Shell) secure() bool { return strings.HasPrefix(s.Config.BaseURL, "https://") }

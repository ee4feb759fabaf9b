package web

import (
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"

	"conversations/app/fault"
)

// limiterKeys bounds how many keys a Limiter remembers; past it, those that have recovered are forgotten, then any.
const limiterKeys = 50_000

// Limiter says how often each key (an address, an account) may do something: so many an hour, all at once if it
// must be, then evenly. It is safe for use by many goroutines.
type Limiter struct {
	perHour int
	mu      sync.Mutex
	seen    map[string]*rate.Limiter
}

// NewLimiter returns a limiter that lets each key pass perHour times an hour.
func NewLimiter(perHour int) *Limiter {
	return &Limiter{perHour: perHour, seen: map[string]*rate.Limiter{}}
}

// Take lets the key pass at this instant and returns 0, or says how long it must wait.
func (l *Limiter) Take(key string, now time.Time) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.seen[key]
	if r == nil {
		l.makeRoom(now)
		r = rate.NewLimiter(rate.Every(time.Hour/time.Duration(l.perHour)), l.perHour)
		l.seen[key] = r
	}
	ticket := r.ReserveN(now, 1)
	if wait = ticket.DelayFrom(now); wait > 0 {
		ticket.CancelAt(now)
	}
	return wait
}

// Forget lets the key start anew: after a success that clears it of suspicion.
func (l *Limiter) Forget(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.seen, key)
}

func (l *Limiter) makeRoom(now time.Time) {
	if len(l.seen) < limiterKeys {
		return
	}
	for key, r := range l.seen {
		if r.TokensAt(now) >= float64(l.perHour) {
			delete(l.seen, key)
		}
	}
	for key := range l.seen {
		if len(l.seen) < limiterKeys*3/4 { // so that the next look over all of them is far off
			return
		}
		delete(l.seen, key)
	}
}

// LimitPosts counts a form posted by this visitor's address in a bucket ("booking") and returns a TooMany fault
// when there were more in the hour than http.rate_limits.bookings_per_hour.
func (s *Shell) LimitPosts(c echo.Context, bucket string) error {
	return s.Limit(c, s.posts, bucket)
}

// Limit is LimitPosts with a limiter of the feature's own.
func (s *Shell) Limit(c echo.Context, l *Limiter, bucket string) error {
	if wait := l.Take(bucket+" "+Client(c), s.DB.Now()); wait > 0 {
		return TooMany(wait)
	}
	return nil
}

// Forgive lets this visitor's address start anew in a bucket: after a success that clears it of suspicion.
func (s *Shell) Forgive(c echo.Context, l *Limiter, bucket string) {
	l.Forget(bucket + " " + Client(c))
}

// TooMany is the fault that asks a visitor to wait.
func TooMany(wait time.Duration) error {
	f := fault.New(fault.TooMany, "You have tried this many times in a short while.")
	f.RetryAfter = wait
	return f
}

// Client is the visitor's network for rate limits: an IPv4 address, or the /64 that one IPv6 household has.
func Client(c echo.Context) string {
	addr, err := netip.ParseAddr(c.RealIP())
	if err != nil {
		return "unknown"
	}
	if addr.Is4() {
		return addr.String()
	}
	network, err := addr.WithZone("").Prefix(64)
	if err != nil {
		return "unknown"
	}
	return network.String()
}

// clientAddress believes X-Forwarded-For as far as trusted proxies wrote it: from the right, up to the first
// address that is not one of them.
func (s *Shell) clientAddress(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	addr := peer.Addr().Unmap()
	if len(s.proxies) == 0 || !s.trusted(addr) {
		return addr.String()
	}
	chain := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(chain) - 1; i >= 0 && s.trusted(addr); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(chain[i]))
		if err != nil {
			break
		}
		addr = next.Unmap()
	}
	return addr.String()
}

func (s *Shell) trusted(addr netip.Addr) bool {
	for _, p := range s.proxies {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

// limitBody refuses a form that says it is too large, and stops reading one that turns out to be.
func limitBody(c echo.Context, bytes int64) error {
	r := c.Request()
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	if r.ContentLength > bytes {
		return tooLarge()
	}
	r.Body = http.MaxBytesReader(c.Response().Writer, r.Body, bytes)
	return nil
}

func tooLarge() error {
	return fault.New(fault.TooLarge, "What you sent is too large for us to take. Send it in smaller parts, or telephone us.")
}

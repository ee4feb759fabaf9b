package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/singleflight"
)

const (
	cachePages     = 512
	cachePageBytes = 1 << 20
)

// pageCache keeps finished pages for as long as nobody would notice. It is not emptied by changes: that would
// have everybody rebuild the same page at once, and a second is soon over.
type pageCache struct {
	mu     sync.RWMutex
	pages  map[string]*cachedPage
	builds singleflight.Group
}

type cachedPage struct {
	until  time.Time
	status int
	header []header
	plain  variant
	zipped variant // empty where compression does not help
}

type variant struct {
	body   []byte
	length []string
}

var zipEncoding = []string{"gzip"}

func newPageCache() *pageCache { return &pageCache{pages: map[string]*cachedPage{}} }

// cached answers from the cache where nobody is signed in. All who come while a page is built wait for that one.
func (s *Shell) cached(o routeOptions, h echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if s.CacheFor <= 0 || hasSession(c.Request()) {
			return h(c)
		}
		query := knownQuery(c.Request().URL, o.cacheKeys)
		key := c.Request().URL.Path
		if query != "" {
			key += "?" + query
		}
		page := s.cache.get(key)
		if page == nil {
			built, err, _ := s.cache.builds.Do(key, func() (any, error) { return s.build(c, key, query, h) })
			if err != nil {
				return err
			}
			page = built.(*cachedPage)
		}
		return page.send(c)
	}
}

func hasSession(r *http.Request) bool {
	for _, line := range r.Header["Cookie"] {
		if strings.Contains(line, cookieName+"=") {
			return true
		}
	}
	return false
}

// knownQuery keeps of a query the keys that the page knows, in one order, so that nobody can fill the cache by
// adding others, nor have them show in a page that others see.
func knownQuery(u *url.URL, keys []string) string {
	if u.RawQuery == "" {
		return ""
	}
	sent, kept := u.Query(), url.Values{}
	for _, key := range keys {
		if value := cleanValue(sent.Get(key), ""); value != "" {
			kept.Set(key, value)
		}
	}
	return kept.Encode()
}

func (p *pageCache) get(key string) *cachedPage {
	p.mu.RLock()
	page := p.pages[key]
	p.mu.RUnlock()
	if page == nil || time.Now().After(page.until) {
		return nil
	}
	return page
}

func (p *pageCache) put(key string, page *cachedPage) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.pages) >= cachePages {
		now := time.Now()
		for k, old := range p.pages {
			if now.After(old.until) {
				delete(p.pages, k)
			}
		}
	}
	if len(p.pages) < cachePages {
		p.pages[key] = page
	}
}

// build runs the handler as for a visitor of whom nothing is known, whose leaving does not stop it: others wait.
func (s *Shell) build(c echo.Context, key, query string, h echo.HandlerFunc) (*cachedPage, error) {
	until := time.Now().Add(s.CacheFor)
	r := c.Request().Clone(context.WithoutCancel(c.Request().Context()))
	r.Method, r.Header, r.URL.RawQuery, r.RequestURI = http.MethodGet, http.Header{}, query, ""
	rec := &recorder{header: http.Header{requestHeader: {requestID(c)}}}
	inner := s.echo.NewContext(r, rec)
	inner.SetPath(c.Path())
	inner.SetParamNames(c.ParamNames()...)
	inner.SetParamValues(c.ParamValues()...)
	if err := s.recovered(inner, h); err != nil {
		return nil, err
	}
	page := rec.page(until)
	if page.status == http.StatusOK && len(page.plain.body) <= cachePageBytes && rec.header.Get("Set-Cookie") == "" {
		s.cache.put(key, page)
	}
	return page, nil
}

// send costs a few map writes and one write to the connection.
func (p *cachedPage) send(c echo.Context) error {
	h := c.Response().Header()
	for _, fixed := range p.header {
		h[fixed.name] = fixed.value
	}
	v := p.plain
	if p.zipped.body != nil && acceptsGzip(c.Request()) {
		v = p.zipped
		h["Content-Encoding"] = zipEncoding
	}
	h["Content-Length"] = v.length
	c.Response().WriteHeader(p.status)
	if c.Request().Method == http.MethodHead {
		return nil
	}
	_, err := c.Response().Write(v.body)
	return err
}

// recorder takes an answer into memory.
type recorder struct {
	header http.Header
	status int
	body   []byte
}

// Header is the answer's header.
func (r *recorder) Header() http.Header { return r.header }

// WriteHeader notes the status.
func (r *recorder) WriteHeader(status int) { r.status = status }

// Write keeps the body.
func (r *recorder) Write(b []byte) (int, error) {
	r.body = append(r.body, b...)
	return len(b), nil
}

func (r *recorder) page(until time.Time) *cachedPage {
	page := &cachedPage{until: until, status: r.status, plain: newVariant(r.body)}
	for name, value := range r.header {
		if name != requestHeader && name != "Content-Length" {
			page.header = append(page.header, header{name, value})
		}
	}
	if len(r.body) >= gzipFromBytes && compressible(r.header.Get("Content-Type")) {
		page.zipped = newVariant(gzipped(r.body))
	}
	return page
}

func newVariant(body []byte) variant {
	return variant{body: body, length: []string{strconv.Itoa(len(body))}}
}

package web

import (
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"conversations/app/fault"
	"conversations/static"
)

const (
	keepForever   = "public, max-age=31536000, immutable"
	keepForAnHour = "public, max-age=3600"
)

// staticFile is a file with its compressed form, which is made when it is first asked for.
type staticFile struct {
	kind   string
	plain  variant
	zipped func() variant
}

func (s *Shell) mountStatic() {
	files := staticFiles(static.FS)
	s.plain("/static/*", func(c echo.Context) error { return sendStatic(c, files[c.Param("*")]) })
	s.plain("/favicon.ico", func(c echo.Context) error { return sendStatic(c, files["images/icon.svg"]) })
}

// plain registers a page that needs nothing of what guarded does.
func (s *Shell) plain(path string, h echo.HandlerFunc) {
	r := Route{http.MethodGet, path, Everybody}
	s.routes = append(s.routes, r)
	s.known[path] = &routeState{Route: r, counts: s.measures.of(path)}
	s.echo.GET(path, h)
	s.echo.HEAD(path, h)
}

func sendStatic(c echo.Context, f *staticFile) error {
	if f == nil {
		return fault.New(fault.NotFound, "")
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, f.kind)
	h.Set(echo.HeaderCacheControl, keepForAnHour)
	if strings.HasPrefix(c.Request().URL.RawQuery, "v=") {
		h.Set(echo.HeaderCacheControl, keepForever)
	}
	v := f.plain
	if compressible(f.kind) {
		h.Set(echo.HeaderVary, echo.HeaderAcceptEncoding)
		if acceptsGzip(c.Request()) {
			v = f.zipped()
			h["Content-Encoding"] = zipEncoding
		}
	}
	h["Content-Length"] = v.length
	c.Response().WriteHeader(http.StatusOK)
	if c.Request().Method == http.MethodHead {
		return nil
	}
	_, err := c.Response().Write(v.body)
	return err
}

func staticFiles(files fs.FS) map[string]*staticFile {
	found := map[string]*staticFile{}
	_ = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		body, err := fs.ReadFile(files, name)
		found[name] = &staticFile{
			kind: kindOf(name), plain: newVariant(body),
			zipped: sync.OnceValue(func() variant { return newVariant(gzipped(body)) }),
		}
		return err
	})
	return found
}

// kindOf does not ask the machine for what matters to browsers: its list may lack it.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		return kind
	}
	return echo.MIMEOctetStream
}

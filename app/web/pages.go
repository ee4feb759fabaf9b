package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"conversations/app/audit"
	"conversations/templates/layout"
)

// Page is what a handler knows of a page; Render adds the rest.
type Page struct {
	Title       string
	Description string
	Body        templ.Component
	Before      templ.Component // back link
	Head        templ.Component // JSON-LD, links to feeds
	Errors      bool            // a refused form shown again: send it with status 422
	NoIndex     bool
	Wide        bool   // staff's lists
	Large       bool   // in large print
	Current     string // address of the navigation's entry that this page belongs to
	Locality    string // slug: its telephone and hours instead of the programme's
}

// gzipFromBytes is the size from which an answer is worth compressing: less fits one packet anyway.
const gzipFromBytes = 1400

const typeHTML = "text/html; charset=utf-8"

// Render sends a whole page or an error, never half a page. The chrome is the staff's for staff below /staff.
func (s *Shell) Render(c echo.Context, status int, p Page) error {
	view := s.view(c, p)
	frame := layout.Page(view)
	if view.Staff != nil {
		frame = layout.Staff(view)
	}
	ctx := templ.WithChildren(c.Request().Context(), p.Body)
	var out bytes.Buffer
	if err := frame.Render(ctx, &out); err != nil {
		return fmt.Errorf("draw the page %q: %w", p.Title, err)
	}
	return s.Bytes(c, status, typeHTML, out.Bytes())
}

// Bytes sends an answer that is there as a whole, compressed where that helps.
func (s *Shell) Bytes(c echo.Context, status int, contentType string, body []byte) error {
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, contentType)
	if h.Get(echo.HeaderCacheControl) == "" {
		h.Set(echo.HeaderCacheControl, "no-cache")
	}
	if len(body) >= gzipFromBytes && compressible(contentType) {
		h.Add(echo.HeaderVary, echo.HeaderAcceptEncoding)
		if acceptsGzip(c.Request()) {
			body = gzipped(body)
			h.Set(echo.HeaderContentEncoding, "gzip")
		}
	}
	h.Set(echo.HeaderContentLength, fmt.Sprint(len(body)))
	c.Response().WriteHeader(status)
	if c.Request().Method == http.MethodHead {
		return nil
	}
	_, err := c.Response().Write(body)
	return err
}

// Redirect sends the browser to a page after a form was taken (303). path is on this site.
func Redirect(c echo.Context, path string) error { return c.Redirect(http.StatusSeeOther, path) }

func (s *Shell) view(c echo.Context, p Page) layout.View {
	programme, path := s.Config.Programme, c.Request().URL.Path
	v := layout.View{
		Title: p.Title, Description: p.Description, Errors: p.Errors, NoIndex: p.NoIndex || s.routeOf(c).secret, Wide: p.Wide, Large: p.Large,
		ServiceName: programme.Name, OrganisationName: programme.Organisation,
		Telephone: programme.Telephone, TelephoneHours: programme.Hours,
		BeforeContent: p.Before, Head: p.Head, Nav: publicLinks(c.Request().Context(), s.PublicNav, p.Current), FooterLinks: footerLinks(),
	}
	if l, ok := s.Config.Locality(p.Locality); ok {
		v.Telephone, v.TelephoneHours = l.Telephone, l.Hours
	}
	if !v.NoIndex && !staffPath(path) {
		v.Canonical = strings.TrimRight(s.Config.BaseURL, "/") + path
	}
	if staffPath(path) {
		v.NoIndex, v.Staff, v.Flash = true, s.staffView(c, p.Current), s.takeFlash(c)
	}
	return v
}

func (s *Shell) staffView(c echo.Context, current string) *layout.StaffView {
	who := Who(c)
	if who.Kind != audit.Staff {
		return nil
	}
	v := &layout.StaffView{Name: who.Name, RoleName: who.Role, SignOutHref: SignOutPath}
	for _, item := range s.StaffNav {
		if s.Allow(c.Request().Context(), item.Action) == nil {
			v.Nav = append(v.Nav, layout.Link{Text: item.Text, Href: item.Href, Current: item.Href == current})
		}
	}
	return v
}

func (s *Shell) takeFlash(c echo.Context) *layout.Flash {
	if Who(c).Kind != audit.Staff {
		return nil
	}
	kind, text, ok := strings.Cut(s.sessions.PopString(c.Request().Context(), keyFlash), "\n")
	if !ok {
		return nil
	}
	return &layout.Flash{Kind: kind, Text: text}
}

func publicLinks(ctx context.Context, items []NavItem, current string) (links []layout.Link) {
	for _, item := range items {
		if item.Shown == nil || item.Shown(ctx) {
			links = append(links, layout.Link{Text: item.Text, Href: item.Href, Current: item.Href == current})
		}
	}
	return links
}

func footerLinks() []layout.Link {
	return []layout.Link{
		{Text: "Get updates by email", Href: "/subscribe"},
		{Text: "Accessibility statement", Href: "/accessibility"}, {Text: "Privacy", Href: "/privacy"},
		{Text: "Cookies", Href: "/cookies"}, {Text: "Contact us", Href: "/contact"},
	}
}

func compressible(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	switch {
	case strings.HasPrefix(kind, "text/"), strings.HasSuffix(kind, "json"), strings.HasSuffix(kind, "xml"):
		return true
	}
	return kind == "application/javascript"
}

func acceptsGzip(r *http.Request) bool {
	for _, value := range r.Header["Accept-Encoding"] {
		if strings.Contains(value, "gzip") && !strings.Contains(value, "gzip;q=0") {
			return true
		}
	}
	return false
}

func gzipped(body []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write(body) // into memory: cannot fail
	_ = z.Close()
	return out.Bytes()
}

package newsletters

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/atom"
	"conversations/app/web"
	"conversations/templates/layout"
	pages "conversations/templates/newsletters"
)

// archiveHandlers are the pages on which everybody reads what was published.
type archiveHandlers struct {
	shell   *web.Shell
	service *Service
}

func archiveRoutes(shell *web.Shell, service *Service) {
	h := archiveHandlers{shell, service}
	shell.Public.GET(archivePath, h.list, web.Cached("kind", "q", "page"))
	shell.Public.GET(archivePath+".atom", h.atom, web.Cached())
	shell.Public.GET(archivePath+"/:slug", h.read, web.Cached())
}

func (h archiveHandlers) list(c echo.Context) error {
	f := ArchiveFilter{Kind: Kind(web.Query(c, "kind")), Text: web.Query(c, "q")}
	f.Page, _ = strconv.Atoi(web.Query(c, "page"))
	page, err := h.service.Archive(c.Request().Context(), f)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Updates", Description: "What " + h.service.Config.Programme.Name + " has written and published.",
		Body: pages.Archive(h.service.archiveView(f, page)), Current: archivePath, Head: layout.FeedLink("Updates", "application/atom+xml", archivePath+".atom")})
}

func (h archiveHandlers) read(c echo.Context) error {
	r, err := h.service.Read(c.Request().Context(), c.Param("slug"))
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: r.Title, Body: pages.Read(h.service.readView(r)), Before: pages.Back("All updates", archivePath), Current: archivePath})
}

func (h archiveHandlers) atom(c echo.Context) error {
	text, err := h.service.Atom(c.Request().Context())
	if err != nil {
		return err
	}
	return h.shell.Bytes(c, http.StatusOK, atom.MediaType, text)
}

// href is the address of the same view, at another page.
func (f ArchiveFilter) href(page int) string {
	q := url.Values{}
	if f.Kind != "" {
		q.Set("kind", string(f.Kind))
	}
	if f.Text != "" {
		q.Set("q", f.Text)
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return archivePath
	}
	return archivePath + "?" + q.Encode()
}

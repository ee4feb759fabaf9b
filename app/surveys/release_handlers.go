package surveys

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/fault"
	"conversations/app/sheet"
	"conversations/app/web"
	pages "conversations/templates/surveys"
)

// releaseHandlers are the pages on which staff publish results, and the page on which everybody reads them.
type releaseHandlers struct {
	shell   *web.Shell
	service *Service
}

func releaseRoutes(shell *web.Shell, service *Service) {
	h := releaseHandlers{shell, service}
	shell.Staff.GET(staffHome+"/:id/publish", accounts.ManageSurveys, h.preview)
	shell.Staff.POST(staffHome+"/:id/publish", accounts.ManageSurveys, h.publish)
	shell.Staff.POST(staffHome+"/:id/publish/page", accounts.ManageSurveys, h.page)
	shell.Public.GET("/surveys/:slug/results", h.results, web.Cached())
	for _, format := range []sheet.Format{sheet.FormatCSV, sheet.FormatXLSX} {
		shell.Public.GET("/surveys/:slug/results."+string(format), h.download(format))
	}
}

func (h releaseHandlers) preview(c echo.Context) error {
	return h.show(c, http.StatusOK, web.Query(c, "by"), "")
}

func (h releaseHandlers) show(c echo.Context, status int, by, problem string) error {
	p, err := h.service.PreviewRelease(c.Request().Context(), param(c, "id"), by)
	if err != nil {
		return err
	}
	v := h.service.publishView(p)
	v.Problem = problem
	return h.shell.Render(c, status, web.Page{Title: "Publish results: " + v.Title, Body: pages.Publish(v), Before: pages.Back("Back to the results", staffPath(p.Form.Survey.ID)+"/results"),
		Current: staffHome, Wide: true})
}

func (h releaseHandlers) publish(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	err = h.service.Publish(c.Request().Context(), param(c, "id"), posted.Text("by"), posted.Text("digest"))
	if refused := (*fault.Error)(nil); errors.As(err, &refused) && refused.Kind == fault.Conflict {
		return h.show(c, http.StatusConflict, posted.Text("by"), refused.Message)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The results are published.")
	return web.Redirect(c, staffPath(param(c, "id"))+"/publish")
}

// page takes the public page down, or puts it up again.
func (h releaseHandlers) page(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	show := posted.Text("show") == "yes"
	if err := h.service.ShowResults(c.Request().Context(), param(c, "id"), show); err != nil {
		return err
	}
	words := "The page with results is down. What was published may have been kept by people."
	if show {
		words = "The page with results is up again."
	}
	h.shell.Flash(c, web.Success, words)
	return web.Redirect(c, staffPath(param(c, "id"))+"/publish")
}

func (h releaseHandlers) results(c echo.Context) error {
	form, p, at, err := h.service.PublishedResults(c.Request().Context(), c.Param("slug"))
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Results: " + form.Words.Title, Body: pages.PublicResults(h.service.publicView(form, p, at)), Wide: true})
}

func (h releaseHandlers) download(format sheet.Format) echo.HandlerFunc {
	return func(c echo.Context) error {
		form, p, at, err := h.service.PublishedResults(c.Request().Context(), c.Param("slug"))
		if err != nil {
			return err
		}
		return web.Download(c, "results", format, p.table(form, at, h.service.Config.Zone()))
	}
}

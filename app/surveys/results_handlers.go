package surveys

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/sheet"
	"conversations/app/web"
	pages "conversations/templates/surveys"
)

// resultHandlers are the pages on which staff see answers.
type resultHandlers struct {
	shell   *web.Shell
	service *Service
}

func resultRoutes(shell *web.Shell, service *Service) {
	h := resultHandlers{shell, service}
	get := func(path string, f echo.HandlerFunc) {
		shell.Staff.GET(staffHome+"/:id"+path, accounts.ManageSurveys, f)
	}
	get("/results", h.results)
	get("/results/count.json", h.count)
	get("/results/compare", h.crosstab)
	get("/results/:question", h.written)
	for _, format := range []sheet.Format{sheet.FormatCSV, sheet.FormatXLSX} {
		download := func(path, name string, table func(c echo.Context, format sheet.Format) (sheet.Table, error)) {
			shell.Staff.GET(staffHome+"/:id"+path+"."+string(format), accounts.ManageSurveys, h.download(name, format, table), web.Timeout(web.DownloadTimeout))
		}
		download("/responses", "responses", func(c echo.Context, f sheet.Format) (sheet.Table, error) {
			return service.ExportResponses(c.Request().Context(), param(c, "id"), f)
		})
		download("/dictionary", "dictionary", func(c echo.Context, f sheet.Format) (sheet.Table, error) {
			return service.ExportDictionary(c.Request().Context(), param(c, "id"), f)
		})
		download("/results/compare", "comparison", func(c echo.Context, f sheet.Format) (sheet.Table, error) {
			return service.ExportCrosstab(c.Request().Context(), param(c, "id"), web.Query(c, "rows"), web.Query(c, "columns"), resultFilter(c), f)
		})
		download("/results/:question/texts", "texts", func(c echo.Context, f sheet.Format) (sheet.Table, error) {
			return service.ExportWritten(c.Request().Context(), param(c, "id"), param(c, "question"), writtenFilter(c), f)
		})
	}
}

func resultFilter(c echo.Context) ResultFilter {
	return ResultFilter{Locality: web.Query(c, "locality"), Event: web.Query(c, "event"), Channel: web.Query(c, "channel"), From: web.Query(c, "from"), To: web.Query(c, "to")}
}

func writtenFilter(c echo.Context) WrittenFilter {
	f := WrittenFilter{ResultFilter: resultFilter(c), Text: web.Query(c, "q")}
	f.Page, _ = strconv.Atoi(web.Query(c, "page"))
	return f
}

func (h resultHandlers) results(c echo.Context) error {
	ctx := c.Request().Context()
	r, err := h.service.FilteredResults(ctx, param(c, "id"), resultFilter(c))
	if err != nil {
		return err
	}
	v, err := h.service.resultsView(ctx, r)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Results: " + v.Title, Body: pages.Results(v), Head: pages.ResultsHead(), Before: pages.Back("Back to the survey", v.Home), Current: staffHome, Wide: true})
}

// count is how many have answered, for the script that keeps the page up to date.
func (h resultHandlers) count(c echo.Context) error {
	n, err := h.service.CountComplete(c.Request().Context(), param(c, "id"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]int{"complete": n})
}

func (h resultHandlers) crosstab(c echo.Context) error {
	ctx := c.Request().Context()
	x, err := h.service.Crosstab(ctx, param(c, "id"), web.Query(c, "rows"), web.Query(c, "columns"), resultFilter(c))
	if err != nil {
		return err
	}
	v, err := h.service.crosstabView(ctx, x, web.Query(c, "rows"), web.Query(c, "columns"), web.Query(c, "share"))
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Compare two questions: " + v.Title, Body: pages.Crosstab(v),
		Before: pages.Back("Back to the results", staffPath(x.Form.Survey.ID)+"/results"), Current: staffHome, Wide: true})
}

func (h resultHandlers) written(c echo.Context) error {
	id, f := param(c, "id"), writtenFilter(c)
	page, err := h.service.Written(c.Request().Context(), id, param(c, "question"), f)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "What people wrote", Body: pages.Written(writtenView(page, f)),
		Before: pages.Back("Back to the results", f.href(staffPath(id)+"/results")), Current: staffHome})
}

// download sends a table as a file.
func (h resultHandlers) download(name string, format sheet.Format, table func(echo.Context, sheet.Format) (sheet.Table, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		return web.Export(c, name, format, func() (sheet.Table, error) { return table(c, format) })
	}
}

package feedback

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/sheet"
	"conversations/app/web"
	pages "conversations/templates/feedback"
)

const reportsHome = "/staff/feedback/reports"

// reportHandlers are the pages that count what people said.
type reportHandlers struct {
	shell   *web.Shell
	service *Service
}

func reportRoutes(shell *web.Shell, service *Service) {
	h := reportHandlers{shell, service}
	shell.Staff.GET(reportsHome, accounts.ManageFeedback, h.report)
	for _, format := range []sheet.Format{sheet.FormatCSV, sheet.FormatXLSX} {
		for _, t := range reportTables {
			shell.Staff.GET(reportsHome+"/"+t.name+"."+string(format), accounts.ManageFeedback, h.download(t.name, format), web.Timeout(web.DownloadTimeout))
		}
	}
	quoteRoutes(shell, service)
	boardRoutes(shell, service)
}

// reportTables are what can be taken out of a report.
var reportTables = []struct{ name, words string }{
	{"themes-by", "The table of themes"}, {"together", "Themes that come up together"}, {"codings", "A row for each coding"}, {"matrix", "A row for each comment, with 0 and 1 for each theme"}, {"summary", "Each theme with its quotes"},
}

// reportQuery is the filter in the address of a report.
func reportQuery(values url.Values) (f Filter, by string) {
	number := func(name string) int64 {
		n, _ := strconv.ParseInt(values.Get(name), 10, 64)
		return n
	}
	f = Filter{Text: values.Get("q"), Source: Source(values.Get("source")), Event: number("event"), Locality: values.Get("locality"), Service: values.Get("service"), Theme: number("theme"),
		From: values.Get("from"), To: values.Get("to")}
	if by = values.Get("by"); by == "" {
		by = byLocality
	}
	return f, by
}

// reportValues is a filter as an address has it.
func (f Filter) reportValues(by string) url.Values {
	values := url.Values{}
	set := func(name, value string) {
		if value != "" && value != "0" {
			values.Set(name, value)
		}
	}
	set("q", f.Text)
	set("source", string(f.Source))
	set("event", strconv.FormatInt(f.Event, 10))
	set("locality", f.Locality)
	set("service", f.Service)
	set("theme", strconv.FormatInt(f.Theme, 10))
	set("from", f.From)
	set("to", f.To)
	if by != byLocality {
		set("by", by)
	}
	return values
}

func (h reportHandlers) report(c echo.Context) error {
	ctx := c.Request().Context()
	f, by := reportQuery(web.Queries(c))
	m, err := h.service.MatrixOf(ctx, f, by)
	if err != nil {
		return err
	}
	pairs, err := h.service.Together(ctx, f)
	if err != nil {
		return err
	}
	v, err := h.service.reportView(ctx, f, m, pairs)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Reports", Body: pages.Reports(v), Before: pages.CommentBack("All feedback", feedbackHome), Current: feedbackPath, Wide: true})
}

func (h reportHandlers) download(name string, format sheet.Format) echo.HandlerFunc {
	return func(c echo.Context) error {
		return web.Export(c, name, format, func() (sheet.Table, error) {
			f, by := reportQuery(web.Queries(c))
			return h.service.ExportReport(c.Request().Context(), name, f, by, format)
		})
	}
}

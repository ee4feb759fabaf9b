package newsletters

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/sheet"
	"conversations/app/web"
	pages "conversations/templates/newsletters"
)

// reportRoutes hangs the report and the way to a correction on the shell.
func reportRoutes(shell *web.Shell, h sendHandlers) {
	const path = staffHome + "/:id/" + reportStep
	shell.Staff.GET(path, accounts.WriteUpdates, h.report)
	shell.Staff.GET(path+".csv", accounts.WriteUpdates, h.exportReport(sheet.FormatCSV), web.Timeout(web.DownloadTimeout))
	shell.Staff.GET(path+".xlsx", accounts.WriteUpdates, h.exportReport(sheet.FormatXLSX), web.Timeout(web.DownloadTimeout))
	shell.Staff.GET(staffHome+"/:id/"+correctionStep, accounts.WriteUpdates, h.askCorrection)
	shell.Staff.POST(staffHome+"/:id/"+correctionStep, accounts.WriteUpdates, h.correct)
}

func reportFilter(c echo.Context) ReportFilter {
	f := ReportFilter{Fate: Fate(web.Query(c, "show")), Text: web.Query(c, "q"), Sort: web.Query(c, "sort")}
	f.Page, _ = strconv.Atoi(web.Query(c, "page"))
	return f
}

func (h sendHandlers) report(c echo.Context) error {
	r, err := h.service.ReportOf(c.Request().Context(), number(c, "id"), reportFilter(c))
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, web.Page{Title: "Report: " + r.Update.Title, Body: pages.Report(h.service.reportView(r)), Wide: true})
}

func (h sendHandlers) exportReport(format sheet.Format) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := number(c, "id")
		return web.Export(c, "report-of-update-"+strconv.FormatInt(id, 10), format, func() (sheet.Table, error) {
			return h.service.ExportReport(c.Request().Context(), id, reportFilter(c), format)
		})
	}
}

// askCorrection says what a correction is before it is begun.
func (h sendHandlers) askCorrection(c echo.Context) error {
	p, err := h.service.reportable(c.Request().Context(), number(c, "id"))
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, web.Page{Title: "Send a correction: " + p.Update.Title, Body: pages.Confirm(h.service.correctionView(p))})
}

func (h sendHandlers) correct(c echo.Context) error {
	u, err := h.service.Correct(c.Request().Context(), number(c, "id"))
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The correction is a draft. Write what is right, and ask for approval.")
	return web.Redirect(c, staffPath(u.ID)+"/edit")
}

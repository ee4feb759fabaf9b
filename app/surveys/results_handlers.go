package surveys

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/fault"
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
	shell.Staff.GET(staffHome+"/:id/results", accounts.ManageSurveys, h.results)
	shell.Staff.GET(staffHome+"/:id/results/:question", accounts.ManageSurveys, h.written)
	for _, format := range []sheet.Format{sheet.FormatCSV, sheet.FormatXLSX} {
		shell.Staff.GET(staffHome+"/:id/responses."+string(format), accounts.ManageSurveys, h.export(format), web.Timeout(web.DownloadTimeout))
	}
}

func (h resultHandlers) results(c echo.Context) error {
	r, err := h.service.Results(c.Request().Context(), param(c, "id"))
	if err != nil {
		return err
	}
	home := staffPath(r.Form.Survey.ID)
	v := pages.ResultsView{Title: r.Form.Words.Title, People: r.Complete, Drafts: r.Drafts, Withheld: r.Withheld,
		CSVHref: home + "/responses.csv", XLSXHref: home + "/responses.xlsx"}
	for _, q := range r.Questions {
		one := pages.ResultView{Label: q.Question.Words.Title, Grid: q.Question.Kind == Grid, Written: q.Written, WriteHref: home + "/results/" + strconv.FormatInt(q.Question.ID, 10)}
		for _, count := range q.Counts {
			one.Rows = append(one.Rows, [3]string{count.Row, count.Label, strconv.Itoa(count.People)})
		}
		v.Questions = append(v.Questions, one)
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Results: " + v.Title, Body: pages.Results(v), Before: pages.Back("Back to the survey", home), Current: staffHome})
}

func (h resultHandlers) written(c echo.Context) error {
	ctx, id := c.Request().Context(), param(c, "id")
	form, err := h.service.FormOf(ctx, id, "")
	if err != nil {
		return err
	}
	q, there := form.Question(param(c, "question"))
	if !there {
		return fault.New(fault.NotFound, "This question is not in the survey any more.")
	}
	texts, err := h.service.WrittenAnswers(ctx, id, q.ID)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "What people wrote", Body: pages.Written(q.Words.Title, texts, writtenLimit),
		Before: pages.Back("Back to the results", staffPath(id)+"/results"), Current: staffHome})
}

// export sends all answers as a file.
func (h resultHandlers) export(format sheet.Format) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Request().Method == http.MethodHead { // nothing leaves, so nothing is noted
			return web.Download(c, "responses", format, sheet.Table{})
		}
		table, err := h.service.ExportResponses(c.Request().Context(), param(c, "id"), format)
		if err != nil {
			return err
		}
		table.Options.BOM = web.Query(c, "bom") == "yes"
		return web.Download(c, "responses", format, table)
	}
}

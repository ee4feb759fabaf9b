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

// asideHandlers are the pages on which staff look through responses and set them aside.
type asideHandlers struct {
	shell   *web.Shell
	service *Service
}

func asideRoutes(shell *web.Shell, service *Service) {
	h := asideHandlers{shell, service}
	const home = staffHome + "/:id/responses"
	shell.Staff.GET(home, accounts.ManageSurveys, h.list)
	for _, format := range []sheet.Format{sheet.FormatCSV, sheet.FormatXLSX} {
		shell.Staff.GET(home+"/list."+string(format), accounts.ManageSurveys, h.export(format), web.Timeout(web.DownloadTimeout))
	}
	shell.Staff.GET(home+"/:response", accounts.ManageSurveys, h.one)
	shell.Staff.POST(home+"/:response", accounts.ManageSurveys, h.turn)
}

func responseFilter(c echo.Context) ResponseFilter {
	f := ResponseFilter{State: ResponseState(web.Query(c, "state")), Channel: web.Query(c, "channel")}
	f.Page, _ = strconv.Atoi(web.Query(c, "page"))
	return f
}

func (h asideHandlers) list(c echo.Context) error {
	f := responseFilter(c)
	p, err := h.service.Responses(c.Request().Context(), param(c, "id"), f)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Responses: " + p.Form.Words.Title, Body: pages.Responses(h.service.responsesView(f, p)), Wide: true,
		Before: pages.Back("Back to the survey", staffPath(p.Form.Survey.ID)), Current: staffHome})
}

func (h asideHandlers) export(format sheet.Format) echo.HandlerFunc {
	return func(c echo.Context) error {
		return web.Export(c, "response-list", format, func() (sheet.Table, error) {
			return h.service.ExportResponseList(c.Request().Context(), param(c, "id"), responseFilter(c), format)
		})
	}
}

// response is the response that the address names.
func (h asideHandlers) response(c echo.Context) (Answering, error) {
	id, _ := strconv.ParseInt(c.Param("response"), 36, 64) // 0 is none that is there
	return h.service.ResponseOf(c.Request().Context(), param(c, "id"), id)
}

func (h asideHandlers) one(c echo.Context) error {
	a, err := h.response(c)
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, h.service.responseView(a, ""))
}

func (h asideHandlers) show(c echo.Context, status int, v pages.ResponseView) error {
	return h.shell.Render(c, status, web.Page{Title: "Response " + v.Number, Body: pages.Response(v), Errors: len(v.Errors) > 0,
		Before: pages.Back("All responses", responsesPath(param(c, "id"))), Current: staffHome})
}

// turn sets a response aside, or puts it back.
func (h asideHandlers) turn(c echo.Context) error {
	a, err := h.response(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	ctx, said := c.Request().Context(), "It is set aside and does not count. The results say how many are."
	if posted.Text("what") == "back" {
		said, err = "It counts again.", h.service.PutResponseBack(ctx, a.Response.SurveyID, a.Response.ID)
	} else {
		err = h.service.SetResponseAside(ctx, a.Response.SurveyID, a.Response.ID, posted.Text("reason"))
	}
	if messages, refused := web.FieldErrors(err); refused && fault.KindOf(err) == fault.Invalid {
		v := h.service.responseView(a, posted.Text("reason"))
		v.Errors = messages
		return h.show(c, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, said)
	return web.Redirect(c, responsesPath(a.Response.SurveyID))
}

package surveys

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/audiences"
	"conversations/app/fault"
	"conversations/app/sheet"
	"conversations/app/web"
	pages "conversations/templates/surveys"
)

// inviteHandlers are the pages on which staff invite people and remind them.
type inviteHandlers struct {
	shell   *web.Shell
	service *Service
}

// letterPolicy is for the text of a mail alone: mails need styles inline.
const letterPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"

func inviteRoutes(shell *web.Shell, service *Service) {
	h := inviteHandlers{shell, service}
	const home, one = staffHome + "/:id/invitations", staffHome + "/:id/invitations/:sending"
	shell.Staff.GET(home, accounts.ManageSurveys, h.list)
	shell.Staff.POST(home, accounts.ManageSurveys, h.begin)
	shell.Staff.GET(one, accounts.ManageSurveys, h.page)
	shell.Staff.POST(one, accounts.ManageSurveys, h.save)
	shell.Staff.POST(one+"/do", accounts.ManageSurveys, h.do)
	shell.Staff.GET(one+"/people", accounts.ManageSurveys, h.people)
	for _, format := range []sheet.Format{sheet.FormatCSV, sheet.FormatXLSX} {
		shell.Staff.GET(one+"/people."+string(format), accounts.ManageSurveys, h.export(format), web.Timeout(web.DownloadTimeout))
	}
	shell.Staff.GET(one+"/preview", accounts.ManageSurveys, h.preview)
	shell.Staff.GET(one+"/preview/letter", accounts.ManageSurveys, h.letter, web.Policy(letterPolicy))
}

func (h inviteHandlers) list(c echo.Context) error {
	ctx := c.Request().Context()
	form, err := h.service.FormOf(ctx, param(c, "id"), "")
	if err != nil {
		return err
	}
	v, err := h.service.invitationsView(ctx, form)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Invitations: " + v.Title, Body: pages.Invitations(v), Before: pages.Back("Back to the survey", staffPath(form.Survey.ID)), Current: staffHome})
}

func (h inviteHandlers) begin(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	d, err := h.service.NewSending(c.Request().Context(), param(c, "id"), SendingKind(posted.Text("kind")), posted.Text("purpose"))
	if err != nil {
		return err
	}
	return web.Redirect(c, sendingPath(d))
}

func (h inviteHandlers) page(c echo.Context) error {
	p, err := h.service.SendingOf(c.Request().Context(), param(c, "id"), param(c, "sending"))
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, p, p.form(), nil)
}

func (h inviteHandlers) show(c echo.Context, status int, p SendingPage, f SendingForm, problems []fieldError) error {
	v, err := h.service.sendingView(c.Request().Context(), p, f)
	if err != nil {
		return err
	}
	v.Errors = problems
	return h.shell.Render(c, status, web.Page{Title: v.Heading + ": " + v.Survey, Body: pages.Sending(v), Errors: len(problems) > 0,
		Before: pages.Back("All invitations", invitationsPath(p.Form.Survey.ID)), Current: staffHome})
}

func (h inviteHandlers) save(c echo.Context) error {
	ctx, id := c.Request().Context(), param(c, "sending")
	var f SendingForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	d, err := h.service.SaveSending(ctx, param(c, "id"), id, f)
	if problems, refused := web.FieldErrors(err); refused {
		p, failed := h.service.SendingOf(ctx, param(c, "id"), id)
		if failed != nil {
			return failed
		}
		status := http.StatusUnprocessableEntity
		if fault.KindOf(err) == fault.Conflict {
			status = http.StatusConflict
		}
		return h.show(c, status, p, f, problems)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "Saved.")
	return web.Redirect(c, sendingPath(d))
}

// do sends, calls back or stops.
func (h inviteHandlers) do(c echo.Context) error {
	ctx, survey, id := c.Request().Context(), param(c, "id"), param(c, "sending")
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	var d Sending
	var said string
	switch posted.Text("what") {
	case "send":
		version, _ := strconv.ParseInt(posted.Text("version"), 10, 64)
		d, err = h.service.SendInvitations(ctx, survey, id, version)
		said = "It leaves soon. You can still call it back."
	case "call-back":
		d, err = h.service.CallBackInvitations(ctx, survey, id)
		said = "It is called back. Nobody got it."
	case "stop":
		d, err = h.service.StopInvitations(ctx, survey, id)
		said = "It is stopped. Nobody else is written to."
	default:
		return fault.New(fault.Invalid, "Press one of the buttons.")
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, said)
	return web.Redirect(c, sendingPath(d))
}

func invitedFilter(c echo.Context) audiences.RowFilter {
	f := audiences.RowFilter{Outcome: audiences.Outcome(web.Query(c, "show")), Text: web.Query(c, "q"), Sort: web.Query(c, "sort")}
	f.Page, _ = strconv.Atoi(web.Query(c, "page"))
	return f
}

func (h inviteHandlers) people(c echo.Context) error {
	ctx, f := c.Request().Context(), invitedFilter(c)
	p, err := h.service.SendingOf(ctx, param(c, "id"), param(c, "sending"))
	if err != nil {
		return err
	}
	if !p.Made {
		return fault.New(fault.NotFound, "There is no list yet.")
	}
	page, err := h.service.Audiences.Rows(ctx, p.List.ID, f)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Everybody on the list: " + p.Form.Words.Title, Body: pages.InvitePeople(h.service.peopleView(p, f, page)), Wide: true,
		Before: pages.Back("Back to the invitations", sendingPath(p.Sending)), Current: staffHome})
}

func (h inviteHandlers) export(format sheet.Format) echo.HandlerFunc {
	return func(c echo.Context) error {
		return web.Export(c, "people", format, func() (sheet.Table, error) {
			return h.service.ExportInvited(c.Request().Context(), param(c, "id"), param(c, "sending"), invitedFilter(c), format)
		})
	}
}

func (h inviteHandlers) preview(c echo.Context) error {
	ctx, id := c.Request().Context(), param(c, "id")
	p, err := h.service.PreviewSending(ctx, id, param(c, "sending"))
	if err != nil {
		return err
	}
	v := pages.InvitePreviewView{Subject: p.Subject, Text: p.Text, Src: c.Request().URL.Path + "/letter"}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Preview: " + p.Subject, Body: pages.InvitePreview(v), Wide: true,
		Before: pages.Back("Back to the invitations", invitationsPath(id)+"/"+c.Param("sending")), Current: staffHome})
}

func (h inviteHandlers) letter(c echo.Context) error {
	p, err := h.service.PreviewSending(c.Request().Context(), param(c, "id"), param(c, "sending"))
	if err != nil {
		return err
	}
	return c.HTML(http.StatusOK, p.HTML)
}

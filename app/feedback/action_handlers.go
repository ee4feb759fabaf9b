package feedback

import (
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/fault"
	"conversations/app/sheet"
	"conversations/app/web"
	pages "conversations/templates/feedback"
	"conversations/templates/nhs"
)

const actionsHome = "/staff/actions"

func actionPath(id int64) string { return actionsHome + "/" + strconv.FormatInt(id, 10) }

// actionHandlers are the staff's pages about answers: parse, call the service, render or redirect.
type actionHandlers struct {
	shell   *web.Shell
	service *Service
}

// actionRoutes hangs the pages about answers on the shell.
func actionRoutes(shell *web.Shell, service *Service) {
	h := actionHandlers{shell, service}
	const one = actionsHome + "/:id"
	shell.Public.GET(saidHome, saidHandlers(h).said, web.Cached("locality"))
	shell.Staff.GET(actionsHome, accounts.ManageFeedback, h.list)
	shell.Staff.GET(actionsHome+".csv", accounts.ManageFeedback, h.export(sheet.FormatCSV), web.Timeout(web.DownloadTimeout))
	shell.Staff.GET(actionsHome+".xlsx", accounts.ManageFeedback, h.export(sheet.FormatXLSX), web.Timeout(web.DownloadTimeout))
	shell.Staff.GET(actionsHome+"/new", accounts.ManageFeedback, h.newForm)
	shell.Staff.POST(actionsHome+"/new", accounts.ManageFeedback, h.add)
	shell.Staff.GET(one, accounts.ManageFeedback, h.one)
	shell.Staff.GET(one+"/edit", accounts.ManageFeedback, h.form)
	shell.Staff.POST(one+"/edit", accounts.ManageFeedback, h.change)
	shell.Staff.GET(one+"/comments", accounts.ManageFeedback, h.raised)
	shell.Staff.GET(one+"/told", accounts.ManageFeedback, h.told)
	shell.Staff.POST(one+"/ask", accounts.ManageFeedback, h.decide("Your colleagues are asked to look at it.", service.AskToPublish))
	shell.Staff.POST(one+"/publish", accounts.ManageFeedback, h.decide("It is on the website.", service.Publish))
	shell.Staff.POST(one+"/withdraw", accounts.ManageFeedback, h.decide("It is off the website.", service.TakeOff))
	shell.Staff.POST(one+"/back", accounts.ManageFeedback, h.back)
	shell.Staff.POST(one+"/tell", accounts.ManageFeedback, h.tell)
}

func actionID(c echo.Context) int64 {
	id, _ := strconv.ParseInt(c.Param("id"), 10, 64) // 0 is no answer
	return id
}

func actionFilter(c echo.Context) (f ActionFilter) {
	f = ActionFilter{Locality: web.Query(c, "locality"), State: ActionState(web.Query(c, "state")), Approval: Approval(web.Query(c, "approval")),
		Overdue: web.Query(c, "overdue") == "yes", Text: web.Query(c, "q"), Sort: web.Query(c, "sort")}
	f.Theme, _ = strconv.ParseInt(web.Query(c, "theme"), 10, 64)
	f.Page, _ = strconv.Atoi(web.Query(c, "page"))
	return f
}

func (h actionHandlers) show(c echo.Context, status int, title string, body templ.Component, back templ.Component, errors bool) error {
	return h.shell.Render(c, status, web.Page{Title: title, Body: body, Before: back, Errors: errors, Wide: back == nil, Current: actionsHome})
}

func (h actionHandlers) list(c echo.Context) error {
	v, err := h.service.actionList(c.Request().Context(), actionFilter(c))
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, "You said, we did", pages.Actions(v), nil, false)
}

// export sends what the list shows, all pages of it, as a file.
func (h actionHandlers) export(format sheet.Format) echo.HandlerFunc {
	return func(c echo.Context) error {
		return web.Export(c, "you-said-we-did", format, func() (sheet.Table, error) {
			return h.service.ExportActions(c.Request().Context(), actionFilter(c), format)
		})
	}
}

func (h actionHandlers) newForm(c echo.Context) error {
	f := ActionForm{Locality: web.Query(c, "locality")}
	f.Theme, _ = strconv.ParseInt(web.Query(c, "theme"), 10, 64)
	return h.showForm(c, http.StatusOK, Action{}, f, nil)
}

func (h actionHandlers) showForm(c echo.Context, status int, a Action, f ActionForm, messages []nhs.FieldError) error {
	v, err := h.service.actionForm(c.Request().Context(), a, f, messages)
	if err != nil {
		return err
	}
	return h.show(c, status, v.Heading, pages.EditAction(v), pages.ActionBack("Back", v.BackHref), len(messages) > 0)
}

func (h actionHandlers) add(c echo.Context) error {
	var f ActionForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	a, err := h.service.AddAction(c.Request().Context(), f)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showForm(c, http.StatusUnprocessableEntity, Action{}, f, messages)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "It is saved as a draft.")
	return web.Redirect(c, actionPath(a.ID))
}

func (h actionHandlers) form(c echo.Context) error {
	d, err := h.service.Action(c.Request().Context(), actionID(c))
	if err != nil {
		return err
	}
	return h.showForm(c, http.StatusOK, d.Action, FormOfAction(d), nil)
}

func (h actionHandlers) change(c echo.Context) error {
	d, err := h.service.Action(c.Request().Context(), actionID(c))
	if err != nil {
		return err
	}
	var f ActionForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	_, err = h.service.ChangeAction(c.Request().Context(), d.ID, f)
	if messages, refused := web.FieldErrors(err); refused {
		status := http.StatusUnprocessableEntity
		if fault.KindOf(err) == fault.Conflict {
			status, f.Version = http.StatusConflict, d.Version
		}
		return h.showForm(c, status, d.Action, f, messages)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "It is saved as a draft.")
	return web.Redirect(c, actionPath(d.ID))
}

func (h actionHandlers) one(c echo.Context) error { return h.showOne(c, http.StatusOK, "", nil) }

func (h actionHandlers) showOne(c echo.Context, status int, reason string, messages []nhs.FieldError) error {
	v, err := h.service.actionView(c.Request().Context(), actionID(c), reason, messages)
	if err != nil {
		return err
	}
	return h.show(c, status, v.Title, pages.Action(v), pages.ActionBack("You said, we did", actionsHome), len(messages) > 0)
}

// decisionForm is a decision, and on which version of an answer.
type decisionForm struct {
	Version int    `form:"version"`
	Reason  string `form:"reason,lines"`
}

// decide is a button on the page of an answer.
func (h actionHandlers) decide(done string, do func(context.Context, int64, int) (Action, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		var f decisionForm
		if err := web.Bind(c, &f); err != nil {
			return err
		}
		_, err := do(c.Request().Context(), actionID(c), f.Version)
		return h.decided(c, f, err, done)
	}
}

func (h actionHandlers) decided(c echo.Context, f decisionForm, err error, done string) error {
	if messages, refused := web.FieldErrors(err); refused {
		status := http.StatusUnprocessableEntity
		if fault.KindOf(err) == fault.Conflict {
			status = http.StatusConflict
		}
		return h.showOne(c, status, f.Reason, messages)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, done)
	return web.Redirect(c, actionPath(actionID(c)))
}

func (h actionHandlers) back(c echo.Context) error {
	var f decisionForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	_, err := h.service.SendBack(c.Request().Context(), actionID(c), f.Version, f.Reason)
	return h.decided(c, f, err, "It is a draft again.")
}

func (h actionHandlers) tell(c echo.Context) error {
	var f decisionForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	_, err := h.service.Tell(c.Request().Context(), actionID(c), f.Version)
	return h.decided(c, f, err, "The update is begun. Whoever writes updates finishes it, and it is sent when it is approved.")
}

func (h actionHandlers) raised(c echo.Context) error {
	page, _ := strconv.Atoi(web.Query(c, "page"))
	r, err := h.service.Raised(c.Request().Context(), actionID(c), page)
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, "Who says so: "+r.Detail.Title, pages.Raised(h.service.raisedView(r)), pages.ActionBack("Back to the answer", actionPath(r.Detail.ID)), false)
}

func (h actionHandlers) told(c echo.Context) error {
	page, _ := strconv.Atoi(web.Query(c, "page"))
	letter, _ := strconv.ParseInt(web.Query(c, "letter"), 10, 64)
	v, err := h.service.toldView(c.Request().Context(), actionID(c), letter, page)
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, "Who was told: "+v.Title, pages.Told(v), pages.ActionBack("Back to the answer", actionPath(actionID(c))), false)
}

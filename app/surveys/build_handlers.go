package surveys

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/fault"
	"conversations/app/sheet"
	"conversations/app/web"
	pages "conversations/templates/surveys"
)

// buildHandlers are the pages on which staff build surveys: parse, call the service, render or redirect.
type buildHandlers struct {
	shell   *web.Shell
	service *Service
}

const staffHome = "/staff/surveys"

func staffPath(id int64) string { return staffHome + "/" + strconv.FormatInt(id, 10) }

func buildRoutes(shell *web.Shell, service *Service) {
	h := buildHandlers{shell, service}
	get := func(path string, f echo.HandlerFunc) { shell.Staff.GET(staffHome+path, accounts.ManageSurveys, f) }
	post := func(path string, f echo.HandlerFunc) { shell.Staff.POST(staffHome+path, accounts.ManageSurveys, f) }
	get("", h.list)
	for _, format := range []sheet.Format{sheet.FormatCSV, sheet.FormatXLSX} {
		shell.Staff.GET(staffHome+"."+string(format), accounts.ManageSurveys, h.export(format), web.Timeout(web.DownloadTimeout))
	}
	get("/new", h.newForm)
	post("/new", h.create)
	get("/:id", h.build)
	post("/:id/do", h.do)
	get("/:id/settings", h.settings)
	post("/:id/settings", h.change)
	get("/:id/preview", h.preview)
	get("/:id/words/:language", h.words)
	post("/:id/words/:language", h.translate)
	get("/:id/sections/new", h.newSection)
	post("/:id/sections/new", h.addSection)
	get("/:id/sections/:section", h.section)
	post("/:id/sections/:section", h.changeSection)
	post("/:id/sections/:section/move", h.moveSection)
	post("/:id/sections/:section/retire", h.retireSection)
	get("/:id/sections/:section/questions/new", h.newQuestion)
	post("/:id/sections/:section/questions/new", h.addQuestion)
	get("/:id/sections/:section/used", h.used)
	post("/:id/sections/:section/used", h.addUsed)
	get("/:id/questions/:question", h.question)
	post("/:id/questions/:question", h.changeQuestion)
	post("/:id/questions/:question/move", h.moveQuestion)
	post("/:id/questions/:question/retire", h.retireQuestion)
}

func param(c echo.Context, name string) int64 {
	n, _ := strconv.ParseInt(c.Param(name), 10, 64) // 0 is nothing that is there
	return n
}

func listFilter(c echo.Context) ListFilter {
	f := ListFilter{State: State(web.Query(c, "state")), Text: web.Query(c, "q"), Sort: web.Query(c, "sort")}
	f.Page, _ = strconv.Atoi(web.Query(c, "page"))
	return f
}

// href is the address of the same view of the list, below another path or at another page.
func (f ListFilter) href(path string, page int) string {
	q := url.Values{}
	for name, value := range map[string]string{"state": string(f.State), "q": f.Text, "sort": f.Sort} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func (h buildHandlers) list(c echo.Context) error {
	f := listFilter(c)
	page, err := h.service.List(c.Request().Context(), f)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Surveys", Body: pages.List(h.service.listView(f, page)), Wide: true, Current: staffHome})
}

// export sends what the list shows, all pages of it, as a file.
func (h buildHandlers) export(format sheet.Format) echo.HandlerFunc {
	return func(c echo.Context) error {
		return web.Export(c, "surveys", format, func() (sheet.Table, error) { return h.service.ExportList(c.Request().Context(), listFilter(c), format) })
	}
}

func (h buildHandlers) newForm(c echo.Context) error {
	return h.showSettings(c, http.StatusOK, Survey{}, SurveyForm{}, nil)
}

func (h buildHandlers) create(c echo.Context) error {
	var f SurveyForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	survey, err := h.service.Create(c.Request().Context(), f)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showSettings(c, http.StatusUnprocessableEntity, Survey{}, f, messages)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The survey is made. It is a draft: add questions, then open it.")
	return web.Redirect(c, staffPath(survey.ID))
}

func (h buildHandlers) settings(c echo.Context) error {
	form, err := h.form(c)
	if err != nil {
		return err
	}
	return h.showSettings(c, http.StatusOK, form.Survey, h.service.formOf(form), nil)
}

func (h buildHandlers) change(c echo.Context) error {
	stored, err := h.form(c)
	if err != nil {
		return err
	}
	var f SurveyForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	_, err = h.service.Change(c.Request().Context(), stored.Survey.ID, "", f)
	if messages, refused := web.FieldErrors(err); refused {
		status := http.StatusUnprocessableEntity
		if fault.KindOf(err) == fault.Conflict {
			status, f.Version = http.StatusConflict, stored.Survey.Version
		}
		return h.showSettings(c, status, stored.Survey, f, messages)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "Saved.")
	return web.Redirect(c, staffPath(stored.Survey.ID))
}

// form reads the survey of the address, in the language that it was written in.
func (h buildHandlers) form(c echo.Context) (Form, error) {
	return h.service.FormOf(c.Request().Context(), param(c, "id"), "")
}

func (h buildHandlers) build(c echo.Context) error {
	form, err := h.form(c)
	if err != nil {
		return err
	}
	v, err := h.service.buildView(c.Request().Context(), form)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: form.Words.Title, Body: pages.Build(v), Head: pages.Ordering(), Before: pages.Back("All surveys", staffHome), Current: staffHome})
}

// do carries out what a button of the survey's page says.
func (h buildHandlers) do(c echo.Context) error {
	var f struct {
		Do string `form:"do"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	ctx, id, to, done := c.Request().Context(), param(c, "id"), staffPath(param(c, "id")), ""
	var err error
	switch f.Do {
	case "open":
		_, err = h.service.Open(ctx, id)
		done = "The survey is open."
	case "close":
		_, err = h.service.Close(ctx, id)
		done = "The survey is closed. You can open it again."
	case "archive":
		_, err = h.service.Archive(ctx, id)
		to, done = staffHome, "The survey is in the archive."
	case "equality":
		err = h.service.AddEquality(ctx, id)
		done = "The equality questions are added. They stay last."
	case "copy":
		var copied Survey
		copied, err = h.service.Copy(ctx, id)
		to, done = staffPath(copied.ID), "This is the copy. It is a draft."
	default:
		err = fault.New(fault.Invalid, "We could not read the form. Go back, and try again.")
	}
	if messages, refused := web.FieldErrors(err); refused {
		h.shell.Flash(c, web.Notice, messages[0].Text)
		return web.Redirect(c, staffPath(id))
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, done)
	return web.Redirect(c, to)
}

func (h buildHandlers) preview(c echo.Context) error {
	form, err := h.service.FormOf(c.Request().Context(), param(c, "id"), web.Query(c, "language"))
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Preview: " + form.Words.Title, Body: pages.Preview(h.service.previewView(form)),
		Before: pages.Back("Back to the survey", staffPath(form.Survey.ID)), Current: staffHome})
}

func (h buildHandlers) showSettings(c echo.Context, status int, survey Survey, f SurveyForm, messages []fieldError) error {
	v, err := h.service.settingsView(c.Request().Context(), survey, f)
	if err != nil {
		return err
	}
	v.Errors = messages
	return h.shell.Render(c, status, web.Page{Title: v.Heading, Body: pages.Settings(v), Before: pages.Back("Back", v.BackHref), Errors: len(messages) > 0, Current: staffHome})
}

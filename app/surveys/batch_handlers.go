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

// paperHandlers are the pages about paper forms, telephone and files: parse, call the service, render or redirect.
type paperHandlers struct {
	shell   *web.Shell
	service *Service
}

func paperRoutes(shell *web.Shell, service *Service) {
	h := paperHandlers{shell, service}
	get := func(path string, f echo.HandlerFunc) {
		shell.Staff.GET(staffHome+"/:id/paper"+path, accounts.ManageSurveys, f)
	}
	post := func(path string, f echo.HandlerFunc) {
		shell.Staff.POST(staffHome+"/:id/paper"+path, accounts.ManageSurveys, f)
	}
	get("", h.batches)
	for _, format := range []sheet.Format{sheet.FormatCSV, sheet.FormatXLSX} {
		shell.Staff.GET(staffHome+"/:id/paper."+string(format), accounts.ManageSurveys, h.export(format), web.Timeout(web.DownloadTimeout))
	}
	get("/form", h.print)
	get("/new", h.newBatch)
	post("/new", h.createBatch)
	get("/:batch", h.batch)
	get("/:batch/edit", h.editBatch)
	post("/:batch/edit", h.changeBatch)
	post("/:batch/do", h.do)
}

func (h paperHandlers) show(c echo.Context, status int, p web.Page) error {
	p.Current = staffHome
	return h.shell.Render(c, status, p)
}

// print is the survey as it is printed.
func (h paperHandlers) print(c echo.Context) error {
	form, err := h.service.FormOf(c.Request().Context(), param(c, "id"), web.Query(c, "language"))
	if err != nil {
		return err
	}
	v := h.service.paperView(form, web.Query(c, "print") == "large")
	for _, p := range prints(form.Survey) {
		if p.Value != printHref(form.Survey, form.Language, v.Large) {
			v.Editions = append(v.Editions, p)
		}
	}
	return h.show(c, http.StatusOK, web.Page{Title: form.Words.Title, Body: pages.Paper(v), Head: pages.PaperHead(), Before: pages.Back("Back to paper", paperPath(form.Survey.ID))})
}

func batchFilter(c echo.Context) BatchFilter {
	f := BatchFilter{State: web.Query(c, "state"), Channel: web.Query(c, "channel"), Sort: web.Query(c, "sort")}
	f.Page, _ = strconv.Atoi(web.Query(c, "page"))
	return f
}

func (h paperHandlers) batches(c echo.Context) error {
	ctx, id, f := c.Request().Context(), param(c, "id"), batchFilter(c)
	form, err := h.service.FormOf(ctx, id, "")
	if err != nil {
		return err
	}
	page, err := h.service.Batches(ctx, id, f)
	if err != nil {
		return err
	}
	v := h.service.batchesView(form, f, page)
	if v.Rates, err = h.service.rateWords(ctx, id, 0); err != nil {
		return err
	}
	waiting, err := h.service.WaitingIntakes(ctx, id)
	if err != nil {
		return err
	}
	for _, i := range waiting {
		v.Waiting = append(v.Waiting, pages.Choice{Value: intakePath(i), Text: i.FileName})
	}
	return h.show(c, http.StatusOK, web.Page{Title: "Paper: " + form.Words.Title, Body: pages.Batches(v), Before: pages.Back("Back to the survey", staffPath(id)), Wide: true})
}

// export sends what the list shows, all pages of it, as a file.
func (h paperHandlers) export(format sheet.Format) echo.HandlerFunc {
	return func(c echo.Context) error {
		return web.Export(c, "batches", format, func() (sheet.Table, error) {
			return h.service.ExportBatches(c.Request().Context(), param(c, "id"), batchFilter(c), format)
		})
	}
}

func (h paperHandlers) newBatch(c echo.Context) error {
	return h.showBatchForm(c, http.StatusOK, Batch{}, BatchForm{Channel: paperChannel, Share: strconv.Itoa(usualShare)}, nil)
}

func (h paperHandlers) createBatch(c echo.Context) error {
	var f BatchForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	b, err := h.service.NewBatch(c.Request().Context(), param(c, "id"), f)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showBatchForm(c, statusOf(err), Batch{}, f, messages)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "This is batch "+strconv.FormatInt(b.ID, 10)+". Write that number on the pile.")
	return web.Redirect(c, batchPath(b))
}

// statusOf is the status of a form that is shown again.
func statusOf(err error) int {
	if fault.KindOf(err) == fault.Conflict {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

func (h paperHandlers) showBatchForm(c echo.Context, status int, b Batch, f BatchForm, messages []fieldError) error {
	form, err := h.service.FormOf(c.Request().Context(), param(c, "id"), "")
	if err != nil {
		return err
	}
	v, err := h.service.batchFormView(c.Request().Context(), form.Survey.ID, b, f)
	if err != nil {
		return err
	}
	v.Errors = messages
	return h.show(c, status, web.Page{Title: v.Heading, Body: pages.BatchForm(v), Before: pages.Back("Back", v.BackHref), Errors: len(messages) > 0})
}

// batchOf reads the batch of the address, and its survey.
func (h paperHandlers) batchOf(c echo.Context) (form Form, b BatchLine, err error) {
	ctx, id := c.Request().Context(), param(c, "id")
	if form, err = h.service.FormOf(ctx, id, ""); err != nil {
		return form, b, err
	}
	b, err = h.service.BatchByID(ctx, id, param(c, "batch"))
	return form, b, err
}

func (h paperHandlers) batch(c echo.Context) error {
	code := web.Query(c, "code")
	if code == "" {
		return h.showBatch(c, http.StatusOK, "", nil)
	}
	_, b, err := h.batchOf(c)
	if err != nil {
		return err
	}
	entered, err := h.service.EnteredByCode(c.Request().Context(), b.Batch, code)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showBatch(c, http.StatusUnprocessableEntity, "", messages)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, enteredPath(b.Batch, entered))
}

func (h paperHandlers) showBatch(c echo.Context, status int, reason string, messages []fieldError) error {
	form, b, err := h.batchOf(c)
	if err != nil {
		return err
	}
	v, err := h.service.batchView(c.Request().Context(), form, b)
	if err != nil {
		return err
	}
	v.Errors, v.Reason, v.Code = messages, reason, web.Query(c, "code")
	return h.show(c, status, web.Page{Title: b.title(), Body: pages.Batch(v), Before: pages.Back("All batches", paperPath(form.Survey.ID)), Errors: len(messages) > 0})
}

func (h paperHandlers) editBatch(c echo.Context) error {
	_, b, err := h.batchOf(c)
	if err != nil {
		return err
	}
	return h.showBatchForm(c, http.StatusOK, b.Batch, b.typed(), nil)
}

func (h paperHandlers) changeBatch(c echo.Context) error {
	_, b, err := h.batchOf(c)
	if err != nil {
		return err
	}
	var f BatchForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	err = h.service.ChangeBatch(c.Request().Context(), b.SurveyID, b.ID, f)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showBatchForm(c, statusOf(err), b.Batch, f, messages)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "Saved.")
	return web.Redirect(c, batchPath(b.Batch))
}

// do carries out what a button of the batch's page says.
func (h paperHandlers) do(c echo.Context) error {
	_, b, err := h.batchOf(c)
	if err != nil {
		return err
	}
	var f struct {
		Do     string `form:"do"`
		Reason string `form:"reason"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	ctx, done := c.Request().Context(), ""
	switch f.Do {
	case "close":
		err, done = h.service.CloseBatch(ctx, b.SurveyID, b.ID), "The batch is closed. You can open it again."
	case "open":
		err, done = h.service.OpenBatch(ctx, b.SurveyID, b.ID), "The batch is open."
	case "set-aside":
		err, done = h.service.SetBatchAside(ctx, b.SurveyID, b.ID, f.Reason), "None of these answers counts any more. You can take that back."
	case "restore":
		err, done = h.service.RestoreBatch(ctx, b.SurveyID, b.ID), "These answers count again."
	default:
		err = fault.New(fault.Invalid, "We could not read the form. Go back, and try again.")
	}
	if messages, refused := web.FieldErrors(err); refused {
		return h.showBatch(c, statusOf(err), f.Reason, messages)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, done)
	return web.Redirect(c, batchPath(b.Batch))
}

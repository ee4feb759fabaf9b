package surveys

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/fault"
	"conversations/app/web"
	pages "conversations/templates/surveys"
)

// uploadRoom is what a form with a file may be larger than the file, so that one that is too large is told so.
const uploadRoom = 4 << 20

func intakeRoutes(shell *web.Shell, service *Service) {
	h := paperHandlers{shell, service}
	const paper, one = staffHome + "/:id/paper", staffHome + "/:id/paper/imports/:file"
	long := web.Timeout(web.DownloadTimeout)
	shell.Staff.GET(paper+"/import", accounts.ManageSurveys, h.importForm)
	shell.Staff.POST(paper+"/import", accounts.ManageSurveys, h.readIntake, long, web.BodyLimit(intakeBytes+uploadRoom))
	shell.Staff.GET(one, accounts.ManageSurveys, h.intakeColumns)
	shell.Staff.POST(one, accounts.ManageSurveys, h.chooseColumns)
	shell.Staff.GET(one+"/check", accounts.ManageSurveys, h.checkIntake, long)
	shell.Staff.POST(one+"/check", accounts.ManageSurveys, h.takeIntake, long)
	shell.Staff.POST(one+"/drop", accounts.ManageSurveys, h.dropIntake)
}

func (h paperHandlers) importForm(c echo.Context) error {
	return h.showImportForm(c, http.StatusOK, nil)
}

func (h paperHandlers) showImportForm(c echo.Context, status int, messages []fieldError) error {
	form, err := h.service.FormOf(c.Request().Context(), param(c, "id"), "")
	if err != nil {
		return err
	}
	v := pages.IntakeForm{Title: form.Words.Title, Action: paperPath(form.Survey.ID) + "/import", Errors: messages}
	for _, t := range form.IntakeTargets() {
		v.Columns = append(v.Columns, pages.Choice{Value: t.Key, Text: t.Label})
	}
	return h.show(c, status, web.Page{Title: "Bring in answers from a file", Body: pages.IntakeUpload(v), Before: pages.Back("Back to paper", paperPath(form.Survey.ID)), Errors: len(messages) > 0})
}

func (h paperHandlers) readIntake(c echo.Context) error {
	var none struct{}
	if err := web.Bind(c, &none); err != nil {
		return err
	}
	file, done, err := sentFile(c)
	if err != nil {
		return err
	}
	defer done()
	i, err := h.service.ReadIntake(c.Request().Context(), param(c, "id"), file)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showImportForm(c, statusOf(err), messages)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, intakePath(i))
}

// sentFile is the file of the form, or nothing where none was chosen. done closes it.
func sentFile(c echo.Context) (file IntakeFile, done func(), err error) {
	header, err := c.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return file, func() {}, nil
	}
	if err != nil {
		return file, nil, fault.Wrap(fault.Invalid, "We could not read the file. Go back, and send it again.", err)
	}
	data, err := header.Open()
	if err != nil {
		return file, nil, err
	}
	return IntakeFile{Name: header.Filename, Data: data, Size: header.Size}, func() { _ = data.Close() }, nil
}

// intakeOf reads the file of the address, its settings and its survey. One that was taken leads to its batch.
func (h paperHandlers) intakeOf(c echo.Context) (form Form, i Intake, set IntakeSettings, err error) {
	ctx, id := c.Request().Context(), param(c, "id")
	if form, err = h.service.FormOf(ctx, id, ""); err != nil {
		return form, i, set, err
	}
	if i, err = h.service.IntakeByID(ctx, id, param(c, "file")); err != nil {
		return form, i, set, err
	}
	set, err = i.Choices()
	return form, i, set, err
}

func (h paperHandlers) intakeColumns(c echo.Context) error {
	form, i, set, err := h.intakeOf(c)
	if err != nil {
		return err
	}
	return h.showColumns(c, http.StatusOK, form, i, set, nil)
}

func (h paperHandlers) showColumns(c echo.Context, status int, form Form, i Intake, set IntakeSettings, messages []fieldError) error {
	if i.DoneAt != nil && i.BatchID != nil {
		return web.Redirect(c, batchPath(Batch{ID: *i.BatchID, SurveyID: i.SurveyID}))
	}
	first, err := h.service.firstCells(c.Request().Context(), i)
	if err != nil {
		return err
	}
	v := intakeColumnsView(form, i, set, examples(first))
	v.Errors = atColumns(messages)
	return h.show(c, status, web.Page{Title: "What is in the columns: " + i.FileName, Body: pages.IntakeColumnsForm(v), Before: pages.Back("Back to paper", paperPath(i.SurveyID)), Errors: len(messages) > 0})
}

func (h paperHandlers) chooseColumns(c echo.Context) error {
	form, i, set, err := h.intakeOf(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	for n := range set.Columns {
		set.Columns[n] = posted.Text(columnField(n))
	}
	err = h.service.ChooseColumns(c.Request().Context(), i.SurveyID, i.ID, set.Columns)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showColumns(c, statusOf(err), form, i, set, messages)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, intakePath(i)+"/check")
}

func (h paperHandlers) checkIntake(c echo.Context) error {
	return h.showCheck(c, http.StatusOK, nil)
}

func (h paperHandlers) showCheck(c echo.Context, status int, messages []fieldError) error {
	form, i, set, err := h.intakeOf(c)
	if err != nil {
		return err
	}
	if i.DoneAt != nil && i.BatchID != nil {
		return web.Redirect(c, batchPath(Batch{ID: *i.BatchID, SurveyID: i.SurveyID}))
	}
	check, err := h.service.CheckIntake(c.Request().Context(), i)
	if err != nil {
		return err
	}
	v := h.service.intakeCheckView(form, i, set, check)
	v.Errors = messages
	return h.show(c, status, web.Page{Title: "Look before it is brought in: " + i.FileName, Body: pages.IntakeCheck(v), Before: pages.Back("Back to the columns", v.ColumnsHref), Errors: len(messages) > 0})
}

func (h paperHandlers) takeIntake(c echo.Context) error {
	var f struct {
		LeaveOut bool `form:"leave_out"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	b, check, err := h.service.TakeIntake(c.Request().Context(), param(c, "id"), param(c, "file"), f.LeaveOut)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showCheck(c, statusOf(err), messages)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, howMany(check.Fresh, "answer is", "answers are")+" brought in. If that was wrong, set the whole batch aside.")
	return web.Redirect(c, batchPath(b))
}

func (h paperHandlers) dropIntake(c echo.Context) error {
	id := param(c, "id")
	err := h.service.DropIntake(c.Request().Context(), id, param(c, "file"))
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The file is deleted. Nothing of it was brought in.")
	return web.Redirect(c, paperPath(id))
}

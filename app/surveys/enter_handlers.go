package surveys

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/web"
	pages "conversations/templates/surveys"
)

func enterRoutes(shell *web.Shell, service *Service) {
	h := paperHandlers{shell, service}
	const batch = staffHome + "/:id/paper/:batch"
	shell.Staff.GET(batch+"/enter", accounts.ManageSurveys, h.enter)
	shell.Staff.POST(batch+"/enter", accounts.ManageSurveys, h.takeForm)
	shell.Staff.GET(batch+"/forms/:form", accounts.ManageSurveys, h.entered)
	shell.Staff.POST(batch+"/forms/:form", accounts.ManageSurveys, h.changeEntered)
}

// enteredPath is where a form that was entered is changed.
func enteredPath(b Batch, responseID int64) string {
	return batchPath(b) + "/forms/" + strconv.FormatInt(responseID, 10)
}

func (h paperHandlers) enter(c echo.Context) error {
	form, b, err := h.batchOf(c)
	if err != nil {
		return err
	}
	if !b.Takes() || !form.Survey.takesPaper() {
		h.shell.Flash(c, web.Notice, "No forms can be entered here now.")
		return web.Redirect(c, batchPath(b.Batch))
	}
	return h.showEntry(c, http.StatusOK, form, b, Entry{Language: web.Query(c, "language")}, nil)
}

func (h paperHandlers) showEntry(c echo.Context, status int, form Form, b BatchLine, e Entry, messages []fieldError) error {
	v := h.service.entryView(form, b, e.Answers, false)
	v.Heading, v.Action, v.Button, v.Errors = "Enter a form", batchPath(b.Batch)+"/enter", "Save and enter the next form", messages
	if e.Page <= 0 {
		e.Page = randomID()
	}
	v.Page = strconv.FormatInt(e.Page, 10)
	v.Progress, v.Language = "Entered so far: "+b.enteredWords()+".", form.languageOr(e.Language)
	if code := web.Query(c, "saved"); len(code) == codeLength && len(messages) == 0 {
		v.SavedCode, v.SavedHref, v.Drawn = code, batchPath(b.Batch)+"?code="+code, web.Query(c, "drawn") != ""
	}
	return h.show(c, status, web.Page{Title: v.Heading + ": " + v.Batch, Body: pages.Entry(v), Head: pages.EntryHead(), Before: pages.Back("Back to the batch", v.BackHref), Errors: len(messages) > 0})
}

// takeForm stores a form and opens the next blank one.
func (h paperHandlers) takeForm(c echo.Context) error {
	form, b, err := h.batchOf(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	page, _ := strconv.ParseInt(posted.Text("page"), 10, 64)
	e := Entry{Page: page, Language: posted.Text("language"), Answers: readPaper(form, posted)}
	done, err := h.service.EnterForm(c.Request().Context(), b.SurveyID, b.ID, e)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showEntry(c, statusOf(err), form, b, e, messages)
	}
	if err != nil {
		return err
	}
	h.sayUnread(c, done)
	next := batchPath(b.Batch) + "/enter?saved=" + done.Code
	if done.Drawn {
		next += "&drawn=yes"
	}
	if language := form.languageOr(e.Language); language != form.Survey.LanguageList()[0] {
		next += "&language=" + language
	}
	return web.Redirect(c, next)
}

// sayUnread says which answers were kept as "cannot read", because they shut each other out.
func (h paperHandlers) sayUnread(c echo.Context, done Entered) {
	if len(done.Unread) == 0 {
		return
	}
	numbers := make([]string, len(done.Unread))
	for i, n := range done.Unread {
		numbers[i] = strconv.Itoa(n)
	}
	h.shell.Flash(c, web.Notice, fmt.Sprintf("On form %s the ticks at question %s shut each other out. They are kept as \"cannot read\".", done.Code, strings.Join(numbers, ", ")))
}

func (h paperHandlers) entered(c echo.Context) error {
	form, b, err := h.batchOf(c)
	if err != nil {
		return err
	}
	r, answers, err := h.service.EnteredForm(c.Request().Context(), b.Batch, param(c, "form"))
	if err != nil {
		return err
	}
	return h.showEntered(c, http.StatusOK, form, b, r, Entry{Language: r.Language, Answers: answers}, nil)
}

func (h paperHandlers) showEntered(c echo.Context, status int, form Form, b BatchLine, r Response, e Entry, messages []fieldError) error {
	v := h.service.entryView(form, b, e.Answers, false)
	v.Heading, v.Action, v.Button, v.Errors, v.Language = "Change form "+formCode(r.ID), enteredPath(b.Batch, r.ID), "Save", messages, form.languageOr(e.Language)
	return h.show(c, status, web.Page{Title: v.Heading + ": " + v.Batch, Body: pages.Entry(v), Head: pages.EntryHead(), Before: pages.Back("Back to the batch", v.BackHref), Errors: len(messages) > 0})
}

func (h paperHandlers) changeEntered(c echo.Context) error {
	form, b, err := h.batchOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	r, _, err := h.service.EnteredForm(ctx, b.Batch, param(c, "form"))
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	e := Entry{Language: posted.Text("language"), Answers: readPaper(form, posted)}
	done, err := h.service.ChangeEntered(ctx, b.SurveyID, b.ID, r.ID, e)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showEntered(c, statusOf(err), form, b, r, e, messages)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "Form "+done.Code+" is changed.")
	h.sayUnread(c, done)
	return web.Redirect(c, batchPath(b.Batch))
}

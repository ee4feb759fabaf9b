package surveys

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/web"
	pages "conversations/templates/surveys"
)

func secondRoutes(shell *web.Shell, service *Service) {
	h := paperHandlers{shell, service}
	const batch = staffHome + "/:id/paper/:batch"
	shell.Staff.GET(batch+"/second", accounts.ManageSurveys, h.second)
	shell.Staff.GET(batch+"/second/:form", accounts.ManageSurveys, h.secondForm)
	shell.Staff.POST(batch+"/second/:form", accounts.ManageSurveys, h.enterAgain)
	shell.Staff.GET(batch+"/differences", accounts.ManageSurveys, h.differences)
	shell.Staff.POST(batch+"/differences", accounts.ManageSurveys, h.settle)
}

func (h paperHandlers) second(c echo.Context) error {
	form, b, err := h.batchOf(c)
	if err != nil {
		return err
	}
	list, err := h.service.DrawnForms(c.Request().Context(), b.Batch)
	if err != nil {
		return err
	}
	v := secondView(c.Request().Context(), form, b, list)
	return h.show(c, http.StatusOK, web.Page{Title: "Second entry: " + v.Batch, Body: pages.Second(v), Before: pages.Back("Back to the batch", batchPath(b.Batch))})
}

// drawnForm reads the batch of the address and the form of it that was drawn; one that was entered again is done.
func (h paperHandlers) drawnForm(c echo.Context) (form Form, b BatchLine, d Drawn, err error) {
	if form, b, err = h.batchOf(c); err != nil {
		return form, b, d, err
	}
	list, err := h.service.DrawnForms(c.Request().Context(), b.Batch)
	if err != nil {
		return form, b, d, err
	}
	at := slices.IndexFunc(list, func(d Drawn) bool { return d.ResponseID == param(c, "form") })
	if at < 0 {
		return form, b, d, noForm()
	}
	return form, b, list[at], nil
}

func (h paperHandlers) secondForm(c echo.Context) error {
	form, b, d, err := h.drawnForm(c)
	if err != nil {
		return err
	}
	if d.Again {
		return web.Redirect(c, batchPath(b.Batch)+"/second")
	}
	return h.showSecond(c, http.StatusOK, form, b, d, Entry{}, nil)
}

func (h paperHandlers) showSecond(c echo.Context, status int, form Form, b BatchLine, d Drawn, e Entry, messages []fieldError) error {
	v := h.service.entryView(form, b, e.Answers, true)
	back := batchPath(b.Batch) + "/second"
	v.Heading, v.Action, v.Button, v.BackHref, v.Errors = "Second entry of form "+formCode(d.ResponseID), back+"/"+strconv.FormatInt(d.ResponseID, 10), "Save the second entry", back, messages
	v.Second, v.Language = true, form.languageOr(e.Language)
	return h.show(c, status, web.Page{Title: v.Heading, Body: pages.Entry(v), Head: pages.EntryHead(), Before: pages.Back("Back to the forms", back), Errors: len(messages) > 0})
}

func (h paperHandlers) enterAgain(c echo.Context) error {
	form, b, d, err := h.drawnForm(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	e := Entry{Language: posted.Text("language"), Answers: readPaper(form, posted)}
	differences, err := h.service.EnterAgain(c.Request().Context(), b.SurveyID, b.ID, d.ResponseID, e)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showSecond(c, statusOf(err), form, b, d, e, messages)
	}
	if err != nil {
		return err
	}
	words := "The two entries are the same."
	if differences > 0 {
		words = howMany(differences, "answer differs", "answers differ") + " between the two entries."
	}
	h.shell.Flash(c, web.Success, "Form "+formCode(d.ResponseID)+" is entered a second time. "+words)
	return web.Redirect(c, batchPath(b.Batch)+"/second")
}

func (h paperHandlers) differences(c echo.Context) error {
	return h.showDifferences(c, http.StatusOK, Difference{}, nil)
}

// showDifferences lists them. What was refused is said at the one that it is about.
func (h paperHandlers) showDifferences(c echo.Context, status int, about Difference, messages []fieldError) error {
	ctx := c.Request().Context()
	form, b, err := h.batchOf(c)
	if err != nil {
		return err
	}
	list, err := h.service.Differences(ctx, b.Batch)
	if err != nil {
		return err
	}
	v, err := differencesView(form, b, list)
	if err != nil {
		return err
	}
	for _, row := range v.Rows {
		if len(messages) > 0 && row.Response == strconv.FormatInt(about.ResponseID, 10) && row.Question == strconv.FormatInt(about.QuestionID, 10) && row.Row == strconv.FormatInt(about.RowID, 10) {
			messages[0].Field = row.ID
		}
	}
	v.Errors = messages
	if v.Rates, err = h.service.rateWords(ctx, b.SurveyID, b.ID); err != nil {
		return err
	}
	return h.show(c, status, web.Page{Title: "Differences: " + v.Batch, Body: pages.Differences(v), Before: pages.Back("Back to the batch", batchPath(b.Batch)), Errors: len(messages) > 0})
}

func (h paperHandlers) settle(c echo.Context) error {
	_, b, err := h.batchOf(c)
	if err != nil {
		return err
	}
	var f struct {
		Response int64  `form:"response"`
		Question int64  `form:"question"`
		Row      int64  `form:"row"`
		Settled  string `form:"settled"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	d := Difference{ResponseID: f.Response, QuestionID: f.Question, RowID: f.Row, Settled: f.Settled}
	err = h.service.Settle(c.Request().Context(), b.SurveyID, b.ID, d)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showDifferences(c, statusOf(err), d, messages)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "Saved.")
	return web.Redirect(c, batchPath(b.Batch)+"/differences")
}

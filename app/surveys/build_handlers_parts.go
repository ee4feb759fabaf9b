package surveys

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"conversations/app/fault"
	"conversations/app/web"
	pages "conversations/templates/surveys"
)

func (h buildHandlers) newSection(c echo.Context) error {
	form, err := h.form(c)
	if err != nil {
		return err
	}
	return h.showSection(c, http.StatusOK, form, 0, SectionForm{}, nil)
}

func (h buildHandlers) addSection(c echo.Context) error {
	form, err := h.form(c)
	if err != nil {
		return err
	}
	var f SectionForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	_, err = h.service.AddSection(c.Request().Context(), form.Survey.ID, f)
	return h.sectionSaved(c, form, 0, f, err)
}

func (h buildHandlers) section(c echo.Context) error {
	form, err := h.form(c)
	if err != nil {
		return err
	}
	section, err := form.sectionByID(param(c, "section"))
	if err != nil {
		return err
	}
	return h.showSection(c, http.StatusOK, form, section.ID, section.typed(), nil)
}

func (h buildHandlers) changeSection(c echo.Context) error {
	form, err := h.form(c)
	if err != nil {
		return err
	}
	var f SectionForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	id := param(c, "section")
	err = h.service.ChangeSection(c.Request().Context(), form.Survey.ID, id, "", f)
	return h.sectionSaved(c, form, id, f, err)
}

func (h buildHandlers) sectionSaved(c echo.Context, form Form, id int64, f SectionForm, err error) error {
	if messages, refused := web.FieldErrors(err); refused {
		return h.showSection(c, http.StatusUnprocessableEntity, form, id, f, messages)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "Saved.")
	return web.Redirect(c, staffPath(form.Survey.ID))
}

func (h buildHandlers) showSection(c echo.Context, status int, form Form, id int64, f SectionForm, messages []fieldError) error {
	v := form.sectionView(id, f)
	v.Errors = messages
	return h.shell.Render(c, status, web.Page{Title: v.Heading, Body: pages.Section(v), Before: pages.Back("Back to the survey", v.BackHref), Errors: len(messages) > 0, Current: staffHome})
}

// way reads by how many places a thing is moved: one by a button, any number by dragging.
func way(c echo.Context) (by int, err error) {
	var f struct {
		Way string `form:"way"`
		By  int    `form:"by"`
	}
	if err := web.Bind(c, &f); err != nil {
		return 0, err
	}
	switch {
	case f.By != 0:
		return f.By, nil
	case f.Way == "up":
		return -1, nil
	}
	return 1, nil
}

func (h buildHandlers) moveSection(c echo.Context) error {
	by, err := way(c)
	if err == nil {
		err = h.service.MoveSection(c.Request().Context(), param(c, "id"), param(c, "section"), by)
	}
	return h.moved(c, err)
}

func (h buildHandlers) moveQuestion(c echo.Context) error {
	by, err := way(c)
	if err == nil {
		err = h.service.MoveQuestion(c.Request().Context(), param(c, "id"), param(c, "question"), by)
	}
	return h.moved(c, err)
}

func (h buildHandlers) retireSection(c echo.Context) error {
	return h.moved(c, h.service.RetireSection(c.Request().Context(), param(c, "id"), param(c, "section")))
}

func (h buildHandlers) retireQuestion(c echo.Context) error {
	return h.moved(c, h.service.RetireQuestion(c.Request().Context(), param(c, "id"), param(c, "question")))
}

// moved leads back to the survey, and says there why something could not be done.
func (h buildHandlers) moved(c echo.Context, err error) error {
	if messages, refused := web.FieldErrors(err); refused {
		h.shell.Flash(c, web.Notice, messages[0].Text)
	} else if err != nil {
		return err
	}
	return web.Redirect(c, staffPath(param(c, "id")))
}

func (h buildHandlers) newQuestion(c echo.Context) error {
	form, err := h.form(c)
	if err != nil {
		return err
	}
	if _, err := form.sectionByID(param(c, "section")); err != nil {
		return err
	}
	return h.showQuestion(c, http.StatusOK, form, FormQuestion{}, QuestionForm{Kind: web.Query(c, "kind"), Steps: "5"}, nil)
}

func (h buildHandlers) addQuestion(c echo.Context) error {
	form, err := h.form(c)
	if err != nil {
		return err
	}
	var f QuestionForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	_, err = h.service.AddQuestion(c.Request().Context(), form.Survey.ID, param(c, "section"), f)
	return h.questionSaved(c, form, FormQuestion{}, f, err)
}

func (h buildHandlers) question(c echo.Context) error {
	form, q, err := h.formQuestion(c)
	if err != nil {
		return err
	}
	return h.showQuestion(c, http.StatusOK, form, q, q.typed(), nil)
}

func (h buildHandlers) changeQuestion(c echo.Context) error {
	form, q, err := h.formQuestion(c)
	if err != nil {
		return err
	}
	var f QuestionForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	err = h.service.ChangeQuestion(c.Request().Context(), form.Survey.ID, q.ID, "", f)
	return h.questionSaved(c, form, q, f, err)
}

func (h buildHandlers) formQuestion(c echo.Context) (Form, FormQuestion, error) {
	form, err := h.form(c)
	if err != nil {
		return form, FormQuestion{}, err
	}
	q, there := form.Question(param(c, "question"))
	if !there {
		return form, q, fault.New(fault.NotFound, "This question is not in the survey any more.")
	}
	return form, q, nil
}

func (h buildHandlers) questionSaved(c echo.Context, form Form, q FormQuestion, f QuestionForm, err error) error {
	if messages, refused := web.FieldErrors(err); refused {
		return h.showQuestion(c, http.StatusUnprocessableEntity, form, q, f, messages)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "Saved.")
	return web.Redirect(c, staffPath(form.Survey.ID))
}

func (h buildHandlers) showQuestion(c echo.Context, status int, form Form, q FormQuestion, f QuestionForm, messages []fieldError) error {
	v, err := h.service.questionFormView(c.Request().Context(), form, param(c, "section"), q, f)
	if err != nil {
		return err
	}
	v.Errors = messages
	return h.shell.Render(c, status, web.Page{Title: v.Heading, Body: pages.QuestionForm(v), Before: pages.Back("Back to the survey", v.BackHref), Errors: len(messages) > 0, Current: staffHome})
}

func (h buildHandlers) used(c echo.Context) error { return h.showUsed(c, http.StatusOK, nil) }

func (h buildHandlers) addUsed(c echo.Context) error {
	var f struct {
		Question int64 `form:"question"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	if f.Question == 0 {
		return h.showUsed(c, http.StatusUnprocessableEntity, []fieldError{{Field: "question", Text: "Choose a question"}})
	}
	if err := h.service.AddUsed(c.Request().Context(), param(c, "id"), param(c, "section"), f.Question); err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The question is added.")
	return web.Redirect(c, staffPath(param(c, "id")))
}

func (h buildHandlers) showUsed(c echo.Context, status int, messages []fieldError) error {
	form, err := h.form(c)
	if err != nil {
		return err
	}
	if _, err := form.sectionByID(param(c, "section")); err != nil {
		return err
	}
	text := web.Query(c, "q")
	list, err := h.service.Library(c.Request().Context(), form.Survey.ID, text)
	if err != nil {
		return err
	}
	v := usedView(c.Request().URL.Path, staffPath(form.Survey.ID), text, list)
	v.Errors = messages
	return h.shell.Render(c, status, web.Page{Title: "Questions that were asked before", Body: pages.Used(v), Before: pages.Back("Back to the survey", v.BackHref), Errors: len(messages) > 0, Current: staffHome})
}

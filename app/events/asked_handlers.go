package events

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"conversations/app/web"
	pages "conversations/templates/events"
)

func questionsPath(id int64) string { return staffPath(id) + "/questions" }

// questions is the list of what was asked at booking; printed, it is the chair's.
func (h recordHandlers) questions(c echo.Context) error {
	e, err := h.load(c)
	if err != nil {
		return err
	}
	groups, err := h.service.AskedQuestions(c.Request().Context(), e.ID)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Questions for the panel: " + e.Title, Body: pages.Asked(e.askedView(groups)),
		Before: pages.Back("Back to the event", staffPath(e.ID)), Current: staffHome})
}

// order moves a question or a group of them up or down.
func (h recordHandlers) order(c echo.Context) error {
	e, err := h.load(c)
	if err != nil {
		return err
	}
	var f struct {
		Do string `form:"do"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	groups, err := h.service.AskedQuestions(c.Request().Context(), e.ID)
	if err != nil {
		return err
	}
	order, show := reordered(groups, f.Do)
	if err := h.service.OrderQuestions(c.Request().Context(), e.ID, order); err != nil {
		return err
	}
	return web.Redirect(c, questionsPath(e.ID)+show)
}

func (h recordHandlers) answerForm(c echo.Context) error {
	e, groups, q, err := h.loadAsked(c)
	if err != nil {
		return err
	}
	return h.showAnswer(c, http.StatusOK, e.answerView(q, groups, answerFormOf(q)))
}

// loadAsked reads the question of the address and those of the same event.
func (h recordHandlers) loadAsked(c echo.Context) (e Event, groups []QuestionGroup, q Asked, err error) {
	if e, err = h.load(c); err != nil {
		return e, nil, q, err
	}
	if groups, err = h.service.AskedQuestions(c.Request().Context(), e.ID); err != nil {
		return e, nil, q, err
	}
	var list []Asked
	for _, g := range groups {
		list = append(list, g.Questions...)
	}
	q, err = find(list, idParam(c, "booking"))
	return e, groups, q, err
}

func (h recordHandlers) showAnswer(c echo.Context, status int, v pages.AnswerFormView) error {
	return h.shell.Render(c, status, web.Page{Title: "Answer a question", Body: pages.AnswerForm(v), Before: pages.Back("Back to the questions", v.BackHref),
		Errors: len(v.Errors) > 0, Current: staffHome})
}

func (h recordHandlers) answer(c echo.Context) error {
	e, groups, q, err := h.loadAsked(c)
	if err != nil {
		return err
	}
	var f AnswerForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	err = h.service.AnswerQuestion(c.Request().Context(), e.ID, q.BookingID, f)
	if fields, invalid := fieldsOf(err); invalid {
		v := e.answerView(q, groups, f)
		v.Errors = fields
		return h.showAnswer(c, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The answer is saved.")
	return web.Redirect(c, questionsPath(e.ID))
}

package surveys

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"conversations/app/web"
	"conversations/templates/nhs"
	pages "conversations/templates/surveys"
)

// contactHandlers are the form that can follow an anonymous survey.
type contactHandlers struct {
	shell   *web.Shell
	service *Service
}

func contactRoutes(shell *web.Shell, service *Service) {
	h := contactHandlers{shell, service}
	shell.Public.GET("/surveys/:slug/contact", h.form)
	shell.Public.POST("/surveys/:slug/contact", h.leave)
	shell.Public.GET("/surveys/:slug/contact/done", h.done)
}

// survey finds a survey that has such a form now.
func (h contactHandlers) survey(c echo.Context) (Form, error) {
	form, err := h.service.BySlug(c.Request().Context(), c.Param("slug"), "")
	if err == nil && !h.service.AsksContact(form.Survey) {
		err = noSurvey()
	}
	return form, err
}

func (h contactHandlers) form(c echo.Context) error {
	form, err := h.survey(c)
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, form, ContactDetails{}, nil)
}

func (h contactHandlers) show(c echo.Context, status int, form Form, d ContactDetails, problems []nhs.FieldError) error {
	v := pages.ContactFormView{Survey: form.Words.Title, Action: "/surveys/" + form.Survey.Slug + "/contact", Wording: ContactWording, Name: d.Name, Email: d.Email, Errors: problems}
	return h.shell.Render(c, status, web.Page{Title: "May we get in touch with you?", Body: pages.ContactForm(v), Errors: len(problems) > 0, NoIndex: true})
}

func (h contactHandlers) leave(c echo.Context) error {
	form, err := h.survey(c)
	if err != nil {
		return err
	}
	var d ContactDetails
	if err := web.Bind(c, &d); err != nil {
		return err
	}
	if err := h.shell.LimitPosts(c, "survey-contact"); err != nil {
		return err
	}
	if d.Trap == "" { // a program is told the same
		err = h.service.LeaveContact(c.Request().Context(), form.Survey, d)
	}
	if problems, refused := web.FieldErrors(err); refused {
		return h.show(c, http.StatusUnprocessableEntity, form, d, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/surveys/"+form.Survey.Slug+"/contact/done")
}

func (h contactHandlers) done(c echo.Context) error {
	if _, err := h.survey(c); err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Thank you", Body: pages.ContactLeft(), NoIndex: true})
}

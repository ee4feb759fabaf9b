package surveys

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"conversations/app/fault"
	"conversations/app/web"
	pages "conversations/templates/surveys"
)

// pagesPerHour is how many pages of surveys can be sent from one address in an hour: a library or a care home shares one.
const pagesPerHour = 1500

// answerHandlers are the pages on which people answer: parse, call the service, render or redirect.
type answerHandlers struct {
	shell   *web.Shell
	service *Service
	sent    *web.Limiter
}

func answerRoutes(shell *web.Shell, service *Service) {
	h := answerHandlers{shell, service, web.NewLimiter(pagesPerHour)}
	shell.Public.GET("/surveys/:slug", h.start, web.Cached("language", "view"))
	shell.Public.POST("/surveys/:slug", h.begin)
	shell.Public.GET("/s/:token", h.page(false))
	shell.Public.GET("/s/:token/saved", h.page(true))
	shell.Public.POST("/s/:token", h.take)
	shell.Public.GET("/s/:token/done", h.done)
}

// large says whether a page is asked for in large print.
func large(c echo.Context) bool { return web.Query(c, "view") == "large" }

// withView is an address of the same page in large print, or in the usual size.
func withView(path string, large bool) string {
	if large {
		return path + "?view=large"
	}
	return path
}

// startHref is the first page of a survey in a language.
func startHref(slug, language string, large bool) string {
	return inLanguage("/surveys/"+slug, language, large)
}

// inLanguage is an address of the same page in a language.
func inLanguage(path, language string, large bool) string {
	path += "?language=" + url.QueryEscape(language)
	if large {
		path += "&view=large"
	}
	return path
}

func (h answerHandlers) start(c echo.Context) error {
	form, err := h.service.BySlug(c.Request().Context(), c.Param("slug"), web.Query(c, "language"))
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: form.Words.Title, Body: pages.Start(h.service.startView(form, large(c))), Large: large(c)})
}

func (h answerHandlers) begin(c echo.Context) error {
	form, err := h.service.BySlug(c.Request().Context(), c.Param("slug"), web.Query(c, "language"))
	if err != nil {
		return err
	}
	if err := h.shell.LimitPosts(c, "survey"); err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	if posted.Text("leave_empty") != "" { // a program filled it in: it is led back to where it came from
		return web.Redirect(c, "/surveys/"+form.Survey.Slug)
	}
	token, err := h.service.Begin(c.Request().Context(), form)
	if err != nil {
		return err
	}
	return web.Redirect(c, withView("/s/"+token, large(c)))
}

// page shows where somebody is; saved is that page with the link to keep.
func (h answerHandlers) page(saved bool) echo.HandlerFunc {
	return func(c echo.Context) error {
		if i, invited := h.invitation(c); invited {
			return h.showInvited(c, i)
		}
		a, err := h.service.ByToken(c.Request().Context(), c.Param("token"))
		if err != nil {
			return err
		}
		if a.Response.State != Drafting {
			return web.Redirect(c, withView("/s/"+c.Param("token")+"/done", large(c)))
		}
		return h.show(c, http.StatusOK, a, saved, nil)
	}
}

func (h answerHandlers) take(c echo.Context) error {
	if err := h.shell.Limit(c, h.sent, "survey page"); err != nil {
		return err
	}
	if i, invited := h.invitation(c); invited {
		return h.accept(c, i)
	}
	ctx, token := c.Request().Context(), c.Param("token")
	a, err := h.service.ByToken(ctx, token)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	step, err := readStep(a.Form, posted)
	done := false
	if err == nil {
		done, err = h.service.Take(ctx, token, step)
	}
	if messages, refused := web.FieldErrors(err); refused && fault.KindOf(err) == fault.Invalid {
		return h.show(c, http.StatusUnprocessableEntity, a.typed(step), false, messages)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, withView("/s/"+token+step.Way.leads(done), large(c)))
}

// leads is the end of the address to which a way leads.
func (way Way) leads(done bool) string {
	switch {
	case done:
		return "/done"
	case way == Save:
		return "/saved"
	}
	return ""
}

func (h answerHandlers) show(c echo.Context, status int, a Answering, saved bool, messages []fieldError) error {
	home := "/s/" + c.Param("token")
	v := h.service.pageView(a, home, large(c), messages)
	if saved {
		v.SavedLink = h.service.Links.URL(home)
	}
	return h.shell.Render(c, status, web.Page{Title: v.Title.Text, Body: pages.Answer(v), Errors: len(messages) > 0, NoIndex: true, Large: large(c)})
}

func (h answerHandlers) done(c echo.Context) error {
	a, err := h.service.ByToken(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	if a.Response.State == Drafting {
		return web.Redirect(c, withView("/s/"+c.Param("token"), large(c)))
	}
	v := a.doneView()
	if h.service.AsksContact(a.Form.Survey) {
		v.ContactHref = "/surveys/" + a.Form.Survey.Slug + "/contact"
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: v.Heading.Text, Body: pages.Done(v), NoIndex: true, Large: large(c)})
}

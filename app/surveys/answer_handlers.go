package surveys

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"conversations/app/events"
	"conversations/app/fault"
	"conversations/app/web"
	pages "conversations/templates/surveys"
)

// answerHandlers are the pages on which people answer: parse, call the service, render or redirect.
type answerHandlers struct {
	shell   *web.Shell
	service *Service
}

func answerRoutes(shell *web.Shell, service *Service) {
	h := answerHandlers{shell, service}
	shell.Public.GET("/surveys/:slug", h.start, web.Cached("language"))
	shell.Public.POST("/surveys/:slug", h.begin)
	shell.Public.GET("/s/:token", h.page)
	shell.Public.POST("/s/:token", h.take)
	shell.Public.GET("/s/:token/done", h.done)
}

func (h answerHandlers) start(c echo.Context) error {
	form, err := h.service.BySlug(c.Request().Context(), c.Param("slug"), web.Query(c, "language"))
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: form.Words.Title, Body: pages.Start(h.service.startView(form))})
}

func (h answerHandlers) begin(c echo.Context) error {
	form, err := h.service.BySlug(c.Request().Context(), c.Param("slug"), web.Query(c, "language"))
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	if err := h.shell.LimitPosts(c, "survey"); err != nil {
		return err
	}
	if posted.Text("leave_empty") != "" { // a program filled it in: it is led back to where it came from
		return web.Redirect(c, "/surveys/"+form.Survey.Slug)
	}
	token, err := h.service.Begin(c.Request().Context(), form)
	if err != nil {
		return err
	}
	return web.Redirect(c, "/s/"+token)
}

func (h answerHandlers) page(c echo.Context) error {
	if i, invited := h.invitation(c); invited {
		return h.showInvited(c, i)
	}
	a, err := h.service.ByToken(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	if a.Response.State == Complete {
		return web.Redirect(c, c.Request().URL.Path+"/done")
	}
	return h.show(c, http.StatusOK, a, a.Answers, nil)
}

func (h answerHandlers) take(c echo.Context) error {
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
	step := readStep(a.Form, posted)
	done, err := h.service.Take(ctx, token, step)
	if messages, refused := web.FieldErrors(err); refused && fault.KindOf(err) == fault.Invalid {
		a.Response.Section = step.Section
		return h.show(c, http.StatusUnprocessableEntity, a, step.Answers, messages)
	}
	switch {
	case err != nil:
		return err
	case done:
		return web.Redirect(c, "/s/"+token+"/done")
	case step.Way == Save:
		return web.Redirect(c, "/s/"+token+"?saved=yes")
	}
	return web.Redirect(c, "/s/"+token)
}

func (h answerHandlers) show(c echo.Context, status int, a Answering, given Answers, messages []fieldError) error {
	v := h.service.pageView(a, given, messages)
	v.Action = "/s/" + c.Param("token")
	if web.Query(c, "saved") != "" {
		v.SavedLink = h.service.Links.URL(v.Action)
	}
	return h.shell.Render(c, status, web.Page{Title: v.Title, Body: pages.Answer(v), Errors: len(messages) > 0, NoIndex: true})
}

func (h answerHandlers) done(c echo.Context) error {
	a, err := h.service.ByToken(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	if a.Response.State != Complete {
		return web.Redirect(c, "/s/"+c.Param("token"))
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Your answers are sent", Body: pages.Done(a.Form.Words.Thanks), NoIndex: true})
}

// readStep reads what was sent from one page. Fields of other questions are not looked at.
func readStep(form Form, posted web.Posted) Step {
	section, _ := strconv.ParseInt(posted.Text("section"), 10, 64)
	step := Step{Section: section, Way: Way(posted.Text("way")), Answers: Answers{}, Wordings: map[int64]int{}}
	if step.Way != Back && step.Way != Save {
		step.Way = Next
	}
	shown, err := form.sectionByID(section)
	if err != nil {
		return step
	}
	for _, q := range shown.Questions {
		step.Answers[q.ID] = readGiven(q, posted)
		step.Wordings[q.ID], _ = strconv.Atoi(posted.Text(q.Field() + "-wording"))
	}
	return step
}

func readGiven(q FormQuestion, posted web.Posted) (g Given) {
	number := func(text string) *int64 {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil
		}
		return &n
	}
	switch q.Kind {
	case OneOf, SeveralOf, YesNo, Recontact, QuoteOK:
		for _, value := range posted.List(q.Field()) {
			if n := number(value); n != nil {
				g.Choices = append(g.Choices, *n)
			} else if value != "" {
				g.Choices = append(g.Choices, -1) // no option that is there: refused
			}
		}
		g.Other = posted.Text(q.OtherField())
	case Grid:
		g.Rows = map[int64]int64{}
		for _, row := range q.Rows {
			if value := posted.Text(q.RowField(row.ID)); value != "" {
				g.Rows[row.ID] = -1
				if n := number(value); n != nil {
					g.Rows[row.ID] = *n
				}
			}
		}
	case Scale, Number:
		g.Text = posted.Text(q.Field())
		if g.Number = number(g.Text); g.Number != nil {
			g.Text = ""
		}
	case Date:
		day, month, year := posted.Text(q.Field()+"-day"), posted.Text(q.Field()+"-month"), posted.Text(q.Field()+"-year")
		if date, ok := events.ParseDay(day, month, year); ok {
			g.Text = date.Format("2006-01-02")
		} else {
			g.Text = strings.Trim(day+" "+month+" "+year, " ")
		}
	case LongText:
		g.Text = posted.Lines(q.Field())
	default:
		g.Text = posted.Text(q.Field())
	}
	return g
}

// languageHref is the first page of a survey in another language.
func languageHref(slug, code string) string {
	return "/surveys/" + slug + "?language=" + url.QueryEscape(code)
}

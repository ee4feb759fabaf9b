package surveys

import (
	"crypto/rand"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"conversations/app/fault"
	"conversations/app/web"
	pages "conversations/templates/surveys"
)

// invitation reads the address as the personal link of an invitation. A link under which answers are written is none.
func (h answerHandlers) invitation(c echo.Context) (i Invited, invited bool) {
	i, err := h.service.InvitationByToken(c.Request().Context(), c.Param("token"), web.Query(c, "language"))
	return i, err == nil
}

// showInvited draws the page that a personal link opens: it asks to start, and changes nothing.
func (h answerHandlers) showInvited(c echo.Context, i Invited) error {
	v := pages.InvitedView{StartView: h.service.startView(i.Form), Begun: i.Begun, Answered: i.Answered, Press: rand.Text()}
	v.Action = c.Request().URL.Path
	for n, l := range v.Languages {
		v.Languages[n].Href = v.Action + "?language=" + url.QueryEscape(l.Code)
	}
	title := i.Form.Words.Title
	if i.Answered {
		title = "You have answered this survey"
	} else if i.Form.Language != i.Form.Survey.LanguageList()[0] {
		v.Action += "?language=" + url.QueryEscape(i.Form.Language)
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: title, Body: pages.Invited(v), NoIndex: true})
}

// accept begins to answer, or goes on.
func (h answerHandlers) accept(c echo.Context, i Invited) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	if err := h.shell.LimitPosts(c, "survey"); err != nil {
		return err
	}
	token, err := h.service.Accept(c.Request().Context(), i, posted.Text("press"))
	if fault.KindOf(err) == fault.Conflict { // used or closed meanwhile: the page says so
		return web.Redirect(c, c.Request().URL.Path)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/s/"+token)
}

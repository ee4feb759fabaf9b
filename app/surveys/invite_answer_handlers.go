package surveys

import (
	"crypto/rand"
	"net/http"

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
	v := pages.InvitedView{StartView: h.service.startView(i.Form, large(c)), Begun: i.Begun, Answered: i.Answered, GoOn: i.Form.ours(i.Form.say.next), Press: rand.Text()}
	home := c.Request().URL.Path
	v.Action, v.Size.Href = inLanguage(home, i.Form.Language, large(c)), inLanguage(home, i.Form.Language, !large(c))
	for n, l := range v.Languages {
		v.Languages[n].Href = inLanguage(home, l.Code, large(c))
	}
	title := i.Form.Words.Title
	if i.Answered {
		title = "You have answered this survey"
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: title, Body: pages.Invited(v), NoIndex: true, Large: large(c)})
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
	return web.Redirect(c, withView("/s/"+token, large(c)))
}

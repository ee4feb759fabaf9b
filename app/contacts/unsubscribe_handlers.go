package contacts

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"conversations/app/web"
	pages "conversations/templates/contacts"
)

// unsubscribeForm asks; only its button changes anything. Once it is done the page says so.
func (h publicHandlers) unsubscribeForm(c echo.Context) error {
	secret(c)
	return h.showUnsubscribe(c)
}

// unsubscribe takes the press of the button on the page, and the one-click POST of a mail provider (RFC 8058), which
// comes from anywhere, without a cookie, and wants an answer that leads nowhere else. What the body says does not
// matter: whoever posts to the link unsubscribes.
func (h publicHandlers) unsubscribe(c echo.Context) error {
	if err := h.service.Unsubscribe(c.Request().Context(), c.Param("token")); err != nil {
		return err
	}
	if c.FormValue("List-Unsubscribe") != "" {
		secret(c)
		return h.showUnsubscribe(c)
	}
	return web.Redirect(c, unsubscribePath(c.Param("token")))
}

func (h publicHandlers) undoUnsubscribe(c echo.Context) error {
	ctx := c.Request().Context()
	if err := h.shell.LimitPosts(c, "subscription"); err != nil {
		return err
	}
	if err := h.service.UndoUnsubscribe(ctx, c.Param("token")); err != nil {
		return err
	}
	u, err := h.service.UnsubscriptionByToken(ctx, c.Param("token"))
	if err != nil {
		return err
	}
	return web.Redirect(c, preferencesPath(h.service.links.Token(PreferencesPurpose, u.Contact.ID))+"?saved=started")
}

func (h publicHandlers) showUnsubscribe(c echo.Context) error {
	u, err := h.service.UnsubscriptionByToken(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	path, email, preferences, undo := unsubscribePath(c.Param("token")), u.Delivery.Address, "", ""
	if u.Contact.ID != 0 {
		preferences = preferencesPath(h.service.links.Token(PreferencesPurpose, u.Contact.ID))
	}
	if u.Contact.ID != 0 && u.Purpose.Wording != "" {
		undo = path + "/undo"
	}
	page := web.Page{Title: "Unsubscribe", NoIndex: true, Body: pages.UnsubscribeForm(pages.UnsubscribeAsk{
		Action: path, What: u.Purpose.Name + ", by email", Email: email, Preferences: preferences, Help: h.help(),
	})}
	if u.Ended {
		page.Title, page.Body = "You have unsubscribed", pages.UnsubscribeDone(pages.Unsubscribed{
			What: u.Purpose.Name + ", by email", Email: email, Undo: undo, Wording: u.Purpose.Wording, Preferences: preferences, Help: h.help(),
		})
	}
	return h.shell.Render(c, http.StatusOK, page)
}

func unsubscribePath(token string) string { return "/unsubscribe/" + token }

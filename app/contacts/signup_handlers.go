package contacts

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"conversations/app/fault"
	"conversations/app/web"
	pages "conversations/templates/contacts"
	"conversations/templates/nhs"
)

// publicHandlers are the pages of people who get updates: parse, call the service, render or redirect.
type publicHandlers struct {
	shell   *web.Shell
	service *Service
}

// unsubscribeBytes is how much of a posted body is read: a mail provider sends one short field.
const unsubscribeBytes = 64 << 10

// signUpRoutes hangs the pages on the shell by which people sign up, choose and unsubscribe.
func signUpRoutes(shell *web.Shell, service *Service) {
	h := publicHandlers{shell, service}
	shell.Public.GET("/subscribe", h.signUpForm, web.Cached("locality"))
	shell.Public.POST("/subscribe", h.signUp)
	shell.Public.GET("/subscribe/done", h.signUpSent, web.Cached())
	shell.Public.GET("/subscribe/link", h.linkForm, web.Cached())
	shell.Public.POST("/subscribe/link", h.askForLink)
	shell.Public.GET("/subscribe/link/done", h.linkSent, web.Cached())
	shell.Public.GET("/subscribe/confirm/:token", h.confirmForm)
	shell.Public.POST("/subscribe/confirm/:token", h.confirm)

	shell.Public.GET("/subscriptions/:token", h.preferences)
	shell.Public.POST("/subscriptions/:token", h.savePreferences)
	shell.Public.POST("/subscriptions/:token/stop", h.stopEverything)
	shell.Public.POST("/subscriptions/:token/start", h.startAgain)

	shell.Public.GET("/unsubscribe/:token", h.unsubscribeForm)
	shell.Public.POST("/unsubscribe/:token", h.unsubscribe, web.FromAnywhere(), web.BodyLimit(unsubscribeBytes))
	shell.Public.POST("/unsubscribe/:token/undo", h.undoUnsubscribe)
}

// signUpFields are the form as it was typed.
type signUpFields struct {
	Email        string   `form:"email"`
	EmailChecked string   `form:"email_checked"`
	Name         string   `form:"name"`
	Localities   []string `form:"localities"`
	Trap         string   `form:"leave_empty"`
}

func confirmPath(token string) string     { return "/subscribe/confirm/" + token }
func preferencesPath(token string) string { return "/subscriptions/" + token }

// signUpForm shows the form; ?locality=SLUG has that locality ticked, for links from its pages.
func (h publicHandlers) signUpForm(c echo.Context) error {
	var f signUpFields
	if slug := web.Query(c, "locality"); slug != "" {
		f.Localities = []string{slug}
	}
	return h.showSignUp(c, f, nil)
}

func (h publicHandlers) signUp(c echo.Context) error {
	if err := h.shell.LimitPosts(c, "subscribe"); err != nil {
		return err
	}
	var f signUpFields
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	if f.Trap != "" {
		return web.Redirect(c, "/subscribe/done")
	}
	err := h.service.AskForUpdates(c.Request().Context(), SignUp{Email: f.Email, EmailChecked: f.EmailChecked, Name: f.Name, Localities: f.Localities})
	if messages, refused := web.FieldErrors(err); refused {
		return h.showSignUp(c, f, messages)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/subscribe/done")
}

func (h publicHandlers) showSignUp(c echo.Context, f signUpFields, problems []nhs.FieldError) error {
	v := pages.SignUp{
		Errors: problems, Email: f.Email, Name: f.Name, Areas: h.areas(), Chosen: f.Localities, Wording: h.service.updatesPurpose().Wording, Help: h.help(),
	}
	if nhs.ErrorFor(problems, "email").Text != "" {
		v.EmailChecked = f.Email // pressed again, it is meant so
	} else {
		v.EmailChecked = f.EmailChecked
	}
	return h.shell.Render(c, statusOf(problems), web.Page{
		Title: "Get updates by email", Description: "Sign up for updates about health and care where you live.", Body: pages.SignUpForm(v), Errors: len(problems) > 0,
	})
}

func (h publicHandlers) signUpSent(c echo.Context) error {
	return h.show(c, "Now look at your emails", pages.SignUpSent(h.done()))
}

func (h publicHandlers) linkForm(c echo.Context) error { return h.showLinkForm(c, "", nil) }

func (h publicHandlers) askForLink(c echo.Context) error {
	if err := h.shell.LimitPosts(c, "subscribe"); err != nil {
		return err
	}
	var f signUpFields
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	if f.Trap != "" {
		return web.Redirect(c, "/subscribe/link/done")
	}
	err := h.service.AskForLink(c.Request().Context(), f.Email)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showLinkForm(c, f.Email, messages)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/subscribe/link/done")
}

func (h publicHandlers) showLinkForm(c echo.Context, email string, problems []nhs.FieldError) error {
	return h.shell.Render(c, statusOf(problems), web.Page{
		Title: "Change what we send you, or stop it", Body: pages.LinkForm(pages.LinkRequest{Errors: problems, Email: email, Help: h.help()}), Errors: len(problems) > 0,
	})
}

func (h publicHandlers) linkSent(c echo.Context) error {
	return h.show(c, "Now look at your emails", pages.LinkSent(h.help()))
}

// confirmForm asks; only its button signs anybody up, so that a program that follows the links of mails does not. Once
// that is done it says so.
func (h publicHandlers) confirmForm(c echo.Context) error {
	secret(c)
	r, err := h.service.SignUpByToken(c.Request().Context(), c.Param("token"))
	if fault.KindOf(err) == fault.NotFound {
		return h.tooOld(c, err)
	}
	if err != nil {
		return err
	}
	switch {
	case r.ConfirmedAt != nil && r.ContactID != nil:
		return h.signedUp(c, *r.ContactID)
	case r.Lapsed(h.service.db.Now()):
		return h.tooOld(c, lapsed())
	}
	return h.show(c, "Do you want our updates?", pages.ConfirmForm(pages.Confirm{
		Action: confirmPath(c.Param("token")), Email: r.Email, Name: r.Name, Areas: areasInWords(h.service.cfg, r.Slugs()), Wording: r.Wording, Help: h.help(),
	}))
}

func (h publicHandlers) confirm(c echo.Context) error {
	err := h.service.ConfirmSignUp(c.Request().Context(), c.Param("token"))
	if fault.KindOf(err) == fault.NotFound {
		return h.tooOld(c, err)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, confirmPath(c.Param("token")))
}

// signedUp is the page after it. Who has stopped since is led to what they get now.
func (h publicHandlers) signedUp(c echo.Context, contactID int64) error {
	token := h.service.links.Token(PreferencesPurpose, contactID)
	p, err := h.service.PreferencesByToken(c.Request().Context(), token)
	if err != nil {
		return err
	}
	if !slices.Contains(p.channels(Updates), Email) {
		return web.Redirect(c, preferencesPath(token))
	}
	return h.show(c, "You are signed up", pages.SignedUp(pages.Confirmed{
		Email: p.Contact.Email, Areas: areasInWords(h.service.cfg, p.Localities), Preferences: preferencesPath(token), Help: h.help(),
	}))
}

// tooOld answers a link that does not work any more with a way on. One that never was a link of ours is not found.
func (h publicHandlers) tooOld(c echo.Context, err error) error {
	if _, bad := h.service.links.Open(SignUpPurpose, c.Param("token")); bad != nil {
		return err
	}
	return h.shell.Render(c, http.StatusNotFound, web.Page{Title: "This link is too old", Body: pages.LinkTooOld(h.done()), NoIndex: true})
}

func (h publicHandlers) areas() (all []pages.Area) {
	for _, l := range h.service.cfg.Localities {
		all = append(all, pages.Area{Slug: l.Slug, Name: l.Name})
	}
	return all
}

func (h publicHandlers) help() pages.Help {
	p := h.service.cfg.Programme
	return pages.Help{Telephone: p.Telephone, Hours: p.Hours}
}

func (h publicHandlers) done() pages.SignUpDone {
	return pages.SignUpDone{Days: lengthInWords(h.service.cfg.Contacts.ConfirmWithin), Help: h.help()}
}

// lengthInWords says a length of time as people do: "7 days", "1 hour".
func lengthInWords(d time.Duration) string {
	n, unit := int(d.Hours()), "hour"
	if n >= 48 {
		n, unit = n/24, "day"
	}
	if n != 1 {
		unit += "s"
	}
	return fmt.Sprintf("%d %s", n, unit)
}

func (h publicHandlers) show(c echo.Context, title string, body templ.Component) error {
	return h.shell.Render(c, http.StatusOK, web.Page{Title: title, Body: body, NoIndex: true})
}

// secret keeps a page that a signed link opens out of every cache.
func secret(c echo.Context) { c.Response().Header().Set(echo.HeaderCacheControl, "no-store") }

func statusOf(problems []nhs.FieldError) int {
	if len(problems) > 0 {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

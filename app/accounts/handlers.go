package accounts

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"conversations/app/audit"
	"conversations/app/fault"
	"conversations/app/web"
	pages "conversations/templates/accounts"
)

const (
	authenticatorPath = "/staff/authenticator"
	forgottenPath     = "/staff/forgotten"
	accountPath       = "/staff/account"
	peoplePath        = "/staff/people"

	signInBucket     = "sign-in"
	keyAuthenticator = "authenticator" // in the session: an app's address that is not proved yet
)

// handlers are the pages of this package.
type handlers struct {
	shell   *web.Shell
	service *Service
	signIns *web.Limiter // by the visitor's address
}

// Routes hangs the pages of accounts on the shell and tells it who is who and who may do what.
func Routes(shell *web.Shell, service *Service) {
	h := &handlers{shell: shell, service: service, signIns: web.NewLimiter(shell.Config.HTTP.RateLimits.SignInsPerHour)}
	shell.Actor, shell.Allow = service.Actor, Require

	shell.Public.GET(web.SignInPath, h.signInForm)
	shell.Public.POST(web.SignInPath, h.signIn)
	shell.Public.POST(web.SignOutPath, h.signOut)
	shell.Public.GET(forgottenPath, h.forgottenForm)
	shell.Public.POST(forgottenPath, h.forgotten)
	shell.Public.GET(web.SignInPath+"/:token", h.passwordForm)
	shell.Public.POST(web.SignInPath+"/:token", h.password)
	shell.Public.GET(authenticatorPath, h.authenticatorForm)
	shell.Public.GET(authenticatorPath+"/qr.png", h.authenticatorPicture)
	shell.Public.POST(authenticatorPath, h.authenticator)

	shell.Staff.GET(accountPath, UseStaffPages, h.account)
	shell.Staff.POST(accountPath+"/sessions", UseStaffPages, h.endSession)
	shell.Staff.GET(peoplePath, ManageStaff, h.people)
	shell.Staff.GET(peoplePath+"/new", ManageStaff, h.newPersonForm)
	shell.Staff.POST(peoplePath+"/new", ManageStaff, h.newPerson)
	shell.Staff.GET(peoplePath+"/:id", ManageStaff, h.person)
	shell.Staff.POST(peoplePath+"/:id/role", ManageStaff, h.changeRole)
	shell.Staff.POST(peoplePath+"/:id/deactivate", ManageStaff, h.deactivate)
	shell.Staff.POST(peoplePath+"/:id/reset", ManageStaff, h.reset)
}

func (h *handlers) signInForm(c echo.Context) error {
	if May(web.Who(c), UseStaffPages) {
		return web.Redirect(c, web.SafeNext(web.Query(c, "next")))
	}
	return h.showSignIn(c, http.StatusOK, pages.SignInView{Next: web.Query(c, "next")})
}

func (h *handlers) signIn(c echo.Context) error {
	var form struct {
		Credentials
		Next string `form:"next"`
	}
	if err := web.Bind(c, &form); err != nil {
		return err
	}
	if err := h.shell.Limit(c, h.signIns, signInBucket); err != nil {
		return err
	}
	person, err := h.service.SignIn(c.Request().Context(), form.Credentials)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showSignIn(c, http.StatusUnprocessableEntity, pages.SignInView{Email: form.Email, Next: form.Next, Errors: messages})
	}
	if err != nil {
		return err
	}
	h.shell.Forgive(c, h.signIns, signInBucket)
	if err := h.shell.SignIn(c, person.ID); err != nil {
		return err
	}
	return web.Redirect(c, web.SafeNext(form.Next))
}

func (h *handlers) showSignIn(c echo.Context, status int, v pages.SignInView) error {
	v.NeedCode = h.shell.Config.Staff.RequireCode
	return h.shell.Render(c, status, web.Page{Title: "Sign in", Body: pages.SignIn(v), Errors: len(v.Errors) > 0, NoIndex: true})
}

func (h *handlers) signOut(c echo.Context) error {
	if err := h.service.SignOut(c.Request().Context()); err != nil {
		return err
	}
	if err := h.shell.SignOut(c); err != nil {
		return err
	}
	return web.Redirect(c, web.SignInPath)
}

func (h *handlers) forgottenForm(c echo.Context) error {
	return h.showForgotten(c, http.StatusOK, pages.ForgottenView{})
}

func (h *handlers) forgotten(c echo.Context) error {
	var form struct {
		Email string `form:"email"`
	}
	if err := web.Bind(c, &form); err != nil {
		return err
	}
	if err := h.shell.Limit(c, h.signIns, "forgotten"); err != nil {
		return err
	}
	err := h.service.AskForLink(c.Request().Context(), form.Email)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showForgotten(c, http.StatusUnprocessableEntity, pages.ForgottenView{Email: form.Email, Errors: messages})
	}
	if err != nil {
		return err
	}
	return h.showForgotten(c, http.StatusOK, pages.ForgottenView{Email: form.Email, Sent: true})
}

func (h *handlers) showForgotten(c echo.Context, status int, v pages.ForgottenView) error {
	return h.shell.Render(c, status, web.Page{Title: "Choose a new password", Body: pages.Forgotten(v), Errors: len(v.Errors) > 0, NoIndex: true})
}

func (h *handlers) passwordForm(c echo.Context) error {
	if err := h.shell.Limit(c, h.signIns, "link"); err != nil {
		return err
	}
	person, err := h.service.LinkOwner(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	return h.showPassword(c, http.StatusOK, pages.PasswordView{Email: person.Email})
}

func (h *handlers) password(c echo.Context) error {
	var form struct {
		Password string `form:"password,raw"`
	}
	if err := web.Bind(c, &form); err != nil {
		return err
	}
	if err := h.shell.Limit(c, h.signIns, "link"); err != nil {
		return err
	}
	person, ready, err := h.service.SetPassword(c.Request().Context(), c.Param("token"), form.Password)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showPassword(c, http.StatusUnprocessableEntity, pages.PasswordView{Email: person.Email, Errors: messages})
	}
	if err != nil {
		return err
	}
	if ready {
		return web.Redirect(c, web.SignInPath)
	}
	return h.beginAuthenticator(c, person)
}

func (h *handlers) showPassword(c echo.Context, status int, v pages.PasswordView) error {
	v.Action = web.SignInPath + "/" + c.Param("token")
	return h.shell.Render(c, status, web.Page{Title: "Choose a password", Body: pages.Password(v), Errors: len(v.Errors) > 0})
}

// beginAuthenticator signs in who has just proved to own the account's mailbox and has no app: they may do nothing
// else until the app is set up.
func (h *handlers) beginAuthenticator(c echo.Context, person Staff) error {
	address, err := h.service.NewAuthenticator(person)
	if err != nil {
		return err
	}
	if err := h.shell.SignIn(c, person.ID); err != nil {
		return err
	}
	h.shell.Keep(c, keyAuthenticator, address)
	return web.Redirect(c, authenticatorPath)
}

func (h *handlers) authenticatorForm(c echo.Context) error {
	return h.showAuthenticator(c, http.StatusOK, pages.AuthenticatorView{})
}

func (h *handlers) authenticatorPicture(c echo.Context) error {
	address := h.shell.Kept(c, keyAuthenticator)
	if address == "" {
		return fault.New(fault.NotFound, "")
	}
	picture, err := qrPNG(address)
	if err != nil {
		return err
	}
	return h.shell.Bytes(c, http.StatusOK, "image/png", picture)
}

func (h *handlers) authenticator(c echo.Context) error {
	var form struct {
		Code string `form:"code"`
	}
	if err := web.Bind(c, &form); err != nil {
		return err
	}
	if err := h.shell.Limit(c, h.signIns, "authenticator"); err != nil {
		return err
	}
	err := h.service.SetAuthenticator(c.Request().Context(), h.shell.Kept(c, keyAuthenticator), form.Code)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showAuthenticator(c, http.StatusUnprocessableEntity, pages.AuthenticatorView{Errors: messages})
	}
	if err != nil {
		return err
	}
	if err := h.shell.SignIn(c, web.Who(c).ID); err != nil {
		return err
	}
	return web.Redirect(c, "/staff")
}

func (h *handlers) showAuthenticator(c echo.Context, status int, v pages.AuthenticatorView) error {
	u, err := url.Parse(h.shell.Kept(c, keyAuthenticator))
	if err != nil || u.Query().Get("secret") == "" || web.Who(c).Kind != audit.Staff {
		return errors.Join(fault.New(fault.NotFound, "Open your sign-in link again, or ask for a new one under “Forgotten your password?” on the sign-in page."), err)
	}
	v.Secret = spaced(u.Query().Get("secret"))
	return h.shell.Render(c, status, web.Page{Title: "Set up your authenticator app", Body: pages.Authenticator(v), Errors: len(v.Errors) > 0, NoIndex: true})
}

// spaced sets a key in groups of four, for typing.
func spaced(key string) string {
	var groups []string
	for len(key) > 4 {
		groups, key = append(groups, key[:4]), key[4:]
	}
	return strings.Join(append(groups, key), " ")
}

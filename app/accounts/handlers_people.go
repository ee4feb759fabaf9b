package accounts

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"conversations/app/fault"
	"conversations/app/web"
	pages "conversations/templates/accounts"
)

func (h *handlers) account(c echo.Context) error {
	me := web.Who(c)
	sessions, err := h.shell.Sessions(c, me.ID)
	if err != nil {
		return err
	}
	v := pages.AccountView{Name: me.Name, Email: me.Email, Role: Role(me.Role).Name()}
	for _, s := range sessions {
		v.Sessions = append(v.Sessions, pages.SessionView{ID: s.ID, Began: h.moment(s.CreatedAt), Seen: h.moment(s.SeenAt), Current: s.Current})
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Your account", Body: pages.Account(v), Current: accountPath})
}

func (h *handlers) endSession(c echo.Context) error {
	var form struct {
		Session string `form:"session"`
	}
	if err := web.Bind(c, &form); err != nil {
		return err
	}
	if err := h.service.EndSession(c.Request().Context(), form.Session); err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "That sign-in has ended.")
	return web.Redirect(c, accountPath)
}

func (h *handlers) people(c echo.Context) error {
	people, err := h.service.People(c.Request().Context())
	if err != nil {
		return err
	}
	views := make([]pages.PersonView, len(people))
	for i, p := range people {
		views[i] = h.personView(c, p)
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "People with an account", Body: pages.People(views), Current: peoplePath, Wide: true})
}

func (h *handlers) newPersonForm(c echo.Context) error {
	return h.showNewPerson(c, http.StatusOK, pages.PersonView{})
}

func (h *handlers) newPerson(c echo.Context) error {
	var form NewPerson
	if err := web.Bind(c, &form); err != nil {
		return err
	}
	link, err := h.service.Add(c.Request().Context(), form.Email, form.Name, form.Role)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showNewPerson(c, http.StatusUnprocessableEntity, pages.PersonView{Name: form.Name, Email: form.Email, Role: form.Role, Errors: messages})
	}
	if err != nil {
		return err
	}
	return h.showLink(c, pages.LinkView{Heading: "Account added", Email: lower(form.Email), Link: link})
}

func (h *handlers) showNewPerson(c echo.Context, status int, v pages.PersonView) error {
	v.Roles = roleViews()
	return h.shell.Render(c, status, web.Page{Title: "Add a person", Body: pages.NewPerson(v), Errors: len(v.Errors) > 0, Current: peoplePath})
}

func (h *handlers) showLink(c echo.Context, v pages.LinkView) error {
	return h.shell.Render(c, http.StatusOK, web.Page{Title: v.Heading, Body: pages.Link(v), Current: peoplePath})
}

func (h *handlers) person(c echo.Context) error {
	p, err := h.named(c)
	if err != nil {
		return err
	}
	return h.showPerson(c, http.StatusOK, h.personView(c, p))
}

func (h *handlers) changeRole(c echo.Context) error {
	var form struct {
		Role string `form:"role"`
	}
	if err := web.Bind(c, &form); err != nil {
		return err
	}
	return h.changed(c, "The role is changed.", func(ctx context.Context, id int64) error {
		return h.service.ChangeRole(ctx, id, form.Role)
	})
}

func (h *handlers) deactivate(c echo.Context) error {
	return h.changed(c, "The account is ended.", h.service.Deactivate)
}

// changed does something to the person of the address and shows them again, with what was wrong if it was refused.
func (h *handlers) changed(c echo.Context, done string, change func(ctx context.Context, id int64) error) error {
	p, err := h.named(c)
	if err != nil {
		return err
	}
	err = change(c.Request().Context(), p.ID)
	if messages, refused := web.FieldErrors(err); refused {
		v := h.personView(c, p)
		v.Errors = messages
		return h.showPerson(c, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, done)
	return web.Redirect(c, personPath(p.ID))
}

func (h *handlers) reset(c echo.Context) error {
	p, err := h.named(c)
	if err != nil {
		return err
	}
	link, err := h.service.Reset(c.Request().Context(), p.ID)
	if err != nil {
		return err
	}
	return h.showLink(c, pages.LinkView{Heading: "New sign-in link sent", Email: p.Email, Link: link})
}

func (h *handlers) named(c echo.Context) (Staff, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return Staff{}, fault.New(fault.NotFound, "There is no such account.")
	}
	return h.service.Person(c.Request().Context(), id)
}

func (h *handlers) showPerson(c echo.Context, status int, v pages.PersonView) error {
	return h.shell.Render(c, status, web.Page{Title: v.Name, Body: pages.Person(v), Errors: len(v.Errors) > 0, Current: peoplePath})
}

func (h *handlers) personView(c echo.Context, p Staff) pages.PersonView {
	v := pages.PersonView{
		Href: personPath(p.ID), Name: p.Name, Email: p.Email, Role: string(p.Role), RoleName: p.Role.Name(),
		Active: p.Active, Me: p.ID == web.Who(c).ID, Roles: roleViews(),
	}
	if p.LastSignInAt != nil {
		v.LastSignIn = h.moment(*p.LastSignInAt)
	}
	return v
}

func (h *handlers) moment(at time.Time) string {
	return at.In(h.shell.Config.Zone()).Format("2 January 2006 at 15:04")
}

func roleViews() []pages.RoleView {
	var views []pages.RoleView
	for _, r := range Roles() {
		views = append(views, pages.RoleView{Value: string(r), Name: r.Name()})
	}
	return views
}

func personPath(id int64) string { return peoplePath + "/" + strconv.FormatInt(id, 10) }

package contacts

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/sheet"
	"conversations/app/web"
	pages "conversations/templates/contacts"
	"conversations/templates/nhs"
)

// staffHandlers are the staff's pages of contacts.
type staffHandlers struct {
	shell   *web.Shell
	service *Service
}

const listPath = "/staff/contacts"

func contactPath(id int64) string { return listPath + "/" + strconv.FormatInt(id, 10) }

// listFilter reads a view of the list from its address.
func listFilter(c echo.Context) ListFilter {
	f := ListFilter{Text: web.Query(c, "q"), Group: web.Query(c, "group"), Locality: web.Query(c, "locality"), Channel: Channel(web.Query(c, "channel")),
		Kind: Kind(web.Query(c, "kind")), Basis: web.Query(c, "basis"), Suppressed: web.Query(c, "suppressed"), Sort: web.Query(c, "sort")}
	f.Page, _ = strconv.Atoi(web.Query(c, "page"))
	return f
}

// list shows the contacts that the address asks for.
func (h staffHandlers) list(c echo.Context) error {
	ctx, f := c.Request().Context(), listFilter(c)
	page, err := h.service.List(ctx, f)
	if err != nil {
		return err
	}
	v, err := h.service.listView(ctx, f, page)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Contacts", Body: pages.List(v), Current: listPath, Wide: true})
}

// export sends what the list shows, all pages of it, as a file.
func (h staffHandlers) export(format sheet.Format) echo.HandlerFunc {
	return func(c echo.Context) error {
		return web.Export(c, "contacts-"+h.service.db.Now().In(h.service.cfg.Zone()).Format("2006-01-02"), format, func() (sheet.Table, error) { return h.service.Export(c.Request().Context(), listFilter(c), format) })
	}
}

// chosen are the parts of the filter that were used, by the names that the address has for them.
func (f ListFilter) chosen() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{"q": f.Text, "group": f.Group, "locality": f.Locality, "channel": string(f.Channel), "kind": string(f.Kind),
		"basis": f.Basis, "suppressed": f.Suppressed, "sort": f.Sort} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

func (f ListFilter) href(path string, more ...string) string {
	q := f.chosen()
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// addForm and changeForm show the form of a contact.
func (h staffHandlers) addForm(c echo.Context) error {
	return h.showForm(c, http.StatusOK, 0, Form{Kind: string(Person), Channel: string(Email)}, nil, nil)
}

func (h staffHandlers) changeForm(c echo.Context) error {
	card, err := h.card(c)
	if err != nil {
		return err
	}
	return h.showForm(c, http.StatusOK, card.ID, card.form(), card.Groups, nil)
}

// card is the contact of the address.
func (h staffHandlers) card(c echo.Context) (Card, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return Card{}, noContact()
	}
	return h.service.Card(c.Request().Context(), id)
}

func (h staffHandlers) add(c echo.Context) error {
	var f Form
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	id, err := h.service.Add(c.Request().Context(), f)
	if problems, refused := web.FieldErrors(err); refused {
		return h.showForm(c, http.StatusUnprocessableEntity, 0, f, nil, problems)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The contact is added. Now record what they let us do.")
	return web.Redirect(c, contactPath(id))
}

func (h staffHandlers) change(c echo.Context) error {
	card, err := h.card(c)
	if err != nil {
		return err
	}
	var f Form
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	err = h.service.Change(c.Request().Context(), card.ID, f)
	if conflict, another := errors.AsType[*ChangeConflict](err); another {
		return h.showConflict(c, conflict.Stored, f)
	}
	if problems, refused := web.FieldErrors(err); refused {
		return h.showForm(c, http.StatusUnprocessableEntity, card.ID, f, card.Groups, problems)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The contact is changed.")
	return web.Redirect(c, contactPath(card.ID))
}

func (h staffHandlers) showForm(c echo.Context, status int, id int64, f Form, had []string, problems []nhs.FieldError) error {
	v, err := h.service.formView(c.Request().Context(), id, f, had)
	if err != nil {
		return err
	}
	v.Errors = problems
	return h.renderForm(c, status, v)
}

// showConflict shows what somebody else stored meanwhile, and what was typed in the form.
func (h staffHandlers) showConflict(c echo.Context, stored Card, f Form) error {
	f.Version = stored.Version
	v, err := h.service.formView(c.Request().Context(), stored.ID, f, stored.Groups)
	if err != nil {
		return err
	}
	v.Differences = h.service.differences(v, stored, f)
	return h.renderForm(c, http.StatusConflict, v)
}

func (h staffHandlers) renderForm(c echo.Context, status int, v pages.FormView) error {
	before := pages.Back("Contacts", listPath)
	if v.Contact != "" {
		before = pages.Back(v.Contact, v.BackHref)
	}
	return h.shell.Render(c, status, web.Page{Title: v.Heading, Body: pages.ContactForm(v), Before: before, Errors: len(v.Errors) > 0, Current: listPath})
}

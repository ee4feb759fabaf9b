package events

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/fault"
	"conversations/app/web"
	pages "conversations/templates/events"
)

// staffHandlers are the staff's pages: parse, call the service, render or redirect.
type staffHandlers struct {
	shell   *web.Shell
	service *Service
}

const staffHome = "/staff/events"

func staffPath(id int64) string { return staffHome + "/" + strconv.FormatInt(id, 10) }

// staffFilter reads a view of the list from its address.
func staffFilter(c echo.Context) StaffFilter {
	f := StaffFilter{Status: Status(web.Query(c, "status")), Locality: web.Query(c, "locality"), Text: web.Query(c, "text"),
		When: When(web.Query(c, "when")), Sort: web.Query(c, "sort")}
	f.Page, _ = strconv.Atoi(web.Query(c, "page"))
	return f
}

func (h staffHandlers) list(c echo.Context) error {
	f := staffFilter(c)
	page, err := h.service.StaffList(c.Request().Context(), f)
	if err != nil {
		return err
	}
	places, err := h.service.places(c.Request().Context(), page.Events...)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Events", Body: pages.StaffList(h.service.staffList(f, page, places)), Wide: true, Current: staffHome})
}

func (h staffHandlers) load(c echo.Context) (Event, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return Event{}, notFound()
	}
	return h.service.ByID(c.Request().Context(), id)
}

func (h staffHandlers) event(c echo.Context) error {
	e, err := h.load(c)
	if err != nil {
		return err
	}
	places, err := h.service.places(c.Request().Context(), e)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: e.Title, Body: pages.StaffEvent(h.service.staffEvent(e, places[e.ID])),
		Before: pages.Back("All events", staffHome), Current: staffHome})
}

// preview is the public page before it is public.
func (h staffHandlers) preview(c echo.Context) error {
	e, err := h.load(c)
	if err != nil {
		return err
	}
	v, err := h.service.eventView(e, Places{})
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: e.Title, Body: pages.Event(v), Before: pages.Back("Back to the event", staffPath(e.ID)), Current: staffHome})
}

func (h staffHandlers) newForm(c echo.Context) error {
	f := Form{WaitingList: true, MaxParty: strconv.Itoa(min(4, h.service.cfg.Bookings.MaxParty))}
	choice, err := h.withVenue(c, &f)
	if err != nil {
		return err
	}
	v := h.service.newView(f)
	v.Venue = choice
	return h.showForm(c, http.StatusOK, v)
}

func (h staffHandlers) create(c echo.Context) error {
	var f Form
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	e, err := h.service.Create(c.Request().Context(), f)
	if fields, invalid := fieldsOf(err); invalid {
		v := h.service.newView(f)
		v.Errors = fields
		return h.showForm(c, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The event is made. It is a draft: only staff see it.")
	return web.Redirect(c, staffPath(e.ID))
}

func (h staffHandlers) editForm(c echo.Context) error {
	e, err := h.load(c)
	if err != nil {
		return err
	}
	return h.showForm(c, http.StatusOK, h.service.editView(e, FormOf(e)))
}

func (h staffHandlers) edit(c echo.Context) error {
	e, err := h.load(c)
	if err != nil {
		return err
	}
	var f Form
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	_, err = h.service.Edit(c.Request().Context(), e.ID, f)
	if conflict, ok := errors.AsType[*Conflict](err); ok {
		return h.showForm(c, http.StatusConflict, h.service.conflictView(conflict.Stored, f))
	}
	if fields, invalid := fieldsOf(err); invalid {
		v := h.service.editView(e, f)
		v.Errors = fields
		return h.showForm(c, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "Saved.")
	return web.Redirect(c, staffPath(e.ID))
}

func (h staffHandlers) showForm(c echo.Context, status int, v pages.FormView) error {
	return h.shell.Render(c, status, web.Page{Title: v.Heading, Body: pages.Form(v), Before: pages.Back("Back", v.CancelHref),
		Errors: len(v.Errors) > 0, Current: staffHome})
}

// ask shows the page that asks before an action, if the event's life allows it now.
func (h staffHandlers) ask(a action) echo.HandlerFunc {
	return func(c echo.Context) error {
		e, err := h.load(c)
		if err != nil {
			return err
		}
		if err := e.mustBe(a.from...); err != nil {
			return err
		}
		f := formOf(e)
		if a.fields == pages.CameFields && f.People == "" {
			if f.People, err = h.service.cameText(c.Request().Context(), e.ID); err != nil {
				return err
			}
		}
		return h.confirm(c, http.StatusOK, a, e, f)
	}
}

// do does an action and leads back to the event.
func (h staffHandlers) do(a action) echo.HandlerFunc {
	return func(c echo.Context) error {
		e, err := h.load(c)
		if err != nil {
			return err
		}
		var f actionForm
		if err := web.Bind(c, &f); err != nil {
			return err
		}
		_, err = a.do(h.service, c.Request().Context(), e.ID, f)
		if fields, invalid := fieldsOf(err); invalid {
			f.errors = fields
			return h.confirm(c, http.StatusUnprocessableEntity, a, e, f)
		}
		if err != nil {
			return err
		}
		h.shell.Flash(c, web.Success, a.done)
		return web.Redirect(c, staffPath(e.ID))
	}
}

func (h staffHandlers) confirm(c echo.Context, status int, a action, e Event, f actionForm) error {
	places, err := h.service.places(c.Request().Context(), e)
	if err != nil {
		return err
	}
	choice, err := h.withVenue(c, &f.Form)
	if err != nil {
		return err
	}
	v := a.view(e, places[e.ID], f)
	v.Venue = choice
	if a.tells {
		sentence, told, err := h.service.toldView(c.Request().Context(), e.ID)
		if err != nil {
			return err
		}
		v.Text, v.Told = append(v.Text, sentence), told
	}
	return h.shell.Render(c, status, web.Page{Title: v.Heading, Body: pages.Confirm(v), Before: pages.Back("Back to the event", v.BackHref),
		Errors: len(v.Errors) > 0, Current: staffHome})
}

// fieldsOf gives the messages of a refused form, for showing it again.
func fieldsOf(err error) ([]fieldError, bool) {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != fault.Invalid || len(f.Fields) == 0 {
		return nil, false
	}
	out := make([]fieldError, len(f.Fields))
	for i, field := range f.Fields {
		out[i] = fieldError{Field: field.Name, Text: field.Message}
	}
	return out, true
}

// pageHref is the address of another page of the same view of the list.
func (f StaffFilter) pageHref(page int) string {
	q := url.Values{}
	for name, value := range map[string]string{"status": string(f.Status), "locality": f.Locality, "text": f.Text, "when": string(f.When), "sort": f.Sort} {
		if value != "" {
			q.Set(name, value)
		}
	}
	q.Set("page", strconv.Itoa(page))
	return staffHome + "?" + q.Encode()
}

package bookings

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/fault"
	"conversations/app/sheet"
	"conversations/app/web"
	pages "conversations/templates/bookings"
	"conversations/templates/nhs"
)

func callPath(id int64) string { return fmt.Sprintf("%s/%d", callsPath, id) }

// callFields are the filters of the ring-round list, as its address and its forms carry them.
type callFields struct {
	Event string `form:"event"`
	Kind  string `form:"kind"`
	Mine  bool   `form:"mine"`
	Tried string `form:"tried"`
	State string `form:"state"`
	Page  int    `form:"page"`
}

func (f callFields) filter() CallFilter {
	return CallFilter{Event: f.Event, Kind: f.Kind, Mine: f.Mine, Tried: f.Tried, Page: f.Page}
}

// values are the filters as they stand in an address.
func (f callFields) values() url.Values {
	query := url.Values{}
	for name, value := range map[string]string{"event": f.Event, "kind": f.Kind, "tried": f.Tried, "state": f.State} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if f.Mine {
		query.Set("mine", "yes")
	}
	return query
}

// address is a path with the filters, at a page.
func (f callFields) address(path string, page int) string {
	query := f.values()
	if page > 1 {
		query.Set("page", strconv.Itoa(page))
	}
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

// calls lists the people to telephone or, at ?state=done, the calls that were made.
func (h staffHandlers) calls(c echo.Context) error {
	var f callFields
	if err := web.BindQuery(c, &f); err != nil {
		return err
	}
	v, err := h.service.callListView(c.Request().Context(), f)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "People to telephone", Body: pages.CallList(v), Current: callsPath, Wide: true})
}

// exportCalls sends what the list shows, all pages of it, as a file.
func (h staffHandlers) exportCalls(format sheet.Format) echo.HandlerFunc {
	return func(c echo.Context) error {
		var f callFields
		if err := web.BindQuery(c, &f); err != nil {
			return err
		}
		state := "due"
		if f.State == "done" {
			state = "done"
		}
		return web.Export(c, "calls", format, func() (sheet.Table, error) {
			table, err := h.service.ExportCalls(c.Request().Context(), f.filter(), state, format)
			table.Options.BOM = true
			return table, err
		})
	}
}

// nextCall takes the next person on the list and shows what to say.
func (h staffHandlers) nextCall(c echo.Context) error {
	var f callFields
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	return h.toNext(c, f)
}

func (h staffHandlers) toNext(c echo.Context, f callFields) error {
	f.State, f.Page = "", 0
	id, found, err := h.service.NextCall(c.Request().Context(), f.filter())
	if err != nil {
		return err
	}
	if !found {
		h.shell.Flash(c, web.Notice, "There is nobody left to call now.")
		return web.Redirect(c, f.address(callsPath, 1))
	}
	return web.Redirect(c, f.address(callPath(id), 1))
}

// takeCall says that this member of staff is calling the person.
func (h staffHandlers) takeCall(c echo.Context) error {
	return h.withCall(c, func(f callFields, id int64) error {
		if err := h.service.TakeCall(c.Request().Context(), id); err != nil {
			return err
		}
		return web.Redirect(c, f.address(callPath(id), 1))
	})
}

func (h staffHandlers) releaseCall(c echo.Context) error {
	return h.withCall(c, func(f callFields, id int64) error {
		if err := h.service.ReleaseCall(c.Request().Context(), id); err != nil {
			return err
		}
		h.shell.Flash(c, web.Success, "They are back on the list.")
		return web.Redirect(c, f.address(callsPath, 1))
	})
}

// withCall reads the filters and the call of the address, and does something with them.
func (h staffHandlers) withCall(c echo.Context, do func(callFields, int64) error) error {
	var f callFields
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	id, err := idOf(c)
	if err != nil {
		return err
	}
	return do(f, id)
}

func (h staffHandlers) undoCall(c echo.Context) error {
	var f struct {
		Round string `form:"round"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	id, err := idOf(c)
	if err != nil {
		return err
	}
	if err := h.service.UndoCall(c.Request().Context(), f.Round); err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "It is undone: they are on the list of people to telephone again.")
	return web.Redirect(c, callPath(id))
}

// resultFields are what staff note of a call.
type resultFields struct {
	callFields
	Calls  []string `form:"call"`
	Result string   `form:"result"`
	Note   string   `form:"note,lines"`
	Again  string   `form:"again"`
	Boxes  bool     `form:"boxes"` // the form had a box for each call
	Round  string   `form:"round"`
	Next   bool     `form:"next"`
}

func (h staffHandlers) call(c echo.Context) error {
	var f resultFields
	if err := web.BindQuery(c, &f.callFields); err != nil {
		return err
	}
	f.Round = rand.Text()
	return h.showCall(c, f, nil)
}

func (h staffHandlers) showCall(c echo.Context, f resultFields, problems []nhs.FieldError) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	who, err := h.service.CalleeOf(ctx, id)
	if err != nil {
		return err
	}
	v, err := h.service.callView(ctx, id, who, f)
	if err != nil {
		return err
	}
	v.Errors = problems
	return h.shell.Render(c, formStatus(problems), web.Page{Title: "Telephone " + v.Name, Body: pages.OneCall(v),
		Before: back("People to telephone", f.address(callsPath, 1)), Errors: len(problems) > 0, Current: callsPath})
}

func (h staffHandlers) recordCall(c echo.Context) error {
	var f resultFields
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	id, err := idOf(c)
	if err != nil {
		return err
	}
	err = h.service.RecordCalls(c.Request().Context(), f.outcome(id, h.service))
	if messages, refused := web.FieldErrors(err); refused && fault.KindOf(err) == fault.Invalid {
		return h.showCall(c, f, messages)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The call is recorded.")
	if f.Next {
		return h.toNext(c, f.callFields)
	}
	return web.Redirect(c, f.address(callsPath, 1))
}

// outcome is what was noted. A form without boxes is about the one call of its address.
func (f resultFields) outcome(id int64, s *Service) CallOutcome {
	o := CallOutcome{Result: f.Result, Note: f.Note, Round: f.Round, TryAfter: s.tryAgain(f.Again)}
	for _, text := range f.Calls {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && id > 0 {
			o.Calls = append(o.Calls, id)
		}
	}
	if !f.Boxes {
		o.Calls = []int64{id}
	}
	return o
}

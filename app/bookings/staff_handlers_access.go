package bookings

import (
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

const accessPath = "/staff/access"

func taskPath(id int64) string { return fmt.Sprintf("%s/%d", accessPath, id) }

// accessFilter reads which needs an address asks for.
func accessFilter(c echo.Context) TaskFilter {
	page, _ := strconv.Atoi(web.Query(c, "page"))
	return TaskFilter{Event: web.Query(c, "event"), Need: web.Query(c, "need"), Owner: web.Query(c, "owner"), State: web.Query(c, "state"), Page: page}
}

// address is the list that a filter gives, at a page.
func (f TaskFilter) address(page int) string { return f.at(accessPath, page) }

func (f TaskFilter) at(path string, page int) string {
	query := url.Values{}
	for name, value := range map[string]string{"event": f.Event, "need": f.Need, "owner": f.Owner, "state": f.State} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if page > 1 {
		query.Set("page", strconv.Itoa(page))
	}
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

// access lists what people need to take part, the late first.
func (h staffHandlers) access(c echo.Context) error {
	ctx, f := c.Request().Context(), accessFilter(c)
	page, err := h.service.Tasks(ctx, f)
	if err != nil {
		return err
	}
	v, err := h.service.accessView(ctx, f, page)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Access needs", Body: pages.AccessList(v), Current: accessPath, Wide: true})
}

// exportAccess sends what the list shows, all pages of it, as a file.
func (h staffHandlers) exportAccess(format sheet.Format) echo.HandlerFunc {
	return func(c echo.Context) error {
		return web.Export(c, "access-needs", format, func() (sheet.Table, error) {
			table, err := h.service.ExportTasks(c.Request().Context(), accessFilter(c), format)
			table.Options.BOM = true
			return table, err
		})
	}
}

// taskForm is how a need is to stand, as typed.
type taskForm struct {
	Version int64  `form:"version"`
	State   string `form:"state"`
	Offer   string `form:"offer,lines"`
	Others  bool   `form:"others"`
}

func (h staffHandlers) task(c echo.Context) error {
	return h.showTask(c, taskForm{}, nil, http.StatusOK)
}

func (h staffHandlers) showTask(c echo.Context, f taskForm, problems []nhs.FieldError, status int) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	v, err := h.service.taskView(c.Request().Context(), id)
	if err != nil {
		return err
	}
	v.Errors = problems
	if len(problems) > 0 && f.State != "" {
		v.State, v.Offer, v.Others = f.State, f.Offer, f.Others
	}
	return h.shell.Render(c, status, web.Page{Title: "Access need: " + v.Need, Body: pages.AccessTask(v),
		Before: back("Access needs", accessPath), Errors: len(problems) > 0, Current: accessPath})
}

// refuse shows a task again with what is wrong, or with what somebody else has done to it since.
func (h staffHandlers) refuse(c echo.Context, f taskForm, err error) error {
	messages, refused := web.FieldErrors(err)
	if !refused {
		return err
	}
	status := http.StatusUnprocessableEntity
	if fault.KindOf(err) == fault.Conflict {
		status = http.StatusConflict
	}
	for i := range messages {
		if messages[i].Field == "" {
			messages[i].Field = "state"
		}
	}
	return h.showTask(c, f, messages, status)
}

func (h staffHandlers) setTask(c echo.Context) error {
	var f taskForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	id, err := idOf(c)
	if err != nil {
		return err
	}
	changed, err := h.service.SetNeed(c.Request().Context(), id, NeedChange{Version: f.Version, State: NeedState(f.State), Offer: f.Offer, Others: f.Others})
	if err != nil {
		return h.refuse(c, f, err)
	}
	words := "It is saved, and the booker is told."
	if changed > 1 {
		words = fmt.Sprintf("It is saved for %s, and their bookers are told.", countPeople(changed))
	}
	h.shell.Flash(c, web.Success, words)
	return web.Redirect(c, taskPath(id))
}

func (h staffHandlers) assignTask(c echo.Context) error {
	var f struct {
		Version int64 `form:"version"`
		Owner   int64 `form:"owner"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	return h.alterTask(c, "It is saved who sees to it.", func(id int64) error {
		return h.service.AssignNeed(c.Request().Context(), id, f.Version, f.Owner)
	})
}

func (h staffHandlers) taskCalledOff(c echo.Context) error {
	var f struct {
		Version int64 `form:"version"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	return h.alterTask(c, "Noted: they know.", func(id int64) error { return h.service.CalledOff(c.Request().Context(), id, f.Version) })
}

func (h staffHandlers) undoTask(c echo.Context) error {
	var f struct {
		Step int64 `form:"step"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	return h.alterTask(c, "It is undone, and the booker is told.", func(id int64) error {
		return h.service.UndoNeed(c.Request().Context(), id, f.Step)
	})
}

// alterTask does one thing to the need of the address and shows it again.
func (h staffHandlers) alterTask(c echo.Context, done string, alter func(id int64) error) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	if err := alter(id); err != nil {
		return h.refuse(c, taskForm{}, err)
	}
	h.shell.Flash(c, web.Success, done)
	return web.Redirect(c, taskPath(id))
}

// venueSheet is what the venue of an event is given: how many people need what, and nobody's name.
func (h staffHandlers) venueSheet(c echo.Context) error {
	ctx := c.Request().Context()
	e, err := h.service.events.BySlug(ctx, web.Query(c, "event"))
	if err != nil {
		return err
	}
	needs, err := h.service.VenueNeeds(ctx, e.ID)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "For the venue: " + e.Title, Body: pages.VenueSheet(h.service.venueView(e, needs)),
		Before: back("Access needs of this event", TaskFilter{Event: e.Slug}.address(1)), Current: accessPath})
}

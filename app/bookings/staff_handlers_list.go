package bookings

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/sheet"
	"conversations/app/web"
	pages "conversations/templates/bookings"
)

// listFilter reads a view of the list from its address.
func listFilter(c echo.Context) ListFilter {
	f := ListFilter{Event: web.Query(c, "event"), Status: Status(web.Query(c, "status")), Channel: Channel(web.Query(c, "channel")),
		Need: web.Query(c, "need"), Text: web.Query(c, "q"), Sort: web.Query(c, "sort")}
	f.Page, _ = strconv.Atoi(web.Query(c, "page"))
	return f
}

// list shows the bookings of one event, or of all.
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
	p := web.Page{Title: "Bookings", Body: pages.List(v), Current: listPath, Wide: true}
	if page.Event != nil {
		p.Title, p.Before = "Bookings: "+page.Event.Title, back("All bookings", listPath)
	}
	return h.shell.Render(c, http.StatusOK, p)
}

// export sends what the list shows, all pages of it, as a file.
func (h staffHandlers) export(format sheet.Format) echo.HandlerFunc {
	return func(c echo.Context) error {
		f, name := listFilter(c), "bookings"
		if f.Event != "" {
			name += "-" + f.Event
		}
		name += "-" + h.service.db.Now().In(h.service.cfg.Zone()).Format("2006-01-02")
		return web.Export(c, name, format, func() (sheet.Table, error) { return h.service.Export(c.Request().Context(), f, format) })
	}
}

// query is the view's address, the page left out.
func (f ListFilter) query() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{"event": f.Event, "status": string(f.Status), "channel": string(f.Channel), "need": f.Need, "q": f.Text, "sort": f.Sort} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

func (f ListFilter) href(path string, more ...string) string {
	q := f.query()
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

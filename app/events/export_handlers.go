package events

import (
	"strings"

	"github.com/labstack/echo/v4"

	"conversations/app/sheet"
	"conversations/app/web"
)

// export sends what the list shows, all pages of it, as a file.
func (h staffHandlers) export(format sheet.Format) echo.HandlerFunc {
	return func(c echo.Context) error {
		return web.Export(c, "events-"+h.service.db.Now().In(h.service.cfg.Zone()).Format("2006-01-02"), format, func() (sheet.Table, error) { return h.service.Export(c.Request().Context(), staffFilter(c), format) })
	}
}

// exportHref is the address of the view of the list as a file.
func (f StaffFilter) exportHref(format sheet.Format) string {
	return strings.Replace(f.pageHref(1), staffHome+"?", staffHome+"."+string(format)+"?", 1)
}

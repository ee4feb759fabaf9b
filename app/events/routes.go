package events

import (
	"conversations/app/accounts"
	"conversations/app/sheet"
	"conversations/app/web"
)

// Routes hangs the pages about events on the shell.
func Routes(shell *web.Shell, service *Service) {
	h := handlers{shell, service}
	shell.Public.GET("/events", h.list, web.Cached("locality", "when", "near"))
	shell.Public.GET("/events.ics", h.ics, web.Cached())
	shell.Public.GET("/events.atom", h.atom, web.Cached())
	shell.Public.GET("/events.json", h.json, web.Cached())
	shell.Public.GET("/events/:slug", h.event, web.Cached())
	shell.Public.GET("/events/preview/:token", h.draft)
	for _, l := range service.cfg.Localities {
		shell.Public.GET("/localities/"+l.Slug+".ics", h.localityICS, web.Cached())
	}
	staff := staffHandlers{shell, service}
	shell.Staff.GET("/staff/events", accounts.ManageEvents, staff.list)
	shell.Staff.GET("/staff/events.csv", accounts.ManageEvents, staff.export(sheet.FormatCSV), web.Timeout(web.DownloadTimeout))
	shell.Staff.GET("/staff/events.xlsx", accounts.ManageEvents, staff.export(sheet.FormatXLSX), web.Timeout(web.DownloadTimeout))
	shell.Staff.GET("/staff/events/new", accounts.ManageEvents, staff.newForm)
	shell.Staff.POST("/staff/events/new", accounts.ManageEvents, staff.create)
	shell.Staff.GET("/staff/events/:id", accounts.ManageEvents, staff.event)
	shell.Staff.GET("/staff/events/:id/preview", accounts.ManageEvents, staff.preview)
	shell.Staff.GET("/staff/events/:id/edit", accounts.ManageEvents, staff.editForm)
	shell.Staff.POST("/staff/events/:id/edit", accounts.ManageEvents, staff.edit)
	shell.Staff.GET("/staff/events/:id/copy", accounts.ManageEvents, staff.copyForm)
	shell.Staff.POST("/staff/events/:id/copy", accounts.ManageEvents, staff.copy)
	shell.Staff.GET(venuesPath, accounts.ManageEvents, staff.venues)
	shell.Staff.GET(venuesPath+"/new", accounts.ManageEvents, staff.venueForm)
	shell.Staff.POST(venuesPath+"/new", accounts.ManageEvents, staff.saveVenue)
	shell.Staff.GET(venuesPath+"/:id", accounts.ManageEvents, staff.venueForm)
	shell.Staff.POST(venuesPath+"/:id", accounts.ManageEvents, staff.saveVenue)
	for _, a := range actions() {
		shell.Staff.GET("/staff/events/:id/"+a.path, accounts.ManageEvents, staff.ask(a))
		shell.Staff.POST("/staff/events/:id/"+a.path, accounts.ManageEvents, staff.do(a))
	}
	recordRoutes(shell, service)
}

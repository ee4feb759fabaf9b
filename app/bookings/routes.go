package bookings

import (
	"conversations/app/accounts"
	"conversations/app/sheet"
	"conversations/app/web"
)

// Routes hangs the pages about bookings on the shell. None of the public ones is cached: a form carries a key of its
// own, and a booking is its booker's business.
func Routes(shell *web.Shell, service *Service) {
	h := handlers{shell, service}
	shell.Public.GET("/events/:slug/book", h.bookForm)
	shell.Public.POST("/events/:slug/book", h.book)
	shell.Public.GET("/events/:slug/interest", h.interestForm)
	shell.Public.POST("/events/:slug/interest", h.interest)
	shell.Public.GET("/events/:slug/interest/done", h.interestDone)
	shell.Public.GET("/bookings/done/:token", h.done)
	shell.Public.GET("/bookings/:token", h.manage)
	shell.Public.GET("/bookings/:token/change", h.changeForm)
	shell.Public.POST("/bookings/:token/change", h.change)
	shell.Public.GET("/bookings/:token/cancel", h.cancelForm)
	shell.Public.POST("/bookings/:token/cancel", h.cancel)
	shell.Public.GET("/bookings/:token/qr.png", h.code)

	staff := staffHandlers{shell, service}
	shell.Staff.GET("/staff/bookings", accounts.SeeBookings, staff.list)
	shell.Staff.GET("/staff/bookings.csv", accounts.SeeBookings, staff.export(sheet.FormatCSV), web.Timeout(web.DownloadTimeout))
	shell.Staff.GET("/staff/bookings.xlsx", accounts.SeeBookings, staff.export(sheet.FormatXLSX), web.Timeout(web.DownloadTimeout))
	shell.Staff.GET("/staff/bookings/register", accounts.SeeBookings, staff.register)
	shell.Staff.GET("/staff/bookings/new", accounts.ManageBookings, staff.bookForm)
	shell.Staff.POST("/staff/bookings/new", accounts.ManageBookings, staff.book)
	shell.Staff.GET("/staff/bookings/:id", accounts.SeeBookings, staff.booking)
	shell.Staff.GET("/staff/bookings/:id/change", accounts.ManageBookings, staff.changeForm)
	shell.Staff.POST("/staff/bookings/:id/change", accounts.ManageBookings, staff.change)
	shell.Staff.GET("/staff/bookings/:id/cancel", accounts.ManageBookings, staff.cancelForm)
	shell.Staff.POST("/staff/bookings/:id/cancel", accounts.ManageBookings, staff.cancel)
	shell.Staff.POST("/staff/bookings/:id/places", accounts.ManageBookings, staff.givePlaces)
	shell.Staff.GET("/staff/bookings/:id/move", accounts.ManageBookings, staff.moveForm)
	shell.Staff.POST("/staff/bookings/:id/move", accounts.ManageBookings, staff.move)
	shell.Staff.GET("/staff/bookings/:id/restore", accounts.ManageBookings, staff.restoreForm)
	shell.Staff.POST("/staff/bookings/:id/restore", accounts.ManageBookings, staff.restore)
	shell.Staff.POST("/staff/bookings/:id/notes", accounts.ManageBookings, staff.addNote)
	shell.Staff.POST("/staff/bookings/:id/mails/:mail/again", accounts.ManageBookings, staff.sendAgain)
	shell.Staff.GET("/staff/calls", accounts.MakeCalls, staff.calls)
	shell.Staff.GET("/staff/calls/:id", accounts.MakeCalls, staff.call)
	shell.Staff.POST("/staff/calls/:id", accounts.MakeCalls, staff.recordCall)
	shell.Staff.POST("/staff/calls/next", accounts.MakeCalls, staff.nextCall)
	shell.Staff.POST("/staff/calls/:id/take", accounts.MakeCalls, staff.takeCall)
	shell.Staff.POST("/staff/calls/:id/release", accounts.MakeCalls, staff.releaseCall)
	shell.Staff.POST("/staff/calls/:id/undo", accounts.MakeCalls, staff.undoCall)
	shell.Staff.GET("/staff/calls.csv", accounts.MakeCalls, staff.exportCalls(sheet.FormatCSV), web.Timeout(web.DownloadTimeout))
	shell.Staff.GET("/staff/calls.xlsx", accounts.MakeCalls, staff.exportCalls(sheet.FormatXLSX), web.Timeout(web.DownloadTimeout))
	shell.Staff.GET("/staff/access", accounts.SeeBookings, staff.access)
	shell.Staff.GET("/staff/access.csv", accounts.SeeBookings, staff.exportAccess(sheet.FormatCSV), web.Timeout(web.DownloadTimeout))
	shell.Staff.GET("/staff/access.xlsx", accounts.SeeBookings, staff.exportAccess(sheet.FormatXLSX), web.Timeout(web.DownloadTimeout))
	shell.Staff.GET("/staff/access/venue", accounts.SeeBookings, staff.venueSheet)
	shell.Staff.GET("/staff/access/:id", accounts.SeeBookings, staff.task)
	shell.Staff.POST("/staff/access/:id/state", accounts.ManageBookings, staff.setTask)
	shell.Staff.POST("/staff/access/:id/owner", accounts.ManageBookings, staff.assignTask)
	shell.Staff.POST("/staff/access/:id/called-off", accounts.ManageBookings, staff.taskCalledOff)
	shell.Staff.POST("/staff/access/:id/undo", accounts.ManageBookings, staff.undoTask)

	shell.Staff.GET("/staff/door/:slug", accounts.SeeDoor, staff.door)
	shell.Staff.POST("/staff/door/:slug/marks", accounts.SeeDoor, staff.atDoor(staff.mark))
	shell.Staff.POST("/staff/door/:slug/undo", accounts.SeeDoor, staff.atDoor(staff.undo))
	shell.Staff.POST("/staff/door/:slug/walk-ins", accounts.SeeDoor, staff.atDoor(staff.walkIn))
	shell.Staff.POST("/staff/door/:slug/headcount", accounts.SeeDoor, staff.atDoor(staff.headcount))
	shell.Staff.GET("/staff/door/b/:token", accounts.SeeDoor, staff.doorBooking)
	shell.Staff.POST("/staff/door/b/:token", accounts.SeeDoor, staff.markBooking)
}

package bookings

import (
	"conversations/app/accounts"
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

	staff := staffHandlers{shell, service}
	shell.Staff.GET("/staff/bookings", accounts.SeeBookings, staff.list)
	shell.Staff.GET("/staff/bookings/new", accounts.ManageBookings, staff.bookForm)
	shell.Staff.POST("/staff/bookings/new", accounts.ManageBookings, staff.book)
	shell.Staff.GET("/staff/bookings/:id", accounts.SeeBookings, staff.booking)
	shell.Staff.GET("/staff/bookings/:id/change", accounts.ManageBookings, staff.changeForm)
	shell.Staff.POST("/staff/bookings/:id/change", accounts.ManageBookings, staff.change)
	shell.Staff.GET("/staff/bookings/:id/cancel", accounts.ManageBookings, staff.cancelForm)
	shell.Staff.POST("/staff/bookings/:id/cancel", accounts.ManageBookings, staff.cancel)
	shell.Staff.POST("/staff/bookings/:id/places", accounts.ManageBookings, staff.givePlaces)
	shell.Staff.GET("/staff/calls", accounts.MakeCalls, staff.calls)
	shell.Staff.GET("/staff/calls/:id", accounts.MakeCalls, staff.call)
	shell.Staff.POST("/staff/calls/:id", accounts.MakeCalls, staff.recordCall)
}

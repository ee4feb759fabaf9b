package bookings

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"conversations/app/fault"
	"conversations/app/web"
	pages "conversations/templates/bookings"
	"conversations/templates/nhs"
)

// opened finds the booking of a signed link. Whoever holds the link is taken for the booker.
func (h handlers) opened(c echo.Context, token string) (Details, error) {
	secret(c)
	id, err := h.service.links.Open(LinkPurpose, token)
	if err != nil {
		return Details{}, err
	}
	return h.service.Details(c.Request().Context(), ByBooker, id)
}

// manage is the booker's page of a booking, and, with .ics behind the link, its calendar file.
func (h handlers) manage(c echo.Context) error {
	token, wantsCalendar := strings.CutSuffix(c.Param("token"), ".ics")
	d, err := h.opened(c, token)
	if err != nil {
		return err
	}
	if wantsCalendar {
		return h.calendar(c, d.Booking)
	}
	v := h.service.bookerView(d)
	if web.Query(c, "changed") != "" {
		v.Saved = "Your booking is changed"
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Your booking", Body: pages.Manage(v), NoIndex: true, Current: "/events", Locality: d.Event.Locality})
}

func (h handlers) calendar(c echo.Context, b Booking) error {
	file, err := h.service.CalendarFile(c.Request().Context(), ByBooker, b.ID)
	if err != nil {
		return err
	}
	if file == "" {
		return fault.New(fault.NotFound, "There is nothing to put into a calendar: this booking has no place, or the event has no date.")
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="booking-`+b.Spoken()+`.ics"`)
	return h.shell.Bytes(c, http.StatusOK, "text/calendar; charset=utf-8", []byte(file))
}

func (h handlers) changeForm(c echo.Context) error {
	d, err := h.opened(c, c.Param("token"))
	if err != nil {
		return err
	}
	if err := mayChange(d.Booking, d.Event, h.service.db.Now()); err != nil {
		return err
	}
	return h.showChange(c, d, formOf(d), nil)
}

// change takes names, number and needs. How we reach the booker stays as it is: the link came that way.
func (h handlers) change(c echo.Context) error {
	if err := h.shell.LimitPosts(c, "booking"); err != nil {
		return err
	}
	d, err := h.opened(c, c.Param("token"))
	if err != nil {
		return err
	}
	f, err := readForm(c, mostOf(d))
	if err != nil {
		return err
	}
	f.Email, f.Phone, f.EmailChecked = d.Booking.Email, d.Booking.Phone, d.Booking.Email
	if f.Trap == "" {
		_, err = h.service.Change(c.Request().Context(), ByBooker, d.Booking.ID, f.request(d.Booking.Channel))
	}
	if messages, refused := web.FieldErrors(err); refused && fault.KindOf(err) == fault.Invalid {
		return h.showChange(c, d, f, messages)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, h.service.managePath(d.Booking)+"?changed=yes")
}

func (h handlers) showChange(c echo.Context, d Details, f form, problems []nhs.FieldError) error {
	v := h.service.formView(d.Event, f, problems)
	v.Heading, v.Action, v.Button = "Change your booking", h.service.managePath(d.Booking)+"/change", "Save the change"
	v.Key, v.EmailChecked, v.Rule, v.NeedsBy = "", "", true, h.service.needsBy(d.Event)
	return h.shell.Render(c, formStatus(problems), web.Page{
		Title: "Change your booking", Body: pages.BookingForm(v), Before: back("Back to your booking", h.service.managePath(d.Booking)),
		Errors: len(problems) > 0, NoIndex: true, Current: "/events", Locality: d.Event.Locality,
	})
}

// cancelForm asks; only its form cancels. Once that is done it says so.
func (h handlers) cancelForm(c echo.Context) error {
	d, err := h.opened(c, c.Param("token"))
	if err != nil {
		return err
	}
	path, v := h.service.managePath(d.Booking), h.service.bookerView(d)
	page := web.Page{Title: "Cancel your booking", Body: pages.CancelAsk(pages.Cancel{Booking: v, Action: path + "/cancel", Back: path}),
		Before: back("Back to your booking", path), NoIndex: true, Current: "/events", Locality: d.Event.Locality}
	switch {
	case d.Booking.Status == Cancelled:
		page.Title, page.Body = "Your booking is cancelled", pages.Cancelled(v)
	case !v.MayCancel:
		return web.Redirect(c, path)
	}
	return h.shell.Render(c, http.StatusOK, page)
}

// cancel gives the places back in one press.
func (h handlers) cancel(c echo.Context) error {
	if err := h.shell.LimitPosts(c, "booking"); err != nil {
		return err
	}
	d, err := h.opened(c, c.Param("token"))
	if err != nil {
		return err
	}
	if d.Booking.Active() && !h.service.bookerView(d).MayCancel {
		return fault.New(fault.Conflict, "This event is over or was cancelled, so there is nothing to cancel.")
	}
	if _, err := h.service.Cancel(c.Request().Context(), ByBooker, d.Booking.ID); err != nil {
		return err
	}
	return web.Redirect(c, h.service.managePath(d.Booking)+"/cancel")
}

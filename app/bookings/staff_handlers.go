package bookings

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/events"
	"conversations/app/fault"
	"conversations/app/web"
	pages "conversations/templates/bookings"
	"conversations/templates/nhs"
)

// staffHandlers are the staff's pages of bookings and calls.
type staffHandlers struct {
	shell   *web.Shell
	service *Service
}

const (
	listPath  = "/staff/bookings"
	callsPath = "/staff/calls"
)

// bookForm is the booking form for a caller.
func (h staffHandlers) bookForm(c echo.Context) error {
	e, err := h.service.events.BySlug(c.Request().Context(), web.Query(c, "event"))
	if err != nil {
		return err
	}
	f := emptyForm(e.MaxParty)
	f.Channel = string(Telephone)
	return h.showBookForm(c, e, f, nil)
}

func (h staffHandlers) book(c echo.Context) error {
	ctx := c.Request().Context()
	e, err := h.service.events.BySlug(ctx, web.Query(c, "event"))
	if err != nil {
		return err
	}
	f, err := readForm(c, e.MaxParty)
	if err != nil {
		return err
	}
	r := f.request(Channel(f.Channel))
	r.Override = f.Override
	out, err := h.service.Book(ctx, e.ID, r)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showBookForm(c, e, f, atOverride(messages))
	}
	if err != nil {
		return err
	}
	told := "new"
	if out.Again {
		told = "again"
	}
	return web.Redirect(c, bookingPath(out.Booking.ID)+"?booked="+told)
}

func (h staffHandlers) showBookForm(c echo.Context, e events.Event, f form, problems []nhs.FieldError) error {
	all, err := h.service.Places(c.Request().Context(), []int64{e.ID})
	if err != nil {
		return err
	}
	v := h.service.formView(e, f, problems)
	v.Heading, v.Action, v.Button = "Book for a caller", newPath(e), "Book"
	v.Event.Places = placesLeft(e, all[e.ID])
	v.AsksContact, v.Asked, v.Rule, v.NeedsBy = true, true, true, h.service.needsBy(e)
	v.Staff = &pages.StaffFields{Channels: channelChoices(), Channel: f.Channel, Override: f.Override,
		OverrideLabel: "Give a place although the event is full or booking is closed (this is recorded)"}
	return h.shell.Render(c, formStatus(problems), web.Page{Title: "Book for a caller: " + e.Title, Body: pages.BookingForm(v),
		Before: back("Bookings of this event", ofEventPath(e)), Errors: len(problems) > 0, Current: listPath})
}

// atOverride leads a message about the whole form, such as a full event, to the box that goes above it.
func atOverride(messages []nhs.FieldError) []nhs.FieldError {
	for i := range messages {
		if messages[i].Field == "" {
			messages[i].Field = "override"
		}
	}
	return messages
}

// booking shows one booking with its mails and calls.
func (h staffHandlers) booking(c echo.Context) error {
	d, err := h.details(c)
	if err != nil {
		return err
	}
	return h.showBooking(c, d, pages.Typed{})
}

func (h staffHandlers) details(c echo.Context) (Details, error) {
	id, err := idOf(c)
	if err != nil {
		return Details{}, err
	}
	return h.service.Details(c.Request().Context(), ByStaff, id)
}

func (h staffHandlers) showBooking(c echo.Context, d Details, typed pages.Typed) error {
	v, err := h.service.staffView(c.Request().Context(), d, typed)
	if err != nil {
		return err
	}
	problems := typed.Errors()
	if told := web.Query(c, "booked"); told != "" && len(problems) == 0 {
		v.Say = callerWords(d, told == "again")
	}
	return h.shell.Render(c, formStatus(problems), web.Page{Title: "Booking " + d.Booking.Spoken(), Body: pages.StaffDetails(v),
		Before: back("Bookings of this event", v.ListHref), Errors: len(problems) > 0, Current: listPath, Wide: true})
}

func (h staffHandlers) changeForm(c echo.Context) error {
	d, err := h.details(c)
	if err != nil {
		return err
	}
	if err := mayChange(d.Booking, d.Event, h.service.db.Now()); err != nil {
		return err
	}
	return h.showChange(c, d, formOf(d), nil)
}

func (h staffHandlers) change(c echo.Context) error {
	d, err := h.details(c)
	if err != nil {
		return err
	}
	f, err := readForm(c, mostOf(d))
	if err != nil {
		return err
	}
	if f.Email == d.Booking.Email {
		f.EmailChecked = f.Email // it was questioned when it was new
	}
	r := f.request(d.Booking.Channel)
	r.Override = f.Override
	_, err = h.service.Change(c.Request().Context(), ByStaff, d.Booking.ID, r)
	if messages, refused := web.FieldErrors(err); refused && fault.KindOf(err) == fault.Invalid {
		return h.showChange(c, d, f, messages)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The booking is changed, and the booker is told.")
	return web.Redirect(c, bookingPath(d.Booking.ID))
}

func (h staffHandlers) showChange(c echo.Context, d Details, f form, problems []nhs.FieldError) error {
	path := bookingPath(d.Booking.ID)
	v := h.service.formView(d.Event, f, problems)
	v.Heading, v.Action, v.Button, v.Key, v.AsksContact = "Change booking "+d.Booking.Spoken(), path+"/change", "Save the change", "", true
	v.Staff = &pages.StaffFields{Override: f.Override, OverrideLabel: "Give more places although there is no room or somebody waits (this is recorded)"}
	return h.shell.Render(c, formStatus(problems), web.Page{Title: "Change booking " + d.Booking.Spoken(), Body: pages.BookingForm(v),
		Before: back("Back to the booking", path), Errors: len(problems) > 0, Current: listPath})
}

// cancelForm asks; only its form cancels.
func (h staffHandlers) cancelForm(c echo.Context) error {
	d, err := h.details(c)
	if err != nil {
		return err
	}
	path := bookingPath(d.Booking.ID)
	body := pages.CancelAsk(pages.Cancel{Booking: h.service.bookerView(d), Action: path + "/cancel", Back: path, Staff: true})
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Cancel booking " + d.Booking.Spoken(), Body: body,
		Before: back("Back to the booking", path), Current: listPath})
}

func (h staffHandlers) cancel(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	if _, err := h.service.Cancel(c.Request().Context(), ByStaff, id); err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The booking is cancelled. Its places have gone to the next who fit.")
	return web.Redirect(c, bookingPath(id))
}

// givePlaces promotes a waiting party by hand.
func (h staffHandlers) givePlaces(c echo.Context) error {
	var f struct {
		Reason   string `form:"reason"`
		Override bool   `form:"override"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	id, err := idOf(c)
	if err != nil {
		return err
	}
	err = h.service.GivePlaces(c.Request().Context(), id, f.Reason, f.Override)
	if messages, refused := web.FieldErrors(err); refused {
		d, err := h.details(c)
		if err != nil {
			return err
		}
		return h.showBooking(c, d, pages.Typed{Give: pages.Give{Errors: atOverride(messages), Reason: f.Reason, Override: f.Override}})
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "They have their places, and are told.")
	return web.Redirect(c, bookingPath(id))
}

func bookingPath(id int64) string       { return fmt.Sprintf("%s/%d", listPath, id) }
func ofEventPath(e events.Event) string { return listPath + "?event=" + e.Slug }
func newPath(e events.Event) string     { return listPath + "/new?event=" + e.Slug }

// idOf reads the number of the address.
func idOf(c echo.Context) (int64, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil || id < 1 {
		return 0, fault.New(fault.NotFound, "")
	}
	return id, nil
}

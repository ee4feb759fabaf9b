package bookings

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"conversations/app/events"
	"conversations/app/fault"
	"conversations/app/web"
	pages "conversations/templates/bookings"
	"conversations/templates/nhs"
)

// handlers are the public pages: parse, call the service, render or redirect.
type handlers struct {
	shell   *web.Shell
	service *Service
}

// donePurpose binds the link of the page after a booking.
const donePurpose = "done"

// What the page after a booking says. The code travels in its signed link beside an id.
const (
	doneConfirmed = iota // by e-mail; the event's id
	doneWaiting          // by e-mail; the event's id
	doneTelephone        // the booking's id
	doneAgain            // by telephone, had booked before; the event's id
)

// bookForm shows the booking form, or says why there is none.
func (h handlers) bookForm(c echo.Context) error {
	e, places, err := h.eventOf(c)
	if err != nil {
		return err
	}
	if e.TakesInterest() {
		return web.Redirect(c, interestPath(e))
	}
	if closed, no := h.service.notBookable(e, places); no {
		return h.showNotBookable(c, http.StatusOK, e, closed)
	}
	return h.showBookForm(c, e, places, emptyForm(e.MaxParty), nil)
}

// book takes the form. Whether places can be had is for the service alone to say: by the time the form comes back,
// what stood on its page may be old.
func (h handlers) book(c echo.Context) error {
	if err := h.shell.LimitPosts(c, "booking"); err != nil {
		return err
	}
	e, err := h.service.events.BySlug(c.Request().Context(), c.Param("slug"))
	if err != nil {
		return err
	}
	if e.TakesInterest() {
		return web.Redirect(c, interestPath(e))
	}
	f, err := readForm(c, e.MaxParty)
	if err != nil {
		return err
	}
	if f.Trap != "" {
		return web.Redirect(c, h.service.donePath(e.ID, doneConfirmed))
	}
	out, err := h.service.Book(c.Request().Context(), e.ID, f.request(Online))
	if messages, refused := web.FieldErrors(err); refused {
		return h.refuse(c, f, atParty(messages))
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, h.service.doneAfter(out))
}

// refuse shows the form again, or says that there is nothing to book any more.
func (h handlers) refuse(c echo.Context, f form, problems []nhs.FieldError) error {
	e, places, err := h.eventOf(c)
	if err != nil {
		return err
	}
	if closed, no := h.service.notBookable(e, places); no {
		return h.showNotBookable(c, http.StatusConflict, e, closed)
	}
	return h.showBookForm(c, e, places, f, problems)
}

// eventOf finds the event of the address and how its places stand.
func (h handlers) eventOf(c echo.Context) (e events.Event, p events.Places, err error) {
	ctx := c.Request().Context()
	if e, err = h.service.events.BySlug(ctx, c.Param("slug")); err != nil {
		return e, p, err
	}
	all, err := h.service.Places(ctx, []int64{e.ID})
	return e, all[e.ID], err
}

// atParty leads a message about the whole form, such as too few places, to the number of people.
func atParty(messages []nhs.FieldError) []nhs.FieldError {
	for i := range messages {
		if messages[i].Field == "" {
			messages[i].Field = "party_size"
		}
	}
	return messages
}

func (h handlers) showBookForm(c echo.Context, e events.Event, p events.Places, f form, problems []nhs.FieldError) error {
	private(c)
	v := h.service.formView(e, f, problems)
	v.Heading, v.Action, v.Button = "Book a place", bookPath(e), "Book a place"
	if v.Event.Places = placesLeft(e, p); p.Taken >= e.Capacity {
		v.Button = "Join the waiting list"
	}
	v.AsksContact, v.Asked, v.Rule = true, true, true
	v.NeedsBy = h.service.needsBy(e)
	return h.shell.Render(c, formStatus(problems), web.Page{
		Title: "Book a place: " + e.Title, Body: pages.BookingForm(v), Before: back("Back to the event", eventPath(e)),
		Errors: len(problems) > 0, NoIndex: true, Current: "/events", Locality: e.Locality,
	})
}

func (h handlers) showNotBookable(c echo.Context, status int, e events.Event, v pages.Closed) error {
	return h.shell.Render(c, status, web.Page{Title: v.Heading, Body: pages.NotBookable(v), Before: back("Back to the event", eventPath(e)),
		NoIndex: true, Current: "/events", Locality: e.Locality})
}

// private keeps a form with a key of its own out of shared caches; the browser may go back to it.
func private(c echo.Context) {
	c.Response().Header().Set(echo.HeaderCacheControl, "private, no-cache")
}

// secret keeps a booking out of every cache.
func secret(c echo.Context) {
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
}

func formStatus(problems []nhs.FieldError) int {
	if len(problems) > 0 {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// doneAfter is the address of the page that follows a booking. Whoever gave an e-mail address finds out everything
// else in the mail, so that a stranger who types it learns nothing.
func (s *Service) doneAfter(out Outcome) string {
	b := out.Booking
	switch {
	case b.Email != "" && out.Status == Waiting:
		return s.donePath(b.EventID, doneWaiting)
	case b.Email != "":
		return s.donePath(b.EventID, doneConfirmed)
	case out.Again:
		return s.donePath(b.EventID, doneAgain)
	default:
		return s.donePath(b.ID, doneTelephone)
	}
}

func (s *Service) donePath(id int64, code int) string {
	return "/bookings/done/" + s.links.Token(donePurpose, id<<2|int64(code))
}

// done is the page after a booking.
func (h handlers) done(c echo.Context) error {
	value, err := h.service.links.Open(donePurpose, c.Param("token"))
	if err != nil {
		return err
	}
	secret(c)
	ctx, id, code := c.Request().Context(), value>>2, value&3
	var v pages.Done
	var e events.Event
	if code == doneTelephone {
		d, err := h.service.Details(ctx, ByBooker, id)
		if err != nil {
			return err
		}
		e, v.Heading, v.Reference, v.Waiting = d.Event, doneHeading(d.Booking.Status), d.Booking.Spoken(), d.Booking.Status == Waiting
	} else {
		if e, err = h.service.events.ByID(ctx, id); err != nil {
			return err
		}
		v.ByEmail, v.Again, v.Waiting = code != doneAgain, code == doneAgain, code == doneWaiting
		v.Heading = [...]string{doneConfirmed: doneHeading(Confirmed), doneWaiting: doneHeading(Waiting), doneAgain: "Thank you. We will telephone you"}[code]
	}
	if !e.Public() {
		return fault.New(fault.NotFound, "There is no such event.")
	}
	v.Event = h.service.eventView(e)
	return h.shell.Render(c, http.StatusOK, web.Page{Title: v.Heading, Body: pages.BookingDone(v), NoIndex: true, Current: "/events", Locality: e.Locality})
}

func doneHeading(s Status) string {
	switch s {
	case Confirmed:
		return "You have a place"
	case Waiting:
		return "You are on the waiting list"
	default:
		return "This booking is cancelled"
	}
}

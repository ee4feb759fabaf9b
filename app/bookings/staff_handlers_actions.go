package bookings

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"conversations/app/events"
	"conversations/app/fault"
	"conversations/app/web"
	pages "conversations/templates/bookings"
	"conversations/templates/nhs"
)

// moveChoices is how many of the events to come a booking can be moved to; the next ones first.
const moveChoices = 200

// seatForm is the form by which staff place a booking anew.
type seatForm struct {
	Event    string `form:"event"` // slug
	Wait     bool   `form:"wait"`
	Override bool   `form:"override"`
}

func (f seatForm) seat() Placing { return Placing{Wait: f.Wait, Override: f.Override} }

func (h staffHandlers) moveForm(c echo.Context) error { return h.showMove(c, seatForm{}, nil) }

func (h staffHandlers) move(c echo.Context) error {
	var f seatForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	id, err := idOf(c)
	if err != nil {
		return err
	}
	if f.Event == "" {
		return h.showMove(c, f, []nhs.FieldError{{Field: "event", Text: "Choose the event to move them to"}})
	}
	to, err := h.service.events.BySlug(c.Request().Context(), f.Event)
	if err != nil {
		return err
	}
	moved, err := h.service.Move(c.Request().Context(), id, to.ID, f.seat())
	if messages, refused := web.FieldErrors(err); refused && fault.KindOf(err) == fault.Invalid {
		return h.showMove(c, f, messages)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The booking is moved, and the booker is told: "+moved.Status.Words()+".")
	return web.Redirect(c, bookingPath(id))
}

func (h staffHandlers) showMove(c echo.Context, f seatForm, problems []nhs.FieldError) error {
	d, err := h.details(c)
	if err != nil {
		return err
	}
	if !d.Booking.Active() {
		return fault.New(fault.Conflict, "This booking was cancelled. Undo that first, then move it")
	}
	choices, err := h.moveTo(c, d)
	if err != nil {
		return err
	}
	v := h.service.seatView(d, f, problems)
	v.Heading, v.Action, v.Button = "Move to another event", bookingPath(d.Booking.ID)+"/move", "Move the booking"
	v.Lines = []string{"Now: " + d.Event.Title + ", " + d.Event.When() + ". " + d.Booking.Status.Words() + ".",
		"They are told by email, or a call is noted. Their places here go to the next who fit. What was arranged for them is asked for again."}
	v.Events, v.Event = choices, f.Event
	return h.showSeat(c, v)
}

func (h staffHandlers) moveTo(c echo.Context, d Details) (choices []pages.Choice, err error) {
	list, err := h.service.events.List(c.Request().Context(), events.Filter{Limit: moveChoices})
	list = slices.DeleteFunc(list, func(e events.Event) bool {
		return e.ID == d.Event.ID || !e.Dated() || e.Status != events.Open && e.Status != events.Closed
	})
	choices = []pages.Choice{{Value: "", Label: "Choose an event"}}
	for _, e := range list {
		choices = append(choices, pages.Choice{Value: e.Slug, Label: e.Title + ", " + e.When()})
	}
	return choices, err
}

func (h staffHandlers) restoreForm(c echo.Context) error { return h.showRestore(c, seatForm{}, nil) }

func (h staffHandlers) restore(c echo.Context) error {
	var f seatForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	id, err := idOf(c)
	if err != nil {
		return err
	}
	restored, err := h.service.Restore(c.Request().Context(), id, f.seat())
	if messages, refused := web.FieldErrors(err); refused && fault.KindOf(err) == fault.Invalid {
		return h.showRestore(c, f, messages)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The booking stands again, and the booker is told: "+restored.Status.Words()+".")
	return web.Redirect(c, bookingPath(id))
}

func (h staffHandlers) showRestore(c echo.Context, f seatForm, problems []nhs.FieldError) error {
	d, err := h.details(c)
	if err != nil {
		return err
	}
	for i := range problems {
		if problems[i].Field == "event" { // there is no event to choose
			problems[i].Field = "override"
		}
	}
	v := h.service.seatView(d, f, problems)
	v.Heading, v.Action, v.Button = "Undo the cancellation", bookingPath(d.Booking.ID)+"/restore", "Let the booking stand again"
	v.Lines = []string{d.Event.Title + ", " + d.Event.When() + ", for " + countPeople(d.Booking.People) + ".",
		"Others may have their places by now. They get places if there is room and nobody waits who would fit. They are told by email, or a call is noted."}
	return h.showSeat(c, v)
}

func (s *Service) seatView(d Details, f seatForm, problems []nhs.FieldError) pages.Seat {
	return pages.Seat{Caption: "Booking " + d.Booking.Spoken() + ", " + d.Booking.Name, BackHref: bookingPath(d.Booking.ID), Wait: f.Wait, Override: f.Override, Errors: problems}
}

func (h staffHandlers) showSeat(c echo.Context, v pages.Seat) error {
	return h.shell.Render(c, formStatus(v.Errors), web.Page{Title: v.Heading, Body: pages.SeatForm(v), Before: back("Back to the booking", v.BackHref),
		Errors: len(v.Errors) > 0, Current: listPath})
}

func (h staffHandlers) addNote(c echo.Context) error {
	var f struct {
		Note string `form:"note,lines"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	id, err := idOf(c)
	if err != nil {
		return err
	}
	err = h.service.AddNote(c.Request().Context(), id, f.Note)
	if messages, refused := web.FieldErrors(err); refused {
		d, err := h.details(c)
		if err != nil {
			return err
		}
		return h.showBooking(c, d, pages.Typed{Note: pages.NoteForm{Text: f.Note, Errors: messages}})
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The note is added.")
	return web.Redirect(c, bookingPath(id))
}

func (h staffHandlers) sendAgain(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	mailID, err := strconv.ParseInt(c.Param("mail"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "")
	}
	if err := h.service.SendAgain(c.Request().Context(), id, mailID); err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The email is sent again.")
	return web.Redirect(c, bookingPath(id))
}

// register is the list of people to print for the door.
func (h staffHandlers) register(c echo.Context) error {
	r, err := h.service.Register(c.Request().Context(), web.Query(c, "event"))
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Register: " + r.Event.Title, Body: pages.RegisterSheet(registerView(r)),
		Before: back("Bookings of this event", ofEventPath(r.Event)), Current: listPath, Wide: true})
}

func registerView(r Register) pages.Register {
	v := pages.Register{Title: r.Event.Title, When: r.Event.When(), Where: r.Event.Where(), People: len(r.People), Spare: spareLines}
	for _, l := range r.People {
		line := pages.RegisterLine{Surname: l.Surname, Forename: l.Forename, Marks: l.Marks, Reference: l.Reference}
		switch {
		case l.With != "":
			line.Party = "with " + l.With
		case l.People > 1 && !strings.HasPrefix(l.Forename, guestOf):
			line.Party = countPeople(l.People)
		}
		v.Lines = append(v.Lines, line)
	}
	for i, b := range r.Waiting {
		v.Waiting = append(v.Waiting, pages.WaitingLine{Number: i + 1, Name: b.Name, People: countPeople(b.People), Reference: b.Spoken()})
	}
	for _, n := range Needs() {
		v.Key = append(v.Key, [2]string{NeedMark(n.Code), n.Label})
	}
	return v
}

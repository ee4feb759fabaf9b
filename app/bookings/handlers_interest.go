package bookings

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"conversations/app/events"
	"conversations/app/web"
	pages "conversations/templates/bookings"
	"conversations/templates/nhs"
)

// interestFields are what somebody types who wants to hear of an event.
type interestFields struct {
	Name         string `form:"name"`
	Email        string `form:"email"`
	Phone        string `form:"phone"`
	EmailChecked string `form:"email_checked"`
	Trap         string `form:"leave_empty"`
}

// interestForm shows the form, or leads to where places can be booked.
func (h handlers) interestForm(c echo.Context) error {
	e, places, err := h.eventOf(c)
	if err != nil {
		return err
	}
	if takesInterest(e, roomOf(e, places)) {
		return h.showInterest(c, e, interestFields{}, nil)
	}
	return h.noInterest(c, http.StatusOK, e, places)
}

// noInterest leads to the booking form, or says why there is none.
func (h handlers) noInterest(c echo.Context, status int, e events.Event, places events.Places) error {
	if closed, no := h.service.notBookable(e, places); no {
		return h.showNotBookable(c, status, e, closed)
	}
	return web.Redirect(c, bookPath(e))
}

func (h handlers) interest(c echo.Context) error {
	if err := h.shell.LimitPosts(c, "booking"); err != nil {
		return err
	}
	e, places, err := h.eventOf(c)
	if err != nil {
		return err
	}
	var f interestFields
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	if !takesInterest(e, roomOf(e, places)) {
		return h.noInterest(c, http.StatusConflict, e, places)
	}
	if f.Trap == "" {
		r := InterestRequest{Name: f.Name, Email: f.Email, Phone: f.Phone, EmailChecked: f.EmailChecked, Channel: Online}
		err = h.service.LeaveInterest(c.Request().Context(), e.ID, r)
	}
	if messages, refused := web.FieldErrors(err); refused {
		return h.showInterest(c, e, f, messages)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, interestPath(e)+"/done")
}

func (h handlers) showInterest(c echo.Context, e events.Event, f interestFields, problems []nhs.FieldError) error {
	private(c)
	v := pages.Interest{Event: h.service.eventView(e), Action: interestPath(e), Errors: problems, Name: f.Name, Email: f.Email, Phone: f.Phone,
		EmailChecked: checkedNext(f.Email, f.EmailChecked, problems), Full: e.Status == events.Open}
	return h.shell.Render(c, formStatus(problems), web.Page{
		Title: "Tell me when I can book: " + e.Title, Body: pages.InterestForm(v), Before: back("Back to the event", eventPath(e)),
		Errors: len(problems) > 0, NoIndex: true, Current: "/events", Locality: e.Locality,
	})
}

// interestDone says the same to everybody, known or not.
func (h handlers) interestDone(c echo.Context) error {
	e, _, err := h.eventOf(c)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "We will tell you", Body: pages.InterestDone(h.service.eventView(e)),
		NoIndex: true, Current: "/events", Locality: e.Locality})
}

func roomOf(e events.Event, p events.Places) room {
	return room{capacity: e.Capacity, taken: p.Taken, waiting: p.Waiting}
}

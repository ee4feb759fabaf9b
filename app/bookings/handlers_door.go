package bookings

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"conversations/app/events"
	"conversations/app/fault"
	"conversations/app/web"
	pages "conversations/templates/bookings"
	"conversations/templates/nhs"
)

const doorHome = "/staff/door"

func doorPath(e events.Event) string { return doorHome + "/" + e.Slug }

// doorForm is every field that the forms at the door have.
type doorForm struct {
	Press     string `form:"press"`
	Device    string `form:"device"`
	Mark      string `form:"mark"` // came:12.1, or came:12 for the whole booking
	Rest      string `form:"rest"`
	Undo      string `form:"undo"`
	Name      string `form:"name"`
	People    string `form:"people"`
	Headcount string `form:"headcount"`

	errors []nhs.FieldError
}

func (f doorForm) press() Press { return Press{ID: f.Press, Device: f.Device} }

// door shows who is expected and who came.
func (h staffHandlers) door(c echo.Context) error {
	e, err := h.service.events.BySlug(c.Request().Context(), c.Param("slug"))
	if err != nil {
		return err
	}
	return h.showDoor(c, e, doorForm{People: "1"})
}

func (h staffHandlers) showDoor(c echo.Context, e events.Event, f doorForm) error {
	secret(c)
	list, err := h.service.Door(c.Request().Context(), e)
	if err != nil {
		return err
	}
	v := h.service.doorView(c.Request().Context(), list, web.Query(c, "q"), f)
	return h.shell.Render(c, formStatus(f.errors), web.Page{Title: "Who came: " + e.Title, Body: pages.DoorPage(v), Head: pages.DoorScript(),
		Before: back("Back to today", "/staff"), Errors: len(f.errors) > 0, Current: listPath, Wide: true})
}

// atDoor is what every form at the door has in common: read it, do it, say what was done, and show the door again.
func (h staffHandlers) atDoor(do func(c echo.Context, e events.Event, f doorForm) (said string, err error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		e, err := h.service.events.BySlug(c.Request().Context(), c.Param("slug"))
		if err != nil {
			return err
		}
		var f doorForm
		if err := web.Bind(c, &f); err != nil {
			return err
		}
		said, err := do(c, e, f)
		return h.afterPress(c, e, f, said, err)
	}
}

// afterPress leads back to the door. What could not be done because of what others did is said there.
func (h staffHandlers) afterPress(c echo.Context, e events.Event, f doorForm, said string, err error) error {
	if messages, refused := web.FieldErrors(err); refused && fault.KindOf(err) == fault.Invalid {
		f.errors = messages
		return h.showDoor(c, e, f)
	}
	kind := web.Success
	if fault.KindOf(err) == fault.Conflict {
		if messages, refused := web.FieldErrors(err); refused {
			said, kind, err = messages[0].Text, web.Notice, nil
		}
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, kind, said)
	return web.Redirect(c, doorPath(e))
}

// mark notes one person, a whole booking, or everybody who is not marked yet.
func (h staffHandlers) mark(c echo.Context, e events.Event, f doorForm) (string, error) {
	ctx := c.Request().Context()
	if f.Rest != "" {
		n, err := h.service.MarkRest(ctx, e.ID, f.press(), markKind(f.Rest))
		return markedWords(n, markKind(f.Rest)), err
	}
	kind, seats, err := h.service.readMark(ctx, e, f.Mark)
	if err != nil {
		return "", err
	}
	n, err := h.service.MarkPeople(ctx, e.ID, f.press(), kind, seats)
	return markedWords(n, kind), err
}

func markKind(text string) MarkKind {
	if text == string(NotCame) {
		return NotCame
	}
	return Came
}

func markedWords(n int, kind MarkKind) string {
	switch {
	case n == 0:
		return "Nothing changed: it was noted already."
	case kind == NotCame:
		return countPeople(n) + " marked: did not come."
	default:
		return countPeople(n) + " marked: came."
	}
}

func (h staffHandlers) undo(c echo.Context, e events.Event, f doorForm) (string, error) {
	undone, kept, err := h.service.Undo(c.Request().Context(), e.ID, f.press(), f.Undo)
	said := "Undone."
	if undone > 1 {
		said = fmt.Sprintf("Undone: %d entries.", undone)
	}
	if kept > 0 {
		said += " " + countPeople(kept) + " marked again since stay as they are."
	}
	return said, err
}

func (h staffHandlers) walkIn(c echo.Context, e events.Event, f doorForm) (string, error) {
	people, _ := strconv.Atoi(f.People)
	err := h.service.AddWalkIn(c.Request().Context(), e.ID, f.press(), f.Name, people)
	return countPeople(people) + " added who had no booking.", err
}

func (h staffHandlers) headcount(c echo.Context, e events.Event, f doorForm) (string, error) {
	people, err := strconv.Atoi(f.Headcount)
	if err != nil {
		people = -1
	}
	err = h.service.Count(c.Request().Context(), e.ID, f.press(), people)
	return "The headcount is saved: " + countPeople(people) + ".", err
}

// doorBooking shows the booking that a code at the door opens. Opening it marks nobody.
func (h staffHandlers) doorBooking(c echo.Context) error {
	secret(c)
	b, e, err := h.service.DoorBooking(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	list, err := h.service.Door(c.Request().Context(), e)
	if err != nil {
		return err
	}
	v := h.service.doorBookingView(list, b, c.Param("token"))
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "At the door: " + b.Spoken(), Body: pages.DoorBookingPage(v), Current: listPath})
}

func (h staffHandlers) markBooking(c echo.Context) error {
	ctx := c.Request().Context()
	b, e, err := h.service.DoorBooking(ctx, c.Param("token"))
	if err != nil {
		return err
	}
	var f doorForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	kind, seats, err := h.service.readMark(ctx, e, f.Mark)
	if err != nil {
		return err
	}
	if len(seats) == 0 || seats[0].BookingID != b.ID {
		return fault.New(fault.Conflict, "That button belongs to another booking.")
	}
	n, err := h.service.MarkPeople(ctx, e.ID, f.press(), kind, seats)
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, markedWords(n, kind))
	return web.Redirect(c, doorHome+"/b/"+c.Param("token"))
}

// parseMark reads came:12.1, one person, or came:12, a whole booking with the position 0.
func parseMark(text string) (kind MarkKind, seat Seat, err error) {
	word, place, _ := strings.Cut(text, ":")
	booking, position, one := strings.Cut(place, ".")
	seat.BookingID, err = strconv.ParseInt(booking, 10, 64)
	if err == nil && one {
		seat.Position, err = strconv.Atoi(position)
	}
	if err != nil || word != string(Came) && word != string(NotCame) {
		return "", Seat{}, fault.New(fault.Invalid, "We could not read what you pressed. Open the page again.")
	}
	return MarkKind(word), seat, nil
}

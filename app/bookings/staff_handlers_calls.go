package bookings

import (
	"context"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/fault"
	"conversations/app/web"
	pages "conversations/templates/bookings"
	"conversations/templates/nhs"
)

// calls lists the people to telephone or, at ?state=done, those who were.
func (h staffHandlers) calls(c echo.Context) error {
	ctx, state := c.Request().Context(), "due"
	if web.Query(c, "state") == "done" {
		state = "done"
	}
	list, err := h.service.Calls(ctx, state)
	if err != nil {
		return err
	}
	v := pages.Calls{Done: state == "done"}
	if v.Rows, err = h.service.callRows(ctx, list); err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "People to telephone", Body: pages.CallList(v), Current: callsPath, Wide: true})
}

// callFields are what staff note of a call.
type callFields struct {
	Result string `form:"result"`
	Note   string `form:"note,lines"`
}

func (h staffHandlers) call(c echo.Context) error { return h.showCall(c, callFields{}, nil) }

func (h staffHandlers) showCall(c echo.Context, f callFields, problems []nhs.FieldError) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	call, err := h.service.Call(ctx, id)
	if err != nil {
		return err
	}
	rows, err := h.service.callRows(ctx, []Call{call})
	if err != nil {
		return err
	}
	v := pages.Call{CallRow: rows[0], Say: call.Say, Done: call.State == "done", Note: call.Note, Errors: problems, NewResult: f.Result}
	if len(problems) > 0 {
		v.Note = f.Note
	}
	if call.BookingID != nil {
		v.BookingHref = bookingPath(*call.BookingID)
	}
	for _, r := range CallResults() {
		v.Results = append(v.Results, pages.Choice{Value: r.Code, Label: r.Label})
	}
	return h.shell.Render(c, formStatus(problems), web.Page{Title: "Telephone " + call.Name, Body: pages.OneCall(v),
		Before: back("People to telephone", callsPath), Errors: len(problems) > 0, Current: callsPath})
}

func (h staffHandlers) recordCall(c echo.Context) error {
	var f callFields
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	id, err := idOf(c)
	if err != nil {
		return err
	}
	err = h.service.CallDone(c.Request().Context(), id, f.Result, f.Note)
	if messages, refused := web.FieldErrors(err); refused && fault.KindOf(err) == fault.Invalid {
		return h.showCall(c, f, messages)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The call is recorded.")
	return web.Redirect(c, callsPath)
}

// callsOf lists the calls about one booking, newest first.
func (s *Service) callsOf(ctx context.Context, bookingID int64) (list []Call, err error) {
	if err := accounts.Require(ctx, accounts.SeeBookings); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx).Raw(`SELECT * FROM calls WHERE booking_id = ? ORDER BY id DESC`, bookingID).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("list the calls of booking %d: %w", bookingID, err)
	}
	return list, nil
}

// callRows are calls with the titles of their events.
func (s *Service) callRows(ctx context.Context, list []Call) ([]pages.CallRow, error) {
	titles := map[int64]string{}
	rows := make([]pages.CallRow, len(list))
	for i, call := range list {
		if _, known := titles[call.EventID]; !known {
			e, err := s.events.ByID(ctx, call.EventID)
			if err != nil {
				return nil, err
			}
			titles[call.EventID] = e.Title + ", " + e.When()
		}
		rows[i] = pages.CallRow{ID: call.ID, Name: call.Name, Phone: call.Phone, Event: titles[call.EventID], Why: callReason(call.Kind),
			Since: s.moment(call.CreatedAt), Result: resultWords(call.Result)}
	}
	return rows, nil
}

// callReason says in a few words why somebody is to be telephoned.
func callReason(kind string) string {
	switch noticeKind(kind) {
	case "mail-failed":
		return "Our email did not arrive"
	case "offer":
		return "A place has come free: can they still come?"
	case Booked:
		return "They have a place"
	case WaitListed:
		return "They are on the waiting list"
	case Again:
		return "They booked a second time"
	case Promoted:
		return "A place came free for them"
	case Changed:
		return "Their booking has changed"
	case BookingCancelled:
		return "Their booking is cancelled"
	case EventMoved:
		return "The event has a new time or place"
	case EventPostponed:
		return "The event is postponed"
	case EventDated:
		return "The event has a date"
	case EventCancelled:
		return "The event is cancelled"
	case PlacesFree:
		return "There are places again"
	default:
		return "Something to tell them"
	}
}

func resultWords(code string) string {
	for _, r := range CallResults() {
		if r.Code == code {
			return r.Label
		}
	}
	if code == "not-needed" {
		return "No longer needed"
	}
	return code
}

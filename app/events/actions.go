package events

import (
	"context"
	"strconv"
	"strings"
	"time"

	"conversations/app/fault"
)

// Publish makes a draft public: open for booking where it has a date, else announced.
func (s *Service) Publish(ctx context.Context, id int64) (Event, error) {
	return s.change(ctx, id, "event.publish", func(e *Event) error {
		if err := e.mustBe(Draft); err != nil {
			return err
		}
		now := s.db.Now()
		e.PublishedAt = &now
		if !e.Dated() {
			return e.become(Announced)
		}
		if err := e.readyToOpen(); err != nil {
			return err
		}
		return e.become(Open)
	}, Published)
}

// Close ends booking.
func (s *Service) Close(ctx context.Context, id int64) (Event, error) {
	return s.change(ctx, id, "event.close", func(e *Event) error { return e.become(Closed) }, ChangeClosed)
}

// Open takes bookings again for an event that was closed.
func (s *Service) Open(ctx context.Context, id int64) (Event, error) {
	return s.change(ctx, id, "event.open", func(e *Event) error {
		if err := e.mustBe(Closed); err != nil {
			return err
		}
		return e.become(Open)
	}, Reopened)
}

// SetDate gives an announced or postponed event its date and place and opens it. Of the form only when, where
// and the number of places are used.
func (s *Service) SetDate(ctx context.Context, id int64, f Form) (Event, error) {
	return s.change(ctx, id, "event.set-date", func(e *Event) error {
		if err := e.mustBe(Announced, Postponed); err != nil {
			return err
		}
		after, err := s.timeAndPlace(*e, f)
		if err != nil {
			return err
		}
		if err := after.readyToOpen(); err != nil {
			return err
		}
		*e = after
		e.StatusNote = ""
		return e.become(Open)
	}, Dated)
}

// Move changes when or where a public event is. Of the form only when and where are used. Moved is told only
// where something about them did change.
func (s *Service) Move(ctx context.Context, id int64, f Form) (Event, error) {
	return s.change(ctx, id, "event.move", func(e *Event) error {
		if err := e.mustBe(Open, Closed); err != nil {
			return err
		}
		f.Capacity, f.MaxParty = strconv.Itoa(e.Capacity), strconv.Itoa(e.MaxParty)
		after, err := s.timeAndPlace(*e, f)
		if err != nil {
			return err
		}
		if err := after.readyToOpen(); err != nil {
			return err
		}
		after.rememberDate(*e)
		*e = after
		return nil
	}, "")
}

// timeAndPlace takes when and where from the form, and the rest from the event as it is. A closing time of booking
// that no longer fits the date is dropped, so that booking closes when the event starts.
func (s *Service) timeAndPlace(e Event, typed Form) (Event, error) {
	f := FormOf(e)
	f.Schedule, f.Venue = typed.Schedule, typed.Venue
	if typed.Capacity != "" {
		f.Capacity, f.MaxParty = typed.Capacity, typed.MaxParty
	}
	f.setOpens(dateText{}, "")
	f.setCloses(dateText{}, "")
	f.setNeedsBy(dateText{})
	after, err := f.apply(e, s.cfg)
	if err != nil {
		return e, err
	}
	if day, _ := splitLocal(after.StartsLocal); e.NeedsBy < day {
		after.NeedsBy = e.NeedsBy
	}
	after.BookingOpensAt = notAfter(e.BookingOpensAt, after.StartsAt)
	after.BookingClosesAt = notAfter(e.BookingClosesAt, after.StartsAt)
	return after, nil
}

func notAfter(t, limit *time.Time) *time.Time {
	if t == nil || limit == nil || t.After(*limit) {
		return nil
	}
	return t
}

// Postpone takes the date away; bookings keep their places for the date to come. note says why, in words for the
// public; it may be empty.
func (s *Service) Postpone(ctx context.Context, id int64, note string) (Event, error) {
	return s.change(ctx, id, "event.postpone", func(e *Event) error {
		if err := e.become(Postponed); err != nil {
			return err
		}
		e.LastStartsAt, e.LastEndsAt = e.StartsAt, e.EndsAt
		e.StartsLocal, e.EndsLocal, e.StartsSecond, e.EndsSecond = "", "", false, false
		e.StartsAt, e.EndsAt, e.NeedsBy = nil, nil, ""
		e.BookingOpensAt, e.BookingClosesAt = nil, nil
		return e.explain(note)
	}, ChangePostponed)
}

// Cancel calls the event off for good. note says why, in words for the public, and must be given.
func (s *Service) Cancel(ctx context.Context, id int64, note string) (Event, error) {
	return s.change(ctx, id, "event.cancel", func(e *Event) error {
		if err := e.become(Cancelled); err != nil {
			return err
		}
		if strings.TrimSpace(note) == "" {
			fields := fault.Fields{}
			fields.Add("status_note", "Say why the event is cancelled. Everybody who booked will read it")
			return fields.Err()
		}
		return e.explain(note)
	}, ChangeCancelled)
}

func (e *Event) explain(note string) error {
	r := &reading{}
	e.StatusNote = r.text("status_note", note, maxSummaryCharacters, "The reason")
	return r.fields.Err()
}

// Turnout is how many people came, as typed: a number or nothing, and words such as "nearly 100".
type Turnout struct{ People, Note string }

// Hold marks an event that has begun as held, with who came. Once held, who came can be corrected the same way.
func (s *Service) Hold(ctx context.Context, id int64, t Turnout) (Event, error) {
	return s.change(ctx, id, "event.hold", func(e *Event) error {
		if e.Status != Held {
			if err := e.become(Held); err != nil {
				return err
			}
		}
		if e.StartsAt == nil || s.db.Now().Before(*e.StartsAt) {
			return fault.New(fault.Conflict, "This event has not started yet, so it cannot be marked as held.")
		}
		return e.count(t)
	}, ChangeHeld)
}

func (e *Event) count(t Turnout) error {
	r := &reading{}
	e.Attendance = nil
	if strings.TrimSpace(t.People) != "" {
		n, err := strconv.Atoi(strings.TrimSpace(t.People))
		if err != nil || n < 0 || n > maxCapacityPeople {
			r.fields.Add("attendance", "How many people came must be a whole number, such as 50")
		}
		e.Attendance = &n
	}
	e.AttendanceNote = r.line("attendance_note", t.Note, maxLineCharacters, "Words about how many came")
	return r.fields.Err()
}

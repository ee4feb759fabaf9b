package bookings

import (
	"context"
	"fmt"
	"time"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/events"

	"gorm.io/gorm"
)

const (
	// thanksHold is how long the list at the door must have been left alone: what has left the house cannot be undone.
	thanksHold = time.Hour
	// thanksUntil is how long after its end an event is still spoken of: later a thank-you is odd.
	thanksUntil = 14 * 24 * time.Hour
	// afterward is the kind of what is said after an event; each booking hears one thing or the other, once.
	afterward = "after"
)

// AfterLink is a link in the thank-you, such as to a survey. The zero AfterLink is none.
type AfterLink struct{ Text, URL string }

// OnThanks fills in what the thank-you asks people to do next. f is called in the transaction that queues the mail.
func (s *Service) OnThanks(f func(ctx context.Context, tx *database.Tx, e events.Event, b Booking) (AfterLink, error)) {
	s.afterLink = f
}

// remindAfter thanks who came and writes kindly to who did not, once an event is held and who came is marked.
func (s *Service) remindAfter(ctx context.Context) error {
	now := s.db.Now()
	var held []events.Event
	err := s.db.Read(ctx).Where(`status = 'held' AND coalesce(ends_at, starts_at) <= ? AND coalesce(ends_at, starts_at) > ?`,
		now.Add(-s.cfg.Bookings.ThanksAfter), now.Add(-thanksUntil)).Order("id").Find(&held).Error
	if err != nil {
		return fmt.Errorf("find events that were held: %w", err)
	}
	for _, e := range held {
		if err := s.thankAll(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) thankAll(ctx context.Context, e events.Event) error {
	for last, more := int64(0), true; more && ctx.Err() == nil; {
		due, err := s.dueAfter(s.db.Read(ctx), e, last)
		if err != nil || len(due) == 0 {
			return err
		}
		err = s.db.Write(ctx, func(tx *database.Tx) error {
			locked, err := events.LockForBooking(tx, e.ID)
			if err != nil || !locked.Dated() {
				return err
			}
			return s.thankChunk(ctx, tx, locked, last)
		})
		if err != nil {
			return err
		}
		last, more = due[len(due)-1].ID, len(due) == reminderChunk
	}
	return ctx.Err()
}

// thankChunk writes to the bookings after the id last. Nothing is sent while somebody is still marking people, nor to
// a booking of which nobody is marked as come and somebody is not marked at all: we do not know whether they came.
func (s *Service) thankChunk(ctx context.Context, tx *database.Tx, e events.Event, last int64) error {
	all, err := attendanceEvents(tx.DB, e.ID)
	if err != nil {
		return err
	}
	now := attendanceOf(all)
	if !now.settled(tx.Now()) {
		return nil
	}
	due, err := s.dueAfter(tx.DB, e, last)
	if err != nil {
		return err
	}
	told := map[noticeKind]int{}
	for _, b := range due {
		kind := now.verdict(b)
		if kind == "" {
			continue
		}
		if err := s.tellAfter(ctx, tx, e, b, kind); err != nil {
			return err
		}
		told[kind]++
	}
	if len(told) == 0 {
		return nil
	}
	return audit.Record(ctx, tx, "event.thanked", "events", e.ID, audit.Details{"came": told[ThankYou], "not_came": told[Missed]})
}

// verdict is what a booking is to hear after the event: "" is nothing. A party came if any of it came.
func (a Attendance) verdict(b Booking) noticeKind {
	absent := 0
	for position := 1; position <= b.People; position++ {
		switch a.marks[Seat{b.ID, position}].Kind {
		case Came:
			return ThankYou
		case NotCame:
			absent++
		}
	}
	if absent == b.People && b.Status == Confirmed {
		return Missed
	}
	return ""
}

// settled says whether somebody was marked as come, and nothing was marked for a while.
func (a Attendance) settled(now time.Time) bool {
	return a.came() > 0 && !now.Before(a.lastReceived.Add(thanksHold))
}

func (s *Service) tellAfter(ctx context.Context, tx *database.Tx, e events.Event, b Booking, kind noticeKind) error {
	if mine, err := claimReminder(tx, e, b, afterward); err != nil || !mine {
		return err
	}
	l := s.missedLetter(e, b)
	if kind == ThankYou {
		next, err := s.afterLink(ctx, tx, e, b)
		if err != nil {
			return fmt.Errorf("find what to ask after event %d: %w", e.ID, err)
		}
		l = s.thanksLetter(e, b, next)
	}
	return s.send(ctx, tx, e, party{Booking: b}, notice{kind: kind, key: reminderKey(e, b, afterward)}, l)
}

// dueAfter lists the next bookings of which somebody was marked and who have heard nothing since the event.
func (s *Service) dueAfter(q *gorm.DB, e events.Event, last int64) (due []Booking, err error) {
	err = q.Raw(`SELECT `+bookingColumns+` FROM bookings WHERE event_id = ? AND id > ? AND status <> 'cancelled' AND email <> ''
			AND EXISTS (SELECT 1 FROM attendance_events a WHERE a.booking_id = bookings.id)
			AND NOT EXISTS (SELECT 1 FROM reminders r WHERE r.booking_id = bookings.id AND r.kind = ? AND r.start_unix = ?)
		ORDER BY id LIMIT ?`, e.ID, last, afterward, e.StartsAt.Unix(), reminderChunk).Scan(&due).Error
	if err != nil {
		return nil, fmt.Errorf("find who is to be thanked: %w", err)
	}
	return due, nil
}

package bookings

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/events"
	"conversations/app/jobs"
)

// announcementChunk is how many people are told in one transaction: long enough to be quick, short enough that
// nobody who books waits for it.
const announcementChunk = 100

// announcement is something that everybody with a booking (or who left interest) has to be told: a row of the table
// announcements. It is worked through in chunks; a crash loses nothing and repeats nothing, for each chunk moves
// the row on in the same transaction that queues its mails.
type announcement struct {
	ID           int64
	EventID      int64
	Kind         string
	LastBooking  int64
	LastInterest int64
	UptoBooking  int64
	UptoInterest int64
	CreatedAt    time.Time
	DoneAt       *time.Time
}

// eventChanged listens to events, in the transaction that changes one.
func (s *Service) eventChanged(ctx context.Context, tx *database.Tx, c events.Change) error {
	if err := s.needsFollow(ctx, tx, c); err != nil {
		return err
	}
	switch c.Kind {
	case events.Moved:
		return s.announceAll(tx, c.After.ID, EventMoved)
	case events.ChangePostponed:
		return s.announceAll(tx, c.After.ID, EventPostponed)
	case events.Dated:
		return s.announceAll(tx, c.After.ID, EventDated)
	case events.ChangeCancelled:
		return s.announceAll(tx, c.After.ID, EventCancelled)
	case events.PlacesChanged, events.Reopened:
		return s.promote(ctx, tx, c.After)
	case events.ChangeHeld:
		return s.closeCallsOfEvent(ctx, tx, c.After.ID)
	default:
		return nil
	}
}

// announceAll notes that everybody is to be told. What was still to be told of an earlier change of the event is dropped
// for those who have not been told it: they hear how things are now. Free places overtake nothing.
func (s *Service) announceAll(tx *database.Tx, eventID int64, kind noticeKind) error {
	now := tx.Now()
	overtaken := string(PlacesFree)
	if kind != PlacesFree {
		overtaken = "%"
	}
	err := tx.Exec(`UPDATE announcements SET done_at = ? WHERE event_id = ? AND kind LIKE ? AND done_at IS NULL`, now, eventID, overtaken).Error
	if err != nil {
		return fmt.Errorf("drop what was to be told before: %w", err)
	}
	err = tx.Exec(`INSERT INTO announcements (event_id, kind, upto_booking, upto_interest, created_at)
		SELECT ?, ?, (SELECT coalesce(max(id), 0) FROM bookings WHERE event_id = ?), (SELECT coalesce(max(id), 0) FROM interests WHERE event_id = ?), ?`,
		eventID, string(kind), eventID, eventID, now).Error
	if err != nil {
		return fmt.Errorf("note what is to be told: %w", err)
	}
	tx.AfterCommit(func() { s.announce() })
	return nil
}

// announcePlaces tells those who left interest in a full event without a waiting list that there are places again.
func (s *Service) announcePlaces(tx *database.Tx, e events.Event, r room) error {
	if e.WaitingList || r.free() <= 0 || !e.BookingOpen(tx.Now()) {
		return nil
	}
	var untold int64
	if err := tx.Row(`SELECT count(*) FROM interests WHERE event_id = ? AND told_at IS NULL`, e.ID).Scan(&untold); err != nil || untold == 0 {
		return err
	}
	return s.announceAll(tx, e.ID, PlacesFree)
}

// AnnounceJob tells people what has to be told, soon after it is decided.
func (s *Service) AnnounceJob() jobs.Job {
	return jobs.Job{Name: "announcements", Every: 30 * time.Second, Shared: true, Run: s.Announce}
}

// Announce works through everything that is to be told now.
func (s *Service) Announce(ctx context.Context) error {
	for {
		more, err := s.announceChunk(ctx)
		if err != nil || !more {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// announceChunk tells the next people of the oldest open announcement; more is false when there is none left.
func (s *Service) announceChunk(ctx context.Context) (more bool, err error) {
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		more = false
		var a announcement
		err := database.First(tx.Raw(`SELECT * FROM announcements WHERE done_at IS NULL ORDER BY id LIMIT 1`), &a)
		if database.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("find what is to be told: %w", err)
		}
		e, err := events.LockForBooking(tx, a.EventID) // the event first, as everywhere
		if err != nil {
			return err
		}
		if err := database.First(tx.Raw(`SELECT * FROM announcements WHERE id = ? AND done_at IS NULL`, a.ID), &a); err != nil {
			more = database.IsNotFound(err) // another instance was quicker
			return ignoreNotFound(err)
		}
		more = true
		return s.announceTo(audit.AsSystem(ctx), tx, e, a)
	})
	return more, err
}

func isNoRow(err error) bool { return errors.Is(err, sql.ErrNoRows) }

func ignoreNotFound(err error) error {
	if database.IsNotFound(err) {
		return nil
	}
	return err
}

// announceTo tells one chunk of people, bookings first, and closes the announcement when nobody is left.
func (s *Service) announceTo(ctx context.Context, tx *database.Tx, e events.Event, a announcement) error {
	told, err := s.announceToBookings(ctx, tx, e, &a)
	if err != nil {
		return err
	}
	if told == 0 {
		if told, err = s.announceToInterested(tx, e, &a); err != nil {
			return err
		}
	}
	if told == 0 {
		now := tx.Now()
		a.DoneAt = &now
		if err := audit.Record(ctx, tx, "event.announced", "events", e.ID, audit.Details{"announcement": a.ID, "kind": a.Kind}); err != nil {
			return err
		}
	}
	return tx.Exec(`UPDATE announcements SET last_booking = ?, last_interest = ?, done_at = ? WHERE id = ?`, a.LastBooking, a.LastInterest, a.DoneAt, a.ID).Error
}

func (s *Service) announceToBookings(ctx context.Context, tx *database.Tx, e events.Event, a *announcement) (told int, err error) {
	if noticeKind(a.Kind) == PlacesFree {
		return 0, nil
	}
	var chunk []Booking
	err = tx.Raw(`SELECT `+bookingColumns+` FROM bookings WHERE event_id = ? AND id > ? AND id <= ? AND status <> 'cancelled' ORDER BY id LIMIT ?`,
		e.ID, a.LastBooking, a.UptoBooking, announcementChunk).Scan(&chunk).Error
	if err != nil {
		return 0, fmt.Errorf("find who is to be told: %w", err)
	}
	for _, b := range chunk {
		whole, err := loadParty(tx.DB, b)
		if err != nil {
			return 0, err
		}
		step := s.calendarStep(e, &whole.Booking)
		if step != "" {
			if err := updateBooking(tx, &whole.Booking); err != nil {
				return 0, err
			}
		}
		n := notice{kind: noticeKind(a.Kind), key: fmt.Sprintf("announcement:%d:booking:%d", a.ID, b.ID), calendar: step}
		if err := s.tell(ctx, tx, e, whole, n); err != nil {
			return 0, err
		}
		a.LastBooking = b.ID
	}
	return len(chunk), nil
}

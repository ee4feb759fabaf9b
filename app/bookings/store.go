package bookings

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"conversations/app/database"
	"conversations/app/events"
	"conversations/app/fault"

	"gorm.io/gorm"
)

// room is how the places of an event stand. It is true only while the event is locked.
type room struct {
	capacity int
	taken    int
	waiting  int     // people
	queue    []Party // in order of joining; loaded only where there is a place free or it is asked for
}

// free is how many places are free; less than nought after an override.
func (r room) free() int { return r.capacity - r.taken }

// countPlacesOf counts the places of a locked event.
func countPlacesOf(tx *database.Tx, e events.Event) (room, error) {
	r := room{capacity: e.Capacity}
	rows, err := tx.Rows(`SELECT status, sum(people) FROM bookings WHERE event_id = ? AND status IN ('confirmed', 'waiting') GROUP BY status`, e.ID)
	if err != nil {
		return r, fmt.Errorf("count the places of event %d: %w", e.ID, err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var status Status
		var people int
		if err := rows.Scan(&status, &people); err != nil {
			return r, err
		}
		if status == Confirmed {
			r.taken = people
		} else {
			r.waiting = people
		}
	}
	if err := rows.Err(); err != nil || r.waiting == 0 {
		return r, err
	}
	r.queue, err = waitingList(tx.DB, e.ID)
	return r, err
}

// waitingList lists who waits, in order of joining.
func waitingList(q *gorm.DB, eventID int64) (queue []Party, err error) {
	err = q.Raw(`SELECT id, people FROM bookings WHERE event_id = ? AND status = 'waiting' ORDER BY queue_position, id`, eventID).Scan(&queue).Error
	if err != nil {
		return nil, fmt.Errorf("read the waiting list of event %d: %w", eventID, err)
	}
	return queue, nil
}

const bookingColumns = `id, reference, event_id, status, people, booker_comes, name, email, phone, email_key, phone_key, name_key,
	question, quote_ok, recontact, updates, channel, form_key, joined_at, queue_position, over_capacity, calendar_sequence,
	in_calendar, version, created_at, updated_at, promoted_at, cancelled_at`

// sameBooking finds the booking that the same person has at this event.
func sameBooking(tx *database.Tx, eventID int64, p person) (b Booking, found bool, err error) {
	query, key := `SELECT id FROM bookings WHERE event_id = ? AND status <> 'cancelled' AND name_key = ? AND email_key = ? AND email_key <> ''`, p.emailKey
	if key == "" {
		query, key = `SELECT id FROM bookings WHERE event_id = ? AND status <> 'cancelled' AND name_key = ? AND phone_key = ? AND phone_key <> '' AND email_key = ''`, p.phoneKey
	}
	var id int64
	switch err := tx.Row(query, eventID, p.nameKey, key).Scan(&id); {
	case errors.Is(err, sql.ErrNoRows):
		return Booking{}, false, nil
	case err != nil:
		return Booking{}, false, fmt.Errorf("look for an earlier booking: %w", err)
	}
	b, err = loadBooking(tx.DB, id)
	return b, err == nil, err
}

func insertBooking(tx *database.Tx, b *Booking) (err error) {
	if b.Status == Waiting {
		if b.QueuePosition, err = nextQueuePosition(tx, b.EventID); err != nil {
			return err
		}
	}
	b.ID, err = tx.Insert(`INSERT INTO bookings (reference, event_id, status, people, booker_comes, name, email, phone, email_key, phone_key,
			name_key, question, quote_ok, recontact, updates, channel, form_key, joined_at, queue_position, over_capacity, calendar_sequence,
			in_calendar, version, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		b.Reference, b.EventID, string(b.Status), b.People, b.BookerComes, b.Name, b.Email, b.Phone, b.EmailKey, b.PhoneKey,
		b.NameKey, b.Question, b.QuoteOK, b.Recontact, b.Updates, string(b.Channel), b.FormKey, b.JoinedAt, b.QueuePosition, b.OverCapacity, b.CalendarSequence,
		b.InCalendar, b.Version, b.CreatedAt, b.UpdatedAt)
	if err != nil {
		return fmt.Errorf("store the booking: %w", err)
	}
	return nil
}

func nextQueuePosition(tx *database.Tx, eventID int64) (position int64, err error) {
	err = tx.Row(`SELECT coalesce(max(queue_position), 0) + 1 FROM bookings WHERE event_id = ?`, eventID).Scan(&position)
	return position, err
}

// updateBooking stores what can change after a booking was made.
func updateBooking(tx *database.Tx, b *Booking) error {
	b.Version++
	b.UpdatedAt = tx.Now()
	err := tx.Exec(`UPDATE bookings SET status = ?, people = ?, booker_comes = ?, name = ?, email = ?, phone = ?, email_key = ?, phone_key = ?, name_key = ?,
			queue_position = ?, over_capacity = ?, calendar_sequence = ?, in_calendar = ?, version = ?, updated_at = ?, promoted_at = ?, cancelled_at = ?
		WHERE id = ?`,
		string(b.Status), b.People, b.BookerComes, b.Name, b.Email, b.Phone, b.EmailKey, b.PhoneKey, b.NameKey,
		b.QueuePosition, b.OverCapacity, b.CalendarSequence, b.InCalendar, b.Version, b.UpdatedAt, b.PromotedAt, b.CancelledAt, b.ID).Error
	if err != nil {
		return fmt.Errorf("store booking %d: %w", b.ID, err)
	}
	return nil
}

func insertAttendees(tx *database.Tx, bookingID int64, people []Attendee) error {
	if len(people) == 0 {
		return nil
	}
	args := make([]any, 0, 3*len(people))
	for _, a := range people {
		args = append(args, bookingID, a.Position, a.Name)
	}
	values := strings.TrimSuffix(strings.Repeat("(?, ?, ?), ", len(people)), ", ")
	if err := tx.Exec(`INSERT INTO attendees (booking_id, position, name) VALUES `+values, args...).Error; err != nil {
		return fmt.Errorf("store the people of booking %d: %w", bookingID, err)
	}
	return nil
}

func insertNeeds(tx *database.Tx, needs []AccessNeed) error {
	for i := range needs {
		n := &needs[i]
		n.CreatedAt, n.UpdatedAt = tx.Now(), tx.Now()
		id, err := tx.Insert(`INSERT INTO access_needs (booking_id, position, need, note, state, due_on, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
			n.BookingID, n.Position, n.Need, n.Note, string(n.State), n.DueOn, n.CreatedAt, n.UpdatedAt)
		if err != nil {
			return fmt.Errorf("store an access need of booking %d: %w", n.BookingID, err)
		}
		n.ID, n.Version = id, 1
	}
	return nil
}

// loadBooking reads a booking; NotFound where there is none.
func loadBooking(q *gorm.DB, id int64) (b Booking, err error) {
	err = database.First(q.Raw(`SELECT `+bookingColumns+` FROM bookings WHERE id = ?`, id), &b)
	if database.IsNotFound(err) {
		return Booking{}, fault.New(fault.NotFound, "This booking is not here any more. Telephone us if you think it should be.")
	}
	return b, err
}

// loadParty adds the people and their needs to a booking.
func loadParty(q *gorm.DB, b Booking) (p party, err error) {
	p.Booking = b
	err = q.Raw(`SELECT id, booking_id, position, name FROM attendees WHERE booking_id = ? ORDER BY position`, b.ID).Scan(&p.attendees).Error
	if err != nil {
		return p, fmt.Errorf("read the people of booking %d: %w", b.ID, err)
	}
	err = q.Raw(`SELECT * FROM access_needs WHERE booking_id = ? ORDER BY position, id`, b.ID).
		Scan(&p.needs).Error
	if err != nil {
		return p, fmt.Errorf("read the needs of booking %d: %w", b.ID, err)
	}
	return p, nil
}

// lockBooking locks a booking's event, then reads the booking: always in this order, so that nobody waits in a circle.
func lockBooking(tx *database.Tx, id int64) (p party, e events.Event, err error) {
	var eventID int64
	err = tx.Row(`SELECT event_id FROM bookings WHERE id = ?`, id).Scan(&eventID)
	if errors.Is(err, sql.ErrNoRows) {
		return p, e, fault.New(fault.NotFound, "This booking is not here any more. Telephone us if you think it should be.")
	}
	if err != nil {
		return p, e, err
	}
	if e, err = events.LockForBooking(tx, eventID); err != nil {
		return p, e, err
	}
	b, err := loadBooking(tx.DB, id)
	if err != nil {
		return p, e, err
	}
	if b.EventID != eventID {
		return p, e, movedMeanwhile()
	}
	p, err = loadParty(tx.DB, b)
	return p, e, err
}

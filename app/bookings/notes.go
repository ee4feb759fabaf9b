package bookings

import (
	"context"
	"fmt"
	"strings"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// Note is what a member of staff noted about a booking. Notes are added, never changed.
type Note struct {
	ID        int64
	BookingID int64
	StaffID   *int64
	Note      string
	CreatedAt time.Time
	Staff     string `gorm:"->"` // name; "" where the program noted it
}

// TableName is the table that notes live in.
func (Note) TableName() string { return "booking_notes" }

// AddNote adds a note to a booking. The error is an Invalid fault with a message at "note".
func (s *Service) AddNote(ctx context.Context, id int64, text string) error {
	if err := accounts.Require(ctx, accounts.ManageBookings); err != nil {
		return err
	}
	text = strings.TrimSpace(text)
	var f fault.Fields
	if text == "" {
		f.Add("note", "Write the note first")
	} else if letters(text) > noteLetters {
		f.Add("note", fmt.Sprintf("The note must be %d letters or fewer", noteLetters))
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		if _, err := loadBooking(tx.DB, id); err != nil {
			return err
		}
		note, err := tx.Insert(`INSERT INTO booking_notes (booking_id, staff_id, note, created_at) VALUES (?, ?, ?, ?) RETURNING id`, id, audit.StaffID(ctx), text, tx.Now())
		if err != nil {
			return fmt.Errorf("note something about booking %d: %w", id, err)
		}
		return audit.Record(ctx, tx, "booking.note", "bookings", id, audit.Details{"note": note})
	})
}

// Notes lists the notes of a booking, newest first. It needs the right to see bookings.
func (s *Service) Notes(ctx context.Context, id int64) (notes []Note, err error) {
	if err := accounts.Require(ctx, accounts.SeeBookings); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx).Raw(`SELECT n.*, coalesce(p.name, '') AS staff FROM booking_notes n LEFT JOIN staff p ON p.id = n.staff_id
		WHERE n.booking_id = ? ORDER BY n.id DESC`, id).Scan(&notes).Error
	if err != nil {
		return nil, fmt.Errorf("read the notes of booking %d: %w", id, err)
	}
	return notes, nil
}

// SendAgain sends the newest mail of a booking again, as a mail of its own. Older ones tell what is no longer so, and
// one to an address that has changed since would not reach them: both are a Conflict fault.
func (s *Service) SendAgain(ctx context.Context, id, mailID int64) error {
	if err := accounts.Require(ctx, accounts.ManageBookings); err != nil {
		return err
	}
	b, err := loadBooking(s.db.Read(ctx), id)
	if err != nil {
		return err
	}
	mails, err := s.outbox.About(ctx, "bookings", id)
	if err != nil {
		return err
	}
	if len(mails) == 0 || mails[0].ID != mailID || mails[0].ToAddress != b.Email {
		return fault.New(fault.Conflict, "Only the newest email of a booking can be sent again, and only to the address that the booking has now.")
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		_, err := s.outbox.SendAgain(ctx, tx, mailID)
		return err
	})
}

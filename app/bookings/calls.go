package bookings

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/mail"
)

// Call is a person to telephone: a row of the table calls. It is made in the transaction that gives the reason for
// it, where there is no e-mail address, or when a mail failed for good.
type Call struct {
	ID         int64
	UniqueKey  string // the same call is never due twice
	EventID    int64
	BookingID  *int64
	InterestID *int64
	Kind       string // the notice that a mail would have carried, "mail-failed" or "offer"
	Name       string
	Phone      string
	Say        string // what to say, in whole sentences
	State      string // due, done
	Result     string // of the last attempt that was not undone; "" while there was none
	Note       string
	CreatedAt  time.Time
	DoneAt     *time.Time
	DoneBy     *int64
	TakenBy    *int64 // who is calling them now; see Held
	TakenAt    *time.Time
	TryAfter   *time.Time // nobody answered: not before this
}

// TableName is the table that calls live in.
func (Call) TableName() string { return "calls" }

// callHeld is for how long nobody else rings somebody whom a member of staff is calling.
const callHeld = 30 * time.Minute

// Held says whether somebody other than the member of staff is calling them now.
func (c Call) Held(now time.Time, staff int64) bool {
	return c.TakenBy != nil && *c.TakenBy != staff && c.TakenAt != nil && now.Before(c.TakenAt.Add(callHeld))
}

// Later says whether nobody answered and it is not time to try again yet.
func (c Call) Later(now time.Time) bool { return c.TryAfter != nil && now.Before(*c.TryAfter) }

// CallResult is what came of a call.
type CallResult struct{ Code, Label string }

// CallResults are what staff choose from.
func CallResults() []CallResult {
	return []CallResult{
		{"spoke", "Spoke to them"},
		{"message", "Left a message"},
		{nobodyAnswered, "Nobody answered: try again later"},
		{"wrong-number", "The number is wrong"},
		{notNeeded, "No call was needed: they know, or it is over"},
	}
}

// dueCall notes a call, once for each key.
func (s *Service) dueCall(tx *database.Tx, c Call) error {
	err := tx.Exec(`INSERT INTO calls (unique_key, event_id, booking_id, interest_id, kind, name, phone, say, state, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'due', ?) ON CONFLICT (unique_key) DO NOTHING`,
		c.UniqueKey, c.EventID, c.BookingID, c.InterestID, c.Kind, c.Name, c.Phone, c.Say, tx.Now()).Error
	if err != nil {
		return fmt.Errorf("note the call %s: %w", c.UniqueKey, err)
	}
	return nil
}

// notNeeded is the result of a call whose reason is gone.
const notNeeded = "not-needed"

// toldWhenBooking is the result of a call that nobody has to make: staff booked for a caller and told them at once.
const toldWhenBooking = "told-when-booking"

// toldAlready is the member of staff who has just told a caller what became of the booking, face to face or by telephone.
func toldAlready(ctx context.Context, channel Channel) *int64 {
	if channel != Telephone && channel != InPerson {
		return nil
	}
	return audit.StaffID(ctx)
}

// toldCall notes what somebody was told when they booked: a call that is done.
func (s *Service) toldCall(tx *database.Tx, c Call, by int64) error {
	if err := s.dueCall(tx, c); err != nil {
		return err
	}
	var id int64
	if err := tx.Row(`SELECT id FROM calls WHERE unique_key = ?`, c.UniqueKey).Scan(&id); err != nil {
		return fmt.Errorf("find the call %s: %w", c.UniqueKey, err)
	}
	return finish(tx, id, attempt{Round: rand.Text(), StaffID: &by, Result: toldWhenBooking})
}

// redirectCalls has the calls that are due about a booking go to the name and number that it has now.
func redirectCalls(tx *database.Tx, b Booking) error {
	err := tx.Exec(`UPDATE calls SET name = ?, phone = ? WHERE booking_id = ? AND state = 'due' AND (name <> ? OR phone <> ?)`, b.Name, b.Phone, b.ID, b.Name, b.Phone).Error
	if err != nil {
		return fmt.Errorf("redirect the calls of booking %d: %w", b.ID, err)
	}
	return nil
}

// mailFailed notes a call in the transaction in which a mail is given up.
func (s *Service) mailFailed(ctx context.Context, tx *database.Tx, m mail.Mail) error {
	c := Call{UniqueKey: fmt.Sprintf("mail:%d", m.ID), Kind: "mail-failed"}
	switch m.About {
	case "bookings":
		b, err := loadBooking(tx.DB, m.AboutID)
		if err != nil {
			return err
		}
		c.EventID, c.BookingID, c.Name, c.Phone = b.EventID, &b.ID, b.Name, b.Phone
	case "interests":
		i, err := loadInterest(tx, m.AboutID)
		if err != nil {
			return err
		}
		c.EventID, c.InterestID, c.Name, c.Phone = i.EventID, &i.ID, i.Name, i.Phone
	default:
		return nil
	}
	c.Say = "Our email to " + m.ToAddress + " did not arrive. Its heading was: " + m.Subject + ". Tell them what it said, and ask for the right address."
	if c.Phone == "" {
		c.Say += " There is no telephone number in the booking: look for them by name, or keep this until they ring."
	}
	if err := s.dueCall(tx, c); err != nil {
		return err
	}
	return audit.Record(audit.AsSystem(ctx), tx, "call.due", m.About, m.AboutID, audit.Details{"mail": m.ID})
}

// closeCalls takes calls off the list whose reason is gone.
func (s *Service) closeCalls(ctx context.Context, tx *database.Tx, bookingID int64, kind string) error {
	err := tx.Exec(`UPDATE calls SET state = 'done', result = 'not-needed', done_at = ?, done_by = ? WHERE booking_id = ? AND kind = ? AND state = 'due'`,
		tx.Now(), nullable(audit.ActorFrom(ctx).ID), bookingID, kind).Error
	if err != nil {
		return fmt.Errorf("close the calls of booking %d: %w", bookingID, err)
	}
	return nil
}

// closeCallsOfEvent takes every call about an event off the list that is over: nothing it would say is of use any more.
func (s *Service) closeCallsOfEvent(ctx context.Context, tx *database.Tx, eventID int64) error {
	err := tx.Exec(`UPDATE calls SET state = 'done', result = 'not-needed', done_at = ?, done_by = ? WHERE event_id = ? AND state = 'due'`,
		tx.Now(), nullable(audit.ActorFrom(ctx).ID), eventID).Error
	if err != nil {
		return fmt.Errorf("close the calls of event %d: %w", eventID, err)
	}
	return nil
}

func knownResult(code string) bool {
	for _, r := range CallResults() {
		if r.Code == code {
			return true
		}
	}
	return false
}

func nullable(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

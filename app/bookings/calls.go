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
	Result     string
	Note       string
	CreatedAt  time.Time
	DoneAt     *time.Time
	DoneBy     *int64
}

// TableName is the table that calls live in.
func (Call) TableName() string { return "calls" }

// CallResult is what came of a call.
type CallResult struct{ Code, Label string }

// CallResults are what staff choose from.
func CallResults() []CallResult {
	return []CallResult{
		{"spoke", "Spoke to them"},
		{"message", "Left a message"},
		{"nobody", "Nobody answered: try again later"},
		{"wrong-number", "The number is wrong"},
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

// Calls lists the people to telephone, the longest waiting first; done ones newest first.
func (s *Service) Calls(ctx context.Context, state string) (calls []Call, err error) {
	if err := accounts.Require(ctx, accounts.MakeCalls); err != nil {
		return nil, err
	}
	order := "id"
	if state == "done" {
		order = "done_at DESC, id DESC"
	}
	err = s.db.Read(ctx).Raw(`SELECT * FROM calls WHERE state = ? ORDER BY `+order+` LIMIT 500`, state).Scan(&calls).Error
	return calls, err
}

// Call reads one call; NotFound where there is none.
func (s *Service) Call(ctx context.Context, id int64) (c Call, err error) {
	if err := accounts.Require(ctx, accounts.MakeCalls); err != nil {
		return c, err
	}
	err = database.First(s.db.Read(ctx).Raw(`SELECT * FROM calls WHERE id = ?`, id), &c)
	if database.IsNotFound(err) {
		return c, fault.New(fault.NotFound, "This call is not on the list any more.")
	}
	return c, err
}

// CallDone records what came of a call and who made it. Where nobody answered the call stays due.
func (s *Service) CallDone(ctx context.Context, id int64, result, note string) error {
	if err := accounts.Require(ctx, accounts.MakeCalls); err != nil {
		return err
	}
	if !knownResult(result) {
		var f fault.Fields
		f.Add("result", "Choose what came of the call")
		return f.Err()
	}
	state := "done"
	if result == "nobody" {
		state = "due"
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		by := audit.ActorFrom(ctx).ID
		got := tx.Exec(`UPDATE calls SET state = ?, result = ?, note = ?, done_at = ?, done_by = ? WHERE id = ? AND state = 'due'`,
			state, result, strings.TrimSpace(note), tx.Now(), nullable(by), id)
		if got.Error != nil {
			return fmt.Errorf("record call %d: %w", id, got.Error)
		}
		if got.RowsAffected == 0 {
			return fault.New(fault.Conflict, "Somebody else has made this call already.")
		}
		return audit.Record(ctx, tx, "call.made", "calls", id, audit.Details{"result": result})
	})
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

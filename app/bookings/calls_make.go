package bookings

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// tryAgainAfter is when to ring again where nobody answered and nothing else was chosen.
const tryAgainAfter = 2 * time.Hour

// attempt is one time that somebody rang about a call: a row of the table call_attempts. Rows are only ever added.
type attempt struct {
	ID        int64
	CallID    int64
	Round     string // the same for all that one conversation settled
	StaffID   *int64
	Result    string // a code of CallResults, told-when-booking or undone
	Note      string
	TryAfter  *time.Time
	Undoes    *int64 // the attempt that this one takes back
	CreatedAt time.Time
}

// CallOutcome is what came of ringing somebody.
type CallOutcome struct {
	Calls    []int64 // what they were told, or should have been
	Result   string  // a code of CallResults
	Note     string
	TryAfter *time.Time // where nobody answered; nil is in two hours
	Round    string     // of the form: sent twice, recorded once; "" is drawn
}

// TakeCall says that the actor is calling the person of a call: for half an hour, or until a result is recorded, nobody
// else does. The error is a Conflict where somebody else is, or the call is made.
func (s *Service) TakeCall(ctx context.Context, id int64) error {
	if err := accounts.Require(ctx, accounts.MakeCalls); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error { return s.take(ctx, tx, id) })
}

func (s *Service) take(ctx context.Context, tx *database.Tx, id int64) error {
	calls, err := lockCallee(tx, id)
	if err != nil {
		return err
	}
	me := audit.ActorFrom(ctx).ID
	for _, c := range calls {
		if c.Held(tx.Now(), me) {
			return fault.New(fault.Conflict, "Somebody else is calling them now. Take another person from the list.")
		}
	}
	err = tx.Exec(`UPDATE calls SET taken_by = ?, taken_at = ? WHERE id IN ?`, nullable(me), tx.Now(), idsOf(calls)).Error
	if err != nil {
		return fmt.Errorf("take call %d: %w", id, err)
	}
	return audit.Record(ctx, tx, "call.take", "calls", id, nil)
}

// lockCallee reads everything that is due to the person of a call, and keeps others from it until the commit.
func lockCallee(tx *database.Tx, id int64) (calls []Call, err error) {
	err = tx.Raw(`SELECT c.* FROM calls c WHERE c.state = 'due' AND `+callee+` = (SELECT `+callee+` FROM calls c WHERE c.id = ?) ORDER BY c.id`+tx.ForUpdate(), id).
		Scan(&calls).Error
	if err != nil {
		return nil, fmt.Errorf("read call %d: %w", id, err)
	}
	if !slices.Contains(idsOf(calls), id) {
		return nil, madeAlready()
	}
	return calls, nil
}

func madeAlready() error {
	return fault.New(fault.Conflict, "Somebody else has made this call already.")
}

func idsOf(calls []Call) []int64 {
	ids := make([]int64, len(calls))
	for i, c := range calls {
		ids[i] = c.ID
	}
	return ids
}

// ReleaseCall puts somebody back on the list whom the actor did not call after all.
func (s *Service) ReleaseCall(ctx context.Context, id int64) error {
	if err := accounts.Require(ctx, accounts.MakeCalls); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		calls, err := lockCallee(tx, id)
		if err != nil {
			return err
		}
		if err := release(ctx, tx, idsOf(calls)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, "call.release", "calls", id, nil)
	})
}

func release(ctx context.Context, tx *database.Tx, ids []int64) error {
	err := tx.Exec(`UPDATE calls SET taken_by = NULL, taken_at = NULL WHERE id IN ? AND taken_by = ?`, ids, audit.ActorFrom(ctx).ID).Error
	if err != nil {
		return fmt.Errorf("put calls back: %w", err)
	}
	return nil
}

// nextTried bounds how many people are tried to be taken, where others are taking from the same list.
const nextTried = 20

// NextCall takes the first person on the list whom nobody else is calling, and gives the first of their calls. found is
// false where there is nobody left to call now.
func (s *Service) NextCall(ctx context.Context, f CallFilter) (id int64, found bool, err error) {
	if err := accounts.Require(ctx, accounts.MakeCalls); err != nil {
		return 0, false, err
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		where, args := f.where(ctx, "due")
		where += ` AND (c.try_after IS NULL OR c.try_after <= ?) AND (c.taken_by IS NULL OR c.taken_by = ? OR c.taken_at <= ?)`
		args = append(args, tx.Now(), audit.ActorFrom(ctx).ID, tx.Now().Add(-callHeld))
		keys, err := calleesIn(tx.DB, tx.Now(), where, args, nextTried, 0)
		if err != nil {
			return err
		}
		id, found, err = s.takeFirst(ctx, tx, keys)
		return err
	})
	return id, found, err
}

func (s *Service) takeFirst(ctx context.Context, tx *database.Tx, keys []string) (id int64, found bool, err error) {
	for _, key := range keys {
		var first sql.NullInt64
		if err := tx.Row(`SELECT min(c.id) FROM calls c WHERE c.state = 'due' AND `+callee+` = ?`, key).Scan(&first); err != nil {
			return 0, false, fmt.Errorf("find the next call: %w", err)
		}
		if !first.Valid {
			continue // made by somebody else while this one looked
		}
		err := s.take(ctx, tx, first.Int64)
		if err == nil {
			return first.Int64, true, nil
		}
		if fault.KindOf(err) != fault.Conflict {
			return 0, false, err
		}
	}
	return 0, false, nil
}

// CallDone is RecordCalls for a single call.
func (s *Service) CallDone(ctx context.Context, id int64, result, note string) error {
	return s.RecordCalls(ctx, CallOutcome{Calls: []int64{id}, Result: result, Note: note})
}

// RecordCalls records what came of ringing somebody, who rang and when, for all that they were told in one go. Where
// nobody answered the calls stay due. The error is an Invalid fault with a message at each field, or a Conflict where
// somebody else has made one of the calls or is making it.
func (s *Service) RecordCalls(ctx context.Context, o CallOutcome) error {
	if err := accounts.Require(ctx, accounts.MakeCalls); err != nil {
		return err
	}
	if err := o.check(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		var before, takenBack int
		if err := tx.Row(`SELECT count(*), count(undoes) FROM call_attempts WHERE round = ?`, o.Round).Scan(&before, &takenBack); err != nil {
			return fmt.Errorf("look for the form that was sent: %w", err)
		}
		if takenBack > 0 {
			return fault.New(fault.Conflict, "This result was undone. Open the call again to record another.")
		}
		if before > 0 {
			return nil // the same form, pressed twice
		}
		due, err := lockCallee(tx, o.Calls[0])
		if err != nil {
			return err
		}
		for _, id := range o.Calls {
			if err := s.record(ctx, tx, due, id, o); err != nil {
				return err
			}
		}
		return release(ctx, tx, idsOf(due))
	})
}

func (o *CallOutcome) check() error {
	var f fault.Fields
	o.Note = strings.TrimSpace(o.Note)
	if len(o.Calls) == 0 {
		f.Add("call", "Tick what the call was about")
	}
	if !knownResult(o.Result) {
		f.Add("result", "Choose what came of the call")
	}
	if letters(o.Note) > noteLetters {
		f.Add("note", fmt.Sprintf("The note must be %d letters or fewer", noteLetters))
	}
	if o.Round == "" {
		o.Round = rand.Text()
	}
	return f.Err()
}

func (s *Service) record(ctx context.Context, tx *database.Tx, due []Call, id int64, o CallOutcome) error {
	i := slices.IndexFunc(due, func(c Call) bool { return c.ID == id })
	if i < 0 {
		return madeAlready()
	}
	if due[i].Held(tx.Now(), audit.ActorFrom(ctx).ID) {
		return fault.New(fault.Conflict, "Somebody else is calling them now, so your result was not recorded. Ask them first.")
	}
	a := attempt{Round: o.Round, StaffID: nullable(audit.ActorFrom(ctx).ID), Result: o.Result, Note: o.Note}
	if o.Result == nobodyAnswered {
		after := tx.Now().Add(tryAgainAfter)
		if a.TryAfter = o.TryAfter; a.TryAfter == nil {
			a.TryAfter = &after
		}
	}
	if err := finish(tx, id, a); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "call.made", "calls", id, audit.Details{"result": o.Result})
}

// nobodyAnswered is the one result after which a call stays due.
const nobodyAnswered = "nobody"

// finish adds an attempt to a call and moves the call on.
func finish(tx *database.Tx, id int64, a attempt) error {
	if err := addAttempt(tx, id, a); err != nil {
		return err
	}
	state, at, by := "done", ptr(tx.Now()), a.StaffID
	if a.Result == nobodyAnswered {
		state, at, by = "due", nil, nil
	}
	err := tx.Exec(`UPDATE calls SET state = ?, result = ?, note = ?, try_after = ?, done_at = ?, done_by = ?, taken_by = NULL, taken_at = NULL WHERE id = ?`,
		state, a.Result, a.Note, a.TryAfter, at, by, id).Error
	if err != nil {
		return fmt.Errorf("record call %d: %w", id, err)
	}
	return nil
}

func addAttempt(tx *database.Tx, id int64, a attempt) error {
	err := tx.Exec(`INSERT INTO call_attempts (call_id, round, staff_id, result, note, try_after, undoes, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		id, a.Round, a.StaffID, a.Result, a.Note, a.TryAfter, a.Undoes, tx.Now()).Error
	if err != nil {
		return fmt.Errorf("note an attempt at call %d: %w", id, err)
	}
	return nil
}

func ptr(t time.Time) *time.Time { return &t }

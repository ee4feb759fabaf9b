package bookings

import (
	"context"
	"fmt"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// undone is the result of an attempt that takes another back.
const undone = "undone"

// UndoCall takes back what was recorded of a conversation, for all that it settled: the calls are due again, as they
// were before. Only who recorded it may, and administrators. The error is a Conflict where somebody has rung since.
func (s *Service) UndoCall(ctx context.Context, round string) error {
	if err := accounts.Require(ctx, accounts.MakeCalls); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		var of []attempt
		if err := tx.Raw(`SELECT * FROM call_attempts WHERE round = ? AND undoes IS NULL ORDER BY call_id`, round).Scan(&of).Error; err != nil {
			return fmt.Errorf("read what was recorded: %w", err)
		}
		if len(of) == 0 {
			return noCall()
		}
		for _, a := range of {
			if !mayUndo(audit.ActorFrom(ctx), a.StaffID) {
				return fault.New(fault.Forbidden, "Only the person who recorded this, or an administrator, can undo it.")
			}
			if err := undoAttempt(ctx, tx, a); err != nil {
				return err
			}
		}
		return nil
	})
}

func undoAttempt(ctx context.Context, tx *database.Tx, a attempt) error {
	var c Call
	if err := database.First(tx.Raw(`SELECT * FROM calls WHERE id = ?`+tx.ForUpdate(), a.CallID), &c); err != nil {
		return fmt.Errorf("read call %d: %w", a.CallID, err)
	}
	var all []attempt
	if err := tx.Raw(`SELECT * FROM call_attempts WHERE call_id = ? ORDER BY id DESC`, a.CallID).Scan(&all).Error; err != nil {
		return fmt.Errorf("read the attempts at call %d: %w", a.CallID, err)
	}
	if all[0].ID != a.ID || c.Result != a.Result {
		return fault.New(fault.Conflict, "Something else was done about this call since, so it cannot be undone any more.")
	}
	back := attempt{Round: a.Round, StaffID: nullable(audit.ActorFrom(ctx).ID), Result: undone, Undoes: &a.ID}
	if err := addAttempt(tx, a.CallID, back); err != nil {
		return err
	}
	before := lastStanding(all[1:])
	err := tx.Exec(`UPDATE calls SET state = 'due', result = ?, note = ?, try_after = ?, done_at = NULL, done_by = NULL WHERE id = ?`,
		before.Result, before.Note, before.TryAfter, a.CallID).Error
	if err != nil {
		return fmt.Errorf("put call %d back: %w", a.CallID, err)
	}
	return audit.Record(ctx, tx, "call.undo", "calls", a.CallID, audit.Details{"result": a.Result})
}

// lastStanding is the newest attempt that was not undone; the zero attempt where there is none. all are newest first.
func lastStanding(all []attempt) attempt {
	takenBack := map[int64]bool{}
	for _, a := range all {
		if a.Undoes != nil {
			takenBack[*a.Undoes] = true
		} else if !takenBack[a.ID] {
			return a
		}
	}
	return attempt{}
}

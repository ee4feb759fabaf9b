package feedback

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// Undone is what an undoing did.
type Undone struct {
	Comments []int64  // as they were before
	Kept     int      // comments that stay, because somebody has built on what was done
	Notes    []string // themes that were merged or retired since
}

// Undo takes back the last thing that the person who asks did in coding: one comment, or many that were changed at once. It
// is an entry of its own. Where somebody has built on all of it since, it is a Conflict fault and nothing changes; a NotFound
// fault where there is nothing to take back.
func (s *Service) Undo(ctx context.Context) (u Undone, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return u, err
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		u = Undone{}
		steps, err := lastSteps(tx, audit.ActorFrom(ctx).ID)
		if err != nil {
			return err
		}
		var refused error
		for _, step := range steps {
			notes, err := s.undoStep(ctx, tx, step)
			if fault.KindOf(err) == fault.Conflict {
				u.Kept, refused = u.Kept+1, err
				continue
			}
			if err != nil {
				return err
			}
			u.Comments, u.Notes = append(u.Comments, step.CommentID), append(u.Notes, notes...)
		}
		if len(u.Comments) == 0 {
			return refused
		}
		return nil
	})
	return u, err
}

// lastSteps are the last that somebody took and did not take back: all that were taken at once.
func lastSteps(tx *database.Tx, staff int64) (steps []CodingStep, err error) {
	const mine = "staff_id = ? AND undoes IS NULL AND NOT EXISTS (SELECT 1 FROM coding_steps u WHERE u.undoes = s.id)"
	var last struct{ TakenAt time.Time }
	err = database.First(tx.Raw("SELECT s.taken_at FROM coding_steps s WHERE "+mine+" ORDER BY s.id DESC LIMIT 1", staff), &last)
	if database.IsNotFound(err) {
		return nil, fault.New(fault.NotFound, "There is no step of yours left to undo.")
	}
	if err != nil {
		return nil, fmt.Errorf("find the last step of coding: %w", err)
	}
	err = tx.Raw("SELECT s.* FROM coding_steps s WHERE "+mine+" AND s.taken_at = ? ORDER BY s.comment_id", staff, last.TakenAt).Scan(&steps).Error
	return steps, err
}

func (s *Service) undoStep(ctx context.Context, tx *database.Tx, step CodingStep) (notes []string, err error) {
	var before, after coded
	if err := json.Unmarshal([]byte(step.Before), &before); err != nil {
		return nil, fmt.Errorf("read step %d: %w", step.ID, err)
	}
	if err := json.Unmarshal([]byte(step.After), &after); err != nil {
		return nil, fmt.Errorf("read step %d: %w", step.ID, err)
	}
	on, err := s.landTx(ctx, tx, coded{Marks: append(append([]Mark{}, before.Marks...), after.Marks...)}.themes())
	if err != nil {
		return nil, err
	}
	for _, m := range before.Marks {
		if told := on[m.ThemeID].Told; told != "" {
			notes = append(notes, told)
		}
	}
	r, err := readingByID(tx, step.ReadingID)
	if err != nil {
		return nil, err
	}
	now, err := stateOf(tx, r)
	if err != nil {
		return nil, err
	}
	if !now.equal(after.landed(on)) {
		return nil, s.builtOn(tx, step)
	}
	if err := mayUndoDouble(tx, r, before.Verdict); err != nil {
		return nil, err
	}
	return notes, s.take(ctx, tx, codingStep{CommentID: r.CommentID, Part: r.Part, After: before.landed(on), Version: r.Version, Undoes: &step.ID})
}

func readingByID(tx *database.Tx, id int64) (r Reading, err error) {
	var commentID int64
	if err := tx.Row("SELECT comment_id FROM comment_readings WHERE id = ?", id).Scan(&commentID); err != nil {
		return r, fmt.Errorf("find reading %d: %w", id, err)
	}
	if err := tx.Row("SELECT id FROM comments WHERE id = ?"+tx.ForUpdate(), commentID).Scan(&commentID); err != nil {
		return r, fmt.Errorf("lock comment %d: %w", commentID, err)
	}
	return r, database.First(tx.Raw("SELECT * FROM comment_readings WHERE id = ?"+tx.ForUpdate(), id), &r)
}

// builtOn says why a step stays.
func (s *Service) builtOn(tx *database.Tx, step CodingStep) error {
	var name string
	err := tx.Raw(`SELECT p.name FROM coding_steps n JOIN staff p ON p.id = n.staff_id WHERE n.reading_id = ? AND n.id > ? AND n.staff_id <> ? ORDER BY n.id DESC LIMIT 1`,
		step.ReadingID, step.ID, step.StaffID).Scan(&name).Error
	if err != nil {
		return err
	}
	if name == "" {
		return fault.New(fault.Conflict, fmt.Sprintf("The codebook was changed since you coded comment %d, and its coding with it. It stays as it is.", step.CommentID))
	}
	return fault.New(fault.Conflict, fmt.Sprintf("%s has coded comment %d since. Your step stays, so that theirs is not lost.", name, step.CommentID))
}

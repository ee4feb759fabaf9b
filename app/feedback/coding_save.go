package feedback

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// Saved is a comment that was coded.
type Saved struct {
	CommentID int64
	Notes     []string // what the coder must hear: a theme was merged or retired meanwhile
}

// Code stores how a coder codes a comment, with the part that counts. It needs the right to manage feedback. Refused are:
// with an Invalid fault what cannot be (a message at each field); with a Conflict, and nothing changed, a comment that somebody
// else coded meanwhile, that was removed, or in which something was struck out since its parts were marked. A theme that was
// merged or retired meanwhile does not refuse it: the notes say where the coding stands.
func (s *Service) Code(ctx context.Context, commentID int64, f CodingForm) (Saved, error) {
	return s.save(ctx, commentID, f, func(tx *database.Tx) (Part, error) {
		state, err := doubleState(tx, commentID)
		if state == settledState {
			return Third, err
		}
		return First, err
	})
}

// save stores a reading of the part that it is found to be.
func (s *Service) save(ctx context.Context, commentID int64, f CodingForm, partOf func(tx *database.Tx) (Part, error)) (done Saved, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return done, err
	}
	c, err := s.Comment(ctx, commentID)
	if err != nil {
		return done, err
	}
	w, err := f.wish(c)
	if err != nil {
		return done, err
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		done = Saved{CommentID: commentID}
		on, err := s.landTx(ctx, tx, w.themes())
		if err != nil {
			return err
		}
		for _, id := range slices.Sorted(maps.Keys(on)) {
			if told := on[id].Told; told != "" {
				done.Notes = append(done.Notes, told)
			}
		}
		if err := mayStillCode(tx, commentID, f); err != nil {
			return err
		}
		part, err := partOf(tx)
		if err != nil {
			return err
		}
		step := codingStep{CommentID: commentID, Part: part, After: w.landed(on), Offered: f.Offered, Version: f.Version}
		return s.take(ctx, tx, step)
	})
	return done, err
}

// mayStillCode locks the comment, and looks whether its words are those that the coder saw.
func mayStillCode(tx *database.Tx, commentID int64, f CodingForm) error {
	var c Comment
	if err := database.First(tx.Raw("SELECT id, text, redacted FROM comments WHERE id = ?"+tx.ForUpdate(), commentID), &c); err != nil {
		return fmt.Errorf("lock comment %d: %w", commentID, err)
	}
	if c.Text == "" {
		return fault.New(fault.Conflict, "This comment was removed on request, so it cannot be coded any more.")
	}
	if (len(f.Parts) > 0 || f.Excerpt != "") && c.Redacted != f.Redacted {
		return fault.New(fault.Conflict, "What is struck out in this comment was changed while you were coding. Look at the words, and mark the parts again.")
	}
	return nil
}

// codingStep is a step of coding on its way into the tables.
type codingStep struct {
	CommentID int64
	Part      Part
	After     coded
	Offered   string
	Version   int // of the reading that it was made against
	Undoes    *int64
	At        time.Time // the same for all that one act does; by that they are undone as one
}

// take takes a step: it stores the reading, its codings and the step, and sees to the second coding.
func (s *Service) take(ctx context.Context, tx *database.Tx, step codingStep) error {
	if step.At.IsZero() {
		step.At = tx.Now()
	}
	r, err := readingOf(tx, step.CommentID, step.Part)
	if err != nil {
		return err
	}
	if r.Version != step.Version {
		return fault.New(fault.Conflict, "Somebody else coded this comment while you had it open. Both are shown below, and nothing of theirs was changed.")
	}
	before, err := stateOf(tx, r)
	if err != nil {
		return err
	}
	if r.ID != 0 && before.equal(step.After) {
		return nil
	}
	if err := storeReading(ctx, tx, &r, step); err != nil {
		return err
	}
	if err := storeMarks(tx, r, step.After); err != nil {
		return err
	}
	if err := storeStep(ctx, tx, r, before, step); err != nil {
		return err
	}
	if err := s.followDouble(ctx, tx, r, before.Verdict); err != nil {
		return err
	}
	waits, err := waitingAgain(tx, r)
	if err != nil {
		return err
	}
	tx.AfterCommit(func() { s.desk.codedNow(r, waits) })
	action := "comment.code"
	if step.Undoes != nil {
		action = "comment.code_undo"
	}
	return audit.Record(ctx, tx, action, "comments", r.CommentID, audit.Details{"part": r.Part, "verdict": r.Verdict, "themes": step.After.themes(), "version": r.Version})
}

// waitingAgain is the comment as it waits to be coded, where its only coding was taken back.
func waitingAgain(tx *database.Tx, r Reading) (w *waiting, err error) {
	if r.Verdict != TakenBack || r.Part != First {
		return nil, nil
	}
	w = &waiting{id: r.CommentID}
	err = tx.Row("SELECT locality, coalesce(event_id, 0) FROM comments WHERE id = ?", r.CommentID).Scan(&w.locality, &w.event)
	return w, err
}

// readingOf reads a part's reading of a comment and locks it; version 0 where there is none.
func readingOf(tx *database.Tx, commentID int64, part Part) (r Reading, err error) {
	err = database.First(tx.Raw("SELECT * FROM comment_readings WHERE comment_id = ? AND part = ?"+tx.ForUpdate(), commentID, string(part)), &r)
	if database.IsNotFound(err) {
		return Reading{CommentID: commentID, Part: part}, nil
	}
	if err != nil {
		return r, fmt.Errorf("read how comment %d was coded: %w", commentID, err)
	}
	return r, nil
}

func stateOf(tx *database.Tx, r Reading) (w coded, err error) {
	w = coded{Verdict: r.Verdict, Tone: r.Tone, Quotable: r.Quotable}
	if r.ID == 0 {
		return w, nil
	}
	marks, err := readCodings(tx.DB, r.ID)
	for _, k := range marks {
		w.Marks, w.Redacted = append(w.Marks, k.mark()), k.Redacted
	}
	w.Marks = sorted(w.Marks)
	return w, err
}

func (k Coding) mark() Mark {
	return Mark{ThemeID: k.ThemeID, StartAt: k.StartAt, EndAt: k.EndAt, Place: k.Place}
}

// storeReading brings the row up to date; r is as it is then.
func storeReading(ctx context.Context, tx *database.Tx, r *Reading, step codingStep) error {
	now, after := step.At, step.After
	r.CoderID, r.Verdict, r.Tone, r.Quotable = audit.StaffID(ctx), after.Verdict, after.Tone, after.Quotable
	r.Counts = after.Verdict != TakenBack && r.Part != Second
	if step.Undoes == nil {
		r.Suggested, r.Offered = step.Offered != "", step.Offered
	}
	r.Version++
	r.ReadAt = now
	if r.ID == 0 {
		id, err := tx.Insert(`INSERT INTO comment_readings (comment_id, part, coder_id, verdict, tone, quotable, suggested, offered, counts, version, read_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, r.CommentID, string(r.Part), r.CoderID, string(r.Verdict), r.Tone, r.Quotable, r.Suggested, r.Offered, r.Counts, r.Version, now)
		if r.ID = id; err != nil {
			return fmt.Errorf("store how comment %d is coded: %w", r.CommentID, err)
		}
		return nil
	}
	err := tx.Exec(`UPDATE comment_readings SET coder_id = ?, verdict = ?, tone = ?, quotable = ?, suggested = ?, offered = ?, counts = ?, version = ?, read_at = ? WHERE id = ?`,
		r.CoderID, string(r.Verdict), r.Tone, r.Quotable, r.Suggested, r.Offered, r.Counts, r.Version, now, r.ID).Error
	if err != nil {
		return fmt.Errorf("change how comment %d is coded: %w", r.CommentID, err)
	}
	return nil
}

// storeMarks brings the codings of a reading to what it says now. Those that stay keep their ids, by which the history of
// the codebook knows them.
func storeMarks(tx *database.Tx, r Reading, after coded) error {
	there, err := readCodings(tx.DB, r.ID)
	if err != nil {
		return err
	}
	for _, k := range there {
		if slices.ContainsFunc(after.Marks, k.mark().same) {
			continue
		}
		if err := tx.Exec("DELETE FROM codings WHERE id = ?", k.ID).Error; err != nil {
			return fmt.Errorf("take a theme from comment %d: %w", r.CommentID, err)
		}
	}
	if err := tx.Exec("UPDATE codings SET counts = ? WHERE reading_id = ? AND counts <> ?", r.Counts, r.ID, r.Counts).Error; err != nil {
		return err
	}
	for _, m := range after.Marks {
		if slices.ContainsFunc(there, func(k Coding) bool { return k.mark().same(m) }) {
			continue
		}
		err := tx.Exec("INSERT INTO codings (reading_id, comment_id, theme_id, start_at, end_at, redacted, place, counts) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			r.ID, r.CommentID, m.ThemeID, m.StartAt, m.EndAt, max(after.Redacted, 1), m.Place, r.Counts).Error
		if err != nil {
			return fmt.Errorf("give comment %d a theme: %w", r.CommentID, err)
		}
	}
	return nil
}

func storeStep(ctx context.Context, tx *database.Tx, r Reading, before coded, step codingStep) error {
	b, err := json.Marshal(before)
	if err != nil {
		return err
	}
	a, err := json.Marshal(step.After)
	if err != nil {
		return err
	}
	err = tx.Exec("INSERT INTO coding_steps (reading_id, comment_id, staff_id, before, after, undoes, taken_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		r.ID, r.CommentID, audit.StaffID(ctx), string(b), string(a), step.Undoes, step.At).Error
	if err != nil {
		return fmt.Errorf("keep a step of coding comment %d: %w", r.CommentID, err)
	}
	return nil
}

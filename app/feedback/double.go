package feedback

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// The states of a comment that was drawn to be coded by two people.
const (
	waitingState = "waiting" // for the second
	agreedState  = "agreed"
	differsState = "differs" // waits for a third eye
	settledState = "settled"
)

// CodeAgain stores what a second person makes of a comment that was drawn, blind. Whoever coded it first is refused with a
// Forbidden fault; a comment that waits for nobody with a Conflict.
func (s *Service) CodeAgain(ctx context.Context, commentID int64, f CodingForm) (Saved, error) {
	f.Offered = ""
	return s.save(ctx, commentID, f, func(tx *database.Tx) (Part, error) {
		state, err := doubleState(tx, commentID)
		if err != nil {
			return "", err
		}
		if state != waitingState {
			return "", fault.New(fault.Conflict, "This comment does not wait for a second coding any more: somebody else was first.")
		}
		return Second, notTheirs(ctx, tx, commentID, First)
	})
}

// Settle stores the reading that counts where two coders differ. It is for a third person: either of the two is refused with a
// Forbidden fault, a comment that is not in dispute with a Conflict.
func (s *Service) Settle(ctx context.Context, commentID int64, f CodingForm) (Saved, error) {
	f.Offered = ""
	return s.save(ctx, commentID, f, func(tx *database.Tx) (Part, error) {
		state, err := doubleState(tx, commentID)
		if err != nil {
			return "", err
		}
		if state != differsState {
			return "", fault.New(fault.Conflict, "Nobody differs about this comment any more.")
		}
		return Third, notTheirs(ctx, tx, commentID, First, Second)
	})
}

// notTheirs refuses whoever did one of the parts.
func notTheirs(ctx context.Context, tx *database.Tx, commentID int64, parts ...Part) error {
	for _, part := range parts {
		r, err := readingOf(tx, commentID, part)
		if err != nil {
			return err
		}
		if me := audit.StaffID(ctx); me != nil && r.CoderID != nil && *me == *r.CoderID {
			return fault.New(fault.Forbidden, "You coded this comment yourself. Somebody else has to look at it now.")
		}
	}
	return nil
}

// doubleState is how far the second coding of a comment has come, "" where it was not drawn.
func doubleState(tx *database.Tx, commentID int64) (state string, err error) {
	err = tx.Raw("SELECT state FROM double_codings WHERE comment_id = ?", commentID).Scan(&state).Error
	if err != nil {
		return "", fmt.Errorf("look whether two people code comment %d: %w", commentID, err)
	}
	return state, nil
}

// followDouble draws a comment that was coded for the first time, compares where there are two readings, and lets the third count.
func (s *Service) followDouble(ctx context.Context, tx *database.Tx, r Reading, before Verdict) error {
	state, err := doubleState(tx, r.CommentID)
	if err != nil {
		return err
	}
	switch {
	case r.Part == Third:
		return s.countThird(tx, r)
	case state == "" && r.Part == First && before == TakenBack:
		return s.draw(ctx, tx, r)
	case state == waitingState && r.Part == First && (r.Verdict == TakenBack || r.Verdict == Undecided):
		return tx.Exec("DELETE FROM double_codings WHERE comment_id = ?", r.CommentID).Error
	case state != "" && state != settledState:
		return compare(tx, r.CommentID)
	}
	return nil
}

// draw has chance say whether a second person codes the comment too.
func (s *Service) draw(ctx context.Context, tx *database.Tx, r Reading) error {
	if r.Verdict != Coded && r.Verdict != NoneFits {
		return nil
	}
	n, err := rand.Int(rand.Reader, big.NewInt(100))
	if err != nil || n.Int64() >= int64(s.Config.Feedback.DoubleShare) {
		return err
	}
	if err := tx.Exec("INSERT INTO double_codings (comment_id, state, drawn_at) VALUES (?, ?, ?)", r.CommentID, waitingState, tx.Now()).Error; err != nil {
		return fmt.Errorf("draw comment %d: %w", r.CommentID, err)
	}
	return audit.Record(ctx, tx, "comment.draw", "comments", r.CommentID, nil)
}

// compare says whether the first two coders agree.
func compare(tx *database.Tx, commentID int64) error {
	first, err := readingOf(tx, commentID, First)
	if err != nil {
		return err
	}
	second, err := readingOf(tx, commentID, Second)
	if err != nil {
		return err
	}
	state := waitingState
	if second.ID != 0 && second.Verdict != TakenBack {
		one, err := stateOf(tx, first)
		if err != nil {
			return err
		}
		other, err := stateOf(tx, second)
		if err != nil {
			return err
		}
		if state = differsState; one.agrees(other) {
			state = agreedState
		}
	}
	return tx.Exec("UPDATE double_codings SET state = ? WHERE comment_id = ?", state, commentID).Error
}

// countThird lets reports go by the third reading, or by the first again where the third was taken back.
func (s *Service) countThird(tx *database.Tx, r Reading) error {
	state, first := settledState, false
	if r.Verdict == TakenBack {
		state, first = differsState, true
	}
	for _, statement := range []string{
		"UPDATE comment_readings SET counts = ? WHERE comment_id = ? AND part = 'first'",
		"UPDATE codings SET counts = ? WHERE reading_id = (SELECT id FROM comment_readings WHERE comment_id = ? AND part = 'first')",
	} {
		if err := tx.Exec(statement, first, r.CommentID).Error; err != nil {
			return fmt.Errorf("settle comment %d: %w", r.CommentID, err)
		}
	}
	return tx.Exec("UPDATE double_codings SET state = ? WHERE comment_id = ?", state, r.CommentID).Error
}

// mayUndoDouble refuses to take back a reading that a later coder has built on: the second on the first, the third on both.
func mayUndoDouble(tx *database.Tx, r Reading, before Verdict) error {
	state, err := doubleState(tx, r.CommentID)
	if err != nil {
		return err
	}
	built := state == settledState && r.Part != Third || r.Part == First && before == TakenBack && (state == agreedState || state == differsState)
	if built {
		return fault.New(fault.Conflict, fmt.Sprintf("A second person has coded comment %d since, so your step stays.", r.CommentID))
	}
	return nil
}

// Second gives the next comment that waits for a second coding by the person who asks, 0 where there is none.
func (s *Service) Second(ctx context.Context, not int64) (id int64, waiting int, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return 0, 0, err
	}
	const from = ` FROM double_codings d JOIN comments c ON c.id = d.comment_id JOIN comment_readings r ON r.comment_id = d.comment_id AND r.part = 'first'
		WHERE d.state = 'waiting' AND c.text <> '' AND c.set_aside = '' AND coalesce(r.coder_id, 0) <> ?`
	me := audit.ActorFrom(ctx).ID
	read := s.DB.Read(ctx)
	if err := read.Raw("SELECT count(*)"+from, me).Scan(&waiting).Error; err != nil {
		return 0, 0, fmt.Errorf("count comments to code a second time: %w", err)
	}
	err = read.Raw("SELECT d.comment_id"+from+" AND d.comment_id <> ? ORDER BY d.drawn_at, d.comment_id LIMIT 1", me, not).Scan(&id).Error
	return id, waiting, err
}

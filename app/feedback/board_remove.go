package feedback

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/jobs"
)

// holds says whether words of a comment may stand in a report that was issued.
func (c Comment) holds(words string) bool {
	return c.mayBeQuoted() && words != "" && strings.Contains(c.Text, words)
}

// without is a report without the words at some of its places; the other places are where they are then.
func without(content []byte, places, loose []Place) (out []byte, moved []Place) {
	from := 0
	for _, p := range places {
		out = append(out, content[from:p.StartAt]...)
		from = p.EndAt
		start := len(out)
		if slices.ContainsFunc(loose, func(l Place) bool { return l.StartAt == p.StartAt }) {
			out = append(out, Removed...)
		} else {
			out = append(out, content[p.StartAt:p.EndAt]...)
		}
		p.StartAt, p.EndAt = start, len(out)
		moved = append(moved, p)
	}
	return append(out, content[from:]...), moved
}

// BeforeErase takes the words of comments that are about to be erased out of every report that was issued, and withdraws
// their quotations: privacy calls it in the transaction that erases.
func (s *Service) BeforeErase(ctx context.Context, tx *database.Tx, comments []int64) error {
	among, ids := tx.Among(comments)
	if err := tx.Exec("UPDATE quotes SET withdrawn_at = ? WHERE withdrawn_at IS NULL AND comment_id "+among, tx.Now(), ids).Error; err != nil {
		return fmt.Errorf("withdraw quotes: %w", err)
	}
	return s.clearPlaces(ctx, tx, comments, func(_ []byte, places []Place) ([]Place, error) {
		return slices.DeleteFunc(slices.Clone(places), func(p Place) bool { return p.RemovedAt != nil || !slices.Contains(comments, p.CommentID) }), nil
	})
}

// Requote looks after a change of comments whether what is quoted of them still may be: what may not is withdrawn, and taken
// out of every report that was issued. Whatever changes the words of a comment, or the permission, calls it in its transaction.
func (s *Service) Requote(ctx context.Context, tx *database.Tx, comments []int64) error {
	if _, err := withdrawLoose(tx, tx.Now(), comments); err != nil {
		return err
	}
	return s.clearPlaces(ctx, tx, comments, func(content []byte, places []Place) ([]Place, error) {
		return loosePlaces(tx.DB, content, places)
	})
}

// clearPlaces rewrites the reports in which comments stand; loose says which places go.
func (s *Service) clearPlaces(ctx context.Context, tx *database.Tx, comments []int64, loose func([]byte, []Place) ([]Place, error)) error {
	among, ids := tx.Among(comments)
	var reports []int64
	if err := tx.Raw("SELECT DISTINCT report_id FROM report_places WHERE removed_at IS NULL AND comment_id "+among+" ORDER BY report_id", ids).Scan(&reports).Error; err != nil {
		return fmt.Errorf("find where comments are quoted: %w", err)
	}
	for _, id := range reports {
		var r Report
		if err := database.First(tx.Raw("SELECT id, content FROM reports WHERE id = ?"+tx.ForUpdate(), id), &r); err != nil {
			return fmt.Errorf("lock report %d: %w", id, err)
		}
		places, err := placesIn(tx.DB, id)
		if err != nil {
			return err
		}
		gone, err := loose(r.Content, places)
		if err != nil {
			return err
		}
		if len(gone) == 0 {
			continue
		}
		if err := r.rewrite(tx, places, gone); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, "report.remove", "reports", id, audit.Details{"places": len(gone)}); err != nil {
			return err
		}
	}
	return nil
}

// rewrite keeps a report without the words at some places. Its hash stays that of the report as it was issued.
func (r Report) rewrite(tx *database.Tx, places, gone []Place) error {
	content, moved := without(r.Content, places, gone)
	if err := tx.Exec("UPDATE reports SET content = ? WHERE id = ?", content, r.ID).Error; err != nil {
		return fmt.Errorf("rewrite report %d: %w", r.ID, err)
	}
	if err := tx.Exec("DELETE FROM report_places WHERE report_id = ?", r.ID).Error; err != nil {
		return fmt.Errorf("move the places of report %d: %w", r.ID, err)
	}
	now := tx.Now()
	rows := make([][]any, len(moved))
	for i, p := range moved {
		if slices.ContainsFunc(gone, func(g Place) bool { return g.StartAt == places[i].StartAt }) {
			p.RemovedAt = &now
		}
		rows[i] = []any{r.ID, p.CommentID, p.StartAt, p.EndAt, p.RemovedAt}
	}
	if _, err := tx.ExecMany("INSERT INTO report_places (report_id, comment_id, start_at, end_at, removed_at) VALUES ", "(?, ?, ?, ?, ?)", "", rows); err != nil {
		return fmt.Errorf("move the places of report %d: %w", r.ID, err)
	}
	return nil
}

// RequoteJob looks once in a while at everything that is quoted, so that nothing stands for long in the database that no page
// shows any more.
func (s *Service) RequoteJob() jobs.Job {
	return jobs.Job{Name: "quotes", Every: time.Hour, Lease: 10 * time.Minute, Run: func(ctx context.Context) error {
		var comments []int64
		if err := s.DB.Read(ctx).Raw(`SELECT comment_id FROM quotes WHERE withdrawn_at IS NULL UNION SELECT comment_id FROM report_places WHERE removed_at IS NULL ORDER BY 1`).Scan(&comments).Error; err != nil {
			return fmt.Errorf("find what is quoted: %w", err)
		}
		for some := range slices.Chunk(comments, 200) {
			if err := s.DB.Write(ctx, func(tx *database.Tx) error { return s.Requote(ctx, tx, some) }); err != nil {
				return err
			}
		}
		return nil
	}}
}

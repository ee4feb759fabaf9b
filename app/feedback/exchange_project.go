package feedback

import (
	"context"
	"fmt"
	"time"

	"conversations/app/feedback/refi"
)

// codedRow is a coding with its comment and its coder, or a reading without a coding.
type codedRow struct {
	CommentID int64
	About     string
	Text      string
	Now       int // how often what is struck out has changed
	CreatedAt time.Time
	CoderID   int64
	Coder     string
	ReadAt    time.Time
	CodingID  int64
	ThemeID   int64
	StartAt   int
	EndAt     int
	Redacted  int
}

func (r codedRow) title() string { return "Comment " + key(r.CommentID) }

// codedRows reads what was coded, comment by comment, in the order in which it was coded.
func (s *Service) codedRows(ctx context.Context) (rows []codedRow, err error) {
	err = s.DB.Read(ctx).Raw(`SELECT c.id AS comment_id, c.about, c.text, c.redacted AS now, c.created_at, coalesce(r.coder_id, 0) AS coder_id, coalesce(s.name, '') AS coder, r.read_at,
		coalesce(g.id, 0) AS coding_id, coalesce(g.theme_id, 0) AS theme_id, coalesce(g.start_at, 0) AS start_at, coalesce(g.end_at, 0) AS end_at, coalesce(g.redacted, 0) AS redacted
		FROM comment_readings r JOIN comments c ON c.id = r.comment_id LEFT JOIN staff s ON s.id = r.coder_id LEFT JOIN codings g ON g.reading_id = r.id
		WHERE c.text <> '' ORDER BY c.id, r.id, g.start_at, g.end_at, g.id`).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read what was coded: %w", err)
	}
	return rows, nil
}

// into puts a coding into its source: at the marked place, or of the whole where none is marked or the text has changed since.
func (r codedRow) into(source *refi.Source, theme string, id func(parts ...string) string) {
	coding := refi.Coding{GUID: id("coding", key(r.CodingID)), Code: theme, Created: r.ReadAt}
	if r.CoderID != 0 {
		coding.Creator = id("staff", key(r.CoderID))
	}
	long := len([]rune(source.Text))
	if r.EndAt <= r.StartAt || r.Redacted != r.Now || r.EndAt > long {
		source.Codings = append(source.Codings, coding)
		return
	}
	place := refi.Selection{GUID: id("excerpt", key(r.CodingID)), Start: r.StartAt, End: r.EndAt, Creator: coding.Creator, Created: r.ReadAt, Codings: []refi.Coding{coding}}
	source.Selections = append(source.Selections, place)
}

package feedback

import (
	"context"
	"fmt"
	"time"

	"conversations/app/database"
)

// sinceLast says what came of what people said since the last report of the same kind: done, overdue, unanswered.
func (s *Service) sinceLast(ctx context.Context, b *Board) error {
	read := s.DB.Read(ctx)
	var last Report
	err := database.First(read.Raw(`SELECT id, title, issued_at FROM reports WHERE kind = 'board' AND published = ? ORDER BY id DESC LIMIT 1`, b.Form.Published), &last)
	if err != nil && !database.IsNotFound(err) {
		return fmt.Errorf("read the last report: %w", err)
	}
	since, first := "", "This is the first report of its kind."
	if last.ID != 0 {
		since = s.dateOf(last.IssuedAt)
		first = fmt.Sprintf("The last report was issued on %s: %s.", s.dayText(last.IssuedAt), last.Title)
	}
	shown := "a.approval = 'published'"
	if !b.Form.Published {
		shown = "TRUE"
	}
	done, err := s.actionLines(ctx, shown+` AND a.state = 'done' AND a.done_on >= ? ORDER BY a.done_on, a.id`, since)
	if err != nil {
		return err
	}
	overdue, err := s.actionLines(ctx, shown+` AND a.state NOT IN ('done', 'will-not') AND a.due_on <> '' AND a.due_on < ? ORDER BY a.due_on, a.id`, s.dateOf(b.At))
	if err != nil {
		return err
	}
	b.Since = []BoardSince{{Heading: "", Lines: []string{first}}, {"Done", orNone(done, "Nothing was done in this time.")}, {"Overdue", orNone(overdue, "Nothing is overdue.")}}
	if b.Form.Published {
		return nil // which themes are large would tell of numbers that are hidden
	}
	open, err := s.unanswered(ctx)
	if err != nil {
		return err
	}
	b.Since = append(b.Since, BoardSince{"Unanswered", orNone(open, "Every large theme has an answer.")})
	return nil
}

func orNone(lines []string, none string) []string {
	if len(lines) == 0 {
		return []string{none}
	}
	return lines
}

func (s *Service) actionLines(ctx context.Context, where string, args ...any) (lines []string, err error) {
	var rows []struct{ Title, Owner, DueOn, DoneOn, Locality string }
	if err := s.DB.Read(ctx).Raw(`SELECT a.title, a.owner, a.due_on, a.done_on, a.locality FROM actions a WHERE `+where, args...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read what was done: %w", err)
	}
	for _, r := range rows {
		line := r.Title
		if l, known := s.Config.Locality(r.Locality); known {
			line += " (" + l.Name + ")"
		}
		switch {
		case r.DoneOn != "":
			line += ". Done on " + dateWords(r.DoneOn)
		case r.DueOn != "":
			line += ". Due on " + dateWords(r.DueOn)
		}
		if r.Owner != "" {
			line += ". " + r.Owner
		}
		lines = append(lines, line+".")
	}
	return lines, nil
}

// unanswered are large themes to which no answer was begun.
func (s *Service) unanswered(ctx context.Context) (lines []string, err error) {
	themes, err := s.unansweredThemes(ctx)
	for _, t := range themes {
		lines = append(lines, fmt.Sprintf("%s: %s.", t.Name, counted(t.Comments, "comment", "comments")))
	}
	return lines, err
}

// dateOf is a day as the tables keep it, in the zone of the programme.
func (s *Service) dateOf(at time.Time) string { return at.In(s.Config.Zone()).Format(time.DateOnly) }

// dayText is a day as people read it.
func (s *Service) dayText(at time.Time) string {
	return at.In(s.Config.Zone()).Format("2 January 2006")
}

func dateWords(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return at.Format("2 January 2006")
}

package feedback

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
)

// ReadingNow is how a comment is coded, with who coded it.
type ReadingNow struct {
	Reading
	Coder string   // a name, "" where it was the program
	Marks []Coding `gorm:"-"`
}

// ReadingOf gives a part's reading of a comment. Version is 0 where there is none.
func (s *Service) ReadingOf(ctx context.Context, commentID int64, part Part) (r ReadingNow, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return r, err
	}
	read := s.DB.Read(ctx)
	err = database.First(read.Raw(`SELECT r.*, coalesce(p.name, '') AS coder FROM comment_readings r LEFT JOIN staff p ON p.id = r.coder_id
		WHERE r.comment_id = ? AND r.part = ?`, commentID, string(part)), &r)
	if database.IsNotFound(err) {
		return ReadingNow{Reading: Reading{CommentID: commentID, Part: part}}, nil
	}
	if err != nil {
		return r, fmt.Errorf("read how comment %d is coded: %w", commentID, err)
	}
	r.Marks, err = readCodings(read, r.ID)
	return r, err
}

// Counting gives the reading that reports go by, or where there is none yet the first.
func (s *Service) Counting(ctx context.Context, commentID int64) (ReadingNow, error) {
	third, err := s.ReadingOf(ctx, commentID, Third)
	if err != nil || third.Counts {
		return third, err
	}
	return s.ReadingOf(ctx, commentID, First)
}

func readCodings(q *gorm.DB, readingID int64) (all []Coding, err error) {
	if err := q.Raw("SELECT * FROM codings WHERE reading_id = ? ORDER BY theme_id, start_at", readingID).Scan(&all).Error; err != nil {
		return nil, fmt.Errorf("read the themes of reading %d: %w", readingID, err)
	}
	return all, nil
}

// recent are the themes that somebody used last, the last first.
func (s *Service) recent(ctx context.Context, most int) (ids []int64, err error) {
	var used []int64
	err = s.DB.Read(ctx).Raw(`SELECT k.theme_id FROM (SELECT id, read_at FROM comment_readings WHERE coder_id = ? ORDER BY read_at DESC LIMIT 20) r
		JOIN codings k ON k.reading_id = r.id ORDER BY r.read_at DESC, k.id`, audit.ActorFrom(ctx).ID).Scan(&used).Error
	if err != nil {
		return nil, fmt.Errorf("find themes that were used last: %w", err)
	}
	for _, id := range used {
		if !slices.Contains(ids, id) && len(ids) < most {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

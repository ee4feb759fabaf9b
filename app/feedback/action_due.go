package feedback

import (
	"context"
	"fmt"

	"conversations/app/accounts"
)

// manyComments is from how many comments on a theme needs an answer, and the staff's home says so while it has none.
const manyComments = 10

// ActionTodos is what waits to be done about answers.
type ActionTodos struct {
	Overdue    int
	Approval   int // wait for it
	Unanswered []UnansweredTheme
}

// UnansweredTheme is a theme that many raised and nobody answered.
type UnansweredTheme struct {
	ID       int64
	Name     string
	Comments int
}

// ActionsDue says what waits: answers that are late, answers to approve, and themes of ten comments or more to which
// nothing was begun, the largest first.
func (s *Service) ActionsDue(ctx context.Context) (due ActionTodos, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return due, err
	}
	err = s.DB.Read(ctx).Raw(`SELECT coalesce(sum(CASE WHEN due_on <> '' AND due_on < ? AND state NOT IN ('done', 'will-not') THEN 1 ELSE 0 END), 0) AS overdue,
		coalesce(sum(CASE WHEN approval = 'asked' THEN 1 ELSE 0 END), 0) AS approval FROM actions`, s.today()).Row().Scan(&due.Overdue, &due.Approval)
	if err != nil {
		return due, fmt.Errorf("count the answers that wait: %w", err)
	}
	due.Unanswered, err = s.unansweredThemes(ctx)
	return due, err
}

func (s *Service) unansweredThemes(ctx context.Context) (list []UnansweredTheme, err error) {
	read := s.DB.Read(ctx)
	themes, err := readThemes(read)
	if err != nil {
		return nil, err
	}
	var answered []int64
	if err := read.Raw(`SELECT DISTINCT theme_id FROM actions`).Scan(&answered).Error; err != nil {
		return nil, fmt.Errorf("read which themes have answers: %w", err)
	}
	has := map[int64]bool{}
	for _, id := range answered {
		has[standing(themes, id)] = true
	}
	var large []UnansweredTheme
	err = read.Raw(`SELECT k.theme_id AS id, t.name, count(DISTINCT k.comment_id) AS comments FROM codings k JOIN comments c ON c.id = k.comment_id JOIN themes t ON t.id = k.theme_id
		WHERE k.counts AND c.set_aside = '' AND t.retired_at IS NULL AND NOT t.gone GROUP BY k.theme_id, t.name HAVING count(DISTINCT k.comment_id) >= ? ORDER BY comments DESC, k.theme_id`, manyComments).Scan(&large).Error
	if err != nil {
		return nil, fmt.Errorf("count the comments of each theme: %w", err)
	}
	for _, t := range large {
		if !answeredAbove(themes, has, t.ID) {
			list = append(list, t)
		}
	}
	return list, nil
}

// answeredAbove says whether a theme or one that it stands below has an answer.
func answeredAbove(themes []Theme, has map[int64]bool, id int64) bool {
	for range themes {
		if id == 0 || has[id] {
			break
		}
		id = themeOf(themes, id).Parent()
	}
	return has[id]
}

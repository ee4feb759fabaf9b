package feedback

import (
	"context"
	"fmt"
	"slices"

	"conversations/app/accounts"
)

// The orders in which comments come up to be coded.
const (
	AtRandom     = "random"    // the default: whatever was coded when somebody stops is a fair sample
	LeastCertain = "uncertain" // those from which the suggestions learn most
	OneTheme     = "theme"     // those that a theme most likely fits
)

// NextFilter chooses the comment that comes up next.
type NextFilter struct {
	Order    string
	Theme    int64 // with OneTheme
	Locality string
	Event    int64
	Not      []int64 // those that are on the screen
}

// Upcoming is the comment that comes up next.
type Upcoming struct {
	ID       int64 // 0: all that are wanted are coded
	Waiting  int   // how many are not coded yet, this one among them
	AtRandom bool  // chosen by chance, though another order was asked for: nothing is learnt yet, or all that it lists is coded
}

// Next gives a comment that nobody has coded yet. It needs the right to manage feedback. It is chosen from memory: it takes as long
// with many comments as with few.
func (s *Service) Next(ctx context.Context, f NextFilter) (u Upcoming, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return u, err
	}
	if err := s.desk.load(s.DB.Read(ctx)); err != nil {
		return u, err
	}
	for {
		if u = s.choose(f); u.ID == 0 {
			return u, nil
		}
		waits, err := s.waits(ctx, u.ID)
		if err != nil || waits {
			return u, err
		}
		s.desk.drop(u.ID)
	}
}

func (s *Service) choose(f NextFilter) (u Upcoming) {
	wanted := func(w waiting) bool {
		return (f.Locality == "" || w.locality == f.Locality) && (f.Event == 0 || w.event == f.Event) && !slices.Contains(f.Not, w.id)
	}
	u.ID, u.Waiting = s.desk.atRandom(wanted)
	var order []int64
	switch l := s.desk.learnt.Load(); {
	case f.Order != LeastCertain && f.Order != OneTheme:
		return u
	case l != nil && f.Order == LeastCertain:
		order = l.uncertain
	case l != nil:
		order = l.likely[f.Theme]
	}
	if id := s.desk.firstOf(order, wanted); id != 0 {
		u.ID = id
		return u
	}
	u.AtRandom = u.ID != 0
	return u
}

// waits says whether a comment is there to be coded still: somebody at another machine may have coded it.
func (s *Service) waits(ctx context.Context, id int64) (waits bool, err error) {
	var n int
	err = s.DB.Read(ctx).Raw(`SELECT count(*) FROM comments c WHERE c.id = ? AND c.text <> '' AND c.set_aside = ''
		AND NOT EXISTS (SELECT 1 FROM comment_readings r WHERE r.comment_id = c.id AND r.counts)`, id).Scan(&n).Error
	if err != nil {
		return false, fmt.Errorf("look whether comment %d waits: %w", id, err)
	}
	return n == 1, nil
}

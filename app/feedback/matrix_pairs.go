package feedback

import (
	"context"
	"fmt"

	"conversations/app/accounts"
)

// ThemePair is two themes that were found in the same comments.
type ThemePair struct {
	One, Other Theme
	Both       int // comments
	OfOne      int // comments with the first
	OfOther    int
}

// Together gives the themes that were found in the same comments, the most frequent first. A theme counts here where it was
// found itself, not where one below it was.
func (s *Service) Together(ctx context.Context, f Filter) (list []ThemePair, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return nil, err
	}
	read := s.DB.Read(ctx)
	themes, err := readThemes(read)
	if err != nil {
		return nil, err
	}
	byID := map[int64]Theme{}
	for _, t := range themes {
		byID[t.ID] = t
	}
	base, args := s.baseOf(f, byLocality)
	var rows []struct {
		One, Other int64
		N          int
	}
	found := `, found AS (SELECT DISTINCT k.comment_id, k.theme_id FROM base JOIN codings k ON k.comment_id = base.id AND k.counts)`
	err = read.Raw(`WITH `+base+found+` SELECT a.theme_id AS one, b.theme_id AS other, count(*) AS n
		FROM found a JOIN found b ON b.comment_id = a.comment_id AND b.theme_id >= a.theme_id GROUP BY a.theme_id, b.theme_id ORDER BY n DESC, one, other`, args...).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("count themes that stand together: %w", err)
	}
	alone := map[int64]int{}
	for _, r := range rows {
		if r.One == r.Other {
			alone[r.One] = r.N
		}
	}
	for _, r := range rows {
		one, known := byID[r.One]
		other, also := byID[r.Other]
		if r.One != r.Other && known && also {
			list = append(list, ThemePair{One: one, Other: other, Both: r.N, OfOne: alone[r.One], OfOther: alone[r.Other]})
		}
	}
	return list, nil
}

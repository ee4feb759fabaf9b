package feedback

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"conversations/app/accounts"
	"conversations/app/database"
	"conversations/app/fault"
)

// Themes gives the live themes in the order of the tree, each after the one that it stands below, with its depth.
func (s *Service) Themes(ctx context.Context) ([]Theme, error) {
	all, err := s.AllThemes(ctx)
	return slices.DeleteFunc(all, func(t Theme) bool { return !t.Live() }), err
}

// AllThemes is Themes with those that were retired or merged into another, where they stood.
func (s *Service) AllThemes(ctx context.Context) ([]Theme, error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return nil, err
	}
	return readThemes(s.DB.Read(ctx))
}

func readThemes(q *gorm.DB) (themes []Theme, err error) {
	if err := q.Raw(`SELECT * FROM themes WHERE NOT gone ORDER BY position, id`).Scan(&themes).Error; err != nil {
		return nil, fmt.Errorf("read the themes: %w", err)
	}
	return tree(themes), nil
}

// tree puts themes into the order in which they are read, and says how deep each stands.
func tree(themes []Theme) (ordered []Theme) {
	below := map[int64][]Theme{}
	for _, t := range themes {
		below[t.Parent()] = append(below[t.Parent()], t)
	}
	var walk func(parent int64, depth int)
	walk = func(parent int64, depth int) {
		slices.SortStableFunc(below[parent], func(a, b Theme) int { return a.Position - b.Position })
		for _, t := range below[parent] {
			t.Depth = depth
			ordered = append(ordered, t)
			walk(t.ID, depth+1)
		}
	}
	walk(0, 0)
	return ordered
}

// Version is the version of the codebook: the number of its newest change, 0 while nothing is in it.
func (s *Service) Version(ctx context.Context) (version int64, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return 0, err
	}
	err = s.DB.Read(ctx).Raw(`SELECT coalesce(max(id), 0) FROM theme_changes`).Scan(&version).Error
	return version, err
}

// Theme gives one theme, retired or not. A NotFound fault where there is none.
func (s *Service) Theme(ctx context.Context, id int64) (t Theme, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return t, err
	}
	return found(database.First(s.DB.Read(ctx).Raw(`SELECT * FROM themes WHERE id = ? AND NOT gone`, id), &t), t)
}

// ThemeByCode gives the theme with a code, in capital or small letters, retired or not. A NotFound fault where there is none.
func (s *Service) ThemeByCode(ctx context.Context, code string) (t Theme, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return t, err
	}
	return found(database.First(s.DB.Read(ctx).Raw(`SELECT * FROM themes WHERE lower(code) = lower(?) AND NOT gone`, strings.TrimSpace(code)), &t), t)
}

func found(err error, t Theme) (Theme, error) {
	if database.IsNotFound(err) {
		return t, noTheme()
	}
	return t, err
}

func noTheme() error { return fault.New(fault.NotFound, "There is no such theme in the codebook.") }

// ThemeCounts says in how many comments each theme was found, by its id, going by the readings that count.
func (s *Service) ThemeCounts(ctx context.Context) (map[int64]int, error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return nil, err
	}
	var rows []struct {
		ThemeID  int64
		Comments int
	}
	err := s.DB.Read(ctx).Raw(`SELECT theme_id, count(DISTINCT comment_id) AS comments FROM codings WHERE counts GROUP BY theme_id`).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("count the comments of each theme: %w", err)
	}
	counts := map[int64]int{}
	for _, r := range rows {
		counts[r.ThemeID] = r.Comments
	}
	return counts, nil
}

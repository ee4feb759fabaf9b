package feedback

import (
	"context"
	"fmt"

	"conversations/app/accounts"
	"conversations/app/fault"
)

// ThemeMerge is what becomes of two themes that are made one.
type ThemeMerge struct {
	Gone, Kept Theme
	Codings    int      // that go over
	Doubles    int      // of them, where the same reading has both at the same place: they become one
	Below      []Theme  // those that come to stand below the kept one
	Coders     []string // who coded with the one that goes in the last day
}

// PreviewThemeMerge shows what merging one theme into another would do, without doing it. An Invalid fault with a message at
// "into" where it cannot be.
func (s *Service) PreviewThemeMerge(ctx context.Context, goneID, keptID int64) (m ThemeMerge, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return m, err
	}
	all, err := s.AllThemes(ctx)
	if err != nil {
		return m, err
	}
	c := inMemory(all)
	if m.Gone, m.Kept, err = c.mayMerge(goneID, keptID); err != nil {
		return m, err
	}
	for _, t := range c.below(goneID) {
		m.Below = append(m.Below, *t)
	}
	q := s.DB.Read(ctx)
	err = q.Raw(`SELECT count(*) AS codings, count(o.id) AS doubles FROM codings g
		LEFT JOIN codings o ON o.reading_id = g.reading_id AND o.theme_id = ? AND o.start_at = g.start_at AND o.end_at = g.end_at WHERE g.theme_id = ?`, keptID, goneID).
		Row().Scan(&m.Codings, &m.Doubles)
	if err != nil {
		return m, fmt.Errorf("count what a merge moves: %w", err)
	}
	err = q.Raw(`SELECT DISTINCT s.name FROM codings g JOIN comment_readings r ON r.id = g.reading_id JOIN staff s ON s.id = r.coder_id
		WHERE g.theme_id = ? AND r.read_at > ? ORDER BY s.name`, goneID, s.DB.Now().AddDate(0, 0, -1)).Scan(&m.Coders).Error
	return m, err
}

// inMemory is a codebook to look at, not to store.
func inMemory(themes []Theme) *codebook {
	c := &codebook{themes: map[int64]*Theme{}}
	for i, t := range themes {
		c.themes[t.ID] = &themes[i]
	}
	return c
}

func (c *codebook) mayMerge(goneID, keptID int64) (gone, kept Theme, err error) {
	g, err := c.live(goneID)
	if err != nil {
		return gone, kept, err
	}
	k := c.themes[keptID]
	into := func(message string) error { return fault.Fields{{Name: "into", Message: message}}.Err() }
	switch {
	case k == nil || !k.Live():
		return *g, kept, into("Choose the theme that it is merged into")
	case keptID == goneID:
		return *g, *k, into("Choose another theme: this one cannot be merged into itself")
	case c.inside(keptID, goneID):
		return *g, *k, into(fmt.Sprintf("%q stands below %q. Move it first, or merge it the other way round", k.Name, g.Name))
	}
	return *g, *k, nil
}

// MergeThemes merges one theme into another: its codings become the other's, those in one reading that are the same then are
// one, what stands below it comes to stand below the other, and whoever codes with it from now on codes with the other. The versions
// are those that the preview showed; a Conflict where one of the two was changed since.
func (s *Service) MergeThemes(ctx context.Context, goneID, keptID int64, goneVersion, keptVersion int) (Change, error) {
	return s.changeThemes(ctx, "merge", func(c *codebook) error {
		if _, _, err := c.mayMerge(goneID, keptID); err != nil {
			return err
		}
		gone, kept := c.themes[goneID], c.themes[keptID]
		if err := c.asSeen(gone, goneVersion); err != nil {
			return err
		}
		if err := c.asSeen(kept, keptVersion); err != nil {
			return err
		}
		for _, t := range c.below(goneID) {
			c.place(t, keptID, atEnd)
		}
		now := c.tx.Now()
		gone.RetiredAt, gone.MergedInto, c.about = &now, &keptID, goneID
		return c.moveAll(goneID, keptID)
	})
}

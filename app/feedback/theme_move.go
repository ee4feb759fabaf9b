package feedback

import (
	"context"
	"slices"

	"conversations/app/fault"
)

// StepTheme moves a theme one place up (-1) or down (1) among the live ones of its parent. At the end of the row it stays.
func (s *Service) StepTheme(ctx context.Context, id int64, by int) error {
	_, err := s.changeThemes(ctx, "move", func(c *codebook) error {
		t, err := c.live(id)
		if err != nil {
			return err
		}
		all := c.below(t.Parent())
		live := slices.DeleteFunc(slices.Clone(all), func(o *Theme) bool { return !o.Live() })
		to := slices.Index(live, t) + by
		if to < 0 || to >= len(live) {
			return nil
		}
		c.place(t, t.Parent(), slices.Index(all, live[to])+1) // where the neighbour was
		return nil
	})
	return err
}

// MoveTheme puts a theme, with all below it, at the end below another one (0 is the top). Version is the theme's as it was
// seen; a Conflict where it was changed since.
func (s *Service) MoveTheme(ctx context.Context, id, parent int64, version int) error {
	_, err := s.changeThemes(ctx, "move", func(c *codebook) error {
		t, err := c.live(id)
		if err != nil {
			return err
		}
		if err := c.asSeen(t, version); err != nil {
			return err
		}
		if err := c.mayStandBelow(parent); err != nil {
			return err
		}
		if parent != 0 && c.inside(parent, id) {
			return fault.Fields{{Name: "parent", Message: "A theme cannot stand below itself, or below one that stands below it. Choose another"}}.Err()
		}
		if parent != t.Parent() {
			c.place(t, parent, atEnd)
		}
		return nil
	})
	return err
}

package feedback

import (
	"context"
	"fmt"

	"conversations/app/fault"
)

// RetireTheme takes a theme, with all below it, out of use. Codings stay under it.
func (s *Service) RetireTheme(ctx context.Context, id int64, version int) error {
	_, err := s.changeThemes(ctx, "retire", func(c *codebook) error {
		t, err := c.live(id)
		if err != nil {
			return err
		}
		if err := c.asSeen(t, version); err != nil {
			return err
		}
		c.about = id
		c.retire(t)
		return nil
	})
	return err
}

func (c *codebook) retire(t *Theme) {
	now := c.tx.Now()
	t.RetiredAt = &now
	for _, below := range c.below(t.ID) {
		if below.Live() {
			c.retire(below)
		}
	}
}

// RestoreTheme puts a theme that was retired into use again. Those that were retired with it stay out. A Conflict where it was
// merged into another, or stands below one that is retired.
func (s *Service) RestoreTheme(ctx context.Context, id int64) error {
	_, err := s.changeThemes(ctx, "restore", func(c *codebook) error {
		t, err := c.theme(id)
		if err != nil {
			return err
		}
		if t.MergedInto != nil {
			return fault.New(fault.Conflict, fmt.Sprintf("The theme %q was merged into %q. Undo the merge in the history to have it back.", t.Name, c.themes[*t.MergedInto].Name))
		}
		t.RetiredAt = nil
		return nil
	})
	return err
}

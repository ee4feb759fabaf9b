package feedback

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"conversations/app/audit"
	"conversations/app/fault"
)

// changed tells what is different from before: what was meant, and who only made room.
func (c *codebook) changed() (d changeDetails) {
	for _, id := range slices.Sorted(maps.Keys(c.themes)) {
		before, after := c.before[id], c.themes[id].state()
		if before == after {
			continue
		}
		moved := before
		moved.Position = after.Position
		if moved == after && !c.placed[id] {
			d.Shifted = append(d.Shifted, shifted{id, before.Position, after.Position})
		} else {
			d.Themes = append(d.Themes, themeChange{id, before, after, c.placed[id]})
		}
	}
	d.Moves = c.moves
	return d
}

// store writes what is different and its entry in the history. What would not be a codebook any more is refused.
func (c *codebook) store(ctx context.Context, entry Change) (Change, error) {
	d := c.changed()
	if len(d.Themes) == 0 && len(d.Moves) == 0 {
		return Change{}, nil
	}
	if err := c.sound(); err != nil {
		return entry, err
	}
	if err := c.write(d); err != nil {
		return entry, err
	}
	text, err := json.Marshal(d)
	if err != nil {
		return entry, err
	}
	entry.Details, entry.ChangedAt, entry.ChangedBy = string(text), c.tx.Now(), nil
	if entry.ThemeID == 0 {
		entry.ThemeID = d.Themes[0].ID
	}
	if a := audit.ActorFrom(ctx); a.Kind == audit.Staff && a.ID != 0 {
		entry.ChangedBy = &a.ID
	}
	if err := c.tx.Create(&entry).Error; err != nil {
		return entry, fmt.Errorf("note a change of the codebook: %w", err)
	}
	return entry, audit.Record(ctx, c.tx, "theme."+entry.Kind, "themes", entry.ThemeID, audit.Details{"change": entry.ID, "themes": len(d.Themes), "codings": d.codings()})
}

// write stores the rows that are different. Codes that change hands do so by way of none.
func (c *codebook) write(d changeDetails) error {
	for _, change := range d.Themes {
		if change.Before.Code != change.After.Code && change.Before.Code != "" {
			if err := c.tx.Exec(`UPDATE themes SET code = ? WHERE id = ?`, fmt.Sprintf("\x01%d", change.ID), change.ID).Error; err != nil {
				return err
			}
		}
	}
	for _, change := range d.Themes {
		t := c.themes[change.ID]
		if !change.Before.Gone || change.After.Gone || t.Version > 1 {
			t.Version++
		}
		t.UpdatedAt = c.tx.Now()
		if err := c.tx.Save(t).Error; err != nil {
			return fmt.Errorf("store theme %d: %w", t.ID, err)
		}
	}
	for _, s := range d.Shifted {
		if err := c.tx.Exec(`UPDATE themes SET position = ? WHERE id = ?`, s.To, s.ID).Error; err != nil {
			return err
		}
	}
	return nil
}

// sound refuses, in words, a codebook in which a code stands twice, a theme stands below itself, or a live one below one that
// is not.
func (c *codebook) sound() error {
	codes := map[string]string{}
	for _, id := range slices.Sorted(maps.Keys(c.themes)) {
		t := c.themes[id]
		if t.Gone {
			continue
		}
		code := strings.ToLower(t.Code)
		if other, twice := codes[code]; twice {
			return fault.New(fault.Conflict, fmt.Sprintf("The themes %q and %q would both have the code %q. Change one of the two first.", other, t.Name, t.Code))
		}
		codes[code] = t.Name
		if t.ParentID == nil {
			continue
		}
		parent := c.themes[*t.ParentID]
		switch {
		case parent == nil || parent.Gone:
			return fault.New(fault.Conflict, fmt.Sprintf("The theme %q would stand below one that is not there.", t.Name))
		case t.Live() && !parent.Live():
			return fault.New(fault.Conflict, fmt.Sprintf("The theme %q would stand below %q, which is retired. Restore or move one of the two first.", t.Name, parent.Name))
		case c.inside(parent.ID, t.ID):
			return fault.New(fault.Conflict, fmt.Sprintf("The theme %q would stand below itself.", t.Name))
		}
	}
	return nil
}

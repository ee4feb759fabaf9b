package feedback

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"conversations/app/database"
	"conversations/app/fault"
)

// UndoChange takes a change of the codebook back, as an entry of its own in the history, which can be undone too. What others did
// since stays; where they have built on what it would take back it is refused, with a Conflict that says who did what.
func (s *Service) UndoChange(ctx context.Context, id int64) (Change, error) {
	return s.changeThemes(ctx, "undo", func(c *codebook) error {
		u, err := c.undoing(id)
		if err != nil {
			return err
		}
		if err := u.refused(); err != nil {
			return err
		}
		c.about, c.undoes = u.target.ThemeID, id
		u.restoreThemes()
		if err := u.restoreCodings(); err != nil {
			return err
		}
		return u.nothingLeft()
	})
}

// undoing is a change that is taken back, and what came after it.
type undoing struct {
	*codebook
	target  Change
	details changeDetails
	later   []Change // that stand, in the order in which they were made
	undone  bool
}

func (c *codebook) undoing(id int64) (u undoing, err error) {
	u.codebook = c
	if err = database.First(c.tx.Raw(`SELECT * FROM theme_changes WHERE id = ?`, id), &u.target); err != nil {
		if database.IsNotFound(err) {
			err = fault.New(fault.NotFound, "There is no such change in the history of the codebook.")
		}
		return u, err
	}
	if u.details, err = u.target.details(); err != nil {
		return u, err
	}
	var later []Change
	if err := c.tx.Raw(`SELECT * FROM theme_changes WHERE id > ? ORDER BY id`, id).Scan(&later).Error; err != nil {
		return u, err
	}
	cancelled := cancelled(later)
	u.undone = cancelled[id]
	for _, l := range later {
		if !cancelled[l.ID] && (l.Undoes == nil || *l.Undoes < id) {
			u.later = append(u.later, l)
		}
	}
	return u, nil
}

// cancelled says which changes have been undone, and stay so.
func cancelled(changes []Change) map[int64]bool {
	gone := map[int64]bool{}
	for _, change := range slices.Backward(changes) {
		if change.Undoes != nil && !gone[change.ID] {
			gone[*change.Undoes] = true
		}
	}
	return gone
}

// refused says what was built on the change.
func (u undoing) refused() error {
	if u.undone {
		return fault.New(fault.Conflict, "This was undone already.")
	}
	for _, later := range u.later {
		d, err := later.details()
		if err != nil {
			return err
		}
		if name, built := u.builtOn(d); built {
			who, err := u.whoMade(later)
			if err != nil {
				return err
			}
			return fault.New(fault.Conflict, fmt.Sprintf("%s has built on this: %s (entry %d of the history, about the theme %q). Undo that first.", who, later.did(), later.ID, name))
		}
	}
	return nil
}

// builtOn says whether a later change stands on this one, and on which theme.
func (u undoing) builtOn(later changeDetails) (theme string, built bool) {
	mine := map[int64]themeChange{}
	for _, t := range u.details.Themes {
		mine[t.ID] = t
	}
	for _, t := range later.Themes {
		if m, same := mine[t.ID]; same && m.meets(t) {
			return t.After.Name, true
		}
		for _, on := range []int64{t.After.Parent, t.After.MergedInto} {
			if m, same := mine[on]; same && m.Before.Gone && on != 0 {
				return t.After.Name, true
			}
		}
	}
	moved := map[int64]bool{}
	for _, m := range u.details.Moves {
		moved[m.From], moved[m.To] = true, true
	}
	for _, m := range later.Moves {
		for _, id := range []int64{m.From, m.To} {
			if moved[id] {
				return u.themes[id].Name, true
			}
		}
	}
	return "", false
}

// meets says whether two changes of one theme concern the same of it.
func (m themeChange) meets(other themeChange) bool {
	if m.Before.Gone || other.Before.Gone || other.After.Gone {
		return true
	}
	if m.Placed && other.Placed {
		return true
	}
	a, b := m.texts(), other.texts()
	for i := range a {
		if a[i] && b[i] {
			return true
		}
	}
	return false
}

// texts says which facts of a theme a change concerned, apart from its place.
func (m themeChange) texts() [8]bool {
	a, b := m.Before, m.After
	return [8]bool{a.Code != b.Code, a.Name != b.Name, a.Definition != b.Definition, a.Included != b.Included, a.Excluded != b.Excluded,
		a.Examples != b.Examples, a.Colour != b.Colour, a.Retired != b.Retired || a.MergedInto != b.MergedInto}
}

// restoreThemes gives the themes back what the change took from them, and nothing else.
func (u undoing) restoreThemes() {
	for _, m := range u.details.Themes {
		t := u.themes[m.ID]
		now, back := t.state(), m.Before
		if !m.Before.Gone {
			for i, pair := range [][2]*string{{&now.Code, &back.Code}, {&now.Name, &back.Name}, {&now.Definition, &back.Definition}, {&now.Included, &back.Included},
				{&now.Excluded, &back.Excluded}, {&now.Examples, &back.Examples}, {&now.Colour, &back.Colour}} {
				if m.texts()[i] {
					*pair[0] = *pair[1]
				}
			}
			if m.texts()[7] {
				now.Retired, now.MergedInto = back.Retired, back.MergedInto
			}
			t.become(now)
		}
	}
	u.restorePlaces()
}

// restorePlaces takes out all that were placed and puts them back in the order in which they stood.
func (u undoing) restorePlaces() {
	var placed []themeChange
	for _, m := range u.details.Themes {
		if m.Placed || m.Before.Gone || m.After.Gone {
			placed = append(placed, m)
			u.takeOut(u.themes[m.ID])
		}
	}
	slices.SortStableFunc(placed, func(a, b themeChange) int {
		return cmp.Or(cmp.Compare(a.Before.Parent, b.Before.Parent), cmp.Compare(a.Before.Position, b.Before.Position))
	})
	for _, m := range placed {
		if !m.Before.Gone {
			u.place(u.themes[m.ID], m.Before.Parent, m.Before.Position)
		}
	}
}

// restoreCodings moves codings back that are still where the change put them, and brings back the doubles of those.
func (u undoing) restoreCodings() error {
	for _, m := range slices.Backward(u.details.Moves) {
		ids := slices.Clone(m.IDs)
		for _, back := range m.Back {
			ids = append(ids, back.ID)
		}
		if err := u.moveCodings(m.To, m.From, ids); err != nil {
			return err
		}
		if err := u.bringBack(m); err != nil {
			return err
		}
	}
	for _, m := range u.details.Themes { // a merge that stands again takes what was coded meanwhile
		if m.Before.MergedInto != 0 && m.After.MergedInto == 0 {
			if err := u.moveAll(m.ID, m.Before.MergedInto); err != nil {
				return err
			}
		}
	}
	return nil
}

// nothingLeft refuses to take a theme out of the codebook on which something stands.
func (u undoing) nothingLeft() error {
	for _, m := range u.details.Themes {
		if !m.Before.Gone {
			continue
		}
		name := u.themes[m.ID].Name
		var comments, answers int
		var who string
		err := u.tx.Raw(`SELECT count(DISTINCT g.comment_id), coalesce(max(s.name), 'Somebody') FROM codings g JOIN comment_readings r ON r.id = g.reading_id
			LEFT JOIN staff s ON s.id = r.coder_id WHERE g.theme_id = ?`, m.ID).Row().Scan(&comments, &who)
		if err != nil {
			return fmt.Errorf("look for codings of theme %d: %w", m.ID, err)
		}
		if comments > 0 {
			return fault.New(fault.Conflict, fmt.Sprintf("%s has coded with the theme %q since (%s). Move those codings to another theme first: merge it into one.", who, name, counted(comments, "comment", "comments")))
		}
		if err := u.tx.Raw(`SELECT count(*) FROM actions WHERE theme_id = ?`, m.ID).Scan(&answers).Error; err != nil {
			return err
		}
		if answers > 0 {
			return fault.New(fault.Conflict, fmt.Sprintf("The theme %q has an answer in \"You said, we did\". So it must stay.", name))
		}
	}
	return nil
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return english.Sprintf("%d %s", n, many)
}

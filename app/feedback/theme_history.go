package feedback

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"conversations/app/accounts"
	"conversations/app/database"
	"conversations/app/fault"
)

// Entry is a change of the codebook as people read it.
type Entry struct {
	Change
	Who    string // "" is the program itself
	Words  []string
	Undone bool
}

// HistoryPage is a page of the codebook's history, newest first.
type HistoryPage struct {
	Entries     []Entry
	Total       int
	Page, Pages int
}

const historyPerPage = 25

// History gives the changes of the codebook, or of one theme (0 is all), newest first.
func (s *Service) History(ctx context.Context, themeID int64, page int) (h HistoryPage, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return h, err
	}
	q := s.DB.Read(ctx)
	of, args := "", []any{}
	if themeID != 0 {
		of, args = " WHERE h.theme_id = ?", []any{themeID}
	}
	if err := q.Raw(`SELECT count(*) FROM theme_changes h`+of, args...).Scan(&h.Total).Error; err != nil {
		return h, err
	}
	h.Pages = max(1, (h.Total+historyPerPage-1)/historyPerPage)
	h.Page = min(max(page, 1), h.Pages)
	var rows []struct {
		Change
		Who string
	}
	err = q.Raw(`SELECT h.*, coalesce(s.name, '') AS who FROM theme_changes h LEFT JOIN staff s ON s.id = h.changed_by`+of+` ORDER BY h.id DESC LIMIT ? OFFSET ?`,
		append(args, historyPerPage, (h.Page-1)*historyPerPage)...).Scan(&rows).Error
	if err != nil {
		return h, fmt.Errorf("read the history of the codebook: %w", err)
	}
	var undoings []Change
	if err := q.Raw(`SELECT id, undoes FROM theme_changes WHERE undoes IS NOT NULL ORDER BY id`).Scan(&undoings).Error; err != nil {
		return h, err
	}
	names, err := s.themeNames(ctx)
	if err != nil {
		return h, err
	}
	undone := cancelled(undoings)
	for _, r := range rows {
		d, err := r.details()
		if err != nil {
			return h, err
		}
		h.Entries = append(h.Entries, Entry{Change: r.Change, Who: r.Who, Undone: undone[r.ID], Words: r.Change.words(d, names)})
	}
	return h, nil
}

// themeNames are the names of all themes there ever were.
func (s *Service) themeNames(ctx context.Context) (map[int64]string, error) {
	var all []Theme
	err := s.DB.Read(ctx).Raw(`SELECT id, name FROM themes`).Scan(&all).Error
	names := map[int64]string{}
	for _, t := range all {
		names[t.ID] = t.Name
	}
	return names, err
}

// did says what a change did to the codebook, after the name of who made it: "merged it".
func (c Change) did() string {
	return map[string]string{"add": "added it", "change": "changed it", "move": "moved it", "merge": "merged it", "split": "split it", "retire": "retired it",
		"restore": "restored it", "import": "brought in a file", "undo": "undid a change"}[c.Kind]
}

// words say what an entry did, a line for each theme that it concerned.
func (c Change) words(d changeDetails, names map[int64]string) (lines []string) {
	for _, t := range d.Themes {
		lines = append(lines, t.words(names))
	}
	for _, m := range d.Moves {
		if n := len(m.IDs); n > 0 {
			lines = append(lines, fmt.Sprintf("%s went from %q to %q", counted(n, "coding", "codings"), names[m.From], names[m.To]))
		}
		if n := len(m.Doubles); n > 0 {
			lines = append(lines, fmt.Sprintf("%s of %q became one with that of %q", counted(n, "coding", "codings"), names[m.From], names[m.To]))
		}
		if n := len(m.Back); n > 0 {
			lines = append(lines, fmt.Sprintf("%s of %q came back", counted(n, "coding", "codings"), names[m.To]))
		}
	}
	return lines
}

func (m themeChange) words(names map[int64]string) string {
	switch {
	case m.Before.Gone:
		return fmt.Sprintf("%q is new", m.After.Name)
	case m.After.Gone:
		return fmt.Sprintf("%q is out of the codebook", m.Before.Name)
	case m.After.MergedInto != 0 && m.Before.MergedInto == 0:
		return fmt.Sprintf("%q was merged into %q", m.Before.Name, names[m.After.MergedInto])
	}
	var did, texts []string
	for i, what := range []string{"code", "name", "meaning", "inclusions", "exclusions", "examples", "colour"} {
		if m.texts()[i] {
			texts = append(texts, what)
		}
	}
	if len(texts) > 0 {
		did = append(did, "has something new for its "+strings.Join(texts, ", "))
	}
	if m.Before.Name != m.After.Name {
		did = append(did, fmt.Sprintf("is called %q now", m.After.Name))
	}
	if m.texts()[7] && m.After.Retired != "" {
		did = append(did, "was retired")
	} else if m.texts()[7] {
		did = append(did, "is in use again")
	}
	switch {
	case m.Before.Parent != m.After.Parent && m.After.Parent == 0:
		did = append(did, "stands at the top now")
	case m.Before.Parent != m.After.Parent:
		did = append(did, fmt.Sprintf("stands below %q now", names[m.After.Parent]))
	case m.Placed:
		did = append(did, fmt.Sprintf("went from place %d to %d", m.Before.Position, m.After.Position))
	}
	return fmt.Sprintf("%q %s", m.Before.Name, strings.Join(did, ", "))
}

// whoMade names who made a change.
func (c *codebook) whoMade(change Change) (name string, err error) {
	if change.ChangedBy == nil {
		return "The program", nil
	}
	err = c.tx.Raw(`SELECT name FROM staff WHERE id = ?`, *change.ChangedBy).Scan(&name).Error
	return name, err
}

// CodebookAt gives the codebook as it was at a version, in the order of the tree, with those that were retired by then.
// It is made from the history alone.
func (s *Service) CodebookAt(ctx context.Context, version int64) ([]Theme, error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return nil, err
	}
	var all []Theme
	q := s.DB.Read(ctx)
	if err := q.Raw(`SELECT id, guid, created_at FROM themes`).Scan(&all).Error; err != nil {
		return nil, err
	}
	c := inMemory(all)
	for i := range all {
		all[i].Gone = true // until its history begins
	}
	var changes []Change
	if err := q.Raw(`SELECT * FROM theme_changes WHERE id <= ? ORDER BY id`, version).Scan(&changes).Error; err != nil {
		return nil, fmt.Errorf("read the history of the codebook: %w", err)
	}
	for _, change := range changes {
		d, err := change.details()
		if err != nil {
			return nil, err
		}
		for _, t := range d.Themes {
			c.themes[t.ID].become(t.After)
			c.themes[t.ID].UpdatedAt = change.ChangedAt
		}
		for _, moved := range d.Shifted {
			c.themes[moved.ID].Position = moved.To
		}
	}
	return tree(slices.DeleteFunc(all, func(t Theme) bool { return t.Gone })), nil
}

func (s *Service) change(ctx context.Context, id int64) (c Change, err error) {
	err = database.First(s.DB.Read(ctx).Raw(`SELECT * FROM theme_changes WHERE id = ?`, id), &c)
	if database.IsNotFound(err) {
		return c, fault.New(fault.NotFound, "The codebook never had this version.")
	}
	return c, err
}

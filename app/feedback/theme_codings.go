package feedback

import (
	"context"
	"fmt"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
)

// codingMove is codings that went from one theme to another. Nothing of what people said is in it, only numbers.
type codingMove struct {
	From int64   `json:"from"`
	To   int64   `json:"to"`
	IDs  []int64 `json:"ids,omitempty"`
	// Doubles went because the reading had the other theme at the same place already.
	Doubles []Coding `json:"doubles,omitempty"`
	// Back are doubles that an undoing brought back.
	Back []Coding `json:"back,omitempty"`
}

func (d changeDetails) codings() (n int) {
	for _, m := range d.Moves {
		n += len(m.IDs) + len(m.Doubles) + len(m.Back)
	}
	return n
}

// moveAll moves all codings of one theme to another.
func (c *codebook) moveAll(from, to int64) error {
	var ids []int64
	if err := c.tx.Raw(`SELECT id FROM codings WHERE theme_id = ? ORDER BY id`, from).Scan(&ids).Error; err != nil {
		return err
	}
	return c.moveCodings(from, to, ids)
}

// moveCodings moves those of some codings that are still one theme's to another. Where a reading has the other one at the
// same place already, the two become one.
func (c *codebook) moveCodings(from, to int64, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	m := codingMove{From: from, To: to}
	among, list := c.tx.Among(ids)
	twin := `EXISTS (SELECT 1 FROM codings o WHERE o.reading_id = codings.reading_id AND o.theme_id = ? AND o.start_at = codings.start_at AND o.end_at = codings.end_at)`
	if err := c.tx.Raw(`SELECT * FROM codings WHERE id`+among+` AND theme_id = ? AND `+twin+` ORDER BY id`, list, from, to).Scan(&m.Doubles).Error; err != nil {
		return fmt.Errorf("find codings that are there twice: %w", err)
	}
	if err := c.tx.Raw(`SELECT id FROM codings WHERE id`+among+` AND theme_id = ? AND NOT `+twin+` ORDER BY id`, list, from, to).Scan(&m.IDs).Error; err != nil {
		return fmt.Errorf("find codings to move: %w", err)
	}
	if err := c.drop(m.Doubles); err != nil {
		return err
	}
	among, list = c.tx.Among(m.IDs)
	if err := c.tx.Exec(`UPDATE codings SET theme_id = ? WHERE id`+among, to, list).Error; err != nil {
		return fmt.Errorf("move codings from theme %d to %d: %w", from, to, err)
	}
	if len(m.IDs)+len(m.Doubles) > 0 {
		c.moves = append(c.moves, m)
	}
	return nil
}

func (c *codebook) drop(codings []Coding) error {
	if len(codings) == 0 {
		return nil
	}
	ids := make([]int64, len(codings))
	for i, coding := range codings {
		ids[i] = coding.ID
	}
	among, list := c.tx.Among(ids)
	if err := c.tx.Exec(`DELETE FROM codings WHERE id`+among, list).Error; err != nil {
		return fmt.Errorf("make codings one: %w", err)
	}
	return nil
}

// Landing is where a coding comes to stand whose theme was changed while somebody coded.
type Landing struct {
	Asked Theme
	Theme Theme // the one to store
	// Told is what the coder must hear: that it is another theme, or one that was retired. "" where it is as they asked.
	Told string
}

// landTx says for each theme that a coder chose which one the coding belongs to by now, and keeps the codebook from changing until the
// commit. It comes first in the coder's transaction, before anything of codings is locked. A NotFound fault where a theme is not there.
func (s *Service) landTx(ctx context.Context, tx *database.Tx, ids []int64) (map[int64]Landing, error) {
	landings := map[int64]Landing{}
	if len(ids) == 0 {
		return landings, nil
	}
	var chosen []Theme
	among, list := tx.Among(ids)
	if err := tx.Raw(`SELECT * FROM themes WHERE id`+among+` AND NOT gone ORDER BY id`+tx.ForUpdate(), list).Scan(&chosen).Error; err != nil {
		return nil, fmt.Errorf("look where codings land: %w", err)
	}
	for _, t := range chosen {
		l, err := landing(tx, t)
		if err != nil {
			return nil, err
		}
		landings[t.ID] = l
		if l.Theme.ID != t.ID { // whoever merged them reads it on the theme's page
			if err := audit.Record(ctx, tx, "theme.land", "themes", t.ID, audit.Details{"landed": l.Theme.ID}); err != nil {
				return nil, err
			}
		}
	}
	for _, id := range ids {
		if _, there := landings[id]; !there {
			return nil, noTheme()
		}
	}
	return landings, nil
}

func landing(tx *database.Tx, t Theme) (Landing, error) {
	l := Landing{Asked: t, Theme: t}
	for l.Theme.MergedInto != nil {
		var next Theme
		if err := database.First(tx.Raw(`SELECT * FROM themes WHERE id = ?`, *l.Theme.MergedInto), &next); err != nil {
			return l, fmt.Errorf("follow theme %d: %w", t.ID, err)
		}
		l.Theme = next
	}
	switch {
	case l.Theme.ID != t.ID:
		l.Told = fmt.Sprintf("The theme %q was merged into %q meanwhile, so your coding stands there.", t.Name, l.Theme.Name)
	case !l.Theme.Live():
		l.Told = fmt.Sprintf("The theme %q was retired meanwhile. Your coding is kept: look whether another theme fits.", t.Name)
	}
	return l, nil
}

// bringBack puts doubles back that a change made one with others, where those others are still there: whoever has taken
// one out since has taken both out.
func (c *codebook) bringBack(m codingMove) error {
	if len(m.Doubles) == 0 {
		return nil
	}
	readings := make([]int64, len(m.Doubles))
	for i, d := range m.Doubles {
		readings[i] = d.ReadingID
	}
	var there []Coding
	among, list := c.tx.Among(readings)
	if err := c.tx.Raw(`SELECT * FROM codings WHERE theme_id IN ? AND reading_id`+among, []int64{m.From, m.To}, list).Scan(&there).Error; err != nil {
		return fmt.Errorf("look for the others of doubles: %w", err)
	}
	type place struct {
		reading, theme int64
		start, end     int
	}
	at := map[place]Coding{}
	for _, t := range there {
		at[place{t.ReadingID, t.ThemeID, t.StartAt, t.EndAt}] = t
	}
	back := codingMove{From: m.To, To: m.From}
	var rows [][]any
	for _, d := range m.Doubles {
		twin, stays := at[place{d.ReadingID, m.To, d.StartAt, d.EndAt}]
		if _, taken := at[place{d.ReadingID, m.From, d.StartAt, d.EndAt}]; !stays || taken {
			continue
		}
		d.Counts = twin.Counts
		back.Back = append(back.Back, d)
		rows = append(rows, []any{d.ID, d.ReadingID, d.CommentID, m.From, d.StartAt, d.EndAt, d.Redacted, d.Place, d.Counts})
	}
	if len(rows) == 0 {
		return nil
	}
	c.moves = append(c.moves, back)
	_, err := c.tx.ExecMany(`INSERT INTO codings (id, reading_id, comment_id, theme_id, start_at, end_at, redacted, place, counts) VALUES `, `(?, ?, ?, ?, ?, ?, ?, ?, ?)`, ``, rows)
	if err != nil {
		return fmt.Errorf("bring doubles back: %w", err)
	}
	return nil
}

// LateCoding is a coding that was made for a theme when that had been merged into another.
type LateCoding struct {
	Who string
	At  time.Time
}

// Landed tells whoever merged a theme who coded with it since, newest first, fifty at most: those codings stand under the other
// theme.
func (s *Service) Landed(ctx context.Context, themeID int64) (list []LateCoding, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx).Raw(`SELECT coalesce(s.name, '') AS who, a.at FROM audit_entries a LEFT JOIN staff s ON s.id = a.actor_id
		WHERE a.entity = 'themes' AND a.entity_id = ? AND a.action = 'theme.land' ORDER BY a.id DESC LIMIT 50`, themeID).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("read what landed elsewhere: %w", err)
	}
	return list, nil
}

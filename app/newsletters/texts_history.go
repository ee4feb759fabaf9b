package newsletters

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"conversations/app/accounts"
	"conversations/app/database"
	"conversations/app/fault"
)

// HistoryPageSize is how many texts the history of an update shows at once.
const HistoryPageSize = 50

// KeptText is a text with what the history says of it.
type KeptText struct {
	Text
	Writer string // "" for the program itself
	Words  int
}

// History is one page of all texts of an update, newest first.
type History struct {
	Texts []KeptText
	Total int
	Page  int // from 1
	Pages int // at least 1
}

const keptTexts = `SELECT t.*, coalesce(s.name, '') AS writer FROM update_texts t LEFT JOIN staff s ON s.id = t.staff_id WHERE t.update_id = ?`

// Update gives an update and what it says now, for staff.
func (s *Service) Update(ctx context.Context, id int64) (u Update, c Content, err error) {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return u, c, err
	}
	read := s.DB.Read(ctx)
	if u, err = readUpdate(read, id); err != nil {
		return u, c, err
	}
	c, err = u.content(read)
	return u, c, err
}

// History gives one page of the texts of an update. A page past the end is the last.
func (s *Service) History(ctx context.Context, id int64, page int) (h History, err error) {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return h, err
	}
	read := s.DB.Read(ctx)
	if err := read.Raw(`SELECT count(*) FROM update_texts WHERE update_id = ?`, id).Scan(&h.Total).Error; err != nil {
		return h, fmt.Errorf("count the texts of update %d: %w", id, err)
	}
	h.Pages = max(1, (h.Total+HistoryPageSize-1)/HistoryPageSize)
	h.Page = min(max(1, page), h.Pages)
	h.Texts, err = kept(read.Raw(keptTexts+` ORDER BY t.id DESC LIMIT ? OFFSET ?`, id, HistoryPageSize, (h.Page-1)*HistoryPageSize))
	return h, err
}

// Asides gives the texts of an update that are kept aside and that nobody has settled, oldest first.
func (s *Service) Asides(ctx context.Context, id int64) ([]KeptText, error) {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return nil, err
	}
	return kept(s.DB.Read(ctx).Raw(keptTexts+` AND t.aside AND t.settled_at IS NULL ORDER BY t.id`, id))
}

// KeptText gives one text of an update, or a NotFound fault.
func (s *Service) KeptText(ctx context.Context, id, textID int64) (KeptText, error) {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return KeptText{}, err
	}
	found, err := kept(s.DB.Read(ctx).Raw(keptTexts+` AND t.id = ?`, id, textID))
	if err == nil && len(found) == 0 {
		return KeptText{}, fault.New(fault.NotFound, "There is no such text.")
	}
	if err != nil {
		return KeptText{}, err
	}
	return found[0], nil
}

func kept(query *gorm.DB) (texts []KeptText, err error) {
	if err := query.Scan(&texts).Error; err != nil {
		return nil, fmt.Errorf("read texts: %w", err)
	}
	for i, t := range texts {
		c, err := readContent(t.Content)
		if err != nil {
			return nil, err
		}
		texts[i].Words = c.words()
	}
	return texts, nil
}

// words counts the words of a letter.
func (c Content) words() (n int) {
	for _, p := range c.parts() {
		n += len(strings.Fields(p.text()))
	}
	return n
}

// Restore brings an earlier text back: it is saved anew, on top of the text basedOn, and all between are kept. The error
// is a *TextConflict where another text was saved meanwhile.
func (s *Service) Restore(ctx context.Context, id, textID, basedOn int64) (Text, error) {
	t, err := s.KeptText(ctx, id, textID)
	if err != nil {
		return Text{}, err
	}
	c, err := readContent(t.Content)
	if err != nil {
		return Text{}, err
	}
	saved, err := s.Save(ctx, id, Writing{BasedOn: basedOn, Content: c, Made: Restored})
	if err != nil || !t.Aside {
		return saved, err
	}
	return saved, s.settle(ctx, id, textID)
}

// settle notes that nobody needs a text aside any more. It stays in the history.
func (s *Service) settle(ctx context.Context, id, textID int64) error {
	return s.DB.Write(ctx, func(tx *database.Tx) error {
		err := tx.Exec(`UPDATE update_texts SET settled_at = ? WHERE id = ? AND update_id = ? AND aside AND settled_at IS NULL`, tx.Now(), textID, id).Error
		if err != nil {
			return fmt.Errorf("settle text %d: %w", textID, err)
		}
		return nil
	})
}

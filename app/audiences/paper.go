package audiences

import (
	"context"
	"fmt"
	"time"

	"conversations/app/database"
)

// Print is an edition on paper; the empty one is both.
type Print string

// The editions.
const (
	StandardPrint Print = "standard"
	LargePrint    Print = "large"
)

// wants is SQL that is true of a contact k who gets the edition.
func (p Print) wants() string {
	switch p {
	case StandardPrint:
		return "NOT k.large_print"
	case LargePrint:
		return "k.large_print"
	}
	return "TRUE"
}

// ToPost gives who of a list is to be written to on paper and was not yet, by postcode: whoever may not be written to any
// more is left out.
func (s *Service) ToPost(ctx context.Context, l List, p Print) (rows []Row, err error) {
	if err := mayUse(ctx); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx).Raw(standing(`r.list_id = ? AND r.outcome = 'post' AND r.posted_at IS NULL AND `+p.wants())+
		`SELECT `+rowColumns+` FROM d JOIN audience_list_rows r ON r.id = d.row_id JOIN contacts k ON k.id = r.contact_id
		WHERE d.reason IS NULL ORDER BY k.postcode, k.sort_key, k.id`, append(factArgs(l.Purpose), l.ID)...).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("find who is written to on paper: %w", err)
	}
	return rows, nil
}

// Posted is what was put in the post at once.
type Posted struct {
	At     time.Time
	People int
}

// PaperCount is how a list stands on paper.
type PaperCount struct {
	Standard, Large int // still to post; both may include people who may not be written to any more, until they are posted
	Posted          []Posted
}

// CountPaper counts who of a list is written to on paper, and what was posted, the last first.
func (s *Service) CountPaper(ctx context.Context, listID int64) (c PaperCount, err error) {
	if err := mayUse(ctx); err != nil {
		return c, err
	}
	err = s.db.Read(ctx).Raw(`SELECT coalesce(sum(CASE WHEN k.large_print THEN 0 ELSE 1 END), 0), coalesce(sum(CASE WHEN k.large_print THEN 1 ELSE 0 END), 0)
		FROM audience_list_rows r JOIN contacts k ON k.id = r.contact_id WHERE r.list_id = ? AND r.outcome = 'post' AND r.posted_at IS NULL`, listID).Row().Scan(&c.Standard, &c.Large)
	if err == nil {
		err = s.db.Read(ctx).Raw(`SELECT posted_at AS at, count(*) AS people FROM audience_list_rows
			WHERE list_id = ? AND posted_at IS NOT NULL GROUP BY posted_at ORDER BY posted_at DESC`, listID).Scan(&c.Posted).Error
	}
	if err != nil {
		return c, fmt.Errorf("count who is written to on paper: %w", err)
	}
	return c, nil
}

// MarkPosted notes, in the caller's transaction, that everybody who gets this edition on paper was posted theirs. Who may
// not be written to any more is taken off the list first.
func MarkPosted(tx *database.Tx, l List, p Print) (people int, err error) {
	meant := `r.list_id = ? AND r.outcome = 'post' AND r.posted_at IS NULL AND r.contact_id IN (SELECT k.id FROM contacts k WHERE ` + p.wants() + `)`
	if err := strike(tx, l.Purpose, meant, l.ID); err != nil {
		return 0, err
	}
	done := tx.Exec(`UPDATE audience_list_rows SET posted_at = ? WHERE id IN (SELECT r.id FROM audience_list_rows r WHERE `+meant+`)`, tx.Now(), l.ID)
	if done.Error != nil {
		return 0, fmt.Errorf("note what was posted: %w", done.Error)
	}
	return int(done.RowsAffected), nil
}

// UndoPosted takes back what was noted at an instant.
func UndoPosted(tx *database.Tx, listID int64, at time.Time) (people int, err error) {
	done := tx.Exec(`UPDATE audience_list_rows SET posted_at = NULL WHERE list_id = ? AND posted_at = ?`, listID, at)
	if done.Error != nil {
		return 0, fmt.Errorf("take back what was posted: %w", done.Error)
	}
	return int(done.RowsAffected), nil
}

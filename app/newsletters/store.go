package newsletters

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"conversations/app/database"
	"conversations/app/fault"
)

// Text is one text of an update: a row of the table update_texts. A text is never changed; every one is kept.
type Text struct {
	ID        int64
	UpdateID  int64
	BasedOn   int64 // the text that its writer had before them; 0 for the first
	Aside     bool  // somebody else saved meanwhile: kept beside the text that counts
	Content   string
	StaffID   *int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// TableName is the table that texts live in.
func (Text) TableName() string { return "update_texts" }

// lock reads an update for a change of it, or returns a NotFound fault.
func lock(tx *database.Tx, id int64) (u Update, err error) {
	err = database.First(tx.Raw(`SELECT * FROM updates WHERE id = ?`+tx.ForUpdate(), id), &u)
	return u, orNoUpdate(err)
}

func readUpdate(read *gorm.DB, id int64) (u Update, err error) {
	err = database.First(read.Raw(`SELECT * FROM updates WHERE id = ?`, id), &u)
	return u, orNoUpdate(err)
}

func orNoUpdate(err error) error {
	if database.IsNotFound(err) {
		return fault.Wrap(fault.NotFound, "There is no such update.", err)
	}
	if err != nil {
		return fmt.Errorf("read an update: %w", err)
	}
	return nil
}

// readText reads a text of an update, or returns a NotFound fault.
func readText(read *gorm.DB, updateID, id int64) (t Text, err error) {
	err = database.First(read.Raw(`SELECT * FROM update_texts WHERE id = ? AND update_id = ?`, id, updateID), &t)
	if database.IsNotFound(err) {
		return t, fault.Wrap(fault.NotFound, "There is no such text.", err)
	}
	if err != nil {
		return t, fmt.Errorf("read the text of an update: %w", err)
	}
	return t, nil
}

// content reads what the letter says now.
func (u Update) content(read *gorm.DB) (Content, error) {
	t, err := readText(read, u.ID, u.TextID)
	if err != nil {
		return Content{}, err
	}
	return readContent(t.Content)
}

// touched notes that the letter or its audience has changed: the version rises, and an approval that was asked for
// or given ends. The update must be locked.
func (s *Service) touched(_ context.Context, tx *database.Tx, updateID int64) error {
	err := tx.Exec(`UPDATE updates SET version = version + 1, updated_at = ?, state = 'draft', list_id = NULL,
			asked_by = NULL, asked_at = NULL, approved_by = NULL, approved_at = NULL, approved_digest = ''
		WHERE id = ? AND state IN ('draft', 'asked', 'approved')`, tx.Now(), updateID).Error
	if err != nil {
		return fmt.Errorf("note a change of update %d: %w", updateID, err)
	}
	return nil
}

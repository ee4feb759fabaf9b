package newsletters

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"conversations/app/database"
	"conversations/app/fault"
)

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

func storeText(tx *database.Tx, t *Text) error {
	t.CreatedAt, t.UpdatedAt = tx.Now(), tx.Now()
	if err := tx.Create(t).Error; err != nil {
		return fmt.Errorf("store a text of update %d: %w", t.UpdateID, err)
	}
	return nil
}

// addText stores a text and makes it the one that counts. The update must be locked.
func addText(tx *database.Tx, u *Update, t *Text) error {
	if err := storeText(tx, t); err != nil {
		return err
	}
	u.TextID = t.ID
	if err := tx.Exec(`UPDATE updates SET text_id = ? WHERE id = ?`, t.ID, u.ID).Error; err != nil {
		return fmt.Errorf("store the text of update %d: %w", u.ID, err)
	}
	return nil
}

// touched notes that the letter or its audience has changed: the version rises, and an approval that was asked for
// or given ends, with what was scheduled on it. The update must be locked.
func (s *Service) touched(ctx context.Context, tx *database.Tx, updateID int64) error {
	return sendBack(ctx, tx, updateID, Changed, "")
}

package feedback

import (
	"context"
	"fmt"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// Imports are the files that comments came from, the newest first.
func (s *Service) Imports(ctx context.Context) (list []Import, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx).Raw("SELECT * FROM comment_imports ORDER BY id DESC LIMIT 200").Scan(&list).Error
	return list, err
}

// ImportOf reads one file that came in; a NotFound fault where there is none.
func (s *Service) ImportOf(ctx context.Context, id int64) (i Import, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return i, err
	}
	err = database.First(s.DB.Read(ctx).Raw("SELECT * FROM comment_imports WHERE id = ?", id), &i)
	if database.IsNotFound(err) {
		return i, fault.New(fault.NotFound, "There is no such file.")
	}
	return i, err
}

// builtOn says that somebody has done something with a comment c since it was imported.
const builtOn = `(c.version > 1 OR c.redaction = 'confirmed' OR EXISTS (SELECT 1 FROM coding_steps k WHERE k.comment_id = c.id) OR EXISTS (SELECT 1 FROM quotes q WHERE q.comment_id = c.id)
	OR EXISTS (SELECT 1 FROM comment_alarms a WHERE a.comment_id = c.id) OR EXISTS (SELECT 1 FROM comment_readings r WHERE r.comment_id = c.id AND (r.part <> 'first' OR r.version > 1))
	OR EXISTS (SELECT 1 FROM report_places p WHERE p.comment_id = c.id))`

// undoneAtOnce is how many comments are taken out in one transaction.
const undoneAtOnce = 200

// UndoImport takes the comments of a file out again. Those that somebody has built on stay, and kept says how many. The
// error is a Conflict where it was undone already.
func (s *Service) UndoImport(ctx context.Context, id int64) (gone, kept int, err error) {
	i, err := s.ImportOf(ctx, id)
	if err != nil {
		return 0, 0, err
	}
	if i.UndoneAt != nil {
		return 0, 0, fault.New(fault.Conflict, "This file was undone already.")
	}
	for {
		n := 0
		err := s.DB.Write(ctx, func(tx *database.Tx) error {
			var ids []int64
			if err := tx.Raw("SELECT c.id FROM comments c WHERE c.import_id = ? AND NOT "+builtOn+" ORDER BY c.id LIMIT ?", id, undoneAtOnce).Scan(&ids).Error; err != nil {
				return fmt.Errorf("read the comments of file %d: %w", id, err)
			}
			n = len(ids)
			return removeComments(tx, ids)
		})
		if gone += n; err != nil {
			return gone, 0, err
		}
		if n < undoneAtOnce {
			break
		}
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		if err := tx.Row("SELECT count(*) FROM comments WHERE import_id = ?", id).Scan(&kept); err != nil {
			return err
		}
		if err := tx.Exec("UPDATE comment_imports SET undone_at = ? WHERE id = ?", tx.Now(), id).Error; err != nil {
			return fmt.Errorf("note that file %d was undone: %w", id, err)
		}
		return audit.Record(ctx, tx, "comment_import.undo", "comment_imports", id, audit.Details{"gone": gone, "kept": kept})
	})
	return gone, kept, err
}

// removeComments takes comments out with all that hangs on them.
func removeComments(tx *database.Tx, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	condition, list := tx.Among(ids)
	for _, statement := range []string{
		"UPDATE comments SET same_as = NULL WHERE same_as", "DELETE FROM codings WHERE comment_id", "DELETE FROM comment_readings WHERE comment_id",
		"DELETE FROM double_codings WHERE comment_id", "DELETE FROM comment_findings WHERE comment_id", "DELETE FROM comment_originals WHERE comment_id",
		"DELETE FROM comment_marks WHERE comment_id", "DELETE FROM comments WHERE id",
	} {
		if err := tx.Exec(statement+condition, list).Error; err != nil {
			return fmt.Errorf("take comments out: %w", err)
		}
	}
	return nil
}

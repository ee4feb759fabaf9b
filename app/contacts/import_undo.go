package contacts

import (
	"context"
	"fmt"
	"slices"

	"conversations/app/audit"
	"conversations/app/database"
)

// undoChunk takes the next rows back: contacts that they made go, those that they changed are what they were, and what
// they wrote into the ledger is annulled. Whoever has changed since is kept as they are. The ledger and the audit log
// keep everything.
func (s *Service) undoChunk(ctx context.Context, tx *database.Tx, w *importWork) error {
	rows, err := rowsOf(tx.DB, `import_id = ? AND outcome NOT IN ('bad', 'double', 'same') AND contact_id IS NOT NULL AND id > ? ORDER BY id LIMIT ?`, w.ID, w.LastRow, importChunk)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return w.endUndo(ctx, tx)
	}
	u, err := s.lookBack(ctx, tx, w, rows)
	if err != nil {
		return err
	}
	for _, step := range []func(context.Context, *database.Tx, *importWork) error{u.annul, u.restore, u.remove, u.record} {
		if err := step(ctx, tx, w); err != nil {
			return err
		}
	}
	w.pass(rows)
	return nil
}

// undoing is a chunk of rows that are taken back.
type undoing struct {
	back []undone // rows whose contact is as the import left it
	kept []int64  // rows whose contact has changed since, by id
}

type undone struct {
	row     ImportRow
	contact Contact
	before  before
}

// lookBack finds out which contacts have changed since.
func (s *Service) lookBack(ctx context.Context, tx *database.Tx, w *importWork, rows []ImportRow) (*undoing, error) {
	u := &undoing{}
	ids := make([]int64, len(rows))
	for n, row := range rows {
		ids[n] = *row.ContactID
	}
	slices.Sort(ids) // everybody locks in this order
	all, err := knowAll(tx.DB, tx.ForUpdate(), ids, w.set.Purpose)
	if err != nil {
		return nil, err
	}
	others, err := entriesOfOthers(tx, w.ID, ids)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		b, err := row.was()
		if err != nil {
			return nil, err
		}
		k := all[*row.ContactID]
		if k == nil || k.Version != row.VersionAfter || others[k.ID] > b.Ledger {
			u.kept = append(u.kept, row.ID)
			continue
		}
		u.back = append(u.back, undone{row, k.Contact, b})
	}
	return u, ctx.Err()
}

// entriesOfOthers gives the last entry of the ledger that the import did not make, of contacts.
func entriesOfOthers(tx *database.Tx, importID int64, ids []int64) (map[int64]int64, error) {
	last := map[int64]int64{}
	rows, err := tx.DB.Raw(`SELECT contact_id, max(id) FROM consents WHERE contact_id IN ? AND coalesce(import_id, 0) <> ? GROUP BY contact_id`, ids, importID).Rows()
	err = eachRow(rows, err, func() error {
		var contact, id int64
		err := rows.Scan(&contact, &id)
		last[contact] = id
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for later entries of the ledger: %w", err)
	}
	return last, nil
}

// annul takes back what the import wrote into the ledger.
func (u *undoing) annul(ctx context.Context, tx *database.Tx, w *importWork) error {
	if len(u.back) == 0 {
		return nil
	}
	var entries []ConsentEntry
	err := tx.Raw(`SELECT * FROM consents c WHERE contact_id IN ? AND coalesce(import_id, 0) = ? AND entry <> 'annulled'
		AND NOT EXISTS (SELECT 1 FROM consents a WHERE a.annuls = c.id) ORDER BY id`, u.contacts(), w.ID).Scan(&entries).Error
	if err != nil {
		return fmt.Errorf("find entries of the ledger: %w", err)
	}
	rows := make([][]any, len(entries))
	for n, e := range entries {
		rows[n] = []any{e.ContactID, e.Purpose, string(e.Channel), string(Annulled), e.ID, tx.Now(), tx.Now(), string(FromUndo), audit.StaffID(ctx), w.ID}
	}
	_, err = tx.ExecMany(`INSERT INTO consents (contact_id, purpose, channel, entry, annuls, at, recorded_at, source, recorded_by, import_id) VALUES `,
		`(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, ``, rows)
	if err != nil {
		return fmt.Errorf("annul entries of the ledger: %w", err)
	}
	return nil
}

func (u *undoing) contacts() []int64 {
	ids := make([]int64, len(u.back))
	for n, b := range u.back {
		ids[n] = b.contact.ID
	}
	return ids
}

// restore gives the contacts that were changed back what they were.
func (u *undoing) restore(_ context.Context, tx *database.Tx, _ *importWork) error {
	ids, err := groupIDs(tx)
	if err != nil {
		return err
	}
	for _, b := range u.back {
		if b.row.Outcome == RowCreates {
			continue
		}
		if err := restoreContact(tx, b.before.Contact, b.contact.Version+1); err != nil {
			return err
		}
		for _, slug := range b.before.Groups {
			if err := tx.Exec(`DELETE FROM contact_group_members WHERE contact_id = ? AND group_id = ?`, b.contact.ID, ids[slug]).Error; err != nil {
				return fmt.Errorf("take contact %d out of a group: %w", b.contact.ID, err)
			}
		}
		for _, slug := range b.before.Localities {
			if err := tx.Exec(`DELETE FROM contact_localities WHERE contact_id = ? AND locality = ?`, b.contact.ID, slug).Error; err != nil {
				return fmt.Errorf("take a locality from contact %d: %w", b.contact.ID, err)
			}
		}
	}
	return nil
}

// restoreContact stores a contact as it was. It counts as a change: whoever has its page open is told.
func restoreContact(tx *database.Tx, c Contact, version int64) error {
	err := tx.Exec(`UPDATE contacts SET kind = ?, name = ?, organisation = ?, email = ?, email_key = ?, suppression_key = ?, phone = ?, phone_key = ?,
			post_address = ?, postcode = ?, post_key = ?, sort_key = ?, search_key = ?, channel = ?, large_print = ?, notes = ?, version = ?, updated_at = ? WHERE id = ?`,
		string(c.Kind), c.Name, c.Organisation, c.Email, c.EmailKey, c.SuppressionKey, c.Phone, c.PhoneKey,
		c.PostAddress, c.Postcode, c.PostKey, c.SortKey, c.SearchKey, string(c.Channel), c.LargePrint, c.Notes, version, c.UpdatedAt, c.ID).Error
	if err != nil {
		return fmt.Errorf("give contact %d back what it was: %w", c.ID, err)
	}
	return nil
}

// record notes on the rows what became of them, and in the audit log what became of the contacts.
func (u *undoing) record(ctx context.Context, tx *database.Tx, w *importWork) error {
	var rows []int64
	var items []audit.Item
	for _, b := range u.back {
		rows = append(rows, b.row.ID)
		items = append(items, audit.Item{ID: b.contact.ID, Details: audit.Details{"import": w.ID}})
	}
	for ended, ids := range map[string][]int64{rowUndone: rows, rowKept: u.kept} {
		if len(ids) == 0 {
			continue
		}
		if err := tx.Exec(`UPDATE contact_import_rows SET ended = ? WHERE id IN ?`, ended, ids).Error; err != nil {
			return fmt.Errorf("note which rows are taken back: %w", err)
		}
	}
	return audit.RecordEach(ctx, tx, "contact.undo_import", "contacts", items)
}

func (w *importWork) endUndo(ctx context.Context, tx *database.Tx) error {
	for _, id := range w.set.MadeGroups {
		gone := tx.Exec(`DELETE FROM contact_groups WHERE id = ? AND version = 1 AND NOT EXISTS (SELECT 1 FROM contact_group_members WHERE group_id = ?)`, id, id)
		if gone.Error != nil {
			return fmt.Errorf("remove group %d: %w", id, gone.Error)
		}
		if gone.RowsAffected == 0 {
			continue
		}
		if err := audit.Record(ctx, tx, "contact_group.remove", "contact_groups", id, audit.Details{"import": w.ID}); err != nil {
			return err
		}
	}
	if err := w.count(tx); err != nil {
		return err
	}
	now := tx.Now()
	w.State, w.UndoneAt, w.Worked, w.LastRow = ImportUndone, &now, 0, 0
	return audit.Record(ctx, tx, "contact_import.undone", "contact_imports", w.ID, audit.Details{"undone": w.Undone, "kept": w.Kept})
}

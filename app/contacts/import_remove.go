package contacts

import (
	"context"
	"fmt"
	"slices"

	"conversations/app/database"
)

// remove takes away the contacts that the import made. One that something else points to, if only the ledger, stays as
// a row with nothing in it.
func (u *undoing) remove(_ context.Context, tx *database.Tx, w *importWork) error {
	var made []int64
	for _, b := range u.back {
		if b.row.Outcome == RowCreates {
			made = append(made, b.contact.ID)
		}
	}
	if len(made) == 0 {
		return nil
	}
	for _, table := range []string{"contact_group_members", "contact_localities"} {
		if err := tx.Exec(`DELETE FROM `+table+` WHERE contact_id IN ?`, made).Error; err != nil {
			return fmt.Errorf("take contacts out of %s: %w", table, err)
		}
	}
	needed, err := pointedTo(tx, w.pointers, made)
	if err != nil {
		return err
	}
	if err := blankContacts(tx, needed); err != nil {
		return err
	}
	gone := slices.DeleteFunc(made, func(id int64) bool { return slices.Contains(needed, id) })
	return deleteContacts(tx, gone)
}

// ownTables point to contacts and go with them, or let go of them.
var ownTables = []string{"contact_group_members", "contact_localities", "contact_import_rows"}

// pointers finds what can point to a contact: the ledger, letters, other contacts. Each is a query over ids of contacts.
func (s *Service) pointers(ctx context.Context) (queries []string, err error) {
	references, err := s.db.References(ctx)
	if err != nil {
		return nil, err
	}
	shapes, err := s.db.Shapes(ctx)
	if err != nil {
		return nil, err
	}
	for table, columns := range shapes { // letters keep the id of whoever got them, and no more
		if _, points := columns["contact_id"]; points {
			references = append(references, database.Reference{Table: table, Column: "contact_id", To: "contacts"})
		}
	}
	for _, r := range references {
		if r.To == "contacts" && !slices.Contains(ownTables, r.Table) {
			queries = append(queries, `SELECT DISTINCT `+r.Column+` FROM `+r.Table+` WHERE `+r.Column+` IN ?`)
		}
	}
	slices.Sort(queries)
	return slices.Compact(queries), nil
}

// pointedTo gives those of some contacts that anything points to.
func pointedTo(tx *database.Tx, pointers []string, ids []int64) (needed []int64, err error) {
	for _, query := range pointers {
		var found []int64
		if err := tx.DB.Raw(query, ids).Scan(&found).Error; err != nil {
			return nil, fmt.Errorf("look for what points to contacts: %w", err)
		}
		needed = append(needed, found...)
	}
	slices.Sort(needed)
	return slices.Compact(needed), nil
}

// blankContacts empties contacts as erasure does.
func blankContacts(tx *database.Tx, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	err := tx.Exec(`UPDATE contacts SET name = '', organisation = '', email = '', email_key = '', suppression_key = '', phone = '', phone_key = '', post_address = '',
		postcode = '', post_key = '', sort_key = '', search_key = '', notes = '', version = version + 1, updated_at = ? WHERE id IN ?`, tx.Now(), ids).Error
	if err != nil {
		return fmt.Errorf("empty contacts: %w", err)
	}
	return nil
}

func deleteContacts(tx *database.Tx, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	if err := tx.Exec(`UPDATE contact_import_rows SET contact_id = NULL WHERE contact_id IN ?`, ids).Error; err != nil {
		return fmt.Errorf("let rows of lists go of contacts: %w", err)
	}
	if err := tx.Exec(`DELETE FROM contacts WHERE id IN ?`, ids).Error; err != nil {
		return fmt.Errorf("remove contacts: %w", err)
	}
	return nil
}

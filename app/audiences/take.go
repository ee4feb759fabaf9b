package audiences

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"conversations/app/database"
)

// Recipient is somebody on a list who is written to by email.
type Recipient struct {
	ContactID int64
	Address   string
	Name      string
}

// Take hands on the next n people of a list in the caller's transaction, and moves the list on in it: after a crash
// nobody is handed on twice and nobody is left. Who may not be written to any more is taken off and noted; nobody is
// added. Those who are written to on paper are looked at too, and are not among the recipients. more is false when
// the end is reached.
func (s *Service) Take(_ context.Context, tx *database.Tx, listID int64, n int) (taken []Recipient, more bool, err error) {
	var from, to int64
	var purpose string
	if err := tx.Row(`SELECT handed, purpose FROM audience_lists WHERE id = ? AND state IN ('made', 'kept')`+tx.ForUpdate(), listID).Scan(&from, &purpose); err != nil {
		return nil, false, fmt.Errorf("go on with list %d: %w", listID, err)
	}
	const next = `SELECT coalesce(max(contact_id), 0) FROM (SELECT contact_id FROM audience_list_rows
		WHERE list_id = ? AND contact_id > ? AND outcome <> 'left-out' ORDER BY contact_id LIMIT ?) AS chunk`
	if err := tx.Row(next, listID, from, n).Scan(&to); err != nil {
		return nil, false, fmt.Errorf("find who is next on list %d: %w", listID, err)
	}
	if to == 0 {
		return nil, false, nil
	}
	if err := strike(tx, purpose, `r.list_id = ? AND r.contact_id > ? AND r.contact_id <= ? AND r.outcome <> 'left-out'`, listID, from, to); err != nil {
		return nil, false, err
	}
	if taken, err = recipients(tx, listID, from, to); err != nil {
		return nil, false, err
	}
	return taken, true, tx.Exec(`UPDATE audience_lists SET handed = ? WHERE id = ?`, to, listID).Error
}

// strike takes off a list who may not be written to any more, of the rows r that are meant. Their contacts are locked
// against whoever withdraws at this moment: either we see it, or they see what was handed on.
func strike(tx *database.Tx, purpose, meant string, args ...any) error {
	if clause := tx.ForUpdate(); clause != "" {
		err := tx.Exec(`SELECT 1 FROM contacts WHERE id IN (SELECT r.contact_id FROM audience_list_rows r WHERE `+meant+`) ORDER BY id`+clause, args...).Error
		if err != nil {
			return fmt.Errorf("lock contacts: %w", err)
		}
	}
	rows, err := tx.Rows(standing(meant)+`SELECT row_id, reason FROM d WHERE reason IS NOT NULL`, append(factArgs(purpose), args...)...)
	if err != nil {
		return fmt.Errorf("look who may still be written to: %w", err)
	}
	struck, err := readStruck(rows)
	if err != nil {
		return fmt.Errorf("look who may still be written to: %w", err)
	}
	for id, reason := range struck {
		if err := tx.Exec(`UPDATE audience_list_rows SET was = outcome, outcome = 'left-out', reason = ? WHERE id = ?`, reason, id).Error; err != nil {
			return fmt.Errorf("take somebody off a list: %w", err)
		}
	}
	return nil
}

// standing begins a query with d: for the rows r that are meant, row_id, and the reason why they may not be written to any
// more, NULL where they may. Its arguments are factArgs, and those of what is meant.
func standing(meant string) string {
	return `WITH f AS MATERIALIZED (SELECT ` + facts + `, r.outcome, r.id AS row_id FROM audience_list_rows r JOIN contacts k ON k.id = r.contact_id WHERE ` + meant + `),
		d AS MATERIALIZED (SELECT f.row_id, ` + lost + ` AS reason FROM f) `
}

func readStruck(rows *sql.Rows) (map[int64]string, error) {
	struck := map[int64]string{}
	for rows.Next() {
		var id int64
		var reason string
		if err := rows.Scan(&id, &reason); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		struck[id] = reason
	}
	return struck, errors.Join(rows.Err(), rows.Close())
}

func recipients(tx *database.Tx, listID, from, to int64) (out []Recipient, err error) {
	err = tx.Raw(`SELECT k.id AS contact_id, k.email AS address, k.name FROM audience_list_rows r JOIN contacts k ON k.id = r.contact_id
		WHERE r.list_id = ? AND r.contact_id > ? AND r.contact_id <= ? AND r.outcome = 'email' ORDER BY r.contact_id`, listID, from, to).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("read who is next on list %d: %w", listID, err)
	}
	return out, nil
}

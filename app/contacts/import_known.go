package contacts

import (
	"database/sql"
	"fmt"
	"time"

	"conversations/app/database"

	"gorm.io/gorm"
)

// rowsOf reads rows of lists by a condition.
func rowsOf(q *gorm.DB, where string, args ...any) (list []ImportRow, err error) {
	rows, err := q.Raw(`SELECT id, import_id, line, email_key, cells, trouble, outcome, reason, note, double_of, contact_id, before, version_after, ended
		FROM contact_import_rows WHERE `+where, args...).Rows()
	if err != nil {
		return nil, fmt.Errorf("read the rows of a list: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var r ImportRow
		if err := rows.Scan(&r.ID, &r.ImportID, &r.Line, &r.EmailKey, &r.Cells, &r.Trouble, &r.Outcome, &r.Reason, &r.Note, &r.DoubleOf,
			&r.ContactID, &r.Before, &r.VersionAfter, &r.Ended); err != nil {
			return nil, fmt.Errorf("read a row of a list: %w", err)
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// knowAll gives what is known of contacts, with what the ledger tells about one purpose. lock is ForUpdate where they are
// going to be changed. A contact that was merged is left out.
func knowAll(q *gorm.DB, lock string, ids []int64, purpose string) (map[int64]*known, error) {
	all := make(map[int64]*known, len(ids))
	if len(ids) == 0 {
		return all, nil
	}
	rows, err := q.Raw(`SELECT id, kind, name, organisation, email, email_key, suppression_key, phone, phone_key, post_address, postcode,
		post_key, sort_key, search_key, channel, large_print, notes, version, created_at, updated_at FROM contacts WHERE id IN ? AND merged_into IS NULL ORDER BY id`+lock, ids).Rows()
	err = eachRow(rows, err, func() error {
		k := &known{}
		c := &k.Contact
		err := rows.Scan(&c.ID, &c.Kind, &c.Name, &c.Organisation, &c.Email, &c.EmailKey, &c.SuppressionKey, &c.Phone, &c.PhoneKey, &c.PostAddress, &c.Postcode,
			&c.PostKey, &c.SortKey, &c.SearchKey, &c.Channel, &c.LargePrint, &c.Notes, &c.Version, &c.CreatedAt, &c.UpdatedAt)
		all[c.ID] = k
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read contacts: %w", err)
	}
	if err := knowBelonging(q, all, ids); err != nil {
		return nil, err
	}
	return all, knowLedger(q, all, ids, purpose)
}

// eachRow calls scan for each row of a query and closes it.
func eachRow(rows *sql.Rows, err error, scan func() error) error {
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := scan(); err != nil {
			return err
		}
	}
	return rows.Err()
}

func knowBelonging(q *gorm.DB, all map[int64]*known, ids []int64) error {
	var id int64
	var slug string
	rows, err := q.Raw(`SELECT m.contact_id, g.slug FROM contact_group_members m JOIN contact_groups g ON g.id = m.group_id WHERE m.contact_id IN ? ORDER BY g.slug`, ids).Rows()
	err = eachRow(rows, err, func() error {
		err := rows.Scan(&id, &slug)
		if k := all[id]; k != nil {
			k.groups = append(k.groups, slug)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("read the groups of contacts: %w", err)
	}
	rows, err = q.Raw(`SELECT contact_id, locality FROM contact_localities WHERE contact_id IN ? ORDER BY locality`, ids).Rows()
	err = eachRow(rows, err, func() error {
		err := rows.Scan(&id, &slug)
		if k := all[id]; k != nil {
			k.localities = append(k.localities, slug)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("read the localities of contacts: %w", err)
	}
	return nil
}

func knowLedger(q *gorm.DB, all map[int64]*known, ids []int64, purpose string) error {
	rows, err := q.Raw(`SELECT c.id, c.contact_id, c.purpose, c.channel, c.entry, c.at, c.recorded_at, EXISTS (SELECT 1 FROM consents a WHERE a.annuls = c.id)
		FROM consents c WHERE c.contact_id IN ? ORDER BY c.id`, ids).Rows()
	err = eachRow(rows, err, func() error {
		var e ConsentEntry
		var annulled bool
		if err := rows.Scan(&e.ID, &e.ContactID, &e.Purpose, &e.Channel, &e.Entry, &e.At, &e.RecordedAt, &annulled); err != nil {
			return err
		}
		k := all[e.ContactID]
		if k == nil {
			return nil
		}
		k.lastEntry = e.ID
		if e.Purpose == purpose && e.Entry != Annulled && !annulled {
			k.ledger = append(k.ledger, e)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the ledger of contacts: %w", err)
	}
	return nil
}

// suppressedSince says since when no letters go to addresses, by their keyed hash.
func suppressedSince(q *gorm.DB, keys []string) (map[string]time.Time, error) {
	since := map[string]time.Time{}
	if len(keys) == 0 {
		return since, nil
	}
	rows, err := q.Raw(`SELECT hash, at FROM suppressions WHERE hash IN ?`, keys).Rows()
	err = eachRow(rows, err, func() error {
		var hash string
		var at time.Time
		err := rows.Scan(&hash, &at)
		since[hash] = at
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for suppressed addresses: %w", err)
	}
	return since, nil
}

// allGroups lists the groups for whoever has asked already whether they may.
func allGroups(q *gorm.DB) (groups []Group, err error) {
	if err := q.Raw(`SELECT * FROM contact_groups ORDER BY name, id`).Scan(&groups).Error; err != nil {
		return nil, fmt.Errorf("list the groups: %w", err)
	}
	return groups, nil
}

// lockImport gives a list, locked until the commit; a NotFound fault where there is none.
func lockImport(tx *database.Tx, id int64) (i Import, err error) {
	err = database.First(tx.Raw(`SELECT * FROM contact_imports WHERE id = ?`+tx.ForUpdate(), id), &i)
	if database.IsNotFound(err) {
		return i, noImport()
	}
	if err != nil {
		return i, fmt.Errorf("lock import %d: %w", id, err)
	}
	return i, nil
}

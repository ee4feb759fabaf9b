package contacts

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/links"

	"gorm.io/gorm"
)

// applyChunk brings the next contacts in. What was decided when the list was checked is decided again by what is known
// now: somebody may have unsubscribed since.
func (s *Service) applyChunk(ctx context.Context, tx *database.Tx, w *importWork) error {
	if w.Worked == 0 {
		if err := s.makeGroups(ctx, tx, w); err != nil {
			return err
		}
	}
	rows, err := rowsOf(tx.DB, `import_id = ? AND outcome NOT IN ('bad', 'double') AND id > ? ORDER BY id LIMIT ?`, w.ID, w.LastRow, importChunk)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return w.endApply(ctx, tx)
	}
	leads, err := w.leadsOf(tx, rows)
	if err != nil {
		return err
	}
	if err := s.learn(tx.DB, tx.ForUpdate(), w, leads); err != nil {
		return err
	}
	if err := w.joinDoubles(tx.DB, leads); err != nil {
		return err
	}
	if err := s.apply(ctx, tx, w, leads); err != nil {
		return err
	}
	w.pass(rows)
	return nil
}

// leadsOf reads the rows anew, with the rows that are taken together with them, and finds the contacts that have come
// since the list was checked.
func (w *importWork) leadsOf(tx *database.Tx, rows []ImportRow) ([]lead, error) {
	leads, err := w.readLeads(tx.DB, rows)
	if err != nil {
		return nil, err
	}
	return leads, recogniseNew(tx, w.ID, leads)
}

// readLeads reads rows, and names the rows that are taken together with them.
func (w *importWork) readLeads(q *gorm.DB, rows []ImportRow) ([]lead, error) {
	leads := make([]lead, len(rows))
	at := make(map[int64]int, len(rows))
	ids := make([]int64, len(rows))
	for n := range rows {
		cells, err := rows[n].values()
		if err != nil {
			return nil, err
		}
		l := &leads[n]
		l.row = &rows[n]
		l.wish, _ = w.reader.read(cells)
		if l.row.ContactID != nil {
			l.contact = *l.row.ContactID
		}
		at[rows[n].ID], ids[n] = n, rows[n].ID
	}
	if len(ids) == 0 {
		return nil, nil
	}
	doubles, err := q.Raw(`SELECT id, double_of FROM contact_import_rows WHERE double_of IN ? AND outcome = 'double' ORDER BY id`, ids).Rows()
	err = eachRow(doubles, err, func() error {
		var id, with int64
		err := doubles.Scan(&id, &with)
		l := &leads[at[with]]
		l.doubles = append(l.doubles, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find rows about the same contacts: %w", err)
	}
	return leads, nil
}

// recogniseNew looks for the contacts of rows that had none when the list was checked, and follows those that were
// merged since.
func recogniseNew(tx *database.Tx, importID int64, leads []lead) error {
	if err := followMerged(tx, leads); err != nil {
		return err
	}
	var unknown []entrant
	var at []int
	for n := range leads {
		if leads[n].contact == 0 {
			unknown, at = append(unknown, entrant{row: leads[n].row.ID, w: leads[n].wish}), append(at, n)
		}
	}
	if err := recognise(tx.DB, unknown, importID); err != nil {
		return err
	}
	for n, e := range unknown {
		if !e.unclear {
			leads[at[n]].contact = e.contact
		}
	}
	return nil
}

// followMerged has rows lead to the contacts that theirs were merged into, and to none where theirs is gone.
func followMerged(tx *database.Tx, leads []lead) error {
	var ids []int64
	for _, l := range leads {
		if l.contact != 0 {
			ids = append(ids, l.contact)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	living := make(map[int64]int64, len(ids))
	rows, err := tx.DB.Raw(`SELECT id, coalesce(merged_into, 0) FROM contacts WHERE id IN ?`, ids).Rows()
	err = eachRow(rows, err, func() error {
		var id, into int64
		err := rows.Scan(&id, &into)
		living[id] = into
		return err
	})
	if err != nil {
		return fmt.Errorf("look for merged contacts: %w", err)
	}
	for n := range leads {
		l := &leads[n]
		switch into, there := living[l.contact]; {
		case !there:
			l.contact = 0
		case into != 0:
			if l.contact, err = livingOf(tx.DB, into); err != nil {
				return err
			}
		}
	}
	return nil
}

// apply does what is to be done to contacts: to all that are new together, for they are many.
func (s *Service) apply(ctx context.Context, tx *database.Tx, w *importWork, leads []lead) error {
	var fresh []*lead
	for n := range leads {
		l := &leads[n]
		l.plan = w.planner.decide(l.wish, l.known)
		l.row.Note = l.plan.note
		if l.row.Outcome = l.plan.outcome(); l.row.Outcome == RowCreates {
			fresh = append(fresh, l)
		}
	}
	if err := s.insertContacts(tx, fresh); err != nil {
		return err
	}
	for n := range leads {
		if err := s.applyOne(tx, &leads[n]); err != nil {
			return err
		}
	}
	for _, step := range []func(context.Context, *database.Tx, *importWork, []lead) error{insertBelonging, s.insertEntries, recordApplied, storeApplied} {
		if err := step(ctx, tx, w, leads); err != nil {
			return err
		}
	}
	return nil
}

// applyOne changes a contact that is there, and notes on the row what it was before.
func (s *Service) applyOne(tx *database.Tx, l *lead) (err error) {
	c := &l.plan.after
	switch l.row.Outcome {
	case RowBad:
		l.row.spoil(l.plan.wrong...)
		return nil
	case RowChanges:
	case RowCreates:
		l.row.ContactID, l.row.VersionAfter = &c.ID, c.Version
		return nil
	default:
		l.row.ContactID = &c.ID
		return nil
	}
	if len(l.plan.fields)+len(l.plan.groups)+len(l.plan.localities) > 0 {
		err = s.updateContact(tx, c)
	}
	if errors.Is(err, errTaken) {
		l.row.spoil("Another contact has this email address. Merge the two first.")
		return nil
	}
	if err != nil {
		return fmt.Errorf("line %d: %w", l.row.Line, err)
	}
	text, err := json.Marshal(before{Contact: l.known.Contact, Groups: l.plan.groups, Localities: l.plan.localities, Ledger: l.known.lastEntry})
	l.row.ContactID, l.row.Before, l.row.VersionAfter = &c.ID, string(text), c.Version
	return err
}

// insertContacts stores new contacts and gives them their ids. One whose address has come in between is a duplicate
// error: the chunk is tried again.
func (s *Service) insertContacts(tx *database.Tx, fresh []*lead) error {
	const begin = `INSERT INTO contacts (kind, name, organisation, email, email_key, suppression_key, phone, phone_key, post_address, postcode,
		post_key, sort_key, search_key, channel, large_print, notes, version, created_at, updated_at) VALUES `
	const row, end = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)`, ` RETURNING id, email_key`
	var rows [][]any
	byEmail := map[string]*Contact{}
	for _, l := range fresh {
		c := &l.plan.after
		c.Version, c.CreatedAt, c.UpdatedAt = 1, tx.Now(), tx.Now()
		s.setKeys(c)
		values := []any{string(c.Kind), c.Name, c.Organisation, c.Email, c.EmailKey, c.SuppressionKey, c.Phone, c.PhoneKey, c.PostAddress, c.Postcode,
			c.PostKey, c.SortKey, c.SearchKey, string(c.Channel), c.LargePrint, c.Notes, c.CreatedAt, c.UpdatedAt}
		if c.EmailKey != "" {
			rows, byEmail[c.EmailKey] = append(rows, values), c
			continue
		}
		var key string
		if err := tx.Row(begin+row+end, values...).Scan(&c.ID, &key); err != nil {
			return fmt.Errorf("store a contact: %w", err)
		}
	}
	err := tx.QueryMany(begin, row, end, rows, func(found *sql.Rows) error {
		var id int64
		var key string
		err := found.Scan(&id, &key)
		byEmail[key].ID = id
		return err
	})
	if err != nil {
		return fmt.Errorf("store contacts: %w", err)
	}
	return nil
}

// makeGroups makes the groups that staff chose to have made.
func (s *Service) makeGroups(ctx context.Context, tx *database.Tx, w *importWork) error {
	for _, name := range w.set.NewGroups {
		slug := links.Words(name)
		var there int
		if err := tx.Row(`SELECT count(*) FROM contact_groups WHERE slug = ?`, slug).Scan(&there); err != nil || there > 0 {
			if err != nil {
				return fmt.Errorf("look for the group %s: %w", slug, err)
			}
			continue
		}
		id, err := tx.Insert(`INSERT INTO contact_groups (slug, name, created_at, updated_at) VALUES (?, ?, ?, ?) RETURNING id`, slug, name, tx.Now(), tx.Now())
		if err != nil {
			return fmt.Errorf("make the group %s: %w", slug, err)
		}
		w.set.MadeGroups = append(w.set.MadeGroups, id)
		if err := audit.Record(ctx, tx, "contact_group.add", "contact_groups", id, audit.Details{"import": w.ID}); err != nil {
			return err
		}
	}
	w.set.NewGroups = nil
	text, err := w.set.text()
	w.Settings = text
	return err
}

func (w *importWork) endApply(ctx context.Context, tx *database.Tx) error {
	if err := w.count(tx); err != nil {
		return err
	}
	now := tx.Now()
	w.State, w.DoneAt, w.Worked, w.LastRow = ImportDone, &now, 0, 0
	return audit.Record(ctx, tx, "contact_import.done", "contact_imports", w.ID, audit.Details{"new": w.Created, "changed": w.Changed, "same": w.Same, "left_out": w.Bad})
}

package contacts

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"conversations/app/audit"
	"conversations/app/database"

	"gorm.io/gorm"
)

// checkChunk says of the next rows what they would do. It changes no contact.
func (s *Service) checkChunk(ctx context.Context, tx *database.Tx, w *importWork) error {
	rows, err := rowsOf(tx.DB, `import_id = ? AND id > ? ORDER BY id LIMIT ?`, w.ID, w.LastRow, importChunk)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return w.endCheck(ctx, tx)
	}
	checked, err := s.checkRows(tx.DB, w, rows)
	if err != nil {
		return err
	}
	if err := storeChecked(tx, rows, checked); err != nil {
		return err
	}
	w.pass(rows)
	return nil
}

// checkRows gives the rows as they are after the check.
func (s *Service) checkRows(q *gorm.DB, w *importWork, rows []ImportRow) (checked []ImportRow, err error) {
	checked = make([]ImportRow, len(rows))
	var leads []lead
	for n, row := range rows {
		c := &checked[n]
		*c = ImportRow{ID: row.ID, Line: row.Line, EmailKey: row.EmailKey}
		if row.Trouble != "" {
			c.spoil(row.Trouble)
			continue
		}
		cells, err := row.values()
		if err != nil {
			return nil, err
		}
		wanted, wrong := w.reader.read(cells)
		c.EmailKey = wanted.EmailKey
		with, double := w.roster.doubleOf[row.ID]
		switch {
		case len(wrong) > 0:
			c.spoil(wrong...)
		case w.roster.unclear[row.ID]:
			c.spoil("There are several contacts, or rows, with this name and the same postcode or telephone number. Write an email address, or merge the contacts first.")
		case double:
			c.Outcome, c.DoubleOf = RowDouble, &with
		default:
			leads = append(leads, lead{row: c, wish: wanted, contact: w.roster.contact[row.ID], doubles: w.roster.doubles[row.ID]})
		}
	}
	return checked, s.checkLeads(q, w, leads)
}

// spoil makes a row a bad one and says why.
func (r *ImportRow) spoil(reasons ...string) {
	r.Outcome, r.Reason = RowBad, strings.Join(reasons, " ")
}

// lead is a row with which others may be taken together, and what is known of the contact.
type lead struct {
	row     *ImportRow
	wish    wish
	contact int64 // 0 where there is none yet
	doubles []int64
	known   *known
	plan    plan
}

func (s *Service) checkLeads(q *gorm.DB, w *importWork, leads []lead) error {
	if err := s.learn(q, "", w, leads); err != nil {
		return err
	}
	if err := w.joinDoubles(q, leads); err != nil {
		return err
	}
	for _, l := range leads {
		p := w.planner.decide(l.wish, l.known)
		l.row.Outcome, l.row.Note = p.outcome(), p.note
		if l.row.Outcome == RowBad {
			l.row.spoil(p.wrong...)
			l.row.Note = ""
		} else if l.known.there() {
			l.row.ContactID = &l.known.ID
		}
	}
	return nil
}

// learn finds out what is known of the contacts that rows are about.
func (s *Service) learn(q *gorm.DB, lock string, w *importWork, leads []lead) error {
	var ids []int64
	for _, l := range leads {
		if l.contact != 0 {
			ids = append(ids, l.contact)
		}
	}
	all, err := knowAll(q, lock, ids, w.set.Purpose)
	if err != nil {
		return err
	}
	keys := make([]string, len(leads))
	for n := range leads {
		l := &leads[n]
		if l.known = all[l.contact]; l.known == nil {
			l.known = &known{}
		}
		if keys[n] = l.known.SuppressionKey; keys[n] == "" {
			keys[n] = s.suppressionOf(l.wish.EmailKey)
		}
		l.wish.weak = l.wish.by(l.known)
	}
	since, err := suppressedSince(q, keys)
	for n, key := range keys {
		if at, is := since[key]; is && key != "" {
			leads[n].known.suppressed = &at
		}
	}
	return err
}

// suppressionOf is the keyed hash under which an address is suppressed.
func (s *Service) suppressionOf(emailKey string) string {
	c := Contact{Email: emailKey}
	s.setKeys(&c)
	return c.SuppressionKey
}

// by says whether a row is about the contact by another address than that which it has: by one of a contact that was merged.
func (w wish) by(k *known) (another bool) {
	return w.EmailKey != "" && k.EmailKey != "" && w.EmailKey != k.EmailKey
}

// joinDoubles takes rows together that are about the same contact.
func (w *importWork) joinDoubles(q *gorm.DB, leads []lead) error {
	var ids []int64
	for _, l := range leads {
		ids = append(ids, l.doubles...)
	}
	wishes := map[int64]wish{}
	for some := range slices.Chunk(ids, importChunk) {
		rows, err := rowsOf(q, `id IN ? ORDER BY id`, some)
		if err != nil {
			return err
		}
		for _, row := range rows {
			cells, err := row.values()
			if err != nil {
				return err
			}
			wishes[row.ID], _ = w.reader.read(cells)
		}
	}
	for n := range leads {
		l := &leads[n]
		for _, id := range l.doubles {
			double := wishes[id]
			double.weak = double.by(l.known)
			if id < l.row.ID {
				l.wish = double.with(l.wish)
			} else {
				l.wish = l.wish.with(double)
			}
		}
	}
	return nil
}

// storeChecked stores what was found, the rows that say the same in one statement.
func storeChecked(tx *database.Tx, before, checked []ImportRow) error {
	var created []int64
	var others [][]any
	for n, c := range checked {
		plain := before[n].EmailKey == c.EmailKey && before[n].Reason == "" && before[n].Note == "" && before[n].ContactID == nil && before[n].DoubleOf == nil
		if c.Outcome == RowCreates && c.Note == "" && plain {
			created = append(created, c.ID)
			continue
		}
		others = append(others, []any{c.ID, c.EmailKey, string(c.Outcome), c.Reason, string(c.Note), c.DoubleOf, c.ContactID})
	}
	if len(created) > 0 {
		if err := tx.Exec(`UPDATE contact_import_rows SET outcome = 'create' WHERE id IN ?`, created).Error; err != nil {
			return fmt.Errorf("store what rows would do: %w", err)
		}
	}
	_, err := tx.ExecMany(`UPDATE contact_import_rows SET email_key = v.column2, outcome = v.column3, reason = v.column4, note = v.column5, double_of = v.column6, contact_id = v.column7
		FROM (VALUES `, `(CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT))`,
		`) v WHERE contact_import_rows.id = v.column1`, others)
	if err != nil {
		return fmt.Errorf("store what rows would do: %w", err)
	}
	return nil
}

// endCheck ends the check: a row that is taken together with a bad one is bad as well.
func (w *importWork) endCheck(ctx context.Context, tx *database.Tx) error {
	err := tx.Exec(`UPDATE contact_import_rows SET outcome = 'bad', note = '', reason = 'It belongs to the same contact as another row that cannot be used: mend that one.'
		WHERE import_id = ? AND outcome = 'double' AND double_of IN (SELECT id FROM contact_import_rows WHERE import_id = ? AND outcome = 'bad')`, w.ID, w.ID).Error
	if err != nil {
		return fmt.Errorf("find rows that belong to bad ones: %w", err)
	}
	if err := w.count(tx); err != nil {
		return err
	}
	w.State, w.Worked, w.LastRow = ImportChecked, 0, 0
	return audit.Record(ctx, tx, "contact_import.check", "contact_imports", w.ID, audit.Details{"rows": w.Total, "bad": w.Bad, "new": w.Created, "changed": w.Changed, "same": w.Same})
}

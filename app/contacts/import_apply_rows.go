package contacts

import (
	"context"
	"fmt"

	"conversations/app/audit"
	"conversations/app/database"
)

// insertBelonging puts contacts into groups and localities.
func insertBelonging(_ context.Context, tx *database.Tx, _ *importWork, leads []lead) error {
	ids, err := groupIDs(tx)
	if err != nil {
		return err
	}
	var members, localities [][]any
	for _, l := range leads {
		if l.row.Outcome == RowBad {
			continue
		}
		for _, slug := range l.plan.groups {
			members = append(members, []any{l.plan.after.ID, ids[slug]})
		}
		for _, slug := range l.plan.localities {
			localities = append(localities, []any{l.plan.after.ID, slug})
		}
	}
	if _, err := tx.ExecMany(`INSERT INTO contact_group_members (contact_id, group_id) VALUES `, `(?, ?)`, ` ON CONFLICT DO NOTHING`, members); err != nil {
		return fmt.Errorf("put contacts into groups: %w", err)
	}
	if _, err := tx.ExecMany(`INSERT INTO contact_localities (contact_id, locality) VALUES `, `(?, ?)`, ` ON CONFLICT DO NOTHING`, localities); err != nil {
		return fmt.Errorf("give contacts localities: %w", err)
	}
	return nil
}

func groupIDs(tx *database.Tx) (ids map[string]int64, err error) {
	groups, err := allGroups(tx.DB)
	ids = make(map[string]int64, len(groups))
	for _, g := range groups {
		ids[g.Slug] = g.ID
	}
	return ids, err
}

// insertEntries writes the ledger.
func (s *Service) insertEntries(ctx context.Context, tx *database.Tx, w *importWork, leads []lead) error {
	var rows [][]any
	for _, l := range leads {
		if l.row.Outcome == RowBad {
			continue
		}
		for _, e := range l.plan.entries {
			rows = append(rows, []any{l.plan.after.ID, e.Purpose, string(e.Channel), string(e.Entry), string(e.Basis), e.Wording, e.WordingVersion,
				e.At.UTC(), tx.Now(), string(e.Source), e.SourceNote, audit.StaffID(ctx), w.ID})
		}
	}
	_, err := tx.ExecMany(`INSERT INTO consents (contact_id, purpose, channel, entry, basis, wording, wording_version, at, recorded_at, source, source_note, recorded_by, import_id) VALUES `,
		`(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, ``, rows)
	if err != nil {
		return fmt.Errorf("write the ledger: %w", err)
	}
	return s.keepBackAll(ctx, tx, leads)
}

// keepBackAll stops the letters that wait for those who said no.
func (s *Service) keepBackAll(ctx context.Context, tx *database.Tx, leads []lead) error {
	for _, l := range leads {
		for _, e := range l.plan.entries {
			if e.Entry == Given || e.Channel != Email || l.row.Outcome != RowChanges {
				continue
			}
			if err := s.keepBack(ctx, tx, l.plan.after.ID, e.Purpose); err != nil {
				return err
			}
		}
	}
	return nil
}

// recordApplied has the audit log say of each contact what became of it.
func recordApplied(ctx context.Context, tx *database.Tx, w *importWork, leads []lead) error {
	var items []audit.Item
	for _, l := range leads {
		details := audit.Details{"import": w.ID}
		switch l.row.Outcome {
		case RowCreates:
			details["new"] = true
		case RowChanges:
			details["fields"] = l.plan.fields
		default:
			continue
		}
		if n := len(l.plan.groups) + len(l.plan.localities); n > 0 {
			details["belongs"] = n
		}
		if n := len(l.plan.entries); n > 0 {
			details["consents"] = n
		}
		items = append(items, audit.Item{ID: l.plan.after.ID, Details: details})
	}
	return audit.RecordEach(ctx, tx, "contact.import", "contacts", items)
}

// storeApplied notes on the rows what they did.
func storeApplied(_ context.Context, tx *database.Tx, _ *importWork, leads []lead) error {
	rows := make([][]any, len(leads))
	for n, l := range leads {
		rows[n] = []any{l.row.ID, string(l.row.Outcome), l.row.Reason, string(l.row.Note), l.row.ContactID, l.row.Before, l.row.VersionAfter}
	}
	_, err := tx.ExecMany(`UPDATE contact_import_rows SET outcome = v.column2, reason = v.column3, note = v.column4, contact_id = v.column5, before = v.column6, version_after = v.column7
		FROM (VALUES `, `(CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS BIGINT))`,
		`) v WHERE contact_import_rows.id = v.column1`, rows)
	if err != nil {
		return fmt.Errorf("store what rows did: %w", err)
	}
	return nil
}

package contacts

import (
	"context"
	"fmt"
	"strings"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/sheet"
)

// exportChunk is how many contacts are read at a time on their way out.
const exportChunk = 500

// exportHead are the columns of an export. The first eight are those of a file that is brought in; an import knows the
// others too. More may follow, none may change.
var exportHead = []string{"email", "name", "organisation", "groups", "localities", "consent", "consent_date", "consent_source",
	"kind", "phone", "post_address", "postcode", "channel", "large_print", "notes", "updates", "basis", "stopped"}

// Export gives all contacts of a filter, in the order of the list, as a table on its way out; its Page does not count.
// That they were taken out, by whom and with which filter, is in the audit log before the first row leaves; the text
// looked for is not, for it may name somebody.
//
// consent is yes or no where the person said so about updates by the channel that they prefer, and empty where they never
// did: what stands on another basis is in updates and basis.
func (s *Service) Export(ctx context.Context, f ListFilter, format sheet.Format) (sheet.Table, error) {
	n, _, err := s.naming(ctx) // asks for the right
	if err != nil {
		return sheet.Table{}, err
	}
	q := f.query()
	var ids []int64
	if err := q.on(s.db.Read(ctx), "k.id", " ORDER BY "+q.order).Scan(&ids).Error; err != nil {
		return sheet.Table{}, fmt.Errorf("list the contacts to export: %w", err)
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		return audit.Record(ctx, tx, "contacts.export", "contacts", 0, f.recorded(format, len(ids)))
	})
	if err != nil {
		return sheet.Table{}, err
	}
	return sheet.Table{Head: exportHead, Rows: s.exportRows(ctx, ids), Options: sheet.Options{
		Name: "Contacts", At: s.db.Now(), By: writer(audit.ActorFrom(ctx)), Filter: f.words(n), Zone: s.cfg.Zone(),
	}}, nil
}

// exportRows reads chunk by chunk, so that the longest list takes little memory and holds no connection while a slow line
// takes it.
func (s *Service) exportRows(ctx context.Context, ids []int64) func(func([]any, error) bool) {
	return func(yield func([]any, error) bool) {
		for len(ids) > 0 {
			chunk := ids[:min(exportChunk, len(ids))]
			ids = ids[len(chunk):]
			list, err := s.listed(ctx, chunk)
			if err != nil {
				yield(nil, err)
				return
			}
			entries, err := s.entriesOf(ctx, list)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, c := range list {
				if !yield(c.cells(entries), nil) {
					return
				}
			}
		}
	}
}

// entriesOf reads the entries of the ledger by which contacts stand as they do.
func (s *Service) entriesOf(ctx context.Context, list []Listed) (map[int64]ConsentEntry, error) {
	var ids []int64
	for _, c := range list {
		for _, st := range c.Updates {
			ids = append(ids, st.ConsentID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []ConsentEntry
	if err := s.db.Read(ctx).Raw(`SELECT id, source, source_note FROM consents WHERE id IN ?`, ids).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	entries := make(map[int64]ConsentEntry, len(rows))
	for _, e := range rows {
		entries[e.ID] = e
	}
	return entries, nil
}

func (l Listed) cells(entries map[int64]ConsentEntry) []any {
	var consent, updates, basis, source string
	var at any
	if one, said := l.said(); said && (one.Entry != Given || one.Basis == Consent) {
		e := entries[one.ConsentID]
		consent, at, source = yesNo(one.Allowed()), one.At, strings.Trim(e.Source.words()+": "+e.SourceNote, ": ")
	}
	if one, may := l.Allowed(); may {
		updates, basis = string(one.Channel), string(one.Basis)
	}
	return []any{l.Email, l.Name, l.Organisation, l.Groups, l.Localities, consent, at, source,
		string(l.Kind), l.Phone, l.PostAddress, l.Postcode, string(l.Channel), yesNo(l.LargePrint), l.Notes, updates, basis, yesNo(l.Suppressed)}
}

// said is how the contact stands with updates by the channel that it prefers.
func (l Listed) said() (one Standing, found bool) {
	for _, st := range l.Updates {
		if st.Channel == l.Channel {
			return st, true
		}
	}
	return one, false
}

// recorded is what the audit log keeps of an export.
func (f ListFilter) recorded(format sheet.Format, rows int) audit.Details {
	details := audit.Details{"format": format, "rows": rows}
	for name, values := range f.chosen() {
		if name == "q" {
			details["searched"] = true
			continue
		}
		details[name] = values[0]
	}
	return details
}

// words are a filter as people read it.
func (f ListFilter) words(n naming) (lines [][2]string) {
	for _, line := range [][2]string{
		{"Group", strings.Join(named(only(f.Group), n.groups), "")}, {"Locality", strings.Join(named(only(f.Locality), n.localities), "")},
		{"May we send updates?", f.Basis}, {"Prefers", string(f.Channel)}, {"Kind", string(f.Kind)}, {"Email address stopped", f.Suppressed}, {"Looked for", strings.TrimSpace(f.Text)},
	} {
		if line[1] != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

func only(slug string) []string {
	if slug == "" {
		return nil
	}
	return []string{slug}
}

func writer(a audit.Actor) string {
	if a.Kind == audit.Staff {
		return a.Name
	}
	return "The command line"
}

package site

import (
	"context"
	"fmt"
	"net/url"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/sheet"
)

// logChunk is how many entries are read at once for a file.
const logChunk = 1000

var logHead = []string{"number", "at", "actor", "actor_number", "name", "action", "entity", "entity_number", "details", "request"}

// query is the filter as it stands in an address, the page left out.
func (f LogFilter) query() url.Values {
	q := url.Values{}
	id := ""
	if f.EntityID != 0 {
		id = fmt.Sprint(f.EntityID)
	}
	for name, value := range map[string]string{"who": f.Who, "from": f.From, "to": f.To, "entity": f.Entity, "id": id, "action": f.Action} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// LogExport gives all entries that fit, newest first, for a file. That they were taken out, by whom and with which
// filter, is in the log before the first row leaves.
func (s *Service) LogExport(ctx context.Context, f LogFilter, format sheet.Format) (sheet.Table, error) {
	if err := accounts.Require(ctx, accounts.SeeAudit); err != nil {
		return sheet.Table{}, err
	}
	details, words := audit.Details{"format": format}, [][2]string{}
	for name, values := range f.query() {
		details[name] = values[0]
		words = append(words, [2]string{name, values[0]})
	}
	var last int64
	err := s.db.Write(ctx, func(tx *database.Tx) error {
		if err := tx.Row(`SELECT coalesce(max(id), 0) FROM audit_entries`).Scan(&last); err != nil {
			return err
		}
		return audit.Record(ctx, tx, "audit.export", "audit_entries", 0, details)
	})
	if err != nil {
		return sheet.Table{}, fmt.Errorf("record an export of the audit log: %w", err)
	}
	return sheet.Table{Head: logHead, Rows: s.logRows(ctx, f, last), Options: sheet.Options{
		Name: "Audit log", At: s.db.Now(), By: audit.ActorFrom(ctx).Name, Filter: words, Zone: s.cfg.Zone(),
	}}, nil
}

// logRows reads chunk by chunk, from the last entry back.
func (s *Service) logRows(ctx context.Context, f LogFilter, last int64) func(func([]any, error) bool) {
	where, args := f.where(s.cfg.Zone())
	return func(yield func([]any, error) bool) {
		for last > 0 {
			var chunk []LogEntry
			err := s.db.Read(ctx).Raw(logSelect+where+` AND a.id <= ? ORDER BY a.id DESC LIMIT ?`, append(append([]any{}, args...), last, logChunk)...).Scan(&chunk).Error
			if err != nil {
				yield(nil, fmt.Errorf("read the audit log: %w", err))
				return
			}
			last = 0
			for _, e := range chunk {
				last = e.ID - 1
				if !yield([]any{e.ID, e.At, string(e.ActorKind), e.ActorID, e.StaffName, e.Action, e.Entity, e.EntityID, details(e), e.RequestID}, nil) {
					return
				}
			}
		}
	}
}

// logPeople are the staff whose deeds can be looked for.
func (s *Service) logPeople(ctx context.Context) (people []struct {
	ID   int64
	Name string
}, err error) {
	err = s.db.Read(ctx).Raw(`SELECT id, name FROM staff ORDER BY name, id`).Scan(&people).Error
	return people, err
}

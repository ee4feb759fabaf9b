package bookings

import (
	"context"
	"fmt"
	"strings"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/sheet"
)

// exportChunk is how many bookings are read at a time on their way out.
const exportChunk = 500

// exportHead are the columns of an export. Other programs read the first ten: more may follow, none may change.
var exportHead = []string{"reference", "event", "locality", "status", "people", "name", "email", "phone", "channel", "created_at",
	"event_title", "event_starts_at", "names", "access_needs"}

// Export gives all bookings of a filter, in the order of the list, as a table on its way out; its Page does not
// count. That they were taken out, by whom and with which filter, is in the audit log before the first row leaves; the
// text looked for is not, for it may name somebody. It needs the right to see bookings.
func (s *Service) Export(ctx context.Context, f ListFilter, format sheet.Format) (sheet.Table, error) {
	q, err := s.listQuery(ctx, f)
	if err != nil {
		return sheet.Table{}, err
	}
	var ids []int64
	if err := q.on(s.db.Read(ctx), "b.id", " ORDER BY "+q.order).Scan(&ids).Error; err != nil {
		return sheet.Table{}, fmt.Errorf("list the bookings to export: %w", err)
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		return audit.Record(ctx, tx, "bookings.export", "bookings", 0, f.recorded(q, format, len(ids)))
	})
	if err != nil {
		return sheet.Table{}, err
	}
	return sheet.Table{Head: exportHead, Rows: s.exportRows(ctx, ids), Options: sheet.Options{
		Name: "Bookings", At: s.db.Now(), By: writer(audit.ActorFrom(ctx)), Filter: f.words(q), Zone: s.cfg.Zone(),
	}}, nil
}

// exportRows reads chunk by chunk, so that the longest list takes little memory and holds no connection while a slow
// line takes it.
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
			names, err := s.namesOf(ctx, chunk)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, b := range list {
				if !yield(b.cells(names[b.ID]), nil) {
					return
				}
			}
		}
	}
}

func (l Listed) cells(names []string) []any {
	needs := make([]string, len(l.Needs))
	for i, n := range l.Needs {
		needs[i] = fmt.Sprintf("%s (%s)", n.Need, n.State)
	}
	return []any{l.Spoken(), l.Event.Slug, l.Event.Locality, string(l.Status), l.People, l.Name, l.Email, l.Phone, string(l.Channel), l.CreatedAt,
		l.Event.Title, l.Event.StartsAt, names, needs}
}

// namesOf are the names of the people of these bookings, as far as they are known.
func (s *Service) namesOf(ctx context.Context, ids []int64) (map[int64][]string, error) {
	rows, err := s.db.Read(ctx).Raw(`SELECT booking_id, name FROM attendees WHERE booking_id IN ? AND name <> '' ORDER BY booking_id, position`, ids).Rows()
	if err != nil {
		return nil, fmt.Errorf("read the people of bookings: %w", err)
	}
	defer func() { _ = rows.Close() }()
	out := map[int64][]string{}
	for rows.Next() {
		var id int64
		var name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, fmt.Errorf("read a person: %w", err)
		}
		out[id] = append(out[id], name)
	}
	return out, rows.Err()
}

// recorded is what the audit log keeps of an export.
func (f ListFilter) recorded(q *listQuery, format sheet.Format, rows int) audit.Details {
	details := audit.Details{"format": format, "rows": rows}
	if q.event != nil {
		details["event"] = q.event.ID
	}
	for name, value := range map[string]string{"status": string(f.Status), "channel": string(f.Channel), "need": f.Need, "sort": f.Sort} {
		if value != "" {
			details[name] = value
		}
	}
	if strings.TrimSpace(f.Text) != "" {
		details["searched"] = true
	}
	return details
}

// words are a filter as people read it.
func (f ListFilter) words(q *listQuery) (lines [][2]string) {
	if q.event != nil {
		lines = append(lines, [2]string{"Event", q.event.Title + ", " + q.event.When()})
	}
	if f.Status != "" {
		lines = append(lines, [2]string{"Status", f.Status.Words()})
	}
	if f.Channel != "" {
		lines = append(lines, [2]string{"Booked by", channelWords(f.Channel)})
	}
	if f.Need == AnyNeed {
		lines = append(lines, [2]string{"Access needs", "Any"})
	} else if f.Need != "" {
		lines = append(lines, [2]string{"Access needs", NeedLabel(f.Need)})
	}
	if text := strings.TrimSpace(f.Text); text != "" {
		lines = append(lines, [2]string{"Looked for", text})
	}
	return lines
}

func writer(a audit.Actor) string {
	if a.Kind == audit.Staff {
		return a.Name
	}
	return "The command line"
}

package events

import (
	"context"
	"fmt"
	"strings"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/sheet"
)

// exportHead are the columns of an export: those that an import takes, then what only we know.
var exportHead = []string{"slug", "title", "locality", "summary", "starts_at", "ends_at", "venue_name", "venue_address", "venue_postcode",
	"capacity", "max_party", "waiting_list", "status", "places_taken", "people_waiting", "attendance"}

// Export gives all events of a filter, in the order of the list, as a table on its way out; its Page does not count. That
// it was taken out, by whom and with which filter, is in the audit log. It needs the right to manage events.
func (s *Service) Export(ctx context.Context, f StaffFilter, format sheet.Format) (sheet.Table, error) {
	if err := mayManage(ctx); err != nil {
		return sheet.Table{}, err
	}
	where, args := f.where(s.db.Now())
	order, known := sorts[f.Sort]
	if !known {
		order = sorts[""]
	}
	var list []Event
	err := s.db.Read(ctx).Omit("description", "getting_there", "parking", "toilets").Where(where, args...).Order(order).Find(&list).Error
	if err != nil {
		return sheet.Table{}, fmt.Errorf("list the events to export: %w", err)
	}
	places, err := s.places(ctx, list...)
	if err != nil {
		return sheet.Table{}, err
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		return audit.Record(ctx, tx, "events.export", "events", 0, f.recorded(format, len(list)))
	})
	if err != nil {
		return sheet.Table{}, err
	}
	rows := func(yield func([]any, error) bool) {
		for _, e := range list {
			if !yield(e.cells(places[e.ID]), nil) {
				return
			}
		}
	}
	return sheet.Table{Head: exportHead, Rows: rows, Options: sheet.Options{
		Name: "Events", At: s.db.Now(), By: audit.ActorFrom(ctx).Name, Filter: f.words(), Zone: s.cfg.Zone(),
	}}, nil
}

func (e Event) cells(p Places) []any {
	attendance := any(nil)
	if e.Attendance != nil {
		attendance = *e.Attendance
	}
	return []any{e.Slug, e.Title, e.Locality, e.Summary, e.StartsAt, e.EndsAt, e.VenueName, e.VenueAddress, e.VenuePostcode,
		e.Capacity, e.MaxParty, e.WaitingList, string(e.Status), p.Taken, p.Waiting, attendance}
}

func (f StaffFilter) recorded(format sheet.Format, rows int) audit.Details {
	details := audit.Details{"format": format, "rows": rows}
	for name, value := range map[string]string{"status": string(f.Status), "locality": f.Locality, "when": string(f.When), "sort": f.Sort} {
		if value != "" {
			details[name] = value
		}
	}
	if strings.TrimSpace(f.Text) != "" {
		details["searched"] = true
	}
	return details
}

func (f StaffFilter) words() (lines [][2]string) {
	for _, line := range [][2]string{{"Status", string(f.Status)}, {"Locality", f.Locality}, {"When", string(f.When)}, {"Looked for", strings.TrimSpace(f.Text)}} {
		if line[1] != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

package site

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"conversations/app/accounts"
	"conversations/app/audit"
)

// entriesOnPage is how many entries of the audit log are shown at once.
const entriesOnPage = 50

// LogFilter chooses entries of the audit log. The zero LogFilter is the first page of all.
type LogFilter struct {
	Entity   string // a table's name
	EntityID int64
	Action   string // whole, or the part before the dot
	Page     int    // from 1
}

// LogEntry is an entry with the name of the member of staff who acted, where it was one.
type LogEntry struct {
	audit.Entry
	StaffName string
}

// LogPage is one page of the audit log, newest first.
type LogPage struct {
	Entries []LogEntry
	Page    int  // from 1
	More    bool // there are older ones
}

// Log gives one page of who did what.
func (s *Service) Log(ctx context.Context, f LogFilter) (LogPage, error) {
	if err := accounts.Require(ctx, accounts.SeeAudit); err != nil {
		return LogPage{}, err
	}
	page := LogPage{Page: min(max(1, f.Page), maxLogPage)}
	where, args := f.where()
	args = append(args, entriesOnPage+1, (page.Page-1)*entriesOnPage)
	err := s.db.Read(ctx).Raw(`SELECT a.*, coalesce(p.name, '') AS staff_name FROM audit_entries a
		LEFT JOIN staff p ON a.actor_kind = 'staff' AND p.id = a.actor_id
		WHERE `+where+` ORDER BY a.id DESC LIMIT ? OFFSET ?`, args...).Scan(&page.Entries).Error
	if err != nil {
		return LogPage{}, fmt.Errorf("read the audit log: %w", err)
	}
	page.More = len(page.Entries) > entriesOnPage
	page.Entries = page.Entries[:min(len(page.Entries), entriesOnPage)]
	return page, nil
}

// maxLogPage bounds what a mistyped address makes the database skip.
const maxLogPage = 10_000

func (f LogFilter) where() (string, []any) {
	parts, args := []string{"1 = 1"}, []any{}
	add := func(sql string, values ...any) { parts, args = append(parts, sql), append(args, values...) }
	if f.Entity != "" {
		add("a.entity = ?", f.Entity)
	}
	if f.EntityID != 0 {
		add("a.entity_id = ?", f.EntityID)
	}
	if f.Action != "" {
		add("(a.action = ? OR substr(a.action, 1, ?) = ?)", f.Action, len([]rune(f.Action))+1, f.Action+".")
	}
	return strings.Join(parts, " AND "), args
}

// entities are the names of what can be acted on, for the log's filter.
func (s *Service) entities() (names []string) {
	for _, t := range s.tables {
		names = append(names, t.Name)
	}
	slices.Sort(names)
	return names
}

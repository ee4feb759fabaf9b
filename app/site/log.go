package site

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
)

// entriesOnPage is how many entries of the audit log are shown at once.
const entriesOnPage = 50

// LogFilter chooses entries of the audit log. The zero LogFilter is the first page of all.
type LogFilter struct {
	Who      string // the number of a member of staff, "resident" or "system"
	From, To string // days of the programme's calendar, both included: 2017-02-28
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
	where, args := f.where(s.cfg.Zone())
	args = append(args, entriesOnPage+1, (page.Page-1)*entriesOnPage)
	err := s.db.Read(ctx).Raw(logSelect+where+` ORDER BY a.id DESC LIMIT ? OFFSET ?`, args...).Scan(&page.Entries).Error
	if err != nil {
		return LogPage{}, fmt.Errorf("read the audit log: %w", err)
	}
	page.More = len(page.Entries) > entriesOnPage
	page.Entries = page.Entries[:min(len(page.Entries), entriesOnPage)]
	return page, nil
}

const logSelect = `SELECT a.*, coalesce(p.name, '') AS staff_name FROM audit_entries a
	LEFT JOIN staff p ON a.actor_kind = 'staff' AND p.id = a.actor_id WHERE `

// maxLogPage bounds what a mistyped address makes the database skip.
const maxLogPage = 10_000

func (f LogFilter) where(zone *time.Location) (string, []any) {
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
	if id, err := strconv.ParseInt(f.Who, 10, 64); err == nil {
		add("a.actor_kind = 'staff' AND a.actor_id = ?", id)
	} else if f.Who != "" {
		add("a.actor_kind = ?", f.Who)
	}
	if day, err := time.ParseInLocation(time.DateOnly, f.From, zone); err == nil {
		add("a.at >= ?", day.UTC())
	}
	if day, err := time.ParseInLocation(time.DateOnly, f.To, zone); err == nil {
		add("a.at < ?", day.AddDate(0, 0, 1).UTC())
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

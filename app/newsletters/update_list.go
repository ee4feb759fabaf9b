package newsletters

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/sheet"
)

// ListPageSize is how many updates the staff's list shows at once.
const ListPageSize = 25

// ListFilter chooses updates for the staff's list; its zero value is all of them.
type ListFilter struct {
	Kind  Kind
	State State
	Text  string // in the letter
	Sort  string // a key of listOrders; "" is changed last first
	Page  int    // from 1
}

// Listed is an update in the staff's list.
type Listed struct {
	ID          int64
	Slug        string
	Kind        Kind
	Title       string
	State       State
	ChangedAt   time.Time
	Writer      string // of the text that counts
	PublishedAt *time.Time
}

// ListPage is one page of the staff's list.
type ListPage struct {
	Updates []Listed
	Total   int
	Page    int // from 1
	Pages   int // at least 1
}

var listOrders = map[string]string{
	"":         "t.created_at DESC, u.id DESC",
	"changed":  "t.created_at, u.id",
	"-changed": "t.created_at DESC, u.id DESC",
	"title":    "LOWER(u.title), u.id",
	"-title":   "LOWER(u.title) DESC, u.id DESC",
	"public":   "CASE WHEN u.published_at IS NULL THEN 1 ELSE 0 END, u.published_at, u.id",
	"-public":  "CASE WHEN u.published_at IS NULL THEN 1 ELSE 0 END, u.published_at DESC, u.id DESC",
}

const (
	listedColumns = `u.id, u.slug, u.kind, u.title, u.state, t.created_at AS changed_at, coalesce(s.name, '') AS writer, u.published_at`
	listedFrom    = ` FROM updates u JOIN update_texts t ON t.id = u.text_id LEFT JOIN staff s ON s.id = t.staff_id`
)

// List gives one page of updates for staff. A page past the end is the last.
func (s *Service) List(ctx context.Context, f ListFilter) (page ListPage, err error) {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return page, err
	}
	where, args := f.where()
	if err := s.DB.Read(ctx).Raw(`SELECT count(*)`+listedFrom+where, args...).Scan(&page.Total).Error; err != nil {
		return page, fmt.Errorf("count updates: %w", err)
	}
	page.Pages = max(1, (page.Total+ListPageSize-1)/ListPageSize)
	page.Page = min(max(1, f.Page), page.Pages)
	args = append(args, ListPageSize, (page.Page-1)*ListPageSize)
	if err := s.DB.Read(ctx).Raw(`SELECT `+listedColumns+listedFrom+where+` ORDER BY `+f.order()+` LIMIT ? OFFSET ?`, args...).Scan(&page.Updates).Error; err != nil {
		return page, fmt.Errorf("list updates: %w", err)
	}
	return page, nil
}

func (f ListFilter) order() string {
	if order, known := listOrders[f.Sort]; known {
		return order
	}
	return listOrders[""]
}

func (f ListFilter) where() (string, []any) {
	parts, args := []string{"1 = 1"}, []any{}
	if f.Kind != "" {
		parts, args = append(parts, "u.kind = ?"), append(args, f.Kind)
	}
	if f.State != "" {
		parts, args = append(parts, "u.state = ?"), append(args, f.State)
	}
	if text := strings.ToLower(strings.TrimSpace(f.Text)); text != "" {
		like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(text) + "%"
		parts, args = append(parts, `(LOWER(u.title) LIKE ? ESCAPE '\' OR LOWER(t.content) LIKE ? ESCAPE '\')`), append(args, like, like)
	}
	return " WHERE " + strings.Join(parts, " AND "), args
}

// query is the filter as it stands in an address, the page left out.
func (f ListFilter) query() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{"kind": string(f.Kind), "state": string(f.State), "q": f.Text, "sort": f.Sort} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

var exportHead = []string{"slug", "kind", "title", "state", "changed_at", "changed_by", "published_at"}

// Export gives all updates that the filter chooses, in the order of the list, as a table on its way out. That they were
// taken out is in the audit log before the first row leaves.
func (s *Service) Export(ctx context.Context, f ListFilter, format sheet.Format) (sheet.Table, error) {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return sheet.Table{}, err
	}
	where, args := f.where()
	var all []Listed
	if err := s.DB.Read(ctx).Raw(`SELECT `+listedColumns+listedFrom+where+` ORDER BY `+f.order(), args...).Scan(&all).Error; err != nil {
		return sheet.Table{}, fmt.Errorf("list the updates to export: %w", err)
	}
	details, words := audit.Details{"format": format, "rows": len(all)}, [][2]string{}
	for name, values := range f.query() {
		words = append(words, [2]string{name, values[0]})
		if name != "q" { // which may be what somebody wrote
			details[name] = values[0]
		}
	}
	err := s.DB.Write(ctx, func(tx *database.Tx) error {
		return audit.Record(ctx, tx, "updates.export", "updates", 0, details)
	})
	rows := func(yield func([]any, error) bool) {
		for _, u := range all {
			public := any("")
			if u.PublishedAt != nil {
				public = *u.PublishedAt
			}
			if !yield([]any{u.Slug, string(u.Kind), u.Title, string(u.State), u.ChangedAt, u.Writer, public}, nil) {
				return
			}
		}
	}
	return sheet.Table{Head: exportHead, Rows: rows, Options: sheet.Options{
		Name: "Updates", At: s.DB.Now(), By: audit.ActorFrom(ctx).Name, Filter: words, Zone: s.Config.Zone(),
	}}, err
}

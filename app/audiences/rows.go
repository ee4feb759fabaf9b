package audiences

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"conversations/app/contacts"
	"conversations/app/database"
)

// PageSize is how many people of a list are shown at once.
const PageSize = 50

// RowFilter chooses people of a list; its zero value is all of them.
type RowFilter struct {
	Outcome Outcome
	Reason  Reason
	Since   bool   // only those left out since the list was made
	Posted  string // of those on paper: "yes" or "no"
	Text    string // part of a name, an organisation or an address
	Sort    string // a key of rowOrders; "" is by name
	Page    int    // from 1
}

// Row is somebody on a list, as they are now.
type Row struct {
	ID           int64
	ContactID    int64
	Outcome      Outcome
	Reason       Reason
	Was          Outcome // what it was when the list was made, where it was lost since
	PostedAt     *time.Time
	Name         string
	Organisation string
	Email        string
	PostAddress  string
	Postcode     string
	LargePrint   bool
}

// Label is what a row is called: never empty while anything is known of its contact.
func (r Row) Label() string {
	return contacts.Contact{Name: r.Name, Organisation: r.Organisation, Email: r.Email, PostAddress: r.PostAddress}.Label()
}

// Page is one page of a list.
type Page struct {
	Rows  []Row
	Total int
	Page  int // from 1
	Pages int // at least 1
}

// rowOrders are the orders that staff can choose. Each ends in what tells any two people apart.
var rowOrders = map[string]string{
	"name":          "k.sort_key, k.id",
	"-name":         "k.sort_key DESC, k.id DESC",
	"organisation":  "k.organisation, k.sort_key, k.id",
	"-organisation": "k.organisation DESC, k.sort_key DESC, k.id DESC",
	"email":         "k.email_key, k.id",
	"-email":        "k.email_key DESC, k.id DESC",
	"postcode":      "k.postcode, k.id",
	"-postcode":     "k.postcode DESC, k.id DESC",
	"outcome":       "r.outcome, r.reason, k.sort_key, k.id",
	"-outcome":      "r.outcome DESC, r.reason DESC, k.sort_key DESC, k.id DESC",
}

const rowColumns = `r.id, r.contact_id, r.outcome, r.reason, r.was, r.posted_at, k.name, k.organisation, k.email, k.post_address, k.postcode, k.large_print`

// Rows gives one page of a list. A page past the end is the last.
func (s *Service) Rows(ctx context.Context, listID int64, f RowFilter) (page Page, err error) {
	if err := mayUse(ctx); err != nil {
		return page, err
	}
	if err := f.on(s.db.Read(ctx), listID, "count(*)", "").Scan(&page.Total).Error; err != nil {
		return page, fmt.Errorf("count list %d: %w", listID, err)
	}
	page.Pages = max(1, (page.Total+PageSize-1)/PageSize)
	page.Page = min(max(1, f.Page), page.Pages)
	tail := fmt.Sprintf(" ORDER BY %s LIMIT %d OFFSET %d", f.order(), PageSize, (page.Page-1)*PageSize)
	if err := f.on(s.db.Read(ctx), listID, rowColumns, tail).Scan(&page.Rows).Error; err != nil {
		return page, fmt.Errorf("read list %d: %w", listID, err)
	}
	return page, nil
}

// eachAtOnce is how many people are read at a time on their way out.
const eachAtOnce = 1000

// Each gives all people of a filter in the order of its Sort, chunk by chunk, so that the longest list takes little
// memory. Its Page does not count.
func (s *Service) Each(ctx context.Context, listID int64, f RowFilter) func(func(Row, error) bool) {
	return func(yield func(Row, error) bool) {
		if err := mayUse(ctx); err != nil {
			yield(Row{}, err)
			return
		}
		var ids []int64
		if err := f.on(s.db.Read(ctx), listID, "r.id", " ORDER BY "+f.order()).Scan(&ids).Error; err != nil {
			yield(Row{}, fmt.Errorf("read list %d: %w", listID, err))
			return
		}
		for len(ids) > 0 {
			chunk := ids[:min(eachAtOnce, len(ids))]
			ids = ids[len(chunk):]
			rows, err := s.byIDs(ctx, chunk)
			if err != nil {
				yield(Row{}, err)
				return
			}
			for _, id := range chunk {
				if row, there := rows[id]; there && !yield(row, nil) {
					return
				}
			}
		}
	}
}

func (s *Service) byIDs(ctx context.Context, ids []int64) (map[int64]Row, error) {
	var rows []Row
	err := s.db.Read(ctx).Raw(`SELECT `+rowColumns+` FROM audience_list_rows r JOIN contacts k ON k.id = r.contact_id WHERE r.id IN ?`, ids).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read people of a list: %w", err)
	}
	out := make(map[int64]Row, len(rows))
	for _, r := range rows {
		out[r.ID] = r
	}
	return out, nil
}

func (f RowFilter) order() string {
	if order, known := rowOrders[f.Sort]; known {
		return order
	}
	return rowOrders["name"]
}

// on is the filter as a query over rows r and contacts k.
func (f RowFilter) on(db *gorm.DB, listID int64, columns, tail string) *gorm.DB {
	where, args := []string{"r.list_id = ?"}, []any{listID}
	add := func(condition string, more ...any) { where, args = append(where, condition), append(args, more...) }
	if f.Outcome != "" {
		add("r.outcome = ?", string(f.Outcome))
	}
	if f.Reason != "" {
		add("r.reason = ?", string(f.Reason))
	}
	if f.Since {
		add("r.was <> ''")
	}
	switch f.Posted {
	case "yes":
		add("r.posted_at IS NOT NULL")
	case "no":
		add("r.posted_at IS NULL")
	}
	for _, word := range database.SearchWords(contacts.NameKey(f.Text)) {
		add(`k.search_key LIKE ?`, "%"+word+"%") // of letters and digits alone
	}
	text := "SELECT " + columns + " FROM audience_list_rows r JOIN contacts k ON k.id = r.contact_id WHERE " + strings.Join(where, " AND ")
	return db.Raw(text+tail, args...)
}

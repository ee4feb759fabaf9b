package contacts

import (
	"context"
	"fmt"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/sheet"
)

// ImportFilter chooses lists for the staff's list of lists; its zero value is all of them.
type ImportFilter struct {
	State ImportState
	Sort  string // a key of importOrders; "" is the newest first
	Page  int    // from 1
}

// ImportListed is a list in the staff's list of lists.
type ImportListed struct {
	Import
	By string // who brought it; "" is the command
}

// ImportPage is one page of the staff's list of lists.
type ImportPage struct {
	Imports []ImportListed
	Total   int
	Page    int // from 1
	Pages   int // at least 1
}

// importOrders are the orders that staff can choose.
var importOrders = map[string]string{
	"added": "i.id", "-added": "i.id DESC", "name": "i.file_name, i.id", "-name": "i.file_name DESC, i.id DESC", "rows": "i.total, i.id", "-rows": "i.total DESC, i.id DESC",
}

// Imports gives one page of the lists that were brought in. A page past the end is the last.
func (s *Service) Imports(ctx context.Context, f ImportFilter) (page ImportPage, err error) {
	if err := accounts.Require(ctx, accounts.ManageContacts); err != nil {
		return page, err
	}
	where, args := f.where()
	if err := s.db.Read(ctx).Raw(`SELECT count(*) FROM contact_imports i`+where, args...).Scan(&page.Total).Error; err != nil {
		return page, fmt.Errorf("count lists: %w", err)
	}
	page.Pages = max(1, (page.Total+ListPageSize-1)/ListPageSize)
	page.Page = min(max(1, f.Page), page.Pages)
	page.Imports, err = s.imports(ctx, f, fmt.Sprintf(" LIMIT %d OFFSET %d", ListPageSize, (page.Page-1)*ListPageSize))
	return page, err
}

func (f ImportFilter) where() (text string, args []any) {
	if f.State == "" {
		return "", nil
	}
	return ` WHERE i.state = ?`, []any{string(f.State)}
}

func (s *Service) imports(ctx context.Context, f ImportFilter, tail string) (list []ImportListed, err error) {
	where, args := f.where()
	order, known := importOrders[f.Sort]
	if !known {
		order = importOrders["-added"]
	}
	err = s.db.Read(ctx).Raw(`SELECT i.*, coalesce(p.name, '') AS "by" FROM contact_imports i LEFT JOIN staff p ON p.id = i.made_by`+where+` ORDER BY `+order+tail, args...).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("list lists: %w", err)
	}
	return list, nil
}

// ExportImports gives what the list of lists shows, all pages of it, as a table.
func (s *Service) ExportImports(ctx context.Context, f ImportFilter, format sheet.Format) (t sheet.Table, err error) {
	if err := accounts.Require(ctx, accounts.ManageContacts); err != nil {
		return t, err
	}
	list, err := s.imports(ctx, f, "")
	if err != nil {
		return t, err
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		return audit.Record(ctx, tx, "contact_imports.export", "contact_imports", 0, audit.Details{"format": format, "rows": len(list), "state": f.State})
	})
	o := sheet.Options{Name: "Lists of contacts", At: s.db.Now(), By: writer(audit.ActorFrom(ctx)), Zone: s.cfg.Zone()}
	if f.State != "" {
		o.Filter = [][2]string{{"State", string(f.State)}}
	}
	rows := func(yield func([]any, error) bool) {
		for _, i := range list {
			if !yield([]any{i.ID, i.FileName, string(i.State), i.CreatedAt, i.By, i.Total, i.Created, i.Changed, i.Same, i.Doubles, i.Bad, i.Unsubscribed, i.DoneAt, i.UndoneAt, i.Kept}, nil) {
				return
			}
		}
	}
	return sheet.Table{Head: []string{"id", "file", "state", "brought_at", "by", "rows", "new", "changed", "same", "doubles", "bad", "kept_unsubscribed", "imported_at", "undone_at", "kept_when_undone"},
		Rows: rows, Options: o}, err
}

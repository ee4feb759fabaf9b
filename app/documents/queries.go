package documents

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"gorm.io/gorm"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/sheet"
)

// facts are all columns but the file itself.
const facts = "id, slug, title, summary, dated_on, locality, file_name, content_type, size, digest, public, version, created_at, updated_at"

// PageSize is how many documents a list shows at once.
const PageSize = 25

// Filter chooses documents; its zero value is all of them.
type Filter struct {
	Locality string // slug; documents for all areas fit every locality
	Text     string // in title or summary
	Public   string // staff only: "yes", "no", or "" for both
	Sort     string // "" is by date, newest first; "dated", "title", "-title", "size", "-size"
	Page     int    // from 1
}

// Page is one page of documents, without their files.
type Page struct {
	Documents []Document
	Total     int
	Page      int // from 1
	Pages     int // at least 1
}

var sorts = map[string]string{
	"": "dated_on DESC, id DESC", "dated": "dated_on, id", "title": "LOWER(title), id", "-title": "LOWER(title) DESC, id DESC",
	"size": "size, id", "-size": "size DESC, id DESC",
}

// Library gives everybody one page of the public documents. A page past the end is the last.
func (s *Service) Library(ctx context.Context, f Filter) (Page, error) {
	f.Public = "yes"
	return s.list(ctx, f)
}

// List gives staff one page of all documents. A page past the end is the last.
func (s *Service) List(ctx context.Context, f Filter) (Page, error) {
	if err := accounts.Require(ctx, accounts.ManageDocuments); err != nil {
		return Page{}, err
	}
	return s.list(ctx, f)
}

func (s *Service) list(ctx context.Context, f Filter) (page Page, err error) {
	where, args := f.where()
	var total int64
	if err := s.db.Read(ctx).Model(&Document{}).Where(where, args...).Count(&total).Error; err != nil {
		return page, fmt.Errorf("count documents: %w", err)
	}
	page = Page{Total: int(total), Pages: max(1, (int(total)+PageSize-1)/PageSize)}
	page.Page = min(max(1, f.Page), page.Pages)
	err = s.db.Read(ctx).Select(facts).Where(where, args...).Order(f.order()).Limit(PageSize).Offset((page.Page - 1) * PageSize).Find(&page.Documents).Error
	if err != nil {
		return page, fmt.Errorf("list documents: %w", err)
	}
	return page, nil
}

func (f Filter) order() string {
	if order, known := sorts[f.Sort]; known {
		return order
	}
	return sorts[""]
}

func (f Filter) where() (string, []any) {
	parts, args := []string{"1 = 1"}, []any{}
	add := func(sql string, values ...any) { parts, args = append(parts, sql), append(args, values...) }
	if f.Locality != "" {
		add("locality IN ('', ?)", f.Locality)
	}
	if f.Public != "" {
		add("public = ?", f.Public == "yes")
	}
	for _, word := range database.SearchWords(f.Text) {
		like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(word) + "%"
		add(`(LOWER(title) LIKE ? ESCAPE '\' OR LOWER(summary) LIKE ? ESCAPE '\')`, like, like)
	}
	return strings.Join(parts, " AND "), args
}

// ByID gives staff a document without its file; NotFound where there is none.
func (s *Service) ByID(ctx context.Context, id int64) (Document, error) {
	if err := accounts.Require(ctx, accounts.ManageDocuments); err != nil {
		return Document{}, err
	}
	return one(s.db.Read(ctx), facts, "id = ?", id)
}

// File gives staff a document with its file; NotFound where there is none.
func (s *Service) File(ctx context.Context, id int64) (Document, error) {
	if err := accounts.Require(ctx, accounts.ManageDocuments); err != nil {
		return Document{}, err
	}
	return one(s.db.Read(ctx), "*", "id = ?", id)
}

// PublicFile gives everybody a public document with its file; NotFound where there is none.
func (s *Service) PublicFile(ctx context.Context, slug string) (Document, error) {
	return one(s.db.Read(ctx), "*", "public AND slug = ?", slug)
}

// IsPublic says whether everybody can open the document at this web address.
func (s *Service) IsPublic(ctx context.Context, slug string) (public bool, err error) {
	err = s.db.Read(ctx).Raw("SELECT COUNT(*) > 0 FROM documents WHERE public AND slug = ?", slug).Scan(&public).Error
	return public, err
}

func one(db *gorm.DB, columns, where string, args ...any) (d Document, err error) {
	err = database.First(db.Raw("SELECT "+columns+" FROM documents WHERE "+where, args...), &d)
	if database.IsNotFound(err) {
		return d, notFound()
	}
	if err != nil {
		return d, fmt.Errorf("read a document: %w", err)
	}
	return d, nil
}

// Export gives all documents of a filter as a table on its way out, without their files; the filter's Page does not
// count. That it was taken out is in the audit log.
func (s *Service) Export(ctx context.Context, f Filter, format sheet.Format) (sheet.Table, error) {
	if err := accounts.Require(ctx, accounts.ManageDocuments); err != nil {
		return sheet.Table{}, err
	}
	where, args := f.where()
	var list []Document
	if err := s.db.Read(ctx).Select(facts).Where(where, args...).Order(f.order()).Find(&list).Error; err != nil {
		return sheet.Table{}, fmt.Errorf("list the documents to export: %w", err)
	}
	err := s.db.Write(ctx, func(tx *database.Tx) error {
		return audit.Record(ctx, tx, "documents.export", "documents", 0, audit.Details{"format": format, "rows": len(list)})
	})
	if err != nil {
		return sheet.Table{}, err
	}
	return sheet.Table{
		Head: []string{"slug", "title", "summary", "dated_on", "locality", "file_name", "content_type", "size_bytes", "public", "updated_at"},
		Rows: rows(list),
		Options: sheet.Options{Name: "Documents", At: s.db.Now(), By: audit.ActorFrom(ctx).Name, Zone: s.cfg.Zone(),
			Filter: [][2]string{{"Locality", f.Locality}, {"Public", f.Public}, {"Looked for", f.Text}}},
	}, nil
}

func rows(list []Document) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, d := range list {
			if !yield([]any{d.Slug, d.Title, d.Summary, d.DatedOn, d.Locality, d.FileName, d.ContentType, d.Size, d.Public, d.UpdatedAt}, nil) {
				return
			}
		}
	}
}

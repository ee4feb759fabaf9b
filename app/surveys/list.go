package surveys

import (
	"context"
	"fmt"
	"strings"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/sheet"
)

// ListPageSize is how many surveys the staff's list shows at once.
const ListPageSize = 25

// ListFilter chooses surveys for the staff's list; its zero value is all but archived ones.
type ListFilter struct {
	State State  // "" is all but archived
	Text  string // in the title
	Sort  string // "" is the newest first; "created", "title", "-title"
	Page  int    // from 1
}

// Listed is a survey in a list.
type Listed struct {
	Survey
	Title     string
	Responses int // complete ones
}

// ListPage is one page of surveys.
type ListPage struct {
	Surveys []Listed
	Total   int
	Page    int // from 1
	Pages   int // at least 1
}

// List gives one page of surveys. A page past the end is the last.
func (s *Service) List(ctx context.Context, f ListFilter) (page ListPage, err error) {
	if err := mayBuild(ctx); err != nil {
		return page, err
	}
	where, args := f.where()
	if err := s.DB.Read(ctx).Raw("SELECT count(*) FROM surveys WHERE "+where, args...).Scan(&page.Total).Error; err != nil {
		return page, fmt.Errorf("count surveys: %w", err)
	}
	page.Pages = max(1, (page.Total+ListPageSize-1)/ListPageSize)
	page.Page = min(max(1, f.Page), page.Pages)
	page.Surveys, err = s.listed(ctx, f, where, append(args, ListPageSize, (page.Page-1)*ListPageSize), " LIMIT ? OFFSET ?")
	return page, err
}

func (s *Service) listed(ctx context.Context, f ListFilter, where string, args []any, tail string) (list []Listed, err error) {
	// The title is the first thing in the texts of one language, so that sorting by them sorts by titles.
	orders := map[string]string{"": "id DESC", "created": "id", "title": "LOWER(texts), id", "-title": "LOWER(texts) DESC, id DESC"}
	order, known := orders[f.Sort]
	if !known {
		order = orders[""]
	}
	err = s.DB.Read(ctx).Raw(`SELECT surveys.*, (SELECT count(*) FROM survey_responses r WHERE r.survey_id = surveys.id AND r.state = 'complete') AS responses
		FROM surveys WHERE `+where+" ORDER BY "+order+tail, args...).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("list surveys: %w", err)
	}
	for i, survey := range list {
		words, err := WordsIn(survey.Texts, survey.LanguageList(), "")
		if err != nil {
			return nil, err
		}
		list[i].Title = words.Title
		list[i].Responses = survey.shownCount(survey.Responses)
	}
	return list, nil
}

// fewest is how many people must have answered an anonymous survey before anything of it is shown.
const fewest = 5

// shownCount keeps the number of answers to an anonymous survey back while they are few.
func (s Survey) shownCount(n int) int {
	if s.Anonymous && n < fewest {
		return 0
	}
	return n
}

func (f ListFilter) where() (string, []any) {
	parts, args := []string{"state <> 'archived'"}, []any{}
	if f.State != "" {
		parts, args = []string{"state = ?"}, []any{f.State}
	}
	for _, word := range database.SearchWords(f.Text) {
		parts = append(parts, `LOWER(texts) LIKE ? ESCAPE '\'`)
		args = append(args, "%"+strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(word)+"%")
	}
	return strings.Join(parts, " AND "), args
}

// ExportList gives all surveys of a filter as a table on its way out; that it was taken out is in the audit log.
func (s *Service) ExportList(ctx context.Context, f ListFilter, format sheet.Format) (sheet.Table, error) {
	if err := mayBuild(ctx); err != nil {
		return sheet.Table{}, err
	}
	where, args := f.where()
	list, err := s.listed(ctx, f, where, args, "")
	if err != nil {
		return sheet.Table{}, err
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		return audit.Record(ctx, tx, "surveys.export", "surveys", 0, audit.Details{"format": format, "rows": len(list)})
	})
	if err != nil {
		return sheet.Table{}, err
	}
	rows := func(yield func([]any, error) bool) {
		for _, l := range list {
			if !yield([]any{l.Slug, l.Title, string(l.State), l.Anonymous, l.OpensAt, l.ClosesAt, l.Responses, l.CreatedAt}, nil) {
				return
			}
		}
	}
	return sheet.Table{Head: []string{"slug", "title", "state", "anonymous", "opens_at", "closes_at", "responses", "created_at"}, Rows: rows,
		Options: sheet.Options{Name: "Surveys", At: s.DB.Now(), By: audit.ActorFrom(ctx).Name, Zone: s.Config.Zone(),
			Filter: [][2]string{{"State", string(f.State)}, {"Looked for", f.Text}}}}, nil
}

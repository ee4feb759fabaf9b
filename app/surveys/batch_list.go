package surveys

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/sheet"
)

// BatchFilter chooses batches of a survey; its zero value is all of them, the newest first.
type BatchFilter struct {
	State   string // "", open, closed, aside
	Channel string // "" is all
	Sort    string // "" is the newest first; "name", "received"
	Page    int    // from 1
}

// BatchLine is a batch in a list.
type BatchLine struct {
	Batch
	Entered int // forms
	Checks  int // forms that were drawn to be entered a second time
	Again   int // of those, entered a second time
	Open    int // places where two entries differ, not settled yet
}

// BatchPage is one page of batches.
type BatchPage struct {
	Batches []BatchLine
	Total   int
	Page    int // from 1
	Pages   int // at least 1
}

const batchColumns = `b.*,
	(SELECT count(*) FROM survey_responses r WHERE r.batch_id = b.id AND r.second_of IS NULL AND r.state IN ('complete', 'set-aside')) AS entered,
	(SELECT count(*) FROM survey_checks c WHERE c.batch_id = b.id) AS checks,
	(SELECT count(*) FROM survey_checks c JOIN survey_responses r ON r.second_of = c.response_id WHERE c.batch_id = b.id) AS again,
	(SELECT count(*) FROM survey_checks c JOIN survey_differences d ON d.response_id = c.response_id WHERE c.batch_id = b.id AND d.settled = '') AS open`

// Batches gives one page of a survey's batches.
func (s *Service) Batches(ctx context.Context, surveyID int64, f BatchFilter) (page BatchPage, err error) {
	if err := mayBuild(ctx); err != nil {
		return page, err
	}
	read := s.DB.Read(ctx)
	where, args := f.where(surveyID)
	if err := read.Raw("SELECT count(*) FROM survey_batches b WHERE "+where, args...).Row().Scan(&page.Total); err != nil {
		return page, fmt.Errorf("count the batches of survey %d: %w", surveyID, err)
	}
	page.Pages = max(1, (page.Total+ListPageSize-1)/ListPageSize)
	page.Page = min(max(1, f.Page), page.Pages)
	page.Batches, err = readBatches(read, where+" ORDER BY "+f.order()+" LIMIT ? OFFSET ?", append(args, ListPageSize, (page.Page-1)*ListPageSize)...)
	return page, err
}

func readBatches(read *gorm.DB, where string, args ...any) (list []BatchLine, err error) {
	if err := read.Raw("SELECT "+batchColumns+" FROM survey_batches b WHERE "+where, args...).Scan(&list).Error; err != nil {
		return nil, fmt.Errorf("read batches: %w", err)
	}
	return list, nil
}

// BatchByID gives one batch of a survey. NotFound where it is none.
func (s *Service) BatchByID(ctx context.Context, surveyID, id int64) (b BatchLine, err error) {
	if err := mayBuild(ctx); err != nil {
		return b, err
	}
	list, err := readBatches(s.DB.Read(ctx), "b.survey_id = ? AND b.id = ?", surveyID, id)
	if err != nil {
		return b, err
	}
	if len(list) == 0 {
		return b, noBatch()
	}
	return list[0], nil
}

func (f BatchFilter) where(surveyID int64) (string, []any) {
	parts, args := []string{"b.survey_id = ?"}, []any{surveyID}
	switch f.State {
	case "open":
		parts = append(parts, "b.closed_at IS NULL AND b.set_aside = ''")
	case "closed":
		parts = append(parts, "b.closed_at IS NOT NULL AND b.set_aside = ''")
	case "aside":
		parts = append(parts, "b.set_aside <> ''")
	}
	if slices.Contains([]string{paperChannel, telephoneChannel, importChannel}, f.Channel) {
		parts, args = append(parts, "b.channel = ?"), append(args, f.Channel)
	}
	return strings.Join(parts, " AND "), args
}

func (f BatchFilter) order() string {
	switch f.Sort {
	case "name":
		return "LOWER(b.name), b.id"
	case "received":
		return "b.received_on, b.id"
	}
	return "b.id DESC"
}

// href is the address of the same view of the list, below another path or at another page.
func (f BatchFilter) href(path string, page int) string {
	q := url.Values{}
	for name, value := range map[string]string{"state": f.State, "channel": f.Channel, "sort": f.Sort} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// ExportBatches gives all batches of a filter as a table on its way out; that it was taken out is in the audit log.
func (s *Service) ExportBatches(ctx context.Context, surveyID int64, f BatchFilter, format sheet.Format) (sheet.Table, error) {
	if err := mayBuild(ctx); err != nil {
		return sheet.Table{}, err
	}
	form, err := s.FormOf(ctx, surveyID, "")
	if err != nil {
		return sheet.Table{}, err
	}
	where, args := f.where(surveyID)
	list, err := readBatches(s.DB.Read(ctx), where+" ORDER BY "+f.order(), args...)
	if err != nil {
		return sheet.Table{}, err
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		return audit.Record(ctx, tx, "survey_batches.export", "surveys", surveyID, audit.Details{"format": format, "rows": len(list)})
	})
	if err != nil {
		return sheet.Table{}, err
	}
	rows := func(yield func([]any, error) bool) {
		for _, b := range list {
			if !yield([]any{b.ID, b.Name, b.Channel, b.Locality, b.ReceivedOn, b.Forms, b.Entered, b.Checks, b.Again, b.Open, b.state()}, nil) {
				return
			}
		}
	}
	return sheet.Table{Head: []string{"batch", "name", "channel", "locality", "received_on", "forms_counted", "forms_entered", "drawn", "entered_again", "differences_open", "state"},
		Rows: rows, Options: sheet.Options{Name: "Batches", At: s.DB.Now(), By: audit.ActorFrom(ctx).Name, Zone: s.Config.Zone(),
			Filter: [][2]string{{"Survey", form.Words.Title}, {"State", f.State}, {"Channel", f.Channel}}}}, nil
}

// state is how far a batch is, in a word.
func (b Batch) state() string {
	switch {
	case b.SetAside != "":
		return "Set aside"
	case b.ClosedAt != nil:
		return "Closed"
	}
	return "Open"
}

package feedback

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/sheet"
)

// ActionFilter chooses answers; its zero value is all.
type ActionFilter struct {
	Theme    int64  // or one that was merged into it, or that it was merged into
	Locality string // slug, or Nowhere for answers about all areas
	State    ActionState
	Approval Approval
	Overdue  bool
	Text     string // words in the title, in what was said, in what was done or in the office
	Sort     string // a key of actionOrders
	Page     int    // from 1
}

// ListedAction is an answer in the staff's list.
type ListedAction struct {
	Action
	ThemeName string // of the theme that stands for its own
}

// ActionPage is one page of answers.
type ActionPage struct {
	Actions []ListedAction
	Total   int
	Page    int // from 1
	Pages   int // at least 1
}

// actionOrders are the orders that staff can choose. Each ends in what tells any two answers apart.
var actionOrders = map[string]string{
	"due":       "CASE WHEN a.due_on = '' OR a.state IN ('done', 'will-not') THEN 1 ELSE 0 END, a.due_on, a.id",
	"-due":      "a.due_on DESC, a.id DESC",
	"title":     "lower(a.title), a.id",
	"-title":    "lower(a.title) DESC, a.id DESC",
	"theme":     "lower(t.name), a.id",
	"-theme":    "lower(t.name) DESC, a.id DESC",
	"locality":  "a.locality, a.id",
	"-locality": "a.locality DESC, a.id DESC",
	"owner":     "lower(a.owner), a.id",
	"-owner":    "lower(a.owner) DESC, a.id DESC",
	"changed":   "a.updated_at, a.id",
	"-changed":  "a.updated_at DESC, a.id DESC",
}

// standingThemes names for every theme the one that stands for it: itself, or the one that it was merged into at last.
const standingThemes = `WITH RECURSIVE standing (id, theme) AS (SELECT id, id FROM themes WHERE merged_into IS NULL UNION ALL SELECT t.id, g.theme FROM themes t JOIN standing g ON t.merged_into = g.id) `

const listedActions = ` FROM actions a JOIN standing g ON g.id = a.theme_id JOIN themes t ON t.id = g.theme WHERE `

// Actions gives one page of the answers that a filter chooses, the soonest due first where it names no order. A page past
// the end is the last.
func (s *Service) Actions(ctx context.Context, f ActionFilter) (page ActionPage, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return page, err
	}
	where, args := f.where(s.today())
	if err := s.DB.Read(ctx).Raw(standingThemes+`SELECT count(*)`+listedActions+where, args...).Scan(&page.Total).Error; err != nil {
		return page, fmt.Errorf("count answers: %w", err)
	}
	page.Pages = max(1, (page.Total+PageSize-1)/PageSize)
	page.Page = min(max(1, f.Page), page.Pages)
	tail := fmt.Sprintf(" ORDER BY %s LIMIT %d OFFSET %d", f.order(), PageSize, (page.Page-1)*PageSize)
	if err := s.DB.Read(ctx).Raw(standingThemes+`SELECT a.*, t.name AS theme_name`+listedActions+where+tail, args...).Scan(&page.Actions).Error; err != nil {
		return page, fmt.Errorf("list answers: %w", err)
	}
	return page, nil
}

func (f ActionFilter) order() string {
	if order, known := actionOrders[f.Sort]; known {
		return order
	}
	return actionOrders["due"]
}

// where is the filter as SQL over actions a, never empty.
func (f ActionFilter) where(today string) (string, []any) {
	list, args := []string{"TRUE"}, []any(nil)
	add := func(condition string, values ...any) { list, args = append(list, condition), append(args, values...) }
	if f.Theme != 0 {
		add("g.theme IN (SELECT theme FROM standing WHERE id = ?)", f.Theme)
	}
	switch f.Locality {
	case "":
	case Nowhere:
		add("a.locality = ''")
	default:
		add("a.locality = ?", f.Locality)
	}
	if f.State != "" {
		add("a.state = ?", string(f.State))
	}
	switch f.Approval {
	case "":
	case ActionPublished: // on the website, also while a later text is a draft
		add("a.published <> ''")
	default:
		add("a.approval = ?", string(f.Approval))
	}
	if f.Overdue {
		add("a.due_on <> '' AND a.due_on < ? AND a.state NOT IN ('done', 'will-not')", today)
	}
	for _, word := range database.SearchWords(f.Text) {
		add(`lower(a.title || ' ' || a.said || ' ' || a.decided || ' ' || a.owner) LIKE ? ESCAPE '!'`, "%"+likeSafe.Replace(word)+"%")
	}
	return strings.Join(list, " AND "), args
}

// likeSafe takes from words what LIKE would read as a sign.
var likeSafe = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// today is the day on the programme's calendar, as 2017-02-28.
func (s *Service) today() string { return s.DB.Now().In(s.Config.Zone()).Format(time.DateOnly) }

// ExportActions gives all answers of a filter as a table on its way out; the filter's Page does not count. That it was taken
// out is in the audit log.
func (s *Service) ExportActions(ctx context.Context, f ActionFilter, format sheet.Format) (t sheet.Table, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return t, err
	}
	var list []ListedAction
	where, args := f.where(s.today())
	if err := s.DB.Read(ctx).Raw(standingThemes+`SELECT a.*, t.name AS theme_name`+listedActions+where+" ORDER BY "+f.order(), args...).Scan(&list).Error; err != nil {
		return t, fmt.Errorf("list the answers to export: %w", err)
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		return audit.Record(ctx, tx, "actions.export", actionsTable, 0, audit.Details{"format": format, "rows": len(list)})
	})
	if err != nil {
		return t, err
	}
	overdue := ""
	if f.Overdue {
		overdue = "yes"
	}
	return sheet.Table{
		Head: []string{"slug", "theme", "locality", "title", "said", "decided", "state", "owner", "due_on", "done_on", "evidence", "approval", "on_the_website", "published_at", "updated_at"},
		Rows: actionRows(list),
		Options: sheet.Options{Name: "You said, we did", At: s.DB.Now(), By: audit.ActorFrom(ctx).Name, Zone: s.Config.Zone(), Filter: [][2]string{
			{"Theme", s.themeName(ctx, f.Theme)}, {"Locality", f.Locality}, {"State", string(f.State)}, {"Approval", string(f.Approval)}, {"Overdue", overdue}, {"Looked for", f.Text}}},
	}, nil
}

func actionRows(list []ListedAction) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, a := range list {
			var published any = ""
			if a.PublishedAt != nil {
				published = *a.PublishedAt
			}
			if !yield([]any{a.Slug, a.ThemeName, a.Locality, a.Title, a.Said, a.Decided, string(a.State), a.Owner, a.DueOn, a.DoneOn, a.Evidence, string(a.Approval), a.Public(), published, a.UpdatedAt}, nil) {
				return
			}
		}
	}
}

// themeName is what a theme is called, "" for none.
func (s *Service) themeName(ctx context.Context, id int64) string {
	if t, err := s.Theme(ctx, id); id != 0 && err == nil {
		return t.Name
	}
	return ""
}

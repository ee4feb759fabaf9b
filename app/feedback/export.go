package feedback

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/sheet"
)

// ExportReport gives one of the tables of a report on its way out: themes-by, together, codings (a row for each coding), matrix
// (a row for each comment, with 0 and 1 for each theme) or summary (a row for each theme, with its quotations). What tells who
// somebody is stays struck out, and comments that were removed have no words. That it was taken out is in the audit log before
// its first row leaves. Another name is a NotFound fault.
func (s *Service) ExportReport(ctx context.Context, name string, f Filter, by string, format sheet.Format) (t sheet.Table, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return t, err
	}
	switch name {
	case "themes-by":
		t, err = s.matrixOut(ctx, f, by)
	case "together":
		t, err = s.togetherOut(ctx, f)
	case "codings":
		t = s.codingsOut(ctx, f)
	case "matrix":
		t, err = s.wideOut(ctx, f)
	case "summary":
		t, err = s.summaryOut(ctx, f, by)
	default:
		return t, fault.New(fault.NotFound, "There is no such table.")
	}
	if err != nil {
		return t, err
	}
	details, said := audit.Details{"table": name, "format": format}, [][2]string{{"Not for publishing", "True numbers: small ones could show who said what"}}
	for key, value := range f.reportValues(byLocality) {
		if key != "q" { // of what was looked for, nothing is kept: it may be a name
			details[key] = value[0]
		}
		said = append(said, [2]string{key, value[0]})
	}
	t.Options = sheet.Options{Name: "Feedback", At: s.DB.Now(), By: audit.ActorFrom(ctx).Name, Filter: said, Zone: s.Config.Zone()}
	return t, s.DB.Write(ctx, func(tx *database.Tx) error { return audit.Record(ctx, tx, "feedback.export", "comments", 0, details) })
}

// listed are rows that are there already.
func listed(rows [][]any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

func (s *Service) matrixOut(ctx context.Context, f Filter, by string) (t sheet.Table, err error) {
	m, err := s.MatrixOf(ctx, f, by)
	if err != nil {
		return t, err
	}
	t.Head = []string{"theme", "name", "all"}
	for _, c := range m.Columns {
		t.Head = append(t.Head, c.Label)
	}
	var rows [][]any
	line := func(code, name string, all int, of func(i int) int) {
		cells := []any{code, name, all}
		for i := range m.Columns {
			cells = append(cells, of(i))
		}
		rows = append(rows, cells)
	}
	for _, r := range m.Rows {
		line(r.Theme.Code, r.Theme.Name, r.Total, func(i int) int { return r.Cells[i] })
	}
	line("", "Comments", m.Base.Comments, func(i int) int { return m.Columns[i].Base.Comments })
	line("", "People", m.Base.People, func(i int) int { return m.Columns[i].Base.People })
	line("", "Coded comments", m.Base.Coded, func(i int) int { return m.Columns[i].Base.Coded })
	line("", "Coded, and no theme fits", m.Base.None, func(i int) int { return m.Columns[i].Base.None })
	swallowed := 0
	for _, n := range m.General {
		swallowed += n
	}
	line("", "Coded, and nothing finer than a general theme", swallowed, func(i int) int { return m.General[i] })
	t.Rows = listed(rows)
	return t, nil
}

func (s *Service) togetherOut(ctx context.Context, f Filter) (t sheet.Table, err error) {
	pairs, err := s.Together(ctx, f)
	rows := make([][]any, len(pairs))
	for i, p := range pairs {
		rows[i] = []any{p.One.Code, p.One.Name, p.Other.Code, p.Other.Name, p.Both, p.OfOne, p.OfOther}
	}
	return sheet.Table{Head: []string{"theme", "name", "other_theme", "other_name", "both", "of_theme", "of_other_theme"}, Rows: listed(rows)}, err
}

// codingsOut is a row for each coding.
func (s *Service) codingsOut(ctx context.Context, f Filter) sheet.Table {
	where, args := s.where(f)
	text := `SELECT c.id, c.source, coalesce(e.slug, ''), c.locality, c.service, c.said_on, t.code, t.name, r.tone, r.quotable, k.start_at, k.end_at, k.redacted = c.redacted, c.like_group, c.text
		FROM codings k JOIN comments c ON c.id = k.comment_id JOIN comment_readings r ON r.id = k.reading_id JOIN themes t ON t.id = k.theme_id LEFT JOIN events e ON e.id = c.event_id
		WHERE k.counts AND ` + where + ` ORDER BY c.id, k.id`
	return sheet.Table{Head: []string{"comment", "source", "event", "locality", "service", "date", "theme", "theme_name", "tone", "worth_quoting", "excerpt", "copies", "text"},
		Rows: streamed(s.DB.Read(ctx), text, args, func(rows *sql.Rows, row []any) ([]any, error) {
			var id, copies int64
			var source, event, locality, service, day, code, name, tone, words string
			var quotable, same bool
			var start, end int
			if err := rows.Scan(&id, &source, &event, &locality, &service, &day, &code, &name, &tone, &quotable, &start, &end, &same, &copies, &words); err != nil {
				return nil, err
			}
			excerpt := ""
			if same && end > start {
				excerpt, _ = span(words, start, end)
			}
			return append(row, id, source, event, locality, service, day, code, name, tone, quotable, excerpt, groupCell(copies), words), nil
		})}
}

// groupCell is the group of copies that a comment belongs to, empty where it stands alone.
func groupCell(group int64) any {
	if group == 0 {
		return nil
	}
	return group
}

// wideOut is a row for each comment, with 0 and 1 for each theme; where it is not coded, nothing.
func (s *Service) wideOut(ctx context.Context, f Filter) (t sheet.Table, err error) {
	themes, err := s.Themes(ctx)
	if err != nil {
		return t, err
	}
	t.Head = []string{"comment", "source", "event", "locality", "service", "date", "coded", "tone", "copies", "text"}
	place := map[string]int{}
	for _, theme := range themes {
		place[strconv.FormatInt(theme.ID, 10)] = len(t.Head)
		t.Head = append(t.Head, theme.Code)
	}
	where, args := s.where(f)
	list := "group_concat(k.theme_id, ',')"
	if s.DB.Dialect == database.Postgres {
		list = "string_agg(CAST(k.theme_id AS TEXT), ',')"
	}
	text := `SELECT c.id, c.source, coalesce(e.slug, ''), c.locality, c.service, c.said_on, coalesce(r.verdict, ''), coalesce(r.tone, ''), c.like_group, c.text,
			coalesce((SELECT ` + list + ` FROM codings k WHERE k.comment_id = c.id AND k.counts), '')
		FROM comments c LEFT JOIN comment_readings r ON r.comment_id = c.id AND r.counts LEFT JOIN events e ON e.id = c.event_id WHERE ` + where + ` ORDER BY c.id`
	width := len(t.Head)
	t.Rows = streamed(s.DB.Read(ctx), text, args, func(rows *sql.Rows, row []any) ([]any, error) {
		var id, copies int64
		var source, event, locality, service, day, verdict, tone, words, found string
		if err := rows.Scan(&id, &source, &event, &locality, &service, &day, &verdict, &tone, &copies, &words, &found); err != nil {
			return nil, err
		}
		row = append(row, id, source, event, locality, service, day, verdict, tone, groupCell(copies), words)
		for len(row) < width {
			if verdict == "" {
				row = append(row, nil)
			} else {
				row = append(row, 0)
			}
		}
		for theme := range strings.SplitSeq(found, ",") {
			if at, live := place[theme]; live {
				row[at] = 1
			}
		}
		return row, nil
	})
	return t, nil
}

// streamed reads rows one at a time; each is made in the same memory.
func streamed(read *gorm.DB, text string, args []any, scan func(rows *sql.Rows, row []any) ([]any, error)) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		rows, err := read.Raw(text, args...).Rows()
		if err != nil {
			yield(nil, fmt.Errorf("read codings: %w", err))
			return
		}
		defer func() { _ = rows.Close() }()
		var row []any
		for rows.Next() {
			if row, err = scan(rows, row[:0]); err != nil {
				yield(nil, fmt.Errorf("read a coding: %w", err))
				return
			}
			if !yield(row, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, fmt.Errorf("read codings: %w", err))
		}
	}
}

// summaryOut is a row for each theme, with its definition, its numbers, and the quotations that may be shown.
func (s *Service) summaryOut(ctx context.Context, f Filter, by string) (t sheet.Table, err error) {
	m, err := s.MatrixOf(ctx, f, by)
	if err != nil {
		return t, err
	}
	t.Head = []string{"theme", "name", "definition", "comments", "share_of_coded", "quotes"}
	var rows [][]any
	for _, r := range m.Rows {
		quotes, err := s.Quotes(ctx, QuoteFilter{Theme: r.Theme.ID, Locality: f.Locality})
		if err != nil {
			return t, err
		}
		words := make([]string, len(quotes))
		for i, q := range quotes {
			words[i] = "“" + q.Words + "” (" + s.quoteLabel(q) + ")"
		}
		rows = append(rows, []any{r.Theme.Code, r.Theme.Name, r.Theme.Definition, r.Total, shareText(r.Total, m.Base.Coded), strings.Join(words, "\n")})
	}
	t.Rows = listed(rows)
	return t, nil
}

package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"conversations/app/audit"
	"conversations/app/feedback"
	"conversations/app/sheet"
)

const reportComments = 200_000

// What a report stands on, written by hand: where each theme was found, and what each place has of comments and of coded ones.
const (
	themesByPlace = `SELECT k.theme_id, c.locality, count(DISTINCT c.id) FROM codings k JOIN comments c ON c.id = k.comment_id WHERE k.counts AND c.set_aside = '' GROUP BY 1, 2`
	baseByPlace   = `SELECT c.locality, count(*), count(DISTINCT coalesce(c.person_id, -c.id)), count(r.id) FROM comments c
		LEFT JOIN comment_readings r ON r.comment_id = c.id AND r.counts WHERE c.set_aside = '' GROUP BY 1`
	codingsByHand = `SELECT c.id, c.source, c.locality, c.service, c.said_on, r.verdict, r.tone, c.text, k.theme_id FROM comments c
		LEFT JOIN comment_readings r ON r.comment_id = c.id AND r.counts LEFT JOIN codings k ON k.comment_id = c.id AND k.counts WHERE c.set_aside = '' ORDER BY c.id`
)

// feedbackReports compares the table of themes by place, and the export with a column for each theme, with the SQL behind them,
// and the memory of an export with that of a tenth of it.
func feedbackReports(ctx context.Context) (rows []row, err error) {
	folder, err := os.MkdirTemp("", "conversations-bench")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	o, err := openOffice(ctx, filepath.Join(folder, "bench.db"), fillReports)
	if err != nil {
		return nil, err
	}
	defer o.close()
	ctx = audit.WithActor(ctx, audit.Actor{Kind: audit.Staff, ID: 1, Name: "Bench Officer", Role: "admin"})
	for _, l := range []struct {
		what string
		ours func() (float64, error)
		sql  []string
	}{
		{"feedback, 200,000 x 35, themes by place beside SQL", func() (float64, error) { return timed(func() error { return o.matrix(ctx) }) }, []string{themesByPlace, baseByPlace}},
		{"feedback, 200,000 x 35, CSV beside reading by SQL", func() (float64, error) {
			return timed(func() error { _, err := o.wide(ctx, "", sheet.FormatCSV); return err })
		}, []string{codingsByHand}},
	} {
		fmt.Fprintln(os.Stderr, " ", l.what)
		a, b, ratio, err := pairedSlowly(l.ours, func() (float64, error) { return o.once(l.sql) })
		if err != nil {
			return nil, fmt.Errorf("%s: %w", l.what, err)
		}
		rows = append(rows, row{what: l.what, ours: fmt.Sprintf("%.0f ms", 1000/a), limit: fmt.Sprintf("%.0f ms", 1000/b), ratio: 1 / ratio, goal: 3, direction: atMost})
	}
	few, err := o.wide(ctx, "hertsmere", sheet.FormatXLSX)
	if err != nil {
		return nil, err
	}
	all, err := o.wide(ctx, "", sheet.FormatXLSX)
	return append(rows, row{what: "feedback, memory of XLSX at 200,000 beside 20,000", ours: fmt.Sprintf("%.0f MB", float64(all)/1e6), limit: fmt.Sprintf("%.0f MB", float64(few)/1e6),
		ratio: float64(all) / float64(few), goal: 1.5, direction: atMost}), err
}

func timed(do func() error) (perSecondOfIt float64, err error) {
	began := time.Now()
	err = do()
	return perSecond(1, time.Since(began)), err
}

func (o *office) matrix(ctx context.Context) error {
	m, err := o.app.Feedback.MatrixOf(ctx, feedback.Filter{}, "locality")
	if err == nil && m.Base.Comments != reportComments {
		err = fmt.Errorf("%d comments were counted", m.Base.Comments)
	}
	return err
}

// wide takes out the table with a column for each theme, and gives the most heap that was in use meanwhile.
func (o *office) wide(ctx context.Context, locality string, format sheet.Format) (peak uint64, err error) {
	runtime.GC()
	table, err := o.app.Feedback.ExportReport(ctx, "matrix", feedback.Filter{Locality: locality}, "locality", format)
	if err != nil {
		return 0, err
	}
	rows, lines := table.Rows, 0
	table.Rows = func(yield func([]any, error) bool) {
		for row, err := range rows {
			if lines++; lines%2000 == 0 {
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapAlloc)
			}
			if !yield(row, err) {
				return
			}
		}
	}
	if err := sheet.Write(nowhere{}, format, table); err != nil {
		return 0, err
	}
	if lines < reportComments/10 {
		return 0, fmt.Errorf("the export has %d lines", lines)
	}
	return peak, nil
}

// fillReports makes 200,000 comments, a tenth of them of one place, and gives each one or two of 35 themes.
func fillReports(ctx context.Context, db *sql.DB) error {
	if err := fillComments(ctx, db, reportComments); err != nil {
		return err
	}
	for _, text := range []string{
		`UPDATE comments SET locality = CASE WHEN id % 10 = 0 THEN 'hertsmere' WHEN id % 3 = 0 THEN 'dacorum' ELSE 'watford-and-three-rivers' END, said_on = '2017-0' || (1 + id % 9) || '-11'`,
		fmt.Sprintf(`INSERT INTO comment_readings (id, comment_id, part, coder_id, verdict, tone, read_at) SELECT id, id, 'first', 1, 'coded', 'neutral', datetime('now') FROM comments WHERE id > %d`, codedAt),
		fmt.Sprintf(`INSERT INTO codings (reading_id, comment_id, theme_id) SELECT id, id, id * 7 %% %d + 1 FROM comments WHERE id > %d`, benchTopics, codedAt),
		fmt.Sprintf(`INSERT OR IGNORE INTO codings (reading_id, comment_id, theme_id) SELECT id, id, id * 11 %% %d + 1 FROM comments WHERE id %% 2 = 0`, benchTopics),
	} {
		if _, err := db.ExecContext(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

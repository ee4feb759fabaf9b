package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"time"

	"conversations/app/audit"
	"conversations/app/sheet"
)

const (
	surveyResponses = 100_000
	surveyQuestions = 25
	// surveyMilliseconds is the most that a page of results may take.
	surveyMilliseconds = 300
)

// The numbers behind the pages, by hand, from the answers as they are stored, with the index that such queries want. What
// does not count is left out of them as on the pages.
const (
	countsBy    = `SELECT a.question_id, a.row_id, a.choice_id, a.number, count(*) FROM survey_answers a `
	thatCount   = `a.response_id NOT IN (SELECT id FROM survey_responses WHERE survey_id = 1 AND (state <> 'complete' OR second_of IS NOT NULL))`
	together    = `SELECT a.choice_id, b.choice_id, b.number, count(*) FROM survey_answers a JOIN survey_answers b ON b.response_id = a.response_id AND b.question_id = `
	byPlace     = `SELECT a.choice_id, r.locality, count(*) FROM survey_answers a JOIN survey_responses r ON r.id = a.response_id WHERE a.question_id = 2 AND r.state = 'complete' AND r.second_of IS NULL GROUP BY 1, 2`
	withWords   = ` FROM survey_answers a WHERE a.question_id = 24 AND a.text <> '' AND lower(a.text) LIKE '%number%' AND lower(a.text) LIKE '%777%' AND ` + thatCount
	countsIndex = `CREATE INDEX bench_counts ON survey_answers (question_id, row_id, choice_id, number, response_id)`
)

func surveyPages() []staffList {
	compare := func(rows, columns string) string {
		return "/staff/surveys/1/results/compare?rows=" + rows + "&columns=" + columns
	}
	return []staffList{
		{"results", "/staff/surveys/1/results", []string{countsBy + `WHERE ` + thatCount + ` GROUP BY 1, 2, 3, 4`}},
		{"two questions with one answer", compare("q1", "q5"), []string{together + `5 WHERE a.question_id = 1 AND ` + thatCount + ` GROUP BY 1, 2, 3`}},
		{"several answers by a scale", compare("q21", "q20"), []string{together + `20 WHERE a.question_id = 21 AND ` + thatCount + ` GROUP BY 1, 2, 3`}},
		{"a question by locality", compare("q2", "locality"), []string{byPlace}},
		{"what people wrote, by its words", "/staff/surveys/1/results/24?q=number+777", []string{`SELECT count(*)` + withWords, `SELECT a.text` + withWords + ` ORDER BY a.response_id LIMIT 50`}},
	}
}

// surveyResults compares the pages of results with the SQL behind them, and says how long the slowest takes; then how much
// memory an export takes at ten times the responses.
func surveyResults(ctx context.Context) ([]row, error) {
	folder, err := os.MkdirTemp("", "conversations-bench")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	o, err := openOffice(ctx, filepath.Join(folder, "bench.db"), fillSurveys)
	if err != nil {
		return nil, err
	}
	defer o.close()
	worst, longest, err := o.slowestSurveyPage()
	if err != nil {
		return nil, err
	}
	memory, err := o.exportMemory(ctx)
	return []row{worst, longest, memory}, err
}

func (o *office) slowestSurveyPage() (worst, longest row, err error) {
	worst = row{goal: 1.5, direction: atMost}
	longest = row{goal: 1, direction: atMost, limit: fmt.Sprintf("%d ms", surveyMilliseconds)}
	for _, l := range surveyPages() {
		fmt.Fprintln(os.Stderr, " ", l.what)
		a, b, ratio, err := pairedSlowly(func() (float64, error) { return o.page(l.path) }, func() (float64, error) { return o.once(l.sql) })
		if err != nil {
			return worst, longest, fmt.Errorf("%s: %w", l.what, err)
		}
		if slower := 1 / ratio; slower > worst.ratio {
			worst.what = "survey, 100,000 x 25, time beside grouped SQL: " + l.what
			worst.ours, worst.limit, worst.ratio = fmt.Sprintf("%.0f ms", 1000/a), fmt.Sprintf("%.0f ms", 1000/b), slower
		}
		if took := 1000 / a / surveyMilliseconds; took > longest.ratio {
			longest.what, longest.ours, longest.ratio = "survey, 100,000 x 25, the longest page: "+l.what, fmt.Sprintf("%.0f ms", 1000/a), took
		}
	}
	return worst, longest, nil
}

// pairedSlowly is paired for what takes so long that once a round is enough.
func pairedSlowly(ours, limit func() (float64, error)) (a, b, ratio float64, err error) {
	if _, err := ours(); err != nil { // warm
		return 0, 0, 0, err
	}
	if _, err := limit(); err != nil {
		return 0, 0, 0, err
	}
	return paired(ours, limit)
}

// surveyPagesARound is how often a page is asked for in a round.
const surveyPagesARound = 3

func (o *office) page(path string) (float64, error) {
	began := time.Now()
	for range surveyPagesARound {
		if err := o.get(path); err != nil {
			return 0, err
		}
	}
	return perSecond(surveyPagesARound, time.Since(began)), nil
}

func (o *office) once(texts []string) (float64, error) {
	began := time.Now()
	for _, text := range texts {
		if err := readAll(o.db, text); err != nil {
			return 0, err
		}
	}
	return perSecond(1, time.Since(began)), nil
}

// exportMemory is the most memory that is in use while all answers leave, at 100,000 responses beside 10,000.
func (o *office) exportMemory(ctx context.Context) (row, error) {
	small, err := o.exportPeak(ctx, 2)
	if err != nil {
		return row{}, err
	}
	large, err := o.exportPeak(ctx, 1)
	return row{what: "survey, memory of an export at 100,000 beside 10,000", ours: fmt.Sprintf("%.0f MB", float64(large)/1e6), limit: fmt.Sprintf("%.0f MB", float64(small)/1e6),
		ratio: float64(large) / float64(small), goal: 1.5, direction: atMost}, err
}

// exportPeak takes out the answers of a survey, and looks at the heap from time to time.
func (o *office) exportPeak(ctx context.Context, survey int64) (peak uint64, err error) {
	runtime.GC()
	ctx = audit.WithActor(ctx, audit.Actor{Kind: audit.Staff, ID: 1, Name: "Bench Officer", Role: "admin"})
	table, err := o.app.Surveys.ExportResponses(ctx, survey, sheet.FormatXLSX)
	if err != nil {
		return 0, err
	}
	var most atomic.Uint64
	lines := 0
	rows := table.Rows
	table.Rows = func(yield func([]any, error) bool) {
		for row, err := range rows {
			if lines++; lines%1000 == 0 {
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most.Store(max(most.Load(), m.HeapAlloc))
			}
			if !yield(row, err) {
				return
			}
		}
	}
	if err := sheet.Write(nowhere{}, sheet.FormatXLSX, table); err != nil {
		return 0, err
	}
	if lines < surveyResponses/10*9/10 {
		return 0, errors.New("the export is not whole")
	}
	return most.Load(), nil
}

// nowhere takes what is written and keeps nothing.
type nowhere struct{}

func (nowhere) Write(b []byte) (int, error) { return len(b), nil }

// fillSurveys makes a survey with 25 questions that 100,000 people answered, and one that 10,000 did: 19 with one answer of
// five, a scale, one with several answers, a grid of five rows, a number and two texts.
func fillSurveys(ctx context.Context, db *sql.DB) error {
	texts := []string{
		`INSERT INTO staff (id, email, name, role, password_hash, totp_secret, created_at, updated_at)
			VALUES (1, 'bench@officers.example', 'Bench Officer', 'admin', 'none', 'none', datetime('now'), datetime('now'))`,
		`INSERT INTO surveys (id, slug, state, texts, zone, created_at, updated_at) SELECT i, 'survey-' || i, 'open', '{"en":{"title":"Survey"}}', 'Europe/London', datetime('now'), datetime('now')
			FROM (SELECT 1 AS i UNION ALL SELECT 2)`,
		`INSERT INTO survey_sections (id, survey_id, position, texts) SELECT id, id, 1, '{}' FROM surveys`,
		fmt.Sprintf(`WITH RECURSIVE q(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM q WHERE k < %d)
			INSERT INTO survey_questions (id, survey_id, section_id, position, number, kind, settings, texts, locked, created_at, updated_at)
			SELECT (s.id - 1) * 25 + k, s.id, s.id, k, k, CASE WHEN k < 20 THEN 'one-of' WHEN k = 20 THEN 'scale' WHEN k = 21 THEN 'several-of' WHEN k = 22 THEN 'grid' WHEN k = 23 THEN 'number' ELSE 'long-text' END,
				CASE WHEN k = 20 THEN '{"steps":5}' ELSE '{}' END, '{"en":{"title":"Question ' || k || '"}}', 1, datetime('now'), datetime('now') FROM surveys s, q`, surveyQuestions),
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5)
			INSERT INTO survey_choices (id, question_id, part, position, code, texts)
			SELECT q.id * 10 + i, q.id, 'option', i, 'option-' || i, '{"en":{"title":"Option ' || i || '"}}' FROM survey_questions q, n WHERE q.kind IN ('one-of', 'several-of', 'grid')`,
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5)
			INSERT INTO survey_choices (id, question_id, part, position, code, texts)
			SELECT 10000 + q.id * 10 + i, q.id, 'row', i, 'row-' || i, '{"en":{"title":"Row ' || i || '"}}' FROM survey_questions q, n WHERE q.kind = 'grid'`,
		fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
			INSERT INTO survey_responses (id, survey_id, state, channel, locality, submitted_at)
			SELECT (i * 7919 %% 1000003) * 8000000000000 + i, CASE WHEN i <= %d THEN 1 ELSE 2 END, CASE WHEN i %% 97 = 0 THEN 'set-aside' ELSE 'complete' END,
				CASE WHEN i %% 9 = 0 THEN 'paper' ELSE 'online' END, CASE i %% 4 WHEN 0 THEN 'dacorum' WHEN 1 THEN 'hertsmere' WHEN 2 THEN 'st-albans-and-harpenden' ELSE '' END, datetime('now', -(i %% 60) || ' days')
			FROM n ORDER BY 1`, surveyResponses*11/10, surveyResponses),
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5)
			INSERT INTO survey_answers (response_id, question_id, row_id, choice_id, number, text)
			SELECT r.id, q.id, CASE WHEN q.kind = 'grid' THEN 10000 + q.id * 10 + i ELSE 0 END,
				CASE WHEN q.kind = 'several-of' THEN q.id * 10 + i WHEN q.kind IN ('one-of', 'grid') THEN q.id * 10 + 1 + (r.id / 8000000000000 * 31 + q.id * 17 + i * 7) % 5 ELSE 0 END,
				CASE WHEN q.kind = 'scale' THEN 1 + (r.id / 8000000000000) % 5 WHEN q.kind = 'number' THEN (r.id / 8000000000000) % 90 END,
				CASE WHEN q.kind = 'long-text' THEN 'What I would like to see is a shorter wait, number ' || (r.id % 1000) ELSE '' END
			FROM survey_responses r JOIN survey_questions q ON q.survey_id = r.survey_id JOIN n ON i = 1 OR q.kind = 'grid' OR q.kind = 'several-of' AND (r.id / 8000000000000 + i) % 2 = 0 ORDER BY 1, 2, 3, 4`,
		// The line of a response as the program writes it: there is no program here that answers 2.5 million questions.
		`UPDATE survey_responses SET chosen = (SELECT group_concat(CASE WHEN row_id > 0 THEN 'r' || row_id || ':' || choice_id WHEN choice_id > 0 THEN 'c' || choice_id
			WHEN number IS NOT NULL THEN 'n' || question_id || ':' || number ELSE 'w' || question_id END, ' ')
			FROM (SELECT * FROM survey_answers WHERE response_id = survey_responses.id ORDER BY question_id, row_id, choice_id))`,
		countsIndex,
	}
	for _, text := range texts {
		if _, err := db.ExecContext(ctx, text); err != nil {
			return fmt.Errorf("%.60s: %w", text, err)
		}
	}
	return nil
}

package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"conversations/app/audit"
)

const (
	keyLimit    = 50 * time.Millisecond // in which a key is answered
	keyPresses  = 100
	codedAt     = 500 // comments that are coded already
	benchTopics = 35
)

// codingKeys measures what the server does for the key that saves and goes on: it stores the coding and draws the next
// comment with its suggestions. The limit is what people take for at once; 95 of 100 presses count.
func codingKeys(ctx context.Context) (rows []row, err error) {
	for _, comments := range []int{3_497, 100_000} {
		r, err := keyAt(ctx, comments)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func keyAt(ctx context.Context, comments int) (r row, err error) {
	folder, err := os.MkdirTemp("", "conversations-bench")
	if err != nil {
		return r, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	o, err := openOffice(ctx, filepath.Join(folder, "bench.db"), func(ctx context.Context, db *sql.DB) error { return fillComments(ctx, db, comments) })
	if err != nil {
		return r, err
	}
	defer o.close()
	if err := o.app.Feedback.Learn(audit.AsSystem(ctx)); err != nil {
		return r, err
	}
	var took []time.Duration
	next := "/staff/feedback/code"
	for range keyPresses {
		began := time.Now()
		page, err := o.body(http.MethodGet, next, nil)
		if err != nil {
			return r, err
		}
		comment, _, _ := strings.Cut(after(page, `data-comment="`), `"`)
		id, err := strconv.Atoi(comment)
		if err != nil {
			return r, fmt.Errorf("no comment came up: %w", err)
		}
		if _, err := o.body(http.MethodPost, "/staff/feedback/code/"+comment, url.Values{"verdict": {"coded"}, "theme": {fmt.Sprint(1 + id%benchTopics)}, "version": {"0"}, "redacted": {"1"}}); err != nil {
			return r, err
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	slow := took[keyPresses*95/100]
	fmt.Fprintf(os.Stderr, "  %d comments: median %s, 95 of 100 within %s, most %s\n", comments, took[keyPresses/2].Round(time.Microsecond), slow.Round(time.Microsecond), took[keyPresses-1].Round(time.Microsecond))
	return row{what: fmt.Sprintf("coding: a key answered, %d comments", comments), ours: fmt.Sprintf("%.1f ms", ms(slow)), limit: fmt.Sprintf("%.0f ms", ms(keyLimit)),
		ratio: ms(slow) / ms(keyLimit), goal: 1, direction: atMost}, nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func after(text, mark string) string {
	_, rest, _ := strings.Cut(text, mark)
	return rest
}

// body asks for a page, or sends a form, and gives what came back.
func (o *office) body(method, path string, form url.Values) (string, error) {
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(o.cookie)
	answer := httptest.NewRecorder()
	o.site.ServeHTTP(answer, r)
	if answer.Code != http.StatusOK && answer.Code != http.StatusSeeOther {
		return "", fmt.Errorf("%s %s was answered %d", method, path, answer.Code)
	}
	return answer.Body.String(), nil
}

// fillComments makes comments of which some are coded, and a codebook.
func fillComments(ctx context.Context, db *sql.DB, comments int) error {
	for _, text := range []string{
		`INSERT INTO staff (id, email, name, role, password_hash, totp_secret, created_at, updated_at)
			VALUES (1, 'bench@officers.example', 'Bench Officer', 'admin', 'none', 'none', datetime('now'), datetime('now'))`,
		fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
			INSERT INTO themes (id, guid, code, position, name, definition, created_at, updated_at)
			SELECT i, 'guid-' || i, 'topic-' || i, i, 'Topic number ' || i, 'What people say of the word w' || i, datetime('now'), datetime('now') FROM n`, benchTopics),
		fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
			INSERT INTO comments (id, source, source_key, text, words, locality, created_at)
			SELECT i, 'letter', 'bench:' || i, 'The word w' || (i %% %d + 1) || ' came up when I was waiting, and then w' || (i %% 97) || ' and some more of x' || (i %% 1009) || ' followed at the end of a long day',
				'', 'dacorum', datetime('now') FROM n`, comments, benchTopics),
		fmt.Sprintf(`INSERT INTO comment_readings (id, comment_id, part, coder_id, verdict, read_at) SELECT id, id, 'first', 1, 'coded', datetime('now') FROM comments WHERE id <= %d`, codedAt),
		fmt.Sprintf(`INSERT INTO codings (reading_id, comment_id, theme_id) SELECT id, id, id %% %d + 1 FROM comments WHERE id <= %d`, benchTopics, codedAt),
	} {
		if _, err := db.ExecContext(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

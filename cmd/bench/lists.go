package main

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"

	"github.com/labstack/echo/v4"

	"conversations"
	"conversations/app"
	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/web"
)

const (
	listEvents   = 2000
	listBookings = 200_000
	listPerRound = 20
)

// staffList is one view of the staff's lists, and the SQL that answers the same question by hand.
type staffList struct {
	what string
	path string
	sql  []string // count, page, and what the page shows besides
}

const (
	pageColumns = `b.id, b.reference, b.status, b.people, b.name, b.email, b.phone, b.channel, b.created_at, e.slug, e.title, e.zone, e.starts_at`
	pageFrom    = ` FROM bookings b JOIN events e ON e.id = b.event_id `
	named       = `b.id IN (SELECT booking_id FROM booking_words WHERE word >= 'belo' AND word < 'belo~' UNION ALL SELECT booking_id FROM booking_words WHERE word IN ('belo', '~bl'))`
	// spellings are looked for among the names that begin alike.
	spellings = `SELECT DISTINCT word FROM booking_words WHERE word >= 'be' AND word < 'be~' AND length(word) BETWEEN 3 AND 5`
)

func staffLists() []staffList {
	return []staffList{
		{"all bookings, newest first", "/staff/bookings", []string{`SELECT count(*) FROM bookings`,
			`SELECT ` + pageColumns + pageFrom + `ORDER BY b.id DESC LIMIT 50`}},
		{"by name, page 100", "/staff/bookings?sort=name&page=100", []string{`SELECT count(*) FROM bookings`,
			`SELECT ` + pageColumns + pageFrom + `ORDER BY b.name_key, b.id LIMIT 50 OFFSET 4950`}},
		{"who waits", "/staff/bookings?status=waiting", []string{`SELECT count(*) FROM bookings WHERE status = 'waiting'`,
			`SELECT ` + pageColumns + pageFrom + `WHERE b.status = 'waiting' ORDER BY b.id DESC LIMIT 50`}},
		{"a need", "/staff/bookings?need=bsl", []string{
			`SELECT count(*) FROM bookings b WHERE b.id IN (SELECT booking_id FROM access_needs WHERE need = 'bsl' AND state <> 'no-longer-needed')`,
			`SELECT ` + pageColumns + pageFrom + `WHERE b.id IN (SELECT booking_id FROM access_needs WHERE need = 'bsl' AND state <> 'no-longer-needed') ORDER BY b.id DESC LIMIT 50`}},
		{"a name as it was heard", "/staff/bookings?q=belo", []string{spellings, `SELECT count(*) FROM bookings b WHERE ` + named,
			`SELECT ` + pageColumns + pageFrom + `WHERE ` + named + ` ORDER BY b.id DESC LIMIT 50`}},
		{"events, by date", "/staff/events", []string{`SELECT count(*) FROM events`,
			`SELECT * FROM events ORDER BY CASE WHEN starts_at IS NULL THEN 1 ELSE 0 END, starts_at, id LIMIT 25`,
			`SELECT event_id, status, sum(people) FROM bookings WHERE event_id IN (SELECT id FROM events ORDER BY starts_at LIMIT 25) GROUP BY event_id, status`}},
	}
}

// lists compares the staff's lists with the SQL behind them, at the size of many years. The slowest beside its SQL counts.
func lists(ctx context.Context) (row, error) {
	worst := row{goal: 3, direction: atMost}
	folder, err := os.MkdirTemp("", "conversations-bench")
	if err != nil {
		return worst, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	o, err := openOffice(ctx, filepath.Join(folder, "bench.db"), fillOffice)
	if err != nil {
		return worst, err
	}
	defer o.close()
	err = o.slowest(&worst, "staff lists at 200,000 bookings, time beside raw SQL: ", staffLists())
	return worst, err
}

// slowest notes in a row the list that takes longest beside its SQL.
func (o *office) slowest(worst *row, what string, all []staffList) error {
	for _, l := range all {
		fmt.Fprintln(os.Stderr, " ", l.what)
		a, b, ratio, err := paired(func() (float64, error) { return o.pages(l.path) }, func() (float64, error) { return o.raw(l.sql) })
		if err != nil {
			return fmt.Errorf("%s: %w", l.what, err)
		}
		if slower := 1 / ratio; slower > worst.ratio {
			worst.what = what + l.what
			worst.ours, worst.limit, worst.ratio = fmt.Sprintf("%.1f ms", 1000/a), fmt.Sprintf("%.1f ms", 1000/b), slower
		}
	}
	return nil
}

// office is the program on a database of many years, with a member of staff signed in.
type office struct {
	app    *app.App
	cookie *http.Cookie
	db     *sql.DB // the same file, by hand
	site   http.Handler
}

func openOffice(ctx context.Context, path string, fill func(context.Context, *sql.DB) error) (*office, error) {
	cfg, err := config.Parse(conversations.Config, []string{"CONVERSATIONS_DATABASE_URL=sqlite:///" + path})
	if err != nil {
		return nil, err
	}
	o := &office{}
	if o.app, err = app.New(ctx, cfg, slog.New(slog.DiscardHandler), nil); err != nil {
		return nil, err
	}
	if o.db, err = sql.Open("sqlite3", "file:"+path+"?_journal_mode=WAL&_busy_timeout=10000"); err != nil {
		return nil, err
	}
	o.db.SetMaxOpenConns(1)
	if err := fill(ctx, o.db); err != nil {
		return nil, fmt.Errorf("fill the database: %w", err)
	}
	if err := o.app.Bookings.FindWords(audit.AsSystem(ctx)); err != nil {
		return nil, err
	}
	if _, err := o.db.ExecContext(ctx, `ANALYZE`); err != nil {
		return nil, err
	}
	o.app.Shell.Public.POST("/staff/bench", func(c echo.Context) error {
		if err := o.app.Shell.SignIn(c, 1); err != nil {
			return err
		}
		return web.Redirect(c, "/staff")
	})
	o.site = o.app.Shell.Handler()
	signedIn := httptest.NewRecorder()
	o.site.ServeHTTP(signedIn, httptest.NewRequest(http.MethodPost, "/staff/bench", nil))
	for _, c := range signedIn.Result().Cookies() {
		o.cookie = c
	}
	if o.cookie == nil {
		return nil, fmt.Errorf("nobody is signed in: %d", signedIn.Code)
	}
	return o, nil
}

func (o *office) close() {
	_ = o.db.Close()
	_ = o.app.Close()
}

func (o *office) pages(path string) (float64, error) {
	began := time.Now()
	for range listPerRound {
		if err := o.get(path); err != nil {
			return 0, err
		}
	}
	return perSecond(listPerRound, time.Since(began)), nil
}

// get asks for a page once.
func (o *office) get(path string) error {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.AddCookie(o.cookie)
	answer := httptest.NewRecorder()
	o.site.ServeHTTP(answer, r)
	if answer.Code != http.StatusOK {
		return fmt.Errorf("%s was answered %d", path, answer.Code)
	}
	return nil
}

func (o *office) raw(texts []string) (float64, error) {
	began := time.Now()
	for range listPerRound {
		for _, text := range texts {
			if err := readAll(o.db, text); err != nil {
				return 0, err
			}
		}
	}
	return perSecond(listPerRound, time.Since(began)), nil
}

// readAll reads all rows of a query into values.
func readAll(db *sql.DB, text string) error {
	rows, err := db.Query(text)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
	}
	return rows.Err()
}

// fillOffice makes the events and bookings of many years. The names are syllables, the addresses nobody's.
func fillOffice(ctx context.Context, db *sql.DB) error {
	for _, text := range []string{
		`INSERT INTO staff (id, email, name, role, password_hash, totp_secret, created_at, updated_at)
			VALUES (1, 'bench@officers.example', 'Bench Officer', 'admin', 'none', 'none', datetime('now'), datetime('now'))`,
		fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
			INSERT INTO events (id, slug, title, locality, description, zone, starts_local, starts_at, ends_at, capacity, max_party, status, created_at, updated_at)
			SELECT i, 'event-' || i, 'Conversation event ' || i, 'dacorum', %s, 'Europe/London', strftime('%%Y-%%m-%%dT19:00', 'now', (i - 1900) || ' days'),
				strftime('%%Y-%%m-%%d 19:00:00+00:00', 'now', (i - 1900) || ' days'), strftime('%%Y-%%m-%%d 21:00:00+00:00', 'now', (i - 1900) || ' days'), 150, 4,
				CASE WHEN i < 1900 THEN 'held' ELSE 'open' END, datetime('now'), datetime('now') FROM n`, listEvents, `replace(hex(zeroblob(400)), '00', 'text ')`),
		fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d),
				s(k, a) AS (VALUES %s),
				named(i, first, last) AS (SELECT i, (SELECT a FROM s WHERE k = (i * 7919) %% 40) || (SELECT a FROM s WHERE k = (i / 40) %% 40),
					(SELECT a FROM s WHERE k = (i * 31) %% 40) || (SELECT a FROM s WHERE k = (i / 7) %% 40) || (SELECT a FROM s WHERE k = (i / 280) %% 40) FROM n)
			INSERT INTO bookings (id, reference, event_id, status, people, name, email, email_key, name_key, channel, joined_at, queue_position, created_at, updated_at)
			SELECT i, printf('R%%05d', i), 1 + (i - 1) * %d / %d, CASE WHEN i %% 20 = 0 THEN 'waiting' WHEN i %% 11 = 0 THEN 'cancelled' ELSE 'confirmed' END, 1 + i %% 3,
				first || ' ' || last, first || i || '@residents.example', first || i || '@residents.example', first || ' ' || last,
				CASE WHEN i %% 9 = 0 THEN 'telephone' ELSE 'online' END, datetime('now'), i, datetime('now'), datetime('now') FROM named`, listBookings, syllables(), listEvents, listBookings),
		`INSERT INTO attendees (booking_id, position, name) SELECT id, 1, name FROM bookings`,
		`INSERT INTO access_needs (booking_id, position, need, state, created_at, updated_at)
			SELECT id, 1, CASE WHEN id % 5 = 0 THEN 'bsl' ELSE 'step-free' END, 'asked', created_at, updated_at FROM bookings WHERE id % 10 IN (0, 3)`,
	} {
		if _, err := db.ExecContext(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

// syllables are the rows of a table of forty, for names.
func syllables() (values string) {
	for k, consonant := range []string{"b", "d", "f", "k", "l", "m", "n", "r"} {
		for v, vowel := range []string{"a", "e", "i", "o", "u"} {
			values += fmt.Sprintf("(%d, '%s%s'), ", k*5+v, consonant, vowel)
		}
	}
	return values[:len(values)-2]
}

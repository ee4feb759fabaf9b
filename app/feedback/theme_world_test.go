package feedback

import (
	"context"
	"fmt"
	"testing"
	"time"

	"conversations"
	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/database/databasetest"
)

// themeWorld is a codebook on a fresh database, with two people who work with it.
type themeWorld struct {
	*Service
	t         testing.TB
	ann, ben  context.Context
	annID     int64
	benID     int64
	lastWords int
}

func openThemes(t testing.TB, address string) *themeWorld {
	t.Helper()
	cfg, err := config.Parse(conversations.Config, []string{"CONVERSATIONS_BASE_URL=https://conversations.example", "CONVERSATIONS_DATABASE_URL=" + address})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2017, 2, 10, 9, 0, 0, 0, time.UTC)
	db := databasetest.Open(t, address, func() time.Time { return at })
	w := &themeWorld{Service: New(Parts{Config: cfg, DB: db}), t: t}
	w.ann, w.annID = w.staff("Ann Example")
	w.ben, w.benID = w.staff("Ben Example")
	return w
}

func (w *themeWorld) write(f func(tx *database.Tx) error) {
	w.t.Helper()
	w.must(w.DB.Write(w.t.Context(), f))
}

func (w *themeWorld) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *themeWorld) staff(name string) (ctx context.Context, id int64) {
	w.t.Helper()
	w.write(func(tx *database.Tx) (err error) {
		id, err = tx.Insert(`INSERT INTO staff (email, name, role, password_hash, active, created_at, updated_at) VALUES (?, ?, 'engagement', '', TRUE, ?, ?) RETURNING id`,
			name[:3]+"@office.example", name, tx.Now(), tx.Now())
		return err
	})
	return audit.WithActor(context.Background(), audit.Actor{Kind: audit.Staff, ID: id, Name: name, Role: "engagement"}), id
}

// theme adds a theme below a parent, 0 for the top.
func (w *themeWorld) theme(name string, parent int64) Theme {
	w.t.Helper()
	t, err := w.AddTheme(w.ann, ThemeForm{Name: name, Parent: parent})
	w.must(err)
	return t
}

// comment is a comment that is there.
func (w *themeWorld) comment() (id int64) {
	w.t.Helper()
	w.lastWords++
	w.write(func(tx *database.Tx) (err error) {
		id, err = tx.Insert(`INSERT INTO comments (source, source_key, text, created_at) VALUES ('letter', ?, ?, ?) RETURNING id`,
			fmt.Sprint("letter:", w.lastWords), fmt.Sprint("The bus stops too far from the clinic, number ", w.lastWords), tx.Now())
		return err
	})
	return id
}

// codes has somebody read a comment and find themes in it, each in all of it.
func (w *themeWorld) codes(coder int64, comment int64, themes ...int64) (reading int64) {
	w.t.Helper()
	w.write(func(tx *database.Tx) (err error) {
		reading, err = tx.Insert(`INSERT INTO comment_readings (comment_id, part, coder_id, verdict, read_at) VALUES (?, 'first', ?, 'coded', ?)
			ON CONFLICT (comment_id, part) DO UPDATE SET coder_id = excluded.coder_id, version = comment_readings.version + 1 RETURNING id`, comment, coder, tx.Now())
		if err != nil {
			return err
		}
		for _, theme := range themes {
			if err := tx.Exec(`INSERT INTO codings (reading_id, comment_id, theme_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, reading, comment, theme).Error; err != nil {
				return err
			}
		}
		return nil
	})
	return reading
}

// tree is the live codebook as lines: depth, code.
func (w *themeWorld) tree() (lines []string) {
	w.t.Helper()
	themes, err := w.Themes(w.ann)
	w.must(err)
	for _, t := range themes {
		lines = append(lines, fmt.Sprintf("%d %s", t.Depth, t.Code))
	}
	return lines
}

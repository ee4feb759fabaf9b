package feedback_test

import (
	"fmt"
	"testing"

	"conversations/app/database"
	"conversations/app/feedback"
)

// topic adds a theme to the codebook.
func (w world) topic(t testing.TB, name string, parent int64) int64 {
	t.Helper()
	theme, err := w.AddTheme(w.lead, feedback.ThemeForm{Name: name, Parent: parent})
	must(t, err)
	return theme.ID
}

// coded has a comment read, and themes found in it.
func (w world) coded(t testing.TB, comment int64, themes ...int64) {
	t.Helper()
	w.exec(t, `INSERT INTO comment_readings (comment_id, part, verdict, tone, read_at) VALUES (?, 'first', 'coded', 'negative', ?)`, comment, w.db.Now())
	for _, theme := range themes {
		w.exec(t, `INSERT INTO codings (reading_id, comment_id, theme_id) SELECT id, comment_id, CAST(? AS bigint) FROM comment_readings WHERE comment_id = ?`, theme, comment)
	}
}

func (w world) exec(t testing.TB, text string, args ...any) {
	t.Helper()
	must(t, w.db.Write(t.Context(), func(tx *database.Tx) error { return tx.Exec(text, args...).Error }))
}

// quotable lets a comment be quoted, as its writer and a person who looked at what is struck out did.
func (w world) quotable(t testing.TB, comments ...int64) {
	t.Helper()
	for _, id := range comments {
		w.exec(t, `UPDATE comments SET quote_ok = TRUE, redaction = 'confirmed' WHERE id = ?`, id)
	}
}

// people take comments in, one for each of n people in a locality, in which themes were found.
func (w world) people(t testing.TB, n int, locality string, themes ...int64) {
	t.Helper()
	var max int
	must(t, w.db.Read(t.Context()).Raw(`SELECT count(*) FROM comments`).Scan(&max).Error)
	must(t, w.db.Write(t.Context(), func(tx *database.Tx) error {
		for i := range n {
			comment, err := tx.Insert(`INSERT INTO comments (source, source_key, text, locality, said_on, created_at) VALUES ('letter', ?, ?, ?, '2017-01-05', ?) RETURNING id`,
				fmt.Sprint("people:", max+i), fmt.Sprint("Words of a letter ", max+i), locality, tx.Now())
			if err != nil {
				return err
			}
			reading, err := tx.Insert(`INSERT INTO comment_readings (comment_id, part, verdict, read_at) VALUES (?, 'first', 'coded', ?) RETURNING id`, comment, tx.Now())
			if err != nil {
				return err
			}
			for _, theme := range themes {
				if err := tx.Exec(`INSERT INTO codings (reading_id, comment_id, theme_id) VALUES (?, ?, ?)`, reading, comment, theme).Error; err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

package surveys_test

import (
	commas "encoding/csv"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"conversations/app/database"
	"conversations/app/database/databasetest"
)

// places are the names of a survey's columns that have a place, in order.
func (w world) places(t testing.TB, id int64) (names []string) {
	t.Helper()
	must(t, w.db.Read(t.Context()).Raw("SELECT name FROM survey_columns WHERE survey_id = ? ORDER BY position", id).Scan(&names).Error)
	return names
}

// asCSV is an exported table: its heads, and its rows by head.
func asCSV(t testing.TB, text string) (heads []string, rows []map[string]string) {
	t.Helper()
	lines, err := commas.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	must(t, err)
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, cell := range line {
			row[lines[0][i]] = cell
		}
		rows = append(rows, row)
	}
	return lines[0], rows
}

// However a question comes into a survey, its columns have their places from then on: taking out the answers only reads.
func TestColumnsHaveTheirPlacesFromWhenAQuestionIsMade(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		first := w.urgentCare(t) // built, with the block of equality questions
		copied, err := w.Copy(w.lead, first.Survey.ID)
		must(t, err)
		f := w.form(t, copied.ID)
		must(t, w.AddUsed(w.lead, copied.ID, f.Sections[0].ID, first.Sections[1].Questions[3].ID))
		several := f.Sections[1].Questions[1]
		changed := asTyped(several)
		changed.Options, changed.Remove = "Text\nPosters", []string{changed.OptionIDs[0]}
		must(t, w.ChangeQuestion(w.lead, copied.ID, several.ID, "", changed))
		must(t, w.RetireQuestion(w.lead, copied.ID, f.Sections[1].Questions[2].ID))
		_, err = w.Open(w.lead, copied.ID)
		must(t, err)
		placed := w.places(t, copied.ID)
		if built := w.places(t, first.Survey.ID); !slices.Equal(placed[:len(built)], built) {
			t.Errorf("the copy has the columns\n%v\nnot those of what it was copied from:\n%v", placed, built)
		}
		if last := placed[len(placed)-3:]; !slices.Equal(last, []string{"q16", "q3_text-2", "q3_posters"}) {
			t.Errorf("the last columns are %v", last)
		}
		heads, _ := asCSV(t, w.exported(t, copied.ID))
		if !slices.Equal(heads[len(heads)-len(placed):], placed) || len(w.places(t, copied.ID)) != len(placed) {
			t.Errorf("taken out are\n%v\nbut places have\n%v", heads, placed)
		}
	})
}

// Before columns had places from the start, they got them when answers were first taken out. An upgrade gives places to the
// others, behind those.
func TestAnUpgradePlacesTheColumnsOfQuestionsThatAreThere(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f, never := w.urgentCare(t), w.urgentCare(t)
		want, whole := w.places(t, f.Survey.ID), w.places(t, never.Survey.ID)
		must(t, w.db.Write(t.Context(), func(tx *database.Tx) error {
			return tx.Exec("DELETE FROM survey_columns WHERE survey_id = ? OR position > 7", never.Survey.ID).Error
		}))
		must(t, w.db.Write(t.Context(), func(tx *database.Tx) error { return tx.Exec(upgrade(t, w.db.Dialect)).Error }))
		if got := w.places(t, f.Survey.ID); !slices.Equal(got, want) {
			t.Errorf("of a survey whose answers were taken out before, the columns are\n%v\nnot\n%v", got, want)
		}
		if got := w.places(t, never.Survey.ID); !slices.Equal(got, whole) {
			t.Errorf("of one whose answers never were, the columns are\n%v\nnot\n%v", got, whole)
		}
	})
}

// upgrade is what the migration does.
func upgrade(t testing.TB, dialect database.Dialect) string {
	t.Helper()
	files, err := database.Migrations(dialect)
	must(t, err)
	text, err := fs.ReadFile(files, "00031_survey_columns.sql")
	must(t, err)
	_, up, _ := strings.Cut(string(text), "-- +goose Up")
	up, _, _ = strings.Cut(up, "-- +goose Down")
	return up[strings.Index(up, "INSERT INTO"):]
}

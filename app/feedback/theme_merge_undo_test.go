package feedback

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
)

func (w *themeWorld) count(query string, args ...any) (n int) {
	w.t.Helper()
	w.must(w.DB.Read(w.ann).Raw(query, args...).Scan(&n).Error)
	return n
}

func (w *themeWorld) liveOnes(ids ...int64) (live []int64) {
	for _, id := range ids {
		if t, err := w.Theme(w.ann, id); err == nil && t.Live() {
			live = append(live, id)
		}
	}
	return live
}

// standsIn says whether a reading has a theme, or the one that it was merged into or that was split from it.
func (w *themeWorld) standsIn(reading, theme int64) bool {
	var under []int64
	w.must(w.DB.Read(w.ann).Raw(`SELECT theme_id FROM codings WHERE reading_id = ?`, reading).Scan(&under).Error)
	if slices.Contains(under, theme) {
		return true
	}
	var moves []Change
	w.must(w.DB.Read(w.ann).Raw(`SELECT * FROM theme_changes ORDER BY id`).Scan(&moves).Error)
	reached := map[int64]bool{theme: true}
	for _, change := range moves {
		d, err := change.details()
		w.must(err)
		for _, m := range d.Moves {
			reached[m.To] = reached[m.To] || reached[m.From]
		}
	}
	return slices.ContainsFunc(under, func(id int64) bool { return reached[id] })
}

func TestAMergeMakesTwoThemesOneAndIsUndoneWhole(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := openThemes(t, address)
		waits, queues := w.theme("Waits", 0), w.theme("Queues", 0)
		below := w.theme("At the chemist", queues.ID)
		both, one := w.comment(), w.comment()
		w.codes(w.annID, both, waits.ID, queues.ID)
		w.codes(w.annID, one, queues.ID)
		before := w.everything()
		preview, err := w.PreviewThemeMerge(w.ann, queues.ID, waits.ID)
		if err != nil || preview.Codings != 2 || preview.Doubles != 1 || len(preview.Below) != 1 || preview.Below[0].ID != below.ID || !slices.Equal(preview.Coders, []string{"Ann Example"}) {
			t.Errorf("the preview is %+v, %v", preview, err)
		}
		merge, err := w.MergeThemes(w.ann, queues.ID, waits.ID, queues.Version, waits.Version)
		w.must(err)
		if got := [][]string{w.tree(), w.codedUnder(both), w.codedUnder(one)}; !reflect.DeepEqual(got, [][]string{{"0 waits", "1 at-the-chemist"}, {"waits"}, {"waits"}}) {
			t.Errorf("merged they are %v", got)
		}
		undo, err := w.UndoChange(w.ben, merge.ID)
		w.must(err)
		if got := w.everything(); !slices.Equal(got, before) {
			t.Errorf("they were\n%s\nand are\n%s", strings.Join(before, "\n"), strings.Join(got, "\n"))
		}
		if _, err := w.UndoChange(w.ann, merge.ID); err == nil || err.Error() != "This was undone already." {
			t.Errorf("undone twice: %v", err)
		}
		w.codes(w.benID, w.comment(), queues.ID)
		_, err = w.UndoChange(w.ann, undo.ID) // merges them again, with what Ben coded meanwhile
		w.must(err)
		if n := w.count(`SELECT count(*) FROM codings WHERE theme_id = ?`, waits.ID); n != 3 {
			t.Errorf("merged again, %d codings stand under the kept theme", n)
		}
	})
}

func TestASplitSharesTheCodingsOutAndIsUndoneWhileNobodyBuiltOnIt(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := openThemes(t, address)
		travel, last := w.theme("Travel", 0), w.theme("Last", 0)
		bus, car, other := w.comment(), w.comment(), w.comment()
		for _, c := range []int64{bus, car, other} {
			w.codes(w.annID, c, travel.ID, last.ID)
		}
		before := w.everything()
		codings, total, err := w.SplitCodings(w.ann, travel.ID)
		if err != nil || total != 3 || codings[1].CommentID != car || !strings.Contains(codings[1].Text, "number 2") || codings[1].Coder != "Ann Example" {
			t.Fatalf("to choose by: %+v, %v", codings, err)
		}
		form := Split{Parts: []SplitPart{{Name: "Buses"}, {Name: "Parking"}}, Rest: 0, Chosen: map[int64]int{codings[1].ID: 1}, Version: travel.Version}
		split, err := w.SplitTheme(w.ann, travel.ID, form)
		w.must(err)
		if got := [][]string{w.tree(), w.codedUnder(bus), w.codedUnder(car)}; !reflect.DeepEqual(got, [][]string{{"0 buses", "0 parking", "0 last"}, {"buses", "last"}, {"last", "parking"}}) {
			t.Errorf("split they are %v", got)
		}
		parking, err := w.ThemeByCode(w.ann, "parking")
		w.must(err)
		built := w.comment()
		w.codes(w.benID, built, parking.ID)
		if _, err := w.UndoChange(w.ann, split.ID); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "Ben Example has coded with the theme \"Parking\" since (1 comment)") {
			t.Errorf("built on: %v", err)
		}
		if got := w.codedUnder(built); !slices.Equal(got, []string{"parking"}) {
			t.Errorf("after the refusal Ben's comment has %v", got)
		}
		w.write(func(tx *database.Tx) error { return tx.Exec(`DELETE FROM codings WHERE comment_id = ?`, built).Error })
		_, err = w.UndoChange(w.ann, split.ID)
		w.must(err)
		if got := w.everything(); !slices.Equal(got, before) {
			t.Errorf("they were\n%s\nand are\n%s", strings.Join(before, "\n"), strings.Join(got, "\n"))
		}
	})
}

func TestACodingMadeUnderAThemeThatIsMergedMeanwhileStandsUnderTheOther(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := openThemes(t, address)
		waits, queues, delays := w.theme("Waits", 0), w.theme("Queues", 0), w.theme("Delays", 0)
		_, err := w.MergeThemes(w.ann, queues.ID, waits.ID, 0, 0)
		w.must(err)
		_, err = w.MergeThemes(w.ann, waits.ID, delays.ID, 0, 0)
		w.must(err)
		w.write(func(tx *database.Tx) error {
			landings, err := w.landTx(w.ben, tx, []int64{queues.ID, delays.ID})
			if err != nil {
				return err
			}
			if l := landings[queues.ID]; l.Theme.ID != delays.ID || l.Told != `The theme "Queues" was merged into "Delays" meanwhile, so your coding stands there.` {
				t.Errorf("it lands on %q: %q", l.Theme.Name, l.Told)
			}
			if l := landings[delays.ID]; l.Theme.ID != delays.ID || l.Told != "" {
				t.Errorf("the live one lands on %q: %q", l.Theme.Name, l.Told)
			}
			return nil
		})
		landed, err := w.Landed(w.ann, queues.ID)
		if err != nil || len(landed) != 1 || landed[0].Who != "Ben Example" {
			t.Errorf("whoever merged them reads %+v, %v", landed, err)
		}
	})
}

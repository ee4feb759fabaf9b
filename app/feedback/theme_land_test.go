package feedback

import (
	"sync"
	"testing"

	"conversations/app/database"
	"conversations/app/database/databasetest"
)

// Twelve people code with a theme while it is merged into another. Whoever looks where their coding lands loses nothing; that this can
// go wrong is shown by those who do not look.
func TestWhoeverCodesWhileAThemeIsMergedLosesNothing(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := openThemes(t, address)
		for _, looks := range []bool{true, false} {
			name := map[bool]string{true: "Looks", false: "Blind"}[looks]
			gone, kept := w.theme(name+" gone", 0), w.theme(name+" kept", 0)
			const coders = 12
			var told, merged sync.WaitGroup
			words := make([]string, coders)
			merged.Add(1)
			for i := range coders {
				comment := w.comment()
				reading := w.codes(w.benID, comment)
				told.Go(func() {
					if i >= coders/2 {
						merged.Wait() // half of them press the key after the merge
					}
					words[i] = w.codesWith(reading, comment, gone.ID, looks)
				})
			}
			_, err := w.MergeThemes(w.ann, gone.ID, kept.ID, 0, 0)
			merged.Done()
			told.Wait()
			w.must(err)
			lost, there := w.count(`SELECT count(*) FROM codings WHERE theme_id = ?`, gone.ID), w.count(`SELECT count(*) FROM codings WHERE theme_id = ?`, kept.ID)
			if looks && (lost != 0 || there != coders) {
				t.Errorf("%d codings are lost, %d stand under the other theme", lost, there)
			}
			if !looks && lost == 0 {
				t.Error("without looking nothing is lost: this test cannot fail")
			}
			for i := coders / 2; looks && i < coders; i++ {
				if words[i] == "" {
					t.Errorf("coder %d is not told", i)
				}
			}
		}
	})
}

// codesWith codes a comment as a coder does who chose a theme a while ago, and gives what they are told.
func (w *themeWorld) codesWith(reading, comment, theme int64, looks bool) (told string) {
	err := w.DB.Write(w.ben, func(tx *database.Tx) error {
		land := theme
		if looks {
			landings, err := w.landTx(w.ben, tx, []int64{theme})
			if err != nil {
				return err
			}
			land, told = landings[theme].Theme.ID, landings[theme].Told
		}
		return tx.Exec(`INSERT INTO codings (reading_id, comment_id, theme_id) VALUES (?, ?, ?)`, reading, comment, land).Error
	})
	if err != nil {
		w.t.Error(err)
	}
	return told
}

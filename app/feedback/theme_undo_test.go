package feedback

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
)

// everything is the codebook with what was coded, to compare: the themes that are there, and each coding.
func (w *themeWorld) everything() (lines []string) {
	w.t.Helper()
	themes, err := w.AllThemes(w.ann)
	w.must(err)
	for _, t := range themes {
		lines = append(lines, fmt.Sprintf("%d %s %+v", t.ID, t.GUID, t.state()))
	}
	var codings []Coding
	w.must(w.DB.Read(w.ann).Raw(`SELECT * FROM codings ORDER BY id`).Scan(&codings).Error)
	for _, c := range codings {
		lines = append(lines, fmt.Sprintf("%+v", c))
	}
	return lines
}

// codedUnder gives the codes that a comment has.
func (w *themeWorld) codedUnder(comment int64) (codes []string) {
	w.t.Helper()
	w.must(w.DB.Read(w.ann).Raw(`SELECT t.code FROM codings g JOIN themes t ON t.id = g.theme_id WHERE g.comment_id = ? ORDER BY t.code`, comment).Scan(&codes).Error)
	return codes
}

func (w *themeWorld) last() (id int64) {
	w.t.Helper()
	id, err := w.Version(w.ann)
	w.must(err)
	return id
}

// somebody does something to the codebook, whatever it is; what cannot be done is refused and leaves nothing.
func (w *themeWorld) somethingTo(r *rapid.T, who context.Context) {
	themes, err := w.AllThemes(w.ann)
	w.must(err)
	pick := func(label string) Theme {
		if len(themes) == 0 {
			return Theme{}
		}
		return rapid.SampledFrom(themes).Draw(r, label)
	}
	word := rapid.StringMatching(`[a-z]{1,6}`)
	one := pick("one")
	switch rapid.SampledFrom([]string{"add", "change", "step", "move", "merge", "split", "retire", "restore", "undo", "add", "split"}).Draw(r, "what") {
	case "add":
		_, err = w.AddTheme(who, ThemeForm{Name: word.Draw(r, "name"), Parent: pick("parent").ID})
	case "change":
		err = w.ChangeTheme(who, one.ID, ThemeForm{Code: word.Draw(r, "code"), Name: word.Draw(r, "name"), Definition: word.Draw(r, "meaning")})
	case "step":
		err = w.StepTheme(who, one.ID, rapid.SampledFrom([]int{-1, 1}).Draw(r, "by"))
	case "move":
		err = w.MoveTheme(who, one.ID, rapid.SampledFrom([]int64{0, pick("below").ID}).Draw(r, "to"), 0)
	case "merge":
		_, err = w.MergeThemes(who, one.ID, pick("into").ID, 0, 0)
	case "split":
		keep := rapid.Bool().Draw(r, "keep")
		f := Split{Parts: []SplitPart{{Name: word.Draw(r, "first")}, {Name: word.Draw(r, "second")}}, Keep: keep, Chosen: map[int64]int{}}
		codings, _, err := w.SplitCodings(who, one.ID)
		w.must(err)
		for _, c := range codings {
			f.Chosen[c.ID] = rapid.IntRange(0, 1).Draw(r, "part")
		}
		_, err = w.SplitTheme(who, one.ID, f)
		w.refusedOrDone(err)
	case "retire":
		err = w.RetireTheme(who, one.ID, 0)
	case "restore":
		err = w.RestoreTheme(who, one.ID)
	case "undo":
		_, err = w.UndoChange(who, w.last())
	}
	w.refusedOrDone(err)
}

func (w *themeWorld) refusedOrDone(err error) {
	w.t.Helper()
	if _, known := errors.AsType[*fault.Error](err); err != nil && !known {
		w.t.Fatal(err)
	}
}

func TestAnyChangesUndoneInReverseOrderGiveTheFirstState(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := openThemes(t, address)
		access, stairs := w.theme("Access", 0), w.theme("Stairs", 0)
		for range 6 {
			w.codes(w.annID, w.comment(), access.ID, stairs.ID)
		}
		fewer(t)
		sound := rapid.MakeCheck(func(r *rapid.T) {
			first, from := w.everything(), w.last()
			for range rapid.IntRange(1, 7).Draw(r, "changes") {
				w.somethingTo(r, w.ann)
			}
			to := w.last()
			if then, err := w.CodebookAt(w.ann, from); err != nil || !slices.Equal(told(then), first[:len(then)]) {
				r.Fatalf("history tells of\n%s\n%v", strings.Join(told(then), "\n"), err)
			}
			for id := to; id > from; id-- {
				if undone, err := w.UndoChange(w.ann, id); err != nil && err.Error() != "This was undone already." && fault.KindOf(err) != fault.NotFound {
					r.Fatalf("change %d is not undone: %v (%+v)", id, err, undone)
				}
			}
			if got := w.everything(); !slices.Equal(got, first) {
				r.Fatalf("it was\n%s\nand is\n%s", strings.Join(first, "\n"), strings.Join(got, "\n"))
			}
		})
		sound(t)
	})
}

// fewer runs of what is drawn, as each takes many writes.
func fewer(t *testing.T) {
	t.Helper()
	checks := flag.Lookup("rapid.checks")
	before := checks.Value.String()
	if before == checks.DefValue {
		_ = checks.Value.Set("25")
		t.Cleanup(func() { _ = checks.Value.Set(before) })
	}
}

func told(themes []Theme) (lines []string) {
	for _, t := range themes {
		lines = append(lines, fmt.Sprintf("%d %s %+v", t.ID, t.GUID, t.state()))
	}
	return lines
}

// Ben codes between Ann's changes, and Ann takes all back that she may: what Ben found stands, and what he took out stays out.
func TestUndoingKeepsWhatOthersCodedInBetween(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := openThemes(t, address)
		access, stairs := w.theme("Access", 0), w.theme("Stairs", 0)
		fewer(t)
		t.Run("any order", rapid.MakeCheck(func(r *rapid.T) {
			from, bens, emptied := w.last(), map[int64]int64{}, []int64{}
			comments := []int64{w.comment(), w.comment(), w.comment()}
			readings := make([]int64, len(comments))
			for i, c := range comments {
				readings[i] = w.codes(w.annID, c, w.liveOnes(access.ID, stairs.ID)...)
			}
			for range rapid.IntRange(1, 5).Draw(r, "changes") {
				w.somethingTo(r, w.ann)
				live, err := w.Themes(w.ben)
				w.must(err)
				i := rapid.IntRange(0, len(comments)-1).Draw(r, "comment")
				switch {
				case rapid.IntRange(0, 3).Draw(r, "empties") == 0:
					w.write(func(tx *database.Tx) error {
						return tx.Exec(`DELETE FROM codings WHERE reading_id = ?`, readings[i]).Error
					})
					emptied = append(emptied, readings[i])
					delete(bens, readings[i])
				case len(live) > 0:
					theme := rapid.SampledFrom(live).Draw(r, "theme").ID
					w.codes(w.benID, comments[i], theme)
					bens[readings[i]] = theme
					emptied = slices.DeleteFunc(emptied, func(id int64) bool { return id == readings[i] })
				}
			}
			for id := w.last(); id > from; id-- {
				_, err := w.UndoChange(w.ann, id)
				w.refusedOrDone(err)
			}
			for reading, theme := range bens {
				if !w.standsIn(reading, theme) {
					r.Fatalf("Ben's coding of reading %d with theme %d is lost", reading, theme)
				}
			}
			for _, reading := range emptied {
				if n := w.count(`SELECT count(*) FROM codings WHERE reading_id = ?`, reading); n != 0 {
					r.Fatalf("%d codings came back that Ben took out of reading %d", n, reading)
				}
			}
			if n := w.count(`SELECT count(*) FROM codings g JOIN themes t ON t.id = g.theme_id WHERE t.gone`); n != 0 {
				r.Fatalf("%d codings stand under themes that are gone", n)
			}
		}))
	})
}

func TestAChangeOnWhichSomebodyBuiltIsNotUndoneAndTheySayWho(t *testing.T) {
	for name, build := range map[string]func(w *themeWorld, one, two Theme) error{
		"changed the same": func(w *themeWorld, one, _ Theme) error {
			return w.ChangeTheme(w.ben, one.ID, ThemeForm{Name: "Waiting for long"})
		},
		"merged the theme": func(w *themeWorld, one, two Theme) error {
			_, err := w.MergeThemes(w.ben, one.ID, two.ID, 0, 0)
			return err
		},
		"put another below it": func(w *themeWorld, one, two Theme) error { return w.MoveTheme(w.ben, two.ID, one.ID, 0) },
	} {
		t.Run(name, func(t *testing.T) {
			w := openThemes(t, databasetest.SQLite(t))
			two, one := w.theme("Two", 0), w.theme("One", 0)
			added := w.last()
			w.must(build(w, one, two))
			before := w.everything()
			if _, err := w.UndoChange(w.ann, added); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "Ben Example has built on this") {
				t.Errorf("it gives %v", err)
			}
			if got := w.everything(); !slices.Equal(got, before) {
				t.Error("a refused undo changed something")
			}
		})
	}
}

func TestAnUndoKeepsWhatOthersChangedElsewhere(t *testing.T) {
	w := openThemes(t, databasetest.SQLite(t))
	one := w.theme("One", 0)
	w.must(w.ChangeTheme(w.ann, one.ID, ThemeForm{Name: "First"}))
	renamed := w.last()
	w.must(w.ChangeTheme(w.ben, one.ID, ThemeForm{Name: "First", Definition: "What comes first"}))
	w.theme("Two", 0)
	_, err := w.UndoChange(w.ann, renamed)
	w.must(err)
	if got, _ := w.Theme(w.ann, one.ID); got.Name != "One" || got.Definition != "What comes first" {
		t.Errorf("it is %+v", got)
	}
}

func TestTwoWhoChangeOneThemeNeverOverwriteEachOther(t *testing.T) {
	w := openThemes(t, databasetest.SQLite(t))
	one := w.theme("One", 0)
	w.must(w.ChangeTheme(w.ann, one.ID, ThemeForm{Name: "Ann's", Version: one.Version}))
	err := w.ChangeTheme(w.ben, one.ID, ThemeForm{Name: "Ben's", Version: one.Version})
	if fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "Ann Example changed the theme \"Ann's\"") {
		t.Errorf("the second is told %v", err)
	}
}

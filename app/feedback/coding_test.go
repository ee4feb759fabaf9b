package feedback_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/feedback"
)

// codingWorld has comments, a few themes and two coders.
type codingWorld struct {
	world
	comments []int64
	themes   []feedback.Theme
	ann, ben context.Context
}

func openCoding(t testing.TB, address string, words ...string) codingWorld {
	t.Helper()
	w := codingWorld{world: open(t, address)}
	w.cfg.Feedback.DoubleShare = 0
	w.ann, w.ben = w.staff(t, "Ann Example", "engagement"), w.staff(t, "Ben Example", "engagement")
	for _, name := range []string{"Travel and parking", "Waiting times", "Staff"} {
		theme, err := w.AddTheme(w.lead, feedback.ThemeForm{Name: name})
		must(t, err)
		w.themes = append(w.themes, theme)
	}
	for _, text := range words {
		w.comments = append(w.comments, w.add(t, said(text))[0])
	}
	return w
}

// codes is a form with themes ticked, made against a version.
func codes(version int, themes ...feedback.Theme) feedback.CodingForm {
	f := feedback.CodingForm{Verdict: "coded", Version: version, Redacted: 1}
	for _, theme := range themes {
		f.Themes = append(f.Themes, fmt.Sprint(theme.ID))
	}
	return f
}

// code codes a comment a moment later.
func (w codingWorld) code(t testing.TB, ctx context.Context, comment int64, f feedback.CodingForm) feedback.Saved {
	t.Helper()
	*w.at = w.at.Add(time.Second)
	done, err := w.Code(ctx, comment, f)
	must(t, err)
	return done
}

// now is how a comment is coded, in words.
func (w codingWorld) now(t testing.TB, comment int64) string {
	t.Helper()
	r, err := w.Counting(w.lead, comment)
	must(t, err)
	var marks []string
	for _, k := range r.Marks {
		name := ""
		for _, theme := range w.themes {
			if theme.ID == k.ThemeID {
				name = theme.Name
			}
		}
		if k.EndAt > 0 {
			name += fmt.Sprintf(" %d-%d", k.StartAt, k.EndAt)
		}
		marks = append(marks, name)
	}
	return strings.TrimSpace(string(r.Verdict) + " " + r.Tone + " [" + strings.Join(marks, ", ") + "]")
}

func TestEachStepOfCodingIsUndone(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := openCoding(t, address, "The bus is late, and then I wait for two hours.", "Everybody was kind.")
		first, second := w.comments[0], w.comments[1]
		f := codes(0, w.themes[0], w.themes[1])
		f.Tone, f.Offered, f.Quotable = "negative", fmt.Sprintf("%d,%d", w.themes[2].ID, w.themes[1].ID), true
		f.ExcerptTheme, f.Excerpt = fmt.Sprint(w.themes[0].ID), "bus is late"
		w.code(t, w.ann, first, f)
		if got := w.now(t, first); got != "coded negative [Travel and parking 4-15, Waiting times]" {
			t.Errorf("the comment is %s", got)
		}
		var places []int
		must(t, w.db.Read(t.Context()).Raw("SELECT place FROM codings ORDER BY theme_id").Scan(&places).Error)
		if !slices.Equal(places, []int{0, 2}) {
			t.Errorf("which suggestions were taken is kept as %v", places)
		}
		w.code(t, w.ann, second, codes(0, w.themes[2]))
		w.code(t, w.ann, first, feedback.CodingForm{Verdict: "none", Version: 1})
		for _, want := range []struct {
			comment int64
			is      string
		}{{first, "coded negative [Travel and parking 4-15, Waiting times]"}, {second, "[]"}, {first, "[]"}} {
			*w.at = w.at.Add(time.Second)
			u, err := w.Undo(w.ann)
			must(t, err)
			if got := w.now(t, want.comment); !slices.Equal(u.Comments, []int64{want.comment}) || got != want.is {
				t.Errorf("undone was comment %v, now %s; want %d, %s", u.Comments, got, want.comment, want.is)
			}
		}
		if _, err := w.Undo(w.ann); fault.KindOf(err) != fault.NotFound {
			t.Errorf("with nothing left to undo: %v", err)
		}
		var steps int
		must(t, w.db.Read(t.Context()).Raw("SELECT count(*) FROM coding_steps").Scan(&steps).Error)
		if steps != 6 {
			t.Errorf("three steps and three undoings are %d entries", steps)
		}
	})
}

func TestUndoIsRefusedWhereSomebodyHasBuiltOnTheStep(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := openCoding(t, address, "The bus is late.")
		w.code(t, w.ann, w.comments[0], codes(0, w.themes[0]))
		w.code(t, w.ben, w.comments[0], codes(1, w.themes[0], w.themes[1]))
		_, err := w.Undo(w.ann)
		if fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "Ben Example has coded comment") {
			t.Errorf("undoing what somebody built on: %v", err)
		}
		if got := w.now(t, w.comments[0]); got != "coded  [Travel and parking, Waiting times]" {
			t.Errorf("the comment is %s", got)
		}
		must(t, second(w.Undo(w.ben)))
		must(t, second(w.Undo(w.ann)))
	})
}

func second[T any](_ T, err error) error { return err }

func TestACodingIsRefusedWithWordsAtEachField(t *testing.T) {
	w := openCoding(t, databasetest.SQLite(t), "The bus is late.")
	for want, f := range map[string]feedback.CodingForm{
		"theme":         {Verdict: "coded"},
		"verdict":       {Verdict: "none", Themes: codes(0, w.themes[0]).Themes},
		"tone":          {Verdict: "none", Tone: "loud"},
		"excerpt":       {Verdict: "coded", Themes: codes(0, w.themes[0]).Themes, Excerpt: "the train", ExcerptTheme: "1"},
		"excerpt_theme": {Verdict: "none", Excerpt: "bus"},
		"part":          {Verdict: "coded", Parts: []string{fmt.Sprintf("%d:4:99", w.themes[0].ID)}},
	} {
		_, err := w.Code(w.ann, w.comments[0], f)
		if !strings.Contains(fmt.Sprint(err), want+": ") {
			t.Errorf("%s: %v", want, err)
		}
	}
	if _, err := w.Code(w.staff(t, "Door Person", "door"), w.comments[0], codes(0, w.themes[0])); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("somebody without the right codes: %v", err)
	}
}

func TestWordsRemovedOrStruckOutMeanwhileAreNotCodedOver(t *testing.T) {
	w := openCoding(t, databasetest.SQLite(t), "The bus is late.", "The car park is full.")
	must(t, w.db.Write(t.Context(), func(tx *database.Tx) error {
		if err := tx.Exec("UPDATE comments SET redacted = 2, text = 'The [name] is late.' WHERE id = ?", w.comments[0]).Error; err != nil {
			return err
		}
		return tx.Exec("UPDATE comments SET text = '' WHERE id = ?", w.comments[1]).Error
	}))
	part := codes(0)
	part.Parts = []string{fmt.Sprintf("%d:4:7", w.themes[0].ID)}
	if _, err := w.Code(w.ann, w.comments[0], part); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "struck out") {
		t.Errorf("a part of words that were struck out since: %v", err)
	}
	must(t, second(w.Code(w.ann, w.comments[0], codes(0, w.themes[0]))))
	if _, err := w.Code(w.ann, w.comments[1], codes(0, w.themes[0])); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a comment that was removed: %v", err)
	}
}

// saves is how a coder saves; the control saves another way.
type saves func(ctx context.Context, comment int64, f feedback.CodingForm) error

// race has coders code the same comments at once while somebody merges the first theme into the second, and says what was
// lost: a coding that was taken and is not there, or one that stands at a theme that is no more.
func race(t *testing.T, w codingWorld, save saves) (lost []string, told int) {
	t.Helper()
	var at sync.WaitGroup
	var mu sync.Mutex
	taken := map[int64]int{}
	begin := make(chan struct{})
	for coder, ctx := range []context.Context{w.ann, w.ben} {
		at.Go(func() {
			<-begin
			for _, comment := range w.comments {
				err := save(ctx, comment, codes(0, w.themes[0], w.themes[2-coder*2]))
				mu.Lock()
				switch fault.KindOf(err) {
				case fault.Conflict:
					told++
				default:
					if err != nil {
						t.Error(err)
					}
					taken[comment]++
				}
				mu.Unlock()
			}
		})
	}
	at.Go(func() {
		<-begin
		w.merge(t, w.themes[0].ID, w.themes[1].ID)
	})
	close(begin)
	at.Wait()
	for _, comment := range w.comments {
		if taken[comment] > 1 {
			lost = append(lost, fmt.Sprintf("of comment %d one coding went over another", comment))
		}
		if got := w.now(t, comment); strings.Contains(got, "Travel") || !strings.Contains(got, "Waiting") {
			lost = append(lost, fmt.Sprintf("comment %d is %s, though the theme was merged", comment, got))
		}
	}
	return lost, told
}

// merge merges one theme into another as the codebook does: it locks both, then moves the codings.
func (w codingWorld) merge(t testing.TB, gone, kept int64) {
	t.Helper()
	one, err := w.Theme(w.lead, gone)
	must(t, err)
	other, err := w.Theme(w.lead, kept)
	must(t, err)
	must(t, second(w.MergeThemes(w.lead, gone, kept, one.Version, other.Version)))
}

func TestTwoCodersAtOnceWithAThemeMergedUnderThemLoseNothing(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		words := make([]string, 25)
		for i := range words {
			words[i] = fmt.Sprintf("The bus is late, number %d.", i)
		}
		w := openCoding(t, address, words...)
		lost, told := race(t, w, func(ctx context.Context, comment int64, f feedback.CodingForm) error {
			return second(w.Code(ctx, comment, f))
		})
		for _, what := range lost {
			t.Error(what)
		}
		if told != len(words) {
			t.Errorf("of %d comments that two coded at once, %d times one was told", len(words), told)
		}
	})
}

// The control: without the version and without following the theme, the same race loses codings.
func TestTheRaceFindsWhatIsLostWithoutTheChecks(t *testing.T) {
	w := openCoding(t, databasetest.SQLite(t), "The bus is late.", "The car park is full.")
	lost, _ := race(t, w, func(_ context.Context, comment int64, f feedback.CodingForm) error {
		return w.db.Write(t.Context(), func(tx *database.Tx) error {
			id, err := tx.Insert(`INSERT INTO comment_readings (comment_id, part, verdict, read_at) VALUES (?, 'first', 'coded', ?)
				ON CONFLICT (comment_id, part) DO UPDATE SET read_at = excluded.read_at RETURNING id`, comment, tx.Now())
			if err != nil {
				return err
			}
			if err := tx.Exec("DELETE FROM codings WHERE reading_id = ?", id).Error; err != nil {
				return err
			}
			return tx.Exec("INSERT INTO codings (reading_id, comment_id, theme_id) VALUES (?, ?, ?)", id, comment, f.Themes[0]).Error
		})
	})
	if len(lost) < len(w.comments) {
		t.Errorf("only %v was found lost", lost)
	}
}

func TestACodingOfAThemeMergedMeanwhileLandsOnTheOtherAndSaysSo(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := openCoding(t, address, "The bus is late.", "The car park is full.")
		w.code(t, w.ann, w.comments[0], codes(0, w.themes[0]))
		w.merge(t, w.themes[0].ID, w.themes[1].ID)
		done := w.code(t, w.ann, w.comments[1], codes(0, w.themes[0]))
		if len(done.Notes) != 1 || !strings.Contains(done.Notes[0], `"Travel and parking" was merged into "Waiting times"`) {
			t.Errorf("told was %q", done.Notes)
		}
		for _, comment := range w.comments {
			if got := w.now(t, comment); got != "coded  [Waiting times]" {
				t.Errorf("comment %d is %s", comment, got)
			}
		}
		must(t, second(w.Undo(w.ann)))
		must(t, second(w.Undo(w.ann))) // the step was made with the theme that is no more
	})
}

func TestManyCommentsAreChangedAtOnceAndUndoneAsOne(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := openCoding(t, address, "The bus is late.", "The car park is full.", "Everybody was kind.", "No bus at all.")
		w.code(t, w.ann, w.comments[2], codes(0, w.themes[2]))
		w.code(t, w.ben, w.comments[3], codes(0, w.themes[2]))
		*w.at = w.at.Add(time.Second)
		f := feedback.GridForm{Do: "add", Theme: w.themes[0].ID}
		for i, comment := range w.comments {
			f.Comments = append(f.Comments, fmt.Sprintf("%d:%d", comment, []int{0, 0, 1, 0}[i])) // of the last an old version was in view
		}
		done, err := w.CodeMany(w.ann, f)
		must(t, err)
		if done.Changed != 3 || !slices.Equal(done.Clashed, w.comments[3:]) {
			t.Errorf("done was %+v", done)
		}
		if got := w.now(t, w.comments[2]); got != "coded  [Travel and parking, Staff]" {
			t.Errorf("the third comment is %s", got)
		}
		g, err := w.Grid(w.lead, feedback.Filter{Theme: w.themes[0].ID})
		must(t, err)
		if len(g.Lines) != 3 || len(g.Lines[0].Themes) == 0 {
			t.Errorf("the grid shows %+v", g.Lines)
		}
		u, err := w.Undo(w.ann)
		must(t, err)
		if len(u.Comments) != 3 || w.now(t, w.comments[0]) != "[]" || w.now(t, w.comments[2]) != "coded  [Staff]" {
			t.Errorf("undone was %+v; the first is %s, the third %s", u, w.now(t, w.comments[0]), w.now(t, w.comments[2]))
		}
	})
}

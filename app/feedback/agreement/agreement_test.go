package agreement

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// to compares with what was published, to so many decimals.
func to(t *testing.T, decimals int, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 0.5*math.Pow10(-decimals)+1e-12 {
		t.Errorf("%s is %.7f, not %v", what, got, want)
	}
}

func TestKappaIsThatOfPublishedExamples(t *testing.T) {
	for source, e := range map[string]struct {
		table               [][]int
		decimals            int
		kappa, se, low, hig float64
	}{
		// Bonett, R package statpsych, ci.kappa(.05, 31, 12, 4, 58), after Fleiss, Levin and Paik: Statistical Methods for Rates
		// and Proportions, 2003.
		"Bonett": {[][]int{{31, 12}, {4, 58}}, 7, 0.6756757, 0.07344761, 0.5317210, 0.8196303},
		// SAS/STAT User's Guide, the FREQ procedure, "Agreement Study": two dermatologists, 88 patients.
		"SAS": {[][]int{{10, 4, 1, 0}, {5, 10, 12, 2}, {2, 4, 12, 5}, {0, 2, 6, 13}}, 4, 0.3449, 0.0724, 0.2030, 0.4868},
	} {
		got := Kappa(e.table)
		_, se, _ := kappa(e.table)
		to(t, e.decimals, source+": kappa", got.Value, e.kappa)
		to(t, e.decimals, source+": its standard error", se, e.se)
		to(t, e.decimals, source+": its lower bound", got.Low, e.low)
		to(t, e.decimals, source+": its upper bound", got.High, e.hig)
	}
	// Fleiss: Statistical Methods for Rates and Proportions, 1981, table 13.1: 100 people, kappa 0.68 (exactly 0.23/0.34).
	to(t, 4, "Fleiss", Kappa([][]int{{75, 1, 4}, {5, 4, 1}, {0, 0, 10}}).Value, 0.23/0.34)
	// Cohen 1968 (Weighted Kappa), table 1 gives 0.492 without weights for 200 people (exactly 0.29/0.59).
	to(t, 4, "Cohen", Kappa([][]int{{88, 14, 18}, {10, 40, 10}, {2, 6, 12}}).Value, 0.29/0.59)
}

// single makes judgements of one theme each; * is missing. A row is a person, a column a comment.
func single(rows ...string) (all []Judgement) {
	for coder, row := range rows {
		for comment, answer := range strings.Fields(row) {
			if answer != "*" {
				all = append(all, Judgement{fmt.Sprintf("%02d", comment), fmt.Sprint(coder), []string{answer}})
			}
		}
	}
	return all
}

func TestAlphaIsThatOfPublishedExamples(t *testing.T) {
	for _, e := range []struct {
		source     string
		judgements []Judgement
		alpha      float64 // exactly, from the published coincidences
		published  float64
	}{
		{"Krippendorff 2011, A: two people, two answers", single("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"), 1 - 19*4./84, 0.095},
		{"Krippendorff 2011, B: two people, any answers", single("a a b b d c c c e d d a", "b a b b b c c c e d d d"), 0.6919643, 0.692},
		{"Krippendorff 2011, C: four people, answers missing", single("1 2 3 3 2 1 4 1 2 * * *", "1 2 3 3 2 2 4 1 2 5 * 3", "* 3 3 3 2 3 4 2 2 5 1 *", "1 2 3 3 2 4 4 1 2 5 1 *"), 113. / 152, 0.743},
		{"Wikipedia, Krippendorff's alpha, a computational example", single("* * * * * 3 4 1 2 1 1 3 3 * 3", "1 * 2 1 3 3 4 3 * * * * * * *", "* * 2 1 3 4 4 * 2 1 1 3 3 * 4"), 56. / 81, 0.691},
	} {
		got := Alpha(e.judgements)
		to(t, 3, e.source, got.Value, e.published)
		to(t, 4, e.source, got.Value, e.alpha)
		if !got.Defined || got.Low > got.Value || got.High < got.Value || got.Low == got.High {
			t.Errorf("%s: %+v", e.source, got)
		}
	}
}

// MASI as Passonneau (2006) defines it: Jaccard's share by 1, 2/3, 1/3 or 0.
func TestSetsAreAlikeByWhatTheyShare(t *testing.T) {
	for _, e := range []struct {
		a, b string
		want float64
	}{{"1 2", "1 2", 1}, {"1 2", "1 2 3 4", 0.5 * 2 / 3}, {"1 2", "2 3", 1. / 9}, {"1", "2", 0}, {"", "1", 0}, {"", "", 1}} {
		to(t, 9, e.a+" and "+e.b, masi(strings.Fields(e.a), strings.Fields(e.b)), e.want)
	}
}

func TestOneThemeMoreIsLessOfADisagreementThanAnotherTheme(t *testing.T) {
	agreed := single("a b c a b c a", "a b c a b c a")
	more := slices.Concat(agreed, []Judgement{{"x", "0", []string{"a"}}, {"x", "1", []string{"a", "b"}}})
	other := slices.Concat(agreed, []Judgement{{"x", "0", []string{"a"}}, {"x", "1", []string{"b"}}})
	if all, m, o := Alpha(agreed), Alpha(more), Alpha(other); !(all.Value == 1 && all.Low < 1 && 1 > m.Value && m.Value > o.Value) {
		t.Errorf("%+v, %+v, %+v", all, m, o)
	}
}

func TestEachThemeHasItsOwnKappa(t *testing.T) {
	var judgements []Judgement
	for i := range 20 {
		id, themes := fmt.Sprint(i), []string{"W"}
		if i%2 == 0 {
			themes = []string{"F"}
		}
		second := themes
		if i < 4 {
			second = []string{"F", "W"}
		}
		judgements = append(judgements, Judgement{id, "a", themes}, Judgement{id, "b", second})
	}
	judgements = append(judgements, Judgement{"alone", "a", []string{"W"}}, Judgement{"0", "b", []string{"F"}})
	got := ByTheme(judgements, []string{"F", "W", "never"})
	if k := got[0]; k.Both != 10 || k.FirstOnly != 0 || k.SecondOnly != 2 || k.Neither != 8 || !k.Defined || k.Comments != 20 {
		t.Errorf("%+v", k)
	}
	to(t, 9, "the kappa of F", got[0].Value, 0.8)
	if k := got[2]; k.Defined || k.Comments != 20 {
		t.Errorf("a theme that nobody gave has a kappa: %+v", k)
	}
}

func TestFewWhoAllAgreeAreNotCertain(t *testing.T) {
	few, lots := Kappa([][]int{{2, 0}, {0, 2}}), Kappa([][]int{{200, 0}, {0, 200}})
	if few.Value != 1 || lots.Value != 1 || few.Low > 0.7 || lots.Low < 0.95 {
		t.Errorf("%+v, %+v", few, lots)
	}
}

func TestHowFarSuggestionsPullIsTheDifferenceToThoseWhoDidNotSeeThem(t *testing.T) {
	var comments []Seen
	for i := range 50 {
		c := Seen{"W", []string{"W"}, []string{"W"}}
		if i < 20 {
			c.Blind = []string{"F"}
		}
		comments = append(comments, c)
	}
	got := PullOf(comments)
	to(t, 9, "with it in view", got.Shown, 1)
	to(t, 9, "blind", got.Blind, 0.6)
	to(t, 9, "the difference", got.Difference, 0.4)
	if got.Low < 0.2 || got.High > 0.6 || got.Low > got.High {
		t.Errorf("%+v", got)
	}
	if none := PullOf(nil); none.Comments != 0 || none.Low > -0.8 || none.High < 0.8 {
		t.Errorf("of nothing, %+v", none)
	}
}

func TestTheSameJudgementsInAnyOrderGiveTheSame(t *testing.T) {
	judgements := single("1 2 3 3 2 1 4 1 2 * * *", "1 2 3 3 2 2 4 1 2 5 * 3", "* 3 3 3 2 3 4 2 2 5 1 *")
	want := Alpha(judgements)
	for i := range judgements {
		judgements[i], judgements[len(judgements)-1-i] = judgements[len(judgements)-1-i], judgements[i]
		if got := Alpha(judgements); got.Value != want.Value || math.Abs(got.Low-want.Low) > 1e-9 {
			t.Fatalf("%+v, not %+v", got, want)
		}
	}
}

func BenchmarkAlpha(b *testing.B) {
	var judgements []Judgement
	for i := range 350 {
		id := fmt.Sprint(i)
		judgements = append(judgements, Judgement{id, "a", []string{fmt.Sprint(i % 35), fmt.Sprint(i % 11)}}, Judgement{id, "b", []string{fmt.Sprint(i % 35)}})
	}
	for b.Loop() {
		Alpha(judgements)
	}
}

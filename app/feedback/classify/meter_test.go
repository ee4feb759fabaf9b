package classify

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"testing"
)

// many makes many comments out of the made-up ones, no two alike.
func many(times int) (examples []Example) {
	places := []string{"in the north wing", "on Monday", "at the desk by the lift", "near the pond", "for my neighbour", "in the annexe"}
	for i := range times {
		for j, e := range madeUp() {
			e.Text = fmt.Sprintf("%s %s", e.Text, places[(i+j)%len(places)])
			e.ID = fmt.Sprint(i, j)
			examples = append(examples, e)
		}
	}
	return examples
}

func TestTheMeterSaysHowOftenTheFirstSuggestionIsRight(t *testing.T) {
	m, err := Measure(context.Background(), madeUp(), meadow(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	f := m.FirstRight
	if m.Comments != len(madeUp()) || f.Of != m.Comments || f.Value < 0.5 || f.Low >= f.Value || f.High <= f.Value || f.High > 1 {
		t.Errorf("%+v", m)
	}
	for _, theme := range m.Themes {
		if theme.Codings != theme.Found.Of || theme.First.Right > theme.First.Of || theme.Found.Low > theme.Found.Value || theme.Found.High < theme.Found.Value {
			t.Errorf("%+v", theme)
		}
	}
	if !m.More.Known || m.More.Codings != 50 || m.More.Gain < 0 || m.More.Low > m.More.Gain || m.More.High < m.More.Gain || m.More.High > 0.5 {
		t.Errorf("%+v", m.More)
	}
}

func TestTheMeterIsNotFooledByCodesGivenByLot(t *testing.T) {
	examples := many(3)
	for i := range examples {
		examples[i].Themes = []string{[]string{"W", "S", "F", "P"}[copies(examples[i].Text+"x")%4]}
	}
	m, err := Measure(context.Background(), examples, nil, Options{})
	if err != nil || m.FirstRight.Value > 0.45 || m.FirstRight.Low > 0.3 {
		t.Errorf("%+v, %v", m.FirstRight, err)
	}
}

func TestCopiesOfACommentAreNotAskedAboutWhereTheyWereLearnt(t *testing.T) {
	var examples []Example
	for i := range 40 {
		for range 3 {
			examples = append(examples, Example{Text: fmt.Sprintf("word%d, word%d!", i*7, i*11), Themes: []string{fmt.Sprint(i % 8)}})
		}
	}
	m, err := Measure(context.Background(), examples, nil, Options{})
	if err != nil || m.FirstRight.Value > 0.4 {
		t.Errorf("%+v, %v", m.FirstRight, err)
	}
}

func TestWithFewCommentsTheMeterGuessesNothing(t *testing.T) {
	m, err := Measure(context.Background(), madeUp()[:6], meadow(), Options{})
	if err != nil || m.More.Known || m.FirstRight.High-m.FirstRight.Low < 0.3 {
		t.Errorf("%+v, %v", m, err)
	}
}

// Wilson's interval for 8 of 10 is 0.490 to 0.943 (Newcombe: Two-sided Confidence Intervals for the Single Proportion, 1998,
// gives the method).
func TestTheBoundsAreWilsons(t *testing.T) {
	s := Share{Of: 10, Right: 8}
	s.finish()
	if math.Abs(s.Low-0.4902) > 1e-4 || math.Abs(s.High-0.9433) > 1e-4 {
		t.Errorf("%+v", s)
	}
}

// planted are comments on something that no theme of the codebook is about.
func planted() (texts []string) {
	for i := range 12 {
		texts = append(texts, []string{
			"An interpreter was never booked for my uncle", "We asked twice for a sign language interpreter", "No interpreter came, so my son had to translate",
			"Leaflets in our language would help, and an interpreter", "The interpreter spoke another language than mine", "Sign language is not known there",
		}[i%6]+[]string{"", " at all"}[i/6])
	}
	return texts
}

func TestWhatFitsNothingBecomesACandidateForATheme(t *testing.T) {
	m := trained(t, many(3), meadow())
	var texts []string
	for _, e := range many(3) {
		texts = append(texts, e.Text)
	}
	from := len(texts)
	texts = append(texts, planted()...)
	got := m.Candidates(texts)
	if len(got) == 0 {
		t.Fatal("there is none")
	}
	if len(got[0].Phrases) == 0 || got[0].Phrases[0] != "interpreter" && got[0].Phrases[0] != "sign language" && got[0].Phrases[0] != "language" {
		t.Errorf("the phrases are %q", got[0].Phrases)
	}
	theirs := 0
	for _, i := range got[0].Comments {
		if i >= from {
			theirs++
		}
	}
	if theirs < 9 || len(got[0].Comments) > theirs+1 {
		t.Errorf("%d of the 12 are in it, with %d others", theirs, len(got[0].Comments)-theirs)
	}
	if again := m.Candidates(texts); !reflect.DeepEqual(got, again) {
		t.Error("another time it is another one")
	}
}

func TestWhereEverythingFitsThereIsNoCandidate(t *testing.T) {
	m := trained(t, many(3), meadow())
	var texts []string
	for _, e := range many(3) {
		texts = append(texts, e.Text)
	}
	if got := m.Candidates(texts); len(got) > 0 {
		t.Errorf("%+v", got)
	}
}

func TestEmptyWordsAloneMakeNothingLikely(t *testing.T) {
	examples := []Example{}
	for i := range 4 {
		examples = append(examples, Example{Text: fmt.Sprintf("It was the %s and I had to", []string{"soup", "bread", "tea", "menu"}[i]), Themes: []string{"F"}},
			Example{Text: fmt.Sprintf("They have %s there for us", []string{"buses", "trams", "cars", "cabs"}[i]), Themes: []string{"P"}})
	}
	for _, codings := range [][]Example{nil, examples} {
		for _, text := range []string{"It was the one I had to", "They have it there for us", "I was there and it was"} {
			s := trained(t, codings, []Theme{{Code: "F", Name: "The food"}, {Code: "P", Name: "How to get there"}}).Suggest(text)[0]
			if s.Applies || s.Confidence > 0.3 || len(s.Words) > 0 {
				t.Errorf("%q after %d codings: %+v", text, len(codings), s)
			}
		}
	}
}

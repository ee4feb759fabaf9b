package classify

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
)

// meadow is a made-up programme's codebook.
func meadow() []Theme {
	return []Theme{
		{Code: "W", Name: "Waiting", Definition: "How long people wait for an appointment or on the day."},
		{Code: "S", Name: "How staff treat people", Definition: "Kindness, respect, rudeness."},
		{Code: "F", Name: "Food and drink", Definition: "Meals, snacks, water."},
		{Code: "P", Name: "Parking and buses", Definition: "How to get to the site by car or public transport.", Examples: []string{"There was nowhere to park."}},
		{Code: "G", Name: "Garden", Definition: "The grounds and the pond."},
	}
}

// madeUp are made-up comments; several themes are parted by blanks.
func madeUp() (examples []Example) {
	for themes, comments := range map[string][]string{
		"W": {"We waited two hours past the time on the letter", "The queue was far too long", "Six weeks until the first free date", "I was seen at once, no waiting",
			"Always late, always delays", "It took all morning", "Quick and on time", "The wait was endless", "An hour late again", "Seen promptly at nine"},
		"S": {"The receptionist was rude to my neighbour", "Such kind and gentle people", "Everybody greeted us with a smile", "The porter was curt with us",
			"Friendly, polite, patient", "She spoke down to me", "Lovely nurses on both floors", "He was courteous throughout", "Unfriendly at the desk", "Caring people"},
		"F": {"Lunch was cold again", "The soup was lovely", "No water in the jug all day", "Sandwiches only, nothing hot", "A better menu please",
			"The porridge is like glue", "Good tea and biscuits", "My mother cannot eat what they serve", "Breakfast comes too early", "More fruit"},
		"P": {"The car park is full by eight", "No bus after six in the evening", "Parking costs more than the taxi", "The stop is too far from the door",
			"Nowhere to leave the car", "The shuttle bus was cancelled", "Spaces for blue badges are taken", "The machine at the car park takes no cards", "Two buses to get here", "Parked in the mud"},
		"W S": {"Waited an hour but the nurse was kind", "Rude man at the desk and a long queue"},
		"F P": {"The sandwiches were stale and the car park full", "Nice lunch, awful parking"},
	} {
		for _, text := range comments {
			examples = append(examples, Example{ID: text, Text: text, Themes: strings.Fields(themes)})
		}
	}
	slices.SortFunc(examples, func(a, b Example) int { return strings.Compare(a.ID, b.ID) })
	return examples
}

func trained(t *testing.T, examples []Example, codebook []Theme) *Model {
	t.Helper()
	m, err := Train(context.Background(), examples, codebook, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestSuggestionsComeFromWhatPeopleCoded(t *testing.T) {
	m := trained(t, madeUp(), meadow())
	for text, want := range map[string]string{
		"They kept us in the queue for ages":             "W",
		"An unhelpful, impolite person at the reception": "S", // no word of it was coded, but what it speaks of was
		"The dinners are tasteless":                      "F",
		"I could not find a place for my car":            "P",
		"THE QUEUE!!":                                    "W",
	} {
		got := m.Suggest(text)
		if got[0].Theme != want {
			t.Errorf("%q: %s comes first, not %s", text, got[0].Theme, want)
		}
		if len(got) != len(meadow()) {
			t.Errorf("%q: %d suggestions for %d themes", text, len(got), len(meadow()))
		}
		for i, s := range got {
			if s.Confidence < 0 || s.Confidence > 1 || i > 0 && s.Confidence > got[i-1].Confidence {
				t.Errorf("%q: suggestion %d has %v", text, i, s)
			}
		}
	}
}

func TestACommentOnTwoThingsGetsBoth(t *testing.T) {
	got := trained(t, madeUp(), meadow()).Suggest("The soup was cold. Also there is never a space in the car park, which is a shame.")
	if two := []string{got[0].Theme, got[1].Theme}; !slices.Contains(two, "F") || !slices.Contains(two, "P") {
		t.Errorf("the first two are %v", two)
	}
}

func TestWithNothingCodedTheCodebookSpeaks(t *testing.T) {
	m := trained(t, nil, meadow())
	for text, want := range map[string]string{"We had to wait so long": "W", "I came by bus": "P", "Very polite nurses": "S", "The pond is full of leaves": "G"} {
		got := m.Suggest(text)
		if got[0].Theme != want {
			t.Errorf("%q: %s comes first, not %s", text, got[0].Theme, want)
		}
		if got[0].Applies || got[0].Confidence > 0.5 {
			t.Errorf("%q is offered with %.2f though nobody has coded anything", text, got[0].Confidence)
		}
	}
}

func TestAThemeWithFewCodingsIsNotOfferedAsCertain(t *testing.T) {
	examples := append(madeUp(), Example{Text: "The pond in the garden is lovely", Themes: []string{"G"}})
	for _, s := range trained(t, examples, meadow()).Suggest("The pond in the garden is lovely") {
		if s.Theme == "G" && (s.Applies || s.Confidence > 2./3) {
			t.Errorf("one coding, and it is offered: %v", s)
		}
	}
}

func TestAThemeThatTheCodebookDoesNotHaveIsKnownByItsCode(t *testing.T) {
	m := trained(t, madeUp(), nil)
	if want := []string{"F", "P", "S", "W"}; !slices.Equal(slices.Sorted(slices.Values(m.Themes())), want) {
		t.Errorf("knows %v", m.Themes())
	}
}

func TestTheWordsThatSpokeForASuggestionAreItsOwn(t *testing.T) {
	for _, s := range trained(t, madeUp(), meadow()).Suggest("On Tuesday the soup was COLD and nobody came")[:1] {
		if s.Theme != "F" || !slices.Contains(s.Words, "soup") || len(s.Words) > 3 {
			t.Errorf("%v", s)
		}
	}
}

func TestWhatSaysNothingIsSuggestedWithoutWords(t *testing.T) {
	m := trained(t, madeUp(), meadow())
	for _, text := range []string{"", "   ", "¿…?", "''"} {
		got := m.Suggest(text)
		if len(got) != len(meadow()) || len(got[0].Words) > 0 {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestTheSameCodingsGiveTheSameSuggestions(t *testing.T) {
	texts := []string{"The soup was cold and the bus late", "Kind people", "Zzz"}
	a, b := trained(t, madeUp(), meadow()), trained(t, madeUp(), meadow())
	for _, text := range texts {
		if !reflect.DeepEqual(a.Suggest(text), b.Suggest(text)) {
			t.Errorf("%q differs", text)
		}
	}
}

func TestManyMayAskAtOnce(t *testing.T) {
	m := trained(t, madeUp(), meadow())
	want := m.Suggest("An unheard-of word and cold soup")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				if got := m.Suggest("An unheard-of word and cold soup"); !reflect.DeepEqual(got, want) {
					t.Error("the answers differ")
					return
				}
			}
		})
	}
	all.Wait()
}

func TestWithoutThemesThereIsNothingToSuggest(t *testing.T) {
	if _, err := Train(context.Background(), []Example{{Text: "Hello"}}, nil, Options{}); !errors.Is(err, ErrNoThemes) {
		t.Errorf("got %v", err)
	}
}

func TestTrainingStopsWhenNobodyWaitsForIt(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := Train(ctx, madeUp(), meadow(), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

package events_test

import (
	"strings"
	"testing"

	"conversations/app/events"
)

func TestALocalityIsFoundByTownOrPostcode(t *testing.T) {
	cfg := shipped(t)
	for text, want := range map[string]string{
		"Tring": "dacorum", "  tring ": "dacorum", "near Tring, Herts": "dacorum", "hemel": "dacorum", "Hemel Hempsted": "dacorum",
		"hemel-hempstead": "dacorum", "Berkhampsted": "dacorum", "Dacorum": "dacorum",
		"hp23 5xx": "dacorum", "HP235XX": "dacorum", "hp23": "dacorum", "HP2 3AB": "dacorum", "hp2": "dacorum", "HP23 5": "dacorum",
		"St Albans": "st-albans-and-harpenden", "saint albans": "st-albans-and-harpenden", "St. Alban's": "st-albans-and-harpenden",
		"st-albans-and-harpenden": "st-albans-and-harpenden",
		"al2":                     "st-albans-and-harpenden hertsmere", "AL2 1AB": "st-albans-and-harpenden hertsmere",
		"wd4": "dacorum watford-and-three-rivers", "Watfrod": "watford-and-three-rivers", "WATFORD WD18": "watford-and-three-rivers",
		"my house, WD18": "watford-and-three-rivers", "borhamwood": "hertsmere", "Potters  Bar": "hertsmere", "potters bar en6 1aa": "hertsmere",
		"Liverpool": "", "SW1A 1AA": "", "": "", "  ": "", "x": "", "the": "",
	} {
		var slugs []string
		for _, l := range events.FindLocality(cfg.Localities, text).Localities {
			slugs = append(slugs, l.Slug)
		}
		if got := strings.Join(slugs, " "); got != want {
			t.Errorf("%q led to %q, want %q", text, got, want)
		}
	}
}

func TestAGuessAtTheSpellingIsOwnedUpTo(t *testing.T) {
	cfg := shipped(t)
	if found := events.FindLocality(cfg.Localities, "Harpendon"); found.Guess != "Harpenden" {
		t.Errorf("guessed %q", found.Guess)
	}
	if found := events.FindLocality(cfg.Localities, "Harpenden"); found.Guess != "" {
		t.Errorf("guessed %q where nothing was misspelt", found.Guess)
	}
}

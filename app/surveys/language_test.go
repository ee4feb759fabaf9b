package surveys

import (
	"reflect"
	"regexp"
	"strings"
	"testing"
)

func TestEveryLanguageHasEveryPhraseWithTheSameGaps(t *testing.T) {
	gaps := regexp.MustCompile(`%[ds]|%\{count\}`)
	en := reflect.ValueOf(english())
	for _, p := range []phrases{polish(), romanian(), urdu(), gujarati()} {
		if got := phrasesIn(p.code); got != p {
			t.Errorf("%s does not find its own words", p.code)
		}
		words := reflect.ValueOf(p)
		for i := range words.NumField() {
			name, said, want := words.Type().Field(i).Name, words.Field(i).String(), en.Field(i).String()
			if said == "" || name != "code" && said == want {
				t.Errorf("%s has no words of its own for %s", p.code, name)
			}
			if a, b := gaps.FindAllString(said, -1), gaps.FindAllString(want, -1); strings.Join(a, " ") != strings.Join(b, " ") {
				t.Errorf("%s, %s: gaps %v and not %v", p.code, name, a, b)
			}
		}
	}
	if phrasesIn("cy").code != "en" || phrasesIn("pl-PL").code != "pl" {
		t.Error("the wrong words are found")
	}
}

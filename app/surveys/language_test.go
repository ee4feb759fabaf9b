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
		haveTheirOwn(t, p.code, reflect.ValueOf(p), en, gaps)
	}
	if phrasesIn("cy").code != "en" || phrasesIn("pl-PL").code != "pl" {
		t.Error("the wrong words are found")
	}
}

// haveTheirOwn looks whether a language says everything that English says, in words of its own with the same gaps.
func haveTheirOwn(t *testing.T, code string, words, en reflect.Value, gaps *regexp.Regexp) {
	t.Helper()
	for i := range words.NumField() {
		if words.Field(i).Kind() == reflect.Struct {
			haveTheirOwn(t, code, words.Field(i), en.Field(i), gaps)
			continue
		}
		name, said, want := words.Type().Field(i).Name, words.Field(i).String(), en.Field(i).String()
		if said == "" || name != "code" && said == want {
			t.Errorf("%s has no words of its own for %s", code, name)
		}
		if a, b := gaps.FindAllString(said, -1), gaps.FindAllString(want, -1); strings.Join(a, " ") != strings.Join(b, " ") {
			t.Errorf("%s, %s: gaps %v and not %v", code, name, a, b)
		}
	}
}

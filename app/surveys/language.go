package surveys

import (
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// rightToLeft are the scripts that are written from right to left.
var rightToLeft = []string{"Arab", "Hebr", "Syrc", "Thaa", "Nkoo"}

// languageName is what a language calls itself ("Polski" for pl); false where the code is none that we know.
func languageName(code string) (string, bool) {
	tag, err := language.Parse(code)
	if err != nil {
		return "", false
	}
	name := display.Self.Name(tag)
	return name, name != ""
}

// nameForStaff is what a language is called in English ("Polish" for pl).
func nameForStaff(code string) string {
	tag, err := language.Parse(code)
	if err != nil {
		return code
	}
	return display.English.Languages().Name(tag)
}

// Direction is how a language is written: "ltr" or "rtl".
func Direction(code string) string {
	tag, err := language.Parse(code)
	if err != nil {
		return "ltr"
	}
	script, _ := tag.Script()
	for _, s := range rightToLeft {
		if script.String() == s {
			return "rtl"
		}
	}
	return "ltr"
}

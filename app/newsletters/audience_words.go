package newsletters

import (
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

var english = message.NewPrinter(language.BritishEnglish)

func countPeople(n int) string { return counted(n, "person", "people") }

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return english.Sprintf("%d %s", n, many)
}

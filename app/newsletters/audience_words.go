package newsletters

import (
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"conversations/app/audiences"
)

var english = message.NewPrinter(language.BritishEnglish)

func countPeople(n int) string { return counted(n, "person", "people") }

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return english.Sprintf("%d %s", n, many)
}

// leftOutWords is why somebody is left out, as staff read it.
func leftOutWords(reason audiences.Reason, since bool) string {
	if since {
		return "Since the list was made: " + lowerFirst(reason.Words())
	}
	return reason.Words()
}

func lowerFirst(text string) string {
	if strings.HasPrefix(text, "We ") {
		return text
	}
	return strings.ToLower(text[:1]) + text[1:]
}

// postLine is a postal address on one line.
func postLine(row audiences.Row) string {
	return strings.ReplaceAll(row.PostAddress, "\n", ", ") + ", " + row.Postcode
}

package minutes

import (
	"regexp"
	"strings"
	"time"
)

var (
	dueDay    = regexp.MustCompile(`(?i)\bby (?:\p{L}+day )?(\d{1,2})(?:st|nd|rd|th)? (\p{L}+) (20\d\d)\b`)
	dueMonth  = regexp.MustCompile(`(?i)\bby (?:the end of )?(\p{L}+) (20\d\d)\b`)
	ownerNote = regexp.MustCompile(`(?i)(?:\(|\b)(?:owner|action(?: by)?|lead)\s*:\s*([^()]+?)\)?\.?$`)
	ownerDoes = regexp.MustCompile(`^((?:The |Our )?[\p{L}&’' ]{2,60}?) to \p{Ll}+ `)
	doings    = regexp.MustCompile(`(?i)(?:ing|ed)\b`)
)

// stepOf reads a promise: by when, and whose it is. The words stay as they are.
func stepOf(text string) Piece {
	p := Piece{Kind: Step, Text: text, Due: dueIn(text)}
	if m := ownerNote.FindStringSubmatch(text); m != nil {
		p.Who = strings.TrimSpace(m[1])
		return p
	}
	if m := ownerDoes.FindStringSubmatch(text); m != nil && startsUpper(m[1]) && !doings.MatchString(m[1]) && isOwner(m[1]) {
		p.Who, p.Check = m[1], "Is this the owner of the next step?"
	}
	return p
}

// isOwner says whether words before "to do" name somebody: "The trust", "CCG", but not "Work".
func isOwner(words string) bool {
	return strings.HasPrefix(words, "The ") || strings.HasPrefix(words, "Our ") || strings.ToUpper(words) == words || len(strings.Fields(words)) == 2 && startsUpper(strings.Fields(words)[1])
}

// dueIn finds "by 3 March 2017" or "by the end of March 2017".
func dueIn(text string) string {
	if m := dueDay.FindStringSubmatch(text); m != nil {
		return parsed("2 January 2006", m[1]+" "+capital(strings.ToLower(m[2]))+" "+m[3], 0)
	}
	if m := dueMonth.FindStringSubmatch(text); m != nil {
		return parsed("January 2006", capital(strings.ToLower(m[1]))+" "+m[2], 1)
	}
	return ""
}

// parsed gives a day; with months, the last day before the month so many later.
func parsed(form, text string, months int) string {
	day, err := time.Parse(form, text)
	if err != nil {
		return ""
	}
	if months > 0 {
		day = day.AddDate(0, months, -1)
	}
	return day.Format(time.DateOnly)
}

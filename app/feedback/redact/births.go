package redact

import (
	"regexp"
	"strconv"
	"strings"
)

// date is a day in a text, with its year where it has one of four digits.
type date struct {
	start, end int
	year       int
	loose      bool // it is only a date where it is said to be one
}

const monthForm = `(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)`

var dateForm = regexp.MustCompile(`(?i)\b(?:the )?(?:` + strings.Join([]string{
	`\d{4}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{1,2}`,
	`\d{1,2}\s?[-/.\\–]\s?\d{1,2}\s?[-/.\\–]\s?(?:\d{4}|'?\d{2})`,
	`\d{1,2}\s?(?:st|nd|rd|th)?(?:\s+day)?(?:\s+of)?[\s\-./]*` + monthForm + `\b[.,]?(?:[\s\-./]*(?:\d{4}|'\d{2}|\d{2})\b)?`,
	monthForm + `\b\.?[\s-]*(?:the\s+)?\d{1,2}(?:st|nd|rd|th)?\b(?:,?\s*(?:\d{4}|'\d{2})\b)?`,
}, "|") + `)`)

// looseForm is how a date is written that could be anything else: only blanks or nothing between its parts, or no day.
var looseForm = regexp.MustCompile(`(?i)\b(?:\d{1,2} \d{1,2} (?:\d{4}|\d{2})|\d{8}|\d{6}|` + monthForm + `,? \d{4})\b`)

var yearForm = regexp.MustCompile(`(?:19|20)\d\d`)

func datesIn(text string) (dates []date) {
	for _, at := range dateForm.FindAllStringIndex(text, -1) {
		d := date{start: at[0], end: at[1]}
		if d.end < len(text) && digit(text[d.end]) {
			continue
		}
		d.year, _ = strconv.Atoi(yearForm.FindString(text[d.start:d.end]))
		dates = append(dates, d)
	}
	for _, at := range looseForm.FindAllStringIndex(text, -1) {
		if d := (date{at[0], at[1], 0, true}); bornBefore.MatchString(justBefore(text, d.start)) || bornAfter.MatchString(justAfter(text, d.end)) {
			dates = append(dates, d)
		}
	}
	return dates
}

// Words that make a date one of birth, before it and after it; and those that make an old date one of history.
var (
	bornBefore = regexp.MustCompile(`(?i)(?:\bd\.?\s?o\.?\s?b\b\.?|\bdates?[\s-]of[\s-]birth\b|\bbirth[\s-]?(?:date|day)\b|\bborn\b|\bb\.|\bb:)(?:[^.!?\n]|\.\S){0,40}$`)
	bornAfter  = regexp.MustCompile(`(?i)^[\s,(;:\-–]{0,3}(?:(?:is|was|being|as|for)\s+)?(?:(?:my|his|her|their|the)\s+)?(?:d\.?\s?o\.?\s?b\b|dates?[\s-]of[\s-]birth|birth[\s-]?(?:date|day))`)
	historical = regexp.MustCompile(`(?i)\b(?:since|opened|founded|built|closed|began|started|until|from|till|launched|dated|war)\b[^.!?\n]{0,15}$`)
)

// living is the year before which a whole date in figures is taken for one of birth: people tell of no other day so long ago.
const living = 1990

func births(text string, dates []date) (found []Finding) {
	for _, d := range dates {
		before, after := justBefore(text, d.start), justAfter(text, d.end)
		old := d.year > 1900 && d.year < living && !historical.MatchString(before) && strings.ContainsAny(text[d.start:d.end], "/.-")
		if d.loose || bornBefore.MatchString(before) || bornAfter.MatchString(after) || old {
			found = append(found, Finding{d.start, len(strings.TrimRight(text[:d.end], " .,")), BirthDate})
		}
	}
	return found
}

// near is how many bytes beside a thing may tell what it is.
const near = 80

func justBefore(text string, at int) string { return text[max(0, at-near):at] }

func justAfter(text string, at int) string { return text[at:min(len(text), at+near)] }

// Package redact finds what would tell who somebody is in what people said: NHS numbers, telephone numbers, addresses of
// e-mail and of homes, postcodes, dates of birth, and names after titles and salutations. It only points: a person confirms
// or puts back. It is pure: no file, no network, no clock, and the same text gives the same findings.
//
// It leans to finding too much, because what is struck out wrongly is put back with one key and what is missed is published.
// Of a place alone (a town, a road, the first half of a postcode) and of a date alone nobody is told, so they stay.
package redact

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Kind is what sort of personal data was found. Its value may be stored.
type Kind string

const (
	NHSNumber Kind = "nhs-number"
	Telephone Kind = "telephone"
	Email     Kind = "email"
	Postcode  Kind = "postcode"
	Address   Kind = "address"
	BirthDate Kind = "birth-date"
	Name      Kind = "name"
	Other     Kind = "other" // a person struck it out
)

// Words is the kind in plain English, without an article.
func (k Kind) Words() string {
	switch k {
	case NHSNumber:
		return "NHS number"
	case Telephone:
		return "telephone number"
	case Email:
		return "e-mail address"
	case BirthDate:
		return "date of birth"
	case Other:
		return "left out"
	}
	return string(k)
}

// Finding is a place in a text, in bytes: text[Start:End].
type Finding struct {
	Start, End int
	Kind       Kind
}

// Find gives the personal data in a text, in its order; no two findings share a byte. The title before a name is not part
// of the finding, so that what is left still says that it was a doctor.
func Find(text string) []Finding {
	var found findings
	digits := strings.ContainsAny(text, "0123456789")
	words := wordsIn(text)
	found.add(emails(text, words))
	if digits {
		dates := datesIn(text)
		found.add(numbers(text, dates))
		found.add(births(text, dates))
		found.add(postcodes(text))
	}
	found.add(addresses(text, words))
	found.add(names(words))
	slices.SortFunc(found, byStart)
	return found
}

// Struck gives the text with each finding replaced by what it was, in square brackets: "[name]". Findings may come in any
// order and share bytes; what lies outside the text is left out of account.
func Struck(text string, all []Finding) string {
	all = slices.Clone(all)
	slices.SortStableFunc(all, byStart)
	var struck strings.Builder
	at := 0
	for _, f := range all {
		start, end := max(f.Start, 0), min(f.End, len(text))
		for start > 0 && start < len(text) && !utf8.RuneStart(text[start]) {
			start--
		}
		for end > 0 && end < len(text) && !utf8.RuneStart(text[end]) {
			end++
		}
		if end <= at || end <= start {
			continue
		}
		if start >= at {
			struck.WriteString(text[at:start])
			struck.WriteString("[" + f.Kind.Words() + "]")
		}
		at = end
	}
	struck.WriteString(text[at:])
	return struck.String()
}

func byStart(a, b Finding) int { return cmp.Compare(a.Start, b.Start) }

// findings are in the order in which they were found: the surest sort first.
type findings []Finding

// add takes more in. What shares a byte with something that is there already only makes that longer.
func (all *findings) add(more []Finding) {
	for _, f := range more {
		if f.Start >= f.End {
			continue
		}
		at := slices.IndexFunc(*all, func(have Finding) bool { return f.Start < have.End && have.Start < f.End })
		if at < 0 {
			*all = append(*all, f)
			continue
		}
		joined := (*all)[at]
		*all = slices.Delete(*all, at, at+1)
		all.add([]Finding{{min(joined.Start, f.Start), max(joined.End, f.End), joined.Kind}})
	}
}

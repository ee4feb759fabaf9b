package redact

import (
	"regexp"
	"strings"
)

// group is a run of digits.
type group struct{ start, end int }

// separated is what may stand between two groups of one number.
var separated = regexp.MustCompile(`^[\s.,_:|\-–—‑/()]{1,3}$`)

// longestNumber is the most digits of one telephone number, with the codes before it.
const longestNumber = 16

// numbers finds NHS and telephone numbers. Numbers that are written in groups are taken together; dates are not numbers.
func numbers(text string, dates []date) (found []Finding) {
	groups := groupsIn(text, dates)
	for i := 0; i < len(groups); {
		f, used := numberAt(text, groups[i:])
		if used == 0 {
			i++
			continue
		}
		found = append(found, f)
		i += used
	}
	return found
}

func groupsIn(text string, dates []date) (groups []group) {
	for at := 0; at < len(text); at++ {
		if !digit(text[at]) {
			continue
		}
		g := group{at, at}
		for g.end < len(text) && digit(text[g.end]) {
			g.end++
		}
		at = g.end
		if !inDate(g, dates) {
			groups = append(groups, g)
		}
	}
	return groups
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

func inDate(g group, dates []date) bool {
	for _, d := range dates {
		if g.start >= d.start && g.end <= d.end {
			return true
		}
	}
	return false
}

// numberAt reads the longest number that begins with the first group, and says of how many groups it is.
func numberAt(text string, groups []group) (f Finding, used int) {
	start := groups[0].start
	if start > 0 && letter(text[start-1]) {
		return f, 0
	}
	var digits strings.Builder
	listed := false // with marks between that stand in lists: only the check digit tells then that it is one number
	for n, g := range groups {
		if n > 0 && !separated.MatchString(text[groups[n-1].end:g.start]) {
			break
		}
		if digits.Len()+g.end-g.start > longestNumber {
			break
		}
		digits.WriteString(text[g.start:g.end])
		if g.end < len(text) && letter(text[g.end]) && text[g.end] != 'x' && text[g.end] != 'e' {
			continue
		}
		listed = listed || n > 0 && strings.ContainsAny(text[groups[n-1].end:g.start], ",_:|")
		if kind, ok := numberKind(digits.String(), justBefore(text, start)); ok && (!listed || kind == NHSNumber) {
			f, used = Finding{start, g.end, kind}, n+1
		}
	}
	if used > 0 && f.Kind == Telephone {
		f = withExtension(text, f)
		for used < len(groups) && groups[used].start < f.End {
			used++
		}
	}
	return f, used
}

func letter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

var (
	nhsBefore   = regexp.MustCompile(`(?i)\bn\.?h\.?s\b[^.!?\n]{0,25}$`)
	phoneBefore = regexp.MustCompile(`(?i)\b(?:(?:tel|ph|mob)\.|(?:tel|tele|telephone|phone|ph|ring|rang|rung|call|called|calling|text|mobile|mob|fax|landline|whatsapp)\b)(?:[^.!?\n]|\.\S){0,22}$`)
)

// numberKind says what so many digits are, with what stands before them in view.
func numberKind(digits, before string) (Kind, bool) {
	plus := strings.HasSuffix(before, "+")
	switch {
	case len(digits) == 10 && !plus && digits[0] != '0' && checked(digits):
		return NHSNumber, true
	case len(digits) == 10 && nhsBefore.MatchString(before): // with a slip in it
		return NHSNumber, true
	case plus && len(digits) >= 9 && len(digits) <= 15 || british(digits):
		return Telephone, true
	case len(digits) >= 6 && len(digits) <= 12 && phoneBefore.MatchString(before): // within the town, or from abroad
		return Telephone, true
	}
	return "", false
}

// checked says whether the last of ten digits is the check digit of the others: modulus 11, as NHS numbers have it.
func checked(digits string) bool {
	sum := 0
	for i := range 9 {
		sum += int(digits[i]-'0') * (10 - i)
	}
	return (11-sum%11)%11 == int(digits[9]-'0')
}

// british says whether digits can be a telephone number of the United Kingdom, with or without its code. A library that
// knows every exchange would refuse numbers with a slip in them, and they tell who somebody is as well.
func british(digits string) bool {
	for _, code := range []string{"0044", "44"} {
		if rest, ok := strings.CutPrefix(digits, code); ok && len(rest) >= 9 {
			digits = "0" + strings.TrimPrefix(rest, "0")
			break
		}
	}
	if len(digits) < 10 || len(digits) > 11 || digits[0] != '0' {
		return false
	}
	return strings.ContainsRune("1235789", rune(digits[1]))
}

var (
	extension = regexp.MustCompile(`(?i)^(?:\s?/\s?|,?\s*(?:\(\s*)?(?:extension|extn|ext|x)\.?:?\s*(?:no\.?\s*)?)\d{1,5}\b\)?`)
	opening   = regexp.MustCompile(`\+?\(?\+?$`)
)

// withExtension takes in the plus or bracket before a telephone number and the extension after it.
func withExtension(text string, f Finding) Finding {
	if at := opening.FindString(justBefore(text, f.Start)); at != "" {
		if !strings.Contains(at, "(") || strings.Contains(text[f.Start:f.End], ")") {
			f.Start -= len(at)
		}
	}
	if at := extension.FindStringIndex(justAfter(text, f.End)); at != nil {
		f.End += at[1]
	}
	return f
}

package events

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"conversations/app/config"
)

// Found is what a town or a postcode led to.
type Found struct {
	Text       string            // as typed
	Localities []config.Locality // none: nothing fits; several: the postcode lies in each of them
	Guess      string            // the town that was taken to be meant, where it was spelt otherwise
	Postcode   bool              // a postcode was read
}

var (
	fullPostcode    = regexp.MustCompile(`^([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})$`)
	outwardPostcode = regexp.MustCompile(`^[A-Z]{1,2}[0-9][A-Z0-9]?$`)
)

// minPrefixLetters is how much of a town's name must be there before the rest is guessed.
const minPrefixLetters = 4

// FindLocality finds localities by a town or a postcode, whole or its first half, in whatever case and spacing and
// nearly whatever spelling people use; they do not know the names that the NHS gives to places.
func FindLocality(localities []config.Locality, text string) Found {
	found := Found{Text: strings.TrimSpace(text)}
	words := plain(text)
	if words == "" {
		return found
	}
	if outward, ok := outwardOf(text); ok {
		found.Postcode = true
		found.Localities = byPostcode(localities, outward)
		return found
	}
	found.Localities = byName(localities, func(name string) bool { return name == words })
	if len(found.Localities) == 0 {
		found.Localities = byName(localities, func(name string) bool { return within(words, name) })
	}
	if len(found.Localities) == 0 && len(words) >= minPrefixLetters {
		found.Localities = byName(localities, func(name string) bool { return strings.HasPrefix(name, words) })
	}
	if len(found.Localities) == 0 {
		found.Localities = postcodeAmong(localities, text)
	}
	if len(found.Localities) == 0 {
		found.Localities, found.Guess = bySpelling(localities, words)
	}
	return found
}

// plain leaves small letters, digits and single spaces; "Saint" and "St." are one.
func plain(text string) string {
	text = strings.ToLower(strings.NewReplacer("'", "", "’", "").Replace(text))
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, w := range words {
		if w == "saint" {
			words[i] = "st"
		}
	}
	return strings.Join(words, " ")
}

// outwardOf reads the first half of a postcode; "HP23" without a second half is itself one, never HP2 and 3.
func outwardOf(text string) (string, bool) {
	joined := strings.ToUpper(strings.Join(strings.Fields(text), ""))
	if m := fullPostcode.FindStringSubmatch(joined); m != nil {
		return m[1], true
	}
	if outwardPostcode.MatchString(joined) {
		return joined, true
	}
	half, _, cut := strings.Cut(strings.TrimSpace(strings.ToUpper(text)), " ")
	if cut && len(joined) <= len("HP231AB") && outwardPostcode.MatchString(half) {
		return half, true
	}
	return "", false
}

func byPostcode(localities []config.Locality, outward string) (out []config.Locality) {
	for _, l := range localities {
		if slices.Contains(l.Postcodes, outward) {
			out = append(out, l)
		}
	}
	return out
}

// postcodeAmong finds a postcode among other words: "Tring HP23".
func postcodeAmong(localities []config.Locality, text string) (out []config.Locality) {
	for word := range strings.FieldsSeq(text) {
		if outward, ok := outwardOf(strings.Trim(word, ".,")); ok {
			out = append(out, byPostcode(localities, outward)...)
		}
	}
	return out
}

func byName(localities []config.Locality, fits func(string) bool) (out []config.Locality) {
	for _, l := range localities {
		if slices.ContainsFunc(namesOf(l), fits) {
			out = append(out, l)
		}
	}
	return out
}

func namesOf(l config.Locality) (names []string) {
	for _, name := range append([]string{l.Name, l.Slug}, l.Towns...) {
		names = append(names, plain(name))
	}
	return names
}

// within says whether the words hold the name as whole words: "near Tring, Herts".
func within(words, name string) bool { return strings.Contains(" "+words+" ", " "+name+" ") }

// bySpelling takes the towns that are the fewest slips of the keyboard away, if those are few.
func bySpelling(localities []config.Locality, words string) (out []config.Locality, guess string) {
	best := slipsAllowed(words) + 1
	for _, l := range localities {
		for _, town := range append([]string{l.Name}, l.Towns...) {
			slips := distance(words, plain(town))
			if slips < best {
				best, out, guess = slips, nil, town
			}
			if slips == best && slips <= slipsAllowed(words) && !slices.ContainsFunc(out, func(o config.Locality) bool { return o.Slug == l.Slug }) {
				out = append(out, l)
			}
		}
	}
	return out, guess
}

func slipsAllowed(words string) int {
	switch {
	case len(words) < 4:
		return 0
	case len(words) < 8:
		return 1
	default:
		return 2
	}
}

// distance counts the letters to add, drop, change, or swap with a neighbour, that make a into b.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			change := 1
			if x[i-1] == y[j-1] {
				change = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}

package newsletters

import (
	"math"
	"regexp"
	"strings"
	"unicode"
)

// Reading is how hard a text is to read, by the formula of Flesch and Kincaid (J. P. Kincaid and others, "Derivation of
// new readability formulas", Naval Technical Training Command Research Branch Report 8-75, 1975):
//
//	grade = 0.39 words/sentences + 11.8 syllables/words - 15.59
//
// A grade of American schools and five years more is the age at which most children read such a text.
type Reading struct {
	Words     int
	Sentences int
	Syllables int
	Longest   string // sentence
}

const (
	ageOfFirstGrade = 5
	easyAge         = 11 // what the NHS asks of its pages: 9 to 11
	hardAge         = 14 // from there a letter loses many of its readers
	fewestWords     = 40 // of fewer words the formula says nothing
	longSentence    = 35 // words
)

// Age is the reading age in years; 0 where there are too few words to say.
func (r Reading) Age() int {
	if r.Words < fewestWords || r.Sentences == 0 {
		return 0
	}
	grade := 0.39*float64(r.Words)/float64(r.Sentences) + 11.8*float64(r.Syllables)/float64(r.Words) - 15.59
	return max(ageOfFirstGrade, int(math.Round(grade))+ageOfFirstGrade)
}

func (l *look) reading(c Content) {
	var hard []string
	field, longest, longestIn := "", 0, ""
	for i, s := range c.Sections {
		r := read(plainText(s.Body))
		if r.Words == 0 {
			continue
		}
		l.readings = append(l.readings, PartReading{Field: SectionField("body", i), Label: s.title(), Reading: r})
		if r.Age() > hardAge {
			hard = append(hard, "\""+s.title()+"\"")
			if field == "" {
				field = SectionField("body", i)
			}
		}
		if n := len(strings.Fields(r.Longest)); n > longest {
			longest, longestIn = n, SectionField("body", i)
		}
	}
	if len(hard) > 0 {
		l.warn(field, "These sections are hard to read for many people: %s. Use shorter sentences and everyday words.", strings.Join(hard, ", "))
	}
	if longest > longSentence {
		for _, r := range l.readings {
			if r.Field == longestIn {
				l.warn(longestIn, "The longest sentence has %d words: \"%s\" Split it.", longest, shortened(r.Reading.Longest))
			}
		}
	}
}

const shownOfSentence = 90 // characters

func shortened(sentence string) string {
	letters := []rune(sentence)
	if len(letters) <= shownOfSentence {
		return sentence
	}
	return string(letters[:shownOfSentence]) + " …"
}

var sentenceEnd = regexp.MustCompile(`[.!?;:]["'”’)]*\s+|\n+`)

// abbreviation is a full stop that ends no sentence.
var abbreviation = regexp.MustCompile(`\b(Dr|Mr|Mrs|Ms|St|Prof|No|e\.g|i\.e|etc|approx|vs|a\.m|p\.m)\.`)

// read counts. A point of a list and a line of its own count as sentences.
func read(text string) (r Reading) {
	text = abbreviation.ReplaceAllString(text, "$1")
	for _, sentence := range sentenceEnd.Split(text, -1) {
		words := 0
		for word := range strings.FieldsSeq(sentence) {
			if letters := strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }); letters != "" && !strings.ContainsAny(letters, "@/") {
				words++
				r.Syllables += syllables(letters)
			}
		}
		if words == 0 {
			continue
		}
		r.Words += words
		r.Sentences++
		if words > len(strings.Fields(r.Longest)) {
			r.Longest = strings.TrimSpace(sentence)
		}
	}
	return r
}

var vowels = regexp.MustCompile(`[aeiouy]+`)

// syllables counts groups of vowels, less those at the end that are not spoken. Figures and letters that are spelt out
// count one for each, four at the most.
func syllables(word string) int {
	if strings.ToUpper(word) == word {
		return min(4, len([]rune(word)))
	}
	word = strings.ToLower(word)
	n := len(vowels.FindAllString(word, -1))
	for _, silent := range []string{"e", "es", "ed"} {
		stem, cut := strings.CutSuffix(word, silent)
		if cut && len(stem) > 2 && !strings.HasSuffix(stem, "l") && !spokenBefore(stem, silent) {
			n--
			break
		}
	}
	return max(1, n)
}

// spokenBefore says whether the ending is spoken after this stem: wanted, places, being.
func spokenBefore(stem, ending string) bool {
	last := stem[len(stem)-1]
	switch ending {
	case "ed":
		return last == 't' || last == 'd' || strings.ContainsRune("aeiouy", rune(last))
	case "es":
		return strings.ContainsRune("scxzgiouae", rune(last)) || strings.HasSuffix(stem, "sh") || strings.HasSuffix(stem, "ch")
	}
	return strings.ContainsRune("aeiouy", rune(last))
}

// plainText is markdown as it reads, a line for each paragraph and point.
func plainText(markdown string) string {
	var lines []string
	for _, b := range words("", markdown) {
		lines = append(lines, b.Text, plain(b.Spans))
		for _, item := range b.ItemSpans {
			lines = append(lines, plain(item))
		}
	}
	return strings.Join(lines, "\n")
}

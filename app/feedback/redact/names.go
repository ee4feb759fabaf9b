package redact

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed common.txt
var commonText string

// commonWords are everyday words: one of them after a title is no name, even with a capital letter.
var commonWords = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	for line := range strings.Lines(commonText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for w := range strings.FieldsSeq(line) {
			words[w] = true
		}
	}
	return words
})

func common(word string) bool {
	word = strings.ReplaceAll(strings.ToLower(word), "’", "'")
	return commonWords()[word] || commonWords()[strings.TrimSuffix(word, "'s")]
}

// standing is how much a title needs to be followed by a name.
type standing int

const (
	noTitle standing = iota
	weak             // a word of its own: a nurse, a sister, to miss. The name has a capital letter.
	strong           // only ever before a name. The name may be in small letters.
)

func titleOf(word string) standing {
	switch word {
	case "dr", "drs", "mr", "mrs", "ms", "mx", "messrs", "prof", "revd", "cllr", "hon", "professor", "councillor", "sr":
		return strong
	case "doctor", "miss", "sister", "nurse", "matron", "rev", "reverend", "father", "fr", "sir", "lady", "lord", "dame", "midwife", "consultant", "surgeon", "rabbi", "imam",
		"canon", "master", "brother", "capt", "captain", "major", "col", "colonel", "sgt", "pc", "paramedic", "carer", "receptionist", "physio", "pharmacist", "uncle", "aunt", "auntie", "madam",
		"hca", "gp", "psychologist", "counsellor", "therapist", "dietitian", "porter", "warden", "vicar", "chaplain", "physiotherapist", "optician", "dentist", "volunteer":
		return weak
	}
	return noTitle
}

// abbreviated gives the mark that may follow a title: after a word that is not shortened a full stop ends a sentence.
func abbreviated(title string) string {
	switch title {
	case "dr", "drs", "mr", "mrs", "ms", "mx", "prof", "rev", "revd", "fr", "sr", "cllr", "hon", "capt", "col", "sgt":
		return "."
	}
	return ""
}

// names finds people by what stands before their names: titles, salutations, "my name is", and the ends of letters.
func names(words words) (found []Finding) {
	for i := 0; i < len(words); i++ {
		first, small := i+1, false
		switch {
		case titleOf(words[i].lower) != noTitle:
			small = titleOf(words[i].lower) == strong && !words.determined(i) && !shouted(words[i].text) || i > 0 && words[i-1].lower == "dear"
			if mark := abbreviated(words[i].lower); !words.joined(i, mark) {
				continue
			}
		case words[i].lower == "dear" && words.joined(i, ""):
		case words.introduces(i):
			first, small = i+words.introduction(i), words[i].lower == "my"
		case words.endsLetter(i):
			first = i + words.ending(i)
			small = first+2 >= len(words)
		default:
			continue
		}
		if n := words.nameFrom(first, small); n > 0 {
			found = append(found, Finding{words[first].start, words[first+n-1].end, Name})
			i = first + n - 1
			if second := words.nameFrom(first+n+1, false); second > 0 && (words[first-1].lower == "drs" || words[first-1].lower == "messrs") && words[first+n].lower == "and" {
				i += 1 + second
				found = append(found, Finding{words[first+n+1].start, words[i].end, Name})
			}
		}
	}
	return found
}

// word is a run of letters, with what joins them in names.
type word struct {
	start, end int
	text       string
	lower      string
	after      string // up to the next word
}

type words []word

func wordsIn(text string) (all words) {
	start := -1
	end := func(at int) {
		for at > start && strings.ContainsRune("'’-", lastRune(text[start:at])) {
			_, size := utf8.DecodeLastRuneInString(text[start:at])
			at -= size
		}
		if at > start {
			all = append(all, word{start: start, end: at, text: text[start:at], lower: strings.ToLower(text[start:at])})
		}
		start = -1
	}
	for at, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.Is(unicode.Mn, r) || unicode.IsDigit(r):
			if start < 0 {
				start = at
			}
		case start >= 0 && strings.ContainsRune("'’-", r):
		case start >= 0:
			end(at)
		}
	}
	if start >= 0 {
		end(len(text))
	}
	for i := range all {
		until := len(text)
		if i+1 < len(all) {
			until = all[i+1].start
		}
		all[i].after = text[all[i].end:until]
	}
	return all
}

func lastRune(text string) rune {
	r, _ := utf8.DecodeLastRuneInString(text)
	return r
}

// joined says whether nothing but blanks, and perhaps one of the marks, stands between a word and the next.
func (w words) joined(i int, marks string) bool {
	return i+1 < len(w) && w[i].after != "" && strings.Trim(strings.TrimLeft(w[i].after, marks), " \t\n") == ""
}

// determined says that a title is a word of its own: "the dr", "my dr".
func (w words) determined(i int) bool {
	if i == 0 {
		return false
	}
	switch w[i-1].lower {
	case "the", "my", "a", "an", "our", "your", "his", "her", "their", "this", "that", "another", "any", "no", "each", "every", "gp", "what", "which", "one":
		return true
	}
	return false
}

// introduces says whether "my name is" begins here.
func (w words) introduces(i int) bool { return w.introduction(i) > 0 }

// introduction gives of how many words "my name is" is.
func (w words) introduction(i int) int {
	switch w[i].lower {
	case "my", "name", "i", "i'm", "i’m", "called", "known":
	default:
		return 0
	}
	for _, phrase := range []string{"my name is", "my names", "my name's", "my full name is", "my name", "name is", "name", "i am called", "i'm called", "called myself", "known as"} {
		n := w.phrase(i, phrase)
		if n == 0 || i+n >= len(w) {
			continue
		}
		after := strings.TrimSpace(w[i+n-1].after)
		if last := w[i+n-1].lower; last == "name" && after != ":" && after != "-" {
			continue
		}
		if after == "" || after == ":" || after == "-" {
			return n
		}
	}
	return 0
}

// phrase gives of how many words a phrase is, where it stands here; else 0.
func (w words) phrase(i int, phrase string) int {
	n := 0
	for p := range strings.FieldsSeq(phrase) {
		if i+n >= len(w) || strings.ReplaceAll(w[i+n].lower, "’", "'") != p {
			return 0
		}
		n++
	}
	return n
}

func (w words) endsLetter(i int) bool { return w.ending(i) > 0 }

// ending gives of how many words the end of a letter is: "Kind regards," and a name to come. Words that are used otherwise
// too need a comma, a dash or a new line after them.
func (w words) ending(i int) int {
	if !strings.ContainsAny(w[i].lower[:1], "yrsfbkmtcla") {
		return 0
	}
	for _, phrase := range []string{"yours sincerely", "yours faithfully", "yours truly", "regards", "sincerely", "faithfully", "best wishes", "kindest", "signed", "signed by",
		"many thanks", "thanks", "thank you", "cheers", "love", "yours", "all the best", "respectfully"} {
		n := w.phrase(i, phrase)
		if n == 0 || i+n >= len(w) {
			continue
		}
		after := w[i+n-1].after
		if strings.ContainsAny(after, ",-–—\n:") && strings.Trim(after, " ,-–—\n\r:.") == "" || bare(phrase) && strings.TrimSpace(after) == "" {
			return n
		}
	}
	return 0
}

// bare says which ends of letters need no mark after them.
func bare(phrase string) bool {
	switch phrase {
	case "signed", "signed by", "regards", "best wishes", "sincerely", "faithfully", "yours sincerely", "yours faithfully":
		return true
	}
	return false
}

// longestName is the most words of one name.
const longestName = 4

// nameFrom gives of how many words the name is that begins here; 0 where there is none.
func (w words) nameFrom(first int, small bool) (n int) {
	last := 0
	for first+n < len(w) && n < longestName {
		this := w[first+n]
		if n > 0 && !w.joined(first+n-1, ".") {
			break
		}
		if n > 0 && strings.HasPrefix(w[first+n-1].after, ".") && len(w[first+n-1].text) > 1 {
			break // a sentence ends here
		}
		switch {
		case titleOf(this.lower) != noTitle && n == 0 && first > 0 && w[first-1].lower != "dear":
			return 0
		case titleOf(this.lower) != noTitle, unicode.IsDigit(rune(this.text[0])):
			return last
		case particle(this.lower) && w.capitalFollows(first+n+1):
			n++
			continue
		case capitalised(this.text) && (!common(this.text) || w.initial(first+n)):
		case small && n < 2 && !capitalised(this.text) && !common(this.text) && (n == 0 || !capitalised(w[first].text)):
		default:
			return last
		}
		n++
		last = n
	}
	return last
}

// capitalFollows says whether a word with a capital letter comes after the particles from here on.
func (w words) capitalFollows(i int) bool {
	for i < len(w) && particle(w[i].lower) {
		i++
	}
	return i < len(w) && capitalised(w[i].text)
}

// initial says whether a word is one letter that stands for a name. "I" and "A" are words as well, but not before a stop or
// a word that can be a name.
func (w words) initial(i int) bool {
	switch {
	case len(w[i].text) > 1:
		return false
	case w[i].lower != "i" && w[i].lower != "a" || strings.HasPrefix(w[i].after, "."):
		return true
	}
	return i+1 < len(w) && w.joined(i, "") && capitalised(w[i+1].text) && !common(w[i+1].text)
}

// shouted says whether a word is in capital letters alone: "MS" before a small letter is no title.
func shouted(text string) bool { return text == strings.ToUpper(text) }

func capitalised(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsUpper(r)
}

func particle(word string) bool {
	switch word {
	case "van", "der", "den", "de", "la", "le", "von", "al", "el", "bin", "ibn", "da", "di", "du", "ap", "st", "ter", "ten", "dos":
		return true
	}
	return false
}

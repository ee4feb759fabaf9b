package classify

import (
	"strings"
	"unicode"

	"github.com/kljensen/snowball/english"
)

// word is what is known of one word. Words of the vocabulary are made once.
type word struct {
	text     string
	stem     string
	key      uint64 // of the stem
	concepts []uint8
	empty    bool    // it speaks of nothing by itself: "the", "was"
	turns    bool    // it turns what follows: "not", "more"
	features []int32 // that it has by itself, where the vocabulary knows them
}

// token is a word at its place in a comment.
type token struct {
	*word
	opens bool // a clause begins here
}

// spell cuts a text into words, in small letters, and says of each whether a clause begins with it.
func spell(text string, each func(word string, opens bool)) {
	text = strings.ReplaceAll(strings.ToLower(text), "’", "'")
	start, opens := -1, true
	end := func(at int) {
		if start < 0 {
			return
		}
		word := strings.Trim(text[start:at], "'")
		start = -1
		if word == "" {
			return
		}
		each(word, opens || word == "and" || word == "but")
		opens = false
	}
	for at, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\'' {
			if start < 0 {
				start = at
			}
			continue
		}
		end(at)
		opens = opens || strings.ContainsRune(".,:;!?()–\n", r)
	}
	end(len(text))
}

// clauses cuts tokens where clauses begin: people often say one thing in each.
func clauses(tokens []token) (parts [][]token) {
	start := 0
	for i := range tokens {
		if tokens[i].opens && i > start {
			parts, start = append(parts, tokens[start:i]), i
		}
	}
	return append(parts, tokens[start:])
}

// newWord looks a word up in the lexicon.
func (l *lexicon) newWord(text string) *word {
	stem := english.Stem(text, false)
	return &word{text: text, stem: stem, key: keyOf(wording, stem), concepts: l.concepts[stem], turns: l.turns[text], empty: l.empty[text]}
}

const (
	shortestGram = 3
	longestGram  = 5
)

// grams are the runs of letters in a word with its ends marked: they know a word by its parts, and misspelt.
func grams(text string, each func(gram string)) {
	letters := " " + text + " "
	var starts []int
	for at := range letters {
		starts = append(starts, at)
	}
	starts = append(starts, len(letters))
	for n := shortestGram; n <= longestGram; n++ {
		for i := 0; i+n < len(starts); i++ {
			each(letters[starts[i]:starts[i+n]])
		}
	}
}

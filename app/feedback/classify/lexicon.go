package classify

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/kljensen/snowball/english"
)

//go:embed lexicon.txt
var lexiconText string

// lexicon says which words speak of the same thing, so that what is learnt of "kind" holds for "courteous" at once. With
// few codings most of what the suggestions know comes from here.
type lexicon struct {
	concepts map[string][]uint8 // by stem
	phrases  map[string][]uint8 // by two or three stems with blanks between
	turns    map[string]bool
	empty    map[string]bool
}

// The names of the lines with the words that turn what follows them, and of those that speak of nothing by themselves.
const (
	turning = "TURN"
	empty   = "EMPTY"
)

// readLexicon reads it once: nothing changes it after that.
var readLexicon = sync.OnceValue(func() *lexicon {
	l := &lexicon{concepts: map[string][]uint8{}, phrases: map[string][]uint8{}, turns: map[string]bool{}, empty: map[string]bool{}}
	concept := uint8(0)
	for line := range strings.Lines(lexiconText) {
		name, words, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		if name == turning {
			for w := range strings.FieldsSeq(words) {
				l.turns[w] = true
			}
			continue
		}
		if name == empty {
			for w := range strings.FieldsSeq(words) {
				l.empty[w] = true
			}
			continue
		}
		for w := range strings.FieldsSeq(words) {
			l.add(w, concept)
		}
		concept++
	}
	return l
})

// add notes that a word, or several with _ between, belong to a concept.
func (l *lexicon) add(entry string, concept uint8) {
	words := strings.Split(entry, "_")
	for i := range words {
		words[i] = english.Stem(words[i], false)
	}
	into := l.concepts
	if len(words) > 1 {
		into = l.phrases
	}
	key := strings.Join(words, " ")
	if have := into[key]; len(have) == 0 || have[len(have)-1] != concept {
		into[key] = append(have, concept)
	}
}

// Package classify suggests themes for what people said. It learns from the comments that people have coded, on the
// machine it runs on, from those codings, the codebook and a lexicon of words that speak of the same thing. It is pure:
// no file, no network, no clock, and the same input gives the same output.
//
// In the order of the work:
//
//	words.go       a comment becomes words, in clauses
//	lexicon.go     words that speak of the same thing are one concept
//	features.go    what is counted in a comment, and what it weighs
//	linear.go      a linear machine per theme, trained on the codings and on the codebook's own words
//	heldout.go     what machines say of comments that they have not seen
//	confidence.go  from that to probabilities, and from which on a theme is offered
//	suggest.go     the suggestions for one comment, and the words that spoke for them
//	meter.go       how often the first suggestion is right, and what more codings would bring
//	candidates.go  comments to which nothing fits, and what they share
package classify

import (
	"context"
	"errors"
	"strings"
)

// Example is a comment that people have coded. No themes means that it was looked at and none fits.
type Example struct {
	ID     string
	Text   string
	Themes []string // by code
}

// Theme is an entry of the codebook.
type Theme struct {
	Code       string
	Name       string
	Definition string
	Examples   []string
}

// Options are what training may be given besides.
type Options struct {
	Unlabelled []string // comments that nobody has coded yet: they tell which words are common
}

// ErrNoThemes is that there is neither a codebook nor a coded comment, so that there is nothing to suggest.
var ErrNoThemes = errors.New("there are no themes to suggest")

// Model suggests themes. It does not change after training, and many may ask it at once.
type Model struct {
	themes     []string
	codings    []int // of each theme
	vocabulary *vocabulary
	machine    *machine
	confidence *confidence
}

// Themes gives the codes that the model can suggest: the codebook's in its order, then those found only in codings.
func (m *Model) Themes() []string { return m.themes }

// Train learns from codings and the codebook; either may be empty. A theme that is in a coding and not in the codebook
// is known by its code alone. It fails with ErrNoThemes, or when ctx ends.
func Train(ctx context.Context, examples []Example, codebook []Theme, options Options) (*Model, error) {
	m := &Model{}
	book := m.gather(examples, codebook)
	if len(m.themes) == 0 {
		return nil, ErrNoThemes
	}
	lessons := m.read(examples, book, options.Unlabelled)
	trainer := newTrainer(lessons, len(m.vocabulary.rarity), len(m.themes))
	if err := trainer.learn(ctx); err != nil {
		return nil, err
	}
	m.machine = trainer.machine
	said, err := trainer.heldOut(ctx)
	if err != nil {
		return nil, err
	}
	m.confidence = learnConfidence(said, m.codings)
	return m, nil
}

// gather lists the themes and gives what the codebook says of each.
func (m *Model) gather(examples []Example, codebook []Theme) (book []Theme) {
	known := map[string]int{}
	add := func(t Theme) {
		if _, ok := known[t.Code]; !ok {
			known[t.Code] = len(m.themes)
			m.themes, m.codings, book = append(m.themes, t.Code), append(m.codings, 0), append(book, t)
		}
	}
	for _, t := range codebook {
		add(t)
	}
	for _, e := range examples {
		for _, code := range e.Themes {
			add(Theme{Code: code, Name: code})
			m.codings[known[code]]++
		}
	}
	return book
}

// read makes the vocabulary, and lessons of the comments and of the codebook.
func (m *Model) read(examples []Example, book []Theme, unlabelled []string) []lesson {
	place := map[string]int{}
	for i, code := range m.themes {
		place[code] = i
	}
	texts := make([]string, 0, len(examples)+len(book))
	for _, e := range examples {
		texts = append(texts, e.Text)
	}
	for _, t := range book {
		texts = append(texts, t.words())
	}
	var comments []comment
	m.vocabulary, comments = learnVocabulary(texts, len(examples), unlabelled)
	lessons := make([]lesson, len(texts))
	for i, c := range comments {
		lessons[i] = lesson{comment: c, held: i < len(examples), truth: make([]truth, len(m.themes))}
		for l := range m.themes {
			lessons[i].truth[l] = no
		}
		if i < len(examples) {
			for _, code := range examples[i].Themes {
				lessons[i].truth[place[code]] = yes
			}
			continue
		}
		lessons[i].truth[i-len(examples)] = yes
	}
	return lessons
}

// words are all that the codebook says of a theme.
func (t Theme) words() string {
	return strings.Join(append([]string{t.Name, t.Definition}, t.Examples...), ". ")
}

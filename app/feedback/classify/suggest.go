package classify

import (
	"cmp"
	"slices"
)

// Suggestion is a theme that may fit a comment.
type Suggestion struct {
	Theme      string   // its code
	Confidence float64  // how probable it is that people would give it, 0 to 1
	Applies    bool     // sure enough to be offered before the others; never that it is coded without a person
	Words      []string // that spoke for it most, at most three, in small letters, in their order; for the first five suggestions
}

const (
	explained = 5
	fewWords  = 3
)

// With few codings, empty words such as "the" and "was" can seem to tell themes apart by chance: unfounded is the most confidence
// in a theme for which nothing else spoke.
const (
	unfounded  = 0.25
	fewCodings = 30 // of the theme
)

// Suggest gives every theme, the best first.
func (m *Model) Suggest(text string) []Suggestion {
	tokens := m.vocabulary.tokens(text)
	c := m.vocabulary.comment(tokens)
	ranking, chances := m.confidence.judge(m.machine.say(c))
	parts, all := m.parts(tokens, c.whole), make([]Suggestion, len(ranking))
	for rank, l := range ranking {
		all[rank] = Suggestion{Theme: m.themes[l], Confidence: chances[l], Applies: m.confidence.offers(l, chances[l])}
		if rank >= explained {
			continue
		}
		if all[rank].Words = m.words(tokens, parts, l); len(all[rank].Words) == 0 && m.codings[l] < fewCodings {
			all[rank].Confidence, all[rank].Applies = min(chances[l], unfounded), false
		}
	}
	slices.SortStableFunc(all, func(a, b Suggestion) int { return cmp.Compare(b.Confidence, a.Confidence) })
	return all
}

func (c *confidence) offers(theme int, chance float64) bool {
	return c.offered[theme] && chance >= c.threshold
}

// part is a feature in a comment and the words that it stands for: one, or the last of several and the one before it.
type part struct {
	feature int32
	weight  float32 // in the comment, shared between its words
	word    int
	before  int
}

// parts takes a comment apart.
func (m *Model) parts(tokens []token, x vector) (all []part) {
	add := func(n int32, word, before int) {
		if at, found := slices.BinarySearch(x.features, n); found {
			all = append(all, part{n, x.weights[at] / 2, word, before})
		}
	}
	for i, t := range tokens {
		for _, n := range t.features {
			add(n, i, i)
		}
		m.vocabulary.lexicon.joined(tokens, i, func(_ kind, key uint64) {
			if n, ok := m.vocabulary.numbers[key]; ok {
				add(n, i, i-1)
			}
		})
	}
	return all
}

// words gives those that speak for a theme most and are not empty, in the order in which they stand.
func (m *Model) words(tokens []token, parts []part, theme int) (words []string) {
	speaks := make([]float32, len(tokens))
	for _, p := range parts {
		says := p.weight * m.machine.weights[int(p.feature)*m.machine.themes+theme]
		speaks[p.word] += says
		speaks[p.before] += says
	}
	most := make([]int, 0, len(tokens))
	for i := range tokens {
		if speaks[i] > 0 && !tokens[i].empty {
			most = append(most, i)
		}
	}
	slices.SortStableFunc(most, func(a, b int) int { return cmp.Compare(speaks[b], speaks[a]) })
	most = most[:min(fewWords, len(most))]
	slices.Sort(most)
	for _, i := range most {
		if !slices.Contains(words, tokens[i].text) {
			words = append(words, tokens[i].text)
		}
	}
	return words
}

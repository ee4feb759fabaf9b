package classify

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Candidate is what may be a theme that the codebook does not have: comments to which nothing fits, and what they share.
type Candidate struct {
	Phrases  []string // at most five, the most telling first, as people wrote them
	Comments []int    // places in the texts that were given, those with most of the phrases first
}

const (
	mostCandidates = 8
	fewestTogether = 4   // comments, to be a candidate
	fits           = 0.5 // chance by its words alone from which on a theme fits well enough
	mostPhrases    = 5
	telling        = 15.0 // log-likelihood ratio from which on a phrase is commoner among what fits nothing than by chance, among thousands of phrases
	friendly       = 6.0  // the same for phrases that go with another, and for words that nobody has coded yet
	oftener        = 2.0  // times as common among what fits nothing
)

// Candidates groups the comments to which no theme of the model fits by phrases that are common among them and not elsewhere
// (Dunning: Accurate Methods for the Statistics of Surprise and Coincidence, 1993). The most telling group comes first; a comment
// is in one group at most. The same texts give the same groups.
func (m *Model) Candidates(texts []string) (all []Candidate) {
	s := m.search(texts)
	for len(all) < mostCandidates {
		seed, ok := s.best()
		if !ok {
			break
		}
		if c := s.gather(seed); len(c.Comments) >= fewestTogether {
			all = append(all, c)
		}
		s.spent[seed] = true
	}
	return all
}

// search is what is known while groups are sought.
type search struct {
	known   *vocabulary
	phrases map[string]*phrase
	names   []string // of phrases, in order
	unfit   []bool
	taken   []bool
	spent   map[string]bool
	fit     int // comments that fit
	left    int // comments that do not, and are in no group
}

// phrase is one stem, or two that stand together.
type phrase struct {
	unfit, fit []int          // comments
	spellings  map[string]int // as people wrote it
}

func (m *Model) search(texts []string) *search {
	s := &search{m.vocabulary, map[string]*phrase{}, nil, make([]bool, len(texts)), make([]bool, len(texts)), map[string]bool{}, 0, 0}
	for i, text := range texts {
		tokens := m.vocabulary.tokens(text)
		// Not the confidence: that knows that nearly every comment has a theme, and so gives the best of bad ones a chance.
		words := m.confidence.weigh(m.machine.say(m.vocabulary.comment(tokens)))
		if s.unfit[i] = slices.Max(words) < fits; s.unfit[i] {
			s.left++
		} else {
			s.fit++
		}
		s.read(i, tokens)
	}
	for name := range s.phrases {
		s.names = append(s.names, name)
	}
	slices.Sort(s.names)
	return s
}

func (s *search) read(comment int, tokens []token) {
	add := func(name, spelling string) {
		p := s.phrases[name]
		if p == nil {
			p = &phrase{spellings: map[string]int{}}
			s.phrases[name] = p
		}
		into := &p.fit
		if s.unfit[comment] {
			into = &p.unfit
		}
		if n := len(*into); n == 0 || (*into)[n-1] != comment {
			*into = append(*into, comment)
			p.spellings[spelling]++
		}
	}
	for i, t := range tokens {
		if t.empty || t.turns || len([]rune(t.text)) < 3 {
			continue
		}
		add(t.stem, t.text)
		if i > 0 && !t.opens && !tokens[i-1].empty && !tokens[i-1].turns {
			add(tokens[i-1].stem+" "+t.stem, tokens[i-1].text+" "+t.text)
		}
	}
}

// open counts the comments of a phrase that are in no group yet.
func (s *search) open(comments []int) (n int) {
	for _, i := range comments {
		if !s.taken[i] {
			n++
		}
	}
	return n
}

// best gives the phrase that tells most.
func (s *search) best() (name string, ok bool) {
	most := 0.0
	for _, n := range s.names {
		if s.spent[n] {
			continue
		}
		p := s.phrases[n]
		with := s.open(p.unfit)
		if with < fewestTogether {
			continue
		}
		if surprise := s.surprise(with, len(p.fit)); surprise > most && surprise > s.needs(n) {
			name, most, ok = n, surprise, true
		}
	}
	return name, ok
}

// needs is how surprising a phrase must be: less where the codings do not know the word.
func (s *search) needs(name string) float64 {
	for stem := range strings.FieldsSeq(name) {
		if _, coded := s.known.numbers[keyOf(wording, stem)]; !coded {
			return friendly
		}
	}
	return telling
}

// surprise is the log-likelihood ratio of a phrase that so many of the open comments have, and so many of those that fit.
func (s *search) surprise(open, fit int) float64 {
	a, b := float64(open), float64(fit)
	c, d := float64(s.left), float64(s.fit)
	if a*(d+1) < oftener*(b+1)*c {
		return 0
	}
	return surprise(a, b, c, d)
}

func surprise(a, b, c, d float64) float64 {
	term := func(seen, expected float64) float64 {
		if seen == 0 {
			return 0
		}
		return seen * math.Log(seen/expected)
	}
	share := (a + b) / (c + d)
	return 2 * (term(a, c*share) + term(b, d*share))
}

// gather takes the comments that have a phrase, or two others that go with it. Of a word that nobody has coded yet they are
// all taken, those too to which something else fits.
func (s *search) gather(seed string) Candidate {
	has := s.phrases[seed].unfit
	if s.needs(seed) == friendly {
		has = slices.Concat(has, s.phrases[seed].fit)
	}
	with := map[int]bool{}
	for _, i := range has {
		if !s.taken[i] {
			with[i] = true
		}
	}
	friends := s.friends(seed, with)
	points := map[int]int{}
	for i := range with {
		points[i]++
	}
	for _, name := range friends {
		for _, i := range slices.Concat(s.phrases[name].unfit, s.phrases[name].fit) {
			if !s.taken[i] && (s.unfit[i] || with[i]) {
				points[i]++
			}
		}
	}
	var c Candidate
	for i, n := range points {
		if with[i] || n > 1 {
			c.Comments = append(c.Comments, i)
		}
	}
	if len(c.Comments) < fewestTogether {
		return c
	}
	slices.SortFunc(c.Comments, func(a, b int) int { return cmp.Or(cmp.Compare(points[b], points[a]), cmp.Compare(a, b)) })
	for _, i := range c.Comments {
		s.taken[i] = true
		if s.unfit[i] {
			s.left--
		}
	}
	c.Phrases = s.shown(append([]string{seed}, friends...))
	return c
}

// friends are phrases that stand where the seed does far oftener than where it does not.
func (s *search) friends(seed string, with map[int]bool) (names []string) {
	type friend struct {
		name     string
		surprise float64
	}
	var all []friend
	for _, name := range s.names {
		p := s.phrases[name]
		if name == seed || s.spent[name] || len(p.unfit) < 2 {
			continue
		}
		together, apart := 0, 0
		for _, i := range slices.Concat(p.unfit, p.fit) {
			if with[i] {
				together++
			} else if !s.taken[i] {
				apart++
			}
		}
		if together < 2 || together*5 < len(with) {
			continue
		}
		elsewhere := float64(s.left + s.fit - len(with))
		if tells := surprise(float64(together), float64(apart), float64(len(with)), elsewhere); tells > friendly && float64(together)*elsewhere > oftener*float64(apart+1)*float64(len(with)) {
			all = append(all, friend{name, tells})
		}
	}
	slices.SortFunc(all, func(a, b friend) int {
		return cmp.Or(cmp.Compare(b.surprise, a.surprise), cmp.Compare(a.name, b.name))
	})
	for _, f := range all[:min(mostPhrases*2, len(all))] {
		names = append(names, f.name)
	}
	return names
}

// shown gives phrases as most people wrote them, without words that stand in a longer one.
func (s *search) shown(names []string) (phrases []string) {
	for _, name := range names {
		if slices.ContainsFunc(names, func(other string) bool {
			return other != name && slices.Contains(strings.Fields(other), name) && 2*len(s.phrases[other].unfit) >= len(s.phrases[name].unfit)
		}) {
			continue
		}
		best, most := "", 0
		for spelling, n := range s.phrases[name].spellings {
			if n > most || n == most && spelling < best {
				best, most = spelling, n
			}
		}
		if phrases = append(phrases, best); len(phrases) == mostPhrases {
			break
		}
	}
	return phrases
}

package classify

import (
	"math"
	"slices"
)

// rarest is in how many texts a feature must be found to be learnt from; concepts count from the first.
const rarest = 2

// learnVocabulary reads texts. Features are taken from all of them; how common they are is counted in the first so many
// of them, the comments, and in those that nobody has coded.
func learnVocabulary(texts []string, coded int, unlabelled []string) (*vocabulary, []comment) {
	v := &vocabulary{lexicon: readLexicon(), words: map[string]*word{}, numbers: map[uint64]int32{}}
	c := &counter{v: v}
	read := make([][]token, len(texts))
	for i, text := range texts {
		read[i] = c.tokens(text)
		c.count(read[i], i)
	}
	for i, text := range unlabelled {
		c.known(v.tokens(text), len(texts)+i)
	}
	c.prune(len(texts) + len(unlabelled))
	return v, v.comments(read, coded)
}

// counter numbers features as they come and counts the texts they are in.
type counter struct {
	v     *vocabulary
	texts []int32
	last  []int // the text in which a feature was last seen
}

// tokens reads a text and learns its words.
func (c *counter) tokens(text string) (tokens []token) {
	spell(text, func(text string, opens bool) {
		w := c.v.words[text]
		if w == nil {
			w = c.v.lexicon.newWord(text)
			w.own(func(k kind, key uint64) { w.features = append(w.features, c.number(k, key)) })
			c.v.words[text] = w
		}
		tokens = append(tokens, token{w, opens})
	})
	return tokens
}

func (c *counter) number(k kind, key uint64) int32 {
	n, ok := c.v.numbers[key]
	if !ok {
		n = int32(len(c.v.kinds))
		c.v.numbers[key] = n
		c.v.kinds, c.texts, c.last = append(c.v.kinds, k), append(c.texts, 0), append(c.last, -1)
	}
	return n
}

func (c *counter) count(tokens []token, text int) {
	for i := range tokens {
		for _, n := range tokens[i].features {
			c.see(n, text)
		}
		c.v.lexicon.joined(tokens, i, func(k kind, key uint64) { c.see(c.number(k, key), text) })
	}
}

// known counts only features that are numbered.
func (c *counter) known(tokens []token, text int) {
	for _, n := range c.v.find(tokens) {
		c.see(n, text)
	}
}

func (c *counter) see(n int32, text int) {
	if c.last[n] != text {
		c.last[n] = text
		c.texts[n]++
	}
}

// prune leaves out what is too rare to learn from, numbers the rest anew and sets how rare each is.
func (c *counter) prune(texts int) {
	v, renamed := c.v, make([]int32, len(c.texts))
	kept := v.kinds[:0]
	for n, in := range c.texts {
		if renamed[n] = -1; in >= rarest || v.kinds[n] == concepts {
			renamed[n] = int32(len(kept))
			kept = append(kept, v.kinds[n])
			v.rarity = append(v.rarity, float32(1+math.Log(float64(1+texts)/float64(1+in))))
		}
	}
	v.kinds = kept
	for key, n := range v.numbers {
		if v.numbers[key] = renamed[n]; renamed[n] < 0 {
			delete(v.numbers, key)
		}
	}
	for _, w := range v.words {
		for i, n := range w.features {
			w.features[i] = renamed[n]
		}
		w.features = slices.DeleteFunc(w.features, func(n int32) bool { return n < 0 })
	}
}

// tokens reads a text. Words that the vocabulary does not have are looked up, and not kept.
func (v *vocabulary) tokens(text string) (tokens []token) {
	spell(text, func(text string, opens bool) {
		w := v.words[text]
		if w == nil {
			w = v.lexicon.newWord(text)
			w.own(func(_ kind, key uint64) {
				if n, ok := v.numbers[key]; ok {
					w.features = append(w.features, n)
				}
			})
		}
		tokens = append(tokens, token{w, opens})
	})
	return tokens
}

// comments weighs texts, after it has seen how long the vectors of the first so many are.
func (v *vocabulary) comments(read [][]token, usual int) []comment {
	all, lengths := make([]comment, len(read)), make([][kinds]float64, len(read))
	var have [kinds]float64
	if usual == 0 {
		usual = len(read)
	}
	for i, tokens := range read {
		all[i].whole, lengths[i] = v.weigh(tokens)
		for k, length := range lengths[i] {
			if i < usual && length > 0 {
				v.usual[k] += length
				have[k]++
			}
		}
	}
	for k := range v.usual {
		v.usual[k] = max(v.usual[k]/max(have[k], 1), 1e-9)
	}
	for i, tokens := range read {
		v.finish(&all[i], tokens, lengths[i])
	}
	return all
}

// comment weighs one text.
func (v *vocabulary) comment(tokens []token) (c comment) {
	var lengths [kinds]float64
	c.whole, lengths = v.weigh(tokens)
	v.finish(&c, tokens, lengths)
	return c
}

// finish levels a comment whose features are weighed, and adds its clauses.
func (v *vocabulary) finish(c *comment, tokens []token, lengths [kinds]float64) {
	c.length = len(tokens)
	for _, t := range tokens {
		c.key = pairKey(wording, c.key, t.key)
	}
	parts := clauses(tokens)
	if len(parts) == 1 {
		part := vector{c.whole.features, slices.Clone(c.whole.weights)}
		v.level(part, lengths, 1)
		c.parts = []vector{part}
	} else {
		for _, p := range parts {
			part, lengths := v.weigh(p)
			v.level(part, lengths, 1)
			c.parts = append(c.parts, part)
		}
	}
	v.level(c.whole, lengths, damping)
}

package classify

import (
	"math"
	"slices"
)

// kind is what sort of thing a feature is. Each sort has its own share in a comment's weight.
type kind uint8

const (
	wording  kind = iota // stems, and pairs of them
	letters              // runs of letters in a word
	concepts             // of the lexicon
	order                // concepts in their order, and with a word before that turns them
	kinds    = 4
)

// shares are what the sorts weigh against one another.
func shares() [kinds]float64 { return [kinds]float64{1, 1, 1, 0.5} }

// vector holds features, ascending, with their weights.
type vector struct {
	features []int32
	weights  []float32
}

// comment is a text as the machines see it.
type comment struct {
	whole  vector
	parts  []vector // its clauses
	length int      // words
	key    uint64   // of its words: copies have the same
}

// vocabulary numbers the features that are learnt from, and knows how rare each is.
type vocabulary struct {
	lexicon *lexicon
	words   map[string]*word
	numbers map[uint64]int32
	kinds   []kind
	rarity  []float32      // inverse document frequency
	usual   [kinds]float64 // the length of an average comment's vector
}

// keyOf gives a feature's key. With 64 bits, two features in a hundred thousand share one once in a billion times.
func keyOf(k kind, text string) uint64 {
	h := uint64(14695981039346656037) + uint64(k) // FNV-1a
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 1099511628211
	}
	return h
}

func pairKey(k kind, a, b uint64) uint64 {
	h := (a+uint64(k))*0x9E3779B97F4A7C15 ^ (b + 0x7F4A7C15 + a<<6 + a>>2)
	h ^= h >> 29
	return h * 0xBF58476D1CE4E5B9
}

// own calls f for each feature that a word has by itself.
func (w *word) own(f func(k kind, key uint64)) {
	f(wording, w.key)
	grams(w.text, func(gram string) { f(letters, keyOf(letters, gram)) })
	for _, c := range w.concepts {
		f(concepts, uint64(c))
	}
}

// reach is how many words further a word that turns is felt.
const reach = 3

// joined calls f for each feature that the i-th word makes with those before it.
func (l *lexicon) joined(tokens []token, i int, f func(k kind, key uint64)) {
	t := tokens[i]
	if i == 0 {
		return
	}
	f(wording, pairKey(wording, tokens[i-1].key, t.key))
	for _, c := range l.phrases[tokens[i-1].stem+" "+t.stem] {
		f(concepts, uint64(c))
	}
	if i > 1 {
		for _, c := range l.phrases[tokens[i-2].stem+" "+tokens[i-1].stem+" "+t.stem] {
			f(concepts, uint64(c))
		}
	}
	if len(t.concepts) == 0 {
		return
	}
	for _, c := range t.concepts {
		for _, before := range previous(tokens[:i]) {
			f(order, pairKey(order, uint64(before), uint64(c)))
		}
		for _, before := range tokens[max(0, i-reach):i] {
			if before.turns {
				f(order, pairKey(order, before.key, uint64(c)))
			}
		}
	}
}

// previous gives the concepts of the last word that has any.
func previous(tokens []token) []uint8 {
	for _, t := range slices.Backward(tokens) {
		if len(t.concepts) > 0 {
			return t.concepts
		}
	}
	return nil
}

// perWord is more features than most words have, those included that they make with others.
const perWord = 32

// find gives the numbers of the features in tokens, where the vocabulary knows them.
func (v *vocabulary) find(tokens []token) []int32 {
	found := make([]int32, 0, perWord*len(tokens))
	for i := range tokens {
		found = append(found, tokens[i].features...)
		v.lexicon.joined(tokens, i, func(_ kind, key uint64) {
			if n, ok := v.numbers[key]; ok {
				found = append(found, n)
			}
		})
	}
	return found
}

// weigh gives a vector of tokens: TF-IDF with the logarithm of the count, and each sort's length.
func (v *vocabulary) weigh(tokens []token) (x vector, lengths [kinds]float64) {
	found := v.find(tokens)
	slices.Sort(found)
	x.features, x.weights = make([]int32, 0, len(found)), make([]float32, 0, len(found))
	for i := 0; i < len(found); {
		n, count := found[i], 1
		for i++; i < len(found) && found[i] == n; i++ {
			count++
		}
		weight := v.rarity[n]
		if count > 1 {
			weight *= 1 + float32(math.Log(float64(count)))
		}
		x.features, x.weights = append(x.features, n), append(x.weights, weight)
		lengths[v.kinds[n]] += float64(weight * weight)
	}
	for k := range lengths {
		lengths[k] = math.Sqrt(lengths[k])
	}
	return x, lengths
}

// damping is how much of a longer comment's weight is taken off: with 0 it speaks as loud as it is long, with 1 all
// comments are equally loud and what a long one says in passing is lost.
const damping = 0.5

// level brings a vector to its length: each sort to its share, whole comments damped, clauses (exactly) to one length.
func (v *vocabulary) level(x vector, lengths [kinds]float64, by float64) {
	var factor [kinds]float32
	for k, share := range shares() {
		if lengths[k] > 0 {
			factor[k] = float32(share / lengths[k] * math.Pow(lengths[k]/v.usual[k], 1-by))
		}
	}
	for i, n := range x.features {
		x.weights[i] *= factor[v.kinds[n]]
	}
}

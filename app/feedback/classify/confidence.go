package classify

import (
	"cmp"
	"math"
	"slices"
)

// confidence turns what the machine says into probabilities, learnt from comments that it had not seen (Platt:
// Probabilistic Outputs for Support Vector Machines, 1999), in three steps: the same for all themes; then each theme by
// itself, with what the others claim and the length in view; then by rank, because the best of many is a matter of its own.
type confidence struct {
	evidence  []float64   // weights of: the whole comment, its best clause, 1
	themes    [][]float64 // for each theme, weights of: its log-odds, the others' claim, the length, 1
	ranks     [][]float64 // for the first and for the next, the same weights
	most      []float64   // that a theme can have
	offered   []bool      // whether a theme has codings enough to be offered
	threshold float64
}

// With no codings these are the weights, and with few they are held to. They came out alike on label sets of 12 and of 35
// themes, from 30 codings to 3,000.
func priorEvidence() []float64 { return []float64{2, 1.8, -0.3} }
func priorTheme() []float64    { return []float64{1, -0.6, 0.4, -1} }
func priorFirst() []float64    { return []float64{0.85, -0.25, -0.2, 0.5} }
func priorNext() []float64     { return []float64{1, 0, 0, 0} }

const (
	holdAll   = 10
	holdTheme = 10
	ranked    = 5
	fewest    = 3    // codings that a theme must have to be offered
	atFirst   = 0.5  // the threshold where nothing is known: half of a perfect F1
	never     = 0.05 // no threshold is so low
)

func learnConfidence(all []said, codings []int) *confidence {
	c := &confidence{evidence: priorEvidence(), ranks: [][]float64{priorFirst(), priorNext()}, threshold: atFirst}
	for _, n := range codings {
		c.themes = append(c.themes, priorTheme())
		c.most = append(c.most, float64(n+1)/float64(n+2)) // Laplace's rule: had all been right, so sure would we be
		c.offered = append(c.offered, n >= fewest)
	}
	if len(all) == 0 {
		return c
	}
	c.learnEvidence(all)
	c.learnThemes(all)
	c.learnRanks(c.crossed(all))
	c.learnThreshold(all)
	return c
}

// judged is a comment with the chances that the first two steps give it.
type judged struct {
	said
	chances []float64
}

const (
	fewComments = 300 // with fewer, the first two steps know by heart what they learnt from
	crossings   = 5
)

// crossed gives each comment its chances. Where comments are few they come from steps that have not learnt from it: those that
// have are surer of it than they will be of others, and what the third step learnt from them would be too sure as well.
func (c *confidence) crossed(all []said) []judged {
	out := make([]judged, len(all))
	if len(all) >= fewComments {
		for i, s := range all {
			out[i] = judged{s, c.compare(c.weigh(s), s.length)}
		}
		return out
	}
	for fold := range crossings {
		var others []said
		for i, s := range all {
			if i%crossings != fold {
				others = append(others, s)
			}
		}
		if len(others) == 0 {
			others = all
		}
		without := &confidence{evidence: priorEvidence(), themes: make([][]float64, len(c.themes))}
		without.learnEvidence(others)
		without.learnThemes(others)
		for i, s := range all {
			if i%crossings == fold {
				out[i] = judged{s, without.compare(without.weigh(s), s.length)}
			}
		}
	}
	return out
}

func (c *confidence) learnEvidence(all []said) {
	var o observations
	const enough = 400 // comments: for three weights
	o.expect(min(len(all), enough)*len(c.themes), 3)
	for i := 0; i < len(all); i += 1 + len(all)/enough {
		for l, t := range all[i].truth {
			o.add(t == yes, float64(all[i].whole[l]), float64(all[i].part[l]), 1)
		}
	}
	c.evidence = o.fit(prior{c.evidence, holdAll})
}

func (c *confidence) learnThemes(all []said) {
	var shared observations
	themes := make([]observations, len(c.themes))
	shared.expect((len(all)+2)/3*len(themes), 4)
	for l := range themes {
		themes[l].expect(len(all), 4)
	}
	for i, s := range all {
		chances := c.weigh(s)
		for l, x := range views(chances, s.length) {
			themes[l].add(s.truth[l] == yes, x[:]...)
			if i%3 == 0 {
				shared.add(s.truth[l] == yes, x[:]...)
			}
		}
	}
	usual := shared.fit(prior{priorTheme(), holdAll})
	for l := range themes {
		c.themes[l] = themes[l].fit(prior{usual, holdTheme})
	}
}

func (c *confidence) learnRanks(all []judged) {
	var first, next observations
	for _, s := range all {
		chances := s.chances
		x := views(chances, s.length)
		for rank, l := range best(chances)[:min(ranked, len(chances))] {
			if rank == 0 {
				first.add(s.truth[l] == yes, x[l][:]...)
			} else {
				next.add(s.truth[l] == yes, x[l][:]...)
			}
		}
	}
	c.ranks[0] = first.fit(prior{c.ranks[0], holdAll})
	if len(next.true) > 0 {
		c.ranks[1] = next.fit(prior{c.ranks[1], holdAll})
	}
}

// learnThreshold finds from which confidence on offering a theme gives the best micro-F1, as expected from the confidences
// themselves (Lipton, Elkan and Naryanaswamy: Optimal Thresholding of Classifiers to Maximize F1 Measure, 2014).
func (c *confidence) learnThreshold(all []said) {
	var chances []float64
	hoped := 0.0
	for _, s := range all {
		_, sure := c.judge(s)
		for _, p := range sure {
			if hoped += p; p > never {
				chances = append(chances, p)
			}
		}
	}
	slices.SortFunc(chances, func(a, b float64) int { return cmp.Compare(b, a) })
	right, most := 0.0, 0.0
	for i, p := range chances {
		right += p
		if f1 := 2 * right / (float64(i+1) + hoped); f1 > most {
			most, c.threshold = f1, p
		}
	}
}

// judge gives the themes from the best down, and how probable each is, by theme.
func (c *confidence) judge(s said) (ranking []int, chances []float64) {
	chances = c.compare(c.weigh(s), s.length)
	ranking = best(chances)
	x := views(chances, s.length)
	for rank, l := range ranking[:min(ranked, len(ranking))] {
		chances[l] = sigmoid(dot(c.ranks[min(rank, 1)], x[l][:]))
	}
	for rank := len(ranking) - 2; rank >= 0; rank-- { // the order stays
		chances[ranking[rank]] = max(chances[ranking[rank]], chances[ranking[rank+1]])
	}
	for l := range chances {
		chances[l] = min(chances[l], c.most[l])
	}
	slices.SortStableFunc(ranking, func(a, b int) int { return cmp.Compare(chances[b], chances[a]) })
	return ranking, chances
}

// weigh is the first step: from scores to chances.
func (c *confidence) weigh(s said) []float64 {
	chances := make([]float64, len(s.whole))
	for l := range chances {
		chances[l] = sigmoid(c.evidence[0]*float64(s.whole[l]) + c.evidence[1]*float64(s.part[l]) + c.evidence[2])
	}
	return chances
}

// compare is the second step: each theme by itself, with the others in view.
func (c *confidence) compare(chances []float64, length int) []float64 {
	compared := make([]float64, len(chances))
	for l, x := range views(chances, length) {
		compared[l] = sigmoid(dot(c.themes[l], x[:]))
	}
	return compared
}

// views gives for each theme its log-odds, what the others claim together, and the comment's length.
func views(chances []float64, length int) [][4]float64 {
	sum := 0.0
	for _, p := range chances {
		sum += p
	}
	x, long := make([][4]float64, len(chances)), math.Log(float64(length+1))
	for l, p := range chances {
		x[l] = [4]float64{odds(p), math.Log(max(sum-p, 0) + 0.01), long, 1}
	}
	return x
}

// best gives the themes from the most probable down.
func best(chances []float64) []int {
	order := make([]int, len(chances))
	for l := range order {
		order[l] = l
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(chances[b], chances[a]) })
	return order
}

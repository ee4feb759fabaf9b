package agreement

import (
	"math/rand/v2"
	"slices"
	"strings"
)

const (
	draws = 500 // of the bootstrap
	tail  = 0.025
)

// Alpha is Krippendorff's alpha for any number of people, each comment coded by two or more of them (Krippendorff: Computing
// Krippendorff's Alpha-Reliability, 2011). An answer is the whole set of themes, and how far two sets differ is one minus MASI:
// what they share of what they have together, by 1 where they are the same, 2/3 where one holds the other, 1/3 where they
// overlap (Passonneau: Measuring Agreement on Set-valued Items for Semantic and Pragmatic Annotation, 2006). So somebody who sees
// one theme more does not count as one who sees another theme. Two sets of no themes are the same.
//
// The bounds come from drawing comments anew, with replacement, 500 times with a fixed seed: whole comments, because what
// people say of one comment hangs together.
func Alpha(judgements []Judgement) Coefficient {
	a := newAnswers(units(judgements))
	c := Coefficient{Comments: len(a.units)}
	every := make([]int, len(a.units))
	for i := range every {
		every[i] = i
	}
	if c.Value, c.Defined = a.alpha(every); !c.Defined {
		return c
	}
	c.Low, c.High = a.bounds(c.Value)
	return c
}

// answers are the different answers that were given, and how far they are from one another.
type answers struct {
	units    [][]int // for each comment, the numbers of the answers to it
	distance [][]float64
}

func newAnswers(all [][]Judgement) *answers {
	a, numbers, sets := &answers{}, map[string]int{}, [][]string{}
	for _, unit := range all {
		var given []int
		for _, j := range unit {
			set := slices.Compact(slices.Sorted(slices.Values(j.Themes)))
			key := strings.Join(set, "\x00")
			n, known := numbers[key]
			if !known {
				n = len(sets)
				numbers[key], sets = n, append(sets, set)
			}
			given = append(given, n)
		}
		a.units = append(a.units, given)
	}
	a.distance = make([][]float64, len(sets))
	for i := range sets {
		a.distance[i] = make([]float64, len(sets))
		for j := range i {
			a.distance[i][j] = 1 - masi(sets[i], sets[j])
			a.distance[j][i] = a.distance[i][j]
		}
	}
	return a
}

// masi is how much two different sorted sets are alike, 0 to 1.
func masi(a, b []string) float64 {
	shared := 0
	for _, theme := range a {
		if _, in := slices.BinarySearch(b, theme); in {
			shared++
		}
	}
	switch together := len(a) + len(b) - shared; {
	case together == 0:
		return 1
	case shared == together:
		return 1
	case shared == min(len(a), len(b)):
		return float64(shared) / float64(together) * 2 / 3
	default:
		return float64(shared) / float64(together) / 3
	}
}

// alpha is one minus the disagreement there is over that which chance would bring, over some comments.
func (a *answers) alpha(comments []int) (value float64, defined bool) {
	counts := make([]float64, len(a.distance))
	n, observed := 0.0, 0.0
	for _, u := range comments {
		given := a.units[u]
		differ := 0.0
		for i, x := range given {
			counts[x]++
			for _, y := range given[:i] {
				differ += 2 * a.distance[x][y]
			}
		}
		n += float64(len(given))
		observed += differ / float64(len(given)-1)
	}
	var there []int
	for x, count := range counts {
		if count > 0 {
			there = append(there, x)
		}
	}
	expected := 0.0
	for i, x := range there {
		for _, y := range there[:i] {
			expected += 2 * counts[x] * counts[y] * a.distance[x][y]
		}
	}
	if expected == 0 {
		return 0, false
	}
	return 1 - observed*(n-1)/expected, true
}

// bounds draws comments anew. Where nobody ever disagrees no draw can show it, so the lower bound is then that of one more
// comment with the two commonest answers to it.
func (a *answers) bounds(value float64) (low, high float64) {
	random := rand.New(rand.NewPCG(19, 60))
	var values []float64
	drawn := make([]int, len(a.units))
	for range draws {
		for i := range drawn {
			drawn[i] = random.IntN(len(a.units))
		}
		if v, ok := a.alpha(drawn); ok {
			values = append(values, v)
		}
	}
	low, high = value, value
	if len(values) > 0 {
		slices.Sort(values)
		low, high = values[int(tail*float64(len(values)))], values[int((1-tail)*float64(len(values)-1))]
	}
	if value == 1 {
		low = min(low, a.withOneMore())
	}
	return low, high
}

func (a *answers) withOneMore() float64 {
	every, counts := make([]int, len(a.units)+1), make([]int, len(a.distance))
	for i := range every {
		every[i] = i
	}
	for _, given := range a.units {
		for _, x := range given {
			counts[x]++
		}
	}
	first := slices.Index(counts, slices.Max(counts))
	counts[first] = 0
	second := slices.Index(counts, slices.Max(counts))
	more := &answers{append(slices.Clone(a.units), []int{first, second}), a.distance}
	value, _ := more.alpha(every)
	return value
}

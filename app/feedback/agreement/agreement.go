// Package agreement says how far people who coded the same comments, without seeing what the other did, agree beyond what
// chance alone would bring: kappa for each theme, alpha over all themes, and how far shown suggestions pull. It is pure, and the
// same judgements give the same figures.
package agreement

import (
	"cmp"
	"math"
	"slices"
)

// Coefficient is 1 where all agree, 0 where they agree as if by lot, and below where they agree less than that.
type Coefficient struct {
	Value     float64
	Low, High float64 // between these it lies with 95 % confidence
	Comments  int     // that it rests on
	Defined   bool    // false where there is nothing to disagree about: all gave the same answer to every comment
}

// Judgement is what one person gave one comment. No themes is an answer too: none fits.
type Judgement struct {
	Comment string
	Coder   string
	Themes  []string // codes
}

// ThemeKappa is how far two people agree on one theme.
type ThemeKappa struct {
	Theme string
	Coefficient
	Both, FirstOnly, SecondOnly, Neither int // comments to which they gave it
}

// units gathers what is said of each comment, in the order of comments and coders; a comment with fewer than two coders
// tells nothing. Of several judgements by one person of one comment the last counts.
func units(judgements []Judgement) (all [][]Judgement) {
	sorted := slices.Clone(judgements)
	slices.SortStableFunc(sorted, func(a, b Judgement) int {
		return cmp.Or(cmp.Compare(a.Comment, b.Comment), cmp.Compare(a.Coder, b.Coder))
	})
	for i := 0; i < len(sorted); {
		var unit []Judgement
		j := i
		for ; j < len(sorted) && sorted[j].Comment == sorted[i].Comment; j++ {
			if n := len(unit); n > 0 && unit[n-1].Coder == sorted[j].Coder {
				unit[n-1] = sorted[j]
				continue
			}
			unit = append(unit, sorted[j])
		}
		if i = j; len(unit) > 1 {
			all = append(all, unit)
		}
	}
	return all
}

// normal is how many standard errors to each side hold 95 % of a normal distribution.
const normal = 1.959963984540054

// interval sets the bounds from a standard error, within what the coefficient can be.
func (c *Coefficient) interval(standardError float64) {
	c.Low, c.High = max(c.Value-normal*standardError, -1), min(c.Value+normal*standardError, 1)
}

// share divides, and gives 0 for nothing.
func share(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

func square(x float64) float64 { return x * x }

func root(x float64) float64 { return math.Sqrt(max(x, 0)) }

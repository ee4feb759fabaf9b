package classify

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strings"
)

// Meter says how good suggestions are, measured on comments that people coded and the suggestions had not learnt from.
type Meter struct {
	Comments   int   // with a theme, all of them measured
	FirstRight Share // of these: how often the first suggestion is one of the comment's themes
	Themes     []ThemeMeter
	More       Forecast
}

// ThemeMeter is the same for one theme.
type ThemeMeter struct {
	Theme   string
	Codings int
	First   Share // of the comments for which it is suggested first: how often it is right
	Found   Share // of the comments that have it: how often it is among the first three
}

// Share is a part of a whole, with the bounds between which it lies with 95 % confidence (Wilson: Probable Inference, 1927).
type Share struct {
	Of, Right        int
	Value, Low, High float64 // 0 to 1; with nothing to measure 0, and the bounds 0 and 1
}

// Forecast is what more codings would likely bring.
type Forecast struct {
	Known     bool    // with few comments nothing can be said
	Codings   int     // more than now
	Gain      float64 // in the share of comments whose first suggestion is right: 0.02 is 2 in 100
	Low, High float64 // of the gain, with 95 % confidence; never below 0
}

const (
	moreCodings = 50
	fewToGuess  = 40 // comments with themes, for a forecast
)

// Measure parts the examples in five, trains without one part after the other and asks about it; once with all that is left, and
// once with half of it, from which follows what more would bring. It takes about eight times as long as Train. It fails as Train
// does.
func Measure(ctx context.Context, examples []Example, codebook []Theme, options Options) (*Meter, error) {
	m := &metering{codebook: codebook, options: options, themes: map[string]*ThemeMeter{}}
	for fold := range uint64(folds) {
		var in, half, out []Example
		for _, e := range examples {
			switch key := copies(e.Text); {
			case key%folds == fold && len(e.Themes) > 0:
				out = append(out, e)
			case key%folds != fold:
				if in = append(in, e); key/folds%2 == 0 {
					half = append(half, e)
				}
			}
		}
		if err := m.judge(ctx, in, half, out); err != nil {
			return nil, err
		}
	}
	return m.meter(), nil
}

// copies gives copies of one comment the same number.
func copies(text string) uint64 {
	var words []string
	spell(text, func(word string, _ bool) { words = append(words, word) })
	h := keyOf(wording, strings.Join(words, " "))
	return h ^ h>>29
}

// metering counts.
type metering struct {
	codebook []Theme
	options  Options
	themes   map[string]*ThemeMeter
	right    []bool // for each comment: the first suggestion of the machine that learnt from all
	before   []bool // and of the one that learnt from half
	learnt   int    // codings that the first learnt from, all parts together
	halved   int
}

func (m *metering) judge(ctx context.Context, in, half, out []Example) error {
	if len(out) == 0 {
		return nil
	}
	all, err := Train(ctx, in, m.codebook, m.options)
	if errors.Is(err, ErrNoThemes) {
		return nil
	}
	if err != nil {
		return err
	}
	less, err := Train(ctx, half, m.codebook, m.options)
	if err != nil && !errors.Is(err, ErrNoThemes) {
		return err
	}
	m.learnt, m.halved = m.learnt+len(in), m.halved+len(half)
	for _, e := range out {
		m.right = append(m.right, m.count(e, all.Suggest(e.Text)))
		m.before = append(m.before, less != nil && slices.Contains(e.Themes, less.Suggest(e.Text)[0].Theme))
	}
	return nil
}

// count notes for each theme what was suggested, and says whether the first is right.
func (m *metering) count(e Example, suggested []Suggestion) bool {
	first := suggested[0].Theme
	right := slices.Contains(e.Themes, first)
	t := m.theme(first)
	if t.First.Of++; right {
		t.First.Right++
	}
	for _, theme := range slices.Compact(slices.Sorted(slices.Values(e.Themes))) {
		t := m.theme(theme)
		t.Codings++
		t.Found.Of++
		if slices.ContainsFunc(suggested[:min(3, len(suggested))], func(s Suggestion) bool { return s.Theme == theme }) {
			t.Found.Right++
		}
	}
	return right
}

func (m *metering) theme(code string) *ThemeMeter {
	if m.themes[code] == nil {
		m.themes[code] = &ThemeMeter{Theme: code}
	}
	return m.themes[code]
}

func (m *metering) meter() *Meter {
	meter := &Meter{Comments: len(m.right)}
	meter.FirstRight.Of, meter.FirstRight.Right = len(m.right), rights(m.right)
	meter.FirstRight.finish()
	for _, t := range m.themes {
		t.First.finish()
		t.Found.finish()
		meter.Themes = append(meter.Themes, *t)
	}
	slices.SortFunc(meter.Themes, func(a, b ThemeMeter) int {
		return cmp.Or(cmp.Compare(b.Codings, a.Codings), cmp.Compare(a.Theme, b.Theme))
	})
	meter.More = m.forecast()
	return meter
}

func rights(all []bool) (n int) {
	for _, right := range all {
		if right {
			n++
		}
	}
	return n
}

func (s *Share) finish() {
	if s.Of == 0 {
		s.High = 1
		return
	}
	const z = 1.959963984540054
	n := float64(s.Of)
	s.Value = float64(s.Right) / n
	middle := (s.Value + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(s.Value*(1-s.Value)/n+z*z/(4*n*n))
	s.Low, s.High = max(middle-half, 0), min(middle+half, 1)
	if s.Right == s.Of {
		s.High = 1 // exactly, which the sum misses by a hair
	}
}

// forecast follows the curve on which suggestions get better: what is still wrong falls with one over the root of the
// codings, a law that fits most learning from text. The two trainings give its steepness; each comment was judged by both, so
// that their difference tells how sure that is.
func (m *metering) forecast() Forecast {
	f := Forecast{Codings: moreCodings}
	n := float64(len(m.right))
	if len(m.right) < fewToGuess || m.halved == 0 || m.halved == m.learnt {
		return f
	}
	sum, squares := 0.0, 0.0
	for i := range m.right {
		d := 0.0
		if m.right[i] != m.before[i] {
			d = 1
			if m.before[i] {
				d = -1
			}
		}
		sum, squares = sum+d, squares+d*d
	}
	mean := sum / n
	error := math.Sqrt(max(squares/n-mean*mean, 0) / n)
	fall := func(codings float64) float64 { return 1 / math.Sqrt(codings) }
	all, half := float64(m.learnt)/folds, float64(m.halved)/folds
	now := all * folds / (folds - 1)
	scale := (fall(now) - fall(now+moreCodings)) / (fall(half) - fall(all))
	f.Known = true
	wrong := 1 - float64(rights(m.right))/n
	bound := func(gain float64) float64 { return min(max(gain*scale, 0), wrong) }
	f.Gain, f.Low, f.High = bound(mean), bound(mean-1.96*error), bound(mean+1.96*error)
	return f
}

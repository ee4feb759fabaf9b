package classify

import (
	"context"
	"math/rand/v2"
)

// truth is what people said of a comment and a theme.
type truth int8

const (
	no      truth = -1
	unknown truth = 0
	yes     truth = 1
)

// lesson is a text to learn from.
type lesson struct {
	comment
	truth []truth // by theme
	held  bool    // a coded comment, by which the machines are judged; else the codebook's words
}

// machine is linear: a weight for each feature and theme, and a constant for each theme in the last row.
type machine struct {
	themes  int
	weights []float32
	by      []float32 // room for moveAll
}

// score adds up what a vector says for each theme. Eight features at a time: it is the inner loop of everything.
func (m *machine) score(x vector, into []float32) {
	n := m.themes
	row := func(k int) []float32 { at := int(x.features[k]) * n; return m.weights[at : at+n] }
	into = into[:n]
	copy(into, m.weights[len(m.weights)-n:])
	k := 0
	for ; k+8 <= len(x.features); k += 8 {
		a, b, c, d := row(k)[:len(into)], row(k + 1)[:len(into)], row(k + 2)[:len(into)], row(k + 3)[:len(into)]
		e, f, g, h := row(k + 4)[:len(into)], row(k + 5)[:len(into)], row(k + 6)[:len(into)], row(k + 7)[:len(into)]
		w := x.weights[k : k+8 : k+8]
		wa, wb, wc, wd, we, wf, wg, wh := w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7]
		for l := range into {
			into[l] += wa*a[l] + wb*b[l] + wc*c[l] + wd*d[l] + we*e[l] + wf*f[l] + wg*g[l] + wh*h[l]
		}
	}
	for ; k < len(x.features); k++ {
		w := x.weights[k]
		for l, a := range row(k) {
			into[l] += w * a
		}
	}
}

// step is a change of a theme's weights along a vector.
type step struct {
	theme int
	by    float32
}

func (m *machine) move(x vector, steps []step) {
	n := m.themes
	last := m.weights[len(m.weights)-n:]
	for _, s := range steps {
		last[s.theme] += s.by
	}
	if len(steps) > n/4 {
		m.moveAll(x, steps)
		return
	}
	for k, f := range x.features {
		w, row := x.weights[k], m.weights[int(f)*n:int(f)*n+n]
		for _, s := range steps {
			row[s.theme] += w * s.by
		}
	}
}

// moveAll is move for steps of many themes: going through them all is quicker then than jumping.
func (m *machine) moveAll(x vector, steps []step) {
	n := m.themes
	if m.by == nil {
		m.by = make([]float32, n)
	}
	by := m.by
	clear(by)
	for _, s := range steps {
		by[s.theme] = s.by
	}
	for k, f := range x.features {
		w, row := x.weights[k], m.weights[int(f)*n:int(f)*n+n]
		for l, b := range by[:len(row)] {
			row[l] += w * b
		}
	}
}

const (
	enough = 0.003 // a step that is smaller is not worth its time
	cost   = 0.3   // of an error against the size of the weights: the C of a support vector machine
	epochs = 7
)

// trainer finds, for each theme, the weights that part its comments from the others with the least squared hinge loss, by
// dual coordinate descent (Hsieh, Chang, Lin, Keerthi and Sundararajan: A Dual Coordinate Descent Method for Large-scale
// Linear SVM, 2008). All themes are trained at once, so that a comment's features are gone through once for all of them.
type trainer struct {
	lessons []lesson
	machine *machine
	pull    []float32 // how hard each lesson pulls at each theme: the dual variables
	squares []float32 // of each lesson's vector
	random  *rand.Rand
}

func newTrainer(lessons []lesson, features, themes int) *trainer {
	t := &trainer{
		lessons: lessons, machine: &machine{themes: themes, weights: make([]float32, (features+1)*themes)}, pull: make([]float32, len(lessons)*themes),
		squares: make([]float32, len(lessons)), random: rand.New(rand.NewPCG(1, 2)), // the same for the same lessons
	}
	for i, l := range lessons {
		t.squares[i] = 1
		for _, w := range l.whole.weights {
			t.squares[i] += w * w
		}
	}
	return t
}

// learn trains the machine on all lessons.
func (t *trainer) learn(ctx context.Context) error {
	all := make([]int, len(t.lessons))
	for i := range all {
		all[i] = i
	}
	return t.descend(ctx, t.machine, t.pull, all, epochs)
}

// descend goes so many times over the given lessons, each time in another order.
func (t *trainer) descend(ctx context.Context, m *machine, pull []float32, lessons []int, times int) error {
	scores, steps := make([]float32, m.themes), make([]step, 0, m.themes)
	for range times {
		if err := ctx.Err(); err != nil {
			return err
		}
		t.random.Shuffle(len(lessons), func(a, b int) { lessons[a], lessons[b] = lessons[b], lessons[a] })
		for _, i := range lessons {
			m.score(t.lessons[i].whole, scores)
			steps = t.correct(i, scores, pull[i*m.themes:(i+1)*m.themes], steps[:0])
			if len(steps) > 0 {
				m.move(t.lessons[i].whole, steps)
			}
		}
	}
	return nil
}

// correct gives the steps that are best for one lesson with all others as they are.
func (t *trainer) correct(i int, scores, pull []float32, steps []step) []step {
	const slack = 1 / (2 * cost)
	for l, said := range t.lessons[i].truth {
		sign := float32(said)
		slope := sign*scores[l] - 1 + pull[l]*slack
		if said == unknown || pull[l] == 0 && slope >= 0 {
			continue
		}
		now := max(0, pull[l]-slope/(t.squares[i]+slack))
		if change := now - pull[l]; change > enough || change < -enough {
			steps = append(steps, step{l, (now - pull[l]) * sign})
			pull[l] = now
		}
	}
	return steps
}

package classify

import "context"

const (
	folds      = 5
	foldEpochs = 1
)

// said is what machines say of a coded comment that they have not learnt from.
type said struct {
	whole  []float32 // by theme: of the whole comment
	part   []float32 // by theme: the most that one clause says
	length int       // words
	truth  []truth
}

// heldOut parts the comments in five, takes one part after the other out of what was learnt, and asks about it. It starts
// from the machine that has learnt everything: without the pull of the comments that are taken out, it has not far to go.
// Copies of one comment are in one part, so that none is asked about that was learnt from in another place.
func (t *trainer) heldOut(ctx context.Context) ([]said, error) {
	var all []said
	m, pull := &machine{themes: t.machine.themes, weights: make([]float32, len(t.machine.weights))}, make([]float32, len(t.pull))
	for fold := range folds {
		copy(m.weights, t.machine.weights)
		copy(pull, t.pull)
		var in, out []int
		for i, l := range t.lessons {
			if !l.held || l.key%folds != uint64(fold) {
				in = append(in, i)
				continue
			}
			out = append(out, i)
			m.move(l.whole, t.forget(i, pull))
		}
		if len(out) == 0 {
			continue
		}
		if err := t.descend(ctx, m, pull, in, foldEpochs); err != nil {
			return nil, err
		}
		for _, i := range out {
			s := m.say(t.lessons[i].comment)
			s.truth = t.lessons[i].truth
			all = append(all, s)
		}
	}
	return all, nil
}

// forget gives the steps that take a lesson's pull away.
func (t *trainer) forget(i int, pull []float32) (steps []step) {
	n := t.machine.themes
	for l, p := range pull[i*n : (i+1)*n] {
		if p != 0 {
			steps = append(steps, step{l, -p * float32(t.lessons[i].truth[l])})
			pull[i*n+l] = 0
		}
	}
	return steps
}

// say scores a comment whole and by its clauses.
func (m *machine) say(c comment) said {
	s := said{whole: make([]float32, m.themes), part: make([]float32, m.themes), length: c.length}
	m.score(c.whole, s.whole)
	one := make([]float32, m.themes)
	for i, part := range c.parts {
		if m.score(part, one); i == 0 {
			copy(s.part, one)
		}
		for l := range one {
			s.part[l] = max(s.part[l], one[l])
		}
	}
	return s
}

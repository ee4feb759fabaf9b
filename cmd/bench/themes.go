package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"conversations/app/feedback/classify"
)

// codedComments are real comments with the themes that people gave them. They are not part of the program.
func codedComments() (string, bool) {
	for _, file := range []string{os.Getenv("CODED_COMMENTS"), "../shared/data/nhs-fft/coded-comments.csv", "/work/shared/data/nhs-fft/coded-comments.csv"} {
		if _, err := os.Stat(file); file != "" && !errors.Is(err, fs.ErrNotExist) {
			return file, true
		}
	}
	return "", false
}

// labels are the two sets of themes in the file, with what must be reached.
type labels struct {
	column                 string
	f1, first, three, few  float64
	examples               []classify.Example
	worstBin, worstBinFew  float64
	gotF1, gotFirst, got3  float64
	gotFew                 float64
	trainAll, train500     time.Duration
	suggestion             time.Duration
	modelBytes, trainBytes float64
}

// themes measures how good and how quick suggestions are.
func themes(ctx context.Context) ([]row, error) {
	file, there := codedComments()
	if !there {
		fmt.Fprintln(os.Stderr, "SKIPPED: suggestions are not measured, because the coded comments are not here. Name the file in CODED_COMMENTS.")
		return nil, nil
	}
	var table []row
	for _, l := range []labels{{column: "themes", f1: 0.70, first: 0.78, three: 0.85, few: 0.60}, {column: "groups", f1: 0.78, first: 0.84, three: 0.93, few: 0.70}} {
		if err := l.read(file); err != nil {
			return nil, err
		}
		for _, measure := range []func(context.Context) error{l.quality, l.withFew, l.speed} {
			if err := measure(ctx); err != nil {
				return nil, err
			}
		}
		table = append(table, l.rows()...)
	}
	return table, nil
}

func (l *labels) read(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return err
	}
	id, text, themes := slices.Index(rows[0], "id"), slices.Index(rows[0], "comment"), slices.Index(rows[0], l.column)
	for _, r := range rows[1:] {
		l.examples = append(l.examples, classify.Example{ID: r[id], Text: r[text], Themes: strings.Split(r[themes], "|")})
	}
	return nil
}

// quality is that of five-fold cross-validation.
func (l *labels) quality(ctx context.Context) error {
	const folds = 5
	order := rand.New(rand.NewPCG(5, 5)).Perm(len(l.examples))
	var s scores
	for fold := range folds {
		var in, out []classify.Example
		for i, n := range order {
			if i%folds == fold {
				out = append(out, l.examples[n])
			} else {
				in = append(in, l.examples[n])
			}
		}
		if err := s.judge(ctx, in, out); err != nil {
			return err
		}
	}
	l.gotF1, l.gotFirst, l.got3, l.worstBin = s.f1(), s.share(s.first), s.three/s.comments, worst(s.bins())
	return nil
}

// withFew is the mean of ten draws of 100 codings; all other comments are judged.
func (l *labels) withFew(ctx context.Context) error {
	const draws, codings = 10, 100
	var apart [bins]float64
	for draw := range uint64(draws) {
		order := rand.New(rand.NewPCG(draw, 100)).Perm(len(l.examples))
		var in, out []classify.Example
		for i, n := range order {
			if i < codings {
				in = append(in, l.examples[n])
			} else {
				out = append(out, l.examples[n])
			}
		}
		var s scores
		if err := s.judge(ctx, in, out); err != nil {
			return err
		}
		l.gotFew += s.share(s.first) / draws
		for bin, off := range s.bins() {
			apart[bin] += off / draws
		}
	}
	l.worstBinFew = worst(apart)
	return nil
}

// speed is that on one core, in time of the core.
func (l *labels) speed(ctx context.Context) error {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var model *classify.Model
	train := func(examples []classify.Example) (best time.Duration, err error) {
		best = math.MaxInt64
		for range rounds {
			begun := worked()
			if model, err = classify.Train(ctx, examples, nil, classify.Options{}); err != nil {
				return 0, err
			}
			best = min(best, worked()-begun)
		}
		return best, nil
	}
	var err error
	if l.train500, err = train(l.examples[:500]); err != nil {
		return err
	}
	var before, after runtime.MemStats
	model = nil
	runtime.GC()
	runtime.ReadMemStats(&before)
	if l.trainAll, err = train(l.examples); err != nil {
		return err
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	l.modelBytes, l.trainBytes = float64(after.HeapAlloc)-float64(before.HeapAlloc), float64(after.TotalAlloc-before.TotalAlloc)/rounds
	begun := worked()
	for _, e := range l.examples[:1000] {
		model.Suggest(e.Text)
	}
	l.suggestion = (worked() - begun) / 1000
	return nil
}

// worked is how long this process has had a core, all its threads together: others on the machine do not count.
func worked() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func (l *labels) rows() []row {
	quality := func(what string, ours, limit float64) row {
		return row{what: l.column + ": " + what, ours: fmt.Sprintf("%.3f", ours), limit: fmt.Sprintf("%.3f", limit), ratio: ours / limit, goal: 1}
	}
	speed := func(what string, ours, limit time.Duration) row {
		return row{what: l.column + ": " + what, ours: ours.Round(10 * time.Microsecond).String(), limit: limit.String(), ratio: float64(ours) / float64(limit), goal: 1, direction: atMost}
	}
	bin := func(what string, ours float64) row {
		return row{what: l.column + ": " + what, ours: fmt.Sprintf("%.3f", ours), limit: "0.050", ratio: ours / 0.05, goal: 1, direction: atMost}
	}
	fmt.Fprintf(os.Stderr, "  %s: the model takes %.1f MB, training on all asks for %.0f MB in all\n", l.column, l.modelBytes/1e6, l.trainBytes/1e6)
	return []row{
		quality("micro-F1, five-fold", l.gotF1, l.f1), quality("first suggestion right", l.gotFirst, l.first), quality("found among the first three", l.got3, l.three),
		quality("first right after 100 codings, ten draws", l.gotFew, l.few), bin("worst of ten bins of confidence", l.worstBin), bin("the same after 100 codings, each bin's mean of ten draws", l.worstBinFew),
		speed(fmt.Sprintf("training on %d", len(l.examples)), l.trainAll, 1500*time.Millisecond), speed("training on 500", l.train500, 100*time.Millisecond), speed("a suggestion", l.suggestion, 500*time.Microsecond),
	}
}

// scores count what came true.
type scores struct {
	comments, first, three float64
	right, offered, there  float64
	confidence             []float64 // of the first suggestion
	came                   []bool
}

func (s *scores) judge(ctx context.Context, in, out []classify.Example) error {
	model, err := classify.Train(ctx, in, nil, classify.Options{})
	if err != nil {
		return err
	}
	for _, e := range out {
		all := model.Suggest(e.Text)
		is := func(theme string) float64 {
			if slices.Contains(e.Themes, theme) {
				return 1
			}
			return 0
		}
		s.comments++
		s.there += float64(len(e.Themes))
		for rank, suggestion := range all {
			if rank < 3 {
				s.three += is(suggestion.Theme) / float64(len(e.Themes))
			}
			if rank < 5 {
				s.confidence, s.came = append(s.confidence, suggestion.Confidence), append(s.came, is(suggestion.Theme) > 0)
			}
			if suggestion.Applies {
				s.offered++
				s.right += is(suggestion.Theme)
			}
		}
		s.first += is(all[0].Theme)
	}
	return nil
}

func (s *scores) f1() float64 { return 2 * s.right / (s.offered + s.there) }

func (s *scores) share(n float64) float64 { return n / s.comments }

const bins = 10

// bins parts the five best suggestions for each comment into ten bins of equal count by confidence, and says how far each bin's
// mean confidence is from what came true in it.
func (s *scores) bins() (apart [bins]float64) {
	order := make([]int, len(s.confidence))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(s.confidence[a], s.confidence[b]) })
	for bin := range bins {
		from, to := bin*len(order)/bins, (bin+1)*len(order)/bins
		for _, i := range order[from:to] {
			apart[bin] += s.confidence[i] / float64(to-from)
			if s.came[i] {
				apart[bin] -= 1 / float64(to-from)
			}
		}
	}
	return apart
}

func worst(apart [bins]float64) (most float64) {
	for _, off := range apart {
		most = max(most, math.Abs(off))
	}
	return most
}

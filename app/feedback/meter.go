package feedback

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"conversations/app/accounts"
	"conversations/app/feedback/classify"
	"conversations/app/jobs"
)

func pick(below int) int { return rand.IntN(below) }

// Metered says how good suggestions are, and from when that is.
type Metered struct {
	classify.Meter
	Names    map[string]string // of themes, by code
	At       time.Time
	Examples int // coded comments that it was measured with
	steps    int64
	version  int64
}

// NewTheme is what may be a theme that the codebook does not have: comments that nothing fits, and what they share.
type NewTheme struct {
	Phrases  []string
	Comments []int64
}

// MeterJob measures how good suggestions are, after what people coded since it last did.
func (s *Service) MeterJob() jobs.Job {
	return jobs.Job{Name: "suggestions-meter", Every: time.Hour, Shared: true, Run: s.Measure}
}

// OnMeasure has f called when somebody asks for a measurement: to have the job run.
func (s *Service) OnMeasure(f func()) { s.desk.measure = f }

// AskMeasure has suggestions be measured anew, in the background. It needs the right to manage feedback.
func (s *Service) AskMeasure(ctx context.Context) error {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return err
	}
	if s.desk.measure != nil {
		s.desk.measure()
	}
	return nil
}

// Measure measures how good suggestions are on comments that they have not learnt from. It takes about eight times as long as learning.
func (s *Service) Measure(ctx context.Context) error {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return err
	}
	read := s.DB.Read(ctx)
	var l learnt
	if err := l.versions(read); err != nil {
		return err
	}
	if old := s.desk.metered.Load(); old != nil && old.steps == l.steps && old.version == l.version {
		return nil
	}
	m, err := readLessons(read)
	if err != nil {
		return err
	}
	meter, err := classify.Measure(ctx, m.examples, m.book, classify.Options{})
	if errors.Is(err, classify.ErrNoThemes) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("measure the suggestions: %w", err)
	}
	done := &Metered{Meter: *meter, Names: map[string]string{}, At: s.DB.Now(), Examples: len(m.examples), steps: l.steps, version: l.version}
	for code, t := range m.themes {
		done.Names[code] = t.Name
	}
	s.desk.metered.Store(done)
	return nil
}

// Meter is what was measured last; measured is false where nothing was yet. It needs the right to manage feedback.
func (s *Service) Meter(ctx context.Context) (m Metered, measured bool, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return m, false, err
	}
	if last := s.desk.metered.Load(); last != nil {
		return *last, true, nil
	}
	return m, false, nil
}

// NewThemes gives groups of comments that no theme fits, as candidates for new ones. It needs the right to manage feedback.
func (s *Service) NewThemes(ctx context.Context) ([]NewTheme, error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return nil, err
	}
	if l := s.desk.learnt.Load(); l != nil {
		return l.candidates, nil
	}
	return nil, nil
}

package feedback

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"conversations/app/accounts"
	"conversations/app/feedback/classify"
	"conversations/app/jobs"
)

// learnt is what suggestions know. It does not change.
type learnt struct {
	model      *classify.Model
	themes     map[string]Theme // by code
	codings    map[string]int
	examples   int
	uncertain  []int64           // comments that wait, those with the least certain suggestion first
	likely     map[int64][]int64 // by theme: those that it most likely fits first
	candidates []NewTheme
	steps      int64 // newest step of coding
	version    int64 // of the codebook
	took       time.Duration
	at         time.Time
}

// LearnJob keeps suggestions up with what people code. It runs on every instance, since each keeps what it learnt in memory.
func (s *Service) LearnJob() jobs.Job {
	return jobs.Job{Name: "suggestions", Every: time.Minute, Shared: true, Run: func(ctx context.Context) error {
		if l := s.desk.learnt.Load(); l != nil && s.DB.Now().Sub(l.at) < rest*l.took {
			return nil
		}
		return s.Learn(ctx)
	}}
}

// OnCoded has f called after every step of coding: to have the job run.
func (s *Service) OnCoded(f func()) { s.desk.wake = f }

// Learn learns from what people have coded, where something was since it last did. Without codings it goes by the names, definitions
// and examples of themes. It needs the right to manage feedback.
func (s *Service) Learn(ctx context.Context) error {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return err
	}
	l, began := &learnt{}, time.Now()
	read := s.DB.Read(ctx)
	if err := l.versions(read); err != nil {
		return err
	}
	if old := s.desk.learnt.Load(); old != nil && old.steps == l.steps && old.version == l.version {
		return nil
	}
	if err := s.desk.reload(read); err != nil {
		return err
	}
	m, err := readLessons(read)
	if err != nil {
		return err
	}
	sample, err := s.sample(ctx)
	if err != nil {
		return err
	}
	l.model, err = classify.Train(ctx, m.examples, m.book, classify.Options{Unlabelled: texts(sample)})
	if errors.Is(err, classify.ErrNoThemes) {
		s.desk.learnt.Store(nil)
		return nil
	}
	if err != nil {
		return fmt.Errorf("learn from what was coded: %w", err)
	}
	l.themes, l.codings, l.examples, l.took, l.at = m.themes, m.codings, len(m.examples), time.Since(began), s.DB.Now()
	l.score(sample)
	s.desk.learnt.Store(l)
	return nil
}

func (l *learnt) versions(read *gorm.DB) error {
	var now struct{ Steps, Version int64 }
	err := read.Raw("SELECT (SELECT coalesce(max(id), 0) FROM coding_steps) AS steps, (SELECT coalesce(max(id), 0) FROM theme_changes) AS version").Scan(&now).Error
	l.steps, l.version = now.Steps, now.Version
	return err
}

// lessons are what is learnt from.
type lessons struct {
	examples []classify.Example
	book     []classify.Theme
	themes   map[string]Theme
	codings  map[string]int
}

func readLessons(read *gorm.DB) (m lessons, err error) {
	m.themes, m.codings = map[string]Theme{}, map[string]int{}
	themes, err := readThemes(read)
	if err != nil {
		return m, err
	}
	for _, t := range themes {
		if !t.Live() {
			continue
		}
		m.themes[t.Code] = t
		examples := strings.FieldsFunc(t.Included+"\n"+t.Examples, func(r rune) bool { return r == '\n' })
		m.book = append(m.book, classify.Theme{Code: t.Code, Name: t.Name, Definition: t.Definition, Examples: examples})
	}
	var rows []struct {
		ID        int64
		CommentID int64
		Text      string
	}
	err = read.Raw(`SELECT r.id, r.comment_id, c.text FROM comment_readings r JOIN comments c ON c.id = r.comment_id
		WHERE r.counts AND r.verdict IN ('coded', 'none') AND c.text <> '' ORDER BY r.read_at DESC, r.id DESC LIMIT ?`, mostExamples).Scan(&rows).Error
	if err != nil {
		return m, fmt.Errorf("read what was coded: %w", err)
	}
	given, err := readGiven(read)
	if err != nil {
		return m, err
	}
	for _, row := range rows {
		codes := given[row.ID]
		m.examples = append(m.examples, classify.Example{ID: fmt.Sprint(row.CommentID), Text: row.Text, Themes: codes})
		for _, code := range codes {
			m.codings[code]++
		}
	}
	return m, nil
}

// readGiven gives the codes of live themes by reading.
func readGiven(read *gorm.DB) (map[int64][]string, error) {
	var rows []struct {
		ReadingID int64
		Code      string
	}
	err := read.Raw(`SELECT DISTINCT k.reading_id, t.code FROM codings k JOIN themes t ON t.id = k.theme_id WHERE k.counts AND t.retired_at IS NULL AND NOT t.gone
		AND k.reading_id IN (SELECT id FROM comment_readings WHERE counts AND verdict = 'coded' ORDER BY read_at DESC, id DESC LIMIT ?) ORDER BY k.reading_id, t.code`, mostExamples).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the themes that were given: %w", err)
	}
	given := map[int64][]string{}
	for _, row := range rows {
		given[row.ReadingID] = append(given[row.ReadingID], row.Code)
	}
	return given, nil
}

// short is a comment's words.
type short struct {
	ID   int64
	Text string
}

func texts(all []short) (words []string) {
	for _, c := range all {
		words = append(words, c.Text)
	}
	return words
}

// sample gives some of the comments that wait, by chance.
func (s *Service) sample(ctx context.Context) (some []short, err error) {
	ids := s.desk.some(mostScored)
	if len(ids) == 0 {
		return nil, nil
	}
	err = s.DB.Read(ctx).Raw("SELECT id, text FROM comments WHERE id IN ? AND text <> '' ORDER BY id", ids).Scan(&some).Error
	if err != nil {
		return nil, fmt.Errorf("read comments that wait: %w", err)
	}
	return some, nil
}

// score asks about comments that wait: which are least certain, which a theme fits, and which nothing fits.
func (l *learnt) score(sample []short) {
	type guess struct {
		id    int64
		first float64
	}
	type fit struct {
		id     int64
		chance float64
	}
	var guesses []guess
	fits := map[int64][]fit{}
	for _, c := range sample {
		all := l.model.Suggest(c.Text)
		guesses = append(guesses, guess{c.ID, all[0].Confidence})
		for _, one := range all[:min(shownSuggestions, len(all))] {
			if t, live := l.themes[one.Theme]; live {
				fits[t.ID] = append(fits[t.ID], fit{c.ID, one.Confidence})
			}
		}
	}
	slices.SortFunc(guesses, func(a, b guess) int { return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.id, b.id)) })
	for _, g := range guesses {
		l.uncertain = append(l.uncertain, g.id)
	}
	l.likely = map[int64][]int64{}
	for theme, some := range fits {
		slices.SortFunc(some, func(a, b fit) int { return cmp.Or(cmp.Compare(b.chance, a.chance), cmp.Compare(a.id, b.id)) })
		for _, f := range some {
			l.likely[theme] = append(l.likely[theme], f.id)
		}
	}
	for _, c := range l.model.Candidates(texts(sample)) {
		n := NewTheme{Phrases: c.Phrases}
		for _, place := range c.Comments {
			n.Comments = append(n.Comments, sample[place].ID)
		}
		l.candidates = append(l.candidates, n)
	}
}

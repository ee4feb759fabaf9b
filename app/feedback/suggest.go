package feedback

import (
	"context"
	"fmt"

	"conversations/app/accounts"
	"conversations/app/database"
	"conversations/app/feedback/classify"
)

const (
	shownSuggestions = 5
	alwaysShown      = 3    // of them, however unlikely
	worthShowing     = 0.05 // the chance that the others need
	mostExamples     = 4000 // codings that are learnt from, the newest: more made suggestions no better and learning slow
	mostScored       = 2000 // comments that wait, a sample, that the orders and the candidates for themes are drawn from
	rest             = 10   // times as long as learning took: the pause before it learns again
	fewCodings       = 10   // below these a suggestion of the theme is a guess
)

// Suggested is a theme that may fit a comment.
type Suggested struct {
	Theme      Theme
	Confidence float64  // how probable it is that people would give it, 0 to 1
	Sure       string   // the same in words
	Words      []string // of the comment, that spoke for it most
	Applies    bool     // sure enough to stand before the others
}

// Suggestions gives the themes that most likely fit a comment, the best first; none before anything is learnt. It never codes by
// itself. It needs the right to manage feedback.
func (s *Service) Suggestions(ctx context.Context, c Comment) (list []Suggested, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return nil, err
	}
	l := s.desk.learnt.Load()
	if l == nil {
		if s.desk.wake != nil {
			s.desk.wake()
		}
		return nil, nil
	}
	if c.Text == "" {
		return nil, nil
	}
	live, err := s.live(ctx)
	if err != nil {
		return nil, err
	}
	for _, one := range l.model.Suggest(c.Text) {
		t, known := live[l.themes[one.Theme].ID]
		if known && (len(list) < alwaysShown || len(list) < shownSuggestions && one.Confidence >= worthShowing) {
			list = append(list, Suggested{t, one.Confidence, l.sure(one), one.Words, one.Applies})
		}
	}
	return list, nil
}

// live are the themes as they are now: one may have been retired since the suggestions learnt.
func (s *Service) live(ctx context.Context) (map[int64]Theme, error) {
	var themes []Theme
	if err := s.DB.Read(ctx).Raw("SELECT * FROM themes WHERE retired_at IS NULL AND NOT gone").Scan(&themes).Error; err != nil && !database.IsNotFound(err) {
		return nil, fmt.Errorf("read the live themes: %w", err)
	}
	byID := map[int64]Theme{}
	for _, t := range themes {
		byID[t.ID] = t
	}
	return byID, nil
}

// sure says a confidence in words. A theme with few codings is never called more than a guess.
func (l *learnt) sure(one classify.Suggestion) string {
	switch {
	case l.codings[one.Theme] < fewCodings:
		return "a guess: few comments have it yet"
	case one.Confidence >= 0.8:
		return "very likely"
	case one.Confidence >= 0.5:
		return "likely"
	case one.Confidence >= 0.2:
		return "perhaps"
	}
	return "not likely"
}

// some gives up to so many of the comments that wait, by chance.
func (d *desk) some(most int) (ids []int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i, w := range d.waiting {
		if len(ids) < most {
			ids = append(ids, w.id)
		} else if at := pick(i + 1); at < most {
			ids[at] = w.id
		}
	}
	return ids
}

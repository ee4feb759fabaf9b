package feedback

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"
)

// Answer is what everybody may read: what people said, and what was done about it.
type Answer struct {
	frozenAction

	Slug        string
	PublishedAt time.Time
	Quotes      []LockedQuote // those that still hold
}

// Answers gives everybody the published answers about a locality, with those about all areas; "" is all. The newest come
// first. Quotes whose permission or redaction has changed since are not among them.
func (s *Service) Answers(ctx context.Context, locality string) (list []Answer, err error) {
	var rows []Action
	if err := s.DB.Read(ctx).Raw(`SELECT * FROM actions WHERE published <> '' ORDER BY published_at DESC, id DESC`).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the published answers: %w", err)
	}
	themes, err := readThemes(s.DB.Read(ctx))
	if err != nil {
		return nil, err
	}
	for _, a := range rows {
		answer, err := s.answer(ctx, a, themes)
		if err != nil {
			return nil, err
		}
		if locality == "" || answer.Locality == locality || answer.Locality == "" { // as published: a later draft may say otherwise
			list = append(list, answer)
		}
	}
	return list, nil
}

// answer is what was approved, under the theme that took up its own if that was merged since.
func (s *Service) answer(ctx context.Context, a Action, themes []Theme) (answer Answer, err error) {
	answer = Answer{Slug: a.Slug}
	if err := json.Unmarshal([]byte(a.Published), &answer.frozenAction); err != nil {
		return answer, fmt.Errorf("read published answer %d: %w", a.ID, err)
	}
	if stands := standing(themes, answer.ThemeID); stands != answer.ThemeID {
		answer.Theme = themeOf(themes, stands).Name
	}
	if a.PublishedAt != nil {
		answer.PublishedAt = *a.PublishedAt
	}
	answer.Quotes, err = s.quotesInOrder(ctx, answer.frozenAction.Quotes)
	return answer, err
}

// whether keeps for a moment whether anything is published: every public page asks.
type whether struct {
	sync.Mutex
	known  bool
	answer bool
	until  time.Time
}

// keptFor is for how long another instance may not have heard that something was published.
const keptFor = 10 * time.Second

func (w *whether) forget() {
	w.Lock()
	defer w.Unlock()
	w.known = false
}

// AnyAnswers says whether the website has an answer to show.
func (s *Service) AnyAnswers(ctx context.Context) bool {
	w := s.said
	w.Lock()
	defer w.Unlock()
	if w.known && s.DB.Now().Before(w.until) {
		return w.answer
	}
	var n int
	if err := s.DB.Read(ctx).Raw(`SELECT count(*) FROM (SELECT 1 FROM actions WHERE published <> '' LIMIT 1) AS one`).Scan(&n).Error; err != nil {
		return w.answer // as it was: a page is not refused for one link
	}
	w.known, w.answer, w.until = true, n > 0, s.DB.Now().Add(keptFor)
	return w.answer
}

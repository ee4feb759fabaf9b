package feedback

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"conversations/app/accounts"
	"conversations/app/database"
	"conversations/app/events/minutes"
	"conversations/app/fault"
	"conversations/app/jobs"
	"conversations/app/surveys"
)

// takenAtOnce is how many comments are taken in in one transaction.
const takenAtOnce = 50

// withResponse is why a comment is aside whose response is.
const withResponse = "The answers to the survey were set aside."

// TakeResponse follows a response to a survey in the transaction in which it comes to count or stops counting: what was
// written comes in, is set aside, or put back. It is made for surveys' OnSubmitted.
func (s *Service) TakeResponse(ctx context.Context, tx *database.Tx, r surveys.Response) error {
	from, to := fmt.Sprintf("survey:%d:", r.ID), fmt.Sprintf("survey:%d;", r.ID) // ; comes after :
	if r.State != surveys.Complete {
		err := tx.Exec("UPDATE comments SET set_aside = ?, version = version + 1 WHERE source_key > ? AND source_key < ? AND set_aside = ''", withResponse, from, to).Error
		if err != nil {
			return fmt.Errorf("set the comments of response %d aside: %w", r.ID, err)
		}
		return nil
	}
	err := tx.Exec("UPDATE comments SET set_aside = '', version = version + 1 WHERE source_key > ? AND source_key < ? AND set_aside = ?", from, to, withResponse).Error
	if err != nil {
		return fmt.Errorf("put the comments of response %d back: %w", r.ID, err)
	}
	texts, err := s.Surveys.FreeTextsOf(tx, r.ID)
	if err != nil {
		return err
	}
	_, err = s.addAll(ctx, tx, fromSurvey(texts))
	return err
}

func fromSurvey(texts []surveys.FreeText) (all []NewComment) {
	for _, t := range texts {
		all = append(all, NewComment{Source: FromSurvey, SourceKey: fmt.Sprintf("survey:%d:%d", t.ResponseID, t.QuestionID), About: t.Question, Text: t.Text, EventID: t.EventID,
			Locality: t.Locality, SaidOn: t.On, Equality: t.Equality, QuoteOK: t.QuoteOK, Recontact: t.Recontact, Who: whoWrote(t)})
	}
	return all
}

// whoWrote is who wrote in a survey, so that they can be told what came of it, and find what they said; nil is not known.
func whoWrote(t surveys.FreeText) *Person {
	if t.Writer == (surveys.Writer{}) {
		return nil
	}
	return &Person{Name: t.Writer.Name, Email: t.Writer.Email, Phone: t.Writer.Phone, Wording: t.Writer.Wording}
}

// addAll takes comments in; one without words is passed over.
func (s *Service) addAll(ctx context.Context, tx *database.Tx, all []NewComment) (added int, err error) {
	for _, n := range all {
		_, is, err := s.AddTx(ctx, tx, n)
		if fault.KindOf(err) == fault.Invalid {
			continue
		}
		if err != nil {
			return added, err
		}
		if is {
			added++
		}
	}
	return added, nil
}

// IntakeJob takes in what was written in surveys that are over and what people asked when booking.
func (s *Service) IntakeJob() jobs.Job {
	return jobs.Job{Name: "comments", Every: 10 * time.Minute, Lease: 10 * time.Minute, Run: func(ctx context.Context) error {
		_, err := s.TakeIn(ctx)
		return err
	}}
}

// TakeIn takes in everything that surveys and bookings hold and that is not here yet, and says how much it was. It can be
// broken off anywhere; run again, it goes on. It needs the right to manage feedback.
func (s *Service) TakeIn(ctx context.Context) (added int, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return 0, err
	}
	fromSurveys, err := s.takeSurveys(ctx)
	if err != nil {
		return fromSurveys, err
	}
	fromBookings, err := s.takeQuestions(ctx)
	return fromSurveys + fromBookings, err
}

func (s *Service) takeSurveys(ctx context.Context) (added int, err error) {
	const page = 500
	for place := (surveys.FreeTextPlace{}); ; {
		texts, err := s.Surveys.FreeTexts(ctx, place, page)
		if err != nil {
			return added, err
		}
		n, err := s.takeAll(ctx, fromSurvey(texts))
		if added += n; err != nil || len(texts) < page {
			return added, err
		}
		place = texts[len(texts)-1].Place()
	}
}

// takeAll takes in those that are not here yet, in chunks.
func (s *Service) takeAll(ctx context.Context, all []NewComment) (added int, err error) {
	for len(all) > 0 {
		chunk := all[:min(takenAtOnce, len(all))]
		all = all[len(chunk):]
		known, err := s.knownKeys(ctx, chunk)
		if err != nil {
			return added, err
		}
		var fresh []NewComment
		for _, n := range chunk {
			if !known[n.SourceKey] {
				fresh = append(fresh, n)
			}
		}
		if len(fresh) == 0 {
			continue
		}
		var n int
		if err := s.DB.Write(ctx, func(tx *database.Tx) (err error) {
			n, err = s.addAll(ctx, tx, fresh)
			return err
		}); err != nil {
			return added, err
		}
		added += n
	}
	return added, nil
}

// knownKeys are the keys that comments have already.
func (s *Service) knownKeys(ctx context.Context, all []NewComment) (map[string]bool, error) {
	keys := make([]string, len(all))
	for i, n := range all {
		keys[i] = n.SourceKey
	}
	var found []string
	if err := s.DB.Read(ctx).Raw("SELECT source_key FROM comments WHERE source_key IN ?", keys).Scan(&found).Error; err != nil {
		return nil, fmt.Errorf("look for comments by their keys: %w", err)
	}
	known := make(map[string]bool, len(found))
	for _, key := range found {
		known[key] = true
	}
	return known, nil
}

// takeQuestions takes in what people asked the panel when booking: their question, and never what they need.
func (s *Service) takeQuestions(ctx context.Context) (added int, err error) {
	for {
		var rows []struct {
			ID, EventID                            int64
			Question, Name, Email, Phone, Locality string
			QuoteOK                                bool `gorm:"column:quote_ok"`
			Recontact                              bool
			CreatedAt                              time.Time
		}
		err := s.DB.Read(ctx).Raw(`SELECT b.id, b.event_id, b.question, b.name, b.email, b.phone, e.locality, b.quote_ok, b.recontact, b.created_at FROM bookings b JOIN events e ON e.id = b.event_id
			WHERE b.question <> '' AND b.status <> 'cancelled' AND NOT EXISTS (SELECT 1 FROM comments c WHERE c.source_key = 'booking:' || b.id) ORDER BY b.id LIMIT ?`, takenAtOnce).Scan(&rows).Error
		if err != nil {
			return added, fmt.Errorf("read the questions for the panel: %w", err)
		}
		var all []NewComment
		for _, r := range rows {
			all = append(all, NewComment{Source: FromQuestion, SourceKey: fmt.Sprintf("booking:%d", r.ID), About: "Question for the panel", Text: r.Question, EventID: &r.EventID,
				Locality: r.Locality, SaidOn: r.CreatedAt.In(s.Config.Zone()).Format(time.DateOnly), QuoteOK: r.QuoteOK, Recontact: r.Recontact, Who: &Person{Name: r.Name, Email: r.Email, Phone: r.Phone}})
		}
		n, err := s.takeAll(ctx, all)
		if added += n; err != nil || len(rows) < takenAtOnce || n == 0 {
			return added, err
		}
	}
}

// Noted is a piece of the record of an event that can be taken in.
type Noted struct {
	New  NewComment
	Kind minutes.Kind
	Here bool // it is a comment already
}

// NotedAt gives what was asked and noted at an event, in the order of its record. Answers are what we said, and are not
// among them.
func (s *Service) NotedAt(ctx context.Context, slug string) (list []Noted, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return nil, err
	}
	e, err := s.Events.BySlug(ctx, slug)
	if err != nil {
		return nil, err
	}
	record, err := s.Events.Record(ctx, e.ID)
	if err != nil {
		return nil, err
	}
	day := ""
	if e.StartsAt != nil {
		day = e.StartsAt.In(e.Zone()).Format(time.DateOnly)
	}
	var all []NewComment
	for _, p := range record.Of(minutes.Question, minutes.Point, minutes.Unplaced) {
		n := NewComment{Source: FromMeeting, SourceKey: fmt.Sprintf("record:%d:%s", e.ID, digestOf(p.Text)), Text: p.Text, EventID: &e.ID, Locality: e.Locality, SaidOn: day}
		if p.BookingID != nil {
			n.SourceKey = fmt.Sprintf("booking:%d", *p.BookingID)
		}
		if p.Kind == minutes.Question {
			n.About = "Asked at the event"
		}
		list, all = append(list, Noted{New: n, Kind: p.Kind}), append(all, n)
	}
	if len(all) == 0 {
		return nil, nil
	}
	known, err := s.knownKeys(ctx, all)
	for i := range list {
		list[i].Here = known[list[i].New.SourceKey]
	}
	return list, err
}

// TakeNoted takes in pieces of an event's record by their keys, and says how many were not here yet.
func (s *Service) TakeNoted(ctx context.Context, slug string, keys []string) (added int, err error) {
	list, err := s.NotedAt(ctx, slug)
	if err != nil {
		return 0, err
	}
	var chosen []NewComment
	for _, n := range list {
		for _, key := range keys {
			if n.New.SourceKey == key {
				chosen = append(chosen, n.New)
			}
		}
	}
	if len(chosen) == 0 {
		return 0, fault.Fields{{Name: "pieces", Message: "Choose at least one"}}.Err()
	}
	return s.takeAll(ctx, chosen)
}

// digestOf is a short digest of texts, to know the same again by.
func digestOf(texts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(texts, "\x00")))
	return hex.EncodeToString(sum[:12])
}

// notFound says whether an error is that nothing is there.
func notFound(err error) bool {
	f, ok := errors.AsType[*fault.Error](err)
	return ok && f.Kind == fault.NotFound
}

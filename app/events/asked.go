package events

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/events/minutes"
	"conversations/app/fault"
)

// AskedQuestion is a question for the panel that somebody asked when booking. It carries no name.
type AskedQuestion struct {
	BookingID int64
	Text      string
	QuoteOK   bool // it may be read by everybody in these words
}

// PanelQuestion is what staff do with a question that was asked: a row of the table panel_questions.
type PanelQuestion struct {
	BookingID  int64 `gorm:"primaryKey"`
	EventID    int64
	Position   int    // in the chair's order; 0 is no place yet
	Words      string // the question as it may be read by everybody
	Role       string // of who asked: one of minutes.Roles
	Answer     string
	AnsweredBy string // an office
	AnsweredAt *time.Time
	WithID     *int64     // the question whose answer is this one's too
	TakenAt    *time.Time // into the record
}

// TableName is the table that staff's work on questions lives in.
func (PanelQuestion) TableName() string { return "panel_questions" }

// Asked is a question with what staff have done with it.
type Asked struct {
	AskedQuestion
	PanelQuestion PanelQuestion
}

// Answered says whether there is an answer, its own or another's.
func (a Asked) Answered() bool { return a.PanelQuestion.AnsweredAt != nil }

// AskedQuestions gives the questions for the panel of an event in the chair's order, alike ones together.
func (s *Service) AskedQuestions(ctx context.Context, eventID int64) ([]QuestionGroup, error) {
	if err := mayManage(ctx); err != nil {
		return nil, err
	}
	list, err := s.asked(ctx, s.db.Read(ctx), eventID)
	if err != nil {
		return nil, err
	}
	return GroupQuestions(list), nil
}

// asked reads the questions of an event, those with a place in the chair's order first.
func (s *Service) asked(ctx context.Context, db *gorm.DB, eventID int64) ([]Asked, error) {
	if s.Questions == nil {
		return nil, nil
	}
	questions, err := s.Questions(ctx, eventID)
	if err != nil {
		return nil, err
	}
	var work []PanelQuestion
	if err := db.Where("event_id = ?", eventID).Find(&work).Error; err != nil {
		return nil, fmt.Errorf("read the panel's questions of event %d: %w", eventID, err)
	}
	known := map[int64]PanelQuestion{}
	for _, w := range work {
		known[w.BookingID] = w
	}
	list := make([]Asked, len(questions))
	for i, q := range questions {
		w := known[q.BookingID]
		w.BookingID, w.EventID = q.BookingID, eventID
		list[i] = Asked{q, w}
	}
	return inChairsOrder(list), nil
}

// OrderQuestions puts the questions of an event in the order in which their bookings are named. Questions that are
// not named come after them.
func (s *Service) OrderQuestions(ctx context.Context, eventID int64, bookingIDs []int64) error {
	if err := mayManage(ctx); err != nil {
		return err
	}
	list, err := s.asked(ctx, s.db.Read(ctx), eventID)
	if err != nil {
		return err
	}
	places := map[int64]int{}
	for i, id := range bookingIDs {
		places[id] = i + 1
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		if _, err := lock(tx, eventID); err != nil {
			return err
		}
		for _, q := range list {
			err := tx.Exec(`INSERT INTO panel_questions (booking_id, event_id, position) VALUES (?, ?, ?)
				ON CONFLICT (booking_id) DO UPDATE SET position = excluded.position`, q.BookingID, eventID, places[q.BookingID]).Error
			if err != nil {
				return fmt.Errorf("put the questions of event %d in order: %w", eventID, err)
			}
		}
		return audit.Record(ctx, tx, "questions.order", "events", eventID, audit.Details{"bookings": bookingIDs})
	})
}

// AnswerForm is what staff type about a question for the panel.
type AnswerForm struct {
	Words      string   `form:"words,lines"`
	Role       string   `form:"role"`
	Answer     string   `form:"answer,lines"`
	AnsweredBy string   `form:"answered_by"`
	Also       []string `form:"also"` // bookings whose question the same answer is for
	Take       string   `form:"take"` // "yes": into the record as well
}

// AnswerQuestion notes the answer to a question, and to those that are the same; with Take it also puts both into
// the draft of the record. Words that their writer did not allow to be quoted are refused.
func (s *Service) AnswerQuestion(ctx context.Context, eventID, bookingID int64, f AnswerForm) error {
	if err := mayManage(ctx); err != nil {
		return err
	}
	list, err := s.asked(ctx, s.db.Read(ctx), eventID)
	if err != nil {
		return err
	}
	q, err := find(list, bookingID)
	if err != nil {
		return err
	}
	if err := f.check(q, list); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		if f.Take == "yes" {
			if err := takeIntoRecord(ctx, tx, eventID, q, f); err != nil {
				return err
			}
		}
		return f.store(ctx, tx, q, list)
	})
}

func find(list []Asked, bookingID int64) (Asked, error) {
	for _, q := range list {
		if q.BookingID == bookingID {
			return q, nil
		}
	}
	return Asked{}, fault.New(fault.NotFound, "There is no such question.")
}

func (f *AnswerForm) check(q Asked, list []Asked) error {
	r := &reading{}
	f.Words = r.text("words", f.Words, maxNoteCharacters, "The question")
	if f.Words == "" {
		r.fields.Add("words", "Write the question as everybody may read it")
	}
	for _, other := range list {
		if !other.QuoteOK && sameWords(f.Words, other.Text) && !(q.QuoteOK && sameWords(f.Words, q.Text)) && !r.fields.Has("words") {
			r.fields.Add("words", "Who asked this did not agree to be quoted. Write the question in your own words")
		}
	}
	if !isRole(f.Role) {
		r.fields.Add("role", "Choose the role of who asked. Do not write a name")
	}
	f.Answer = r.text("answer", f.Answer, maxTextCharacters, "The answer")
	if f.Answer == "" {
		r.fields.Add("answer", "Write the answer")
	}
	f.AnsweredBy = r.line("answered_by", f.AnsweredBy, maxLineCharacters, "The office")
	if f.AnsweredBy == "" {
		r.fields.Add("answered_by", "Write which office answered")
	}
	return r.fields.Err()
}

func isRole(role string) bool {
	for _, known := range minutes.Roles() {
		if role == known {
			return true
		}
	}
	return false
}

func sameWords(a, b string) bool {
	return strings.Join(wordsOf(a), " ") == strings.Join(wordsOf(b), " ")
}

// store writes the answer down, at its question and at those that it is for as well.
func (f AnswerForm) store(ctx context.Context, tx *database.Tx, q Asked, list []Asked) error {
	now := tx.Now()
	own := q.PanelQuestion
	own.Words, own.Role, own.Answer, own.AnsweredBy, own.AnsweredAt, own.WithID = f.Words, f.Role, f.Answer, f.AnsweredBy, &now, nil
	if f.Take == "yes" {
		own.TakenAt = &now
	}
	saved := []error{tx.Save(&own).Error}
	for _, id := range f.Also {
		for _, other := range list {
			if fmt.Sprint(other.BookingID) == id && other.BookingID != q.BookingID {
				same := other.PanelQuestion
				same.AnsweredAt, same.WithID, same.TakenAt = &now, &own.BookingID, own.TakenAt
				saved = append(saved, tx.Save(&same).Error)
			}
		}
	}
	if err := errors.Join(saved...); err != nil {
		return fmt.Errorf("store the answer to a question: %w", err)
	}
	return audit.Record(ctx, tx, "question.answer", "bookings", q.BookingID,
		audit.Details{"event": q.PanelQuestion.EventID, "also": len(saved) - 1, "taken": f.Take == "yes"})
}

// takeIntoRecord adds a question and its answer at the end of the draft record, once.
func takeIntoRecord(ctx context.Context, tx *database.Tx, eventID int64, q Asked, f AnswerForm) error {
	if q.PanelQuestion.TakenAt != nil {
		return fault.New(fault.Conflict, "This question is in the record already. Change it there.")
	}
	r, err := lockRecord(tx, eventID)
	if err != nil {
		return err
	}
	switch r.State {
	case "":
		r.State, r.CreatedAt = RecordDraft, tx.Now()
	case RecordDraft:
	default:
		return fault.New(fault.Conflict, "The record is "+strings.ToLower(r.State.Words())+". Withdraw it first. Then put the question into it.")
	}
	r.Version++
	r.EditedBy, r.EditedAt = audit.ActorFrom(ctx).ID, tx.Now()
	if err := storeRecord(tx, r); err != nil {
		return err
	}
	question := RecordPart{EventID: eventID, Position: len(r.Parts) + 1, Kind: minutes.Question, Text: f.Words, Who: f.Role}
	if sameWords(f.Words, q.Text) {
		question.BookingID = &q.BookingID
	}
	answer := RecordPart{EventID: eventID, Position: len(r.Parts) + 2, Kind: minutes.Answer, Text: f.Answer, Who: f.AnsweredBy}
	if err := errors.Join(tx.Create(&question).Error, tx.Create(&answer).Error); err != nil {
		return fmt.Errorf("put a question into the record of event %d: %w", eventID, err)
	}
	return audit.Record(ctx, tx, "record.question", "records", eventID, audit.Details{"version": r.Version, "booking": q.BookingID})
}

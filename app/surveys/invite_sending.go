package surveys

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"conversations/app/audiences"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// Sending is invitations or reminders that staff send at once: a row of the table survey_sendings.
type Sending struct {
	ID        int64
	SurveyID  int64
	Kind      SendingKind
	State     SendingState
	Purpose   string // of contacts: what they agreed to; "" is who came
	Rule      string // JSON: which contacts
	ListID    *int64
	Subject   string
	Body      string
	HoldUntil *time.Time // until then it can be called back
	MailingID int64      // of the outbox; 0 is none
	People    int        // written to so far
	Why       string     // why it was stopped
	Version   int64
	CreatedBy *int64
	CreatedAt time.Time
	SentAt    *time.Time
}

// TableName is the table that sendings live in.
func (Sending) TableName() string { return sendingsTable }

const sendingsTable = "survey_sendings"

// SendingKind is whom a sending is to.
type SendingKind string

// The kinds of sending.
const (
	ToThoseWhoCame SendingKind = "came"
	ToContacts     SendingKind = "contacts"
	ToRemind       SendingKind = "reminder"
)

// SendingState is how far a sending is.
type SendingState string

// The states of a sending.
const (
	SendingDraft   SendingState = "draft"
	SendingGoing   SendingState = "going" // in its hold, or leaving
	SendingSent    SendingState = "sent"
	SendingStopped SendingState = "stopped"
)

// SendingForm is what staff typed about a sending. The rule and the purpose are of contacts alone.
type SendingForm struct {
	Subject string   `form:"subject"`
	Body    string   `form:"body,lines"`
	Any     []string `form:"any"`
	All     []string `form:"all"`
	None    []string `form:"none"`
	Purpose string   `form:"purpose"`
	Version int64    `form:"version"`
}

const (
	maxSubjectCharacters = 120
	maxLetterCharacters  = 3_000
)

// NewSending makes a draft. purpose is that of the invitations that are reminded of.
func (s *Service) NewSending(ctx context.Context, surveyID int64, kind SendingKind, purpose string) (d Sending, err error) {
	if err := mayBuild(ctx); err != nil {
		return d, err
	}
	form, err := s.FormOf(ctx, surveyID, "")
	if err != nil {
		return d, err
	}
	if err := s.mustTake(form.Survey); err != nil {
		return d, err
	}
	fresh := Sending{SurveyID: surveyID, Kind: kind, State: SendingDraft, Version: 1, CreatedBy: audit.StaffID(ctx)}
	switch kind {
	case ToThoseWhoCame:
		if form.Survey.EventID == nil {
			return d, fault.New(fault.Conflict, "This survey is about no event. Choose one under Settings.")
		}
	case ToContacts:
		fresh.Purpose = s.Config.Contacts.Purposes[0].Slug
	case ToRemind:
		fresh.Purpose = purpose
	default:
		return d, oneProblem("kind", "Choose who it is for")
	}
	fresh.Subject, fresh.Body = s.usualWords(ctx, form, kind)
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		d = fresh
		d.CreatedAt = tx.Now()
		if err := tx.Create(&d).Error; err != nil {
			return fmt.Errorf("store a sending: %w", err)
		}
		return audit.Record(ctx, tx, "survey.sending_make", "surveys", surveyID, audit.Details{"sending": d.ID, "kind": kind})
	})
	return d, err
}

// SaveSending stores the words of a draft and, of contacts, whom it is for: the list of them is made anew. The error is an
// Invalid fault with a message at each field, NotFound, or Conflict.
func (s *Service) SaveSending(ctx context.Context, surveyID, id int64, f SendingForm) (d Sending, err error) {
	stored, err := s.sending(ctx, surveyID, id)
	if err != nil {
		return d, err
	}
	rule := audiences.ReadRule(f.Any, f.All, f.None)
	var problems fault.Fields
	f.check(&problems)
	if stored.Kind == ToContacts {
		err := s.Audiences.Check(rule, f.Purpose)
		problems = append(problems, fieldsOf(err)...)
	}
	if err := problems.Err(); err != nil {
		return d, err
	}
	d, err = s.changeSending(ctx, surveyID, id, f.Version, "survey.sending_save", func(_ *database.Tx, d *Sending) error {
		if d.State != SendingDraft {
			return alreadyOut()
		}
		d.Subject, d.Body = f.Subject, f.Body
		if d.Kind == ToContacts {
			d.Rule, d.Purpose, d.ListID = rule.JSON(), f.Purpose, nil
		}
		return nil
	})
	if err != nil || d.Kind != ToContacts {
		return d, err
	}
	return s.listFor(ctx, d, rule)
}

func (f SendingForm) check(problems *fault.Fields) {
	if f.Subject == "" {
		problems.Add("subject", "Enter a subject")
	}
	if strings.TrimSpace(f.Body) == "" {
		problems.Add("body", "Enter what the email says")
	}
	limited(problems, "subject", f.Subject, maxSubjectCharacters)
	limited(problems, "body", f.Body, maxLetterCharacters)
}

// fieldsOf are the messages of an Invalid fault.
func fieldsOf(err error) fault.Fields {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Fields
	}
	return nil
}

// listFor makes the list of who a draft goes to.
func (s *Service) listFor(ctx context.Context, d Sending, rule audiences.Rule) (Sending, error) {
	list, err := s.Audiences.Make(ctx, audiences.Request{Rule: rule, Purpose: d.Purpose, About: sendingsTable, AboutID: d.ID})
	if err != nil {
		return d, err
	}
	d, err = s.changeSending(ctx, d.SurveyID, d.ID, d.Version, "survey.sending_list", func(_ *database.Tx, d *Sending) error {
		d.ListID = &list.ID
		return nil
	})
	if err != nil {
		return d, err
	}
	return d, s.Audiences.Drop(ctx, sendingsTable, d.ID, list.ID)
}

// sending reads one; NotFound where there is none.
func (s *Service) sending(ctx context.Context, surveyID, id int64) (d Sending, err error) {
	if err := mayBuild(ctx); err != nil {
		return d, err
	}
	err = database.First(s.DB.Read(ctx).Raw("SELECT * FROM survey_sendings WHERE id = ? AND survey_id = ?", id, surveyID), &d)
	if database.IsNotFound(err) {
		return d, noSending()
	}
	return d, err
}

func noSending() error { return fault.New(fault.NotFound, "There are no such invitations.") }

func alreadyOut() error {
	return fault.New(fault.Conflict, "This is on its way already, so it stays as it is.")
}

// changeSending changes a sending, its version rising. version is that which was shown; 0 is any.
func (s *Service) changeSending(ctx context.Context, surveyID, id, version int64, action string, change func(*database.Tx, *Sending) error) (d Sending, err error) {
	if err := mayBuild(ctx); err != nil {
		return d, err
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		if d, err = lockSending(tx, id); err != nil {
			return err
		}
		if d.SurveyID != surveyID {
			return noSending()
		}
		if version != 0 && d.Version != version {
			return fault.New(fault.Conflict, "Somebody else changed this while you were looking. Look at theirs, and do it again.")
		}
		if err := change(tx, &d); err != nil {
			return err
		}
		d.Version++
		if err := tx.Save(&d).Error; err != nil {
			return fmt.Errorf("store sending %d: %w", id, err)
		}
		return audit.Record(ctx, tx, action, "surveys", surveyID, audit.Details{"sending": id, "kind": d.Kind})
	})
	return d, err
}

func lockSending(tx *database.Tx, id int64) (d Sending, err error) {
	err = database.First(tx.Raw("SELECT * FROM survey_sendings WHERE id = ?"+tx.ForUpdate(), id), &d)
	if database.IsNotFound(err) {
		return d, noSending()
	}
	return d, err
}

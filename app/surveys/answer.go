package surveys

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"conversations/app/database"
	"conversations/app/fault"
)

// LinkPurpose binds the links under which people answer: "come back later" is such a link.
const LinkPurpose = "survey"

// tries is how often an answer is checked anew because the survey was changed under it.
const tries = 3

// errChanged says that a survey was changed between reading its form and storing an answer.
var errChanged = errors.New("the survey was changed meanwhile")

// BySlug finds a survey that people can see: one that is not a draft. NotFound where there is none.
func (s *Service) BySlug(ctx context.Context, slug, language string) (Form, error) {
	var id int64
	err := s.DB.Read(ctx).Raw("SELECT id FROM surveys WHERE slug = ? AND state <> 'draft'", slug).Scan(&id).Error
	if err != nil {
		return Form{}, fmt.Errorf("find a survey: %w", err)
	}
	return s.FormOf(ctx, id, language)
}

// Begin starts a response to an open survey, and gives the token of the link under which it is answered.
func (s *Service) Begin(ctx context.Context, form Form) (token string, err error) {
	if err := s.accepting(form.Survey); err != nil {
		return "", err
	}
	if form.Survey.Anonymous {
		return s.beginBallot(ctx, form)
	}
	r := Response{SurveyID: form.Survey.ID, State: Drafting, Channel: "online", Language: form.Language, EventID: form.Survey.EventID}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		now := tx.Now()
		r.ID, r.StartedAt = randomID(), &now
		if err := tx.Create(&r).Error; err != nil {
			return fmt.Errorf("begin a response: %w", err)
		}
		return nil
	})
	return s.Links.Token(LinkPurpose, r.ID), err
}

func (s *Service) accepting(survey Survey) error {
	if !survey.Accepting(s.DB.Now()) {
		return fault.New(fault.Conflict, "This survey does not take answers now.")
	}
	return nil
}

// randomID is an id that tells nothing of when it was made.
func randomID() int64 {
	var b [8]byte
	_, _ = rand.Read(b[:])                                 // never fails
	return int64(binary.BigEndian.Uint64(b[:])>>1) | 1<<40 // positive, and never 0
}

// Answering is a response with its form and what it says so far.
type Answering struct {
	Response Response
	Form     Form
	Answers  Answers
}

// ByToken finds the response of a link; NotFound where the link is none.
func (s *Service) ByToken(ctx context.Context, token string) (a Answering, err error) {
	id, err := s.Links.Open(LinkPurpose, token)
	if err != nil {
		return a, err
	}
	read := s.DB.Read(ctx)
	err = database.First(read.Raw("SELECT * FROM survey_responses WHERE id = ?", id), &a.Response)
	if database.IsNotFound(err) {
		return a, fault.New(fault.NotFound, "There is no such answer any more.")
	}
	if err != nil {
		return a, fmt.Errorf("read a response: %w", err)
	}
	if a.Form, err = readForm(read, a.Response.SurveyID, a.Response.Language); err != nil {
		return a, err
	}
	if a.Answers, err = readAnswers(read, id); err != nil {
		return a, err
	}
	return a, readContact(read, a.Form, id, a.Answers)
}

// Section is the page on which the writer is: the first that is shown where theirs is not any more.
func (a Answering) Section() (section FormSection, number, of int) {
	shown := a.Form.Visible(a.Answers)
	at := max(0, slices.IndexFunc(shown, func(f FormSection) bool { return f.ID == a.Response.Section }))
	if len(shown) == 0 {
		return FormSection{}, 0, 0
	}
	return shown[at], at + 1, len(shown)
}

// Take stores what was answered on one page and goes on to the next, back, or stays. Whoever goes on from the last page
// has sent their answers: done is true. The error is an Invalid fault with a message at each field, where somebody goes on
// from a page with something wrong; whoever goes back or saves keeps what they typed, as far as it can be kept.
func (s *Service) Take(ctx context.Context, token string, step Step) (done bool, err error) {
	for range tries {
		a, err := s.ByToken(ctx, token)
		if err != nil {
			return false, err
		}
		if done, err = s.take(ctx, a, step); !errors.Is(err, errChanged) {
			return done, err
		}
	}
	return false, fault.New(fault.Unavailable, "The survey is being changed just now. Please try again in a minute.")
}

func (s *Service) take(ctx context.Context, a Answering, step Step) (done bool, err error) {
	if a.Response.State != Drafting {
		return false, fault.New(fault.Conflict, "These answers have been sent already.")
	}
	if err := s.accepting(a.Form.Survey); err != nil {
		return false, err
	}
	section, err := s.sectionOfStep(ctx, a, &step)
	if err != nil {
		return false, err
	}
	shown, given := step.given(a, section)
	sound, problems := section.checked(given)
	s.checkAreas(section, sound, &problems)
	if step.Way == Next && len(problems) > 0 {
		return false, problems.Err()
	}
	for _, q := range section.Questions {
		delete(a.Answers, q.ID)
		if given, there := sound[q.ID]; there {
			a.Answers[q.ID] = given
		}
	}
	a.Response.Locality = s.localityOf(a.Form, a.Form.Kept(a.Answers), a.Response.Locality)
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		if err := storeAnswers(tx, a.Response.ID, shown, sound, step.Wordings); err != nil {
			return err
		}
		if err := storeContacts(tx, a.Response, shown, sound); err != nil {
			return err
		}
		if err := a.unchanged(tx); err != nil {
			return err
		}
		done, err = s.goOn(ctx, tx, a, section, step.Way)
		return err
	})
	return done, err
}

// unchanged makes sure that what was checked is what is asked: questions were locked before.
func (a Answering) unchanged(tx *database.Tx) error {
	var version int64
	if err := tx.Row("SELECT version FROM surveys WHERE id = ?", a.Form.Survey.ID).Scan(&version); err != nil {
		return err
	}
	if version != a.Form.Survey.Version {
		return errChanged
	}
	return nil
}

// goOn moves the writer to another page, or ends the response.
func (s *Service) goOn(ctx context.Context, tx *database.Tx, a Answering, section FormSection, way Way) (done bool, err error) {
	shown := a.Form.Visible(a.Answers)
	at := slices.IndexFunc(shown, func(f FormSection) bool { return f.ID == section.ID })
	switch {
	case way == Next && at == len(shown)-1:
		return s.finish(ctx, tx, a, shown)
	case way == Next:
		at++
	case way == Back && at > 0:
		at--
	}
	err = tx.Exec("UPDATE survey_responses SET section = ?, locality = ? WHERE id = ? AND state = 'draft'", sectionAt(shown, at), a.Response.Locality, a.Response.ID).Error
	return false, err
}

// sectionAt is the section of a place among those shown; 0 where there is none.
func sectionAt(shown []FormSection, at int) int64 {
	if at < 0 || at >= len(shown) {
		return 0
	}
	return shown[at].ID
}

// finish ends a response, unless something that must be answered was not: then its writer is led there.
func (s *Service) finish(ctx context.Context, tx *database.Tx, a Answering, shown []FormSection) (done bool, err error) {
	for _, section := range shown {
		if _, problems := section.checked(a.Answers); len(problems) > 0 {
			return false, tx.Exec("UPDATE survey_responses SET section = ? WHERE id = ? AND state = 'draft'", section.ID, a.Response.ID).Error
		}
	}
	for _, section := range a.Form.Sections {
		if !slices.ContainsFunc(shown, func(f FormSection) bool { return f.ID == section.ID }) {
			if err := errors.Join(storeAnswers(tx, a.Response.ID, section.Questions, Answers{}, nil), storeContacts(tx, a.Response, section.Questions, Answers{})); err != nil {
				return false, err
			}
		}
	}
	if err := answeredOnce(tx, a.Response); err != nil {
		return false, err
	}
	r := a.Response
	if now := tx.Now(); !a.Form.Survey.Anonymous {
		r.SubmittedAt = &now
	}
	if a.Form.Survey.Anonymous {
		r.Language = a.Form.Survey.LanguageList()[0] // few may read another
	}
	r.State, r.Section = Complete, 0
	sent := tx.Exec("UPDATE survey_responses SET state = 'complete', submitted_at = ?, section = 0, language = ?, locality = ? WHERE id = ? AND state = 'draft'",
		r.SubmittedAt, r.Language, r.Locality, r.ID)
	if sent.Error != nil {
		return false, fmt.Errorf("end response %d: %w", a.Response.ID, sent.Error)
	}
	if sent.RowsAffected == 0 {
		return false, fault.New(fault.Conflict, "These answers have been sent already.")
	}
	return true, s.submitted(ctx, tx, a.Form.Survey, r)
}

package surveys

import (
	"context"
	"fmt"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// ChangeEntered replaces the answers of a form that was entered.
func (s *Service) ChangeEntered(ctx context.Context, surveyID, batchID, responseID int64, e Entry) (done Entered, err error) {
	if err := mayBuild(ctx); err != nil {
		return done, err
	}
	err = s.again(ctx, surveyID, func(form Form) error {
		kept, unread, err := form.fromPaper(e.Answers)
		if err != nil {
			return err
		}
		done = Entered{ID: responseID, Code: formCode(responseID), Unread: unread}
		return s.DB.Write(ctx, func(tx *database.Tx) error {
			b, err := batchOf(tx, surveyID, batchID)
			if err != nil {
				return err
			}
			before, err := enteredOf(tx, b, responseID)
			if err != nil {
				return err
			}
			return s.replaceForm(ctx, tx, form, b, before, Entry{Language: e.Language, Answers: kept})
		})
	})
	return done, err
}

func (s *Service) replaceForm(ctx context.Context, tx *database.Tx, form Form, b Batch, before Response, e Entry) error {
	if before.State != Complete {
		return fault.New(fault.Conflict, "This form is set aside, so it cannot be changed.")
	}
	r := s.paperResponse(ctx, tx, form, b, e)
	if err := tx.Exec("UPDATE survey_responses SET language = ?, locality = ? WHERE id = ?", r.Language, r.Locality, before.ID).Error; err != nil {
		return fmt.Errorf("change a form: %w", err)
	}
	if err := storeAnswers(tx, before.ID, form.questions(), e.Answers, nil); err != nil {
		return err
	}
	if err := storeContacts(tx, before, form.questions(), e.Answers); err != nil {
		return err
	}
	if err := (Answering{Form: form}).unchanged(tx); err != nil {
		return err
	}
	if err := s.told(ctx, tx, form.Survey, before); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "survey_batch.correct", "survey_batches", b.ID, form.Survey.naming(before.ID))
}

// told has everybody who was told of a response hear of it as it is now: it stops counting as it was, and counts anew.
func (s *Service) told(ctx context.Context, tx *database.Tx, survey Survey, r Response) error {
	r.State = SetAside
	if err := s.submitted(ctx, tx, survey, r); err != nil {
		return err
	}
	r.State = Complete
	return s.submitted(ctx, tx, survey, r)
}

// enteredOf reads a form of a batch as it was entered first.
func enteredOf(tx *database.Tx, b Batch, responseID int64) (r Response, err error) {
	err = database.First(tx.Raw("SELECT * FROM survey_responses WHERE batch_id = ? AND id = ? AND second_of IS NULL"+tx.ForUpdate(), b.ID, responseID), &r)
	if database.IsNotFound(err) {
		return r, noForm()
	}
	return r, err
}

func noForm() error { return fault.New(fault.NotFound, "There is no such form in this batch.") }

// EnteredForm gives a form of a batch with its answers.
func (s *Service) EnteredForm(ctx context.Context, b Batch, responseID int64) (r Response, answers Answers, err error) {
	if err := mayBuild(ctx); err != nil {
		return r, nil, err
	}
	read := s.DB.Read(ctx)
	err = database.First(read.Raw("SELECT * FROM survey_responses WHERE batch_id = ? AND id = ? AND second_of IS NULL", b.ID, responseID), &r)
	if database.IsNotFound(err) {
		return r, nil, noForm()
	}
	if err != nil {
		return r, nil, fmt.Errorf("read a form: %w", err)
	}
	form, err := readForm(read, b.SurveyID, "")
	if err != nil {
		return r, nil, err
	}
	if answers, err = readAnswers(read, responseID); err != nil {
		return r, nil, err
	}
	return r, answers, readContact(read, form, responseID, answers)
}

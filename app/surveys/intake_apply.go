package surveys

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// IntakeCheck is what taking a file would do.
type IntakeCheck struct {
	Total int
	Fresh int // answers that are not here yet
	There int // answers that are here already, and stay as they are
	Bad   int
	Wrong []BadRow // the first of them

	first []wished // some, to look at
}

// BadRow is a row of a file that cannot be used, and why.
type BadRow struct {
	Line    int
	Reasons []string
}

const (
	wrongShown = 200
	firstShown = 3
)

// CheckIntake says what taking a file would do. It changes nothing.
func (s *Service) CheckIntake(ctx context.Context, i Intake) (check IntakeCheck, err error) {
	if err := mayBuild(ctx); err != nil {
		return check, err
	}
	return s.eachIntakeRow(ctx, i, func(IntakeRow, wished) error { return nil })
}

// eachIntakeRow reads the rows of a file, counts them, and calls take for each answer that is not here yet.
func (s *Service) eachIntakeRow(ctx context.Context, i Intake, take func(IntakeRow, wished) error) (check IntakeCheck, err error) {
	form, err := s.FormOf(ctx, i.SurveyID, "")
	if err != nil {
		return check, err
	}
	set, err := i.Choices()
	if err != nil {
		return check, err
	}
	here, err := s.namesHere(ctx, i.SurveyID)
	if err != nil {
		return check, err
	}
	reader := newIntakeReader(form, s.Config, set)
	for last := int64(0); ; {
		var rows []IntakeRow
		err := s.DB.Read(ctx).Raw("SELECT * FROM survey_import_rows WHERE import_id = ? AND id > ? ORDER BY id LIMIT ?", i.ID, last, intakeChunk).Scan(&rows).Error
		if err != nil {
			return check, fmt.Errorf("read the rows of file %d: %w", i.ID, err)
		}
		if len(rows) == 0 {
			return check, nil
		}
		for _, row := range rows {
			last = row.ID
			w, wrong, err := reader.read(row)
			if err != nil {
				return check, err
			}
			there := here[w.outside] || here[reader.stored(w.outside)]
			if check.count(row, w, wrong, there); len(wrong) > 0 || there {
				continue
			}
			w.outside = reader.stored(w.outside)
			if err := take(row, w); err != nil {
				return check, err
			}
		}
	}
}

// count adds one row.
func (check *IntakeCheck) count(row IntakeRow, w wished, wrong []string, there bool) {
	check.Total++
	switch {
	case len(wrong) > 0:
		if check.Bad++; len(check.Wrong) < wrongShown {
			check.Wrong = append(check.Wrong, BadRow{row.Line, wrong})
		}
	case there:
		check.There++
	default:
		if check.Fresh++; len(check.first) < firstShown {
			check.first = append(check.first, w)
		}
	}
}

// namesHere are what the answers of a survey are called elsewhere, and in our own exports.
func (s *Service) namesHere(ctx context.Context, surveyID int64) (map[string]bool, error) {
	var rows []struct {
		ID        int64
		OutsideID string
	}
	err := s.DB.Read(ctx).Raw("SELECT id, outside_id FROM survey_responses WHERE survey_id = ? AND state IN ('complete', 'set-aside')", surveyID).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read what the answers of survey %d are called: %w", surveyID, err)
	}
	here := map[string]bool{}
	for _, row := range rows {
		here[strconv.FormatInt(row.ID, 36)] = true
		if row.OutsideID != "" {
			here[row.OutsideID] = true
		}
	}
	return here, nil
}

// TakeIntake brings the answers of a file in, as a batch. While a row is bad it is refused, unless bad rows are left out.
// Where it was broken off, it goes on when it is called again.
func (s *Service) TakeIntake(ctx context.Context, surveyID, id int64, leaveOut bool) (b Batch, check IntakeCheck, err error) {
	i, err := s.IntakeByID(ctx, surveyID, id)
	if err != nil {
		return b, check, err
	}
	if i.DoneAt != nil {
		return b, check, fault.New(fault.Conflict, "This file was taken already.")
	}
	if check, err = s.CheckIntake(ctx, i); err != nil {
		return b, check, err
	}
	switch {
	case check.Bad > 0 && !leaveOut:
		return b, check, oneProblem("leave_out", "Some rows cannot be used. Leave them out, or mend the file and bring it in again")
	case check.Fresh == 0 && i.BatchID == nil:
		return b, check, fault.New(fault.Conflict, "There is nothing new in this file.")
	}
	if b, err = s.intakeBatch(ctx, i); err != nil {
		return b, check, err
	}
	if err := s.takeRows(ctx, i, b); err != nil {
		return b, check, err
	}
	return b, check, s.endIntake(ctx, i, check)
}

// intakeBatch is the batch of a file, made where there is none yet.
func (s *Service) intakeBatch(ctx context.Context, i Intake) (b Batch, err error) {
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		now, err := intakeOf(tx.DB, i.SurveyID, i.ID, tx.ForUpdate())
		if err != nil {
			return err
		}
		if now.BatchID != nil {
			b, err = batchOf(tx, i.SurveyID, *now.BatchID)
			return err
		}
		if err := s.takesPaper(tx, i.SurveyID); err != nil {
			return err
		}
		at := tx.Now()
		b = Batch{SurveyID: i.SurveyID, Name: i.FileName, Channel: importChannel, CreatedBy: audit.StaffID(ctx), CreatedAt: at, ClosedAt: &at}
		if err := tx.Create(&b).Error; err != nil {
			return fmt.Errorf("store a batch: %w", err)
		}
		return tx.Exec("UPDATE survey_imports SET batch_id = ? WHERE id = ?", b.ID, i.ID).Error
	})
	return b, err
}

// takeRows stores the answers of a file chunk by chunk.
func (s *Service) takeRows(ctx context.Context, i Intake, b Batch) error {
	form, err := s.FormOf(ctx, i.SurveyID, "")
	if err != nil {
		return err
	}
	type taken struct {
		row IntakeRow
		w   wished
	}
	var chunk []taken
	store := func() error {
		if len(chunk) == 0 {
			return nil
		}
		err := s.DB.Write(ctx, func(tx *database.Tx) error {
			for _, one := range chunk {
				if err := s.takeRow(ctx, tx, form, b, one.row, one.w); err != nil {
					return err
				}
			}
			return nil
		})
		if errors.Is(err, errChanged) {
			return fault.New(fault.Unavailable, "The survey is being changed just now. Please try again in a minute.")
		}
		if database.IsDuplicate(err) { // whoever pressed the button twice, or a colleague with the same file
			return fault.New(fault.Conflict, "These answers are being brought in already. Look at the list of batches in a minute.")
		}
		chunk = nil
		return err
	}
	_, err = s.eachIntakeRow(ctx, i, func(row IntakeRow, w wished) error {
		if chunk = append(chunk, taken{row, w}); len(chunk) < intakeChunk {
			return nil
		}
		return store()
	})
	if err != nil {
		return err
	}
	return store()
}

func (s *Service) takeRow(ctx context.Context, tx *database.Tx, form Form, b Batch, row IntakeRow, w wished) error {
	r := s.paperResponse(ctx, tx, form, b, Entry{Language: w.language, Answers: w.answers})
	r.ID, r.OutsideID = randomID(), w.outside
	if w.locality != "" {
		r.Locality = w.locality
	}
	if w.sent != nil && !form.Survey.Anonymous {
		r.SubmittedAt = w.sent
	}
	if err := storeResponse(tx, form, r, w.answers); err != nil {
		return fmt.Errorf("line %d: %w", row.Line, err)
	}
	if form.Survey.Anonymous { // the rows stand in the order of the file
		return nil
	}
	if err := tx.Exec("UPDATE survey_import_rows SET response_id = ? WHERE id = ?", r.ID, row.ID).Error; err != nil {
		return fmt.Errorf("note what became of line %d: %w", row.Line, err)
	}
	return s.submitted(ctx, tx, form.Survey, r)
}

// endIntake notes that a file was taken, and lets go of its rows.
func (s *Service) endIntake(ctx context.Context, i Intake, check IntakeCheck) error {
	return s.DB.Write(ctx, func(tx *database.Tx) error {
		if err := tx.Exec("DELETE FROM survey_import_rows WHERE import_id = ?", i.ID).Error; err != nil {
			return fmt.Errorf("let go of the rows of file %d: %w", i.ID, err)
		}
		if err := tx.Exec("UPDATE survey_imports SET done_at = ? WHERE id = ?", tx.Now(), i.ID).Error; err != nil {
			return fmt.Errorf("end file %d: %w", i.ID, err)
		}
		return audit.Record(ctx, tx, "survey_import.take", "survey_imports", i.ID, audit.Details{"survey": i.SurveyID, "new": check.Fresh, "there": check.There, "left_out": check.Bad})
	})
}

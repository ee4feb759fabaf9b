package surveys

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/sheet"
)

// Intake is a file with answers from elsewhere: a row of the table survey_imports. Nothing is done with its rows before
// it is confirmed.
type Intake struct {
	ID       int64
	SurveyID int64
	BatchID  *int64 // what its answers became, once it was confirmed
	FileName string
	Settings string // JSON of IntakeSettings
	MadeBy   *int64
	MadeAt   time.Time
	DoneAt   *time.Time
}

// TableName is the table that files with answers live in.
func (Intake) TableName() string { return "survey_imports" }

// IntakeRow is a row of such a file, until it is taken: a row of the table survey_import_rows.
type IntakeRow struct {
	ID         int64
	ImportID   int64
	Line       int
	Cells      string // JSON: as they stood in the file
	Trouble    string // why the row cannot be read
	ResponseID *int64
}

// TableName is the table that rows of files with answers live in.
func (IntakeRow) TableName() string { return "survey_import_rows" }

// IntakeSettings say which column of a file is what.
type IntakeSettings struct {
	Head    []string // the file's headings
	Columns []string // for each heading a key of IntakeTargets; "" is left out
}

// Choices are the file's settings.
func (i Intake) Choices() (set IntakeSettings, err error) {
	if err := json.Unmarshal([]byte(i.Settings), &set); err != nil {
		return set, fmt.Errorf("read the settings of file %d: %w", i.ID, err)
	}
	return set, nil
}

// Unknown are the headings whose columns are left out.
func (set IntakeSettings) Unknown() (headings []string) {
	for i, column := range set.Columns {
		if column == "" {
			headings = append(headings, set.Head[i])
		}
	}
	return headings
}

func (set IntakeSettings) text() (string, error) {
	text, err := json.Marshal(set)
	return string(text), err
}

// IntakeFile is a file as it is sent.
type IntakeFile struct {
	Name string
	Data io.ReaderAt
	Size int64 // bytes
}

const (
	intakeBytes   = 8 << 20
	intakeRows    = 20_000
	intakeColumns = 400
	intakeChunk   = 200 // rows in one transaction
	intakeName    = 100 // characters
)

// ReadIntake stores the rows of a file and guesses which column is what. The error is an Invalid fault at "file" where it is
// none, is too large or cannot be read.
func (s *Service) ReadIntake(ctx context.Context, surveyID int64, file IntakeFile) (i Intake, err error) {
	if err := mayBuild(ctx); err != nil {
		return i, err
	}
	form, err := s.FormOf(ctx, surveyID, "")
	if err != nil {
		return i, err
	}
	rows, set, err := readFile(form, file)
	if err != nil {
		return i, atFile(err)
	}
	text, err := set.text()
	if err != nil {
		return i, err
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		if err := s.takesPaper(tx, surveyID); err != nil {
			return err
		}
		i = Intake{SurveyID: surveyID, FileName: fileName(file.Name), Settings: text, MadeBy: audit.StaffID(ctx), MadeAt: tx.Now()}
		if err := tx.Create(&i).Error; err != nil {
			return fmt.Errorf("store a file with answers: %w", err)
		}
		return audit.Record(ctx, tx, "survey_import.read", "survey_imports", i.ID, audit.Details{"survey": surveyID, "rows": len(rows)})
	})
	if err != nil {
		return i, err
	}
	for len(rows) > 0 {
		chunk := rows[:min(intakeChunk, len(rows))]
		rows = rows[len(chunk):]
		if err := s.storeIntakeRows(ctx, i.ID, chunk); err != nil {
			return i, errors.Join(err, s.dropIntake(context.WithoutCancel(ctx), i))
		}
	}
	return i, nil
}

// readFile reads the rows of a file, and what can be guessed of its columns.
func readFile(form Form, file IntakeFile) (rows []IntakeRow, set IntakeSettings, err error) {
	if file.Data == nil || file.Size == 0 {
		return nil, set, fault.New(fault.Invalid, "Choose a file")
	}
	in, err := sheet.Read(file.Data, file.Size, sheet.Limits{FileBytes: intakeBytes, Rows: intakeRows, Columns: intakeColumns})
	if err != nil {
		return nil, set, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	for row, err := range in.Rows() {
		if err != nil {
			return nil, set, err
		}
		cells, err := json.Marshal(row.Cells)
		if err != nil {
			return nil, set, err
		}
		rows = append(rows, IntakeRow{Line: row.Line, Cells: string(cells), Trouble: row.Trouble})
	}
	if len(rows) == 0 {
		return nil, set, fault.New(fault.Invalid, "There are headings in the file and no rows below them")
	}
	return rows, IntakeSettings{Head: in.Head, Columns: form.guess(in.Head)}, nil
}

// atFile has what is wrong with a file said at its field.
func atFile(err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != fault.Invalid || len(f.Fields) > 0 {
		return err
	}
	return oneProblem("file", f.Message)
}

// fileName is the last part of a path, not too long.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, "-"), `\`, "/"))
	for utf8.RuneCountInString(name) > intakeName {
		_, size := utf8.DecodeRuneInString(name)
		name = name[size:]
	}
	return name
}

func (s *Service) storeIntakeRows(ctx context.Context, id int64, rows []IntakeRow) error {
	values := make([][]any, len(rows))
	for i, row := range rows {
		values[i] = []any{id, row.Line, row.Cells, row.Trouble}
	}
	return s.DB.Write(ctx, func(tx *database.Tx) error {
		if _, err := tx.ExecMany("INSERT INTO survey_import_rows (import_id, line, cells, trouble) VALUES ", "(?, ?, ?, ?)", "", values); err != nil {
			return fmt.Errorf("store the rows of file %d: %w", id, err)
		}
		return nil
	})
}

// IntakeByID gives a file of a survey that was read and not taken yet. NotFound where it is none.
func (s *Service) IntakeByID(ctx context.Context, surveyID, id int64) (i Intake, err error) {
	if err := mayBuild(ctx); err != nil {
		return i, err
	}
	return intakeOf(s.DB.Read(ctx), surveyID, id, "")
}

func intakeOf(q *gorm.DB, surveyID, id int64, lock string) (i Intake, err error) {
	err = database.First(q.Raw("SELECT * FROM survey_imports WHERE survey_id = ? AND id = ?"+lock, surveyID, id), &i)
	if database.IsNotFound(err) {
		return i, fault.New(fault.NotFound, "There is no such file in this survey. It was taken, or deleted.")
	}
	return i, err
}

// WaitingIntakes are the files of a survey that were read and neither taken nor deleted.
func (s *Service) WaitingIntakes(ctx context.Context, surveyID int64) (list []Intake, err error) {
	if err := mayBuild(ctx); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx).Raw("SELECT * FROM survey_imports WHERE survey_id = ? AND done_at IS NULL ORDER BY id DESC LIMIT 20", surveyID).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("list the files of survey %d: %w", surveyID, err)
	}
	return list, nil
}

// ChooseColumns stores what each column of a file is. The error is an Invalid fault at "column-N", from 1.
func (s *Service) ChooseColumns(ctx context.Context, surveyID, id int64, columns []string) error {
	if err := mayBuild(ctx); err != nil {
		return err
	}
	form, err := s.FormOf(ctx, surveyID, "")
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *database.Tx) error {
		i, err := intakeOf(tx.DB, surveyID, id, tx.ForUpdate())
		if err != nil {
			return err
		}
		set, err := i.Choices()
		if err != nil {
			return err
		}
		if set.Columns = columns; i.DoneAt != nil {
			return fault.New(fault.Conflict, "This file was taken already.")
		}
		if err := form.checkColumns(set); err != nil {
			return err
		}
		text, err := set.text()
		if err != nil {
			return err
		}
		return tx.Exec("UPDATE survey_imports SET settings = ? WHERE id = ?", text, id).Error
	})
}

// firstCells are the cells of the first row of a file; none where it has no rows any more.
func (s *Service) firstCells(ctx context.Context, i Intake) (cells []string, err error) {
	var text string
	err = s.DB.Read(ctx).Raw("SELECT cells FROM survey_import_rows WHERE import_id = ? ORDER BY id LIMIT 1", i.ID).Scan(&text).Error
	if err != nil || text == "" {
		return nil, err
	}
	err = json.Unmarshal([]byte(text), &cells)
	return cells, err
}

// DropIntake deletes a file that was not taken, and its rows.
func (s *Service) DropIntake(ctx context.Context, surveyID, id int64) error {
	i, err := s.IntakeByID(ctx, surveyID, id)
	if err != nil {
		return err
	}
	if i.DoneAt != nil || i.BatchID != nil {
		return fault.New(fault.Conflict, "This file was taken already. Set its batch aside if its answers should not count.")
	}
	return s.dropIntake(ctx, i)
}

func (s *Service) dropIntake(ctx context.Context, i Intake) error {
	return s.DB.Write(ctx, func(tx *database.Tx) error {
		for _, text := range []string{"DELETE FROM survey_import_rows WHERE import_id = ?", "DELETE FROM survey_imports WHERE id = ?"} {
			if err := tx.Exec(text, i.ID).Error; err != nil {
				return fmt.Errorf("delete file %d: %w", i.ID, err)
			}
		}
		return audit.Record(ctx, tx, "survey_import.drop", "survey_imports", i.ID, audit.Details{"survey": i.SurveyID})
	})
}

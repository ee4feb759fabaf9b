package contacts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/sheet"
)

// ImportFile is a list as it is sent.
type ImportFile struct {
	Name string
	Data io.ReaderAt
	Size int64 // bytes
}

// uploadChunk is how many rows are stored in one transaction.
const uploadChunk = 1000

// ReadImport stores the rows of a file and guesses which column is what. Nothing else is done with them. The error is an
// Invalid fault at "file" where the file is none, is too large or cannot be read.
func (s *Service) ReadImport(ctx context.Context, file ImportFile) (i Import, err error) {
	if err := accounts.Require(ctx, accounts.ManageContacts); err != nil {
		return i, err
	}
	in, err := s.openList(file)
	if err != nil {
		return i, err
	}
	defer func() { _ = in.Close() }()
	set := s.firstSettings(in, file.Name)
	if i, err = s.newImport(ctx, file.Name, set); err != nil {
		return i, err
	}
	if err := s.storeRows(ctx, &i, set, in); err != nil {
		_ = s.dropRows(context.WithoutCancel(ctx), i.ID)
		return i, atFile(err)
	}
	return i, nil
}

func (s *Service) openList(file ImportFile) (*sheet.Incoming, error) {
	if file.Data == nil || file.Size == 0 {
		return nil, fault.Fields{{Name: "file", Message: "Choose a file"}}.Err()
	}
	limits := sheet.Limits{FileBytes: s.cfg.Contacts.ImportBytes, Rows: s.cfg.Contacts.ImportRows}
	in, err := sheet.Read(file.Data, file.Size, limits)
	return in, atFile(err)
}

// atFile has what is wrong with a file said at its field.
func atFile(err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != fault.Invalid {
		return err
	}
	return fault.Fields{{Name: "file", Message: f.Message}}.Err()
}

// firstSettings are those that a list begins with: what can be guessed.
func (s *Service) firstSettings(in *sheet.Incoming, name string) ImportSettings {
	purpose := s.cfg.Contacts.Purposes[0]
	if updates, there := s.cfg.Purpose(Updates); there {
		purpose = updates
	}
	set := ImportSettings{Head: in.Head, Columns: guessColumns(in.Head), Encoding: in.Encoding, Purpose: purpose.Slug, Basis: Consent,
		Wording: purpose.Wording, Source: "List " + listName(name)}
	if in.Separator != 0 {
		set.Separator = string(in.Separator)
	}
	return set
}

const listNameLetters = 100

// listName is the last part of a path, of harmless letters.
func listName(name string) string {
	name = Tidy(path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, "-"), `\`, "/")))
	for utf8.RuneCountInString(name) > listNameLetters {
		_, size := utf8.DecodeRuneInString(name)
		name = name[size:]
	}
	return name
}

func (s *Service) newImport(ctx context.Context, name string, set ImportSettings) (i Import, err error) {
	text, err := set.text()
	if err != nil {
		return i, err
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		i = Import{FileName: listName(name), State: ImportReading, Settings: text, MadeBy: audit.StaffID(ctx), CreatedAt: tx.Now()}
		if err := tx.Create(&i).Error; err != nil {
			return fmt.Errorf("begin an import: %w", err)
		}
		return nil
	})
	return i, err
}

// storeRows stores the rows and has the list read.
func (s *Service) storeRows(ctx context.Context, i *Import, set ImportSettings, in *sheet.Incoming) error {
	var chunk [][]any
	email := slices.Index(set.Columns, fieldEmail)
	for row, err := range in.Rows() {
		if err != nil {
			return err
		}
		cells, err := json.Marshal(row.Cells)
		if err != nil {
			return err
		}
		key := ""
		if email >= 0 && email < len(row.Cells) {
			key = NormaliseEmail(row.Cells[email])
		}
		chunk = append(chunk, []any{i.ID, row.Line, key, string(cells), row.Trouble})
		if len(chunk) == uploadChunk {
			if err := s.storeChunk(ctx, chunk); err != nil {
				return err
			}
			i.Total, chunk = i.Total+len(chunk), chunk[:0]
		}
	}
	i.Total += len(chunk)
	if i.Total == 0 {
		return fault.New(fault.Invalid, "There are headings in the file and no rows below them")
	}
	i.State = ImportRead
	return s.db.Write(ctx, func(tx *database.Tx) error {
		if err := insertRows(tx, chunk); err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE contact_imports SET state = ?, total = ? WHERE id = ?`, string(i.State), i.Total, i.ID).Error; err != nil {
			return fmt.Errorf("end the reading of import %d: %w", i.ID, err)
		}
		return audit.Record(ctx, tx, "contact_import.read", "contact_imports", i.ID, audit.Details{"rows": i.Total})
	})
}

func (s *Service) storeChunk(ctx context.Context, chunk [][]any) error {
	return s.db.Write(ctx, func(tx *database.Tx) error { return insertRows(tx, chunk) })
}

func insertRows(tx *database.Tx, chunk [][]any) error {
	if _, err := tx.ExecMany(`INSERT INTO contact_import_rows (import_id, line, email_key, cells, trouble) VALUES `, `(?, ?, ?, ?, ?)`, ``, chunk); err != nil {
		return fmt.Errorf("store the rows of a list: %w", err)
	}
	return nil
}

package contacts

import (
	"context"
	"fmt"
	"slices"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/links"
)

func noImport() error { return fault.New(fault.NotFound, "There is no such list.") }

// ImportByID gives a list that was brought in.
func (s *Service) ImportByID(ctx context.Context, id int64) (Import, error) {
	if err := accounts.Require(ctx, accounts.ManageContacts); err != nil {
		return Import{}, err
	}
	return s.importByID(ctx, id)
}

func (s *Service) importByID(ctx context.Context, id int64) (i Import, err error) {
	err = database.First(s.db.Read(ctx).Raw(`SELECT * FROM contact_imports WHERE id = ?`, id), &i)
	if database.IsNotFound(err) {
		return i, noImport()
	}
	if err != nil {
		return i, fmt.Errorf("read import %d: %w", id, err)
	}
	return i, nil
}

// CheckImport says which column of a list is what and what the list does not say, and orders the check: what each row
// would do. No contact changes. The errors: an Invalid fault per field; Conflict where the list is past that.
func (s *Service) CheckImport(ctx context.Context, id int64, set ImportSettings) error {
	return s.order(ctx, id, "contact_import.map", func(_ *database.Tx, i *Import) error {
		if i.State != ImportRead && i.State != ImportChecked {
			return pastThat()
		}
		had, err := i.Choices()
		if err != nil {
			return err
		}
		set.Head, set.Encoding, set.Separator, set.NewGroups = had.Head, had.Encoding, had.Separator, union(had.NewGroups, set.NewGroups)
		if err := s.checkSettings(&set); err != nil {
			return err
		}
		if i.Settings, err = set.text(); err != nil {
			return err
		}
		i.begin(ImportChecking)
		return nil
	})
}

func (i *Import) begin(state ImportState) { i.State, i.Worked, i.LastRow = state, 0, 0 }

func pastThat() error {
	return fault.New(fault.Conflict, "This list is further on by now. Look at it again.")
}

// order changes a list and has the job do the work.
func (s *Service) order(ctx context.Context, id int64, action string, change func(*database.Tx, *Import) error) error {
	if err := accounts.Require(ctx, accounts.ManageContacts); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		i, err := lockImport(tx, id)
		if err != nil {
			return err
		}
		if err := change(tx, &i); err != nil {
			return err
		}
		i.OrderedBy = audit.StaffID(ctx)
		if err := saveImport(tx, i); err != nil {
			return err
		}
		tx.AfterCommit(s.wakeImports)
		return audit.Record(ctx, tx, action, "contact_imports", id, audit.Details{"rows": i.Total, "bad": i.Bad})
	})
}

// checkSettings says everything that is wrong with settings, and puts them in order.
func (s *Service) checkSettings(set *ImportSettings) error {
	var f fault.Fields
	checkColumns(set, &f)
	for _, l := range set.Localities {
		if _, known := s.cfg.Locality(l); !known {
			f.Add("localities", "Choose localities from the list")
		}
	}
	purpose, known := s.cfg.Purpose(set.Purpose)
	if !known {
		f.Add("purpose", "Choose what they said yes or no to")
	}
	switch set.Basis {
	case Consent:
		if set.Wording == "" {
			set.Wording = purpose.Wording
		}
	case PublicTask, LegitimateInterest:
		set.Wording = ""
	default:
		f.Add("basis", "Choose why we may write to them")
	}
	limited(&f, "wording", "The words", set.Wording, wordingLetters)
	limited(&f, "source", "The place", set.Source, sourceLetters)
	s.checkDay(set, &f)
	return f.Err()
}

const wordingLetters = 1000

func (s *Service) checkDay(set *ImportSettings, f *fault.Fields) {
	if set.Date == "" {
		return
	}
	now := s.db.Now()
	at, ok := readDay(set.Date, Given, s.cfg.Zone(), now)
	switch {
	case !ok:
		f.Add("date", "Enter a real date, such as 28 2 2017")
	case at.After(now):
		f.Add("date", "The date must not be in the future")
	}
}

// checkColumns wants each field in one column, and something by which contacts can be known.
func checkColumns(set *ImportSettings, f *fault.Fields) {
	if len(set.Columns) != len(set.Head) {
		f.Add("column-1", "Say for each column what it is")
		return
	}
	seen := map[string]int{}
	for n, code := range set.Columns {
		field := fieldByCode(code)
		name := fmt.Sprintf("column-%d", n+1)
		switch first, twice := seen[code]; {
		case code == "":
		case field.Code == "":
			f.Add(name, "Choose what the column is")
		case twice && !field.several:
			f.Add(name, fmt.Sprintf("“%s” is chosen for “%s” already. Leave one of the two out", field.Label, set.Head[first]))
		default:
			seen[code] = n
		}
	}
	if !slices.Contains(set.Columns, fieldEmail) && !slices.Contains(set.Columns, fieldPhone) && !slices.Contains(set.Columns, fieldPostcode) {
		f.Add("column-1", "Choose which column has the email address, the telephone number or the postcode")
	}
}

// MakeImportGroups has groups that rows of a list name made when the list is imported, and checks the list again.
func (s *Service) MakeImportGroups(ctx context.Context, id int64, names []string) error {
	return s.order(ctx, id, "contact_import.groups", func(_ *database.Tx, i *Import) error {
		if i.State != ImportChecked {
			return pastThat()
		}
		set, err := i.Choices()
		if err != nil {
			return err
		}
		for _, name := range names {
			if name = Tidy(name); links.Words(name) != "" && letters(name) <= nameLetters {
				set.NewGroups = union(set.NewGroups, []string{name})
			}
		}
		if len(set.NewGroups) == 0 {
			return fault.Fields{{Name: "new_groups", Message: "Choose which groups to make"}}.Err()
		}
		i.begin(ImportChecking)
		i.Settings, err = set.text()
		return err
	})
}

// Confirmation has a checked list imported.
type Confirmation struct {
	Seen    string // Forecast of the list as it was shown
	SkipBad bool   // leave bad rows out; without it nothing is imported while there is one
}

// Forecast sums up what a list would do, so that nobody confirms what they have not seen.
func (i Import) Forecast() string {
	return fmt.Sprintf("%d-%d-%d-%d", i.Created, i.Changed, i.Same, i.Bad)
}

// ConfirmImport orders that a checked list is imported. The errors: an Invalid fault where there are bad rows that are
// not to be left out; Conflict where the list has been checked again since it was shown.
func (s *Service) ConfirmImport(ctx context.Context, id int64, c Confirmation) error {
	return s.order(ctx, id, "contact_import.confirm", func(_ *database.Tx, i *Import) error {
		switch {
		case i.State != ImportChecked || c.Seen != i.Forecast():
			return pastThat()
		case i.Bad > 0 && !c.SkipBad:
			return fault.Fields{{Name: "skip_bad", Message: "Tick the box to leave out the bad rows, or mend them first"}}.Err()
		}
		i.SkipBad = c.SkipBad
		i.begin(ImportImporting)
		return nil
	})
}

// UndoImport orders that a list is taken back. It is a Conflict fault where the time for that is over, or where the list
// is not imported.
func (s *Service) UndoImport(ctx context.Context, id int64) error {
	return s.order(ctx, id, "contact_import.undo", func(tx *database.Tx, i *Import) error {
		if i.State != ImportDone {
			return pastThat()
		}
		if !tx.Now().Before(s.UndoUntil(*i)) {
			return fault.New(fault.Conflict, "This list cannot be undone any more: its rows have been deleted.")
		}
		i.begin(ImportUndoing)
		return nil
	})
}

// UndoUntil is until when an imported list can be undone: as long as its rows are kept.
func (s *Service) UndoUntil(i Import) time.Time {
	if i.DoneAt == nil {
		return time.Time{}
	}
	return i.DoneAt.Add(s.cfg.Retention.Imports)
}

// DropImport deletes a list that was not imported, with its rows.
func (s *Service) DropImport(ctx context.Context, id int64) error {
	if err := accounts.Require(ctx, accounts.ManageContacts); err != nil {
		return err
	}
	i, err := s.importByID(ctx, id)
	if err != nil {
		return err
	}
	if i.DoneAt != nil || i.State == ImportImporting {
		return fault.New(fault.Conflict, "This list is imported. It can be undone, and not dropped.")
	}
	return s.dropRows(ctx, id)
}

// dropRows deletes a list in chunks, and the list itself with the last.
func (s *Service) dropRows(ctx context.Context, id int64) error {
	for more := true; more; {
		err := s.db.Write(ctx, func(tx *database.Tx) error {
			i, err := lockImport(tx, id)
			if err != nil {
				return err
			}
			if i.DoneAt != nil || i.State == ImportImporting {
				return pastThat()
			}
			gone := tx.Exec(`DELETE FROM contact_import_rows WHERE id IN (SELECT id FROM contact_import_rows WHERE import_id = ? ORDER BY double_of IS NULL, id LIMIT ?)`, id, 4*importChunk)
			if gone.Error != nil {
				return fmt.Errorf("delete the rows of import %d: %w", id, gone.Error)
			}
			if more = gone.RowsAffected > 0; more {
				return tx.Exec(`UPDATE contact_imports SET state = ? WHERE id = ?`, string(ImportReading), id).Error
			}
			if err := tx.Exec(`DELETE FROM contact_imports WHERE id = ?`, id).Error; err != nil {
				return fmt.Errorf("delete import %d: %w", id, err)
			}
			return audit.Record(ctx, tx, "contact_import.drop", "contact_imports", id, nil)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

package contacts

import (
	"context"
	"errors"
	"slices"

	"conversations/app/accounts"
)

// WholeImport brings a list in at one go: for a command, which has nobody to ask in between.
type WholeImport struct {
	File     ImportFile
	Settings func(*ImportSettings) // what the file does not say; it is given what could be guessed
	DryRun   bool                  // only check
	SkipBad  bool                  // leave bad rows out; without it nothing is imported while there is one
	// MakeGroups has groups that rows name and that are not there made.
	MakeGroups bool
	Progress   func(Import)                       // now and then
	Bad        func(line int, who, why string)    // for each bad row
	Checked    func(Import, ImportSettings)       // once, when all rows are checked
	Keep       func(context.Context, int64) error // before the list is dropped: to take its rows out
}

// ImportWhole does it all, and drops the list where nothing is to be imported: then the contacts are as they were. The
// list that comes back says by its state whether it was imported. The errors are those of ReadImport and CheckImport.
func (s *Service) ImportWhole(ctx context.Context, order WholeImport) (i Import, err error) {
	if err := accounts.Require(ctx, accounts.ManageContacts); err != nil {
		return i, err
	}
	if i, err = s.ReadImport(ctx, order.File); err != nil {
		return i, err
	}
	i, err = s.checkWhole(ctx, i, order)
	if err == nil {
		err = s.reportChecked(ctx, i, order)
	}
	if err != nil || order.DryRun || i.Bad > 0 && !order.SkipBad || i.Created+i.Changed == 0 {
		return i, errors.Join(err, s.DropImport(context.WithoutCancel(ctx), i.ID))
	}
	if err := s.ConfirmImport(ctx, i.ID, Confirmation{Seen: i.Forecast(), SkipBad: order.SkipBad}); err != nil {
		return i, err
	}
	return s.workWhole(ctx, i, order)
}

func (s *Service) checkWhole(ctx context.Context, i Import, order WholeImport) (Import, error) {
	set, err := i.Choices()
	if err != nil {
		return i, err
	}
	order.Settings(&set)
	if err := s.CheckImport(ctx, i.ID, set); err != nil {
		return i, err
	}
	if i, err = s.workWhole(ctx, i, order); err != nil || !order.MakeGroups {
		return i, err
	}
	missing, err := s.missingGroups(ctx, i, set)
	for err == nil && len(missing) > 0 { // a few at a time
		if err = s.MakeImportGroups(ctx, i.ID, missing); err != nil {
			return i, err
		}
		if i, err = s.workWhole(ctx, i, order); err != nil {
			return i, err
		}
		had := missing
		if missing, err = s.missingGroups(ctx, i, set); slices.Equal(had, missing) {
			break
		}
	}
	return i, err
}

func (s *Service) workWhole(ctx context.Context, i Import, order WholeImport) (Import, error) {
	if err := s.workImport(ctx, i.ID, order.Progress); err != nil {
		return i, err
	}
	return s.importByID(ctx, i.ID)
}

// reportChecked tells of every bad row.
func (s *Service) reportChecked(ctx context.Context, i Import, order WholeImport) error {
	set, err := i.Choices()
	if err != nil {
		return err
	}
	order.Checked(i, set)
	w, err := s.startLook(ctx, i)
	if err != nil {
		return err
	}
	for last := int64(0); i.Bad > 0; {
		rows, err := rowsOf(s.db.Read(ctx), `import_id = ? AND outcome = 'bad' AND id > ? ORDER BY id LIMIT ?`, i.ID, last, importChunk)
		if err != nil {
			return err
		}
		for _, row := range rows {
			cells, err := row.values()
			if err != nil {
				return err
			}
			wanted, _ := w.reader.read(cells)
			order.Bad(row.Line, wanted.who(), row.Reason)
			last = row.ID
		}
		if len(rows) < importChunk {
			break
		}
	}
	if order.Keep == nil {
		return nil
	}
	return order.Keep(ctx, i.ID)
}

package contacts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/jobs"
)

// importChunk is how many rows of a list are worked through in one transaction: enough to be quick, few enough that
// nobody who books or signs up waits for it.
const importChunk = 500

// OnImport names what has the job run that works through lists: there is work for it.
func (s *Service) OnImport(wake func()) { s.wakeImports = wake }

// ImportJob checks, imports and undoes lists, soon after it is ordered.
func (s *Service) ImportJob() jobs.Job {
	return jobs.Job{Name: "lists of contacts", Every: 30 * time.Second, Shared: true, Run: s.WorkImports}
}

// WorkImports works through every list that has work to do. It goes in chunks, each of which moves the list on in the
// transaction that does its work: a crash loses nothing and repeats nothing, and several instances share the work.
func (s *Service) WorkImports(ctx context.Context) error {
	var ids []int64
	err := s.db.Read(ctx).Raw(`SELECT id FROM contact_imports WHERE state IN ('checking', 'importing', 'undoing') ORDER BY id`).Scan(&ids).Error
	if err != nil {
		return fmt.Errorf("find lists to work on: %w", err)
	}
	for _, id := range ids {
		if broken := s.workImport(ctx, id, nil); broken != nil {
			err = errors.Join(err, fmt.Errorf("import %d: %w", id, broken))
		}
	}
	return err
}

// importWork is a list while it is worked on.
type importWork struct {
	Import
	set     ImportSettings
	reader  *rowReader
	planner planner
	roster  *roster // while it is checked
	// pointers are queries for what points to contacts, while the list is undone.
	pointers []string
}

// workImport works on one list until there is nothing to do. progress, where it is given, is told how far it is.
func (s *Service) workImport(ctx context.Context, id int64, progress func(Import)) error {
	var w *importWork
	for {
		i, err := s.importByID(ctx, id)
		if err != nil || !i.State.Working() {
			return err
		}
		if w == nil || w.Settings != i.Settings || w.State != i.State {
			if w, err = s.startWork(ctx, i); err != nil {
				return err
			}
		}
		if err := s.workChunk(ctx, w); err != nil {
			return err
		}
		if progress != nil {
			progress(w.Import)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

func (s *Service) startWork(ctx context.Context, i Import) (*importWork, error) {
	set, err := i.Choices()
	if err != nil {
		return nil, err
	}
	groups, err := allGroups(s.db.Read(ctx))
	if err != nil {
		return nil, err
	}
	w := &importWork{Import: i, set: set, reader: s.newRowReader(set, groups), planner: s.newPlanner(set, groups)}
	switch i.State {
	case ImportChecking:
		w.roster, err = s.callRoster(ctx, i, w.reader)
	case ImportUndoing:
		w.pointers, err = s.pointers(ctx)
	}
	return w, err
}

func (s *Service) newPlanner(set ImportSettings, groups []Group) planner {
	p := planner{set: set, retired: map[string]bool{}, zone: s.cfg.Zone()}
	for _, g := range groups {
		p.retired[g.Slug] = g.Retired
	}
	if purpose, there := s.cfg.Purpose(set.Purpose); there && purpose.Wording == set.Wording {
		p.version = purpose.Version
	}
	return p
}

// chunkTries is how often a chunk is tried that somebody else got in the way of: an address that came in between.
const chunkTries = 5

// workChunk does the next chunk of work. It does nothing where the list is not as it was when the work was started.
func (s *Service) workChunk(ctx context.Context, w *importWork) (err error) {
	for range chunkTries {
		err = s.db.Write(ctx, func(tx *database.Tx) error {
			i, err := lockImport(tx, w.ID)
			if err != nil || i.State != w.State || i.Settings != w.Settings {
				return err
			}
			next := *w
			next.Import = i
			ctx := asOrdered(ctx, i)
			switch i.State {
			case ImportChecking:
				err = s.checkChunk(ctx, tx, &next)
			case ImportImporting:
				err = s.applyChunk(ctx, tx, &next)
			case ImportUndoing:
				err = s.undoChunk(ctx, tx, &next)
			}
			if err != nil {
				return err
			}
			tx.AfterCommit(func() { w.Import = next.Import })
			return saveImport(tx, next.Import)
		})
		if !database.IsDuplicate(err) {
			break
		}
	}
	return err
}

// asOrdered has the audit log say who ordered the work; for the command, that is the program.
func asOrdered(ctx context.Context, i Import) context.Context {
	if i.OrderedBy == nil {
		return audit.AsSystem(ctx)
	}
	return audit.WithActor(ctx, audit.Actor{Kind: audit.Staff, ID: *i.OrderedBy})
}

// saveImport stores what work changes.
func saveImport(tx *database.Tx, i Import) error {
	err := tx.Exec(`UPDATE contact_imports SET state = ?, settings = ?, bad = ?, created = ?, changed = ?, same = ?, doubles = ?, unsubscribed = ?,
			undone = ?, kept = ?, worked = ?, last_row = ?, skip_bad = ?, ordered_by = ?, done_at = ?, undone_at = ? WHERE id = ?`,
		string(i.State), i.Settings, i.Bad, i.Created, i.Changed, i.Same, i.Doubles, i.Unsubscribed,
		i.Undone, i.Kept, i.Worked, i.LastRow, i.SkipBad, i.OrderedBy, i.DoneAt, i.UndoneAt, i.ID).Error
	if err != nil {
		return fmt.Errorf("move import %d on: %w", i.ID, err)
	}
	return nil
}

// count brings the list's counts up to date with its rows.
func (i *Import) count(tx *database.Tx) error {
	rows, err := tx.Rows(`SELECT outcome, ended, note <> '' AS noted, count(*) FROM contact_import_rows WHERE import_id = ? GROUP BY outcome, ended, note <> ''`, i.ID)
	i.Bad, i.Created, i.Changed, i.Same, i.Doubles, i.Unsubscribed, i.Undone, i.Kept = 0, 0, 0, 0, 0, 0, 0, 0
	by := map[Outcome]*int{RowBad: &i.Bad, RowCreates: &i.Created, RowChanges: &i.Changed, RowSame: &i.Same, RowDouble: &i.Doubles}
	err = eachRow(rows, err, func() error {
		var outcome Outcome
		var ended string
		var noted bool
		var n int
		if err := rows.Scan(&outcome, &ended, &noted, &n); err != nil {
			return err
		}
		if sum := by[outcome]; sum != nil {
			*sum += n
		}
		if noted && outcome != RowBad {
			i.Unsubscribed += n
		}
		switch ended {
		case rowUndone:
			i.Undone += n
		case rowKept:
			i.Kept += n
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("count the rows of import %d: %w", i.ID, err)
	}
	return nil
}

// pass notes that rows were worked through.
func (i *Import) pass(rows []ImportRow) {
	i.Worked += len(rows)
	i.LastRow = rows[len(rows)-1].ID
}

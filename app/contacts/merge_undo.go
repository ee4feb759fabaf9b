package contacts

import (
	"context"
	"encoding/json"
	"fmt"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// UndoMerge parts two contacts that were merged: each is as it was, with its own ledger. It is refused, with a Conflict
// that says why, where somebody has built on the merge: the kept contact was changed or merged again, or something
// was recorded about it since. A NotFound fault where there is no such merge, or its time is over.
func (s *Service) UndoMerge(ctx context.Context, keptID, mergeID int64) error {
	if err := accounts.Require(ctx, accounts.ManageContacts); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		m, err := lockMerge(tx, keptID, mergeID)
		if err != nil {
			return err
		}
		kept, err := lockContact(tx, m.KeptID)
		if err != nil {
			return err
		}
		if err := m.mayUndo(tx, kept); err != nil {
			return err
		}
		if err := s.part(tx, kept, m); err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE contact_merges SET undone_at = ? WHERE id = ?`, tx.Now(), m.ID).Error; err != nil {
			return err
		}
		return audit.Record(ctx, tx, "contact.undo_merge", "contacts", kept.ID, audit.Details{"merged": m.GoneID})
	})
}

func lockMerge(tx *database.Tx, keptID, id int64) (m Merge, err error) {
	err = database.First(tx.Raw(`SELECT * FROM contact_merges WHERE id = ? AND kept_id = ? AND undone_at IS NULL`+tx.ForUpdate(), id, keptID), &m)
	if database.IsNotFound(err) {
		return m, fault.New(fault.NotFound, "This merge cannot be undone any more.")
	}
	return m, err
}

// mayUndo says what was built on the merge.
func (m Merge) mayUndo(tx *database.Tx, kept Contact) error {
	if kept.ID != m.KeptID {
		return fault.New(fault.Conflict, "This contact was merged into another since. Undo that first")
	}
	var later int
	if err := tx.Row(`SELECT count(*) FROM consents WHERE contact_id = ? AND id > ?`, kept.ID, m.LastEntry).Scan(&later); err != nil {
		return fmt.Errorf("look for what was recorded since merge %d: %w", m.ID, err)
	}
	if later > 0 {
		return fault.New(fault.Conflict, "Something was recorded about this contact since, and nobody can tell of which of the two. So the merge cannot be undone")
	}
	if kept.Version != m.VersionAfter {
		return fault.New(fault.Conflict, "This contact was changed since. So the merge cannot be undone. Add the other one anew if you need both")
	}
	return nil
}

// part restores the kept contact and has the other stand alone again. The kept one comes first: it may hold an address that
// is the other's.
func (s *Service) part(tx *database.Tx, kept Contact, m Merge) error {
	var before Card
	var followed moved
	if err := json.Unmarshal([]byte(m.Before), &before); err != nil {
		return fmt.Errorf("read merge %d: %w", m.ID, err)
	}
	if err := json.Unmarshal([]byte(m.Moved), &followed); err != nil {
		return fmt.Errorf("read merge %d: %w", m.ID, err)
	}
	before.Contact.Version = kept.Version
	if err := s.updateContact(tx, &before.Contact); err != nil {
		return atEmail(err)
	}
	if _, err := setGroups(tx, kept.ID, before.Groups); err != nil {
		return err
	}
	if _, err := setLocalities(tx, kept.ID, before.Localities); err != nil {
		return err
	}
	err := tx.Exec(`UPDATE contacts SET merged_into = NULL, version = version + 1, updated_at = ? WHERE id = ?`, tx.Now(), m.GoneID).Error
	if database.IsDuplicate(err) {
		return fault.New(fault.Conflict, "Another contact has the email address by now. So the merge cannot be undone")
	}
	if err != nil {
		return fmt.Errorf("part contact %d from %d: %w", m.GoneID, kept.ID, err)
	}
	return giveBack(tx, m.GoneID, followed)
}

func giveBack(tx *database.Tx, goneID int64, m moved) error {
	if len(m.Entries) > 0 {
		if err := tx.Exec(`UPDATE consents SET contact_id = ? WHERE id IN ?`, goneID, m.Entries).Error; err != nil {
			return fmt.Errorf("give contact %d its ledger back: %w", goneID, err)
		}
	}
	if len(m.Contacts) > 0 {
		if err := tx.Exec(`UPDATE contacts SET merged_into = ? WHERE id IN ?`, goneID, m.Contacts).Error; err != nil {
			return fmt.Errorf("give contact %d its merged ones back: %w", goneID, err)
		}
	}
	return nil
}

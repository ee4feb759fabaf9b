package contacts

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// Merge is a row of the table contact_merges: two contacts were found to be one, and what it needs to be undone.
type Merge struct {
	ID           int64
	KeptID       int64
	GoneID       int64
	Before       string // JSON of the kept contact's Card
	Moved        string // JSON of moved
	LastEntry    int64  // of the ledger when it was done
	VersionAfter int64  // of the kept contact
	MadeBy       *int64
	CreatedAt    time.Time
	UndoneAt     *time.Time
}

// TableName is the table that merges live in.
func (Merge) TableName() string { return "contact_merges" }

// moved is what followed a contact into another.
type moved struct {
	Entries  []int64 `json:"entries"`  // of the ledger
	Contacts []int64 `json:"contacts"` // merged into it before
}

// MergePreview is what becomes of two contacts that are found to be one.
type MergePreview struct {
	Kept, Gone Card
	Result     Card
	Stands     []Standing // of the result
}

// PreviewMerge shows what merging would do, without doing it. The errors are those of Merge.
func (s *Service) PreviewMerge(ctx context.Context, keptID, goneID int64) (p MergePreview, err error) {
	if p.Kept, err = s.Card(ctx, keptID); err != nil { // asks for the right
		return p, err
	}
	if p.Gone, err = s.Card(ctx, goneID); err != nil {
		return p, err
	}
	if p.Kept.ID == p.Gone.ID {
		return p, sameContact()
	}
	p.Result = merged(p.Kept, p.Gone)
	p.Stands, err = standingsTogether(s.db.Read(ctx), p.Kept.ID, p.Gone.ID)
	return p, err
}

func sameContact() error {
	return fault.Fields{{Name: "other", Message: "These two are one contact already"}}.Err()
}

// merged is the kept contact with what it lacks from the other: its own facts win, the groups and localities of both count,
// and the notes stand one after the other.
func merged(kept, gone Card) Card {
	out := kept
	for _, pair := range []struct{ mine, theirs *string }{{&out.Name, &gone.Name}, {&out.Organisation, &gone.Organisation}, {&out.Email, &gone.Email}, {&out.Phone, &gone.Phone}} {
		if *pair.mine == "" {
			*pair.mine = *pair.theirs
		}
	}
	if kept.Phone == "" {
		out.PhoneKey = gone.PhoneKey
	}
	if out.PostAddress == "" {
		out.PostAddress, out.Postcode = gone.PostAddress, gone.Postcode
	}
	out.LargePrint = kept.LargePrint || gone.LargePrint
	if gone.Notes != "" && gone.Notes != kept.Notes {
		out.Notes = strings.TrimSpace(kept.Notes + "\n" + gone.Notes)
	}
	out.Groups, out.Localities = bothOf(kept.Groups, gone.Groups), bothOf(kept.Localities, gone.Localities)
	return out
}

func bothOf(a, b []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(a, b))))
}

// standingsTogether derives how two contacts stand once their ledgers are one.
func standingsTogether(q *gorm.DB, keptID, goneID int64) ([]Standing, error) {
	var entries []ConsentEntry
	if err := q.Raw(`SELECT * FROM consents WHERE contact_id IN ? ORDER BY id`, []int64{keptID, goneID}).Scan(&entries).Error; err != nil {
		return nil, fmt.Errorf("read two ledgers: %w", err)
	}
	return derived(entries), nil
}

// Versions are those of two contacts as the preview showed them.
type Versions struct{ Kept, Gone int64 }

// Merge makes one contact of two: the kept one, with what it lacks from the other. The other only leads to it: its ledger,
// its letters and the links in them, and its address, now belong to the kept one. The errors: a NotFound fault; Conflict where
// one of them was changed since the preview; Invalid where the two are one already.
func (s *Service) Merge(ctx context.Context, keptID, goneID int64, seen Versions) (id int64, err error) {
	if err := accounts.Require(ctx, accounts.ManageContacts); err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		kept, gone, err := lockBoth(tx, keptID, goneID)
		if err != nil {
			return err
		}
		if kept.Version != seen.Kept || gone.Version != seen.Gone {
			return fault.New(fault.Conflict, "One of the two was changed since you looked. Look again before you merge them")
		}
		id, err = s.merge(ctx, tx, kept, gone)
		return err
	})
	return id, err
}

// lockBoth locks two contacts in the order of their ids, so that two who merge the same two do not wait for each other.
func lockBoth(tx *database.Tx, keptID, goneID int64) (kept, gone Card, err error) {
	locked := map[int64]Card{}
	for _, id := range slices.Sorted(slices.Values([]int64{keptID, goneID})) {
		c, err := lockContact(tx, id)
		if err != nil {
			return kept, gone, err
		}
		if locked[id], err = cardOf(tx.DB, c); err != nil {
			return kept, gone, err
		}
	}
	kept, gone = locked[keptID], locked[goneID]
	if kept.ID == gone.ID {
		return kept, gone, sameContact()
	}
	return kept, gone, nil
}

func (s *Service) merge(ctx context.Context, tx *database.Tx, kept, gone Card) (id int64, err error) {
	m := Merge{KeptID: kept.ID, GoneID: gone.ID, MadeBy: audit.StaffID(ctx), CreatedAt: tx.Now()}
	followed, err := s.move(tx, kept.ID, gone.ID)
	if err != nil {
		return 0, err
	}
	result := merged(kept, gone)
	if err := s.updateContact(tx, &result.Contact); err != nil {
		return 0, atEmail(err)
	}
	if _, err := setGroups(tx, kept.ID, result.Groups); err != nil {
		return 0, err
	}
	if _, err := setLocalities(tx, kept.ID, result.Localities); err != nil {
		return 0, err
	}
	if err := s.outbox.WithdrawDoubles(tx, kept.ID, gone.ID); err != nil {
		return 0, err
	}
	m.VersionAfter = result.Version
	if m.Before, m.Moved, err = texts(kept, followed); err != nil {
		return 0, err
	}
	if err := tx.Row(`SELECT coalesce(max(id), 0) FROM consents`).Scan(&m.LastEntry); err != nil {
		return 0, err
	}
	id, err = tx.Insert(`INSERT INTO contact_merges (kept_id, gone_id, before, moved, last_entry, version_after, made_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		m.KeptID, m.GoneID, m.Before, m.Moved, m.LastEntry, m.VersionAfter, m.MadeBy, m.CreatedAt)
	if err != nil {
		return 0, fmt.Errorf("note a merge: %w", err)
	}
	return id, audit.Record(ctx, tx, "contact.merge", "contacts", kept.ID, audit.Details{"merged": gone.ID, "entries": len(followed.Entries)})
}

// move has the other contact lead to the kept one, with its ledger and whatever led to it.
func (s *Service) move(tx *database.Tx, keptID, goneID int64) (m moved, err error) {
	if err := tx.Raw(`SELECT id FROM consents WHERE contact_id = ? ORDER BY id`, goneID).Scan(&m.Entries).Error; err != nil {
		return m, err
	}
	if err := tx.Raw(`SELECT id FROM contacts WHERE merged_into = ? ORDER BY id`, goneID).Scan(&m.Contacts).Error; err != nil {
		return m, err
	}
	for _, step := range []string{
		`UPDATE consents SET contact_id = ? WHERE contact_id = ?`,
		`UPDATE contacts SET merged_into = ? WHERE merged_into = ?`,
		`UPDATE contacts SET merged_into = ?, version = version + 1 WHERE id = ?`,
	} {
		if err := tx.Exec(step, keptID, goneID).Error; err != nil {
			return m, fmt.Errorf("merge contact %d into %d: %w", goneID, keptID, err)
		}
	}
	return m, nil
}

func texts(before Card, m moved) (card, list string, err error) {
	a, err := json.Marshal(before)
	if err != nil {
		return "", "", err
	}
	b, err := json.Marshal(m)
	return string(a), string(b), err
}

// mergesOf gives what was merged into a contact and can perhaps be undone, newest first.
func mergesOf(q *gorm.DB, keptID int64) (list []Merge, err error) {
	err = q.Raw(`SELECT * FROM contact_merges WHERE kept_id = ? AND undone_at IS NULL ORDER BY id DESC`, keptID).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("read the merges of contact %d: %w", keptID, err)
	}
	return list, nil
}

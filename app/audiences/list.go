package audiences

import (
	"context"
	"fmt"
	"time"

	"conversations/app/database"
	"conversations/app/fault"
)

// List is who a mailing goes to, as it was made once: a row of the table audience_lists. Its people are rows of
// audience_list_rows.
type List struct {
	ID          int64
	About       string // table of what it was made for
	AboutID     int64
	Purpose     string
	Rule        string // JSON
	State       string // making, made, kept, dropping
	LastContact int64  // made up to here
	Email       int    // people written to by email, when it was made
	Post        int    // people written to on paper, when it was made
	LeftOut     int
	Digest      string // of who is in, and by which way
	Handed      int64  // handed on up to here, by contact
	MadeBy      *int64
	MadeAt      time.Time
}

// TableName is the table that lists live in.
func (List) TableName() string { return "audience_lists" }

// States of a list. One that is kept is in use, and stays.
const (
	making   = "making"
	made     = "made"
	kept     = "kept"
	dropping = "dropping"
)

// Size is how many people are written to.
func (l List) Size() int { return l.Email + l.Post }

// ByID finds a list that is made, or returns a NotFound fault.
func (s *Service) ByID(ctx context.Context, id int64) (l List, err error) {
	if err := mayUse(ctx); err != nil {
		return l, err
	}
	err = database.First(s.db.Read(ctx).Raw(`SELECT * FROM audience_lists WHERE id = ? AND state IN ('made', 'kept')`, id), &l)
	return l, orNoList(err)
}

// Latest finds the newest list that was made for a thing, or returns a NotFound fault.
func (s *Service) Latest(ctx context.Context, about string, aboutID int64) (l List, err error) {
	if err := mayUse(ctx); err != nil {
		return l, err
	}
	err = database.First(s.db.Read(ctx).Raw(`SELECT * FROM audience_lists WHERE about = ? AND about_id = ? AND state IN ('made', 'kept') ORDER BY id DESC LIMIT 1`, about, aboutID), &l)
	return l, orNoList(err)
}

func orNoList(err error) error {
	if database.IsNotFound(err) {
		return fault.Wrap(fault.NotFound, "There is no list yet.", err)
	}
	if err != nil {
		return fmt.Errorf("read a list of people: %w", err)
	}
	return nil
}

// Keep freezes a list that is made, in the transaction of whoever uses it: Drop passes it over. A Conflict fault says that
// another was made since.
func Keep(tx *database.Tx, id int64) error {
	done := tx.Exec(`UPDATE audience_lists SET state = ? WHERE id = ? AND state = ?`, kept, id, made)
	if done.Error != nil {
		return fmt.Errorf("keep list %d: %w", id, done.Error)
	}
	if done.RowsAffected != 1 {
		return fault.New(fault.Conflict, "The list was made anew meanwhile. Look at it again.")
	}
	return nil
}

// Free ends what Keep began.
func Free(tx *database.Tx, id int64) error {
	if err := tx.Exec(`UPDATE audience_lists SET state = ? WHERE id = ? AND state = ?`, made, id, kept).Error; err != nil {
		return fmt.Errorf("free list %d: %w", id, err)
	}
	return nil
}

// Count is how many people of a list have an outcome for a reason.
type Count struct {
	Outcome Outcome
	Reason  Reason
	Since   bool // left out since the list was made
	People  int
}

// Counts gives how a list stands now, those who are written to first.
func (s *Service) Counts(ctx context.Context, listID int64) (counts []Count, err error) {
	if err := mayUse(ctx); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx).Raw(`SELECT outcome, reason, was <> '' AS since, count(*) AS people FROM audience_list_rows
		WHERE list_id = ? GROUP BY outcome, reason, was <> '' ORDER BY outcome, people DESC, reason`, listID).Scan(&counts).Error
	if err != nil {
		return nil, fmt.Errorf("count who is on list %d: %w", listID, err)
	}
	return counts, nil
}

// Difference is how many people are on one list and not on the other.
type Difference struct{ Added, Gone int }

// Compare says how a list differs from an earlier one: who was to be written to then, and who is now.
func (s *Service) Compare(ctx context.Context, earlier, now int64) (d Difference, err error) {
	if err := mayUse(ctx); err != nil {
		return d, err
	}
	const only = `SELECT count(*) FROM audience_list_rows a WHERE a.list_id = ? AND a.outcome <> 'left-out'
		AND NOT EXISTS (SELECT 1 FROM audience_list_rows b WHERE b.list_id = ? AND b.contact_id = a.contact_id AND b.outcome <> 'left-out')`
	read := s.db.Read(ctx)
	if err := read.Raw(only, now, earlier).Scan(&d.Added).Error; err != nil {
		return d, fmt.Errorf("compare lists: %w", err)
	}
	if err := read.Raw(only, earlier, now).Scan(&d.Gone).Error; err != nil {
		return d, fmt.Errorf("compare lists: %w", err)
	}
	return d, nil
}

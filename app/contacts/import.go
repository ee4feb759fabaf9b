package contacts

import (
	"encoding/json"
	"fmt"
	"time"
)

// ImportState says how far a list is that is brought in.
type ImportState string

// The states, in their order. In Checking, Importing and Undoing a job has work to do.
const (
	ImportReading   ImportState = "reading" // its rows are being stored
	ImportRead      ImportState = "read"    // staff say which column is what
	ImportChecking  ImportState = "checking"
	ImportChecked   ImportState = "checked" // staff look, and confirm
	ImportImporting ImportState = "importing"
	ImportDone      ImportState = "done"
	ImportUndoing   ImportState = "undoing"
	ImportUndone    ImportState = "undone"
)

// Working says whether a job has work to do.
func (s ImportState) Working() bool {
	return s == ImportChecking || s == ImportImporting || s == ImportUndoing
}

// Import is a list that is brought in: a row of the table contact_imports. The counts of contacts are a forecast until
// the list is imported.
type Import struct {
	ID           int64
	FileName     string
	State        ImportState
	Settings     string // JSON of ImportSettings
	Total        int    // rows
	Bad          int
	Created      int // contacts
	Changed      int
	Same         int
	Doubles      int // rows about somebody who has another row
	Unsubscribed int // rows whose yes came before a no
	Undone       int // contacts
	Kept         int // changed since, so that undoing left them
	Worked       int // rows worked through in this state
	LastRow      int64
	SkipBad      bool
	MadeBy       *int64
	OrderedBy    *int64 // who had it checked, imported or undone last
	CreatedAt    time.Time
	DoneAt       *time.Time
	UndoneAt     *time.Time
}

// TableName is the table that lists live in.
func (Import) TableName() string { return "contact_imports" }

// Outcome is what a row of a list comes to.
type Outcome string

// The outcomes.
const (
	RowCreates Outcome = "create" // a new contact
	RowChanges Outcome = "change" // a contact that was there
	RowSame    Outcome = "same"   // nothing that was not known
	RowDouble  Outcome = "double" // taken together with another row about the same contact
	RowBad     Outcome = "bad"    // cannot be used
)

// RowNote says more about a row that is used.
type RowNote string

// The notes: a yes of the row did not count.
const (
	NoteUnsubscribed RowNote = "unsubscribed" // they ended it after the day of the row
	NoteSuppressed   RowNote = "suppressed"   // no letters go to the address: they came back, or were called spam
)

// What undoing did to a row.
const (
	rowUndone = "undone"
	rowKept   = "kept"
)

// ImportRow is a row of a list: a row of the table contact_import_rows.
type ImportRow struct {
	ID           int64
	ImportID     int64
	Line         int
	EmailKey     string
	Cells        string // JSON: as they stood in the file
	Trouble      string // why the row cannot be read
	Outcome      Outcome
	Reason       string // of a bad row
	Note         RowNote
	DoubleOf     *int64 // the row with which it is taken together
	ContactID    *int64
	Before       string // JSON of before; "" where there was no contact
	VersionAfter int64
	Ended        string
}

// TableName is the table that rows of lists live in.
func (ImportRow) TableName() string { return "contact_import_rows" }

// values are the cells as they stood in the file.
func (r ImportRow) values() (cells []string, err error) {
	if r.Cells == "" {
		return nil, nil // erased
	}
	if err := json.Unmarshal([]byte(r.Cells), &cells); err != nil {
		return nil, fmt.Errorf("read line %d of import %d: %w", r.Line, r.ImportID, err)
	}
	return cells, nil
}

// ImportSettings say which column of a list is what, and what the list does not say.
type ImportSettings struct {
	Head       []string // the file's headings
	Columns    []string // for each heading a code of ImportFields; "" is left out
	Encoding   string   // as it was found
	Separator  string
	Groups     []string // slugs, for everybody on the list
	Localities []string // slugs, for everybody on the list
	NewGroups  []string // names of groups that are made when the list is imported
	Everybody  bool     // a row that does not say yes or no counts as yes
	Purpose    string   // slug: what they said yes or no to
	Basis      Basis    // of each yes
	Wording    string   // what they were asked
	Date       string   // of a yes or no that has none, as it was typed
	Source     string   // where they said so, for rows that do not say

	MadeGroups []int64 // the groups that were made
}

// Choices are the list's settings.
func (i Import) Choices() (set ImportSettings, err error) {
	if err := json.Unmarshal([]byte(i.Settings), &set); err != nil {
		return set, fmt.Errorf("read the settings of import %d: %w", i.ID, err)
	}
	return set, nil
}

func (set ImportSettings) text() (string, error) {
	text, err := json.Marshal(set)
	return string(text), err
}

// before is what an import did to a contact that was there, so that it can be taken back.
type before struct {
	Contact    Contact  // as it was
	Groups     []string `json:",omitempty"` // slugs: added
	Localities []string `json:",omitempty"` // slugs: added
	Ledger     int64    `json:",omitempty"` // the last entry before, by id
}

// was is what the row's contact was before; the zero before where there was none.
func (r ImportRow) was() (b before, err error) {
	if r.Before == "" {
		return b, nil
	}
	if err := json.Unmarshal([]byte(r.Before), &b); err != nil {
		return b, fmt.Errorf("line %d of import %d: read what the contact was: %w", r.Line, r.ImportID, err)
	}
	return b, nil
}

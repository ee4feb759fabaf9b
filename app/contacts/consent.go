package contacts

import (
	"time"
)

// Entry is what an entry of the ledger says.
type Entry string

// The entries. The ledger only grows: what was wrong is annulled by another entry.
const (
	Given     Entry = "given"
	Withdrawn Entry = "withdrawn" // a consent is taken back
	Objected  Entry = "objected"  // "do not write to me for this", whatever the basis
	Annulled  Entry = "annulled"  // an entry was a mistake, or its import was undone
)

// Basis is the lawful basis of an entry that is given.
type Basis string

// The bases under which people are written to.
const (
	Consent            Basis = "consent"
	PublicTask         Basis = "public-task"
	LegitimateInterest Basis = "legitimate-interest"
)

// Source is where an entry came from.
type Source string

// The sources.
const (
	FromSubscribe   Source = "subscribe"   // the form on the website, confirmed by email
	FromBooking     Source = "booking"     // the box on the booking form, confirmed by email
	FromPreferences Source = "preferences" // the person's own page of preferences
	FromUnsubscribe Source = "unsubscribe" // one click in a letter, or its page
	FromComplaint   Source = "complaint"   // the person's mail provider told us that they called a letter spam
	FromImport      Source = "import"
	FromTelephone   Source = "telephone" // to staff
	FromLetter      Source = "letter"
	FromEmail       Source = "email"
	FromMeeting     Source = "meeting" // in person, or a form on paper
	FromRecords     Source = "records" // nobody said it: a public list, our own records; for bases other than consent
	FromErasure     Source = "erasure" // what we held about the person was erased
	FromUndo        Source = "undo"    // of an import or of an entry: with annulled only
)

// Updates is the purpose that is always there: the letters of the programme.
const Updates = "updates"

// ConsentEntry is a row of the table consents, the ledger.
type ConsentEntry struct {
	ID             int64
	ContactID      int64
	Purpose        string
	Channel        Channel
	Entry          Entry
	Annuls         *int64
	Basis          Basis  // of what is given
	Wording        string // exactly what the person was asked
	WordingVersion int
	At             time.Time // when the person said so
	RecordedAt     time.Time
	Source         Source
	SourceNote     string
	RecordedBy     *int64 // staff
	ImportID       *int64
}

// TableName is the table that the ledger lives in.
func (ConsentEntry) TableName() string { return "consents" }

// Said is what somebody told us about one purpose.
type Said struct {
	Purpose string
	Channel Channel // "" with Withdraw and Object: every channel
	// Basis is Consent where it is empty; only of what is given.
	Basis Basis
	// Wording is what the person was asked; where it is empty, the configured words of the purpose and their version.
	Wording        string
	WordingVersion int
	At             time.Time // when the person said so; zero is now
	Source         Source
	Note           string // "sign-up sheet, Hemel Hempstead, 31 January"
	ImportID       *int64
}

// Standing is how a contact stands for one purpose and channel: a row of the view current_consents.
type Standing struct {
	ContactID int64
	Purpose   string
	Channel   Channel
	Entry     Entry
	Basis     Basis
	At        time.Time
	ConsentID int64
}

// Allowed says whether the contact may be written to.
func (s Standing) Allowed() bool { return s.Entry == Given }

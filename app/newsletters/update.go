package newsletters

import (
	"slices"
	"time"

	"conversations/app/fault"
)

// Update is what the programme writes to many or publishes: a row of the table updates. Its words are in Text.
type Update struct {
	ID             int64
	Slug           string // its address below /updates
	Kind           Kind
	Title          string // of the text that counts; also the subject of the letter
	State          State
	Version        int64  // rises with every change of the letter or of its audience
	TextID         int64  // the text that counts
	Rule           string // JSON: the audience
	Purpose        string // what recipients agreed to: "updates"
	ListID         *int64 // the frozen list of recipients
	MailingID      int64  // 0 until it is handed to the outbox
	Corrects       *int64 // the update that this one corrects, for the same people
	AskedBy        *int64
	AskedAt        *time.Time
	ApprovedBy     *int64
	ApprovedAt     *time.Time
	ApprovedDigest string // of the letter and the list as they were approved
	SendAt         *time.Time
	HoldUntil      *time.Time // until then it can be called back
	ReleasedAt     *time.Time // its mails leave from then on
	BackWhy        Back       // why it is a draft again
	BackReason     string     // in words
	BackBy         *int64
	BackAt         *time.Time
	PublishedAt    *time.Time
	CreatedBy      *int64
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// TableName is the table that updates live in.
func (Update) TableName() string { return "updates" }

// Kind says what sort of thing an update is.
type Kind string

// The kinds. A stakeholder update is a letter that is sent; the others are published, and sent only if they have
// an audience.
const (
	StakeholderUpdate Kind = "update"
	News              Kind = "news"
	Statement         Kind = "statement"
	PressRelease      Kind = "press-release"
)

// Kinds lists the kinds in the order in which they are offered.
func Kinds() []Kind { return []Kind{StakeholderUpdate, News, Statement, PressRelease} }

// Name is the kind in plain words.
func (k Kind) Name() string {
	switch k {
	case StakeholderUpdate:
		return "Stakeholder update"
	case News:
		return "News"
	case Statement:
		return "Statement"
	case PressRelease:
		return "Press release"
	}
	return string(k)
}

// Known says whether k is one of Kinds.
func (k Kind) Known() bool { return slices.Contains(Kinds(), k) }

// State is how far an update is.
type State string

// The states.
const (
	Draft     State = "draft"
	Asked     State = "asked"    // somebody asked for approval
	Approved  State = "approved" // letter and list are frozen
	Sending   State = "sending"  // handed to the outbox; during the hold it can be called back
	Sent      State = "sent"
	Published State = "published" // published without being sent
)

// States lists the states in the order of an update's life.
func States() []State { return []State{Draft, Asked, Approved, Sending, Sent, Published} }

// Words is the state as staff read it.
func (s State) Words() string {
	switch s {
	case Draft:
		return "Draft"
	case Asked:
		return "Waiting for approval"
	case Approved:
		return "Approved"
	case Sending:
		return "Being sent"
	case Sent:
		return "Sent"
	case Published:
		return "Published"
	}
	return string(s)
}

// mustBe returns a Conflict fault unless the update is in one of the states.
func (u Update) mustBe(states ...State) error {
	if slices.Contains(states, u.State) {
		return nil
	}
	return fault.New(fault.Conflict, "The state of this update is \""+u.State.Words()+"\", so this cannot be done.")
}

// Writable says whether the letter can be changed: nothing has left the house yet. A change ends an approval.
func (u Update) Writable() bool { return slices.Contains([]State{Draft, Asked, Approved}, u.State) }

package feedback

import "time"

// ActionState is how far an answer to what people said has come.
type ActionState string

// The states.
const (
	Considering ActionState = "considering"
	Planned     ActionState = "planned"
	UnderWay    ActionState = "under-way"
	Done        ActionState = "done"
	WillNot     ActionState = "will-not"
)

// Action is "you said, we did": a row of the table actions.
type Action struct {
	ID          int64
	Slug        string
	ThemeID     int64
	Locality    string // "" is everywhere
	Title       string
	Said        string // in our words
	Decided     string // what was decided, done, or why not
	State       ActionState
	Owner       string // an office
	DueOn       string // 2017-06-30
	DoneOn      string
	Evidence    string
	DocumentID  *int64
	Approval    string // draft, asked, published, withdrawn
	AskedBy     *int64
	AskedAt     *time.Time
	ApprovedBy  *int64
	PublishedAt *time.Time
	Published   string // JSON: what the public page says
	ListID      *int64
	UpdateID    *int64
	Version     int
	CreatedBy   *int64
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// TableName is the table that actions live in.
func (Action) TableName() string { return "actions" }

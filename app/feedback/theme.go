package feedback

import "time"

// Theme is an entry of the codebook: a row of the table themes.
type Theme struct {
	ID         int64
	GUID       string `gorm:"column:guid"` // in exchange with other programs
	Code       string
	ParentID   *int64
	Position   int // among those of one parent, from 1
	Name       string
	Definition string
	Included   string
	Excluded   string
	Examples   string // made up, a line each
	Colour     string
	RetiredAt  *time.Time
	MergedInto *int64
	Version    int
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// TableName is the table that themes live in.
func (Theme) TableName() string { return "themes" }

// Change is an entry in the history of the codebook: a row of the table theme_changes. The id of the newest is the
// codebook's version.
type Change struct {
	ID        int64
	Kind      string // add, change, move, merge, split, retire, restore, import, undo
	ThemeID   int64
	Details   string // JSON
	Undoes    *int64
	ChangedBy *int64
	ChangedAt time.Time
}

// TableName is the table that changes live in.
func (Change) TableName() string { return "theme_changes" }

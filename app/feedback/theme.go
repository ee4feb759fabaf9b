package feedback

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"conversations/app/fault"
)

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
	Gone       bool // its adding was undone: as if it had never been
	Version    int
	CreatedAt  time.Time
	UpdatedAt  time.Time

	Depth int `gorm:"-"` // below how many others it stands; only where the tree was read
}

// TableName is the table that themes live in.
func (Theme) TableName() string { return "themes" }

// Live says whether comments are coded with it.
func (t Theme) Live() bool { return t.RetiredAt == nil && !t.Gone }

// Parent is the theme it stands below, 0 at the top.
func (t Theme) Parent() int64 {
	if t.ParentID == nil {
		return 0
	}
	return *t.ParentID
}

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

// ThemeForm is what staff typed about a theme.
type ThemeForm struct {
	Code       string `form:"code"` // "" is made from the name
	Name       string `form:"name"`
	Parent     int64  `form:"parent"` // 0 is the top
	Definition string `form:"definition,lines"`
	Included   string `form:"included,lines"`
	Excluded   string `form:"excluded,lines"`
	Examples   string `form:"examples,lines"` // made up, a line each
	// Version is that of the theme as it was when the form was opened.
	Version int `form:"version"`
}

const (
	maxCodeCharacters      = 40
	maxNameCharacters      = 120
	maxThemeTextCharacters = 4000
)

// check refuses what cannot be a theme, all of it at once.
func (f ThemeForm) check() error {
	var problems fault.Fields
	tooLong := func(name, what, text string, most int) {
		if utf8.RuneCountInString(text) > most {
			problems.Add(name, fmt.Sprintf("%s can have %d characters at most", what, most))
		}
	}
	if strings.Contains(f.Code, "|") || strings.ContainsAny(f.Code, "\r\n\t") {
		problems.Add("code", "The code cannot have | or a new line in it")
	}
	tooLong("code", "The code", f.Code, maxCodeCharacters)
	switch {
	case strings.TrimSpace(f.Name) == "":
		problems.Add("name", "Enter a name for the theme")
	case strings.Contains(f.Name, "|"):
		problems.Add("name", "The name cannot have | in it: files use it between themes")
	}
	tooLong("name", "The name", f.Name, maxNameCharacters)
	tooLong("definition", "What it means", f.Definition, maxThemeTextCharacters)
	tooLong("included", "What belongs to it", f.Included, maxThemeTextCharacters)
	tooLong("excluded", "What does not belong to it", f.Excluded, maxThemeTextCharacters)
	tooLong("examples", "The examples", f.Examples, maxThemeTextCharacters)
	return problems.Err()
}

// tidy takes away the spaces around what was typed.
func (f ThemeForm) tidy() ThemeForm {
	for _, text := range []*string{&f.Code, &f.Name, &f.Definition, &f.Included, &f.Excluded, &f.Examples} {
		*text = strings.TrimSpace(strings.ReplaceAll(*text, "\r\n", "\n"))
	}
	f.Name = strings.Join(strings.Fields(f.Name), " ")
	return f
}

// put writes what was typed onto a theme.
func (f ThemeForm) put(t *Theme) {
	t.Name, t.Definition, t.Included, t.Excluded, t.Examples = f.Name, f.Definition, f.Included, f.Excluded, f.Examples
	if f.Code != "" {
		t.Code = f.Code
	}
}

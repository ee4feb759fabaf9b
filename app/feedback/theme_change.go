package feedback

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"conversations/app/accounts"
	"conversations/app/database"
	"conversations/app/fault"
)

// themeState is what a theme is at one time, as the history keeps it.
type themeState struct {
	Code       string `json:"code,omitempty"`
	Parent     int64  `json:"parent,omitempty"`
	Position   int    `json:"position,omitempty"`
	Name       string `json:"name,omitempty"`
	Definition string `json:"definition,omitempty"`
	Included   string `json:"included,omitempty"`
	Excluded   string `json:"excluded,omitempty"`
	Examples   string `json:"examples,omitempty"`
	Colour     string `json:"colour,omitempty"`
	Retired    string `json:"retired,omitempty"` // when
	MergedInto int64  `json:"merged_into,omitempty"`
	Gone       bool   `json:"gone,omitempty"`
}

func (t Theme) state() themeState {
	s := themeState{Code: t.Code, Parent: t.Parent(), Position: t.Position, Name: t.Name, Definition: t.Definition, Included: t.Included, Excluded: t.Excluded,
		Examples: t.Examples, Colour: t.Colour, Gone: t.Gone}
	if t.RetiredAt != nil {
		s.Retired = t.RetiredAt.UTC().Format(time.RFC3339Nano)
	}
	if t.MergedInto != nil {
		s.MergedInto = *t.MergedInto
	}
	return s
}

// become gives a theme a state.
func (t *Theme) become(s themeState) {
	t.Code, t.Position, t.Name, t.Definition, t.Included, t.Excluded = s.Code, s.Position, s.Name, s.Definition, s.Included, s.Excluded
	t.Examples, t.Colour, t.Gone, t.ParentID, t.MergedInto, t.RetiredAt = s.Examples, s.Colour, s.Gone, pointer(s.Parent), pointer(s.MergedInto), nil
	if at, err := time.Parse(time.RFC3339Nano, s.Retired); err == nil {
		t.RetiredAt = &at
	}
}

func pointer(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

// themeChange is how a theme was before a change of the codebook and how it is after it.
type themeChange struct {
	ID     int64      `json:"id"`
	Before themeState `json:"before"`
	After  themeState `json:"after"`
	Placed bool       `json:"placed,omitempty"` // it was put where it stands on purpose
}

// shifted is a theme that only made room for another.
type shifted struct {
	ID   int64 `json:"id"`
	From int   `json:"from"`
	To   int   `json:"to"`
}

// changeDetails is what an entry of the history holds: enough to undo it, and to tell how the codebook was.
type changeDetails struct {
	Themes  []themeChange `json:"themes"`
	Shifted []shifted     `json:"shifted,omitempty"`
	Moves   []codingMove  `json:"moves,omitempty"`
}

func (c Change) details() (d changeDetails, err error) {
	if err := json.Unmarshal([]byte(c.Details), &d); err != nil {
		return d, fmt.Errorf("read entry %d of the codebook's history: %w", c.ID, err)
	}
	return d, nil
}

// codebook is the whole codebook while it is being changed. Its rows are locked: changes of it come one after the other, and
// nobody codes in the middle of one.
type codebook struct {
	tx     *database.Tx
	themes map[int64]*Theme
	before map[int64]themeState
	placed map[int64]bool // those that were put where they stand on purpose
	moves  []codingMove
	about  int64 // the theme that the entry in the history is about; 0 is the first that is different
	undoes int64
}

// changeThemes runs a change of the codebook, in memory, and stores what came of it as one entry of the history. A change of
// nothing leaves no entry.
func (s *Service) changeThemes(ctx context.Context, kind string, change func(*codebook) error) (entry Change, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return entry, err
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		c, err := lockCodebook(tx)
		if err != nil {
			return err
		}
		if err := change(c); err != nil {
			return err
		}
		entry, err = c.store(ctx, Change{Kind: kind, ThemeID: c.about, Undoes: pointer(c.undoes)})
		return err
	})
	return entry, err
}

func lockCodebook(tx *database.Tx) (*codebook, error) {
	var all []Theme
	if err := tx.Raw(`SELECT * FROM themes ORDER BY id` + tx.ForUpdate()).Scan(&all).Error; err != nil {
		return nil, fmt.Errorf("lock the codebook: %w", err)
	}
	c := &codebook{tx: tx, themes: map[int64]*Theme{}, before: map[int64]themeState{}, placed: map[int64]bool{}}
	for i, t := range all {
		c.themes[t.ID], c.before[t.ID] = &all[i], t.state()
	}
	return c, nil
}

// live gives a theme that can be worked with.
func (c *codebook) live(id int64) (*Theme, error) {
	t, err := c.theme(id)
	if err == nil && !t.Live() {
		return nil, fault.New(fault.Conflict, fmt.Sprintf("The theme %q is retired. Restore it first.", t.Name))
	}
	return t, err
}

func (c *codebook) theme(id int64) (*Theme, error) {
	t := c.themes[id]
	if t == nil || t.Gone {
		return nil, noTheme()
	}
	return t, nil
}

// byCode finds a theme by its code; nil where there is none.
func (c *codebook) byCode(code string) *Theme {
	for _, t := range c.themes {
		if !t.Gone && strings.EqualFold(t.Code, code) {
			return t
		}
	}
	return nil
}

// below gives those directly below a theme (0 is the top), retired ones too, in their order.
func (c *codebook) below(parent int64) (list []*Theme) {
	for _, t := range c.themes {
		if !t.Gone && t.Parent() == parent {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, func(a, b *Theme) int {
		if a.Position != b.Position {
			return a.Position - b.Position
		}
		return int(a.ID - b.ID)
	})
	return list
}

// inside says whether a theme is another or stands somewhere below it.
func (c *codebook) inside(id, other int64) bool {
	for range len(c.themes) + 1 {
		if id == other {
			return true
		}
		t := c.themes[id]
		if t == nil || t.ParentID == nil {
			return false
		}
		id = *t.ParentID
	}
	return true // a circle: never let anything into it
}

// place puts a theme below a parent (0 is the top) at a position from 1; one past the end is the end.
func (c *codebook) place(t *Theme, parent int64, position int) {
	c.takeOut(t)
	siblings := c.below(parent)
	at := min(max(position-1, 0), len(siblings))
	t.ParentID, t.Gone = pointer(parent), false
	number(slices.Insert(siblings, at, t))
	c.placed[t.ID] = true
}

// takeOut takes a theme out of the tree, and the others close the gap.
func (c *codebook) takeOut(t *Theme) {
	t.Gone = true
	number(c.below(t.Parent()))
}

func number(themes []*Theme) {
	for i, t := range themes {
		t.Position = i + 1
	}
}

const atEnd = 1 << 30 // a position

// add makes a new theme.
func (c *codebook) add(f ThemeForm, guid string, position int) (*Theme, error) {
	t := Theme{GUID: guid, Version: 1, Gone: true, CreatedAt: c.tx.Now(), UpdatedAt: c.tx.Now()}
	if t.GUID == "" {
		t.GUID = newGUID()
	}
	f.put(&t)
	if t.Code == "" {
		t.Code = c.codeFor(f.Name)
	}
	if c.byCode(t.Code) != nil {
		return nil, fault.Fields{{Name: "code", Message: fmt.Sprintf("Another theme has the code %q. Choose another code", t.Code)}}.Err()
	}
	if err := c.tx.Create(&t).Error; err != nil {
		return nil, fmt.Errorf("add a theme: %w", err)
	}
	c.themes[t.ID], c.before[t.ID] = &t, themeState{Gone: true}
	c.place(&t, f.Parent, position)
	return &t, nil
}

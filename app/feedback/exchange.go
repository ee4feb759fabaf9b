package feedback

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"conversations/app/accounts"
	"conversations/app/fault"
)

// ThemeFile is a codebook as a file has it. Nothing of it is stored yet.
type ThemeFile struct {
	Name    string
	Columns []string // what the file says of each theme; what it does not say stays as it is
	Themes  []FileTheme
	Unknown []string // columns that are left out
	LeftOut []string // what else it holds and is left out, in words
}

// FileTheme is a theme in a file.
type FileTheme struct {
	Line    int
	Key     string // by which others of the file name it as their parent
	Parent  string // its parent's key, or the code of a theme that is there; "" is the top
	GUID    string
	Retired string // yes, no, or ""
	Trouble string // why the row cannot be used
	ThemeForm
	Colour string
}

// mostFileThemes is how many themes a file can have.
const mostFileThemes = 2000

// ImportedTheme says what becomes of a theme of a file.
type ImportedTheme struct {
	Line int
	Name string
	What string // added, changed, same, bad
	Why  string // of a bad one, in plain words
}

// ThemeImport says what bringing a file in did, or would do.
type ThemeImport struct {
	Themes                    []ImportedTheme
	Added, Changed, Same, Bad int
	Entry                     Change // in the history; its id is 0 where nothing was stored
}

// ThemeImportOptions say how a file is brought in.
type ThemeImportOptions struct {
	DryRun  bool // only say what it would do
	SkipBad bool // leave rows out that cannot be used; without it nothing is stored while there is one
}

var errOnlyLooked = errors.New("nothing is stored")

// ImportThemes brings a codebook in as one change: themes that are there, by GUID or by code, are changed where the file says
// otherwise, the others are added. The same file a second time changes nothing. Where rows cannot be used and are not skipped,
// nothing is stored, and Bad is above 0. A Conflict where the whole would not be a codebook.
func (s *Service) ImportThemes(ctx context.Context, file ThemeFile, o ThemeImportOptions) (done ThemeImport, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return done, err
	}
	if len(file.Themes) > mostFileThemes {
		return done, fault.Fields{{Name: "file", Message: fmt.Sprintf("A codebook can have %d themes at most, and the file has %d", mostFileThemes, len(file.Themes))}}.Err()
	}
	entry, err := s.changeThemes(ctx, "import", func(c *codebook) error {
		in := incoming{codebook: c, file: file, byKey: map[string]int64{}}
		done, err = in.bringIn()
		if err != nil {
			return err
		}
		if o.DryRun || done.Bad > 0 && !o.SkipBad {
			if err := c.sound(); err != nil {
				return err
			}
			return errOnlyLooked
		}
		return nil
	})
	if errors.Is(err, errOnlyLooked) {
		return done, nil
	}
	done.Entry = entry
	return done, err
}

// incoming is a file on its way into the codebook.
type incoming struct {
	*codebook
	file  ThemeFile
	byKey map[string]int64 // themes of the file that are in
}

// bringIn works through the file until nothing more can be done: a parent may come after its children.
func (in incoming) bringIn() (done ThemeImport, err error) {
	left := in.file.Themes
	results := map[int]ImportedTheme{}
	keys := map[string]int{}
	for _, f := range left {
		keys[strings.ToLower(f.Key)]++
	}
	for more := true; more; {
		more = false
		var later []FileTheme
		for _, f := range left {
			r := ImportedTheme{Line: f.Line, Name: f.Name}
			parent, ready := in.parentOf(f, keys)
			switch why := in.trouble(f, keys); {
			case why != "":
				r.What, r.Why = "bad", why
			case !ready:
				later = append(later, f)
				continue
			default:
				if r.What, err = in.one(f, parent); err != nil {
					return done, err
				}
			}
			results[f.Line], more = r, true
		}
		left = later
	}
	for _, f := range left {
		results[f.Line] = ImportedTheme{Line: f.Line, Name: f.Name, What: "bad", Why: fmt.Sprintf("There is no theme %q to stand below, or it cannot be used", f.Parent)}
	}
	return summed(in.file.Themes, results), nil
}

func summed(themes []FileTheme, results map[int]ImportedTheme) (done ThemeImport) {
	for _, f := range themes {
		r := results[f.Line]
		done.Themes = append(done.Themes, r)
		switch r.What {
		case "added":
			done.Added++
		case "changed":
			done.Changed++
		case "same":
			done.Same++
		default:
			done.Bad++
		}
	}
	return done
}

// trouble says why a row cannot be used.
func (in incoming) trouble(f FileTheme, keys map[string]int) string {
	if f.Trouble != "" {
		return f.Trouble
	}
	if keys[strings.ToLower(f.Key)] > 1 {
		return fmt.Sprintf("%q is more than once in the file", f.Key)
	}
	if f.Retired != "" && f.Retired != "yes" && f.Retired != "no" {
		return "In the column retired only yes and no can stand"
	}
	if f.GUID != "" && !isGUID(f.GUID) || f.Colour != "" && !colourShape.MatchString(f.Colour) {
		return "Its GUID or its colour has a form that none has"
	}
	known, bad := errors.AsType[*fault.Error](f.ThemeForm.tidy().check())
	if bad {
		return known.Fields[0].Message
	}
	return ""
}

// parentOf finds what a theme of the file stands below; not ready where that must come first.
func (in incoming) parentOf(f FileTheme, keys map[string]int) (id int64, ready bool) {
	if f.Parent == "" {
		return 0, true
	}
	key := strings.ToLower(f.Parent)
	if id, there := in.byKey[key]; there {
		return id, true
	}
	if keys[key] > 0 {
		return 0, false
	}
	if t := in.byCode(f.Parent); t != nil {
		return t.ID, true
	}
	return 0, false
}

// one brings one theme in.
func (in incoming) one(f FileTheme, parent int64) (what string, err error) {
	t := in.find(f)
	if t == nil {
		return in.addOne(f, parent)
	}
	in.byKey[strings.ToLower(f.Key)] = t.ID
	before := t.state()
	in.putOne(f, t)
	if slices.Contains(in.file.Columns, "parent") && parent != t.Parent() && !in.inside(parent, t.ID) {
		in.place(t, parent, atEnd)
	}
	after := t.state()
	if after.Position = before.Position; before == after {
		return "same", nil
	}
	return "changed", nil
}

func (in incoming) find(f FileTheme) *Theme {
	for _, t := range in.themes {
		if !t.Gone && f.GUID != "" && t.GUID == f.GUID {
			return t
		}
	}
	if f.Code != "" {
		return in.byCode(f.Code)
	}
	return nil
}

func (in incoming) addOne(f FileTheme, parent int64) (what string, err error) {
	form := f.tidy()
	form.Parent = parent
	t, err := in.add(form, f.GUID, atEnd)
	if err != nil {
		return "", err
	}
	t.Colour = f.Colour
	in.retireAs(t, f.Retired)
	in.byKey[strings.ToLower(f.Key)] = t.ID
	return "added", nil
}

// putOne writes onto a theme what the file says of it.
func (in incoming) putOne(f FileTheme, t *Theme) {
	form := f.tidy()
	for column, pair := range map[string][2]*string{"name": {&t.Name, &form.Name}, "definition": {&t.Definition, &form.Definition}, "included": {&t.Included, &form.Included},
		"excluded": {&t.Excluded, &form.Excluded}, "examples": {&t.Examples, &form.Examples}, "colour": {&t.Colour, &f.Colour}} {
		if slices.Contains(in.file.Columns, column) {
			*pair[0] = *pair[1]
		}
	}
	in.retireAs(t, f.Retired)
}

func (in incoming) retireAs(t *Theme, retired string) {
	switch {
	case retired == "yes" && t.RetiredAt == nil:
		now := in.tx.Now()
		t.RetiredAt = &now
	case retired == "no" && t.MergedInto == nil:
		t.RetiredAt = nil
	}
}

package feedback

import (
	"bytes"
	"context"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"conversations/app/fault"
	"conversations/app/feedback/refi"
)

// origin is the program that files of the standard say they come from.
const origin = "Conversations"

var guidShape = regexp.MustCompile(`^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

var colourShape = regexp.MustCompile(`^#(?:[0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})$`)

func isGUID(text string) bool { return guidShape.MatchString(text) }

// ReadThemeExchange reads the codebook of a REFI-QDA file (.qdc), or of a project (.qdpx). Nothing is stored. The error is an Invalid
// fault at "file", in words to show.
func ReadThemeExchange(name string, data io.ReaderAt, size int64) (file ThemeFile, err error) {
	file = ThemeFile{Name: name, Columns: []string{"name", "parent", "definition", "included", "excluded", "examples", "colour"}}
	var codes []refi.Code
	if strings.HasSuffix(strings.ToLower(name), ".qdpx") {
		p, err := refi.ReadProject(data, size)
		if err != nil {
			return file, atThemeFile(err)
		}
		codes, file.LeftOut = p.Codes, p.LeftOut
		if n := len(p.Sources); n > 0 {
			file.LeftOut = append(file.LeftOut, counted(n, "text", "texts")+" with what was coded in them")
		}
	} else {
		book, err := refi.ReadCodebook(io.NewSectionReader(data, 0, size))
		if err != nil {
			return file, atThemeFile(err)
		}
		codes, file.LeftOut = book.Codes, book.LeftOut
	}
	file.take(codes, "")
	if len(file.Themes) == 0 {
		return file, fault.Fields{{Name: "file", Message: "There is no code in the file"}}.Err()
	}
	return file, nil
}

func (f *ThemeFile) take(codes []refi.Code, parent string) {
	for _, code := range codes {
		t := undescribed(code.Description)
		t.Line, t.Key, t.Parent, t.GUID, t.Colour = len(f.Themes)+1, code.GUID, parent, code.GUID, code.Colour
		t.Name = strings.ReplaceAll(code.Name, "|", "/") // files use it between themes
		f.Themes = append(f.Themes, t)
		f.take(code.Codes, code.GUID)
	}
}

// The standard has one text for each code. Ours stand in it below each other, each with one of these before it.
const (
	beforeIncluded = "Belongs to it: "
	beforeExcluded = "Does not belong to it: "
	beforeExamples = "Examples: "
	beforeCode     = "Code: "
)

// described is what a theme means as one text.
func described(t Theme) string {
	var parts []string
	for _, p := range [][2]string{{"", t.Definition}, {beforeIncluded, t.Included}, {beforeExcluded, t.Excluded}, {beforeExamples, t.Examples}, {beforeCode, t.Code}} {
		if p[1] != "" {
			parts = append(parts, p[0]+p[1])
		}
	}
	return strings.Join(parts, "\n\n")
}

// undescribed takes such a text apart again. One of another program is the definition, all of it.
func undescribed(text string) (f FileTheme) {
	rest := strings.ReplaceAll(strings.TrimSpace(text), "\r\n", "\n")
	for _, p := range []struct {
		before string
		into   *string
	}{{beforeCode, &f.Code}, {beforeExamples, &f.Examples}, {beforeExcluded, &f.Excluded}, {beforeIncluded, &f.Included}} {
		if inner, is := strings.CutPrefix(rest, p.before); is {
			*p.into, rest = inner, ""
		} else if at := strings.LastIndex(rest, "\n\n"+p.before); at >= 0 {
			*p.into, rest = rest[at+2+len(p.before):], rest[:at]
		}
	}
	f.Definition = rest
	if strings.ContainsAny(f.Code, "\n|") || len(f.Code) > maxCodeCharacters { // it only looks like ours
		f.Definition, f.Code = strings.TrimSpace(text), ""
		f.Included, f.Excluded, f.Examples = "", "", ""
	}
	return f
}

// codesOf are themes as the standard has them, in the order of the tree.
func codesOf(themes []Theme) []refi.Code {
	var below func(parent int64) []refi.Code
	below = func(parent int64) (codes []refi.Code) {
		for _, t := range themes {
			if t.Parent() == parent {
				codes = append(codes, refi.Code{GUID: t.GUID, Name: t.Name, Description: described(t), Colour: t.Colour, Codes: below(t.ID)})
			}
		}
		return codes
	}
	return below(0)
}

// WriteThemeExchange writes the live codebook as a REFI-QDA codebook (.qdc). An Invalid fault where there is no theme.
func (s *Service) WriteThemeExchange(ctx context.Context, w io.Writer) error {
	themes, err := s.Themes(ctx)
	if err != nil {
		return err
	}
	if len(themes) == 0 {
		return fault.New(fault.Invalid, "There is no theme to write.")
	}
	if err := s.noteExport(ctx, "qdc", len(themes)); err != nil {
		return err
	}
	return refi.WriteCodebook(w, refi.Codebook{Origin: origin, Codes: codesOf(themes)})
}

// mostProjectComments is how many comments a project can hold: it is made in memory, about 4 kB for each.
const mostProjectComments = 50_000

// Project gives the codebook with every comment that was coded, as redacted, and what each coder found in it. Themes that were
// retired are in it where something is coded with them or below them. What was removed on request is not in it.
func (s *Service) Project(ctx context.Context) (p refi.Project, err error) {
	themes, err := s.AllThemes(ctx)
	if err != nil {
		return p, err
	}
	rows, err := s.codedRows(ctx)
	if err != nil {
		return p, err
	}
	id := func(parts ...string) string { return refi.GUID(append([]string{s.Config.BaseURL}, parts...)...) }
	p = refi.Project{Name: s.Config.Programme.Name, Origin: origin, Created: s.DB.Now(), Codes: codesOf(needed(themes, rows))}
	guids, users := map[int64]string{}, map[int64]bool{}
	for _, t := range themes {
		guids[t.ID] = t.GUID
	}
	for _, r := range rows {
		if r.CoderID != 0 && !users[r.CoderID] {
			users[r.CoderID] = true
			p.Users = append(p.Users, refi.User{GUID: id("staff", key(r.CoderID)), Name: r.Coder})
		}
		if len(p.Sources) == 0 || p.Sources[len(p.Sources)-1].Name != r.title() {
			if len(p.Sources) == mostProjectComments {
				return p, fault.New(fault.TooLarge, "There are too many comments for one project file.")
			}
			p.Sources = append(p.Sources, refi.Source{GUID: id("comment", key(r.CommentID)), Name: r.title(), Description: r.About, Text: r.Text, Created: r.CreatedAt})
		}
		if r.ThemeID == 0 {
			continue
		}
		r.into(&p.Sources[len(p.Sources)-1], guids[r.ThemeID], id)
	}
	slices.SortFunc(p.Users, func(a, b refi.User) int { return strings.Compare(a.GUID, b.GUID) })
	return p, s.noteExport(ctx, "qdpx", len(themes))
}

func key(id int64) string { return strconv.FormatInt(id, 10) }

// WriteProject writes Project as a .qdpx file.
func (s *Service) WriteProject(ctx context.Context, w io.Writer) error {
	p, err := s.Project(ctx)
	if err != nil {
		return err
	}
	var file bytes.Buffer // whole or not at all
	if err := refi.WriteProject(&file, p); err != nil {
		return err
	}
	_, err = file.WriteTo(w)
	return err
}

// needed are the live themes, those that something is coded with, and what these stand below.
func needed(themes []Theme, rows []codedRow) []Theme {
	c, keep := inMemory(themes), map[int64]bool{}
	take := func(id int64) {
		for t := c.themes[id]; t != nil && !keep[t.ID]; t = c.themes[t.Parent()] {
			keep[t.ID] = true
		}
	}
	for _, r := range rows {
		take(r.ThemeID)
	}
	for _, t := range themes {
		if t.Live() {
			take(t.ID)
		}
	}
	return slices.DeleteFunc(slices.Clone(themes), func(t Theme) bool { return !keep[t.ID] })
}

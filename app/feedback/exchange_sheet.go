package feedback

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/sheet"
)

// themeColumns are those of a codebook in a spreadsheet. The first four are a promise.
func themeColumns() []string {
	return []string{"code", "name", "parent", "definition", "included", "excluded", "examples", "colour", "retired", "guid"}
}

// mostThemeFileBytes is how large a spreadsheet with themes can be.
const mostThemeFileBytes = 16 << 20

// ReadThemeSheet reads a codebook from a CSV or XLSX file: columns in any order, a row for each theme. Nothing is stored. The error
// is an Invalid fault at "file" where it cannot be read or has no column code or name.
func ReadThemeSheet(name string, data io.ReaderAt, size int64) (file ThemeFile, err error) {
	in, err := sheet.Read(data, size, sheet.Limits{FileBytes: mostThemeFileBytes, Rows: mostFileThemes + 1})
	if err != nil {
		return file, atThemeFile(err)
	}
	defer func() { _ = in.Close() }()
	file.Name = name
	at := map[string]int{}
	for i, head := range in.Head {
		title := strings.ToLower(strings.TrimSpace(head))
		if !slices.Contains(themeColumns(), title) {
			file.Unknown = append(file.Unknown, head)
			continue
		}
		at[title] = i
		file.Columns = append(file.Columns, title)
	}
	for _, needed := range []string{"code", "name"} {
		if _, there := at[needed]; !there {
			return file, fault.Fields{{Name: "file", Message: fmt.Sprintf("The file has no column %q. Its first row must name the columns: code, name, parent, definition", needed)}}.Err()
		}
	}
	for row, err := range in.Rows() {
		if err != nil {
			return file, atThemeFile(err)
		}
		file.Themes = append(file.Themes, rowTheme(row, at))
	}
	return file, nil
}

func rowTheme(row sheet.Row, at map[string]int) FileTheme {
	cell := func(column string) string {
		if i, there := at[column]; there && i < len(row.Cells) {
			return strings.TrimSpace(row.Cells[i])
		}
		return ""
	}
	f := FileTheme{Line: row.Line, Key: cell("code"), Parent: cell("parent"), GUID: strings.ToLower(cell("guid")), Retired: strings.ToLower(cell("retired")), Colour: cell("colour"), Trouble: row.Trouble,
		ThemeForm: ThemeForm{Code: cell("code"), Name: cell("name"), Definition: cell("definition"), Included: cell("included"), Excluded: cell("excluded"), Examples: cell("examples")}}
	if f.Trouble == "" && f.Code == "" {
		f.Trouble = "There is no code"
	}
	return f
}

// atThemeFile puts the message of an Invalid fault at the field of the file.
func atThemeFile(err error) error {
	if fault.KindOf(err) != fault.Invalid {
		return err
	}
	return fault.Fields{{Name: "file", Message: err.Error()}}.Err()
}

// ExportThemes is the codebook as a table that can be imported again: every theme after the one that it stands below. That it
// left is in the audit log.
func (s *Service) ExportThemes(ctx context.Context, format sheet.Format) (t sheet.Table, err error) {
	themes, err := s.AllThemes(ctx)
	if err != nil {
		return t, err
	}
	if err := s.noteExport(ctx, string(format), len(themes)); err != nil {
		return t, err
	}
	t.Head = themeColumns()
	t.Options = sheet.Options{Name: "Themes", At: s.DB.Now(), By: audit.ActorFrom(ctx).Name, Zone: s.Config.Zone()}
	codes := map[int64]string{}
	t.Rows = func(yield func([]any, error) bool) {
		for _, theme := range themes {
			codes[theme.ID] = theme.Code
			retired := "no"
			if theme.RetiredAt != nil {
				retired = "yes"
			}
			row := []any{theme.Code, theme.Name, codes[theme.Parent()], theme.Definition, theme.Included, theme.Excluded, theme.Examples, theme.Colour, retired, theme.GUID}
			if !yield(row, nil) {
				return
			}
		}
	}
	return t, nil
}

func (s *Service) noteExport(ctx context.Context, format string, themes int) error {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *database.Tx) error {
		return audit.Record(ctx, tx, "theme.export", "themes", 0, audit.Details{"format": format, "themes": themes})
	})
}

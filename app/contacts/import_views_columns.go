package contacts

import (
	"context"
	"fmt"
	"slices"
	"strings"

	pages "conversations/templates/contacts"
)

// importColumnsForm is the form in which staff say which column is what.
type importColumnsForm struct {
	Columns    []string `form:"column"`
	Groups     []string `form:"groups"`
	Localities []string `form:"localities"`
	Everybody  string   `form:"everybody"`
	Purpose    string   `form:"purpose"`
	Basis      string   `form:"basis"`
	Wording    string   `form:"wording"`
	Day        string   `form:"date-day"`
	Month      string   `form:"date-month"`
	Year       string   `form:"date-year"`
	Source     string   `form:"source"`
}

// columnsForm is the form as it is first shown.
func columnsForm(set ImportSettings) importColumnsForm {
	f := importColumnsForm{Columns: set.Columns, Groups: set.Groups, Localities: set.Localities, Everybody: "no", Purpose: set.Purpose, Basis: string(set.Basis),
		Wording: set.Wording, Source: set.Source}
	if set.Everybody {
		f.Everybody = "yes"
	}
	if parts := strings.Split(set.Date, "/"); len(parts) == 3 {
		f.Day, f.Month, f.Year = parts[0], parts[1], parts[2]
	}
	return f
}

// settings is what was typed. The file's own facts are added by whoever knows them.
func (f importColumnsForm) settings() ImportSettings {
	set := ImportSettings{Columns: f.Columns, Groups: f.Groups, Localities: f.Localities, Everybody: f.Everybody == "yes", Purpose: f.Purpose, Basis: Basis(f.Basis),
		Wording: f.Wording, Source: f.Source}
	if f.Day+f.Month+f.Year != "" {
		set.Date = f.Day + "/" + f.Month + "/" + f.Year
	}
	return set
}

// examplesShown is how many cells of a column are shown, and exampleLetters how much of each.
const (
	examplesShown  = 3
	exampleLetters = 40
	exampleRows    = 20 // that are looked through for them
)

func (s *Service) columnsView(ctx context.Context, i Import, f importColumnsForm) (v pages.ImportColumns, err error) {
	set, err := i.Choices()
	if err != nil {
		return v, err
	}
	v = pages.ImportColumns{FileName: i.FileName, Read: readWords(i, set), Action: importPath(i.ID) + "/columns", DropAction: importPath(i.ID) + "/drop",
		Groups: f.Groups, Localities: f.Localities, Everybody: f.Everybody, Purpose: f.Purpose, Basis: f.Basis, Wording: f.Wording, Day: f.Day, Month: f.Month, Year: f.Year, Source: f.Source}
	if i.State == ImportChecked {
		v.BackHref = importPath(i.ID)
	}
	for _, field := range ImportFields() {
		v.Fields = append(v.Fields, pages.ImportField{Code: field.Code, Label: field.Label})
	}
	rows, err := rowsOf(s.db.Read(ctx), `import_id = ? AND trouble = '' ORDER BY id LIMIT ?`, i.ID, exampleRows)
	if err != nil {
		return v, err
	}
	if v.Columns, err = columnsOf(set, f, rows); err != nil {
		return v, err
	}
	v.ConsentNote = consentNote(f.Columns)
	return v, s.choices(ctx, &v)
}

func readWords(i Import, set ImportSettings) string {
	words := some(i.Total, "row was", "rows were") + " read"
	if set.Encoding != "" {
		words += ", as " + set.Encoding + " text with " + map[string]string{",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}[set.Separator] + " between the cells"
	}
	return words + ". Look at the examples. Say what each column is, or leave it out."
}

func columnsOf(set ImportSettings, f importColumnsForm, rows []ImportRow) (columns []pages.ImportColumn, err error) {
	examples := make([][]string, len(set.Head))
	for _, row := range rows {
		cells, err := row.values()
		if err != nil {
			return nil, err
		}
		for n, cell := range cells {
			if cell = shortened(Tidy(cell)); n < len(examples) && cell != "" && len(examples[n]) < examplesShown && !slices.Contains(examples[n], cell) {
				examples[n] = append(examples[n], cell)
			}
		}
	}
	for n, heading := range set.Head {
		c := pages.ImportColumn{Name: fmt.Sprintf("column-%d", n+1), Heading: heading, Examples: "Nothing in the first rows"}
		if heading == "" {
			c.Heading = "Column " + columnLetters(n) + ", without a heading"
		}
		if len(examples[n]) > 0 {
			c.Examples = "For example: " + strings.Join(examples[n], " · ")
		}
		if n < len(f.Columns) {
			c.Field = f.Columns[n]
		}
		columns = append(columns, c)
	}
	return columns, nil
}

func shortened(text string) string {
	if runes := []rune(text); len(runes) > exampleLetters {
		return string(runes[:exampleLetters]) + "…"
	}
	return text
}

func consentNote(columns []string) string {
	if slices.Contains(columns, fieldConsent) {
		return "A later no always wins: who has unsubscribed stays unsubscribed, whatever the list says."
	}
	return "No column says who said yes or no. Without a yes nobody on the list gets letters."
}

// choices are what can be chosen beside the columns.
func (s *Service) choices(ctx context.Context, v *pages.ImportColumns) error {
	groups, err := s.Groups(ctx)
	for _, g := range groups {
		if !g.Retired {
			v.AllGroups = append(v.AllGroups, pages.Choice{Value: g.Slug, Label: g.Name})
		}
	}
	for _, l := range s.cfg.Localities {
		v.AllPlaces = append(v.AllPlaces, pages.Choice{Value: l.Slug, Label: l.Name})
	}
	for _, p := range s.cfg.Contacts.Purposes {
		v.Purposes = append(v.Purposes, pages.Choice{Value: p.Slug, Label: p.Name})
	}
	return err
}

package contacts

import (
	"conversations/templates/nhs"
)

// ImportUpload is the page on which a list is chosen.
type ImportUpload struct {
	Errors  []nhs.FieldError
	Action  string
	Limit   string        // "20 MB"
	Rows    string        // "200,000"
	Columns []ImportField // that a list can have
	Groups  []string      // names
	AllHref string
}

// ImportField is something that a column can say.
type ImportField struct{ Code, Label string }

// ImportColumns is the page on which staff say which column is what.
type ImportColumns struct {
	Errors      []nhs.FieldError
	FileName    string
	Read        string // how the file was read, in words
	Action      string
	DropAction  string
	BackHref    string // to what was found before; "" the first time
	Columns     []ImportColumn
	Fields      []ImportField
	AllGroups   []Choice
	AllPlaces   []Choice
	Groups      []string
	Localities  []string
	Everybody   string // yes, or "" for nothing
	Purposes    []Choice
	Purpose     string
	Basis       string
	Wording     string
	Day, Month  string
	Year        string
	Source      string
	ConsentNote string // what the columns say of consent
}

// ImportColumn is one column of a list.
type ImportColumn struct {
	Name     string // of its control: column-1
	Heading  string
	Examples string
	Field    string
}

// ImportView is the page of one list, as far as it is.
type ImportView struct {
	Errors     []nhs.FieldError
	FileName   string
	Heading    string
	Lines      []string // what is so, in sentences
	Progress   *ImportProgress
	Counts     []ImportCount
	Unknown    string // headings of columns that are left out
	Parts      []ImportPart
	NewGroups  []string // names of groups that are not there
	GroupsHref string
	Confirm    *ImportConfirm
	ColumnHref string // to change which column is what; "" where that is over
	DropAction string // "" where it cannot be dropped
	UndoHref   string // "" where it cannot be undone
	BadCSV     string // the bad rows as a file; "" where there are none
	BadXLSX    string
}

// ImportProgress is how far the work on a list is.
type ImportProgress struct {
	Text       string
	Done, Of   int
	RefreshURL string
}

// ImportCount is a count of rows, with a link to them.
type ImportCount struct {
	What, Count, Href string
}

// ImportPart is a few rows of one kind.
type ImportPart struct {
	Heading string
	Lead    string
	Rows    []ImportRow
	AllHref string // to all of them; "" where these are all
	AllText string
}

// ImportRow is a row of a list.
type ImportRow struct {
	Line     string
	Who      string
	Href     string // to the contact; "" where there is none
	State    string
	Colour   string
	Tells    []string
	WithKind bool // say what the row is
}

// ImportConfirm asks whether a list is to be brought in.
type ImportConfirm struct {
	Action  string
	Seen    string
	SkipBad string // the words of the box; "" where no row is bad
}

// ImportUndo asks whether a list is to be taken back.
type ImportUndo struct {
	FileName string
	Lines    []string
	Action   string
	BackHref string
}

// ImportRows is the page of the rows of a list.
type ImportRows struct {
	FileName string
	Path     string
	Show     string
	Shows    []Choice
	Total    string
	Rows     []ImportRow
	Pages    nhs.PaginationParams
	Paged    bool
	CSVHref  string
	XLSXHref string
}

// ImportList is the staff's list of lists.
type ImportList struct {
	State, Sort   string
	States, Sorts []Choice
	Total         string
	Heads         []nhs.TableCell
	Rows          []ImportListed
	Pages         nhs.PaginationParams
	Paged         bool
	CSVHref       string
	XLSXHref      string
	Filtered      bool
}

// ImportListed is a list in the staff's list of lists.
type ImportListed struct {
	Href, Name, State, Colour, Rows, Result, When, By string
}

func (v ImportColumns) fields() []nhs.SelectItem {
	items := []nhs.SelectItem{nhs.Option("", "Leave it out")}
	for _, f := range v.Fields {
		items = append(items, nhs.Option(f.Code, f.Label))
	}
	return items
}

func (v ImportColumns) boxes(name, legend string, all []Choice, chosen []string) nhs.CheckboxesParams {
	p := nhs.CheckboxesParams{Name: name, Values: chosen, Small: true, Fieldset: &nhs.FieldsetParams{Legend: nhs.LegendParams{Content: nhs.Text(legend), Size: "s"}},
		ErrorMessage: nhs.ErrorFor(v.Errors, name)}
	for _, c := range all {
		p.Items = append(p.Items, nhs.ChoiceItem{Content: nhs.Text(c.Label), Value: c.Value})
	}
	return p
}

func (v ImportColumns) radios(name, legend, value string, all []Choice) nhs.RadiosParams {
	p := nhs.RadiosParams{Name: name, Value: value, Fieldset: &nhs.FieldsetParams{Legend: nhs.LegendParams{Content: nhs.Text(legend), Size: "s"}},
		ErrorMessage: nhs.ErrorFor(v.Errors, name)}
	for _, c := range all {
		p.Items = append(p.Items, nhs.ChoiceItem{Content: nhs.Text(c.Label), Value: c.Value})
	}
	return p
}

func (v ImportColumns) date() nhs.DateInputParams {
	return nhs.DateInputParams{ID: "date", NamePrefix: "date", Values: nhs.DateValues{Day: v.Day, Month: v.Month, Year: v.Year}, ErrorMessage: nhs.ErrorFor(v.Errors, "date"),
		Hint:     nhs.HintText("For rows that say yes or no and have no date. For example, 31 1 2017."),
		Fieldset: &nhs.FieldsetParams{Legend: nhs.LegendParams{Content: nhs.Text("When did they say so? (optional)"), Size: "s"}}}
}

func (v ImportView) counts() (p nhs.SummaryListParams) {
	for _, c := range v.Counts {
		row := nhs.Row(c.What, c.Count)
		if c.Href != "" {
			row.Actions = nhs.ActionsParams{Items: []nhs.ActionItem{{Content: nhs.Text("Show"), Href: c.Href, VisuallyHiddenText: c.What}}}
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

func importTable(caption, classes string, rows []ImportRow) nhs.TableParams {
	p := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text(caption), Size: "s", Classes: classes}, Responsive: true, Compact: true,
		Head: []nhs.TableCell{nhs.Cell("Line"), nhs.Cell("Who"), nhs.Cell("What")}}
	for _, r := range rows {
		who := nhs.TableCell{Content: nhs.Text(r.Who), Href: r.Href}
		if r.Who == "" {
			who.Content = nhs.Text("–")
		}
		p.Rows = append(p.Rows, []nhs.TableCell{nhs.Cell(r.Line), who, {Content: nhs.HTML(importTells(r))}})
	}
	return p
}

func (v ImportList) table() nhs.TableParams {
	p := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text(v.Total), Size: "s"}, Responsive: true, Compact: true, Head: v.Heads}
	for _, r := range v.Rows {
		p.Rows = append(p.Rows, []nhs.TableCell{{Content: nhs.Text(r.Name), Href: r.Href}, {Content: nhs.HTML(importMark(r.State, r.Colour))},
			nhs.Cell(r.Rows), nhs.Cell(r.Result), nhs.Cell(r.When), nhs.Cell(r.By)})
	}
	return p
}

// importBadHeading is above the rows that cannot be used.
const importBadHeading = "Rows that cannot be used"

// BadPart is the part of a page with rows that cannot be used.
func BadPart(lead string, rows []ImportRow) ImportPart {
	return ImportPart{Heading: importBadHeading, Lead: lead, Rows: rows}
}

func (v ImportView) newGroups() nhs.CheckboxesParams {
	p := nhs.CheckboxesParams{Name: "new_groups", Small: true, ErrorMessage: nhs.ErrorFor(v.Errors, "new_groups"),
		Fieldset: &nhs.FieldsetParams{Legend: nhs.LegendParams{Content: nhs.Text("Rows name these groups. Make those that you want."), Size: "s"}}}
	for _, name := range v.NewGroups {
		p.Items = append(p.Items, nhs.ChoiceItem{Content: nhs.Text(name), Value: name})
	}
	return p
}

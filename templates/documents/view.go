// Package documents draws the library: the public list, and the pages on which staff keep it.
package documents

import (
	"strconv"

	"conversations/templates/nhs"
)

// Choice is an entry to choose from.
type Choice struct{ Value, Text string }

// Document is a document in the public list.
type Document struct {
	Title   string
	Summary string
	Dated   string // "1 July 2015"
	Area    string
	File    string // "PDF, 120 KB"
	Href    string
}

// LibraryView is the public list.
type LibraryView struct {
	Text       string // looked for
	Locality   string // slug chosen
	Localities []Choice
	Found      int
	Narrowed   bool // something was looked for or chosen
	Documents  []Document
	Pages      nhs.PaginationParams
	Paged      bool
}

// Row is a document in the staff's list.
type Row struct {
	Title, Href, Dated, Area, File string
	Public                         bool
}

// ListView is the staff's list.
type ListView struct {
	Text, Locality, Public, Sort string
	Localities                   []Choice
	Total                        int
	Rows                         []Row
	Pages                        nhs.PaginationParams
	Paged                        bool
	CSVHref, XLSXHref            string
}

// FormView is the form of a document.
type FormView struct {
	Heading, Action  string
	Title, Summary   string
	Day, Month, Year string
	Locality         string
	Localities       []Choice
	Public           bool
	Version          int64
	File, FileHref   string // what is kept now; "" for a new one
	PublicHref       string
	RemoveHref       string
	Limit            string // "25 MB"
	Accepted         string
	Errors           []nhs.FieldError
}

func options(choices []Choice) (items []nhs.SelectItem) {
	for _, c := range choices {
		items = append(items, nhs.SelectItem{Value: &c.Value, Text: c.Text})
	}
	return items
}

func areas(list []Choice) []nhs.SelectItem {
	return options(append([]Choice{{"", "All areas"}}, list...))
}

func counted(n int) string {
	if n == 1 {
		return "1 document"
	}
	return strconv.Itoa(n) + " documents"
}

func (v ListView) table() nhs.TableParams {
	t := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text(counted(v.Total))}, FirstCellIsHeader: true,
		Head: []nhs.TableCell{nhs.Cell("Document"), nhs.Cell("Dated"), nhs.Cell("Area"), nhs.Cell("File"), nhs.Cell("Who sees it")}}
	for _, r := range v.Rows {
		who := "Staff only"
		if r.Public {
			who = "Everybody"
		}
		t.Rows = append(t.Rows, []nhs.TableCell{{Content: nhs.Text(r.Title), Href: r.Href}, nhs.Cell(r.Dated), nhs.Cell(r.Area), nhs.Cell(r.File), nhs.Cell(who)})
	}
	return t
}

func ticked(yes bool) []string {
	if yes {
		return []string{"yes"}
	}
	return nil
}

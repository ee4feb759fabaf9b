package newsletters

import (
	"conversations/templates/audiences"
	"conversations/templates/nhs"
)

// AudienceView is the page on which staff say who an update is for, and see who that is.
type AudienceView struct {
	Head       UpdateHead
	Action     string
	Version    int64
	Ends       string // what a change ends; "" for nothing
	Fixed      string // why it cannot be changed; "" where it can
	Optional   bool   // it may be published without being sent
	Purpose    string
	Purposes   []Choice
	Parts      []audiences.RulePart
	Errors     []nhs.FieldError
	List       *ListView // nil where there is none
	Words      string    // of the rule; "" without one
	RemakeHref string    // "" where the list stands
}

// ListView is how a list stands.
type ListView struct {
	Made               string // when it was made
	Href               string // of the list itself
	Email, Post, Left  string // counts of people
	EmailHref          string
	PostHref, LeftHref string
	Reasons            []ReasonRow
	Compared           string // with the last letter; "" where there was none
	Warnings           []string
}

// ReasonRow is why people are left out.
type ReasonRow struct{ Text, People, Href string }

func (v ListView) table() nhs.TableParams {
	t := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text("Who is left out, and why"), Size: "s"}, Responsive: true,
		Head: []nhs.TableCell{nhs.Cell("Why"), nhs.NumberCell("People")}}
	for _, r := range v.Reasons {
		t.Rows = append(t.Rows, []nhs.TableCell{{Content: nhs.Text(r.Text), Href: r.Href}, nhs.NumberCell(r.People)})
	}
	return t
}

// PeopleView is a list of people, to be looked through.
type PeopleView struct {
	Head              UpdateHead
	Lead              string
	Action            string
	Text              string
	Chosen            string // of the select
	ChosenName        string // its name in the address
	ChosenLabel       string
	Choices           []Choice
	Sort              string
	Sorts             []Choice
	Total             string
	Heads             []ListHead
	Rows              [][]Cell
	Pages             nhs.PaginationParams
	Paged             bool
	CSVHref, XLSXHref string
	AllHref           string // without the filter; "" where there is none
	Back              *Link  // to what the list is part of
}

// Cell is a cell of a list; a link where it has an Href.
type Cell struct{ Text, Href string }

func (v PeopleView) table() nhs.TableParams {
	t := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text(v.Total), Size: "s"}, Responsive: true, Compact: true}
	for _, h := range v.Heads {
		t.Head = append(t.Head, nhs.TableCell{Content: nhs.Text(h.Text), Href: h.Href, Sort: h.Sort})
	}
	for _, row := range v.Rows {
		cells := make([]nhs.TableCell, len(row))
		for i, c := range row {
			cells[i] = nhs.TableCell{Content: nhs.Text(c.Text), Href: c.Href}
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

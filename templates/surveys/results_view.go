package surveys

import (
	"strconv"

	"conversations/templates/charts"
	"conversations/templates/nhs"
)

// ResultsView is what was answered, for staff.
type ResultsView struct {
	Title                   string
	Home                    string // of the survey
	Complete, Shown, Drafts int
	SetAside                int
	Withheld, Filtered      bool
	Filter                  FilterView
	Questions               []ResultView
	CSVHref, XLSXHref       string
	WordsCSV, WordsXLSX     string // the dictionary
	CrossHref, PublishHref  string
	CountHref               string // how many have answered, for the script
}

// FilterView is the form that chooses answers.
type FilterView struct {
	Action                                string
	Locality, Event, Channel, From, To    string
	Localities, Events, Channels, Carried []Choice // Carried are hidden fields
	Days                                  bool     // times are known
	ClearHref                             string
}

// ResultView is what was answered to one question.
type ResultView struct {
	ID, Label string
	Kind      string
	Base      string // "12 of 20 people answered this."
	Notes     []string
	Chart     charts.BarsParams
	Tables    []nhs.TableParams
	Written   int
	WriteHref string
}

// CrosstabView is how many people gave two answers together, for staff.
type CrosstabView struct {
	Title, Action     string
	Rows, Columns     string
	Share             string // rows, columns
	Choices           []Choice
	Filter            FilterView
	Chosen, Withheld  bool
	Base              string
	Notes             []string
	Chart             charts.BarsParams
	Table             nhs.TableParams
	CSVHref, XLSXHref string
}

// WrittenView is what people wrote to a question.
type WrittenView struct {
	Label, Action, Text string
	Carried             []Choice // the filter, as hidden fields
	Withheld            bool
	Total               int
	Texts               []string
	Paged               bool
	Pages               nhs.PaginationParams
	CSVHref, XLSXHref   string
}

// number writes a number for a page.
func number(n int) string { return strconv.Itoa(n) }

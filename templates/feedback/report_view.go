package feedback

import (
	"conversations/templates/charts"
	"conversations/templates/nhs"
)

// Option is one line of a list of choices in a report.
type Option struct{ Value, Text string }

func reportItems(list []Option) (items []nhs.SelectItem) {
	for _, o := range list {
		items = append(items, nhs.Option(o.Value, o.Text))
	}
	return items
}

// ReportView is the page of true numbers.
type ReportView struct {
	By, ByLabel string
	Filter      ReportFilter
	Base        []string
	Any         bool // something was coded
	Chart       charts.BarsParams
	Themes      nhs.TableParams
	Matrix      nhs.TableParams
	General     nhs.TableParams // whose comments are swallowed by general themes
	Pairs       nhs.TableParams
	HasPairs    bool
	Downloads   []Download
	IssueHref   string
}

// ReportFilter is what was chosen, and what can be chosen.
type ReportFilter struct {
	By, Text, Locality, Event, Source, Service, Theme, From, To string
	Dimensions, Localities, Events, Sources, Services, Themes   []Option
	ClearHref                                                   string
}

// Download is a table that can be taken out.
type Download struct{ Text, CSVHref, XLSXHref string }

// QuotesView is the page on which words of a comment are chosen.
type QuotesView struct {
	CommentID int64
	Action    string
	Errors    []nhs.FieldError
	Problem   string
	Text      string // of the comment
	MayNot    string // why it must not be quoted
	Excerpt   string
	Chosen    []ChosenQuote
}

// ChosenQuote is a quotation with the form that withdraws it.
type ChosenQuote struct{ Words, Action string }

// IssueView is the form of a report.
type IssueView struct {
	Action, PreviewAction string
	Errors                []nhs.FieldError
	Problem               string
	Title, Summary, By    string
	Published             bool
	Settled               string // what published reports are counted by; "" is not settled
	Dimensions            []Option
	Quotes                []nhs.ChoiceItem
	Chosen                []string
	Filter                [][2]string // carried
	FilterWords           string
}

// IssuedRow is an issued report in the list.
type IssuedRow struct{ Title, Href, On, For, Version string }

// IssuedView is an issued report.
type IssuedView struct {
	Title, On, For, Version, Digest, Now string
	Removed                              int
	Frame, PrintHref, WordHref           string
}

// BoardView is the document of a report.
type BoardView struct {
	Title, Issued, Version, Programme string
	NotForPublishing                  bool
	Summary, Sentences                []string
	Since                             []BoardSince
	Method                            []string
	Numbers                           []BoardNumbers
	Quotes                            []BoardQuotes
	Limits                            []string
}

// BoardSince is what came of what people said.
type BoardSince struct {
	Heading string
	Lines   []string
}

// BoardNumbers is a table; with Bars, a bar of 0 to 100 stands in each row.
type BoardNumbers struct {
	Caption, Base string
	Head          []string
	Rows          [][]string
	Bars          []int
	Notes         []string
}

// BoardQuotes are the quotations of a theme.
type BoardQuotes struct {
	Theme  string
	Quotes []BoardQuote
}

// BoardQuote is a quotation, in its marks, and of whom it is.
type BoardQuote struct{ Words, Label string }

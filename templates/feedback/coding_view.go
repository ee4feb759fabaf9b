package feedback

import (
	"conversations/templates/nhs"
)

// CodingView is a comment on its way to being coded.
type CodingView struct {
	Errors    []nhs.FieldError
	Heading   string
	Caption   string
	Lead      string // what is special about this coding
	Action    string
	Button    string
	Comment   CodedComment
	Offered   string // ids of the suggestions
	Note      string // why there are no suggestions, or that another order had to do
	Suggested []ThemeBox
	Recent    []ThemeBox
	Tree      []ThemeBox
	Verdict   string
	Tone      string
	Quotable  bool
	Parts     []PartBox
	Excerpt   string
	ForTheme  string // id of the theme that the typed excerpt shows
	Version   string
	Redacted  string
	Hidden    []Pair // of the address to go back to
	NextHref  string // the comment after this one; "" where the screen is about one comment
	HereHref  string
	UndoHref  string
	Theirs    []Theirs
	Order     *CodingOrder
	Links     []Pair // text and address
}

// CodedComment is what somebody said.
type CodedComment struct {
	ID    string
	About string // what they were asked
	Facts []string
	Text  string // "" was removed on request
}

// ThemeBox is a theme that can be ticked.
type ThemeBox struct {
	ID, Code, Name string
	Key            string // on the keyboard
	Depth          int
	Ticked         bool
	Sure           string // of a suggestion: "likely, 64 in 100"
	Words          string // that spoke for it
	Definition     string
	Above          bool // it stands among the suggestions already
}

// PartBox is a part of the comment that is marked for a theme.
type PartBox struct{ Value, Theme, Words string }

// Pair is a name and a value, or a text and an address.
type Pair struct{ Name, Value string }

// Theirs is how somebody else coded the comment.
type Theirs struct {
	Who    string
	Themes []string
	Facts  []string
}

// CodingOrder is which comment comes up next.
type CodingOrder struct {
	Home       string
	Order      string
	Theme      string
	Locality   string
	Event      string
	Themes     []Pair
	Localities []Pair
	Events     []Pair
	Waiting    string
}

// CodingDoneView says that nothing is left.
type CodingDoneView struct {
	Caption string
	Heading string
	Text    string
	Order   *CodingOrder
	Links   []Pair
}

// FiguresView is a page of figures about coding: how good suggestions are, how far people agree.
type FiguresView struct {
	Heading  string
	Lead     []string
	Sections []Figures
	Action   string // of the button
	Button   string
	Links    []Pair
}

// Figures are one section: sentences and a table.
type Figures struct {
	Heading string
	Text    []string
	Caption string
	Head    []string
	Rows    [][]string
}

// CandidatesView are groups of comments that no theme fits.
type CandidatesView struct {
	Lead   string
	Groups []CandidateView
	Links  []Pair
}

// CandidateView is one group.
type CandidateView struct {
	Heading  string
	Phrases  string
	Count    string
	Comments []Pair // words and address
	NewHref  string
}

// GridView is many comments at once.
type GridView struct {
	Errors   []nhs.FieldError
	Home     string
	Filters  []GridFilter
	Text     string
	Hidden   []Pair
	Rows     []GridRow
	Total    string
	Themes   []Pair
	Theme    string
	Do       string
	Paged    bool
	Pages    nhs.PaginationParams
	UndoHref string
	Links    []Pair
}

// GridFilter is a list to choose from.
type GridFilter struct {
	Name, Label, Value string
	Items              []Pair // name is what is shown
}

// GridRow is one comment.
type GridRow struct {
	ID, Value, Href string // value is the id and the version that was in view
	Text            string
	Facts           string
	Themes          string
	State           string
	Ticked          bool
}

func selectItems(pairs []Pair) (items []nhs.SelectItem) {
	for _, p := range pairs {
		items = append(items, nhs.Option(p.Value, p.Name))
	}
	return items
}

func (f Figures) table() nhs.TableParams {
	p := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text(f.Caption)}, FirstCellIsHeader: true}
	for i, text := range f.Head {
		cell := nhs.Cell(text)
		if i > 0 {
			cell = nhs.NumberCell(text)
		}
		p.Head = append(p.Head, cell)
	}
	for _, row := range f.Rows {
		var cells []nhs.TableCell
		for i, text := range row {
			cell := nhs.Cell(text)
			if i > 0 {
				cell = nhs.NumberCell(text)
			}
			cells = append(cells, cell)
		}
		p.Rows = append(p.Rows, cells)
	}
	return p
}

package newsletters

import (
	"strconv"

	"conversations/templates/mail"
	"conversations/templates/nhs"
)

// Link is a link, or where one is already when it is Current.
type Link struct {
	Text, Href string
	Current    bool
}

// UpdateHead is what stands at the top of every page of one update.
type UpdateHead struct {
	Title         string // of the update
	Kind          string
	State, Colour string
	Heading       string // of the page; "" where the update's title is the heading
	Nav           []Link
}

// UpdatesView is the staff's list of updates.
type UpdatesView struct {
	Text, Kind, State, Sort   string // as chosen
	Kinds, States, Sorts      []Choice
	Total                     string // "12 updates"
	Heads                     []ListHead
	Rows                      []UpdateRow
	Pages                     nhs.PaginationParams
	Paged                     bool
	CSVHref, XLSXHref, AllURL string // AllURL is the list without its filter; "" where there is none
}

// ListHead is a column of a list; Href is "" where the list is not sorted by it.
type ListHead struct {
	Text, Href string
	Sort       string // none, ascending, descending
}

// UpdateRow is an update in the list.
type UpdateRow struct{ Href, Title, Kind, State, Colour, Changed, Public string }

// NewUpdateView is the form by which an update begins.
type NewUpdateView struct {
	Kind, Title, From string // as typed
	Kinds             []Choice
	Earlier           []Choice // whose letter can be the start
	Errors            []nhs.FieldError
}

// OverviewView is the page of one update.
type OverviewView struct {
	Head  UpdateHead
	Facts []Fact
	Steps []Step
}

// Fact is a line about an update.
type Fact struct{ Label, Text string }

// Step is something to do with an update, in the order in which it is done.
type Step struct {
	Title, Text string
	Href        string // where it is done; "" where it cannot be done now
	Done        bool
}

// EditView is the page on which a letter is written.
type EditView struct {
	Head        UpdateHead
	Action      string
	NowHref     string // tells which text counts
	StoreKey    string // under which the browser keeps what it could not save
	After       int64  // the text that the newest one is based on, where whoever looks wrote it; 0 else
	Kind        string
	Kinds       []Choice
	BasedOn     int64
	Title       string
	Letter      bool // it is addressed to somebody, and signed
	Opening     string
	Nameless    string
	Sections    []SectionView
	Closing     string
	Signatories []SignatoryView
	Localities  []Choice
	PictureSize string // the largest: "5 MB"
	SavedBy     string // who saved last, and when
	Approval    string // what a change ends; "" for nothing
	Somebody    string // who else is writing just now; "" for nobody
	Asides      []Link
	Errors      []nhs.FieldError
}

// SectionView is a section in the form. N numbers sections from 0.
type SectionView struct {
	N                         int
	Key, Kind, Legend         string
	Heading, Body, Locality   string
	PictureID                 int64
	PictureSrc, PictureName   string
	Alt                       string
	First, Last               bool
	Headings                  bool // it could be split at its headings
	Events                    []string
	PictureWidth, PictureHigh int // as shown in the form, CSS pixels
}

func (s SectionView) field(name string) string { return name + "-" + strconv.Itoa(s.N) }

const rowCharacters = 80

func rows(text string, fewest int) int {
	lines := 0
	start := 0
	for i := 0; i <= len(text); i++ {
		if i == len(text) || text[i] == '\n' {
			lines += 1 + (i-start)/rowCharacters
			start = i + 1
		}
	}
	return min(24, max(fewest, lines+1))
}

// SignatoryView is who signs, in the form.
type SignatoryView struct {
	N            int
	Name, Office string
}

// HistoryView is every text of an update.
type HistoryView struct {
	Head  UpdateHead
	Rows  []TextRow
	Pages nhs.PaginationParams
	Paged bool
}

// TextRow is a text in the history.
type TextRow struct{ Href, When, Writer, Made, Words string }

// TextView is one text of an update.
type TextView struct {
	Head        UpdateHead
	When        string
	Facts       []Fact
	Blocks      []mail.Block
	CompareHref string // "" for the text that counts
	RestoreHref string // "" where it cannot be brought back
	BasedOn     int64
}

// CompareView is two texts of an update beside each other.
type CompareView struct {
	Head      UpdateHead
	Lead      string
	Action    string
	BasedOn   int64
	NowBy     string // whose text counts, and since when
	OtherBy   string
	Parts     []PartView
	Errors    []nhs.FieldError
	TextHref  string // the other text as a whole
	CanChoose bool   // else the letter cannot be changed any more
}

// PartView is a part in which two texts differ.
type PartView struct {
	ID, Label  string
	Now, Other []Piece
	Choice     string
	CanBoth    bool
	Both       bool // both were changed: nothing is suggested
}

// Piece is a stretch of words; Changed where only one of two texts has it.
type Piece struct {
	Text    string
	Changed bool
}

// PreviewView is a letter as its readers get it.
type PreviewView struct {
	Head       UpdateHead
	Subject    string
	Src        string // of the letter's own page, for the frames
	Text       string
	TestAction string
	Email      string // of whoever looks
}

// ChecksView is what was found in a letter.
type ChecksView struct {
	Head     UpdateHead
	Errors   []Link
	Warnings []Link
	Readings []ReadingRow
	Words    string // "1,234 words, about 6 minutes to read"
	Size     string // "34 KB"
	Writable bool
}

// ReadingRow is how hard a section is to read.
type ReadingRow struct{ Href, Label, Words, Age, Note string }

package newsletters

import (
	"strconv"

	"conversations/templates/mail"
)

// PaperView is how a letter stands on paper, and what can be done about it.
type PaperView struct {
	Head     UpdateHead
	Lead     string
	Editions []EditionRow
	Posted   []PostedRow
	Path     string // its forms are sent to pages below it
}

// EditionRow is an edition on paper.
type EditionRow struct {
	Name, People string // "Large print (18 point)", "3 letters"
	Print        string // as the form sends it
	LetterHref   string
	LabelsHref   string // "" where nobody is left
	Button       string // "" where nothing can be marked
}

// PostedRow is what was put in the post at once.
type PostedRow struct{ Text, At string }

// EditionView is a letter as it is printed.
type EditionView struct {
	Large                        bool
	Programme, Organisation, Sub string
	Date, Title                  string
	Blocks                       []mail.Block
	Foot                         []string
	BackHref, OtherHref          string
	OtherText                    string
}

// LabelsPerSheet is how many labels are on a sheet: 3 beside each other, 7 below.
const LabelsPerSheet = 21

// LabelsView is a sheet of labels after the other.
type LabelsView struct {
	Head     UpdateHead
	Lead     string
	Action   string
	Print    string
	From     int // the first free label of the first sheet, from 1
	Labels   [][]string
	BackHref string
}

// sheets are the labels by sheet, with empty ones where the first sheet is used already.
func (v LabelsView) sheets() (sheets [][][]string) {
	all := append(make([][]string, max(0, v.From-1)), v.Labels...)
	for len(all) > 0 {
		n := min(len(all), LabelsPerSheet)
		sheets, all = append(sheets, all[:n]), all[n:]
	}
	return sheets
}

func (v LabelsView) from() string { return strconv.Itoa(v.From) }

package newsletters

import (
	"strconv"
	"unicode/utf8"

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

// How many letters of a line, and how many lines, fit on a label, in each size of print.
var labelSizes = []struct {
	class          string
	letters, lines int
}{{"app-label", 29, 6}, {"app-label app-label--long", 36, 8}}

// labelClass gives a long address smaller print, so that its postcode is on the label.
func labelClass(lines []string) string {
	for _, size := range labelSizes {
		needed := 0
		for _, line := range lines {
			needed += 1 + (utf8.RuneCountInString(line)-1)/size.letters
		}
		if needed <= size.lines {
			return size.class
		}
	}
	return "app-label app-label--longest"
}

func (v LabelsView) from() string { return strconv.Itoa(v.From) }

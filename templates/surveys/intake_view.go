package surveys

import "conversations/templates/nhs"

// IntakeForm is the page on which a file with answers is chosen.
type IntakeForm struct {
	Title, Action string
	Columns       []Choice // what a column can be: its heading, and what it means
	Errors        []nhs.FieldError
}

// IntakeColumns is the page on which staff say which column of a file is what.
type IntakeColumns struct {
	Title, File, Action, DropAction string
	Targets                         []Choice
	Columns                         []IntakeColumn
	Errors                          []nhs.FieldError
}

// IntakeColumn is a column of the file.
type IntakeColumn struct{ Name, Heading, Hint, Value string }

// IntakeCheckView says what taking a file would do.
type IntakeCheckView struct {
	Title, File, Home, ColumnsHref string
	Facts                          [][2]string
	Unknown                        string // columns that are left out
	Wrong                          []BadRow
	More                           int // bad rows that are not listed
	Bad, Fresh                     int
	Begun                          bool // it was broken off
	First                          [][]string
	Errors                         []nhs.FieldError
}

// BadRow is a row that cannot be used.
type BadRow struct{ Line, Reason string }

func (v IntakeCheckView) facts() nhs.SummaryListParams { return BatchView{Facts: v.Facts}.facts() }

func (v IntakeCheckView) wrong() nhs.TableParams {
	t := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text("Rows that cannot be used")}, FirstCellIsHeader: true, Head: []nhs.TableCell{nhs.Cell("Line"), nhs.Cell("Why")}}
	for _, row := range v.Wrong {
		t.Rows = append(t.Rows, []nhs.TableCell{nhs.Cell(row.Line), nhs.Cell(row.Reason)})
	}
	return t
}

func (v IntakeCheckView) button() string {
	if v.Begun {
		return "Go on bringing them in"
	}
	return "Bring in " + counted(v.Fresh, "answer", "answers")
}

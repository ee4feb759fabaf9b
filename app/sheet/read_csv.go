package sheet

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"conversations/app/fault"
)

// headBytes is how much of a file is looked at to find what parts its cells.
const headBytes = 64 << 10

func openCSV(file *io.SectionReader, limits Limits) (*Incoming, error) {
	e, err := encodingOf(file)
	if err != nil {
		return nil, err
	}
	start, err := io.ReadAll(io.LimitReader(e.decoded(file), headBytes))
	if err != nil {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	if strings.ContainsRune(string(start), 0) {
		return nil, fault.New(fault.Invalid, "This is not a table that can be read. Save it as an Excel workbook (.xlsx) or as CSV UTF-8.")
	}
	form := formOf(string(start))
	return &Incoming{
		Format: FormatCSV, Encoding: e.name, Separator: form.separator, limits: limits,
		rows:  func() iter.Seq2[Row, error] { return csvRows(form.normal(e.decoded(file)), form, limits) },
		close: func() error { return nil },
	}, nil
}

// csvForm is how a CSV is written.
type csvForm struct {
	separator rune
	named     bool // the first line names the separator, as Excel does it: sep=;
	returns   bool // lines end with a carriage return alone, as on old Macs
}

func formOf(start string) csvForm {
	form := csvForm{separator: ',', returns: strings.ContainsRune(start, '\r') && !strings.ContainsRune(start, '\n')}
	if form.returns {
		start = strings.ReplaceAll(start, "\r", "\n")
	}
	first, _, _ := strings.Cut(start, "\n")
	if sign, named := strings.CutPrefix(strings.TrimRight(first, "\r"), "sep="); named && len(sign) == 1 && strings.Contains(",;\t|", sign) {
		form.separator, form.named = rune(sign[0]), true
		return form
	}
	form.separator = separatorOf(start)
	return form
}

// separatorOf is the sign that stands most often in the first line that says something, outside of quotes.
func separatorOf(start string) rune {
	count := map[rune]int{}
	quoted := false
	for _, r := range strings.TrimLeft(start, "\r\n") {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == ',' || r == ';' || r == '\t':
			count[r]++
		}
		if r == '\n' && !quoted {
			break
		}
	}
	separator := ','
	for _, r := range ";\t" {
		if count[r] > count[separator] {
			separator = r
		}
	}
	return separator
}

// normal makes line feeds of lone carriage returns where lines end so.
func (f csvForm) normal(r io.Reader) io.Reader {
	if !f.returns {
		return r
	}
	return returnsReader{r}
}

type returnsReader struct{ r io.Reader }

func (r returnsReader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	for i := range n {
		if p[i] == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}

func csvRows(r io.Reader, form csvForm, limits Limits) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		bounded := &rowBound{r: r}
		in := csv.NewReader(bounded)
		in.Comma, in.FieldsPerRecord = form.separator, -1
		last := 0
		for first := true; ; first = false {
			bounded.left = limits.CellBytes*2 + headBytes // a row may have several long cells, not many
			cells, err := in.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			row, err := csvRow(in, cells, err, last)
			if first && form.named && err == nil {
				continue
			}
			last = row.Line
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

func csvRow(in *csv.Reader, cells []string, err error, last int) (Row, error) {
	var misquoted *csv.ParseError
	switch {
	case errors.As(err, &misquoted):
		return Row{Line: misquoted.StartLine, Cells: cells, Trouble: misquotedWords(misquoted)}, nil
	case errors.Is(err, errRowTooLong):
		return Row{}, fault.New(fault.Invalid, fmt.Sprintf("The row after line %d is too long to be one row. Perhaps a quotation mark does not close.", last))
	case err != nil:
		return Row{}, fmt.Errorf("read the row after line %d: %w", last, err)
	}
	line, _ := in.FieldPos(0)
	return Row{Line: line, Cells: cells}, nil
}

func misquotedWords(e *csv.ParseError) string {
	const remedy = "Put quotation marks around the whole cell, and write those inside it twice."
	if e.Line > e.StartLine {
		return fmt.Sprintf("A quotation mark does not close where its cell ends, so lines %d to %d cannot be told apart. %s", e.StartLine, e.Line, remedy)
	}
	return "A quotation mark stands in the middle of a cell. " + remedy
}

var errRowTooLong = errors.New("the row is too long")

// rowBound ends the reading where one row goes on and on, so that a quotation mark that never closes does not bring
// the whole file into memory. It counts ahead by what the reader behind it buffers.
type rowBound struct {
	r    io.Reader
	left int
}

func (b *rowBound) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errRowTooLong
	}
	n, err := b.r.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"conversations/app/fault"
)

// Limits bound what a file on its way in may hold. A field that is zero has the default.
type Limits struct {
	FileBytes int64 // 32 MB
	CellBytes int   // 32 KB, about what a spreadsheet holds in one cell
	Columns   int   // 200
	Rows      int   // 200,000 below the headings, without the empty ones
}

func (l Limits) orDefault() Limits {
	return Limits{
		FileBytes: orElse(l.FileBytes, 32<<20), CellBytes: orElse(l.CellBytes, 32<<10),
		Columns: orElse(l.Columns, 200), Rows: orElse(l.Rows, 200_000),
	}
}

func orElse[N int | int64](given, otherwise N) N {
	if given > 0 {
		return given
	}
	return otherwise
}

// Incoming is a table on its way in. Close must be called when it is no longer needed.
type Incoming struct {
	Format    Format
	Encoding  string   // of a CSV: one of UTF8, UTF16, Windows1252
	Separator rune     // of a CSV
	Sheet     string   // of a workbook: the sheet that is read
	Head      []string // the headings, without blanks around them

	limits Limits
	rows   func() iter.Seq2[Row, error] // as they stand in the file, the headings among them, one at a time
	close  func() error
}

// Row is one row below the headings.
type Row struct {
	Line    int      // where it begins: a CSV's line, a workbook's row; the first of the file is 1
	Cells   []string // one for each heading; where there is Trouble, what could be read
	Trouble string   // why it cannot be used, in plain words; "" where it can
}

// Read opens a table that a person sent: a CSV or a workbook, known by what is in it and not by its name. A CSV may be
// UTF-8, with or without a byte order mark, UTF-16 with one, or Windows-1252; its cells parted by commas, semicolons or
// tabs. Of a workbook it takes the first sheet that can be seen, and passes over the one in front that XLSX writes.
// Nothing is held in memory but the compressed workbook. A file that is neither, is too large or has no usable
// headings is an Invalid fault.
func Read(file io.ReaderAt, size int64, limits Limits) (*Incoming, error) {
	limits = limits.orDefault()
	if size > limits.FileBytes {
		return nil, fault.New(fault.Invalid, fmt.Sprintf("The file is too large. The largest that can be read has %d MB.", limits.FileBytes>>20))
	}
	in, err := open(io.NewSectionReader(file, 0, size), limits)
	if err != nil {
		return nil, err
	}
	if err := in.readHead(); err != nil {
		_ = in.Close()
		return nil, err
	}
	return in, nil
}

// Signs that a file begins with.
const (
	zipSign = "PK\x03\x04"                       // a workbook is a ZIP file
	oleSign = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" // workbooks of before 2007, and those with a password
)

func open(file *io.SectionReader, limits Limits) (*Incoming, error) {
	start := make([]byte, len(oleSign))
	n, err := file.ReadAt(start, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	switch start = start[:n]; {
	case bytes.HasPrefix(start, []byte(zipSign)):
		return openXLSX(file, limits)
	case bytes.Equal(start, []byte(oleSign)):
		return nil, fault.New(fault.Invalid, "This is an old Excel file, or one with a password. Save it as an Excel workbook (.xlsx) without a password.")
	default:
		return openCSV(file, limits)
	}
}

func (in *Incoming) readHead() error {
	for row, err := range in.rows() {
		if err != nil {
			return err
		}
		if row.Trouble != "" {
			return fault.New(fault.Invalid, fmt.Sprintf("The headings on line %d cannot be read. %s", row.Line, row.Trouble))
		}
		if empty(row.Cells) {
			continue
		}
		for _, title := range row.Cells {
			in.Head = append(in.Head, strings.Join(strings.Fields(Unquote(title)), " "))
		}
		in.Head = in.Head[:filled(in.Head)]
		return in.checkHead()
	}
	return fault.New(fault.Invalid, "There is nothing in the file.")
}

func (in *Incoming) checkHead() error {
	if len(in.Head) > in.limits.Columns {
		return fault.New(fault.Invalid, fmt.Sprintf("The file has %d columns. The most that can be read is %d.", len(in.Head), in.limits.Columns))
	}
	seen := map[string]bool{}
	for _, title := range in.Head {
		key := strings.ToLower(title)
		if title != "" && seen[key] {
			return fault.New(fault.Invalid, fmt.Sprintf("Two columns are called “%s”. Give each column a name of its own.", title))
		}
		seen[key] = true
	}
	return nil
}

// Column is the place of a heading in Head and in each row's Cells, small and capital letters alike; -1 where there is
// none.
func (in *Incoming) Column(title string) int {
	return slices.IndexFunc(in.Head, func(have string) bool { return strings.EqualFold(have, title) })
}

// Rows gives the rows below the headings, each with its own trouble where it has one; empty rows are passed over. An
// error ends the table: an Invalid fault where the file is to blame. It can be ranged over again, which begins anew.
func (in *Incoming) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		headed, count := false, 0
		for row, err := range in.rows() {
			if err != nil {
				yield(row, err)
				return
			}
			if !headed {
				headed = !empty(row.Cells)
				continue
			}
			if row.Trouble == "" && empty(row.Cells) {
				continue
			}
			if count++; count > in.limits.Rows {
				yield(row, fault.New(fault.Invalid, fmt.Sprintf("The file has more than %d rows. Split it into several files.", in.limits.Rows)))
				return
			}
			if !yield(in.fit(row), nil) {
				return
			}
		}
	}
}

// fit brings a row under the headings and says what is wrong with it.
func (in *Incoming) fit(row Row) Row {
	if cells := filled(row.Cells); cells <= len(in.Head) {
		row.Cells = row.Cells[:min(len(row.Cells), len(in.Head))]
	}
	if row.Trouble == "" && len(row.Cells) != len(in.Head) {
		row.Trouble = fmt.Sprintf("It has %s under %s.", counted(len(row.Cells), "cell"), counted(len(in.Head), "heading"))
	}
	for i, text := range row.Cells {
		row.Cells[i] = Unquote(text)
		if row.Trouble == "" {
			row.Trouble = in.unreadable(i, text)
		}
	}
	return row
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func (in *Incoming) unreadable(column int, text string) string {
	if len(text) > in.limits.CellBytes {
		return fmt.Sprintf("The text under “%s” is too long.", in.Head[column])
	}
	if strings.ContainsRune(text, utf8.RuneError) || strings.ContainsRune(text, 0) {
		return fmt.Sprintf("The text under “%s” holds a letter that cannot be read.", in.Head[column])
	}
	return ""
}

func empty(cells []string) bool { return filled(cells) == 0 }

// filled counts the cells up to the last with something in it.
func filled(cells []string) int {
	for i, text := range slices.Backward(cells) {
		if strings.TrimSpace(text) != "" {
			return i + 1
		}
	}
	return 0
}

// Close lets go of the file. It does not close what Read was given.
func (in *Incoming) Close() error { return in.close() }

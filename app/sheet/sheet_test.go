package sheet_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"runtime"
	"strings"
	"testing"
	"time"

	"conversations/app/fault"
	"conversations/app/sheet"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

var (
	london, _ = time.LoadLocation("Europe/London")
	summer    = time.Date(2017, 6, 28, 18, 0, 0, 0, time.UTC)
	head      = []string{"name", "people", "at", "ok", "needs"}
)

// each gives rows one after the other, and then an error where there is one.
func each(failure error, rows ...[]any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
		if failure != nil {
			yield(nil, failure)
		}
	}
}

func sample() iter.Seq2[[]any, error] {
	return each(nil, []any{"Zoë Example, \"Dr\"", 2, summer, true, []string{"bsl", "other"}}, []any{"=HYPERLINK(\"http://evil.example\")", -1, nil, false, []string(nil)})
}

func TestCSVIsAsTheStandardHasIt(t *testing.T) {
	var out bytes.Buffer
	if err := sheet.CSV(&out, head, sample(), sheet.Options{Zone: london}); err != nil {
		t.Fatal(err)
	}
	want := "name,people,at,ok,needs\r\n" +
		"\"Zoë Example, \"\"Dr\"\"\",2,2017-06-28T19:00:00+01:00,yes,bsl|other\r\n" +
		"\"'=HYPERLINK(\"\"http://evil.example\"\")\",-1,,no,\r\n"
	if out.String() != want {
		t.Errorf("wrote\n%s\nwant\n%s", out.String(), want)
	}
}

func TestTheByteOrderMarkComesOnlyWhereItIsAskedFor(t *testing.T) {
	for _, bom := range []bool{true, false} {
		var out bytes.Buffer
		if err := sheet.CSV(&out, head, each(nil), sheet.Options{BOM: bom}); err != nil {
			t.Fatal(err)
		}
		if got := bytes.HasPrefix(out.Bytes(), []byte("\xef\xbb\xbf")); got != bom {
			t.Errorf("asked %v, there is one: %v", bom, got)
		}
	}
}

func TestNothingThatWasTypedRunsAsAFormula(t *testing.T) {
	for _, text := range []string{"=1+1", "+44 1632 960123", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", "\u00a0=1"} {
		if got := sheet.Quote(text); got != "'"+text {
			t.Errorf("%q became %q", text, got)
		}
	}
	for _, text := range []string{"", "Robin Example", "'tis fine", "a=b", "01632 960123", "1-2"} {
		if got := sheet.Quote(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

// Headings are what people typed, too: a column for each service that a comment was about.
func TestNoHeadingRunsAsAFormula(t *testing.T) {
	var out bytes.Buffer
	if err := sheet.CSV(&out, []string{"theme", "=1+1", "-2"}, each(nil), sheet.Options{}); err != nil {
		t.Fatal(err)
	}
	if want := "theme,'=1+1,'-2\r\n"; out.String() != want {
		t.Errorf("wrote %q, want %q", out.String(), want)
	}
	in, err := sheet.Read(bytes.NewReader(out.Bytes()), int64(out.Len()), sheet.Limits{})
	if err != nil || in.Column("=1+1") != 1 {
		t.Errorf("read back as %v, %v", in, err)
	}
}

func TestEveryTextComesBackFromItsQuotes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`['=+@\- \ta]{0,6}`).Draw(t, "text")
		if got := sheet.Unquote(sheet.Quote(text)); got != text {
			t.Fatalf("%q came back as %q", text, got)
		}
		if quoted := sheet.Quote(text); quoted != "" && strings.ContainsRune("=+-@\t", rune(quoted[0])) {
			t.Fatalf("%q would run", quoted)
		}
	})
}

func TestAWorkbookSaysFirstWhatItIs(t *testing.T) {
	var out bytes.Buffer
	o := sheet.Options{Name: "Bookings", At: summer, By: "Example Officer", Filter: [][2]string{{"Status", "Booked"}}, Zone: london}
	if err := sheet.XLSX(&out, head, sample(), o); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	if got := f.GetSheetList(); len(got) != 2 || got[0] != "About" || got[1] != "Bookings" {
		t.Fatalf("the sheets are %v", got)
	}
	about, rows := read(t, f, "About"), read(t, f, "Bookings")
	for i, want := range []string{"What: Bookings", "Made: 2017-06-28T19:00:00+01:00", "By: Example Officer", "Rows: 2", "Status: Booked"} {
		if got := strings.Join(about[i], ": "); got != want {
			t.Errorf("line %d says %q, want %q", i, got, want)
		}
	}
	if rows[0][4] != "needs" || rows[1][0] != `Zoë Example, "Dr"` || rows[1][2] != "2017-06-28T19:00:00+01:00" || rows[1][3] != "yes" {
		t.Errorf("the rows are %q", rows)
	}
	if kind, _ := f.GetCellType("Bookings", "B2"); kind == excelize.CellTypeInlineString {
		t.Error("a number became text")
	}
	formula, err := f.GetCellFormula("Bookings", "A3")
	if err != nil || formula != "" || !strings.HasPrefix(rows[2][0], "=HYPERLINK") {
		t.Errorf("the formula %q, the text %q, %v", formula, rows[2][0], err)
	}
}

func read(t *testing.T, f *excelize.File, name string) [][]string {
	t.Helper()
	rows, err := f.GetRows(name)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestARowThatCannotBeReadEndsTheFile(t *testing.T) {
	broken := errors.New("the database is gone")
	for _, format := range []sheet.Format{sheet.FormatCSV, sheet.FormatXLSX} {
		var out bytes.Buffer
		err := sheet.Write(&out, format, sheet.Table{Head: []string{"name"}, Rows: each(broken, []any{"Robin Example"})})
		if !errors.Is(err, broken) {
			t.Errorf("%s: %v", format, err)
		}
		if format == sheet.FormatXLSX && out.Len() > 0 {
			t.Error("half a workbook was written")
		}
		if err := sheet.Write(io.Discard, format, sheet.Table{Head: []string{"name"}, Rows: each(nil, []any{"one", "too many"})}); err == nil {
			t.Errorf("%s: a row that does not fit its headings was written", format)
		}
	}
}

func TestALongListIsNotHeldInMemory(t *testing.T) {
	const rows, letters = 60_000, 300 // 18 MB of text
	cells := []any{strings.Repeat("x", letters), 1, summer, true, nil}
	long := func(yield func([]any, error) bool) {
		for range rows {
			if !yield(cells, nil) {
				return
			}
		}
	}
	for _, format := range []sheet.Format{sheet.FormatCSV, sheet.FormatXLSX} {
		w := &watcher{}
		if err := sheet.Write(w, format, sheet.Table{Head: head, Rows: long, Options: sheet.Options{Name: "Long"}}); err != nil {
			t.Fatal(err)
		}
		if w.most > 48<<20 { // the library keeps 16 MB before it takes a file
			t.Errorf("%s: %d MB were in use", format, w.most>>20)
		}
	}
}

// watcher is a writer that sees how much memory is in use while it is written to.
type watcher struct {
	most  uint64
	calls int
}

func (w *watcher) Write(p []byte) (int, error) {
	if w.calls++; w.calls%64 == 1 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		w.most = max(w.most, m.HeapAlloc)
	}
	return len(p), nil
}

func TestAFileIsKnownByItsEnding(t *testing.T) {
	for name, want := range map[string]sheet.Format{"a.csv": sheet.FormatCSV, "/x/B.XLSX": sheet.FormatXLSX} {
		if got, err := sheet.FormatOf(name); got != want || err != nil {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
	if _, err := sheet.FormatOf("list.pdf"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a PDF: %v", err)
	}
}

func TestAnotherProgramReadsTheLineBreaksInACell(t *testing.T) {
	var out bytes.Buffer
	if err := sheet.CSV(&out, []string{"note"}, each(nil, []any{"one\ntwo"}), sheet.Options{}); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&out).ReadAll()
	if err != nil || lines[1][0] != "one\ntwo" {
		t.Errorf("read %q, %v", lines, err)
	}
}

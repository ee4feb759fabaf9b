package sheet_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"conversations/app/fault"
	"conversations/app/sheet"

	"github.com/xuri/excelize/v2"
)

// workbook makes a workbook as a spreadsheet program would, with its texts in one shared list.
func workbook(t testing.TB, write func(f *excelize.File) error) []byte {
	t.Helper()
	f := excelize.NewFile()
	if err := write(f); err != nil {
		t.Fatal(err)
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestDatesInAWorkbookAreReadAsISOHasThem(t *testing.T) {
	evening := time.Date(2017, 2, 3, 19, 5, 0, 0, time.UTC)
	cases := []struct {
		format any // one of Excel's own by its number, or one by its letters
		value  any
		want   string
	}{
		{14, evening, "2017-02-03"},
		{17, evening, "2017-02-03"},
		{20, evening, "19:05"},
		{22, evening, "2017-02-03 19:05"},
		{"dd/mm/yyyy", evening, "2017-02-03"},
		{`[$-809]dddd, d mmmm yyyy;@`, evening, "2017-02-03"},
		{`d "day of" mmm yy h:mm AM/PM`, evening, "2017-02-03 19:05"},
		{"yyyy-mm-dd hh:mm:ss", evening, "2017-02-03 19:05:00"},
		{"h:mm:ss", evening, "19:05:00"},
		{"[h]:mm", 1.5, "36:00"},
		{`00000" "000000`, 1632960123, "01632 960123"},
		{`0" days"`, 21, "21 days"},
		{"[Red]0.00", 2.5, "2.50"},
		{1, 12, "12"},
	}
	file := workbook(t, func(f *excelize.File) error {
		if err := f.SetCellStr("Sheet1", "A1", "what"); err != nil {
			return err
		}
		for i, c := range cases {
			style := &excelize.Style{}
			switch format := c.format.(type) {
			case int:
				style.NumFmt = format
			case string:
				style.CustomNumFmt = &format
			}
			id, err := f.NewStyle(style)
			if err != nil {
				return err
			}
			at := fmt.Sprintf("A%d", i+2)
			if err := f.SetCellValue("Sheet1", at, c.value); err != nil {
				return err
			}
			if err := f.SetCellStyle("Sheet1", at, at, id); err != nil {
				return err
			}
		}
		return nil
	})
	all, err := rows(incoming(t, file))
	if err != nil || len(all) != len(cases) {
		t.Fatalf("%d rows, %v", len(all), err)
	}
	for i, c := range cases {
		if got := all[i].Cells[0]; got != c.want {
			t.Errorf("%v as %v was read as %q, want %q", c.value, c.format, got, c.want)
		}
	}
}

func TestOfAWorkbookTheFirstSheetThatCanBeSeenIsRead(t *testing.T) {
	file := workbook(t, func(f *excelize.File) error {
		for _, name := range []string{"People", "Other"} {
			if _, err := f.NewSheet(name); err != nil {
				return err
			}
		}
		f.SetActiveSheet(1)
		if err := f.SetSheetVisible("Sheet1", false); err != nil {
			return err
		}
		for at, text := range map[string]string{"A2": "name", "B2": "town", "C2": "note", "A3": "Ann", "A5": "Bob", "C5": "x", "A6": "Cy", "E6": "5"} {
			if err := f.SetCellStr("People", at, text); err != nil {
				return err
			}
		}
		return nil
	})
	in := incoming(t, file)
	if got := lines(t, in); in.Sheet != "People" || got != "3: Ann//\n5: Bob//x\n6! It has 5 cells under 3 headings." {
		t.Errorf("from the sheet %s was read\n%s", in.Sheet, got)
	}
}

func TestALongTableIsNotHeldInMemoryWhenItIsRead(t *testing.T) {
	const count, countShared = 50_000, 10_000 // the library is slow to make texts that are shared
	people := func(yield func([]any, error) bool) {
		for i := range count {
			if !yield([]any{fmt.Sprintf("person%d@example.org", i), "Robin Example", "councillors|media", summer, strings.Repeat("note ", 20)}, nil) {
				return
			}
		}
	}
	var asCSV, asXLSX bytes.Buffer
	for format, out := range map[sheet.Format]*bytes.Buffer{sheet.FormatCSV: &asCSV, sheet.FormatXLSX: &asXLSX} {
		if err := sheet.Write(out, format, sheet.Table{Head: []string{"email", "name", "groups", "at", "note"}, Rows: people}); err != nil {
			t.Fatal(err)
		}
	}
	shared := workbook(t, func(f *excelize.File) error {
		for i := range countShared {
			if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &[]any{fmt.Sprintf("person%d@example.org %s", i, strings.Repeat("note ", 40)), "Robin Example", i}); err != nil {
				return err
			}
		}
		return nil
	})
	for name, c := range map[string]struct {
		file []byte
		rows int
	}{"CSV": {asCSV.Bytes(), count}, "XLSX": {asXLSX.Bytes(), count}, "XLSX with shared texts": {shared, countShared - 1}} {
		before, most, seen := inUse(), uint64(0), 0
		for row, err := range incoming(t, c.file).Rows() {
			if err != nil || row.Trouble != "" {
				t.Fatalf("%s: %+v, %v", name, row, err)
			}
			if seen++; seen%(c.rows/4) == 0 {
				most = max(most, inUse())
			}
		}
		if grown := int64(most) - int64(before); seen != c.rows || grown > 16<<20 { //nolint:gosec // memory has a size
			t.Errorf("%s of %d MB: %d rows were read with %d MB more in use", name, len(c.file)>>20, seen, grown>>20)
		}
	}
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestAWorkbookMadeToBreakTheReaderIsRefused(t *testing.T) {
	good := workbook(t, func(f *excelize.File) error { return f.SetSheetRow("Sheet1", "A1", &[]any{"name", "town"}) })
	long := strings.Repeat("<si><t>x</t></si>", 100_000) // too long for memory, so that the library keeps places in it
	for name, parts := range map[string]map[string]string{
		"a place before the first": {"xl/sharedStrings.xml": "<sst>" + long + "</sst>",
			"xl/worksheets/sheet1.xml": `<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>-1</v></c></row></sheetData></worksheet>`},
		"a row beyond the last": {"xl/worksheets/sheet1.xml": `<worksheet><sheetData><row r="99999999"><c r="A1"><v>1</v></c></row></sheetData></worksheet>`},
		"a cell with no name":   {"xl/worksheets/sheet1.xml": `<worksheet><sheetData><row r="1"><c r="??"><v>1</v></c></row></sheetData></worksheet>`},
		"no sheet":              {"xl/workbook.xml": `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets/></workbook>`},
		"no XML":                {"xl/workbook.xml": "<<<"},
	} {
		file := withParts(t, good, parts)
		in, err := sheet.Read(bytes.NewReader(file), int64(len(file)), sheet.Limits{})
		if err == nil {
			_, err = rows(in)
		}
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// withParts puts other parts into a workbook.
func withParts(t *testing.T, file []byte, parts map[string]string) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, part := range in.File {
		if _, replaced := parts[part.Name]; !replaced {
			if err := w.Copy(part); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, text := range parts {
		part, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(part, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A row may say that it is the one with any number: all the empty ones before it are not gone through.
func TestARowWithANumberThatNoSheetHasIsRefused(t *testing.T) {
	file := workbook(t, func(f *excelize.File) error { return f.SetSheetRow("Sheet1", "A1", &[]any{"email"}) })
	in, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	changed := zip.NewWriter(&out)
	for _, part := range in.File {
		from, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(part.Name, "sheet1.xml") {
			text = bytes.ReplaceAll(text, []byte("</sheetData>"), []byte(`<row r="9000000000000000000"><c t="inlineStr"><is><t>far down</t></is></c></row></sheetData>`))
		}
		to, err := changed.Create(part.Name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = to.Write(text)
	}
	if err := changed.Close(); err != nil {
		t.Fatal(err)
	}
	incoming, err := sheet.Read(bytes.NewReader(out.Bytes()), int64(out.Len()), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = incoming.Close() }()
	var refused error
	for _, err := range incoming.Rows() {
		refused = err
	}
	if fault.KindOf(refused) != fault.Invalid {
		t.Errorf("it was read to the end, with %v", refused)
	}
}

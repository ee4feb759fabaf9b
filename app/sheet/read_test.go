package sheet_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"conversations/app/fault"
	"conversations/app/sheet"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"
)

// incoming opens a file that must be readable.
func incoming(t testing.TB, file []byte) *sheet.Incoming {
	t.Helper()
	in, err := sheet.Read(bytes.NewReader(file), int64(len(file)), sheet.Limits{})
	if err != nil {
		t.Fatalf("read %.60q: %v", file, err)
	}
	t.Cleanup(func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	})
	return in
}

// rows gives a table's rows, and the error that ended it.
func rows(in *sheet.Incoming) (all []sheet.Row, ended error) {
	for row, err := range in.Rows() {
		if err != nil {
			return all, err
		}
		all = append(all, row)
	}
	return all, nil
}

// lines shows rows as "2: Robin/Watford" and, where there is trouble, "3! why".
func lines(t testing.TB, in *sheet.Incoming) string {
	t.Helper()
	all, err := rows(in)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, row := range all {
		if row.Trouble != "" {
			out = append(out, fmt.Sprintf("%d! %s", row.Line, row.Trouble))
			continue
		}
		out = append(out, fmt.Sprintf("%d: %s", row.Line, strings.Join(row.Cells, "/")))
	}
	return strings.Join(out, "\n")
}

func refused(t *testing.T, file, words string) {
	t.Helper()
	_, err := sheet.Read(strings.NewReader(file), int64(len(file)), sheet.Limits{})
	if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), words) {
		t.Errorf("%.40q was read with %v, want to hear %q", file, err, words)
	}
}

func encoded(t testing.TB, e encoding.Encoding, text string) []byte {
	t.Helper()
	out, err := e.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestATableIsReadInEveryEncodingAndWithEverySeparator(t *testing.T) {
	for name, e := range map[string]struct {
		of   encoding.Encoding
		mark string
	}{
		sheet.UTF8:             {unicode.UTF8, ""},
		sheet.UTF8 + " marked": {unicode.UTF8, "\xef\xbb\xbf"},
		sheet.UTF16 + " LE":    {unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), ""},
		sheet.UTF16 + " BE":    {unicode.UTF16(unicode.BigEndian, unicode.UseBOM), ""},
		sheet.Windows1252:      {charmap.Windows1252, ""},
	} {
		for _, separator := range []string{",", ";", "\t"} {
			for _, end := range []string{"\n", "\r\n", "\r"} {
				text := strings.NewReplacer("|", separator, "$", end).Replace("name|note$Zoë Example|“five” €5 – café$\"Sam \"\"S\"\"|;,\tExample\"|\"two,$lines\"$")
				in := incoming(t, append([]byte(e.mark), encoded(t, e.of, text)...))
				want := "2: Zoë Example/“five” €5 – café\n3: Sam \"S\"" + separator + ";,\tExample/two,\nlines"
				if got := lines(t, in); got != want {
					t.Errorf("%s parted by %q, lines ended by %q: read\n%s\nwant\n%s", name, separator, end, got, want)
				}
				if !strings.HasPrefix(name, in.Encoding) || string(in.Separator) != separator {
					t.Errorf("%s parted by %q was taken for %s parted by %q", name, separator, in.Encoding, in.Separator)
				}
			}
		}
	}
}

func TestALetterBeyondTheStartOfAFileDecidesItsEncoding(t *testing.T) {
	long := "name\n" + strings.Repeat("Robin Example\n", 20_000)
	for want, file := range map[string]string{sheet.UTF8: long + "Zoë\n", sheet.Windows1252: long + "Zo\xeb\n"} {
		in := incoming(t, []byte(file))
		all, err := rows(in)
		if err != nil || in.Encoding != want || len(all) != 20_001 || all[20_000].Cells[0] != "Zoë" {
			t.Errorf("taken for %s, want %s: %d rows, %v", in.Encoding, want, len(all), err)
		}
	}
}

func TestABrokenLetterSpoilsItsRowAlone(t *testing.T) {
	in := incoming(t, []byte("name,town\nZoë,Watford\nZo\xeb,Tring\nJosé,Bushey\n"))
	want := "2: Zoë/Watford\n3! The text under “name” holds a letter that cannot be read.\n4: José/Bushey"
	if got := lines(t, in); got != want {
		t.Errorf("read\n%s\nwant\n%s", got, want)
	}
}

func TestRowsThatDoNotFitAreNamedAndTheRestIsRead(t *testing.T) {
	in := incoming(t, []byte("name,town\n\nAnn,Tring\nBob\nCy,Watford,5,6\nDee,Bushey,,\n5\" pipe,x\n\"Ed\" Example,x\n\"Flo,\nTring\nGus,\"Tring\"\nHal,Watford\n,\n"))
	want := strings.Join([]string{
		"3: Ann/Tring",
		"4! It has 1 cell under 2 headings.",
		"5! It has 4 cells under 2 headings.",
		"6: Dee/Bushey",
		"7! A quotation mark stands in the middle of a cell. Put quotation marks around the whole cell, and write those inside it twice.",
		"8! A quotation mark stands in the middle of a cell. Put quotation marks around the whole cell, and write those inside it twice.",
		"9! A quotation mark does not close where its cell ends, so lines 9 to 11 cannot be told apart. Put quotation marks around the whole cell, and write those inside it twice.",
		"12: Hal/Watford",
	}, "\n")
	if got := lines(t, in); got != want {
		t.Errorf("read\n%s\nwant\n%s", got, want)
	}
	if all, _ := rows(in); strings.Join(all[2].Cells, "/") != "Cy/Watford/5/6" {
		t.Errorf("of the row that is too long there is %q", all[2].Cells)
	}
}

func TestHeadingsAreFoundByNameWhereverTheyStand(t *testing.T) {
	in := incoming(t, []byte(",,\nTown , E-mail  address,,\nTring,ann@example.org,,\n"))
	if in.Column("e-mail address") != 1 || in.Column("TOWN") != 0 || in.Column("name") != -1 || len(in.Head) != 2 {
		t.Errorf("the headings are %q", in.Head)
	}
	if got := lines(t, in); got != "3: Tring/ann@example.org" {
		t.Errorf("read %s", got)
	}
}

func TestAFirstLineThatNamesTheSeparatorIsNoHeading(t *testing.T) {
	in := incoming(t, []byte("sep=;\r\nname, in full;town\r\nAnn;Tring\r\n"))
	if got := lines(t, in); got != "3: Ann/Tring" || in.Head[0] != "name, in full" {
		t.Errorf("under %q stands %s", in.Head, got)
	}
}

func TestAFileThatIsNoTableIsRefusedInPlainWords(t *testing.T) {
	refused(t, "", "nothing in the file")
	refused(t, "\n , \n", "nothing in the file")
	refused(t, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", "old Excel file")
	refused(t, "PK\x03\x04 and no more", "workbook cannot be read")
	refused(t, "%PDF-1.4\x00\x01\x02", "not a table")
	refused(t, "name,Name\nAnn,Bob\n", "Two columns are called “Name”")
	refused(t, "\"name,town\nAnn,Tring\n", "headings on line 1 cannot be read")
	refused(t, strings.Repeat("x,", 300)+"x\n", "301 columns")
}

func TestAFileThatIsTooLargeIsRefused(t *testing.T) {
	for words, bad := range map[string]struct {
		file   string
		limits sheet.Limits
	}{
		"largest that can be read has 1 MB":  {"name\n" + strings.Repeat("x\n", 1<<20), sheet.Limits{FileBytes: 1 << 20}},
		"more than 3 rows":                   {"name\na\nb\n\nc\nd\n", sheet.Limits{Rows: 3}},
		"row after line 2 is too long to be": {"name\nAnn\n\"Bob\n" + strings.Repeat("Cy\n", 1<<20), sheet.Limits{}},
	} {
		in, err := sheet.Read(strings.NewReader(bad.file), int64(len(bad.file)), bad.limits)
		if err == nil {
			_, err = rows(in)
		}
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), words) {
			t.Errorf("want to hear %q, heard %v", words, err)
		}
	}
}

func TestATextThatIsTooLongSpoilsItsRow(t *testing.T) {
	in := incoming(t, []byte("name,note\nAnn,"+strings.Repeat("x", 40_000)+"\nBob,y\n"))
	if got := lines(t, in); got != "2! The text under “note” is too long.\n3: Bob/y" {
		t.Errorf("read %s", got)
	}
}

// TestWhatWasWrittenIsReadBack leaves out texts that begin with an apostrophe: in a workbook one is taken for what a CSV
// brought in, although XLSX writes none.
func TestWhatWasWrittenIsReadBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		cell := rapid.StringMatching(`[=+@\-]{0,2}[a-zé€";,\t\n|][a-z'"\n]{0,8}`)
		want := rapid.SliceOfN(rapid.SliceOfN(cell, 2, 2), 0, 5).Draw(rt, "rows")
		given := make([][]any, len(want))
		for i, row := range want {
			row[0] += "." // an empty row is not read
			given[i] = []any{row[0], row[1]}
		}
		for _, format := range []sheet.Format{sheet.FormatCSV, sheet.FormatXLSX} {
			var out bytes.Buffer
			if err := sheet.Write(&out, format, sheet.Table{Head: []string{"=name", "note"}, Rows: each(nil, given...), Options: sheet.Options{Name: "Notes"}}); err != nil {
				rt.Fatal(err)
			}
			in := incoming(t, out.Bytes())
			got, err := rows(in)
			if err != nil || len(got) != len(want) || in.Head[0] != "=name" {
				rt.Fatalf("%s: under %q there are %v (%v), want %q", format, in.Head, got, err, want)
			}
			for i := range want {
				if strings.Join(got[i].Cells, "/") != strings.Join(want[i], "/") || got[i].Trouble != "" {
					rt.Fatalf("%s: %+v, want %q", format, got[i], want[i])
				}
			}
		}
	})
}

func FuzzReadingATable(f *testing.F) {
	for _, seed := range []string{
		"name,town\nAnn,Tring\n", "name;town\r\n\"A\r\nB\";'=1\r\n", "\xef\xbb\xbfname\tx\nZoë\ty\n", "\xff\xfen\x00a\x00\n\x00b\x00",
		"sep=;\nname;x\n", "name\rAnn\r", "name\nZo\xeb\n", "\"", "\"a\"b,c\nd", ",,,\n\x00", "\xfe\xff\x00", "PK\x03\x04",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		in, err := sheet.Read(bytes.NewReader(file), int64(len(file)), sheet.Limits{CellBytes: 20, Rows: 50})
		if err != nil {
			return
		}
		defer func() { _ = in.Close() }()
		first, ended := rows(in)
		again, endedAgain := rows(in)
		if fmt.Sprint(first, ended) != fmt.Sprint(again, endedAgain) {
			t.Errorf("read twice: %v, %v and %v, %v", first, ended, again, endedAgain)
		}
		for _, row := range first {
			if row.Line < 1 || row.Trouble == "" && len(row.Cells) != len(in.Head) {
				t.Errorf("under %q the row %+v", in.Head, row)
			}
		}
	})
}

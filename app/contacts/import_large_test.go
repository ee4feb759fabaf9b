package contacts

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"conversations/app/database"
	"conversations/app/database/databasetest"
)

// spoiled are ways in which a row can be bad, one after the other, and what is said of it.
var spoiled = []struct{ row, says string }{
	{"resident%d.residents.example;Zoë %d;;residents;dacorum;yes;18/02/2017;a fair", "has no @"},
	{"resident%d@residents.example;Zoë %d;;reisdents;dacorum;yes;18/02/2017;a fair", "There is no group “reisdents”"},
	{"resident%d@residents.example;Zoë %d;;residents;Luton;yes;18/02/2017;a fair", "There is no locality “Luton”"},
	{"resident%d@residents.example;Zoë %d;;residents;dacorum;perhaps;18/02/2017;a fair", "neither yes nor no"},
	{"resident%d@residents.example;Zoë %d;;residents;dacorum;yes;31/02/2017;a fair", "is not a date"},
	{"resident%d@residents.example;Zoë %d;;residents;dacorum;yes;21/02/2017;a fair", "has not come yet"},
	{"resident%d@residents.example;Zoë %d;;residents;dacorum;yes;;a fair", "not known when"},
	{"resident%d@residents.example;Zoë %d;;residents;dacorum;yes;18/02/2017;a fair;more", "It has 9 cells under 8 headings"},
}

// manyLines are the lines of a list of so many people, of whom every twentieth cannot be used.
func manyLines(people int) []string {
	lines := []string{strings.ReplaceAll(heads, ",", ";")}
	for n := range people {
		row := "resident%d@residents.example;Zoë Müller-O’Neill %d;;residents|voluntary-sector;dacorum;yes;18/02/2017;a fair"
		if n%20 == 19 {
			row = spoiled[n/20%len(spoiled)].row
		}
		lines = append(lines, fmt.Sprintf(row, n, n))
	}
	return lines
}

// written is a list as a file.
type written struct {
	separator string
	encode    func(text string) []byte
}

func (f written) file(t testing.TB, lines []string) ImportFile {
	t.Helper()
	data := f.encode(strings.ReplaceAll(strings.Join(lines, "\r\n"), ";", f.separator))
	return ImportFile{Name: "many.csv", Data: bytes.NewReader(data), Size: int64(len(data))}
}

func asUTF8(text string) []byte         { return []byte(text) }
func asUTF8WithMark(text string) []byte { return append([]byte("\xef\xbb\xbf"), text...) }

func asWindows1252(text string) []byte {
	data, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		panic(err)
	}
	return []byte(data)
}

// checkMany wants every bad row explained, and every other to come in, and all of it to go again, save for who changed since.
func checkMany(t *testing.T, w *world, file ImportFile, people int) {
	t.Helper()
	bad := people / 20
	before, audited := w.picture(), w.number(`SELECT count(*) FROM audit_entries`)
	began := time.Now()
	i := w.check(file)
	checked := time.Since(began)
	if got := counted(i); got != [5]int{people - bad, 0, 0, 0, bad} {
		t.Fatalf("the list comes to %v", got)
	}
	rows, err := rowsOf(w.db.Read(w.ctx), `import_id = ? AND outcome = 'bad' ORDER BY id`, i.ID)
	if err != nil {
		t.Fatal(err)
	}
	for n, row := range rows {
		if want := spoiled[n%len(spoiled)].says; row.Line != 20*n+21 || !strings.Contains(row.Reason, want) {
			t.Fatalf("bad row %d is on line %d: %q, want %q", n, row.Line, row.Reason, want)
		}
	}
	began = time.Now()
	i = w.confirm(i)
	imported := time.Since(began)
	t.Logf("%d rows: checked in %s, imported in %s", people, checked.Round(time.Millisecond), imported.Round(time.Millisecond))
	last := w.byEmail(fmt.Sprintf("resident%d@residents.example", people-2))
	if want := fmt.Sprintf("Zoë Müller-O’Neill %d", people-2); last.Name != want || w.stands(last.ID) != Given {
		t.Errorf("%s is called %q and stands as %q", last.Email, last.Name, w.stands(last.ID))
	}
	if n := w.number(`SELECT count(*) FROM current_consents WHERE entry = 'given'`); n != people-bad {
		t.Errorf("%d may be written to", n)
	}
	w.tell(last.ID, told{Withdrawn, 19, 20, FromUnsubscribe})
	w.write(func(tx *database.Tx) error {
		c := w.byEmail("resident0@residents.example")
		c.Name = "Zoë Sample"
		return w.contacts.updateContact(tx, &c)
	})
	began = time.Now()
	i = w.undo(i)
	t.Logf("undone in %s", time.Since(began).Round(time.Millisecond))
	if i.Kept != 2 || i.Undone != people-bad-2 {
		t.Errorf("%d are taken back and %d kept", i.Undone, i.Kept)
	}
	kept := w.picture()
	for _, line := range strings.Split(kept, "\n") {
		if !strings.Contains(before, line) && !strings.Contains(line, fmt.Sprintf(" %d ", last.ID)) && !strings.Contains(line, " 1 ") {
			t.Fatalf("left over: %s", line)
		}
	}
	if n := w.number(`SELECT count(*) FROM consents WHERE import_id = ? AND entry = 'given'`, i.ID); n != people-bad {
		t.Errorf("of the ledger %d entries are left", n)
	}
	if n := w.number(`SELECT count(*) FROM audit_entries`); n-audited < 2*(people-bad) {
		t.Errorf("the audit log has only %d entries more", n-audited)
	}
}

func TestFiftyThousandRowsOfWhichOneInTwentyIsBad(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	const people = 50_000
	checkMany(t, w, written{";", asWindows1252}.file(t, manyLines(people)), people)
}

func TestEveryEncodingAndSeparator(t *testing.T) {
	const people = 2 * 20 * 8 * 2 // every way of being bad, several times, in more than one chunk
	for name, f := range map[string]written{
		"UTF-8 with commas": {",", asUTF8}, "UTF-8 with semicolons": {";", asUTF8},
		"UTF-8 with a mark and commas": {",", asUTF8WithMark}, "UTF-8 with a mark and semicolons": {";", asUTF8WithMark},
		"Windows-1252 with commas": {",", asWindows1252}, "Windows-1252 with semicolons": {";", asWindows1252},
	} {
		t.Run(name, func(t *testing.T) {
			onEach(t, func(t *testing.T, w *world) { checkMany(t, w, f.file(t, manyLines(people)), people) })
		})
	}
}

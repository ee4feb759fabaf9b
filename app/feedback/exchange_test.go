package feedback

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/feedback/refi"
	"conversations/app/sheet"
)

func (w *themeWorld) bring(name string, data []byte, o ThemeImportOptions) ThemeImport {
	w.t.Helper()
	file, err := readThemeFile(name, data)
	w.must(err)
	done, err := w.ImportThemes(w.ann, file, o)
	w.must(err)
	return done
}

// facts are the themes without what another database has otherwise.
func (w *themeWorld) facts() (lines []string) {
	w.t.Helper()
	themes, err := w.Themes(w.ann)
	w.must(err)
	for _, t := range themes {
		state := t.state()
		state.Parent = 0
		lines = append(lines, strings.Repeat("  ", t.Depth)+t.GUID+" "+strings.TrimSpace(strings.Join([]string{state.Code, state.Name, state.Definition, state.Included, state.Excluded, state.Examples}, "/")))
	}
	return lines
}

func TestACodebookSurvivesGoingOutAndComingInUnchanged(t *testing.T) {
	from := openThemes(t, databasetest.SQLite(t))
	from.must(from.StartCodebook(from.ann))
	tricky := from.theme("Parking & <buses>", 0)
	from.must(from.ChangeTheme(from.ann, tricky.ID, ThemeForm{Code: "=cmd", Name: "Parking & \"buses\"", Definition: "Two\n\nparts", Examples: "a\nb"}))
	from.must(from.StepTheme(from.ann, tricky.ID, -1))
	if got := from.tree(); len(got) != 15 || got[0] != "0 dacorum" || got[1] != "1 prevention" {
		t.Fatalf("the first codebook is %v", got)
	}
	files := map[string][]byte{}
	for _, format := range []sheet.Format{sheet.FormatCSV, sheet.FormatXLSX} {
		var file bytes.Buffer
		table, err := from.ExportThemes(from.ann, format)
		from.must(err)
		from.must(sheet.Write(&file, format, table))
		files["themes."+string(format)] = file.Bytes()
	}
	var qdc, qdpx bytes.Buffer
	from.must(from.WriteThemeExchange(from.ann, &qdc))
	from.must(from.WriteProject(from.ann, &qdpx))
	files["themes.qdc"], files["themes.qdpx"] = qdc.Bytes(), qdpx.Bytes()
	for name, data := range files {
		t.Run(name, func(t *testing.T) {
			to := openThemes(t, databasetest.SQLite(t))
			looked := to.bring(name, data, ThemeImportOptions{DryRun: true})
			if n := len(to.tree()); looked.Added != 15 || n != 0 || to.last() != 0 {
				t.Errorf("looking at it adds %d, and there are %d", looked.Added, n)
			}
			to.bring(name, data, ThemeImportOptions{})
			if got, want := to.facts(), from.facts(); !slices.Equal(got, want) {
				t.Errorf("it came in as\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			version := to.last()
			if again := to.bring(name, data, ThemeImportOptions{}); again.Same != 15 || to.last() != version {
				t.Errorf("a second time it does %+v", again)
			}
			_, err := to.UndoChange(to.ann, version)
			to.must(err)
			if got := to.tree(); len(got) != 0 {
				t.Errorf("undone, there are %v", got)
			}
		})
	}
}

func TestAProjectHoldsTheCommentsAsRedactedAndWhatEachCoderFound(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := openThemes(t, address)
		access, waits := w.theme("Access", 0), w.theme("Waits", 0)
		first, second, removed := w.comment(), w.comment(), w.comment()
		w.codes(w.annID, first, access.ID)
		w.codes(w.benID, second, waits.ID)
		w.codes(w.benID, removed, waits.ID)
		w.write(func(tx *database.Tx) error { // an excerpt, and a comment whose words are gone
			if err := tx.Exec(`UPDATE codings SET start_at = 4, end_at = 7 WHERE comment_id = ?`, second).Error; err != nil {
				return err
			}
			return tx.Exec(`UPDATE comments SET text = '' WHERE id = ?`, removed).Error
		})
		var file bytes.Buffer
		w.must(w.WriteProject(w.ann, &file))
		p, err := refi.ReadProject(bytes.NewReader(file.Bytes()), int64(file.Len()))
		w.must(err)
		if len(p.Sources) != 2 || len(p.Users) != 2 || len(p.Codes) != 2 || len(p.LeftOut) != 0 {
			t.Fatalf("it holds %d sources, %d users, %d codes, without %v", len(p.Sources), len(p.Users), len(p.Codes), p.LeftOut)
		}
		names := map[string]string{}
		for _, u := range p.Users {
			names[u.GUID] = u.Name
		}
		whole, marked := p.Sources[0], p.Sources[1]
		if whole.Text != "The bus stops too far from the clinic, number 1" || len(whole.Codings) != 1 || whole.Codings[0].Code != access.GUID || names[whole.Codings[0].Creator] != "Ann Example" {
			t.Errorf("the first is %+v", whole)
		}
		if len(marked.Selections) != 1 || excerpt(marked.Text, marked.Selections[0].Start, marked.Selections[0].End) != "bus" || marked.Selections[0].Codings[0].Code != waits.GUID {
			t.Errorf("the second is %+v", marked)
		}
		if file.Reset(); w.WriteProject(w.ann, &file) != nil || refiAgain(t, file.Bytes()).Sources[1].Selections[0].GUID != marked.Selections[0].GUID {
			t.Error("a second export speaks of other things")
		}
	})
}

func refiAgain(t *testing.T, file []byte) *refi.Project {
	t.Helper()
	p, err := refi.ReadProject(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAFileThatIsNoCodebookIsRefusedInWords(t *testing.T) {
	for name, c := range map[string]struct{ data, says string }{
		"none.csv":      {"", "Choose a file"},
		"empty.csv":     {"\n", ""},
		"columns.csv":   {"a,b\n1,2\n", `no column "code"`},
		"picture.csv":   {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not a table"},
		"entities.qdc":  {`<!DOCTYPE x [<!ENTITY a "aaaa">]><CodeBook/>`, "document type"},
		"deep.qdc":      {"<CodeBook><Codes>" + strings.Repeat("<Code>", 200), "levels"},
		"cut.qdpx":      {"PK\x03\x04", "cut off"},
		"nothing.qdc":   {`<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes></Codes></CodeBook>`, "no code"},
		"no-guid.qdc":   {`<CodeBook><Codes><Code guid="x" name="A" isCodable="true"/></Codes></CodeBook>`, "GUID"},
		"no-form.qdc":   {"code,name\n", "REFI-QDA"},
		"separator.csv": {"code,name\n\x00\x01\x02,\xff\xfe\n", ""},
	} {
		_, err := readThemeFile(name, []byte(c.data))
		if c.says == "" && err == nil {
			continue
		}
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s gives %v", name, err)
		}
	}
}

func TestRowsThatCannotBeUsedAreNamedAndStopTheFile(t *testing.T) {
	w := openThemes(t, databasetest.SQLite(t))
	data := []byte("code,name,parent,guid\na,A,b,\nb,B,a,\nc,C,,\nC,Again,,\nd,,,\ne,E,d,\nf,F,c2,nonsense\ng,G,,\n")
	done := w.bring("x.csv", data, ThemeImportOptions{})
	var bad []string
	for _, r := range done.Themes {
		if r.What == "bad" {
			bad = append(bad, r.Why)
		}
	}
	if done.Bad != 7 || len(w.tree()) != 0 || !strings.Contains(strings.Join(bad, "\n"), "Enter a name for the theme") {
		t.Errorf("%d are bad: %q, and there are %v", done.Bad, bad, w.tree())
	}
	if w.bring("x.csv", data, ThemeImportOptions{SkipBad: true}); !slices.Equal(w.tree(), []string{"0 g"}) {
		t.Errorf("without them there are %v", w.tree())
	}
}

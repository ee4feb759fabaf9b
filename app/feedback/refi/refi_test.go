package refi

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"conversations/app/fault"
)

// madeUp is a project with everything that is written, and with texts that are hard to keep.
func madeUp() Project {
	id := func(parts ...string) string { return GUID(append([]string{"a programme"}, parts...)...) }
	when := time.Date(2017, 2, 28, 19, 0, 0, 0, time.UTC)
	text := "The pond 🦆 is lovely,\r\nbut the “bus” never came & <nobody> said so.\ttwo\n"
	return Project{
		Name: "Your say & ours", Origin: "Conversations", Description: "Comments of a spring\r\nin two lines", Created: when, Creator: id("user", "1"),
		Users: []User{{id("user", "1"), "Coder one"}, {id("user", "2"), ""}},
		Codes: []Code{
			{GUID: id("theme", "A"), Name: "Access", Description: "Getting in.\n\nOut: parking <see P>.", Colour: "#005eb8", Codes: []Code{
				{GUID: id("theme", "P"), Name: `Parking "and" buses`, Codes: []Code{{GUID: id("theme", "PB"), Name: "Buses"}}},
			}},
			{GUID: id("theme", "G"), Name: "The garden", Grouping: true},
		},
		Sources: []Source{
			{GUID: id("comment", "1"), Name: "1", Text: text, Creator: id("user", "1"), Created: when,
				Selections: []Selection{{GUID: id("excerpt", "1"), Name: "a duck", Start: 4, End: 10, Creator: id("user", "2"), Created: when,
					Codings: []Coding{{GUID: id("coding", "1"), Code: id("theme", "G"), Creator: id("user", "2"), Created: when, Notes: []string{id("note", "1")}}}, Notes: []string{id("note", "1")}}},
				Codings: []Coding{{GUID: id("coding", "2"), Code: id("theme", "PB")}, {GUID: id("coding", "3"), Code: id("theme", "A")}}, Notes: []string{id("note", "1")}},
			{GUID: id("comment", "2"), Name: "2", Text: ""},
		},
		Notes: []Source{{GUID: id("note", "1"), Name: "Why", Text: "Said at the door.\n"}},
	}
}

func written(t *testing.T, p Project) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := WriteProject(&file, p); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func read(file []byte) (*Project, error) { return ReadProject(bytes.NewReader(file), int64(len(file))) }

func TestAProjectIsReadAsItWasWrittenAndWrittenAgainToTheByte(t *testing.T) {
	first := written(t, madeUp())
	p, err := read(first)
	if err != nil {
		t.Fatal(err)
	}
	if want := madeUp(); !reflect.DeepEqual(*p, want) {
		t.Errorf("read\n%+v\nnot\n%+v", *p, want)
	}
	if !bytes.Equal(written(t, *p), first) {
		t.Error("the second file is not the first")
	}
	place := p.Sources[0].Selections[0]
	if got := string([]rune(p.Sources[0].Text)[place.Start:place.End]); got != "pond 🦆" {
		t.Errorf("the marked place is %q", got)
	}
}

func TestACodebookIsReadAsItWasWrittenAndWrittenAgainToTheByte(t *testing.T) {
	want := Codebook{Origin: "Conversations", Codes: madeUp().Codes}
	var first, second bytes.Buffer
	if err := WriteCodebook(&first, want); err != nil {
		t.Fatal(err)
	}
	got, err := ReadCodebook(bytes.NewReader(first.Bytes()))
	if err != nil || !reflect.DeepEqual(*got, want) {
		t.Fatalf("read %+v, %v", got, err)
	}
	if err := WriteCodebook(&second, *got); err != nil || second.String() != first.String() {
		t.Errorf("the second file is not the first: %v", err)
	}
	if err := WriteCodebook(io.Discard, Codebook{}); !errors.Is(err, ErrNoCodes) {
		t.Errorf("an empty codebook gives %v", err)
	}
}

func TestWhatIsWrittenFitsThePublishedStructure(t *testing.T) {
	var codebook bytes.Buffer
	if err := WriteCodebook(&codebook, Codebook{"Conversations", madeUp().Codes, nil}); err != nil {
		t.Fatal(err)
	}
	fits(t, codebook.String(), codebookSpace, "CodeBook", codebookShapes())
	for _, p := range []Project{madeUp(), {Name: "nothing yet"}} {
		file := written(t, p)
		archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Fatal(err)
		}
		main, err := archive.Open("project.qde")
		if err != nil {
			t.Fatal(err)
		}
		document, _ := io.ReadAll(main)
		fits(t, string(document), projectSpace, "Project", projectShapes())
		if folder := os.Getenv("REFI_OUT"); folder != "" && len(p.Codes) > 0 { // to be checked with other programs
			err = errors.Join(os.WriteFile(folder+"/project.qde", document, 0o600), os.WriteFile(folder+"/codebook.qdc", codebook.Bytes(), 0o600))
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestNamesStayTheSameFromExportToExport(t *testing.T) {
	if a, b := GUID("x", "theme", "1"), GUID("x", "theme", "1"); a != b || !guidForm.MatchString(a) {
		t.Errorf("%s, %s", a, b)
	}
	if GUID("a", "bc") == GUID("ab", "c") {
		t.Error("other parts give the same name")
	}
}

// zipped makes an archive of names and texts in turn.
func zipped(parts ...string) []byte {
	var file bytes.Buffer
	w := zip.NewWriter(&file)
	for i := 0; i < len(parts); i += 2 {
		part, _ := w.Create(parts[i])
		_, _ = io.WriteString(part, parts[i+1]) // into memory
	}
	_ = w.Close()
	return file.Bytes()
}

const (
	guidA = "11111111-2222-3333-4444-555555555555"
	guidB = "11111111-2222-3333-4444-666666666666"
	guidC = "11111111-2222-3333-4444-777777777777"
)

func TestWhatOtherProgramsWriteIsReadAndWhatCannotBeUsedIsNamed(t *testing.T) {
	p, err := read(zipped("project.qde", `<?xml version="1.0" encoding="utf-8"?><Project xmlns="urn:QDA-XML:project:1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" name="Theirs" modifiedDateTime="x">
		<CodeBook><Codes><Code guid="{`+strings.ToUpper(guidA)+`}" name="A" isCodable="1" color="nothing"/></Codes></CodeBook>
		<Sources><PDFSource guid="`+guidC+`"/><TextSource guid="`+guidB+`" name="t" plainTextPath="internal://T.TXT">
		<PlainTextSelection guid="99999999-2222-3333-4444-777777777777" startPosition="0" endPosition="99"/>
		<PlainTextSelection guid="88888888-2222-3333-4444-777777777777" startPosition="1" endPosition="3" creationDateTime="2020-01-02T03:04:05.123"><Coding guid="77777777-2222-3333-4444-777777777777"><CodeRef targetGUID="`+guidA+`"/></Coding>
		<Coding guid="66666666-2222-3333-4444-777777777777"><CodeRef targetGUID="`+guidC+`"/></Coding></PlainTextSelection></TextSource>
		<TextSource guid="55555555-2222-3333-4444-777777777777" plainTextPath="absolute:///etc/passwd"/></Sources></Project>`, "sources/t.txt", "\ufeffaßc"))
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Codes) != 1 || p.Codes[0].GUID != guidA || p.Codes[0].Grouping || len(p.Sources) != 1 || p.Sources[0].Text != "aßc" || len(p.Sources[0].Selections) != 1 || len(p.Sources[0].Selections[0].Codings) != 1 {
		t.Errorf("%+v", p)
	}
	want := []string{"1 marked place outside of its text", "1 coding with a code that is not there", "1 text that is not in the file", "1 PDF"}
	if !reflect.DeepEqual(p.LeftOut, want) {
		t.Errorf("left out: %q", p.LeftOut)
	}
}

func TestHostileFilesAreRefusedInWords(t *testing.T) {
	project := func(inner string) string {
		return `<Project xmlns="urn:QDA-XML:project:1.0" name="x">` + inner + `</Project>`
	}
	text := func(path string) string {
		return project(`<Sources><TextSource guid="` + guidA + `" plainTextPath="internal://` + path + `"/></Sources>`)
	}
	for name, e := range map[string]struct {
		file []byte
		says string
	}{
		"no archive":            {[]byte("hello"), "no ZIP archive"},
		"no project in it":      {zipped("readme.txt", "x"), "there is no project.qde"},
		"a way out":             {zipped("../../etc/cron.d/x", "x", "project.qde", project("")), "leads out of it"},
		"a way out by root":     {zipped("/etc/x", "x", "project.qde", project("")), "leads out of it"},
		"a way out of Windows":  {zipped(`Sources\..\x`, "x", "project.qde", project("")), "leads out of it"},
		"a path to elsewhere":   {zipped("project.qde", text("../project.qde")), "is not in it"},
		"words without end":     {zipped("project.qde", `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>`+project("&b;")), "document type"},
		"a file from outside":   {zipped("project.qde", `<!DOCTYPE x SYSTEM "file:///etc/passwd">`+project("")), "document type"},
		"an unknown word":       {zipped("project.qde", project("&secret;")), "cannot be read"},
		"levels without end":    {zipped("project.qde", project(strings.Repeat("<a>", 10_000))), "levels"},
		"a bomb for a text":     {zipped("project.qde", text("x.txt"), "Sources/x.txt", strings.Repeat("a", mostTextBytes+1)), "too long"},
		"a text in another way": {zipped("project.qde", text("x.txt"), "Sources/x.txt", "\xff\xfe"), "not in UTF-8"},
		"another alphabet":      {zipped("project.qde", `<?xml version="1.0" encoding="utf-16"?>`+project("")), "UTF-8"},
		"no GUID":               {zipped("project.qde", project(`<CodeBook><Codes><Code guid="1" name="A" isCodable="true"/></Codes></CodeBook>`)), "GUID"},
		"the same GUID twice":   {zipped("project.qde", project(`<CodeBook><Codes><Code guid="`+guidA+`" name="A" isCodable="true"/><Code guid="`+guidA+`" name="B" isCodable="true"/></Codes></CodeBook>`)), "something else"},
		"cut off":               {zipped("project.qde", `<Project name="x"><Sources>`), "cannot be read"},
	} {
		_, err := read(e.file)
		var known *fault.Error
		if !errors.As(err, &known) || known.Kind != fault.Invalid || !strings.Contains(known.Message, e.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ReadCodebook(io.MultiReader(strings.NewReader(`<CodeBook origin="`), endless{})); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("a codebook without end: %v", err)
	}
}

// endless is a file of letters.
type endless struct{}

func (endless) Read(into []byte) (int, error) {
	for i := range into {
		into[i] = 'a'
	}
	return len(into), nil
}

func TestAMarkedPlaceOutsideOfItsTextIsNotWritten(t *testing.T) {
	p := Project{Name: "x", Sources: []Source{{GUID: guidA, Text: "é", Selections: []Selection{{GUID: guidB, Start: 0, End: 2}}}}}
	if err := WriteProject(io.Discard, p); err == nil {
		t.Error("it was written")
	}
}

func BenchmarkProjectOf3500(b *testing.B) {
	p := Project{Name: "x", Codes: madeUp().Codes}
	for i := range 3500 {
		p.Sources = append(p.Sources, Source{GUID: GUID(fmt.Sprint(i)), Name: fmt.Sprint(i), Text: strings.Repeat("a comment of some words ", 8), Codings: []Coding{{GUID: GUID("c", fmt.Sprint(i)), Code: p.Codes[0].GUID}}})
	}
	for b.Loop() {
		var file bytes.Buffer
		if err := WriteProject(&file, p); err != nil {
			b.Fatal(err)
		}
		if _, err := read(file.Bytes()); err != nil {
			b.Fatal(err)
		}
	}
}

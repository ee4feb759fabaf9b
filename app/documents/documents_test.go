package documents_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/documents"
	"conversations/app/fault"
	"conversations/app/sheet"
)

var (
	aPDF  = []byte("%PDF-1.7\nnot much of one")
	comms = audit.WithActor(context.Background(), audit.Actor{Kind: audit.Staff, ID: 1, Role: "comms"})
)

type library struct {
	*documents.Service
	db *database.DB
}

func open(t testing.TB, address string) library {
	t.Helper()
	cfg, err := config.Load("../../config.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	db := databasetest.Open(t, address, func() time.Time { return time.Date(2017, 2, 10, 9, 0, 0, 0, time.UTC) })
	return library{documents.New(cfg, db), db}
}

func caseForChange() documents.Form {
	return documents.Form{Title: "Case for change", Summary: "Why services have to change.", DatedDay: "1", DatedMonth: "July", DatedYear: "2015", Public: true}
}

func (l library) add(t testing.TB, f documents.Form) documents.Document {
	t.Helper()
	d, err := l.Add(comms, f, documents.Upload{Name: "case.pdf", Data: aPDF})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestADocumentIsFoundAndOpenedByEverybodyOnceItIsPublic(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		l := open(t, address)
		d := l.add(t, caseForChange())
		draft := caseForChange()
		draft.Title, draft.Public = "Strategic outline case", false
		l.add(t, draft)

		if _, err := l.Library(t.Context(), documents.Filter{Text: strings.Repeat("change ", 2_000)}); err != nil {
			t.Errorf("words without end are looked for with %v", err)
		}
		page, err := l.Library(t.Context(), documents.Filter{Text: "CHANGE services"})
		if err != nil || page.Total != 1 || page.Documents[0].Title != "Case for change" || page.Documents[0].Dated() != "1 July 2015" {
			t.Fatalf("the library shows %+v, %v", page, err)
		}
		if page.Documents[0].File() != "PDF, 1 KB" || page.Documents[0].Data != nil {
			t.Errorf("the list says %q and carries %d bytes", page.Documents[0].File(), len(page.Documents[0].Data))
		}
		opened, err := l.PublicFile(t.Context(), d.Slug)
		if err != nil || !bytes.Equal(opened.Data, aPDF) || opened.FileName != "case.pdf" {
			t.Errorf("opened %q, %d bytes, %v", opened.FileName, len(opened.Data), err)
		}
		if _, err := l.PublicFile(t.Context(), "strategic-outline-case"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a document for staff only was opened: %v", err)
		}
	})
}

func TestADocumentForAllAreasIsInEveryLocality(t *testing.T) {
	l := open(t, databasetest.SQLite(t))
	l.add(t, caseForChange())
	local := caseForChange()
	local.Title, local.Locality = "Plans for Hertsmere", "hertsmere"
	l.add(t, local)
	for locality, want := range map[string]int{"": 2, "hertsmere": 2, "dacorum": 1} {
		page, err := l.Library(t.Context(), documents.Filter{Locality: locality})
		if err != nil || page.Total != want {
			t.Errorf("%q shows %d documents, %v", locality, page.Total, err)
		}
	}
}

func TestWhatIsWrongIsSaidAtEachField(t *testing.T) {
	l := open(t, databasetest.SQLite(t))
	_, err := l.Add(comms, documents.Form{Title: "", DatedDay: "31", DatedMonth: "2", DatedYear: "2017", Locality: "atlantis"},
		documents.Upload{Name: "page.html", Data: []byte("<html><script>alert(1)</script>")})
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		t.Fatal(err)
	}
	var at []string
	for _, field := range f.Fields {
		at = append(at, field.Name)
	}
	if got := strings.Join(at, " "); got != "title dated_day locality file" {
		t.Errorf("messages stand at %q", got)
	}
}

func TestAChangeKeepsTheAddressAndTheFileUnlessAnotherIsSent(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		l := open(t, address)
		d := l.add(t, caseForChange())
		f := documents.FormOf(d)
		f.Title = "The case for change"
		changed, err := l.Change(comms, d.ID, f, documents.Upload{})
		if err != nil || changed.Slug != d.Slug {
			t.Fatalf("changed to %q, %v", changed.Slug, err)
		}
		opened, err := l.PublicFile(t.Context(), d.Slug)
		if err != nil || !bytes.Equal(opened.Data, aPDF) || opened.Title != "The case for change" {
			t.Errorf("after the change: %q with %d bytes, %v", opened.Title, len(opened.Data), err)
		}
		if _, err := l.Change(comms, d.ID, f, documents.Upload{}); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a change of an older version was answered with %v", err)
		}
		f.Version = changed.Version
		if _, err := l.Change(comms, d.ID, f, documents.Upload{Name: "new.pdf", Data: append(aPDF, '!')}); err != nil {
			t.Fatal(err)
		}
		if opened, _ = l.PublicFile(t.Context(), d.Slug); opened.FileName != "new.pdf" || len(opened.Data) != len(aPDF)+1 {
			t.Errorf("the new file is not there: %q, %d bytes", opened.FileName, len(opened.Data))
		}
	})
}

func TestOnlyWhoKeepsTheLibraryChangesIt(t *testing.T) {
	l := open(t, databasetest.SQLite(t))
	d := l.add(t, caseForChange())
	door := audit.WithActor(context.Background(), audit.Actor{Kind: audit.Staff, ID: 2, Role: "door"})
	for name, try := range map[string]func(context.Context) error{
		"add": func(ctx context.Context) error { _, err := l.Add(ctx, caseForChange(), documents.Upload{}); return err },
		"change": func(ctx context.Context) error {
			_, err := l.Change(ctx, d.ID, documents.FormOf(d), documents.Upload{})
			return err
		},
		"remove": func(ctx context.Context) error { return l.Remove(ctx, d.ID) },
		"list":   func(ctx context.Context) error { _, err := l.List(ctx, documents.Filter{}); return err },
		"file":   func(ctx context.Context) error { _, err := l.File(ctx, d.ID); return err },
		"export": func(ctx context.Context) error {
			_, err := l.Export(ctx, documents.Filter{}, sheet.FormatCSV)
			return err
		},
	} {
		if err := try(door); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s by somebody at the door: %v", name, err)
		}
		if err := try(t.Context()); fault.KindOf(err) != fault.SignIn {
			t.Errorf("%s by a visitor: %v", name, err)
		}
	}
}

func TestTheListIsTakenOutAsItIsShownAndThatIsNoted(t *testing.T) {
	l := open(t, databasetest.SQLite(t))
	l.add(t, caseForChange())
	table, err := l.Export(comms, documents.Filter{}, sheet.FormatCSV)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := sheet.Write(&out, sheet.FormatCSV, table); err != nil || !strings.Contains(out.String(), "case-for-change,Case for change,Why services have to change.,2015-07-01") {
		t.Errorf("%v:\n%s", err, out.String())
	}
	var noted int
	if err := l.db.Read(t.Context()).Raw("SELECT count(*) FROM audit_entries WHERE action = 'documents.export'").Scan(&noted).Error; err != nil || noted != 1 {
		t.Errorf("noted %d times, %v", noted, err)
	}
}

func TestARemovedDocumentIsGone(t *testing.T) {
	l := open(t, databasetest.SQLite(t))
	d := l.add(t, caseForChange())
	if err := l.Remove(comms, d.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := l.PublicFile(t.Context(), d.Slug); fault.KindOf(err) != fault.NotFound {
		t.Errorf("it can still be opened: %v", err)
	}
	if err := l.Remove(comms, d.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("removed twice: %v", err)
	}
}

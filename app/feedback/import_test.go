package feedback_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/feedback"
	"conversations/app/sheet"
)

func (w world) bring(t testing.TB, content string, order feedback.ImportOrder) (out feedback.Imported, bad []string, err error) {
	t.Helper()
	order.File = feedback.ImportFile{Name: `C:\lists\comments.csv`, Data: strings.NewReader(content), Size: int64(len(content))}
	order.Bad = func(line int, why string) { bad = append(bad, fmt.Sprintf("%d: %s", line, why)) }
	out, err = w.ImportComments(w.lead, order)
	return out, bad, err
}

func (w world) theme(t testing.TB, code, name string) {
	t.Helper()
	must(t, w.db.Write(t.Context(), func(tx *database.Tx) error {
		return tx.Exec("INSERT INTO themes (guid, code, position, name, created_at, updated_at) VALUES (?, ?, 1, ?, ?, ?)", code, code, name, tx.Now(), tx.Now()).Error
	}))
}

const twoBad = "ID,Comment,source,event,locality,service,date,themes,shoe size\n" +
	"a1,\"Ring me on 01632 960123, the buses are late\",telephone,,Dacorum,Buses,28/01/2017,access|Car parks,5\n" +
	"a2,,,,,,,,\n" +
	"a3,Too late,fax,no-such-event,nowhere,,2017-02-30,cheese,\n" +
	"a4,More seats please,,,,,1/31/2017,,\n"

func TestCommentsAreImportedOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		w.theme(t, "ACCESS", "Getting there")
		w.theme(t, "PARK", "Car parks")
		out, bad, err := w.bring(t, twoBad, feedback.ImportOrder{DryRun: true})
		must(t, err)
		if out.New != 2 || out.Bad != 2 || len(out.Unknown) != 1 || out.Unknown[0] != "shoe size" || out.Import.ID != 0 {
			t.Errorf("the check says %+v", out)
		}
		for i, want := range []string{"3: There is no comment", "4: “fax” is not a source"} {
			if !strings.HasPrefix(bad[i], want) {
				t.Errorf("bad row %d: %s", i, bad[i])
			}
		}
		for _, want := range []string{"no event “no-such-event”", "no locality “nowhere”", "“2017-02-30”", "no theme “cheese”"} {
			if !strings.Contains(bad[1], want) {
				t.Errorf("%s is not said: %s", want, bad[1])
			}
		}
		if out, _, err = w.bring(t, twoBad, feedback.ImportOrder{}); err != nil || out.Import.ID != 0 {
			t.Errorf("with bad rows: %+v, %v", out, err)
		}
		first, _, err := w.bring(t, twoBad, feedback.ImportOrder{SkipBad: true})
		must(t, err)
		again, _, err := w.bring(t, twoBad, feedback.ImportOrder{SkipBad: true})
		must(t, err)
		if first.New != 2 || first.Import.ID == 0 || first.Import.FileName != "comments.csv" || again.New != 0 || again.Same != 2 || again.Import.ID != 0 {
			t.Errorf("imported %+v, then %+v", first, again)
		}
		page, err := w.Comments(w.lead, feedback.Filter{Sort: "taken", Import: first.Import.ID, Coded: "yes"})
		must(t, err)
		if page.Total != 1 || page.Comments[0].Text != "Ring me on [telephone number], the buses are late" || page.Comments[0].SaidOn != "2017-01-28" || page.Comments[0].Locality != "dacorum" {
			t.Errorf("there is %+v", page.Comments)
		}
		ctx := audit.AsSystem(t.Context())
		table, err := w.ExportComments(ctx, feedback.Filter{}, sheet.FormatCSV)
		must(t, err)
		var file bytes.Buffer
		must(t, sheet.Write(&file, sheet.FormatCSV, table))
		if !strings.HasPrefix(file.String(), "id,comment,source,event,locality,service,date,themes,") || strings.Contains(file.String(), "960123") || !strings.Contains(file.String(), "ACCESS|PARK") {
			t.Errorf("the export is\n%s", file.String())
		}
		if out, bad, err := w.bring(t, file.String(), feedback.ImportOrder{}); err != nil || out.New != 0 || out.Same != 2 || len(bad) > 0 {
			t.Errorf("the export comes in again as %+v, %v, %v", out, bad, err)
		}
		must(t, w.SetCommentAside(w.lead, page.Comments[0].ID, 1, "Said twice"))
		gone, kept, err := w.UndoImport(w.lead, first.Import.ID)
		must(t, err)
		if gone != 1 || kept != 1 {
			t.Errorf("undone are %d, kept %d", gone, kept)
		}
		if _, _, err := w.UndoImport(w.lead, first.Import.ID); fault.KindOf(err) != fault.Conflict {
			t.Errorf("undone twice: %v", err)
		}
	})
}

func TestWhatIsNoTableOfCommentsIsRefused(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	for what, content := range map[string]string{"nothing": "", "no column of comments": "id,words\n1,hello\n", "headings alone": "id,comment\n", "a picture": "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"} {
		if _, _, err := w.bring(t, content, feedback.ImportOrder{}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, bad, err := w.bring(t, "comment\n\""+strings.Repeat("x", 100_000)+"\"\nfine\xff\n", feedback.ImportOrder{DryRun: true})
	must(t, err)
	if len(bad) != 1 {
		t.Errorf("a comment of 100,000 letters: %v", bad)
	}
}

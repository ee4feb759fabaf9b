package contacts

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/mail"
	"conversations/app/sheet"
)

// crowd is five contacts that differ in all that the list can be narrowed by.
func (w *world) crowd() {
	w.t.Helper()
	ada := resident("Ada Example")
	ada.Groups, ada.Localities = []string{"residents", "media"}, []string{"dacorum"}
	chidi := resident("Chidi O’Example")
	chidi.Email, chidi.Organisation = "chidi@residents.example", "The Example Gazette"
	first, third := w.add(ada), w.add(chidi)
	w.add(Form{Kind: "organisation", Organisation: "Bovingdon Practice", Phone: "01632 960001", Groups: []string{"gp-practices"}})
	w.add(Form{Name: "Zoë Placeholder", PostAddress: "1 Example Street\nTring", Postcode: "HP23 5AA", Channel: "post", LargePrint: true})
	w.add(resident("Dora Example"))
	w.record(first, phoned(Given, start))
	w.record(third, phoned(Withdrawn, start))
	w.write(func(tx *database.Tx) error {
		return w.outbox.Suppress(w.ctx, tx, "DORA.example@residents.example", mail.SuppressedBounced)
	})
}

func (w *world) labels(f ListFilter) (labels []string) {
	w.t.Helper()
	page, err := w.contacts.List(w.ctx, f)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, c := range page.Contacts {
		labels = append(labels, c.Label())
	}
	if page.Total != len(labels) {
		w.t.Errorf("%+v: %d of %d", f, len(labels), page.Total)
	}
	return labels
}

func TestTheListIsNarrowedByAllThatIsKnown(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		w.crowd()
		ada, practice, chidi, dora, zoe := "Ada Example", "Bovingdon Practice", "Chidi O’Example", "Dora Example", "Zoë Placeholder"
		for _, c := range []struct {
			filter ListFilter
			want   []string
		}{
			{ListFilter{}, []string{ada, practice, chidi, dora, zoe}},
			{ListFilter{Text: "example"}, []string{ada, chidi, dora, zoe}},
			{ListFilter{Text: "o'example gazette"}, []string{chidi}},
			{ListFilter{Text: "zoe"}, []string{zoe}},
			{ListFilter{Text: "hp23 tring"}, []string{zoe}},
			{ListFilter{Text: "dora.example@residents"}, []string{dora}},
			{ListFilter{Text: "01632 960001"}, []string{practice}},
			{ListFilter{Text: "+441632960001"}, []string{practice}},
			{ListFilter{Text: "100% nobody_"}, nil},
			{ListFilter{Group: "media"}, []string{ada}},
			{ListFilter{Group: "nobody-knows-it"}, nil},
			{ListFilter{Locality: "dacorum"}, []string{ada}},
			{ListFilter{Channel: Post}, []string{zoe}},
			{ListFilter{Kind: Organisation}, []string{practice}},
			{ListFilter{Basis: "yes"}, []string{ada}},
			{ListFilter{Basis: "no"}, []string{practice, chidi, dora, zoe}},
			{ListFilter{Suppressed: "yes"}, []string{dora}},
			{ListFilter{Suppressed: "no", Kind: Person}, []string{ada, chidi, zoe}},
			{ListFilter{Sort: "-name"}, []string{zoe, dora, chidi, practice, ada}},
			{ListFilter{Sort: "-organisation", Kind: Person}, []string{chidi, ada, dora, zoe}},
			{ListFilter{Sort: "added"}, []string{ada, chidi, practice, zoe, dora}},
			{ListFilter{Page: 99}, []string{ada, practice, chidi, dora, zoe}},
		} {
			if got := w.labels(c.filter); !slices.Equal(got, c.want) {
				t.Errorf("%+v gives %v, want %v", c.filter, got, c.want)
			}
		}
	})
}

func TestAnExportHasTheColumnsOfAFileThatIsBroughtIn(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		w.crowd()
		rows := w.exported(ListFilter{})
		contract := []string{"email", "name", "organisation", "groups", "localities", "consent", "consent_date", "consent_source"}
		if !slices.Equal(rows[0][:len(contract)], contract) {
			t.Errorf("the columns are %v", rows[0])
		}
		want := []string{"ada.example@residents.example", "Ada Example", "", "media|residents", "dacorum", "yes", "2017-02-20T09:00:00Z", "by telephone"}
		if got := rows[1][:len(want)]; !slices.Equal(got, want) {
			t.Errorf("the first row is %v, want %v", got, want)
		}
		if got := rows[3][5:7]; !slices.Equal(got, []string{"no", "2017-02-20T09:00:00Z"}) {
			t.Errorf("who ended it has %v", got)
		}
		if got := strings.Join(rows[2][5:8], ""); got != "" {
			t.Errorf("who was never asked has %q", got)
		}
		at, ok := ReadWhen(rows[1][6], Given, w.contacts.cfg.Zone(), w.clock.Now())
		if !ok || !at.Equal(start) {
			t.Errorf("the date is read back as %v, %v", at, ok)
		}
	})
}

func TestAPublicTaskIsNotExportedAsAConsent(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	f := phoned(Given, start)
	f.Basis, f.Source = "public-task", "records"
	w.record(w.add(resident("Ada Example")), f)
	row := w.exported(ListFilter{})[1]
	if row[5] != "" || row[15] != "email" || row[16] != "public-task" {
		t.Errorf("the row is %v", row)
	}
}

func TestAnExportIsNotedWithoutWhatWasLookedFor(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	w.crowd()
	w.exported(ListFilter{Text: "ada", Group: "media"})
	var details string
	if err := w.db.Read(w.ctx).Raw(`SELECT details FROM audit_entries WHERE action = 'contacts.export'`).Scan(&details).Error; err != nil {
		t.Fatal(err)
	}
	if details != `{"format":"csv","group":"media","rows":1,"searched":true}` {
		t.Errorf("the audit log has %s", details)
	}
}

// exported is a filter as CSV, the head first.
func (w *world) exported(f ListFilter) [][]string {
	w.t.Helper()
	table, err := w.contacts.Export(w.ctx, f, sheet.FormatCSV)
	if err != nil {
		w.t.Fatal(err)
	}
	var out bytes.Buffer
	if err := sheet.Write(&out, sheet.FormatCSV, table); err != nil {
		w.t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		w.t.Fatal(err)
	}
	return rows
}

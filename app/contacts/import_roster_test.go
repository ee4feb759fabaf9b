package contacts

import (
	"bytes"
	"strings"
	"testing"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/sheet"
)

func TestRowsAboutTheSameContactAreTakenTogether(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		i := w.bring(list("twice.csv", heads+",phone,postcode,post_address",
			"ann@example.org,Ann Example,,councillors,,,,,,HP23 4AA,",
			"Ann@Example.org ,,Example Council,media,,yes,01/02/2017,a form,01632 960001,,",
			",ANN EXAMPLE,,residents,,,,,,hp234aa,",
			",Bob Example,,media,,,,,01632 960002,HP1 1AA,1 High Street",
			",bob example,,councillors,,,,,01632960002,,",
		))
		if got := counted(i); got != [5]int{2, 0, 0, 3, 0} {
			t.Fatalf("it comes to %v: %s", got, w.reasons(i))
		}
		ann := w.byEmail("ann@example.org")
		groups, _ := groupsOf(w.db.Read(w.ctx), ann.ID)
		if ann.Organisation != "Example Council" || ann.PhoneKey == "" || strings.Join(groups, " ") != "councillors media residents" || w.stands(ann.ID) != Given {
			t.Errorf("the rows came together as %+v in %v", ann, groups)
		}
		if row := w.rowAt(i, 4); row.DoubleOf == nil || *row.DoubleOf != w.rowAt(i, 2).ID {
			t.Errorf("the row without an address is %+v", row)
		}
		if i = w.undo(i); i.Undone != 2 {
			t.Errorf("%d taken back, %d kept", i.Undone, i.Kept)
		}
	})
}

func TestARowThatCouldBeSeveralContactsIsBad(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	w.bring(list("two.csv", "email,name,phone", "ann1@example.org,Ann Example,01632 960001", "ann2@example.org,Ann Example,01632 960001"))
	i := w.check(list("one.csv", "name,phone", "Ann Example,01632 960001"))
	if i.Bad != 1 || !strings.Contains(w.reasons(i), "There are several contacts, or rows, with this name") {
		t.Errorf("%v %s", counted(i), w.reasons(i))
	}
	i = w.check(list("three.csv", "email,name,postcode,post_address", "cy1@example.org,Cy Example,HP1 1AA,1 High Street", "cy2@example.org,Cy Example,HP1 1AA,1 High Street", ",Cy Example,HP1 1AA,1 High Street"))
	if i.Bad != 1 || i.Created != 2 {
		t.Errorf("%v %s", counted(i), w.reasons(i))
	}
}

func TestARowWithTheAddressOfAMergedContactIsAboutWhomItBecame(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	file := list("all.csv", "email,name,groups", "home@example.org,Ann Example,residents", "work@example.org,Cllr Ann Example,councillors")
	w.bring(file)
	home, work := w.byEmail("home@example.org"), w.byEmail("work@example.org")
	w.write(func(tx *database.Tx) error {
		if _, err := addToGroups(tx, work.ID, []string{"residents"}); err != nil {
			return err
		}
		return tx.Exec(`UPDATE contacts SET merged_into = ?, version = version + 1 WHERE id = ?`, work.ID, home.ID).Error
	})
	before := w.picture()
	i := w.bring(list("all.csv", "email,name,groups", "home@example.org,Ann Example,residents", "work@example.org,Cllr Ann Example,councillors"))
	if got := counted(i); got != [5]int{0, 0, 1, 1, 0} || w.picture() != before {
		t.Errorf("%v:\n%s\nwas\n%s", got, w.picture(), before)
	}
	i = w.bring(list("more.csv", "email,name,groups,phone", "home@example.org,Ann,media,01632 960001"))
	after := w.byEmail("work@example.org")
	if i.Changed != 1 || after.Name != "Cllr Ann Example" || after.Email != "work@example.org" || after.Phone == "" {
		t.Errorf("%v: %+v", counted(i), after)
	}
}

func TestWhoUnsubscribesBetweenCheckAndImportStaysUnsubscribed(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		id := w.person(1)
		i := w.check(list("a.csv", heads, "person1@residents.example,,,,,yes,18/02/2017,a form", "person2@residents.example,,,,,yes,18/02/2017,a form"))
		w.tell(id, told{Withdrawn, 19, 20, FromUnsubscribe})
		w.person(2) // signs up meanwhile
		if i = w.confirm(i); i.Unsubscribed != 1 || i.Changed != 1 || i.Same != 1 || i.Created != 0 {
			t.Errorf("%v, %d kept as unsubscribed", counted(i), i.Unsubscribed)
		}
		if got := w.stands(id); got != Withdrawn {
			t.Errorf("they stand as %q", got)
		}
	})
}

func TestBadRowsAreTakenOutMendedAndBroughtIn(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	i := w.check(list("some.csv", heads+",,phone", "ann@example.org,Ann,,,,,,,,", "bob,Bob,,,,,,,x,+44 1632 960001", "cy@example.org,Cy,,,,maybe,,,,"))
	for _, format := range []sheet.Format{sheet.FormatCSV, sheet.FormatXLSX} {
		table, err := w.contacts.ExportImportRows(w.ctx, i.ID, RowFilter{Show: "bad"}, format)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := sheet.Write(&out, format, table); err != nil {
			t.Fatal(err)
		}
		again := w.check(ImportFile{Name: "bad." + string(format), Data: bytes.NewReader(out.Bytes()), Size: int64(out.Len())})
		set, err := again.Choices()
		if err != nil || again.Bad != 2 || w.reasons(again) != w.reasons(i) {
			t.Errorf("%s: as it stood it comes to %v, %v: %s", format, counted(again), err, w.reasons(again))
		}
		if got := strings.Join(set.Unknown(), "|"); got != "column I" {
			t.Errorf("%s: of its columns these are said to be unknown: %s", format, got)
		}
		if format == sheet.FormatCSV {
			mended := strings.NewReplacer("bob,", "bob@example.org,", "maybe", "no").Replace(out.String())
			again = w.bring(ImportFile{Name: "mended.csv", Data: strings.NewReader(mended), Size: int64(len(mended))})
			if got := counted(again); got != [5]int{2, 0, 0, 0, 0} {
				t.Errorf("mended it comes to %v: %s", got, w.reasons(again))
			}
		}
	}
}

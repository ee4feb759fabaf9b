package contacts

import (
	"strings"
	"testing"
	"time"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
)

func TestAListIsBroughtInOnlyWhenItIsConfirmed(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		before := w.picture()
		i := w.check(list("councillors.csv", heads,
			`Ann@Example.org,Ann Example,Example Council,councillors|Media,Dacorum|hertsmere,yes,31/01/2017,"Sign-up sheet, Hemel Hempstead"`,
			`bob@example.org,Bob Example,,residents,,no,,`))
		if got := counted(i); got != [5]int{2, 0, 0, 0, 0} || i.State != ImportChecked {
			t.Fatalf("the list is %s and comes to %v", i.State, got)
		}
		if w.picture() != before {
			t.Fatal("something changed before the list was confirmed")
		}
		i = w.confirm(i)
		if i.State != ImportDone || i.DoneAt == nil {
			t.Fatalf("the list is %s", i.State)
		}
		ann := w.byEmail("ann@example.org")
		if ann.Email != "Ann@Example.org" || ann.Name != "Ann Example" || ann.Organisation != "Example Council" || ann.Kind != Person || ann.Channel != Email {
			t.Errorf("the contact is %+v", ann)
		}
		groups, _ := groupsOf(w.db.Read(w.ctx), ann.ID)
		localities, _ := localitiesOf(w.db.Read(w.ctx), ann.ID)
		if strings.Join(groups, "|") != "councillors|media" || strings.Join(localities, "|") != "dacorum|hertsmere" {
			t.Errorf("groups %v, localities %v", groups, localities)
		}
		var e ConsentEntry
		if err := w.db.Read(w.ctx).Where("contact_id = ?", ann.ID).Take(&e).Error; err != nil {
			t.Fatal(err)
		}
		if e.Entry != Given || e.Basis != Consent || e.Channel != Email || !e.At.Equal(day(1, 31)) || e.SourceNote != "Sign-up sheet, Hemel Hempstead" ||
			e.Source != FromImport || e.WordingVersion != 1 || e.Wording == "" || *e.ImportID != i.ID {
			t.Errorf("the ledger says %+v", e)
		}
		if got := w.stands(w.byEmail("bob@example.org").ID); got != "" {
			t.Errorf("who said no without a day stands as %q", got)
		}
	})
}

func TestTheSameListTwiceChangesNothing(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		file := func() ImportFile {
			return list("all.csv", heads+",phone,post_address,postcode,channel,large_print,notes",
				`ann@example.org,Ann Example,,councillors,dacorum,yes,31/01/2017,a meeting,01632 960001,"1 High Street, Tring",hp23 4aa,email,no,Prefers mornings`,
				`,Cy Example,,residents,,yes,2017-02-01,by post,,"2 High Street, Tring",HP23 4AB,post,yes,`,
				`,Di Example,,,,no,2017-02-20,by telephone,07700900123,,,telephone,,`,
				`office@practice.example,,Example Practice,gp-practices,,no,20/02/2017,,,,,,,`,
				`ANN@example.org,ann example,,media,,,,,,,,,,`)
		}
		i := w.bring(file())
		if got := counted(i); got != [5]int{4, 0, 0, 1, 0} {
			t.Fatalf("the first time it comes to %v: %s", got, w.reasons(i))
		}
		before, entries := w.picture(), w.number(`SELECT count(*) FROM consents`)
		w.clock.set(start.Add(3 * time.Hour))
		i = w.bring(file())
		if got := counted(i); got != [5]int{0, 0, 4, 1, 0} {
			t.Errorf("the second time it comes to %v", got)
		}
		if w.picture() != before || w.number(`SELECT count(*) FROM consents`) != entries {
			t.Errorf("the second time something changed:\n%s\nwas\n%s", w.picture(), before)
		}
	})
}

// reasons are those of all bad rows.
func (w *world) reasons(i Import) string {
	rows, err := rowsOf(w.db.Read(w.ctx), `import_id = ? AND outcome = 'bad' ORDER BY id`, i.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	var all []string
	for _, r := range rows {
		all = append(all, r.Reason)
	}
	return strings.Join(all, "\n")
}

func TestEveryBadRowIsNamedWithWhatIsWrong(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	rows := []struct{ row, says string }{
		{`ann.example.org,Ann,,,,,,`, "“ann.example.org” is not an email address: it has no @."},
		{`ann@example.org; bob@example.org,Ann,,,,,,`, "more than one email address"},
		{`ann smith@example.org,Ann,,,,,,`, "there is a space in it"},
		{`ann@example,Ann,,,,,,`, "not an email address in the right form, like name@example.com"},
		{`,Ann Example,,,,,,`, "There is no email address. A row without one needs a name"},
		{`a1@example.org,Ann,,counsellors,,,,`, "There is no group “counsellors”. Write one of these: Councillors,"},
		{`a2@example.org,Ann,,,Luton,,,`, "There is no locality “Luton”. Write one of these: Dacorum,"},
		{`a3@example.org,Ann,,,,maybe,,`, "“maybe” is neither yes nor no"},
		{`a4@example.org,Ann,,,,yes,,`, "it is not known when"},
		{`a5@example.org,Ann,,,,yes,31/02/2017,`, "“31/02/2017” is not a date. Write it like 28/02/2017"},
		{`a6@example.org,Ann,,,,yes,21/02/2017,`, "The date 21 February 2017 has not come yet."},
		{`a7@example.org,` + strings.Repeat("long ", 40) + `,,,,,,`, "The name is too long: it may have 120 letters."},
		{`a8@example.org,"Ann "Nan" Example",,,,,,`, "Put quotation marks around the whole cell"},
		{`a9@example.org,Ann,too,many,cells,in,this,row,here`, "cells under 8 headings"},
		{`a10@example.org,An` + "\xff" + `n,,,,,,`, "a letter that cannot be read"},
	}
	lines := []string{heads, `zoë@example.org,Zoë,,,,,,`}
	for _, r := range rows {
		lines = append(lines, r.row)
	}
	lines = append(lines, "good@example.org,Good Example,,,,,,")
	i := w.check(list("bad.csv", lines...))
	if i.Bad < len(rows)-1 { // a byte that is not UTF-8 makes the whole file Windows-1252
		t.Errorf("%d of %d rows are bad", i.Bad, len(rows))
	}
	for n, r := range rows[:len(rows)-1] {
		if got := w.rowAt(i, n+3); got.Outcome != RowBad || !strings.Contains(got.Reason, r.says) {
			t.Errorf("%s is %s: %q, want %q", r.row, got.Outcome, got.Reason, r.says)
		}
	}
	if got := w.rowAt(i, len(lines)); got.Outcome != RowCreates {
		t.Errorf("the good row after them is %s: %s", got.Outcome, got.Reason)
	}
}

func TestWhileARowIsBadNothingIsImportedUnlessItIsLeftOut(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	i := w.check(list("one.csv", heads, `good@example.org,Good,,,,,,`, `bad,Bad,,,,,,`))
	err := w.contacts.ConfirmImport(w.ctx, i.ID, Confirmation{Seen: i.Forecast()})
	if fault.KindOf(err) != fault.Invalid {
		t.Fatalf("it was taken: %v", err)
	}
	if _, err := w.find("good@example.org"); err == nil {
		t.Error("a row was imported")
	}
	if err := w.contacts.ConfirmImport(w.ctx, i.ID, Confirmation{Seen: "9-9-9-9", SkipBad: true}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("what nobody saw was confirmed: %v", err)
	}
	if i = w.confirm(i); i.Created != 1 || i.Bad != 1 {
		t.Errorf("%d contacts, %d bad rows", i.Created, i.Bad)
	}
}

func TestAnImportClearsNothing(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.bring(list("full.csv", heads+",phone,notes", `ann@example.org,Ann Example,Example Council,media,dacorum,yes,01/02/2017,,01632 960001,Rings back`))
		before := w.picture()
		i := w.bring(list("thin.csv", "email", "ann@example.org"))
		if i.Same != 1 || w.picture() != before {
			t.Errorf("%v:\n%s\nwas\n%s", counted(i), w.picture(), before)
		}
		i = w.bring(list("more.csv", "email,name,groups,notes", "ann@example.org,Ann Sample,councillors,Deaf in one ear"))
		ann := w.byEmail("ann@example.org")
		groups, _ := groupsOf(w.db.Read(w.ctx), ann.ID)
		if i.Changed != 1 || ann.Name != "Ann Sample" || ann.Organisation != "Example Council" || ann.Notes != "Rings back\nDeaf in one ear" || strings.Join(groups, " ") != "councillors media" {
			t.Errorf("%v: %+v in %v", counted(i), ann, groups)
		}
	})
}

func TestAnOldYesRevivesNobody(t *testing.T) {
	for name, c := range map[string]struct {
		no   func(w *world, tx *database.Tx, id int64) error
		row  string
		want Entry
		note RowNote
	}{
		"unsubscribed after the yes": {func(w *world, tx *database.Tx, id int64) error {
			return w.contacts.WithdrawTx(w.ctx, tx, id, Said{Purpose: Updates, At: february(10), Source: FromUnsubscribe})
		}, "yes,09/02/2017", Withdrawn, NoteUnsubscribed},
		"unsubscribed on the day of the yes": {func(w *world, tx *database.Tx, id int64) error {
			return w.contacts.WithdrawTx(w.ctx, tx, id, Said{Purpose: Updates, At: february(10), Source: FromUnsubscribe})
		}, "yes,10/02/2017", Withdrawn, NoteUnsubscribed},
		"a yes after the no is a new one": {func(w *world, tx *database.Tx, id int64) error {
			return w.contacts.WithdrawTx(w.ctx, tx, id, Said{Purpose: Updates, At: february(10), Source: FromUnsubscribe})
		}, "yes,11/02/2017", Given, ""},
		"objected, which counts from when we heard of it": {func(w *world, tx *database.Tx, id int64) error {
			return w.contacts.ObjectTx(w.ctx, tx, id, Said{Purpose: Updates, At: february(1), Source: FromLetter})
		}, "yes,15/02/2017", Objected, NoteUnsubscribed},
		"suppressed since": {func(w *world, tx *database.Tx, id int64) error {
			return w.outbox.Suppress(w.ctx, tx, "person1@residents.example", "complained")
		}, "yes,15/02/2017", "", NoteSuppressed},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, databasetest.SQLite(t))
			id := w.person(1)
			w.outbox.Links = w.contacts.links
			w.write(func(tx *database.Tx) error { return c.no(w, tx, id) })
			w.clock.set(february(25))
			i := w.bring(list("old.csv", heads, "person1@residents.example,Person 1,,,,"+c.row+","))
			if got := w.stands(id); got != c.want {
				t.Errorf("they stand as %q, want %q", got, c.want)
			}
			if row := w.rowAt(i, 2); row.Note != c.note || i.Unsubscribed != len(c.note)/max(len(c.note), 1) {
				t.Errorf("the row says %q, and %d are kept as unsubscribed", row.Note, i.Unsubscribed)
			}
		})
	}
}

func TestANoEndsOnlyWhatCameBeforeIt(t *testing.T) {
	for name, c := range map[string]struct {
		row  string
		want Entry
		bad  bool
	}{
		"a later no":                    {"no,12/02/2017", Withdrawn, false},
		"a no of the same day":          {"no,10/02/2017", Withdrawn, false},
		"an earlier no":                 {"no,09/02/2017", Given, false},
		"a no of which no day is known": {"no,", Given, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, databasetest.SQLite(t))
			id := w.person(1)
			w.tell(id, told{Given, 10, 10, FromSubscribe})
			w.clock.set(february(25))
			i := w.bring(list("no.csv", heads, "person1@residents.example,Person 1,,,,"+c.row+","))
			if got := w.stands(id); got != c.want || (i.Bad == 1) != c.bad {
				t.Errorf("they stand as %q, %d bad: %s", got, i.Bad, w.reasons(i))
			}
			w.bring(list("old.csv", heads, "person1@residents.example,Person 1,,,,yes,08/02/2017,"))
			if got := w.stands(id); got != c.want {
				t.Errorf("an older yes makes it %q", got)
			}
		})
	}
}

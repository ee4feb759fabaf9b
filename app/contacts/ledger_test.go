package contacts

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
)

// told is one thing that somebody said on a day of February 2017, and the day on which it came into the ledger.
type told struct {
	entry    Entry
	said     int
	recorded int
	source   Source
}

func TestALaterNoAlwaysWinsAndAnOldYesRevivesNobody(t *testing.T) {
	yes := func(said, recorded int) told { return told{Given, said, recorded, FromImport} }
	for name, c := range map[string]struct {
		told []told
		want Entry
	}{
		"nothing was ever said":               {nil, ""},
		"a yes":                               {[]told{yes(3, 3)}, Given},
		"a yes, and a no after it":            {[]told{yes(3, 3), {Withdrawn, 5, 5, FromUnsubscribe}}, Withdrawn},
		"an old yes is imported after the no": {[]told{{Withdrawn, 5, 5, FromUnsubscribe}, yes(3, 9)}, Withdrawn},
		"a yes of the same moment is imported after the no":       {[]told{{Withdrawn, 5, 5, FromUnsubscribe}, yes(5, 9)}, Withdrawn},
		"a yes that was said after the no is a new consent":       {[]told{{Withdrawn, 5, 5, FromUnsubscribe}, yes(7, 9)}, Given},
		"a no that was said before an imported yes":               {[]told{yes(7, 9), {Withdrawn, 5, 10, FromLetter}}, Given},
		"an objection wins over a yes that was imported later":    {[]told{{Objected, 5, 5, FromTelephone}, yes(3, 9)}, Objected},
		"an objection that we heard of after the imported yes":    {[]told{yes(7, 9), {Objected, 5, 10, FromLetter}}, Objected},
		"an objection that we heard of between yes and import":    {[]told{{Objected, 5, 8, FromLetter}, yes(7, 9)}, Objected},
		"a yes that was said after we heard of the objection":     {[]told{{Objected, 5, 6, FromLetter}, yes(7, 9)}, Given},
		"the person signs up again after the objection":           {[]told{{Objected, 5, 5, FromTelephone}, {Given, 6, 6, FromSubscribe}}, Given},
		"two lists, the older one imported last":                  {[]told{yes(7, 8), {Withdrawn, 6, 8, FromImport}, yes(2, 9)}, Given},
		"two lists, the no is in the older one":                   {[]told{{Withdrawn, 4, 9, FromImport}, yes(6, 10)}, Given},
		"two lists, the no is in the newer one":                   {[]told{yes(4, 9), {Withdrawn, 6, 10, FromImport}}, Withdrawn},
		"a second no, after which a yes between the two is found": {[]told{{Withdrawn, 4, 4, FromUnsubscribe}, {Withdrawn, 8, 8, FromUnsubscribe}, yes(6, 9)}, Withdrawn},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, databasetest.SQLite(t))
			id := w.person(1)
			for _, said := range c.told {
				w.tell(id, said)
			}
			if got := w.stands(id); got != c.want {
				t.Errorf("the contact stands as %q, want %q", got, c.want)
			}
		})
	}
}

func february(day int) time.Time { return time.Date(2017, 2, day, 12, 0, 0, 0, time.UTC) }

// tell writes the ledger on the day of recording.
func (w *world) tell(id int64, said told) {
	w.t.Helper()
	w.clock.set(february(said.recorded))
	s := Said{Purpose: Updates, Channel: Email, At: february(said.said), Source: said.source}
	w.write(func(tx *database.Tx) (err error) {
		switch said.entry {
		case Given:
			_, err = w.contacts.GiveTx(w.ctx, tx, id, s)
		case Withdrawn:
			err = w.contacts.WithdrawTx(w.ctx, tx, id, s)
		case Objected:
			err = w.contacts.ObjectTx(w.ctx, tx, id, s)
		case Annulled:
			err = errors.New("an annulment names an entry")
		}
		return err
	})
}

// derive is how a contact must stand by the entries of the ledger, said plainly: put in the order in which they count,
// without those that were taken back, the last one holds.
func derive(ledger []ConsentEntry) Entry {
	var count []ConsentEntry
	for _, e := range ledger {
		annulled := slices.ContainsFunc(ledger, func(a ConsentEntry) bool { return a.Annuls != nil && *a.Annuls == e.ID })
		if e.Entry != Annulled && !annulled {
			count = append(count, e)
		}
	}
	from := func(e ConsentEntry) time.Time {
		if e.Entry == Objected {
			return e.RecordedAt
		}
		return e.At
	}
	slices.SortFunc(count, func(a, b ConsentEntry) int {
		switch before := from(a).Compare(from(b)); {
		case before != 0:
			return before
		case (a.Entry == Given) != (b.Entry == Given):
			if a.Entry == Given {
				return -1
			}
			return 1
		}
		return int(a.ID - b.ID)
	})
	if len(count) == 0 {
		return ""
	}
	return count[len(count)-1].Entry
}

func TestHowContactsStandFollowsFromTheLedgerAlone(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		next := 0
		rapid.Check(t, func(r *rapid.T) {
			now := start
			w.clock.set(now)
			next++
			people := []int64{w.person(2 * next), w.person(2*next + 1)}
			for range rapid.IntRange(1, 12).Draw(r, "steps") {
				now = now.Add(time.Duration(rapid.IntRange(0, 2).Draw(r, "minutes until")) * time.Minute)
				w.clock.set(now)
				w.anything(r, people[rapid.IntRange(0, 1).Draw(r, "person")])
			}
			for _, id := range people {
				w.holds(r, id)
			}
		})
	})
}

// anything has a contact say something, or takes back something they said.
func (w *world) anything(r *rapid.T, id int64) {
	said := Said{
		Purpose: rapid.SampledFrom([]string{Updates, "recontact"}).Draw(r, "purpose"), Channel: rapid.SampledFrom([]Channel{Email, Post}).Draw(r, "channel"),
		At: w.clock.Now().Add(-time.Duration(rapid.IntRange(0, 3).Draw(r, "minutes ago")) * time.Minute), Source: FromImport,
	}
	what := rapid.SampledFrom([]Entry{Given, Given, Withdrawn, Objected, Annulled}).Draw(r, "entry")
	w.write(func(tx *database.Tx) (err error) {
		switch what {
		case Given:
			_, err = w.contacts.GiveTx(w.ctx, tx, id, said)
		case Withdrawn:
			err = w.contacts.WithdrawTx(w.ctx, tx, id, said)
		case Objected:
			err = w.contacts.ObjectTx(w.ctx, tx, id, said)
		case Annulled:
			err = w.annulSome(r, tx, id)
		}
		return err
	})
}

func (w *world) annulSome(r *rapid.T, tx *database.Tx, id int64) error {
	var ids []int64
	if err := tx.Raw(`SELECT id FROM consents WHERE contact_id = ? AND entry <> 'annulled' ORDER BY id`, id).Scan(&ids).Error; err != nil || len(ids) == 0 {
		return err
	}
	return w.contacts.AnnulTx(w.ctx, tx, rapid.SampledFrom(ids).Draw(r, "annuls"), FromUndo, "")
}

// holds compares the view with the plain reading, for each purpose and channel.
func (w *world) holds(r *rapid.T, id int64) {
	for _, purpose := range []string{Updates, "recontact"} {
		for _, by := range []Channel{Email, Post} {
			var ledger []ConsentEntry
			if err := w.db.Read(w.ctx).Raw(`SELECT * FROM consents WHERE contact_id = ? AND purpose = ? AND channel = ? ORDER BY id`, id, purpose, string(by)).Scan(&ledger).Error; err != nil {
				r.Fatal(err)
			}
			got, _, err := standing(w.db.Read(w.ctx), id, purpose, by)
			if err != nil {
				r.Fatal(err)
			}
			if want := derive(ledger); got.Entry != want {
				r.Fatalf("%s by %s: the view says %q, the ledger %q: %+v", purpose, by, got.Entry, want, ledger)
			}
			if n := w.number(`SELECT count(*) FROM current_consents WHERE contact_id = ? AND purpose = ? AND channel = ?`, id, purpose, string(by)); n > 1 {
				r.Fatalf("the contact stands in %d ways at once", n)
			}
		}
	}
}

func TestTheLedgerKeepsWhatWasAskedAndByWhom(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		id := w.person(1)
		w.write(func(tx *database.Tx) error {
			_, err := w.contacts.GiveTx(w.ctx, tx, id, Said{Purpose: Updates, Channel: Email, Source: FromSubscribe})
			return err
		})
		var e ConsentEntry
		if err := w.db.Read(w.ctx).Raw(`SELECT * FROM consents WHERE contact_id = ?`, id).Scan(&e).Error; err != nil {
			t.Fatal(err)
		}
		asked := w.contacts.cfg.Contacts.Purposes[0]
		if e.Wording != asked.Wording || e.WordingVersion != asked.Version || e.Basis != Consent || !e.At.Equal(start) || !e.RecordedAt.Equal(start) {
			t.Errorf("the entry is %+v", e)
		}
		err := w.db.Write(w.ctx, func(tx *database.Tx) error {
			_, err := w.contacts.GiveTx(w.ctx, tx, id, Said{Purpose: Updates, Channel: Email, Source: FromLetter, At: start.Add(time.Minute)})
			return err
		})
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("a consent of the future: %v", err)
		}
	})
}

func TestOneAddressIsOneContactHoweverItIsWritten(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		var first int64
		for i, typed := range []string{"Jo.Bloggs@Residents.example", " jo.bloggs@residents.example", "JO.BLOGGS@RESIDENTS.EXAMPLE "} {
			w.write(func(tx *database.Tx) error {
				id, created, err := w.contacts.FindOrCreateTx(w.ctx, tx, typed, []string{"", "Jo Bloggs", "Somebody Else"}[i])
				if first == 0 {
					first = id
				}
				if id != first || created != (i == 0) {
					t.Errorf("%q gives contact %d (new: %v), want %d", typed, id, created, first)
				}
				return err
			})
		}
		c, err := contactByID(w.db.Read(w.ctx), first)
		if err != nil || c.Name != "Jo Bloggs" || c.Email != "Jo.Bloggs@Residents.example" || c.Version != 2 {
			t.Errorf("the contact is %+v, %v", c, err)
		}
	})
}

func TestADayAloneCountsSoThatANoWins(t *testing.T) {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2017, 7, 3, 9, 30, 0, 0, time.UTC)
	for _, c := range []struct {
		text  string
		entry Entry
		want  string
	}{
		{"2017-02-20", Given, "2017-02-20T00:00:00Z"},
		{"2017-02-20", Withdrawn, "2017-02-20T23:59:59.999999Z"},
		{"20/02/2017", Given, "2017-02-20T00:00:00Z"},
		{"2017-07-03", Given, "2017-07-02T23:00:00Z"},
		{"2017-07-03", Withdrawn, "2017-07-03T09:30:00Z"},
		{"2017-07-04", Withdrawn, "2017-07-04T22:59:59.999999Z"},
		{"2017-07-01 14:05", Given, "2017-07-01T13:05:00Z"},
		{"2017-07-01T14:05:00+01:00", Withdrawn, "2017-07-01T13:05:00Z"},
		{"last week", Given, ""},
		{"2017-02-30", Given, ""},
	} {
		at, ok := ReadWhen(c.text, c.entry, zone, now)
		if got := at.Format(time.RFC3339Nano); ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%q %s: %s, %v; want %q", c.text, c.entry, got, ok, c.want)
		}
	}
}

package contacts

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
)

func TestAnImportThatIsUndoneLeavesEverythingAsItWas(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.bring(list("first.csv", heads+",phone",
			"ann@example.org,Ann Example,,councillors,dacorum,yes,01/02/2017,a form,01632 960001",
			"bob@example.org,Bob Example,,media,,,,,",
			"cy@example.org,Cy Example,,,,yes,01/02/2017,a form,"))
		w.tell(w.byEmail("cy@example.org").ID, told{Withdrawn, 3, 3, FromUnsubscribe})
		w.clock.set(start)
		before, audited := w.picture(), w.number(`SELECT count(*) FROM audit_entries`)
		i := w.bring(list("second.csv", heads+",phone,post_address,postcode,channel,notes",
			"ann@example.org,Ann Sample,Example Council,councillors|media,dacorum|hertsmere,no,19/02/2017,telephone,01632 960999,,,,A note",
			"bob@example.org,,,,,yes,18/02/2017,a fair,,,,,",
			"cy@example.org,,,residents,,yes,18/02/2017,a fair,,,,,",
			"new@example.org,New Example,,residents|Friends of the park,watford-and-three-rivers,yes,18/02/2017,a fair,,,,,",
			",Postal Example,,residents,,,,,,1 High Street,HP23 4AA,post,"),
			func(set *ImportSettings) { set.NewGroups = []string{"Friends of the park"} })
		if got := counted(i); got != [5]int{2, 3, 0, 0, 0} {
			t.Fatalf("it comes to %v: %s", got, w.reasons(i))
		}
		entries := w.number(`SELECT count(*) FROM consents`)
		if w.stands(w.byEmail("ann@example.org").ID) != Withdrawn || w.stands(w.byEmail("cy@example.org").ID) != Given {
			t.Fatal("the import did not do what it says")
		}
		if i = w.undo(i); i.State != ImportUndone || i.Undone != 5 || i.Kept != 0 {
			t.Fatalf("it is %s, %d taken back, %d kept", i.State, i.Undone, i.Kept)
		}
		if after := w.picture(); after != before {
			t.Errorf("afterwards there is\n%s\nand was\n%s", after, before)
		}
		if n := w.number(`SELECT count(*) FROM consents`); n != entries+4 {
			t.Errorf("the ledger had %d entries and has %d: four were to be annulled and all kept", entries, n)
		}
		if n := w.number(`SELECT count(*) FROM audit_entries`); n < audited+10 {
			t.Errorf("the audit log has %d entries more", n-audited)
		}
		if n := w.number(`SELECT count(*) FROM contacts WHERE name = 'Postal Example' OR name = 'New Example'`); n != 0 {
			t.Error("somebody whom the import brought is still there")
		}
		if err := w.contacts.UndoImport(w.ctx, i.ID); fault.KindOf(err) != fault.Conflict {
			t.Errorf("it was undone twice: %v", err)
		}
	})
}

func TestWhoHasChangedSinceIsKeptWhenAnImportIsUndone(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		i := w.bring(list("all.csv", heads,
			"renamed@example.org,Renamed Example,,,,yes,01/02/2017,a form",
			"unsubscribed@example.org,Unsubscribed Example,,,,yes,01/02/2017,a form",
			"subscribed@example.org,Subscribed Example,,,,,,",
			"imported@example.org,Imported Example,,,,yes,01/02/2017,a form",
			"same@example.org,Same Example,,media,,yes,01/02/2017,a form"))
		later := w.bring(list("later.csv", heads, "imported@example.org,,,councillors,,,,", "same@example.org,Same Example,,media,,yes,01/02/2017,a form"))
		w.write(func(tx *database.Tx) error {
			c := w.byEmail("renamed@example.org")
			c.Name = "Renamed Sample"
			return w.contacts.updateContact(tx, &c)
		})
		w.tell(w.byEmail("unsubscribed@example.org").ID, told{Withdrawn, 5, 20, FromUnsubscribe})
		w.tell(w.byEmail("subscribed@example.org").ID, told{Given, 20, 20, FromSubscribe})
		if i = w.undo(i); i.Kept != 4 || i.Undone != 1 {
			t.Errorf("%d are kept and %d taken back", i.Kept, i.Undone)
		}
		for _, email := range []string{"renamed", "unsubscribed", "subscribed", "imported"} {
			if _, err := w.find(email + "@example.org"); err != nil {
				t.Errorf("%s is gone: %v", email, err)
			}
		}
		if _, err := w.find("same@example.org"); err == nil {
			t.Error("who has not changed is still there")
		}
		if got := w.stands(w.byEmail("unsubscribed@example.org").ID); got != Withdrawn {
			t.Errorf("who unsubscribed stands as %q", got)
		}
		if later = w.undo(later); later.Undone != 1 {
			t.Errorf("the later list: %d taken back, %d kept", later.Undone, later.Kept)
		}
	})
}

func TestALetterThatWasSentKeepsItsRecipient(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	i := w.bring(list("a.csv", "email,name", "ann@example.org,Ann", "bob@example.org,Bob"))
	ann, bob := w.byEmail("ann@example.org").ID, w.byEmail("bob@example.org").ID
	w.write(func(tx *database.Tx) error {
		mailing, err := tx.Insert(`INSERT INTO mailings (unique_key, kind, about, about_id, subject, content, list_id, purpose, state, created_at)
			VALUES ('update:1', 'update', 'updates', 1, 'A letter', '{}', 'updates', 'updates', 'finished', ?) RETURNING id`, tx.Now())
		if err != nil {
			return err
		}
		_, err = tx.Insert(`INSERT INTO deliveries (mailing_id, contact_id, address, name, address_hash, state, due_at)
			VALUES (?, ?, 'ann@example.org', 'Ann', '', 'sent', ?) RETURNING id`, mailing, ann, tx.Now())
		return err
	})
	w.undo(i)
	if n := w.number(`SELECT count(*) FROM contacts WHERE id = ? AND email = '' AND name = '' AND suppression_key = ''`, ann); n != 1 {
		t.Error("the row that something points to is not there, or not empty")
	}
	if n := w.number(`SELECT count(*) FROM contacts WHERE id = ?`, bob); n != 0 {
		t.Error("the row that nothing points to is still there")
	}
}

func TestUndoingEndsWithTheKeepingTimeOfTheRows(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	i := w.bring(list("a.csv", "email", "ann@example.org"))
	w.clock.set(w.contacts.UndoUntil(i))
	if err := w.contacts.UndoImport(w.ctx, i.ID); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "cannot be undone any more") {
		t.Errorf("it was undone after %s: %v", w.contacts.cfg.Retention.Imports, err)
	}
	w.clock.set(w.contacts.UndoUntil(i).Add(-time.Second))
	if i = w.undo(i); i.Undone != 1 {
		t.Error("a second before it was not undone")
	}
}

func TestAListThatIsDroppedLeavesNothing(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	lines := []string{heads}
	for n := range 2 * 4 * importChunk {
		lines = append(lines, fmt.Sprintf("person%d@example.org,Person %d,,,,,,", n/2, n))
	}
	i := w.check(list("big.csv", lines...))
	if i.Doubles != 4*importChunk {
		t.Fatalf("%v", counted(i))
	}
	if err := w.contacts.DropImport(w.ctx, i.ID); err != nil {
		t.Fatal(err)
	}
	if n := w.number(`SELECT count(*) FROM contact_import_rows`) + w.number(`SELECT count(*) FROM contact_imports`) + w.number(`SELECT count(*) FROM contacts`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	done := w.bring(list("a.csv", "email", "ann@example.org"))
	if err := w.contacts.DropImport(w.ctx, done.ID); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a list that is imported was dropped: %v", err)
	}
}

func TestALetterThatWaitsIsNotSentToWhoSaysNoOnAList(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	id := w.person(1)
	w.tell(id, told{Given, 10, 10, FromSubscribe})
	w.clock.set(february(25))
	w.write(func(tx *database.Tx) error {
		mailing, err := tx.Insert(`INSERT INTO mailings (unique_key, kind, about, about_id, subject, content, list_id, purpose, state, created_at)
			VALUES ('update:1', 'update', 'updates', 1, 'A letter', '{}', 'updates', 'updates', 'paused', ?) RETURNING id`, tx.Now())
		if err != nil {
			return err
		}
		_, err = tx.Insert(`INSERT INTO deliveries (mailing_id, contact_id, address, name, address_hash, state, due_at)
			VALUES (?, ?, 'person1@residents.example', 'Person 1', '', 'queued', ?) RETURNING id`, mailing, id, tx.Now())
		return err
	})
	waiting := func() int { return w.number(`SELECT count(*) FROM deliveries WHERE state = 'queued'`) }
	w.bring(list("older.csv", heads, "person1@residents.example,,,,,no,09/02/2017,"))
	if waiting() != 1 {
		t.Error("a no from before the yes stopped the letter")
	}
	w.bring(list("no.csv", heads, "person1@residents.example,,,,,no,20/02/2017,"))
	if waiting() != 0 {
		t.Error("the letter still waits")
	}
}

package contacts

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/mail"
)

// pair is two contacts of one person: at home, and at work.
func (w *world) pair() (home, work int64) {
	w.t.Helper()
	atHome := resident("Ada Example")
	atHome.Groups, atHome.Notes = []string{"residents"}, "Likes mornings."
	atWork := Form{Name: "A. Example", Organisation: "Example Practice", Email: "a.example@practice.example", Phone: "01632 960001", Groups: []string{"gp-practices"},
		Localities: []string{"dacorum"}, LargePrint: true, Notes: "Works on Mondays."}
	return w.add(atHome), w.add(atWork)
}

func (w *world) merge(kept, gone int64) (id int64) {
	w.t.Helper()
	id, err := w.contacts.Merge(w.ctx, kept, gone, Versions{w.card(kept).Version, w.card(gone).Version})
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func TestMergingDoesWhatThePreviewShowed(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		home, work := w.pair()
		w.tell(home, told{Given, 20, 20, FromSubscribe})
		w.tell(work, told{Withdrawn, 21, 21, FromUnsubscribe})
		preview, err := w.contacts.PreviewMerge(w.ctx, home, work)
		if err != nil {
			t.Fatal(err)
		}
		want := preview.Kept
		want.Organisation, want.Phone, want.LargePrint, want.Notes = "Example Practice", "01632 960001", true, "Likes mornings.\nWorks on Mondays."
		want.Groups, want.Localities = []string{"gp-practices", "residents"}, []string{"dacorum"}
		if got := preview.Result.facts(); !slices.Equal(got, want.facts()) {
			t.Errorf("the preview is %v, want %v", got, want.facts())
		}
		w.merge(home, work)
		if got := w.card(home).facts(); !slices.Equal(got, want.facts()) {
			t.Errorf("the merged contact is %v, want %v", got, want.facts())
		}
		stands, err := standingsOf(w.db.Read(w.ctx), home)
		if err != nil || len(stands) != 1 || stands[0].Entry != Withdrawn || len(preview.Stands) != 1 || preview.Stands[0].Entry != Withdrawn {
			t.Errorf("it stands as %+v, the preview said %+v, %v", stands, preview.Stands, err)
		}
		if page, err := w.contacts.List(w.ctx, ListFilter{}); err != nil || page.Total != 1 {
			t.Errorf("the list has %d contacts, %v", page.Total, err)
		}
	})
}

func TestWhatBelongedToAMergedContactBelongsToTheOther(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		home, work := w.pair()
		w.tell(work, told{Given, 20, 20, FromSubscribe})
		waiting := w.letter(work)
		w.merge(home, work)
		if got := w.card(work).ID; got != home {
			t.Errorf("the page of the merged contact shows contact %d", got)
		}
		if got := w.stands(home); got != Given {
			t.Errorf("the kept contact stands as %q", got)
		}
		history, err := w.contacts.History(w.ctx, home, 1)
		if err != nil || len(history.Letters) != 1 || len(history.Ledger) != 1 {
			t.Errorf("the kept contact has %d letters and %d entries, %v", len(history.Letters), len(history.Ledger), err)
		}
		w.write(func(tx *database.Tx) error {
			id, created, err := w.contacts.FindOrCreateTx(w.ctx, tx, "a.example@practice.example", "")
			if id != home || created {
				t.Errorf("the merged address is contact %d", id)
			}
			return err
		})
		w.tell(work, told{Withdrawn, 21, 21, FromUnsubscribe}) // by the link in an old letter
		if got := w.stands(home); got != Withdrawn {
			t.Errorf("after the old link was used the kept contact stands as %q", got)
		}
		if d, err := w.outbox.Delivery(w.ctx, waiting); err != nil || d.State != mail.DeliveryWithdrawn {
			t.Errorf("the letter that waits for the merged address is %q, %v", d.State, err)
		}
	})
}

func TestWhoIsInAMailingTwiceGetsItOnceAfterTheMerge(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		home, work := w.pair()
		both, alone := w.letter(work, home), w.letter(work)
		w.merge(home, work)
		for delivery, want := range map[int64]mail.DeliveryState{both: mail.DeliveryWithdrawn, alone: mail.DeliveryQueued} {
			if d, err := w.outbox.Delivery(w.ctx, delivery); err != nil || d.State != want {
				t.Errorf("a letter to the merged contact is %q, want %q, %v", d.State, want, err)
			}
		}
	})
}

func TestAMergeUndoneLeavesBothAsTheyWere(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		home, work := w.pair()
		third := w.add(Form{Name: "A E", Phone: "01632 960002"})
		w.tell(home, told{Given, 20, 20, FromSubscribe})
		w.tell(work, told{Withdrawn, 21, 21, FromUnsubscribe})
		w.merge(work, third)
		before := [][]fact{w.card(home).facts(), w.card(work).facts()}
		id := w.merge(home, work)
		if err := w.contacts.UndoMerge(w.ctx, home, id); err != nil {
			t.Fatal(err)
		}
		if after := [][]fact{w.card(home).facts(), w.card(work).facts()}; !reflect.DeepEqual(before, after) {
			t.Errorf("they were %v and are %v", before, after)
		}
		if w.stands(home) != Given || w.stands(work) != Withdrawn {
			t.Errorf("they stand as %q and %q", w.stands(home), w.stands(work))
		}
		if w.card(third).ID != work {
			t.Errorf("what was merged into the second before now leads to contact %d", w.card(third).ID)
		}
		if err := w.contacts.UndoMerge(w.ctx, home, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("undone twice: %v", err)
		}
	})
}

func TestAMergeOnWhichSomebodyBuiltIsNotUndone(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		for name, build := range map[string]func(w *world, home int64){
			"it was changed": func(w *world, home int64) {
				f := w.card(home).form()
				f.Notes = "Moved."
				if err := w.contacts.Change(w.ctx, home, f); err != nil {
					w.t.Fatal(err)
				}
			},
			"something was recorded": func(w *world, home int64) { w.tell(home, told{Given, 22, 22, FromTelephone}) },
			"it was merged into a third": func(w *world, home int64) {
				w.merge(w.add(Form{Name: "A", Phone: "01632 960003"}), home)
			},
			"a third was merged into it": func(w *world, home int64) {
				w.merge(home, w.add(Form{Name: "A", Phone: "01632 960003"}))
			},
		} {
			w := newWorld(t, fresh(t, address))
			home, work := w.pair()
			id := w.merge(home, work)
			build(w, home)
			if err := w.contacts.UndoMerge(w.ctx, home, id); fault.KindOf(err) != fault.Conflict {
				t.Errorf("%s: %v", name, err)
			}
			if w.card(work).ID == work {
				t.Errorf("%s: a refused undo parted them", name)
			}
		}
	})
}

// fresh is the address of another empty database of the same kind.
func fresh(t *testing.T, like string) string {
	if like[:len("sqlite")] == "sqlite" {
		return databasetest.SQLite(t)
	}
	return databasetest.Postgres(t)
}

func TestAMergeIsRefusedWhereNobodyLookedAtIt(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	home, work := w.pair()
	seen := Versions{w.card(home).Version, w.card(work).Version}
	f := w.card(work).form()
	f.Notes = "Changed meanwhile."
	if err := w.contacts.Change(w.ctx, work, f); err != nil {
		t.Fatal(err)
	}
	if _, err := w.contacts.Merge(w.ctx, home, work, seen); fault.KindOf(err) != fault.Conflict {
		t.Errorf("merged unseen: %v", err)
	}
	if _, err := w.contacts.PreviewMerge(w.ctx, home, home); !slices.Equal(wrong(err), []string{"other"}) {
		t.Errorf("merged with itself: %v", err)
	}
}

// What the preview of a merge derives from two ledgers is what the view derives from the one that they become.
func TestThePreviewDerivesAsTheViewDoes(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	next := 0
	rapid.Check(t, func(r *rapid.T) {
		now := start
		w.clock.set(now)
		next++
		people := []int64{w.person(2 * next), w.person(2*next + 1)}
		for range rapid.IntRange(1, 8).Draw(r, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 2).Draw(r, "minutes until")) * time.Minute)
			w.clock.set(now)
			w.anything(r, people[rapid.IntRange(0, 1).Draw(r, "person")])
		}
		preview, err := w.contacts.PreviewMerge(w.ctx, people[0], people[1])
		if err != nil {
			r.Fatal(err)
		}
		w.merge(people[0], people[1])
		stands, err := standingsOf(w.db.Read(w.ctx), people[0])
		if err != nil {
			r.Fatal(err)
		}
		for i := range preview.Stands {
			preview.Stands[i].ContactID = people[0]
		}
		if !slices.EqualFunc(stands, preview.Stands, func(a, b Standing) bool { return a.ConsentID == b.ConsentID && a.Entry == b.Entry }) {
			r.Fatalf("the preview says %+v, the view %+v", preview.Stands, stands)
		}
	})
}

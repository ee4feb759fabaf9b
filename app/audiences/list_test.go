package audiences

import (
	"fmt"
	"slices"
	"testing"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
)

var everybody = Rule{Any: []Condition{{Kind: Everyone}}}

func TestAListIsCountedSearchedSortedAndPaged(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address, 1)
		for range PageSize + 3 {
			w.willing()
		}
		for range 4 {
			w.note(entry{contact: w.willing().id, entry: "withdrawn", at: start.AddDate(0, 0, 1)})
		}
		w.add(person{email: "100%_sure@contacts.example"})
		l := w.make(everybody, "updates")
		if l.Email != PageSize+3 || l.Post != 0 || l.LeftOut != 5 || l.Size() != PageSize+3 {
			t.Fatalf("counted %+v", l)
		}
		counts, err := w.service.Counts(w.ctx, l.ID)
		if want := []Count{{ByEmail, "", false, PageSize + 3}, {LeftOut, Withdrew, false, 4}, {LeftOut, NeverAsked, false, 1}}; err != nil || !slices.Equal(counts, want) {
			t.Errorf("counts %+v (%v)", counts, err)
		}
		for _, c := range []struct {
			filter      RowFilter
			total, rows int
			first       string
		}{
			{RowFilter{}, PageSize + 8, PageSize, "Contact Example 1"},
			{RowFilter{Outcome: ByEmail, Page: 2}, PageSize + 3, 3, "Contact Example 7"},
			{RowFilter{Outcome: ByEmail, Page: 99}, PageSize + 3, 3, "Contact Example 7"},
			{RowFilter{Outcome: LeftOut, Reason: Withdrew, Sort: "-name"}, 4, 4, "Contact Example 57"},
			{RowFilter{Text: "EXAMPLE 12"}, 1, 1, "Contact Example 12"},
			{RowFilter{Text: "100%_s"}, 1, 1, "Contact Example 58"},
			{RowFilter{Text: "nobody"}, 0, 0, ""},
			{RowFilter{Since: true}, 0, 0, ""},
		} {
			page, err := w.service.Rows(w.ctx, l.ID, c.filter)
			if err != nil || page.Total != c.total || len(page.Rows) != c.rows || c.rows > 0 && page.Rows[0].Name != c.first {
				t.Errorf("%+v: %d of %d, %v (%v)", c.filter, len(page.Rows), page.Total, page.Rows, err)
			}
		}
	})
}

func TestAListIsComparedWithTheOneBefore(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address, 1)
		stays, goes := w.willing(), w.willing()
		first := w.make(everybody, "updates")
		w.note(entry{contact: goes.id, entry: "withdrawn", at: start.AddDate(0, 0, 1)})
		w.willing()
		w.willing()
		second := w.make(everybody, "updates")
		d, err := w.service.Compare(w.ctx, first.ID, second.ID)
		if err != nil || d != (Difference{Added: 2, Gone: 1}) || first.Digest == second.Digest {
			t.Errorf("%+v (%v), and contact %d stayed", d, err, stays.id)
		}
		same := w.make(everybody, "updates")
		if same.Digest != second.Digest {
			t.Error("the same people gave another digest")
		}
	})
}

func TestOldListsAndUnfinishedOnesGo(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address, 1)
		for range 30 {
			w.willing()
		}
		old := w.make(everybody, "updates")
		unfinished, err := w.service.begin(w.ctx, Request{Rule: everybody, Purpose: "updates", About: "updates", AboutID: 1})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.service.ByID(w.ctx, unfinished.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a list that is not made was found: %v", err)
		}
		kept := w.make(everybody, "updates")
		if latest, err := w.service.Latest(w.ctx, "updates", 1); err != nil || latest.ID != kept.ID {
			t.Errorf("the latest is %d (%v)", latest.ID, err)
		}
		if err := w.service.Drop(w.ctx, "updates", 1, kept.ID); err != nil {
			t.Fatal(err)
		}
		var lists, rows int
		w.write(func(tx *database.Tx) error {
			return tx.Row(`SELECT (SELECT count(*) FROM audience_lists), (SELECT count(*) FROM audience_list_rows)`).Scan(&lists, &rows)
		})
		if lists != 1 || rows != 30 || len(w.rows(kept)) != 30 || len(w.rows(old)) != 0 {
			t.Errorf("%d lists with %d rows are left", lists, rows)
		}
	})
}

// Being handed on is one transaction with what the caller does: if that fails, the same people come again.
func TestWhatWasNotHandedOnComesAgain(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address, 1)
		for range 5 {
			w.willing()
		}
		l := w.make(everybody, "updates")
		refused := w.db.Write(w.ctx, func(tx *database.Tx) error {
			taken, more, err := w.service.Take(w.ctx, tx, l.ID, 3)
			return fmt.Errorf("gave up after %d, more %v: %w", len(taken), more, err)
		})
		if refused == nil {
			t.Fatal("the write did not fail")
		}
		handed := w.takeAll(l, 3)
		for id := int64(1); id <= 5; id++ {
			if handed[id] != 1 {
				t.Errorf("contact %d was handed on %d times", id, handed[id])
			}
		}
	})
}

func TestAListThatIsKeptStaysUntilItIsFree(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address, 1)
		w.willing()
		used := w.make(everybody, "updates")
		w.write(func(tx *database.Tx) error { return Keep(tx, used.ID) })
		newest := w.make(everybody, "updates")
		drop := func() {
			if err := w.service.Drop(w.ctx, "updates", 1, newest.ID); err != nil {
				t.Fatal(err)
			}
		}
		drop()
		if l, err := w.service.ByID(w.ctx, used.ID); err != nil || len(w.rows(l)) != 1 {
			t.Fatalf("the list in use has %d rows (%v)", len(w.rows(l)), err)
		}
		w.write(func(tx *database.Tx) error { return Free(tx, used.ID) })
		drop()
		err := w.db.Write(w.ctx, func(tx *database.Tx) error { return Keep(tx, used.ID) })
		if fault.KindOf(err) != fault.Conflict || len(w.rows(used)) != 0 {
			t.Errorf("a list that is gone could be kept: %v", err)
		}
	})
}

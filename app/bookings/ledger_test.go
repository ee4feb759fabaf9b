package bookings

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"conversations/app/events"
)

// replay follows the audit log of an event, which is in the order in which the event was locked, through the rule of
// places written a second time, as plainly as can be. It returns every step that the rule does not allow.
func replay(t testing.TB, w *world, e events.Event) (wrong []string) {
	t.Helper()
	var entries []struct {
		ID       int64
		Action   string
		EntityID int64
		Details  string
	}
	err := w.db.Read(w.ctx).Raw(`SELECT id, action, entity_id, details FROM audit_entries
		WHERE entity = 'bookings' ORDER BY id`).Scan(&entries).Error
	if err != nil {
		t.Fatal(err)
	}
	type waiting struct {
		id     int64
		people int
	}
	taken, people, queue := 0, map[int64]int{}, []waiting{}
	fits := func() int {
		return slices.IndexFunc(queue, func(q waiting) bool { return q.people <= e.Capacity-taken })
	}
	for _, entry := range entries {
		var d struct {
			Event  int64
			People int
			Status Status
			Was    Status
		}
		if err := json.Unmarshal([]byte(entry.Details), &d); err != nil {
			t.Fatal(err)
		}
		if d.Event != e.ID {
			continue
		}
		complain := func(why string) {
			wrong = append(wrong, fmt.Sprintf("entry %d, %s of %d: %s", entry.ID, entry.Action, entry.EntityID, why))
		}
		if entry.Action != "booking.promote" && fits() >= 0 {
			complain(fmt.Sprintf("party %d waits although it fits", queue[fits()].id))
		}
		switch entry.Action {
		case "booking.create":
			people[entry.EntityID] = d.People
			want := Waiting
			if d.People <= e.Capacity-taken && fits() < 0 {
				want = Confirmed
			}
			if d.Status != want {
				complain("is " + string(d.Status))
			}
			if d.Status == Confirmed {
				taken += d.People
			} else {
				queue = append(queue, waiting{entry.EntityID, d.People})
			}
		case "booking.cancel":
			if d.Was == Confirmed {
				taken -= people[entry.EntityID]
			}
			queue = slices.DeleteFunc(queue, func(q waiting) bool { return q.id == entry.EntityID })
		case "booking.promote":
			i := fits()
			if i < 0 || queue[i].id != entry.EntityID {
				complain("was not the next in order that fits")
				continue
			}
			taken += queue[i].people
			queue = slices.Delete(queue, i, i+1)
		}
		if taken > e.Capacity {
			complain(fmt.Sprintf("%d places are given, and there are %d", taken, e.Capacity))
		}
	}
	if fits() >= 0 {
		wrong = append(wrong, fmt.Sprintf("at the end party %d waits although it fits", queue[fits()].id))
	}
	return append(wrong, sold(t, w, e)...)
}

// sold checks the table itself: never a place too many, and nobody waits who fits.
func sold(t testing.TB, w *world, e events.Event) (wrong []string) {
	t.Helper()
	places := must(w.bookings.Places(w.ctx, []int64{e.ID}))(t)[e.ID]
	if places.Taken > e.Capacity {
		wrong = append(wrong, fmt.Sprintf("OVERSOLD: %d people have places, and there are %d", places.Taken, e.Capacity))
	}
	for _, p := range must(waitingList(w.db.Read(w.ctx), e.ID))(t) {
		if p.People <= e.Capacity-places.Taken {
			wrong = append(wrong, fmt.Sprintf("party %d of %d waits, and %d places are free", p.ID, p.People, e.Capacity-places.Taken))
		}
	}
	return wrong
}

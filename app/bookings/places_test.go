package bookings

import (
	"slices"
	"testing"
	"time"

	"conversations/app/database/databasetest"
	"conversations/app/events"
	"conversations/app/fault"

	"pgregory.net/rapid"
)

func TestTheRuleForANewParty(t *testing.T) {
	cases := []struct {
		name   string
		people int
		free   int
		queue  []Party
		want   Status
	}{
		{"room for all of it", 3, 3, nil, Confirmed},
		{"one place short", 4, 3, nil, Waiting},
		{"full", 1, 0, nil, Waiting},
		{"over the capacity", 1, -2, nil, Waiting},
		{"somebody waits who would fit", 1, 2, []Party{{1, 2}}, Waiting},
		{"somebody waits who would not fit", 1, 2, []Party{{1, 3}}, Confirmed},
	}
	for _, c := range cases {
		if got := placeFor(c.people, c.free, c.queue); got != c.want {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

func TestTheFirstThatFitsIsPromotedInOrderOfJoining(t *testing.T) {
	queue := []Party{{1, 4}, {2, 2}, {3, 1}, {4, 2}}
	for free, want := range map[int][]int64{0: nil, -3: nil, 1: {3}, 2: {2}, 3: {2, 3}, 4: {1}, 5: {1, 3}, 9: {1, 2, 3, 4}} {
		var got []int64
		for _, p := range promotions(queue, free) {
			got = append(got, p.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("with %d free: %v, want %v", free, got, want)
		}
	}
}

func TestNobodyIsPassedByALaterPartyThatIsNoSmaller(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var queue []Party
		for i, people := range rapid.SliceOfN(rapid.IntRange(1, 5), 0, 12).Draw(r, "queue") {
			queue = append(queue, Party{int64(i), people})
		}
		free := rapid.IntRange(-3, 12).Draw(r, "free")
		got := promotions(queue, free)
		left := free
		in := map[int64]bool{}
		for _, p := range got {
			left -= p.People
			in[p.ID] = true
		}
		if left < 0 && len(got) > 0 {
			r.Fatalf("gave away %d places of %d", free-left, free)
		}
		for i, p := range queue {
			if in[p.ID] {
				continue
			}
			if p.People <= left {
				r.Fatalf("party %d of %d still fits into %d", p.ID, p.People, left)
			}
			for _, later := range queue[i+1:] {
				if in[later.ID] && later.People >= p.People {
					r.Fatalf("party %d passed party %d", later.ID, p.ID)
				}
			}
		}
	})
}

func TestPlacesThatComeFreeGoToTheFirstWhoFitsAtOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		e := w.openEvent(4, 4)
		first, second := w.book(e, resident(1, 2)), w.book(e, resident(2, 2))
		three, one, late := w.book(e, resident(3, 3)), w.book(e, resident(4, 1)), w.book(e, resident(5, 1))
		if _, err := w.bookings.Cancel(w.ctx, ByBooker, first.ID); err != nil {
			t.Fatal(err)
		}
		for b, want := range map[Booking]Status{second: Confirmed, three: Waiting, one: Confirmed, late: Confirmed} {
			if got := w.status(b); got != want {
				t.Errorf("%s is %s, want %s", b.Name, got, want)
			}
		}
		if got := w.mails(one); !slices.Equal(got, []string{"booking.waiting", "booking.promoted"}) {
			t.Errorf("mails to the promoted party: %v", got)
		}
		// Nobody passes the party of three once it fits.
		for _, b := range []Booking{second, one} {
			if _, err := w.bookings.Cancel(w.ctx, ByBooker, b.ID); err != nil {
				t.Fatal(err)
			}
		}
		if got := w.status(three); got != Confirmed {
			t.Errorf("the party of three is %s", got)
		}
		if wrong := replay(t, w, e); len(wrong) > 0 {
			t.Error(wrong)
		}
	})
}

func TestAPartyWithPlacesGrowsOnlyWhereThereIsRoomAndNobodyWaits(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(5, 5)
	b := w.book(e, resident(1, 2))
	grow := func(people int) error {
		_, err := w.bookings.Change(w.ctx, ByBooker, b.ID, resident(1, people))
		return err
	}
	if err := grow(3); err != nil {
		t.Fatalf("there was room: %v", err)
	}
	waiting := w.book(e, resident(2, 4))
	if err := grow(4); fault.KindOf(err) != fault.Invalid {
		t.Fatalf("grew past somebody who waits: %v", err)
	}
	if err := grow(1); err != nil {
		t.Fatalf("may always shrink: %v", err)
	}
	if got := w.status(waiting); got != Confirmed {
		t.Fatalf("the places given back made room for four, and they are %s", got)
	}
}

func TestAWaitingPartyThatGrowsGoesToTheEnd(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(2, 2)
	holder := w.book(e, resident(1, 2))
	grows, stays := w.book(e, resident(2, 1)), w.book(e, resident(3, 2))
	if _, err := w.bookings.Change(w.ctx, ByBooker, grows.ID, resident(2, 2)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.bookings.Cancel(w.ctx, ByBooker, holder.ID); err != nil {
		t.Fatal(err)
	}
	if w.status(stays) != Confirmed || w.status(grows) != Waiting {
		t.Fatalf("stays %s, grows %s", w.status(stays), w.status(grows))
	}
}

func TestAnOverrideGoesAboveTheCapacityAndPromotesNobodyUntilThereIsRoom(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(2, 2)
	holder := w.book(e, resident(1, 2))
	waiting := w.book(e, resident(2, 1))
	r := byTelephone(3, 2)
	r.Override = true
	if b := w.book(e, r); b.Status != Confirmed || !b.OverCapacity {
		t.Fatalf("the override gave %+v", b)
	}
	var named int
	if err := w.db.Read(w.ctx).Raw(`SELECT count(*) FROM audit_entries WHERE details LIKE '%over_capacity%'`).Scan(&named).Error; err != nil || named != 1 {
		t.Fatalf("the audit log names %d overrides (%v)", named, err)
	}
	if _, err := w.bookings.Cancel(w.ctx, ByBooker, holder.ID); err != nil {
		t.Fatal(err)
	}
	if got := w.status(waiting); got != Waiting {
		t.Fatalf("the event is exactly full again, and the party is %s", got)
	}
	if wrong := sold(t, w, e); len(wrong) > 0 {
		t.Fatal(wrong)
	}
	if _, err := w.bookings.Book(t.Context(), e.ID, r); fault.KindOf(err) == fault.Internal {
		t.Fatalf("a resident who overrides was told %v", err)
	}
}

func TestNearTheStartStaffTelephoneInsteadOfPromoting(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(1, 1)
	holder, waiting := w.book(e, resident(1, 1)), w.book(e, resident(2, 1))
	w.clock.set(e.StartsAt.Add(-23 * time.Hour))
	if _, err := w.bookings.Cancel(w.ctx, ByBooker, holder.ID); err != nil {
		t.Fatal(err)
	}
	if got := w.status(waiting); got != Waiting {
		t.Fatalf("was promoted without a word: %s", got)
	}
	if got := w.calls(waiting); !slices.Equal(got, []string{"offer"}) {
		t.Fatalf("calls due: %v", got)
	}
	if b := w.book(e, resident(3, 1)); b.Status != Waiting {
		t.Fatalf("a newcomer passed a waiting party that fits: %s", b.Status)
	}
	if err := w.bookings.GivePlaces(w.ctx, waiting.ID, "Spoke to them, they will come", false); err != nil {
		t.Fatal(err)
	}
	if got := w.status(waiting); got != Confirmed {
		t.Fatalf("after the call they are %s", got)
	}
	if due := must(w.bookings.Calls(w.ctx, "due"))(t); len(due) != 0 {
		t.Fatalf("still due: %+v", due)
	}
}

func TestMorePlacesPromoteInTheSameStep(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(2, 2)
	w.book(e, resident(1, 2))
	two, one := w.book(e, resident(2, 2)), w.book(e, resident(3, 1))
	f := events.FormOf(must(w.events.ByID(w.ctx, e.ID))(t))
	f.Capacity = "4"
	if _, err := w.events.Edit(w.ctx, e.ID, f); err != nil {
		t.Fatal(err)
	}
	if w.status(two) != Confirmed || w.status(one) != Waiting {
		t.Fatalf("two %s, one %s", w.status(two), w.status(one))
	}
}

func TestTheSamePersonIsNotBookedTwice(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		e := w.openEvent(50, 4)
		r := resident(1, 2)
		r.FormKey = "one-form"
		first := w.book(e, r)
		twice := must(w.bookings.Book(w.ctx, e.ID, r))(t)
		if twice.Booking.ID != first.ID || len(w.mails(first)) != 1 {
			t.Fatalf("pressed twice: %+v, mails %v", twice, w.mails(first))
		}
		r.FormKey, r.Name, r.Email = "another-form", "RESIDENT  éxample 1", "Resident1@Residents.example"
		r.Name = "resident example 1"
		for range 2 {
			again := must(w.bookings.Book(w.ctx, e.ID, r))(t)
			if !again.Again || again.Booking.ID != first.ID {
				t.Fatalf("the same person: %+v", again)
			}
		}
		if got := w.mails(first); !slices.Equal(got, []string{"booking.booked", "booking.again"}) {
			t.Fatalf("mails: %v", got)
		}
		r.Name, r.FormKey = "Somebody Else", "one-form" // went back in the browser and changed the name
		if other := must(w.bookings.Book(w.ctx, e.ID, r))(t); other.Again || other.Booking.ID == first.ID {
			t.Fatalf("another person with the old form: %+v", other)
		}
	})
}

package bookings

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/events"
	"conversations/app/fault"
)

// someNames books one place for each name and returns the references by name.
func (w *world) someNames(e events.Event, names ...string) map[string]string {
	w.t.Helper()
	out := map[string]string{}
	for i, name := range names {
		r := resident(i, 1)
		r.Name = name
		out[name] = w.book(e, r).Reference
	}
	return out
}

// found lists the names that a search finds, in its order.
func (w *world) found(f ListFilter) (names []string) {
	w.t.Helper()
	for _, b := range must(w.bookings.List(w.ctx, f))(w.t).Bookings {
		names = append(names, b.Name)
	}
	return names
}

func TestANameThatWasOnlyHeardIsFound(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		e := w.openEvent(50, 4)
		w.someNames(e, "Catherine Smythe", "Robin Robinson", "Zoë O’Example", "Sanjay Pattel", "Jo Sampleton-Marsh", "Mary Other")
		for text, want := range map[string]string{
			"smith": "Catherine Smythe", "kathryn smyth": "Catherine Smythe", "robison": "Robin Robinson", "ROBINSNO": "Robin Robinson",
			"zoe o'example": "Zoë O’Example", "patel": "Sanjay Pattel", "samp": "Jo Sampleton-Marsh", "marsh jo": "Jo Sampleton-Marsh",
		} {
			if got := w.found(ListFilter{Text: text}); !slices.Equal(got, []string{want}) {
				t.Errorf("%q finds %v, want %s", text, got, want)
			}
		}
		for _, text := range []string{"robinson smythe", "nobody", "%", "_", "'; DROP TABLE bookings", "---"} {
			if got := w.found(ListFilter{Text: text}); len(got) != 0 {
				t.Errorf("%q finds %v", text, got)
			}
		}
	})
}

func TestTheNameAsItWasTypedComesFirst(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		w.someNames(w.openEvent(50, 4), "Ada Smyth", "Bea Smith", "Cem Smythe")
		if got := w.found(ListFilter{Text: "smith"}); !slices.Equal(got, []string{"Bea Smith", "Cem Smythe", "Ada Smyth"}) {
			t.Errorf("found %v", got)
		}
		if got := w.found(ListFilter{Text: "smith", Sort: "name"}); !slices.Equal(got, []string{"Ada Smyth", "Bea Smith", "Cem Smythe"}) {
			t.Errorf("in order of name: %v", got)
		}
	})
}

func TestBookingsAreFoundByReferenceAddressNumberAndCompanion(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		e := w.openEvent(50, 4)
		r := resident(7, 2)
		r.Phone, r.Names = "01632 960 123", []string{"Imani Companion"}
		b := w.book(e, r)
		w.book(e, resident(8, 1))
		for _, text := range []string{strings.ToLower(b.Spoken()), b.Reference, "resident7@res", "RESIDENT7@residents.example", "01632 960123", "01632 96", "+44 1632 960123",
			"960123", "0123", "imani companion", "kompanion"} {
			if got := w.found(ListFilter{Text: text}); !slices.Equal(got, []string{b.Name}) {
				t.Errorf("%q finds %v", text, got)
			}
		}
		if got := w.found(ListFilter{Text: "resident7"}); len(got) == 0 || got[0] != b.Name {
			t.Errorf("the beginning of an address finds %v", got)
		}
	})
}

func TestAChangedBookingIsFoundByWhatItHoldsNow(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		b := w.book(w.openEvent(50, 4), resident(1, 1))
		r := resident(1, 1)
		r.Name, r.Email = "Ngozi Newname", "ngozi@residents.example"
		must(w.bookings.Change(w.ctx, ByStaff, b.ID, r))(t)
		if got := w.found(ListFilter{Text: "newname"}); len(got) != 1 {
			t.Errorf("the new name finds %v", got)
		}
		for _, text := range []string{"resident1@residents.example", "Resident Example"} {
			if got := w.found(ListFilter{Text: text}); len(got) != 0 {
				t.Errorf("%q still finds %v", text, got)
			}
		}
	})
}

func TestBookingsFromOutsideTheProgramAreMadeFindable(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		w.someNames(w.openEvent(50, 4), "Ada Example", "Bea Sample")
		forget := func(tx *database.Tx) error { return tx.Exec(`DELETE FROM booking_words`).Error }
		if err := w.db.Write(w.ctx, forget); err != nil {
			t.Fatal(err)
		}
		if got := w.found(ListFilter{Text: "sample"}); len(got) != 0 {
			t.Fatalf("found %v without words", got)
		}
		for range 2 {
			if err := w.bookings.FindWords(w.ctx); err != nil {
				t.Fatal(err)
			}
		}
		if got := w.found(ListFilter{Text: "sample"}); !slices.Equal(got, []string{"Bea Sample"}) {
			t.Errorf("found %v", got)
		}
	})
}

func TestTheListIsFilteredSortedAndPaged(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		e := w.openEvent(60, 4)
		other := w.openEvent(2, 2, func(f *events.Form) { f.Title, f.Slug = "Another event", "another" })
		for i := range ListPageSize + 3 {
			r := resident(i, 1)
			r.Name = fmt.Sprintf("Person %02d", i)
			if i == 5 {
				r.Needs = []NeedRequest{{Position: 1, Need: "bsl"}}
			}
			w.book(e, r)
		}
		w.book(other, byTelephone(90, 1))
		waiting := w.book(other, byTelephone(91, 2))

		page := must(w.bookings.List(w.ctx, ListFilter{Event: e.Slug, Sort: "-name", Page: 2}))(t)
		if page.Total != ListPageSize+3 || page.Pages != 2 || len(page.Bookings) != 3 || page.Bookings[2].Name != "Person 00" {
			t.Errorf("page 2 has %d of %d: %v", len(page.Bookings), page.Total, page.Bookings)
		}
		if last := must(w.bookings.List(w.ctx, ListFilter{Page: 99}))(t); last.Page != 2 || len(last.Bookings) != 5 {
			t.Errorf("past the end is page %d with %d", last.Page, len(last.Bookings))
		}
		if got := w.found(ListFilter{Status: Waiting}); !slices.Equal(got, []string{waiting.Name}) {
			t.Errorf("waiting: %v", got)
		}
		if got := w.found(ListFilter{Channel: Telephone, Sort: "people"}); len(got) != 2 || got[1] != waiting.Name {
			t.Errorf("by telephone: %v", got)
		}
		for _, need := range []string{"bsl", AnyNeed} {
			if got := w.found(ListFilter{Need: need}); !slices.Equal(got, []string{"Person 05"}) {
				t.Errorf("need %s: %v", need, got)
			}
		}
		for key := range listOrders {
			if got := must(w.bookings.List(w.ctx, ListFilter{Sort: key}))(t); got.Total != ListPageSize+5 {
				t.Errorf("sorted by %s there are %d", key, got.Total)
			}
		}
		if _, err := w.bookings.List(w.ctx, ListFilter{Event: "no-such-event"}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("an event that is not there: %v", err)
		}
		if got := w.found(ListFilter{Sort: "1; DROP TABLE bookings"}); len(got) != ListPageSize {
			t.Errorf("an order that is none: %d", len(got))
		}
	})
}

func TestSearchWorksOnNamesInEveryScript(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		w.someNames(w.openEvent(50, 4), "Željko Primjer", "Ольга Пример", "例 太郎", "Łukasz Przykład")
		for text, want := range map[string]string{"zeljko": "Željko Primjer", "ольга": "Ольга Пример", "太郎": "例 太郎", "łukasz": "Łukasz Przykład"} {
			if got := w.found(ListFilter{Text: text}); !slices.Equal(got, []string{want}) {
				t.Errorf("%q finds %v", text, got)
			}
		}
	})
}

func TestTheWordsOfABookingTellNothingTwice(t *testing.T) {
	b := party{Booking: Booking{NameKey: "sam sam", EmailKey: "sam@residents.example", PhoneKey: "+441632960123"}, attendees: []Attendee{{Name: "Sam Sam"}, {}}}
	want := []string{"#1632960123", "%321069236144", "@sam@residents.example", "sam", "~sm"}
	if got := wordsOf(b); !slices.Equal(got, want) {
		t.Errorf("the words are %q, want %q", got, want)
	}
}

// aDay gives a test another event to move to, on 1 March.
func aDayLater(slug string) func(*events.Form) {
	return func(f *events.Form) {
		f.Title, f.Slug, f.StartsDay, f.StartsMonth = "Conversation event in Watford", slug, "1", "3"
	}
}

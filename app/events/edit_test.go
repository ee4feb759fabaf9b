package events_test

import (
	"errors"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"conversations/app/database/databasetest"
	"conversations/app/events"
	"conversations/app/fault"
)

func TestEverythingWrongWithAFormIsSaidAtOnce(t *testing.T) {
	h := newHouse(t)
	_, err := h.Create(h.ctx, events.Form{
		Title: " ", Slug: "Not A Slug", Locality: "atlantis", Summary: strings.Repeat("x", 501),
		Schedule:   events.Schedule{StartsDay: "31", StartsMonth: "2", StartsYear: "2017", StartsTime: "7", EndsTime: "late"},
		Venue:      events.Venue{VenuePostcode: "nowhere", JoinLink: "http://meet.example"},
		NeedsByDay: "1", Capacity: "none", MaxParty: "11", OpensTime: "9am", ClosesDay: "x", ClosesMonth: "y", ClosesYear: "z",
	})
	got := messages(t, err)
	for _, field := range []string{"title", "slug", "locality", "summary", "starts_day", "starts_time", "ends_time", "venue_postcode",
		"join_link", "needs_by_day", "capacity", "max_party", "opens_day", "closes_day"} {
		if got[field] == "" {
			t.Errorf("nothing is said at %s", field)
		}
		delete(got, field)
	}
	if len(got) > 0 {
		t.Errorf("also said: %v", got)
	}
}

func TestTimesMustFollowOneAnother(t *testing.T) {
	h := newHouse(t)
	for field, spoil := range map[string]func(*events.Form){
		"ends_time":    func(f *events.Form) { f.EndsTime = "6:59pm" },
		"needs_by_day": func(f *events.Form) { f.NeedsByDay, f.NeedsByMonth, f.NeedsByYear = "28", "2", "2017" },
		"closes_day": func(f *events.Form) {
			f.ClosesDay, f.ClosesMonth, f.ClosesYear, f.ClosesTime = "28", "2", "2017", "7:01pm"
		},
		"max_party": func(f *events.Form) { f.Capacity = "3" },
	} {
		f := evening()
		spoil(&f)
		if _, err := h.Create(h.ctx, f); err == nil || messages(t, err)[field] == "" {
			t.Errorf("nothing is said at %s: %v", field, err)
		}
	}
}

func TestAFormComesBackAsItWasMeant(t *testing.T) {
	h, f := newHouse(t), evening()
	f.NeedsByDay, f.NeedsByMonth, f.NeedsByYear = "14", "2", "2017"
	f.OpensDay, f.OpensMonth, f.OpensYear, f.OpensTime = "1", "2", "2017", "09:00"
	f.Online, f.JoinLink = true, "https://meet.example/abc"
	e := h.create(t, f)
	f.Slug, f.Version, f.StartsTime, f.EndsTime, f.VenuePostcode = e.Slug, 1, "19:00", "21:00", "AL1 1AA"
	if got := events.FormOf(e); got != f {
		t.Fatalf("came back as\n%+v, want\n%+v", got, f)
	}
}

func TestAnAddressIsMadeOfTitleLocalityAndDate(t *testing.T) {
	h := newHouse(t)
	if e := h.create(t, evening()); e.Slug != "conversation-event-st-albans-and-harpenden-2017-02-28" {
		t.Errorf("address %q", e.Slug)
	}
	if e := h.create(t, evening()); e.Slug != "conversation-event-st-albans-and-harpenden-2017-02-28-2" {
		t.Errorf("second address %q", e.Slug)
	}
	f := evening()
	f.Slug = "conversation-event-st-albans-and-harpenden-2017-02-28"
	if _, err := h.Create(h.ctx, f); messages(t, err)["slug"] == "" {
		t.Errorf("a taken address was given again: %v", err)
	}
}

func TestAPublicEventKeepsItsAddressAndItsDatedness(t *testing.T) {
	h := newHouse(t)
	e := h.published(t, evening())
	f := events.FormOf(e)
	f.Slug = "another"
	saved, err := h.Edit(h.ctx, e.ID, f)
	if err != nil || saved.Slug != e.Slug {
		t.Fatalf("address %q, %v", saved.Slug, err)
	}
	f = events.FormOf(saved)
	f.Schedule = events.Schedule{}
	if _, err := h.Edit(h.ctx, e.ID, f); messages(t, err)["starts_day"] == "" {
		t.Errorf("an edit took the date away: %v", err)
	}
	e = h.published(t, dateless())
	f = events.FormOf(e)
	f.Schedule = evening().Schedule
	if _, err := h.Edit(h.ctx, e.ID, f); messages(t, err)["starts_day"] == "" {
		t.Errorf("an edit gave a date, and nobody was told: %v", err)
	}
}

func TestTheSecondOfTwoEditorsIsToldAndBothTextsAreKept(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		h := open(t, address)
		e := h.create(t, evening())
		one, two := events.FormOf(e), events.FormOf(e)
		one.Summary, two.Summary = "First words", "Second words"
		if _, err := h.Edit(h.ctx, e.ID, one); err != nil {
			t.Fatal(err)
		}
		_, err := h.Edit(h.ctx, e.ID, two)
		conflict, ok := errors.AsType[*events.Conflict](err)
		if !ok || conflict.Stored.Summary != "First words" || fault.KindOf(err) != fault.Conflict {
			t.Fatalf("the second was told %v", err)
		}
		two.Version = conflict.Stored.Version
		saved, err := h.Edit(h.ctx, e.ID, two)
		if err != nil || saved.Summary != "Second words" {
			t.Fatalf("saving on top: %q, %v", saved.Summary, err)
		}
	})
}

func TestOfManyWhoSaveAtOnceOneSavesAndTheOthersAreTold(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		h := open(t, address)
		e := h.create(t, evening())
		var saved, told atomic.Int64
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				f := events.FormOf(e)
				f.Summary = "Words of " + strconv.Itoa(i)
				_, err := h.Edit(h.ctx, e.ID, f)
				switch _, conflict := errors.AsType[*events.Conflict](err); {
				case err == nil:
					saved.Add(1)
				case conflict:
					told.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if saved.Load() != 1 || told.Load() != 7 {
			t.Errorf("%d saved, %d were told", saved.Load(), told.Load())
		}
	})
}

func TestTheAuditLogHoldsNamesOfFieldsAndNoTexts(t *testing.T) {
	h := newHouse(t)
	e := h.create(t, evening())
	f := events.FormOf(e)
	f.Summary, f.LedBy = "A secret plan", "Somebody"
	if _, err := h.Edit(h.ctx, e.ID, f); err != nil {
		t.Fatal(err)
	}
	var details string
	if err := h.db.Read(h.ctx).Raw("SELECT details FROM audit_entries WHERE action = 'event.edit'").Row().Scan(&details); err != nil {
		t.Fatal(err)
	}
	if details != `{"changed":["Summary","LedBy"]}` {
		t.Errorf("recorded %s", details)
	}
}

func TestSavingWithoutAChangeIsNoChange(t *testing.T) {
	h := newHouse(t)
	e := h.create(t, evening())
	saved, err := h.Edit(h.ctx, e.ID, events.FormOf(e))
	if err != nil || saved.Version != e.Version {
		t.Fatalf("version %d, %v", saved.Version, err)
	}
}

func TestTheWordsOfAnEventCancelledBeforeItHadADateCanBeMended(t *testing.T) {
	h := newHouse(t)
	e, err := h.Cancel(h.ctx, h.published(t, dateless()).ID, "No hall")
	if err != nil {
		t.Fatal(err)
	}
	f := events.FormOf(e)
	f.Summary = "Mended"
	if e, err = h.Edit(h.ctx, e.ID, f); err != nil || e.Summary != "Mended" {
		t.Errorf("%q, %v", e.Summary, err)
	}
}

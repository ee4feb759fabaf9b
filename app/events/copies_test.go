package events_test

import (
	"strings"
	"testing"

	"conversations/app/audit"
	"conversations/app/events"
	"conversations/app/fault"
	"conversations/app/links"
)

func TestAnEventIsCopiedForSeveralDatesAsOneSeries(t *testing.T) {
	h := newHouse(t)
	original := h.create(t, evening())
	made, err := h.Copy(h.ctx, original.ID, events.Copies{
		Dates: "28 March 2017\nTuesday 4 April 2017\n11/4/2017", Locality: "hertsmere", Series: "Spring conversations",
	})
	if err != nil || len(made) != 3 {
		t.Fatalf("%d copies, %v", len(made), err)
	}
	for i, want := range []string{"2017-03-28T19:00", "2017-04-04T19:00", "2017-04-11T19:00"} {
		e := made[i]
		if e.StartsLocal != want || e.Status != events.Draft || e.Locality != "hertsmere" || e.VenueName != original.VenueName || e.Slug == original.Slug {
			t.Errorf("copy %d: %+v", i, e)
		}
	}
	if _, err := h.Publish(h.ctx, made[0].ID); err != nil {
		t.Fatal(err)
	}
	joined, err := h.ByID(h.ctx, original.ID)
	if err != nil {
		t.Fatal(err)
	}
	others, err := h.InSeries(h.ctx, joined)
	if err != nil || len(others) != 1 || others[0].ID != made[0].ID {
		t.Fatalf("shown beside the original: %+v, %v (drafts are not)", others, err)
	}
}

func TestADateThatCannotBeReadIsNamedAndNothingIsCopied(t *testing.T) {
	h := newHouse(t)
	original := h.create(t, evening())
	_, err := h.Copy(h.ctx, original.ID, events.Copies{Dates: "28 March 2017\nnext Tuesday\n30 February 2017"})
	if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "next Tuesday") || !strings.Contains(err.Error(), "30 February") {
		t.Fatalf("told %v", err)
	}
	page, err := h.StaffList(h.ctx, events.StaffFilter{})
	if err != nil || page.Total != 1 {
		t.Fatalf("%d events, %v", page.Total, err)
	}
}

// The database keeps the name in an index, which takes no text of any length.
func TestTheNameOfASeriesOfCopiesIsAsShortAsOneOfAnEvent(t *testing.T) {
	h := newHouse(t)
	original := h.create(t, evening())
	_, err := h.Copy(h.ctx, original.ID, events.Copies{Series: strings.Repeat("Spring ", 1_300)})
	if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "series must be") {
		t.Fatalf("told %v", err)
	}
}

func TestAVenueIsKeptWithItsFactsAndOfferedAgain(t *testing.T) {
	h := newHouse(t)
	form := events.VenueForm{Venue: events.Venue{VenueName: "Example Hall", VenueAddress: "1 Example Road", VenuePostcode: "hp1 1dn", StepFree: "Level from the street"}}
	saved, err := h.SaveVenue(h.ctx, 0, form)
	if err != nil || saved.Postcode != "HP1 1DN" {
		t.Fatalf("%+v, %v", saved, err)
	}
	if _, err := h.SaveVenue(h.ctx, 0, form); fault.KindOf(err) != fault.Invalid {
		t.Fatalf("kept twice: %v", err)
	}
	form.Version, form.Parking = saved.Version, "Twenty spaces"
	if _, err := h.SaveVenue(h.ctx, saved.ID, form); err != nil {
		t.Fatal(err)
	}
	if _, err := h.SaveVenue(h.ctx, saved.ID, form); fault.KindOf(err) != fault.Conflict {
		t.Fatalf("the second of two editors was told %v", err)
	}
	form.Version, form.Retired = saved.Version+1, true
	if _, err := h.SaveVenue(h.ctx, saved.ID, form); err != nil {
		t.Fatal(err)
	}
	if list, err := h.Venues(h.ctx, false); err != nil || len(list) != 0 {
		t.Fatalf("a retired venue is still offered: %+v %v", list, err)
	}
}

func TestADraftIsSeenByItsLinkAlone(t *testing.T) {
	h := newHouse(t)
	signer, err := links.New(h.ctx, h.db, "https://events.example", "")
	if err != nil {
		t.Fatal(err)
	}
	h.Links = signer
	e := h.create(t, evening())
	url := h.PreviewURL(e)
	token := url[strings.LastIndexByte(url, '/')+1:]
	if got, err := h.ByPreview(t.Context(), token); err != nil || got.ID != e.ID {
		t.Fatalf("%+v, %v", got, err)
	}
	other := "A"
	if token[4:5] == other {
		other = "B"
	}
	if _, err := h.ByPreview(t.Context(), token[:4]+other+token[5:]); fault.KindOf(err) != fault.NotFound {
		t.Fatalf("a made-up link: %v", err)
	}
	if _, err := h.BySlug(audit.WithActor(t.Context(), audit.Actor{}), e.Slug); fault.KindOf(err) != fault.NotFound {
		t.Fatalf("the draft is public: %v", err)
	}
}

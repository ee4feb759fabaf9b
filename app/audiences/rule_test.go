package audiences

import (
	"context"
	"slices"
	"strings"
	"testing"

	"conversations/app/audit"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
)

func TestARuleIsSaidInPlainWords(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t), 1)
	w.service.Add(Source{Kind: "booked", Says: "who booked for %s", Options: func(context.Context, []string) ([]Option, error) {
		return []Option{{Value: "hemel", Label: "the event in Hemel Hempstead"}}, nil
	}})
	for _, c := range []struct {
		some, all, none string
		want            string
	}{
		{"", "", "", "Nobody yet."},
		{"everyone:", "", "", "Everyone in contacts."},
		{"group:councillors", "", "", "People in Councillors."},
		{"group:councillors group:gp-practices", "locality:dacorum asked:updates", "booked:hemel",
			"People in Councillors or Gp-practices, of them only those in Dacorum and who said yes to Updates, but not those who booked for the event in Hemel Hempstead."},
		{"", "locality:dacorum locality:none group:media", "", "People in Dacorum or no locality in particular and in Media."},
		{"everyone: group:media", "locality:hertsmere", "", "Everyone in contacts, of them only those in Hertsmere."},
		{"group:media booked:hemel", "", "", "People in Media or who booked for the event in Hemel Hempstead."},
		{"group:gone", "", "", "People in gone."},
	} {
		r := ReadRule(strings.Fields(c.some), strings.Fields(c.all), strings.Fields(c.none))
		if got, err := w.service.Words(w.ctx, r); got != c.want || err != nil {
			t.Errorf("%s\n got %s\nwant %s (%v)", r.JSON(), got, c.want, err)
		}
	}
}

func TestARuleComesBackAsItWasTicked(t *testing.T) {
	ticked := []string{"group:councillors", "group:media", "everyone:", "locality:none"}
	r := ReadRule(ticked, ticked[:1], nil)
	back, err := ParseRule(r.JSON())
	if err != nil || back.JSON() != r.JSON() || !slices.Equal(Ticked(back.Any), []string{"group:councillors", "group:media", "everyone:", "locality:none"}) {
		t.Errorf("%s came back as %s (%v)", r.JSON(), back.JSON(), err)
	}
	if (Rule{}).JSON() != "" || !r.Uses(Locality) || r.Uses(Asked) {
		t.Error("what a rule uses is not known")
	}
}

func TestARuleThatNobodyOfferedIsRefused(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t), 1)
	for name, r := range map[string]Request{
		"nobody":          {Purpose: "updates"},
		"only left out":   {Rule: ReadRule(nil, nil, []string{"group:media"}), Purpose: "updates"},
		"unknown kind":    {Rule: ReadRule([]string{"stars:aries"}, nil, nil), Purpose: "updates"},
		"no value":        {Rule: ReadRule([]string{"group:"}, nil, nil), Purpose: "updates"},
		"unknown purpose": {Rule: ReadRule([]string{"everyone:"}, nil, nil), Purpose: "selling"},
	} {
		if _, err := w.service.Make(w.ctx, r); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOnlyWhoWritesUpdatesOrSurveysMakesLists(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t), 1)
	r := Request{Rule: ReadRule([]string{"everyone:"}, nil, nil), Purpose: "updates"}
	for role, may := range map[string]bool{"admin": true, "comms": true, "engagement": true, "door": false, "": false} {
		ctx := audit.WithActor(context.Background(), audit.Actor{Kind: audit.Staff, Role: role})
		if err := mayUse(ctx); (err == nil) != may {
			t.Errorf("%q: %v", role, err)
		}
		if !may {
			if _, err := w.service.Make(ctx, r); fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%q made a list: %v", role, err)
			}
		}
	}
}

package events_test

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/events"
	"conversations/app/web"
)

// site is the house with its pages; staff is who acts in ask and post.
type site struct {
	house
	shell *web.Shell
	staff context.Context
}

func newSite(t testing.TB) site {
	t.Helper()
	h := newHouse(t)
	shell := web.New(h.cfg, h.db, slog.New(slog.DiscardHandler))
	shell.CacheFor = 0
	shell.Allow = accounts.Require
	events.Routes(shell, h.Service)
	staff := audit.WithActor(context.Background(), audit.Actor{Kind: audit.Staff, ID: 1, Name: "Pat Example", Role: "engagement"})
	return site{house: h, shell: shell, staff: staff}
}

func (s site) send(ctx context.Context, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.shell.Handler().ServeHTTP(w, r.WithContext(ctx))
	return w
}

// get is what a visitor without an account sees, unescaped.
func (s site) get(t testing.TB, path string, status int) string {
	t.Helper()
	return s.body(t, s.send(context.Background(), httptest.NewRequest("GET", path, nil)), path, status)
}

func (s site) staffGet(t testing.TB, path string, status int) string {
	t.Helper()
	return s.body(t, s.send(s.staff, httptest.NewRequest("GET", path, nil)), path, status)
}

func (s site) post(t testing.TB, path string, form url.Values, status int) string {
	t.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.body(t, s.send(s.staff, r), path, status)
}

func (s site) body(t testing.TB, w *httptest.ResponseRecorder, path string, status int) string {
	t.Helper()
	if w.Code != status {
		t.Fatalf("%s answered %d, want %d:\n%s", path, w.Code, status, w.Body)
	}
	return html.UnescapeString(w.Body.String())
}

func wants(t testing.TB, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in\n%s", part, text)
		}
	}
}

func lacks(t testing.TB, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(text, part) {
			t.Errorf("%q is in\n%s", part, text)
		}
	}
}

func TestThePublicListShowsWhatIsPublicAndToCome(t *testing.T) {
	s := newSite(t)
	s.published(t, evening())
	f := dateless()
	f.Title, f.Locality = "Hertsmere conversation", "hertsmere"
	s.published(t, f)
	f.Title = "A secret draft"
	s.create(t, f)
	body := s.get(t, "/events", 200)
	wants(t, body, "Conversation event", "Hertsmere conversation", "February 2017", "Date to be announced", "01442 898867", "Monday to Friday, 9am to 5pm", "50 places left")
	lacks(t, body, "A secret draft")
	body = s.get(t, "/events?locality=hertsmere", 200)
	wants(t, body, "Hertsmere conversation")
	lacks(t, body, "conversation-event-st-albans")
	wants(t, s.get(t, "/events?when=past", 200), "There are no events to show here")
}

func TestAPastEventStaysReadableWithWhoCame(t *testing.T) {
	s := newSite(t)
	e, err := s.ByID(s.ctx, s.inStatus(t, events.Held))
	if err != nil {
		t.Fatal(err)
	}
	wants(t, s.get(t, "/events?when=past", 200), "Conversation event", "50 people came")
	wants(t, s.get(t, "/events/"+e.Slug, 200), "50 people came", "Tuesday 28 February 2017")
	lacks(t, s.get(t, "/events", 200), e.Slug)
}

func TestTheSearchOffersTheLocalitiesThatFit(t *testing.T) {
	s := newSite(t)
	wants(t, s.get(t, "/events?near=tring", 200), "Your area is:", "/events?locality=dacorum", `value="tring"`)
	wants(t, s.get(t, "/events?near=al2", 200), "more than one area", "/events?locality=hertsmere", "/events?locality=st-albans-and-harpenden")
	body := s.get(t, "/events?near=Liverpool", 200)
	wants(t, body, "We do not know that place")
	for _, l := range s.cfg.Localities {
		wants(t, body, l.Name, l.Towns[0])
	}
}

func TestTheEventPageHasEveryFactAndAWayToBook(t *testing.T) {
	s, f := newSite(t), evening()
	f.GettingThere, f.Parking, f.StepFree, f.HearingLoop, f.Toilets = "Bus 321", "20 spaces", "Level throughout", "In the main hall", "One accessible toilet"
	f.NeedsMet, f.Online, f.JoinLink = "A BSL interpreter is coming", true, "https://meet.example/secret"
	f.NeedsByDay, f.NeedsByMonth, f.NeedsByYear = "14", "2", "2017"
	e := s.published(t, f)
	body := s.get(t, "/events/"+e.Slug, 200)
	wants(t, body, "Tuesday 28 February 2017", "7pm to 9pm", "The Hall", "1 High Street", "AL1 1AA", "Bus 321", "20 spaces", "Level throughout", "In the main hall",
		"One accessible toilet", "A BSL interpreter is coming", "by Tuesday 14 February 2017", "A local GP", "<h3>What we will talk about</h3>", "<em>closer</em>",
		"/events/"+e.Slug+"/book", "/events/"+e.Slug+".ics", "01442 898867", "Monday to Friday, 9am to 5pm", "How we share out the places", "In the last 24 hours before the event", "There are 50 places left")
	lacks(t, body, "meet.example")
}

func TestTheEventPageFollowsThePlacesThatAreTaken(t *testing.T) {
	s := newSite(t)
	e := s.published(t, evening())
	var taken events.Places
	s.Places = func(context.Context, []int64) (map[int64]events.Places, error) {
		return map[int64]events.Places{e.ID: taken}, nil
	}
	taken = events.Places{Taken: 49}
	wants(t, s.get(t, "/events/"+e.Slug, 200), "There is 1 place left", "Book a place")
	taken = events.Places{Taken: 50, Waiting: 3}
	wants(t, s.get(t, "/events/"+e.Slug, 200), "This event is full", "Join the waiting list", "3 people are waiting")
	wants(t, s.get(t, "/events", 200), "Full")
	f := events.FormOf(e)
	f.WaitingList = false
	if _, err := s.Edit(s.ctx, e.ID, f); err != nil {
		t.Fatal(err)
	}
	body := s.get(t, "/events/"+e.Slug, 200)
	wants(t, body, "This event is full", "/events/"+e.Slug+"/interest")
	lacks(t, body, "/book\"")
}

func TestTheEventPageSaysWhatHappenedToTheEvent(t *testing.T) {
	s := newSite(t)
	e := s.published(t, evening())
	if _, err := s.Postpone(s.ctx, e.ID, "The hall has no heating."); err != nil {
		t.Fatal(err)
	}
	body := s.get(t, "/events/"+e.Slug, 200)
	wants(t, body, "This event is postponed", "The hall has no heating.", "It was to be on Tuesday 28 February 2017", "/interest", "https://schema.org/EventPostponed")
	lacks(t, body, "/book\"")
	if _, err := s.Cancel(s.ctx, e.ID, "The hall burnt down."); err != nil {
		t.Fatal(err)
	}
	body = s.get(t, "/events/"+e.Slug, 200)
	wants(t, body, "This event is cancelled", "The hall burnt down.", "https://schema.org/EventCancelled")
	lacks(t, body, "/book\"", "/interest\"")
}

func TestStructuredDataCannotEndItsElement(t *testing.T) {
	s, f := newSite(t), evening()
	f.Title = `</script><script>alert(1)</script>`
	e := s.published(t, f)
	raw := s.send(context.Background(), httptest.NewRequest("GET", "/events/"+e.Slug, nil)).Body.String()
	if strings.Contains(raw, "<script>alert") {
		t.Fatal("the title became a script")
	}
	_, rest, _ := strings.Cut(raw, `<script type="application/ld+json">`)
	data, _, _ := strings.Cut(rest, "</script>")
	var parsed struct{ Name string }
	if err := json.Unmarshal([]byte(data), &parsed); err != nil || parsed.Name != f.Title {
		t.Errorf("read %q, %v from %s", parsed.Name, err, data)
	}
}

func TestFeedsAnswerWithTheirTypes(t *testing.T) {
	s := newSite(t)
	e := s.published(t, evening())
	for path, kind := range map[string]string{
		"/events.ics": "text/calendar", "/events/" + e.Slug + ".ics": "text/calendar", "/localities/st-albans-and-harpenden.ics": "text/calendar",
		"/events.atom": "application/atom+xml", "/events.json": "application/feed+json",
	} {
		w := s.send(context.Background(), httptest.NewRequest("GET", path, nil))
		if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), kind) || !strings.Contains(w.Body.String(), "Conversation event") {
			t.Errorf("%s: %d %s\n%s", path, w.Code, w.Header().Get("Content-Type"), w.Body)
		}
	}
	if body := s.get(t, "/localities/hertsmere.ics", 200); strings.Contains(body, "VEVENT") {
		t.Errorf("another locality's event is in\n%s", body)
	}
	s.get(t, "/events/nothing.ics", 404)
}

func TestADraftIsForStaffAlone(t *testing.T) {
	s := newSite(t)
	e := s.create(t, evening())
	s.get(t, "/events/"+e.Slug, 404)
	s.get(t, "/events/"+e.Slug+".ics", 404)
	wants(t, s.staffGet(t, fmt.Sprintf("/staff/events/%d/preview", e.ID), 200), "This is a draft. Only staff can see it.", "Tuesday 28 February 2017")
	s.get(t, fmt.Sprintf("/staff/events/%d/preview", e.ID), 303)
}

func TestThePageSaysWhenItIsTooLateToAskForHelp(t *testing.T) {
	s, f := newSite(t), evening()
	f.NeedsByDay, f.NeedsByMonth, f.NeedsByYear = "9", "2", "2017"
	e := s.published(t, f)
	wants(t, s.get(t, "/events/"+e.Slug, 200), "The last day to ask for help was Thursday 9 February 2017. You can still ask, but we may not be able to arrange it.")
}

package events_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"conversations/app/audit"
	"conversations/app/events"
	"conversations/app/fault"
)

func typedEvening() url.Values {
	return url.Values{"title": {"Conversation event"}, "locality": {"dacorum"}, "starts_day": {"28"}, "starts_month": {"2"}, "starts_year": {"2017"},
		"starts_time": {"7pm"}, "ends_time": {"9pm"}, "capacity": {"50"}, "waiting_list": {"yes"}, "description": {"one\r\ntwo"}}
}

func TestStaffMakeAndPublishAnEvent(t *testing.T) {
	s := newSite(t)
	wants(t, s.staffGet(t, "/staff/events/new", 200), "Make a new event", `name="starts_day"`)
	s.post(t, "/staff/events/new", typedEvening(), 303)
	e, err := s.ByID(s.ctx, 1)
	if err != nil || e.Status != events.Draft || e.Slug != "conversation-event-dacorum-2017-02-28" || e.Description != "one\ntwo" {
		t.Fatalf("%+v, %v", e, err)
	}
	wants(t, s.staffGet(t, "/staff/events/1", 200), "Publish", "Draft")
	wants(t, s.staffGet(t, "/staff/events/1/publish", 200), "Everybody will see the event")
	if e, _ := s.ByID(s.ctx, 1); e.Status != events.Draft {
		t.Fatal("looking at the page published the event")
	}
	s.post(t, "/staff/events/1/publish", nil, 303)
	s.get(t, "/events/"+e.Slug, 200)
}

func TestARefusedFormKeepsEverythingTyped(t *testing.T) {
	s := newSite(t)
	f := typedEvening()
	f.Set("title", "")
	f.Set("starts_month", "13")
	f.Set("summary", "Words <kept>")
	f.Set("needs_met", "An interpreter")
	body := s.post(t, "/staff/events/new", f, 422)
	wants(t, body, "There is a problem", `href="#title"`, `href="#starts_day"`, "Enter a title", "The date of the event must be a real date", "Words <kept>", "An interpreter",
		`value="13"`, `value="7pm"`, `value="50"`, "<title>Error:", `value="dacorum" selected`, "one\ntwo")
}

func TestAnHourThatComesTwiceIsAskedAboutOnThePage(t *testing.T) {
	s := newSite(t)
	f := typedEvening()
	f.Set("starts_day", "29")
	f.Set("starts_month", "October")
	f.Set("starts_time", "1:30")
	f.Set("ends_time", "3am")
	wants(t, s.post(t, "/staff/events/new", f, 422), `name="starts_which"`, `href="#starts_which"`, "before the clocks go back")
	f.Set("starts_which", "second")
	s.post(t, "/staff/events/new", f, 303)
	wants(t, s.staffGet(t, "/staff/events/1/edit", 200), `value="second" checked`)
}

func TestTheSecondEditorSeesBothTextsAndCanSaveOnTop(t *testing.T) {
	s := newSite(t)
	s.post(t, "/staff/events/new", typedEvening(), 303)
	first, second := typedEvening(), typedEvening()
	first.Set("version", "1")
	second.Set("version", "1")
	first.Set("summary", "Theirs it is")
	second.Set("summary", "Yours it is")
	s.post(t, "/staff/events/1/edit", first, 303)
	wants(t, s.post(t, "/staff/events/1/edit", second, 409), "Somebody else changed this event", "Theirs it is", "Yours it is", `name="version" value="2"`)
	second.Set("version", "2")
	s.post(t, "/staff/events/1/edit", second, 303)
	if e, _ := s.ByID(s.ctx, 1); e.Summary != "Yours it is" {
		t.Errorf("saved %q", e.Summary)
	}
}

func TestEveryStepOfTheLifeHasAPageThatAsksFirst(t *testing.T) {
	for _, c := range []struct {
		action string
		from   events.Status
		form   url.Values
		to     events.Status
	}{
		{"publish", events.Draft, nil, events.Open}, {"close", events.Open, nil, events.Closed}, {"open", events.Closed, nil, events.Open},
		{"set-date", events.Announced, typedEvening(), events.Open}, {"set-date", events.Postponed, typedEvening(), events.Open},
		{"move", events.Open, typedEvening(), events.Open}, {"postpone", events.Open, url.Values{"status_note": {"Snow"}}, events.Postponed},
		{"cancel", events.Closed, url.Values{"status_note": {"Snow"}}, events.Cancelled}, {"hold", events.Open, url.Values{"attendance": {"50"}}, events.Held},
	} {
		s := newSite(t)
		id := s.inStatus(t, c.from)
		path := fmt.Sprintf("/staff/events/%d/%s", id, c.action)
		wants(t, s.staffGet(t, fmt.Sprintf("/staff/events/%d", id), 200), path)
		s.staffGet(t, path, 200)
		if e, _ := s.ByID(s.ctx, id); e.Status != c.from {
			t.Errorf("looking at %s made it %s", path, e.Status)
		}
		s.post(t, path, c.form, 303)
		if e, _ := s.ByID(s.ctx, id); e.Status != c.to {
			t.Errorf("%s made it %s, want %s", path, e.Status, c.to)
		}
	}
}

func TestAStepThatCannotBeTakenIsAConflictPage(t *testing.T) {
	s := newSite(t)
	id := s.inStatus(t, events.Cancelled)
	s.staffGet(t, fmt.Sprintf("/staff/events/%d/publish", id), 409)
	s.post(t, fmt.Sprintf("/staff/events/%d/open", id), nil, 409)
	s.staffGet(t, "/staff/events/77", 404)
	s.staffGet(t, "/staff/events/words", 404)
}

func TestACancellationWithoutAReasonIsAskedAgain(t *testing.T) {
	s := newSite(t)
	id := s.inStatus(t, events.Open)
	wants(t, s.post(t, fmt.Sprintf("/staff/events/%d/cancel", id), url.Values{"status_note": {" "}}, 422), "Say why the event is cancelled", `href="#status_note"`)
}

func TestTheConfirmPageSaysWhoIsToldAndHow(t *testing.T) {
	s := newSite(t)
	id := s.inStatus(t, events.Open)
	s.Hearers = func(context.Context, int64) ([]events.Hearer, error) {
		return []events.Hearer{
			{Name: "Ada Example", How: "Email", Standing: "with a place", People: 2}, {Name: "Bert Sample", How: "Telephone", Standing: "waiting", People: 1},
			{Name: "Keen Example", How: "Email", Standing: "asked to hear"},
		}, nil
	}
	for _, action := range []string{"cancel", "postpone", "move"} {
		wants(t, s.staffGet(t, fmt.Sprintf("/staff/events/%d/%s", id, action), 200), "We tell 2 bookings by email. We put 1 booking",
			"Ada Example", "2 people, with a place", "Bert Sample", "Telephone", "asked to hear")
	}
	s.Hearers = nil
	wants(t, s.staffGet(t, fmt.Sprintf("/staff/events/%d/cancel", id), 200), "nobody is told")
}

func TestTheStaffListFiltersSortsAndPages(t *testing.T) {
	s := newSite(t)
	for i := range 30 {
		f := evening()
		f.Title = fmt.Sprintf("Talk %02d", i)
		s.create(t, f)
	}
	f := dateless()
	f.Title, f.Locality = "100% odd_one", "hertsmere"
	s.published(t, f)
	body := s.staffGet(t, "/staff/events?sort=title&page=2&text=talk", 200)
	wants(t, body, "30 events", "Talk 29", "page=1", "sort=title")
	lacks(t, body, "Talk 24")
	body = s.staffGet(t, "/staff/events?text=100%25+ODD_", 200)
	wants(t, body, "100% odd_one", "1 event")
	lacks(t, body, "Talk 01")
	lacks(t, s.staffGet(t, "/staff/events?status=announced&locality=hertsmere", 200), "Talk")
	wants(t, s.staffGet(t, "/staff/events?page=99", 200), "31 events")
	wants(t, s.staffGet(t, "/staff/events?status=held", 200), "No event fits")
}

func TestOnlyWhoMayManageEventsCanChangeThem(t *testing.T) {
	s := newSite(t)
	e := s.create(t, evening())
	for role, kind := range map[string]fault.Kind{"": fault.SignIn, "door": fault.Forbidden, "comms": fault.Forbidden} {
		ctx := context.Background()
		if role != "" {
			ctx = audit.WithActor(ctx, audit.Actor{Kind: audit.Staff, ID: 2, Role: role})
		}
		for name, err := range map[string]error{
			"create": second(s.Create(ctx, evening())), "edit": second(s.Edit(ctx, e.ID, evening())), "publish": second(s.Publish(ctx, e.ID)),
			"cancel": second(s.Cancel(ctx, e.ID, "x")), "move": second(s.Move(ctx, e.ID, evening())), "hold": second(s.Hold(ctx, e.ID, events.Turnout{})),
		} {
			if fault.KindOf(err) != kind {
				t.Errorf("%s as %q: %v", name, role, err)
			}
		}
	}
	w := s.send(context.Background(), httptest.NewRequest("GET", "/staff/events", nil))
	if w.Code != 303 {
		t.Errorf("the staff's list answered a stranger with %d", w.Code)
	}
}

func second(_ events.Event, err error) error { return err }

func TestTheListOfEventsIsTakenOutAsItIsShown(t *testing.T) {
	s := newSite(t)
	s.post(t, "/staff/events/new", typedEvening(), 303)
	other := typedEvening()
	other.Set("title", "=Another")
	other.Set("starts_day", "27")
	s.post(t, "/staff/events/new", other, 303)
	body := s.staffGet(t, "/staff/events.csv?sort=-starts", 200)
	wants(t, body, "slug,title,locality,summary,starts_at,ends_at,venue_name,", "\r\nconversation-event-dacorum-2017-02-28,Conversation event,dacorum,",
		"2017-02-28T19:00:00Z,2017-02-28T21:00:00Z", "'=Another")
	if strings.Index(body, "=Another") < strings.Index(body, "Conversation event") {
		t.Error("the rows are not in the order of the list")
	}
	if one := s.staffGet(t, "/staff/events.csv?text=another", 200); strings.Contains(one, "Conversation event") {
		t.Errorf("what was filtered out is in the file:\n%s", one)
	}
	wants(t, s.staffGet(t, "/staff/events?status=draft", 200), "/staff/events.xlsx?page=1&status=draft")
	if book := s.staffGet(t, "/staff/events.xlsx", 200); !strings.HasPrefix(book, "PK") {
		t.Error("no workbook came")
	}
	if _, err := s.Export(t.Context(), events.StaffFilter{}, "csv"); fault.KindOf(err) != fault.SignIn {
		t.Errorf("a resident: %v", err)
	}
}

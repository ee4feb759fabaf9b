package events_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"conversations/app/events"
	"conversations/app/events/minutes"
)

// typedParts is the form of a record as a browser sends it.
func typedParts(version int64, lines ...events.RecordLine) url.Values {
	f := url.Values{"version": {fmt.Sprint(version)}, "do": {"save"}}
	for _, l := range lines {
		for name, value := range map[string]string{"part_id": fmt.Sprint(l.ID), "part_kind": string(l.Kind), "part_text": l.Text, "part_who": l.Who,
			"part_day": l.Day, "part_month": l.Month, "part_year": l.Year, "part_check": l.Check} {
			f.Add(name, value)
		}
	}
	return f
}

var (
	formTag   = regexp.MustCompile(`<(input|textarea|select|option)\b([^>]*)>([^<]*)`)
	attribute = regexp.MustCompile(`\b(name|value|type)="([^"]*)"`)
)

// press is the form that a page shows, as a browser sends it when a button of it is pressed.
func press(body, do string) url.Values {
	f, choosing := url.Values{"do": {do}}, ""
	for _, tag := range formTag.FindAllStringSubmatch(body, -1) {
		is := map[string]string{}
		for _, a := range attribute.FindAllStringSubmatch(tag[2], -1) {
			is[a[1]] = a[2]
		}
		switch tag[1] {
		case "input":
			f.Add(is["name"], is["value"])
		case "textarea":
			f.Add(is["name"], tag[3])
		case "select":
			choosing = is["name"]
		case "option":
			if strings.HasSuffix(tag[2], " selected") {
				f.Add(choosing, is["value"])
			}
		}
	}
	return f
}

func TestMinutesArePastedLookedThroughSavedApprovedAndPublished(t *testing.T) {
	s := newSite(t)
	e := s.held(t)
	text, err := os.ReadFile("minutes/testdata/scrutiny.txt")
	if err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprintf("/staff/events/%d/record", e.ID)
	wants(t, s.staffGet(t, fmt.Sprintf("/staff/events/%d", e.ID), 200), path, "Record of the event")
	wants(t, s.staffGet(t, path, 200), "Not written yet", path+"/minutes")
	wants(t, s.staffGet(t, path+"/minutes", 200), `name="minutes"`)
	wants(t, s.post(t, path+"/minutes", url.Values{"minutes": {" "}}, 422), "Paste the minutes here")
	body := s.post(t, path+"/minutes", url.Values{"minutes": {string(text)}}, 200)
	wants(t, body, "Nothing is saved yet", "Please check", "The minutes give a name: H Larkspur", "Valley Clinical Trust", `value="Councillor" selected`, "Not placed 1")
	if r, _ := s.Record(s.ctx, e.ID); r.Version != 0 {
		t.Fatal("splitting the minutes stored something")
	}
	body = s.post(t, path+"/edit", press(body, "up-1"), 200)
	wants(t, body, "Not saved yet", "The minutes give a name: H Larkspur")
	if strings.Index(body, "Tom Birchall") > strings.Index(body, "Anna Whitmore") {
		t.Error("the second presenter was not moved up")
	}
	s.post(t, path+"/edit", press(body, "save"), 303)
	var stored string
	if err := s.db.Read(s.ctx).Raw("SELECT group_concat(text || who || note, ' ') FROM record_parts").Scan(&stored).Error; err != nil {
		t.Fatal(err)
	}
	lacks(t, stored, "Larkspur", "Thornfield")
	s.get(t, "/events/"+e.Slug, 200)
	lacks(t, s.get(t, "/events/"+e.Slug, 200), "The record of this event")
	r, err := s.Record(s.ctx, e.ID)
	if err != nil {
		t.Fatal(err)
	}
	lines := events.LinesOf(r)
	for i, l := range lines {
		if l.Kind == minutes.Answer && l.Who == "" {
			lines[i].Who = "A local GP"
		}
	}
	s.post(t, path+"/edit", typedParts(r.Version, lines...), 303)
	s.post(t, path, url.Values{"do": {"approve"}, "version": {fmt.Sprint(r.Version + 1)}}, 409)
	if _, err := s.ApproveRecord(s.ctx, e.ID, r.Version+1); err != nil {
		t.Fatal(err)
	}
	wants(t, s.staffGet(t, path, 200), "Approved, not public yet", "Publish")
	s.post(t, path, url.Values{"do": {"publish"}, "version": {fmt.Sprint(r.Version + 2)}}, 303)
	public := s.get(t, "/events/"+e.Slug, 200)
	wants(t, public, "The record of this event", "50 people came", "Anna Whitmore, Programme Director – Valley Health Review", "Key points", "What people told us so far includes:",
		"Set up the Mill Town design group", "Not done yet", "Question 1, from a councillor", "Answer from A local GP:", "Wednesday 31 March 2027",
		"Question 3, from a member of the public")
	lacks(t, public, "Supporting documents", "Larkspur", "Thornfield", "Please check")
	s.post(t, path, url.Values{"do": {"withdraw"}, "version": {fmt.Sprint(r.Version + 3)}}, 303)
	lacks(t, s.get(t, "/events/"+e.Slug, 200), "The record of this event")
}

func TestTheSecondEditorOfARecordSeesWhatIsOnlyInTheFirstsText(t *testing.T) {
	s := newSite(t)
	e := s.held(t)
	path := fmt.Sprintf("/staff/events/%d/record/edit", e.ID)
	both, mine, theirs := line(minutes.Point, "", "Of both"), line(minutes.Point, "", "Only mine"), line(minutes.Answer, "Trust", "Only theirs")
	s.post(t, path, typedParts(0, both, line(minutes.Question, "Resident", "Why?"), theirs), 303)
	body := s.post(t, path, typedParts(0, both, mine), 409)
	wants(t, body, "Somebody else changed this record", "Answer (Trust): Only theirs", "Only mine", `name="version" value="1"`)
	lacks(t, body, "Key point: Of both")
	s.post(t, path, typedParts(1, both, mine), 303)
}

func TestARefusedRecordKeepsEverythingTyped(t *testing.T) {
	s := newSite(t)
	e := s.held(t)
	path := fmt.Sprintf("/staff/events/%d/record/edit", e.ID)
	body := s.post(t, path, typedParts(0, line(minutes.Point, "", "Kept <words>"), due(line(minutes.Step, "The trust", "Do it"), "31", "2", "2017")), 422)
	wants(t, body, "There is a problem", `href="#due-1"`, `id="due-1"`, "Kept <words>", `value="31"`, "The trust", "<title>Error:")
	broken := typedParts(0, line(minutes.Point, "", "x"))
	broken.Add("part_text", "y")
	s.post(t, path, broken, 422)
	body = s.post(t, path, func() url.Values {
		f := typedParts(0, line(minutes.Point, "", "One"))
		f.Set("do", "add-question")
		return f
	}(), 200)
	wants(t, body, "Question 1", `value="Member of the public" selected`, `formaction="`+path+`#line-`)
}

func TestANextStepIsFollowedOnItsPageAndEverybodyReadsIt(t *testing.T) {
	s := newSite(t)
	e := s.held(t)
	r := s.save(t, e.ID, due(line(minutes.Step, "The trust", "Print the leaflet"), "3", "2", "2017"))
	r, _ = s.ApproveRecord(s.ctx, e.ID, r.Version)
	r, err := s.PublishRecord(s.ctx, e.ID, r.Version)
	if err != nil {
		t.Fatal(err)
	}
	wants(t, s.get(t, "/events/"+e.Slug, 200), "Print the leaflet", "Late", "Who does it: The trust")
	step := fmt.Sprintf("/staff/events/%d/record/steps/%d", e.ID, r.Parts[0].ID)
	wants(t, s.staffGet(t, "/staff/steps?show=late", 200), "Print the leaflet", step, "1 next step", "Promised at: "+e.Title)
	wants(t, s.staffGet(t, "/staff/steps?show=done", 200), "There are no next steps to show")
	wants(t, s.staffGet(t, step, 200), `value="open" checked`, `value="The trust"`)
	wants(t, s.post(t, step, url.Values{"state": {""}, "version": {fmt.Sprint(r.Version)}}, 422), "Choose what has become of it")
	f := url.Values{"state": {"done"}, "note": {"5,000 were printed."}, "owner": {"The trust"}, "version": {fmt.Sprint(r.Version)}}
	s.post(t, step, f, 303)
	wants(t, s.get(t, "/events/"+e.Slug, 200), "Done", "5,000 were printed.")
	f.Set("note", "None was printed.")
	wants(t, s.post(t, step, f, 409), "5,000 were printed.", "None was printed.", fmt.Sprintf(`name="version" value="%d"`, r.Version+1))
	s.staffGet(t, fmt.Sprintf("/staff/events/%d/record/steps/999", e.ID), 404)
}

func TestThePagesAboutARecordAreForWhoManagesEvents(t *testing.T) {
	s := newSite(t)
	e := s.held(t)
	for _, path := range []string{"record", "record/edit", "record/minutes", "record/steps/1", "record/files/1", "questions", "questions/1"} {
		path = fmt.Sprintf("/staff/events/%d/%s", e.ID, path)
		if w := s.send(context.Background(), httptest.NewRequest("GET", path, nil)); w.Code != 303 {
			t.Errorf("%s answered a stranger with %d", path, w.Code)
		}
		if w := s.send(as(3, "comms"), httptest.NewRequest("GET", path, nil)); w.Code != 403 {
			t.Errorf("%s answered the wrong role with %d", path, w.Code)
		}
	}
}

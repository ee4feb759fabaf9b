package browsertest_test

import (
	"net/url"
	"os"
	"strings"

	"conversations/app/database"
	"conversations/app/events"
	"conversations/app/events/minutes"
)

// makeRecords publishes a record of the event that was held, with a late step and a file, and begins one of another.
func (w *world) makeRecords() {
	lines := events.LinesFromMinutes(w.minutes())
	for i, l := range lines {
		if l.Kind == minutes.Answer && l.Who == "" {
			lines[i].Who = "A local GP"
		}
		if l.Kind == minutes.Step {
			lines[i].Day, lines[i].Month, lines[i].Year = "1", "1", "2020"
		}
	}
	r, err := w.App.Events.SaveRecord(w.Ctx(), w.held.ID, w.version(w.held), lines)
	must(w.t, err)
	_, err = w.App.Events.AddFile(w.Ctx(), w.held.ID, events.NewFile{Name: "slides.pdf", Title: "Slides of the presentation", Public: true, Data: []byte("%PDF-1.7\n")})
	must(w.t, err)
	r, err = w.App.Events.ApproveRecord(w.Ctx(), w.held.ID, r.Version)
	must(w.t, err)
	r, err = w.App.Events.PublishRecord(w.Ctx(), w.held.ID, r.Version)
	must(w.t, err)
	w.step = r.Of(minutes.Step)[0].ID
	_, err = w.App.Events.SaveRecord(w.Ctx(), w.closed.ID, 0, lines)
	must(w.t, err)
	must(w.t, w.App.DB.Write(w.Ctx(), func(tx *database.Tx) error {
		return tx.Exec(`UPDATE bookings SET question = 'When will there be evening appointments?' WHERE id = ?`, w.byPhone.ID).Error
	}))
}

// version is that of a record as it stands: the demo may have written one, and published it.
func (w *world) version(e events.Event) int64 {
	r, err := w.App.Events.Record(w.Ctx(), e.ID)
	must(w.t, err)
	if r.State == events.RecordApproved || r.State == events.RecordPublic {
		r, err = w.App.Events.WithdrawRecord(w.Ctx(), e.ID, r.Version)
		must(w.t, err)
	}
	return r.Version
}

func (w *world) minutes() string {
	text, err := os.ReadFile("../events/minutes/testdata/scrutiny.txt")
	must(w.t, err)
	return string(text)
}

// recordPaths are the pages about records and the panel's questions.
func (w *world) recordPaths() map[string][]string {
	held, closed, open := "/staff/events/"+number(w.held.ID), "/staff/events/"+number(w.closed.ID), "/staff/events/"+number(w.open.ID)
	return map[string][]string{
		"/staff/events/:id/record":             {held + "/record", closed + "/record", open + "/record"},
		"/staff/events/:id/record/edit":        {closed + "/record/edit", open + "/record/edit"},
		"/staff/events/:id/record/minutes":     {open + "/record/minutes"},
		"/staff/events/:id/record/steps/:step": {held + "/record/steps/" + number(w.step)},
		"/staff/events/:id/questions":          {open + "/questions", closed + "/questions"},
		"/staff/events/:id/questions/:booking": {open + "/questions/" + number(w.confirmed.ID), open + "/questions/" + number(w.byPhone.ID)},
		"/staff/steps":                         {"/staff/steps", "/staff/steps?show=late", "/staff/steps?show=done&locality=hertsmere"},
	}
}

// recordForms are forms about records that are refused, or shown again before anything is saved.
func (w *world) recordForms() []sight {
	held, closed, open := "/staff/events/"+number(w.held.ID), "/staff/events/"+number(w.closed.ID), "/staff/events/"+number(w.open.ID)
	wrong := url.Values{"version": {"0"}, "do": {"save"}, "part_id": {"", ""}, "part_kind": {"question", "step"}, "part_text": {"", "Do it"}, "part_who": {"Jane", ""},
		"part_day": {"1", "31"}, "part_month": {"", "2"}, "part_year": {"", "2027"}, "part_check": {"", "Is this right?"}}
	stale := url.Values{"version": {"0"}, "do": {"save"}, "part_id": {""}, "part_kind": {"point"}, "part_text": {"Mine alone"}, "part_who": {""},
		"part_day": {""}, "part_month": {""}, "part_year": {""}, "part_check": {""}}
	return []sight{
		{path: open + "/record/minutes", staff: true, from: "/staff", send: url.Values{"minutes": {strings.ReplaceAll(w.minutes(), "\n", "\r\n")}}, status: 200},
		{path: open + "/record/minutes?empty", staff: true, from: "/staff", send: url.Values{"minutes": {""}}, status: 422},
		{path: open + "/record/edit", staff: true, from: "/staff", send: wrong, status: 422},
		{path: closed + "/record/edit", staff: true, from: "/staff", send: stale, status: 409},
		{path: closed + "/record/files", staff: true, from: "/staff", send: url.Values{"title": {""}}, status: 422},
		{path: held + "/record/steps/" + number(w.step), staff: true, from: "/staff", send: url.Values{"state": {"dropped"}, "version": {"0"}}, status: 409},
		{path: open + "/questions/" + number(w.byPhone.ID), staff: true, from: "/staff", send: url.Values{"words": {"When will there be evening appointments?"}, "take": {"yes"}}, status: 422},
	}
}

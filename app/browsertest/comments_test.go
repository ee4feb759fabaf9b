package browsertest_test

import (
	"net/http"
	"net/url"
	"strings"

	"conversations/app/database"
	"conversations/app/feedback"
)

// makeComments has people say things: to check, checked, set aside, removed, urgent, and several times the same.
func (w *world) makeComments() {
	w.t.Helper()
	ctx, s := w.Ctx(), w.App.Feedback
	const campaign = "We ask you to keep the minor injuries unit open in the evening because so many of us cannot get to the hospital after six"
	for i, text := range []string{
		"My name is Mrs Dora Example, telephone 01632 960123. The bus to the hospital is always late.", "The car park is full by nine.", "A test, do not count this.",
		"Please take this away again.", "I am afraid of what my neighbour will do.", campaign + ".", campaign + " on a Sunday.",
	} {
		id, err := s.AddByHand(ctx, feedback.ByHand{Attributes: feedback.Attributes{Source: feedback.HandSources()[i%4], Event: w.held.Slug, Service: "Hospital", SaidOn: "2017-01-31", QuoteOK: i == 0, Recontact: i == 0},
			Text: text, Name: "Dora Example", Email: "dora@residents.example"})
		must(w.t, err)
		w.comments = append(w.comments, id)
	}
	must(w.t, s.Redact(ctx, w.comments[1], 1, feedback.Decisions{Confirm: true}))
	must(w.t, s.SetCommentAside(ctx, w.comments[2], 1, "A test"))
	must(w.t, w.App.DB.Write(ctx, func(tx *database.Tx) error {
		return tx.Exec("UPDATE comments SET text = '', words = '' WHERE id = ?", w.comments[3]).Error
	}))
	var err error
	w.alarm, err = s.RaiseAlarm(ctx, w.comments[4], feedback.Safeguarding)
	must(w.t, err)
	answered, err := s.RaiseAlarm(ctx, w.comments[1], feedback.ThreatToLife)
	must(w.t, err)
	must(w.t, s.AnswerAlarm(ctx, answered, "The police know"))
	const list = "id,comment\n1,More seats in the waiting room\n"
	out, err := s.ImportComments(ctx, feedback.ImportOrder{File: feedback.ImportFile{Name: "comments.csv", Data: strings.NewReader(list), Size: int64(len(list))}})
	must(w.t, err)
	w.file = out.Import.ID
}

// commentPaths are the pages about comments.
func (w *world) commentPaths() map[string][]string {
	const home = "/staff/feedback"
	var of []string
	for _, id := range w.comments[:6] {
		of = append(of, home+"/"+number(id))
	}
	return map[string][]string{
		home: {home, home + "?q=hospital&sort=-said", home + "?q=nobody+said+this", home + "?aside=all&copies=-1"}, home + "/:id": of, home + "/:id/change": {of[0] + "/change"},
		home + "/:id/redact": {of[0] + "/redact"}, home + "/alarms/:alarm": {home + "/alarms/" + number(w.alarm), home + "/alarms/" + number(w.alarm+1)},
		home + "/intake": {home + "/intake"}, home + "/new": {home + "/new"}, home + "/paste": {home + "/paste"}, home + "/noted": {home + "/noted?event=" + w.held.Slug},
		home + "/imports": {home + "/imports"}, home + "/imports/:import": {home + "/imports/" + number(w.file)},
	}
}

// commentForms are forms about comments that were filled in wrongly, and those that are answered with a page.
func (w *world) commentForms() []sight {
	one := "/staff/feedback/" + number(w.comments[0])
	form := func(path string, status int, fields url.Values) sight {
		return sight{path: path, staff: true, status: status, from: "/staff/feedback", send: fields}
	}
	const refused = http.StatusUnprocessableEntity
	wrong := url.Values{"source": {"fax"}, "locality": {"nowhere"}, "date-day": {"31"}, "date-month": {"2"}, "date-year": {"2017"}, "email": {"dora"}, "phone": {"12"}, "version": {"1"}, "recontact": {"yes"}}
	return []sight{
		form("/staff/feedback/new", refused, wrong), form(one+"/change", refused, wrong), form(one+"/aside", refused, url.Values{"version": {"1"}}), form(one+"/alarm", refused, url.Values{}),
		form(one+"/original", refused, url.Values{}), form(one+"/original", http.StatusOK, url.Values{"reason": {"To show the page in a test"}}),
		form(one+"/redact", refused, url.Values{"version": {"1"}, "words": {"not there"}}), form("/staff/feedback/paste", refused, url.Values{}),
		form("/staff/feedback/paste", http.StatusOK, url.Values{"text": {"- Buses are late\n- No seats"}, "source": {"minutes"}}),
		form("/staff/feedback/noted?event="+w.held.Slug, refused, url.Values{}), form("/staff/feedback/imports", refused, url.Values{"do": {"check"}}),
		form("/staff/feedback/alarms/"+number(w.alarm), refused, url.Values{"outcome": {strings.Repeat("too long ", 50)}}),
	}
}

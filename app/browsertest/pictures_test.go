package browsertest_test

import (
	"net/url"
	"os"
	"testing"

	"conversations/app/bookings"
	"conversations/app/browsertest"
)

// The pictures of the guide and of the README are made by this test, so that they show the program as it is:
// GUIDE_PICTURES=1 go test ./app/browsertest -run Pictures
func TestPicturesOfTheGuide(t *testing.T) {
	if os.Getenv("GUIDE_PICTURES") != "1" {
		t.Skip("pictures are made where GUIDE_PICTURES=1 asks for them")
	}
	w := newDemo(t)
	booked, err := w.App.Bookings.OfEvent(w.Ctx(), w.open.ID, bookings.Filter{})
	must(t, err)
	p := browsertest.Open(t, w.Site, browsertest.WithScript)
	for _, s := range []struct{ name, path string }{
		{"home", "/"}, {"event", "/events/" + w.open.Slug}, {"book", "/events/" + w.open.Slug + "/book"}, {"sign-in", "/staff/sign-in"}, {"documents", "/documents"},
		{"you-said-we-did", "/you-said-we-did"},
	} {
		p.Go(s.path)
		p.Shot(s.name)
	}
	_, preferences := w.signUp("nia@residents.example")
	p.Go("/subscribe")
	p.Shot("sign-up")
	p.Go(preferences)
	p.Shot("preferences")
	p.Resize(390, 844)
	p.Go("/events/" + w.open.Slug)
	p.Shot("event-phone")
	p.Go(w.manage(booked[0]))
	p.Shot("manage-phone")
	p.Resize(1280, 800)
	p.SignIn(w.admin.Email, w.admin.Password)
	for _, s := range []struct{ name, path string }{
		{"staff-home", "/staff"}, {"events", "/staff/events"}, {"event-staff", "/staff/events/" + number(w.open.ID)},
		{"edit-event", "/staff/events/" + number(w.open.ID) + "/edit"}, {"bookings", "/staff/bookings?event=" + w.open.Slug},
		{"book-for-a-caller", "/staff/bookings/new?event=" + w.open.Slug}, {"calls", "/staff/calls"}, {"call", "/staff/calls/1"},
		{"register", "/staff/bookings/register?event=" + w.open.Slug}, {"access", "/staff/access"}, {"access-need", w.task()}, {"access-venue", "/staff/access/venue?event=" + w.open.Slug},
		{"record", "/staff/events/" + number(w.held.ID) + "/record"}, {"record-write", "/staff/events/" + number(w.closed.ID) + "/record/edit"},
		{"record-minutes", "/staff/events/" + number(w.open.ID) + "/record/minutes"}, {"questions", "/staff/events/" + number(w.open.ID) + "/questions"},
		{"next-steps", "/staff/steps"}, {"answer", "/staff/actions/2"}, {"answer-form", "/staff/actions/2/edit"},
		{"document", "/staff/documents/1"}, {"mails", "/staff/mails"}, {"people", "/staff/people"}, {"audit", "/staff/audit"},
		{"privacy", "/staff/privacy?who=" + url.QueryEscape(booked[0].Email)}, {"privacy-erase", "/staff/privacy/erase?who=" + url.QueryEscape(booked[0].Email)},
	} {
		p.Go(s.path)
		p.Shot(s.name)
	}
	w.makeContacts()
	w.contactPictures(p)
	w.surveyPictures(p)
	w.paperPictures(p)
	w.resultPictures(p)
	w.commentPictures(p)
	w.makeThemes()
	w.themePictures(p)
	w.makeReports()
	for _, s := range []struct{ name, path string }{
		{"reports", "/reports"}, {"report-write", "/reports/new"}, {"report-issued", "/reports/issued/" + number(w.report)}, {"quotes", "/" + number(w.quoted) + "/quotes"},
	} {
		p.Go("/staff/feedback" + s.path)
		p.Shot(s.name)
	}
}

// commentPictures are those of what people said.
func (w *world) commentPictures(p *browsertest.Page) {
	w.makeComments()
	p.Go("/staff/feedback")
	p.Shot("feedback")
	p.Go("/staff/feedback/" + number(w.comments[0]) + "/redact")
	p.Shot("feedback-check")
	w.codingPictures(p)
}

// surveyPictures are those of building and answering the demo's survey.
func (w *world) surveyPictures(p *browsertest.Page) {
	asked, err := w.App.Surveys.Asked(w.Ctx())
	must(w.t, err)
	form := asked[0]
	home := "/staff/surveys/" + number(form.Survey.ID)
	for _, s := range []struct{ name, path string }{
		{"surveys", "/staff/surveys"}, {"survey-build", home}, {"survey-question", home + "/questions/" + number(form.Sections[1].Questions[0].ID)},
		{"survey-invitations", home + "/invitations"}, {"survey-responses", home + "/responses"},
	} {
		p.Go(s.path)
		p.Shot(s.name)
	}
	p.Resize(390, 844)
	p.Go("/surveys/" + form.Survey.Slug)
	p.Click("Start")
	p.Shot("survey-answer-phone")
	p.Resize(1280, 800)
}

// resultPictures are those of the results of a survey.
func (w *world) resultPictures(p *browsertest.Page) {
	w.answerSurvey(30)
	home := "/staff/surveys/" + number(w.survey.Survey.ID)
	for _, s := range []struct{ name, path string }{
		{"survey-words", home + "/words/ur"}, {"survey-results", home + "/results"}, {"survey-compare", home + "/results/compare?rows=q4&columns=q1"}, {"survey-publish", home + "/publish"},
	} {
		p.Go(s.path)
		p.Shot(s.name)
	}
	p.Resize(390, 844)
	p.Go("/surveys/" + w.survey.Survey.Slug + "/results")
	p.Shot("survey-results-phone")
	p.Resize(1280, 800)
}

package browsertest_test

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"conversations/app/database"
	"conversations/app/surveys"
)

// makeInvitations invites contacts to an anonymous survey, and has five people answer it.
func (w *world) makeInvitations() {
	w.t.Helper()
	ctx, s := w.Ctx(), w.App.Surveys
	survey, err := s.Create(ctx, surveys.SurveyForm{Title: "Were you listened to?", Introduction: "It takes two minutes.", Anonymous: true, ContactForm: true})
	must(w.t, err)
	form, err := s.FormOf(ctx, survey.ID, "")
	must(w.t, err)
	_, err = s.AddQuestion(ctx, survey.ID, form.Sections[0].ID, surveys.QuestionForm{Kind: "short-text", Label: "What would you change?"})
	must(w.t, err)
	_, err = s.Open(ctx, survey.ID)
	must(w.t, err)
	w.anonymous, err = s.FormOf(ctx, survey.ID, "")
	must(w.t, err)
	for range 6 { // one is set aside
		token, err := s.Begin(ctx, w.anonymous)
		must(w.t, err)
		_, err = s.Take(ctx, token, surveys.Step{Section: w.anonymous.Sections[0].ID, Way: surveys.Next, Answers: surveys.Answers{w.anonymous.Sections[0].Questions[0].ID: {Text: "More buses"}}})
		must(w.t, err)
		w.anonymousDone = token
	}
	p, err := s.Responses(ctx, survey.ID, surveys.ResponseFilter{})
	must(w.t, err)
	w.counting, w.setAside = p.Responses[0].ID, p.Responses[1].ID
	w.invitations = append(w.invitations, w.inviting(surveys.ToContacts), w.inviting(surveys.ToContacts))
	d, err := s.SaveSending(ctx, survey.ID, w.invitations[1].ID, surveys.SendingForm{Subject: "Were you listened to?", Body: "Please tell us.", Any: []string{"everyone:"}, Purpose: "updates", Version: 1})
	must(w.t, err)
	w.invitations[1] = d
	held := w.inviting(surveys.ToContacts)
	held, err = s.SaveSending(ctx, survey.ID, held.ID, surveys.SendingForm{Subject: "Were you listened to?", Body: "Please tell us.", Any: []string{"everyone:"}, Purpose: "updates", Version: 1})
	must(w.t, err)
	held, err = s.SendInvitations(ctx, survey.ID, held.ID, held.Version)
	must(w.t, err)
	w.invitations = append(w.invitations, held)
	must(w.t, w.App.DB.Write(ctx, func(tx *database.Tx) error { // one that was used, and one that was not
		return tx.Exec(`INSERT INTO survey_invitations (survey_id, contact_id, used, invited_at, created_at)
			SELECT ?, id, id = (SELECT min(id) FROM contacts), ?, ? FROM contacts WHERE id IN (SELECT id FROM contacts ORDER BY id LIMIT 2)`, survey.ID, tx.Now().Add(-48*time.Hour), tx.Now()).Error
	}))
	var ids []int64
	must(w.t, w.App.DB.Read(ctx).Raw("SELECT id FROM survey_invitations WHERE survey_id = ? ORDER BY used", survey.ID).Scan(&ids).Error)
	for _, id := range ids {
		w.personal = append(w.personal, "/s/"+w.App.Links.Token("survey.invitation", id))
	}
	must(w.t, s.SetResponseAside(ctx, survey.ID, w.setAside, "It was a test."))
}

func (w *world) inviting(kind surveys.SendingKind) surveys.Sending {
	w.t.Helper()
	d, err := w.App.Surveys.NewSending(w.Ctx(), w.anonymous.Survey.ID, kind, "")
	must(w.t, err)
	return d
}

// invitedPaths are the pages about invitations and responses.
func (w *world) invitedPaths() map[string][]string {
	home := "/staff/surveys/" + number(w.anonymous.Survey.ID)
	at := func(d surveys.Sending) string { return home + "/invitations/" + number(d.ID) }
	made := at(w.invitations[1])
	return map[string][]string{
		"/staff/surveys/:id/invitations":                         {home + "/invitations", "/staff/surveys/" + number(w.survey.Survey.ID) + "/invitations"},
		"/staff/surveys/:id/invitations/:sending":                {at(w.invitations[0]), made, at(w.invitations[2])},
		"/staff/surveys/:id/invitations/:sending/people":         {made + "/people", made + "/people?show=left-out", made + "/people?q=nobody-is-called-this"},
		"/staff/surveys/:id/invitations/:sending/preview":        {made + "/preview"},
		"/staff/surveys/:id/invitations/:sending/preview/letter": {made + "/preview/letter"},
		"/staff/surveys/:id/responses":                           {home + "/responses", home + "/responses?state=set-aside", home + "/responses?channel=paper"},
		"/staff/surveys/:id/responses/:response":                 {home + "/responses/" + strconv.FormatInt(w.counting, 36), home + "/responses/" + strconv.FormatInt(w.setAside, 36)},
		"/surveys/:slug/contact":                                 {"/surveys/" + w.anonymous.Survey.Slug + "/contact"},
		"/surveys/:slug/contact/done":                            {"/surveys/" + w.anonymous.Survey.Slug + "/contact/done"},
		"/s/:token":                                              w.personal,
		"/s/:token/done":                                         {"/s/" + w.anonymousDone + "/done"},
	}
}

// invitedForms are forms about invitations and responses that were filled in wrongly, shown again.
func (w *world) invitedForms() []sight {
	home := "/staff/surveys/" + number(w.anonymous.Survey.ID)
	return []sight{
		{path: home + "/invitations/" + number(w.invitations[0].ID), staff: true, from: "/staff", status: 422, send: url.Values{"purpose": {"none"}, "body": {strings.Repeat("long ", 800)}, "version": {"1"}}},
		{path: home + "/responses/" + strconv.FormatInt(w.counting, 36), staff: true, from: "/staff", status: 422, send: url.Values{"reason": {""}}},
		{path: "/surveys/" + w.anonymous.Survey.Slug + "/contact", from: "/", status: 422, send: url.Values{"email": {"nobody"}}},
	}
}

package browsertest_test

import (
	"net/url"

	"conversations/app/audiences"
	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/feedback"
)

// makeAnswers raises the theme of the demo's published answer, with a quote in it, and tells who raised it.
func (w *world) makeAnswers() {
	d, err := w.App.Feedback.Action(w.Ctx(), 1)
	must(w.t, err)
	event := w.held.ID
	must(w.t, w.App.DB.Write(w.Ctx(), func(tx *database.Tx) error {
		id, _, err := w.App.Feedback.AddTx(w.Ctx(), tx, feedback.NewComment{Source: feedback.FromMeeting, Text: "In the evening I never know who to call.", Locality: "dacorum", SaidOn: "2017-02-01",
			EventID: &event, QuoteOK: true, Recontact: true, Who: &feedback.Person{Name: "Pat Example", Email: "pat@residents.example", Wording: "You may write to me."}})
		if err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE comments SET redaction = 'confirmed' WHERE id = ?`, id).Error; err != nil {
			return err
		}
		reading, err := tx.Insert(`INSERT INTO comment_readings (comment_id, part, verdict, read_at) VALUES (?, 'first', 'coded', ?) RETURNING id`, id, tx.Now())
		if err != nil {
			return err
		}
		if err := tx.Exec(`INSERT INTO codings (reading_id, comment_id, theme_id) VALUES (?, ?, ?)`, reading, id, d.Theme.ID).Error; err != nil {
			return err
		}
		w.raised = id
		return nil
	}))
	quote, err := w.App.Feedback.ChooseQuote(w.Ctx(), w.raised, "I never know who to call")
	must(w.t, err)
	f := feedback.FormOfAction(d)
	f.Quotes = []string{number(quote)}
	a, err := w.App.Feedback.ChangeAction(w.Ctx(), d.ID, f)
	must(w.t, err)
	a, err = w.App.Feedback.AskToPublish(w.Ctx(), a.ID, a.Version)
	must(w.t, err)
	a, err = w.App.Feedback.Publish(w.Ctx(), a.ID, a.Version)
	must(w.t, err)
	w.tellAnswer(a)
}

// tellAnswer begins the update to those who raised an answer, with its list.
func (w *world) tellAnswer(a feedback.Action) {
	letter, err := w.App.Feedback.Tell(w.Ctx(), a.ID, a.Version)
	must(w.t, err)
	w.toldBy = letter
	list, err := w.App.Audiences.Make(w.Ctx(), audiences.Request{Rule: audiences.Rule{Any: []audiences.Condition{{Kind: audiences.Everyone}}}, Purpose: contacts.Updates, About: "updates", AboutID: letter})
	must(w.t, err)
	must(w.t, w.App.DB.Write(w.Ctx(), func(tx *database.Tx) error {
		return tx.Exec(`UPDATE updates SET list_id = ? WHERE id = ?`, list.ID, letter).Error
	}))
}

// answerPaths are the pages about what came of what people said.
func (w *world) answerPaths() map[string][]string {
	return map[string][]string{
		"/you-said-we-did":            {"/you-said-we-did", "/you-said-we-did?locality=hertsmere"},
		"/staff/actions":              {"/staff/actions", "/staff/actions?overdue=yes&sort=-title", "/staff/actions?q=nothing-says-this"},
		"/staff/actions/new":          {"/staff/actions/new", "/staff/actions/new?theme=1"},
		"/staff/actions/:id":          {"/staff/actions/1", "/staff/actions/2", "/staff/actions/3"},
		"/staff/actions/:id/edit":     {"/staff/actions/1/edit"},
		"/staff/actions/:id/comments": {"/staff/actions/1/comments"},
		"/staff/actions/:id/told":     {"/staff/actions/1/told?letter=" + number(w.toldBy)},
	}
}

// answerForms are forms about answers that were filled in wrongly, shown again.
func (w *world) answerForms() []sight {
	wrong := url.Values{"title": {""}, "state": {"soon"}, "due_day": {"31"}, "due_month": {"2"}, "due_year": {"2017"}, "done_day": {"x"}}
	return []sight{
		{path: "/staff/actions/new", staff: true, from: "/staff", send: wrong, status: 422},
		{path: "/staff/actions/2/back", staff: true, from: "/staff/actions/2", send: url.Values{"version": {"2"}}, status: 422},
	}
}

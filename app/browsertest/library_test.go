package browsertest_test

import (
	"net/url"
	"time"

	"conversations/app/database"
	"conversations/app/newsletters"
)

// makeArchive has an update published, and one that corrects it.
func (w *world) makeArchive() {
	first := w.publish("Stakeholder update for February", nil)
	w.publish("A correction to our February update", &first)
}

func (w *world) publish(title string, corrects *int64) int64 {
	w.t.Helper()
	u, err := w.App.Newsletters.Create(w.Ctx(), newsletters.NewUpdate{Kind: newsletters.PressRelease, Title: title})
	must(w.t, err)
	content := newsletters.Content{Title: title, Opening: "Dear {name}", Closing: "With best wishes", Sections: []newsletters.Section{
		{Heading: "Urgent care", Body: "We ask **everybody** what they have seen:\n\n- at home\n- at the [surgery](/events)\n\n### More\n\n1. Write\n2. Call"}}}
	_, err = w.App.Newsletters.Save(w.Ctx(), u.ID, newsletters.Writing{BasedOn: u.TextID, Content: content, Made: newsletters.Typed})
	must(w.t, err)
	must(w.t, w.App.DB.Write(w.Ctx(), func(tx *database.Tx) error {
		return tx.Exec("UPDATE updates SET state = 'published', published_at = ?, corrects = ? WHERE id = ?", tx.Now().Add(-time.Minute), corrects, u.ID).Error
	}))
	return u.ID
}

// libraryPaths are the pages of the library.
func (w *world) libraryPaths() map[string][]string {
	return map[string][]string{
		"/updates":                    {"/updates", "/updates?kind=press-release&q=urgent", "/updates?q=nothing-says-this"},
		"/updates/:slug":              {"/updates/stakeholder-update-for-february", "/updates/a-correction-to-our-february-update"},
		"/documents":                  {"/documents", "/documents?locality=dacorum&q=case", "/documents?q=nothing-is-called-this"},
		"/staff/documents":            {"/staff/documents", "/staff/documents?public=no&sort=-title", "/staff/documents?q=nothing-is-called-this"},
		"/staff/documents/new":        {"/staff/documents/new"},
		"/staff/documents/:id":        {"/staff/documents/1", "/staff/documents/4"},
		"/staff/documents/:id/remove": {"/staff/documents/1/remove"},
	}
}

// libraryForms are forms of the library that were filled in wrongly, shown again.
func (w *world) libraryForms() []sight {
	wrong := url.Values{"title": {""}, "dated_day": {"31"}, "dated_month": {"2"}, "dated_year": {"2017"}, "locality": {"atlantis"}}
	return []sight{
		{path: "/staff/documents/new", staff: true, from: "/staff", send: wrong, status: 422},
		{path: "/staff/documents/1", staff: true, from: "/staff", send: wrong, status: 422},
		{path: "/staff/documents/1?stale", staff: true, from: "/staff", status: 409,
			send: url.Values{"title": {"Case for change"}, "dated_day": {"1"}, "dated_month": {"7"}, "dated_year": {"2015"}, "version": {"99"}}},
	}
}

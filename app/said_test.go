package app_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"conversations/app/apptest"
	"conversations/app/database"
	"conversations/app/feedback"
)

// From a comment to what came of it and back: an engagement lead answers a theme, an administrator publishes the answer, everybody
// reads it, and an update to who raised it is begun in one step.
func TestWhatPeopleSaidIsAnsweredPublishedAndTold(t *testing.T) {
	site := apptest.Start(t)
	lead, admin := newColleague(t, site, "lead@staff.example", "engagement"), newColleague(t, site, "admin@staff.example", "admin")
	theme := raisedTheme(t, site)
	nav := func() bool { return strings.Contains(site.Get("/contact").Body, `href="/you-said-we-did"`) }
	if nav() {
		t.Error("the website leads to answers, and there are none")
	}

	form := url.Values{"theme": {fmt.Sprint(theme)}, "locality": {"dacorum"}, "title": {"Signs to the blood tests"}, "said": {"You could not find the rooms."},
		"decided": {"We put up signs in the entrance hall."}, "state": {"planned"}, "owner": {""}, "due_day": {"30"}, "due_month": {"6"}, "due_year": {"2030"}}
	if status, page := lead.send("/staff/actions/new", url.Values{"title": {"Signs"}, "said": {"You could not find the rooms."}}); status != http.StatusUnprocessableEntity ||
		!strings.Contains(page, "Choose a theme") || !strings.Contains(page, "You could not find the rooms.") {
		t.Errorf("a form with little in it: %d", status)
	}
	if status, _ := lead.send("/staff/actions/new", form); status != http.StatusSeeOther {
		t.Fatalf("begin an answer: %d", status)
	}
	if status, page := lead.send("/staff/actions/1/ask", url.Values{"version": {"1"}}); status != http.StatusConflict || !strings.Contains(page, "which office looks after it") {
		t.Errorf("an answer nobody looks after: %d", status)
	}
	form.Set("owner", "Head of Estates")
	form.Set("version", "1")
	for _, step := range []struct {
		who    *staffBrowser
		path   string
		form   url.Values
		status int
	}{
		{lead, "/staff/actions/1/edit", form, 303}, {admin, "/staff/actions/1/edit", form, 409}, // who was not quick enough is told
		{lead, "/staff/actions/1/ask", url.Values{"version": {"2"}}, 303}, {lead, "/staff/actions/1/publish", url.Values{"version": {"3"}}, 409},
		{admin, "/staff/actions/1/publish", url.Values{"version": {"3"}}, 303}, {lead, "/staff/actions/1/tell", url.Values{"version": {"4"}}, 303},
	} {
		if status, _ := step.who.send(step.path, step.form); status != step.status {
			t.Fatalf("%s: %d, want %d", step.path, status, step.status)
		}
	}
	for path, words := range map[string]string{"/you-said-we-did": "We put up signs in the entrance hall.", "/you-said-we-did?locality=dacorum": "Head of Estates", "/localities/dacorum": "Signs to the blood tests"} {
		apptest.Eventually(t, path+" says "+words, func() bool { return strings.Contains(site.Get(path).Body, words) })
	}
	apptest.Eventually(t, "the website leads to the answers", nav)
	if body := site.Get("/you-said-we-did?locality=hertsmere").Body; strings.Contains(body, "entrance hall") {
		t.Error("an answer about Dacorum is shown for Hertsmere")
	}
	if _, page := lead.page("/staff/actions/1/comments"); !strings.Contains(page, "/staff/feedback/1") {
		t.Error("the answer does not lead back to the comment")
	}
	if status, _ := admin.send("/staff/updates/1/audience/again", nil); status != http.StatusSeeOther {
		t.Errorf("make the list of the update: %d", status)
	}
	if _, page := admin.page("/staff/updates/1/audience"); !strings.Contains(page, "who raised &#34;Signs in Dacorum&#34; and agreed to be contacted") || !strings.Contains(page, "1 person") {
		t.Error("the update does not go to who raised it")
	}
	if status, _ := lead.send("/staff/actions/1/withdraw", url.Values{"version": {"5"}}); status != http.StatusSeeOther {
		t.Errorf("taken off: %d", status)
	}
	apptest.Eventually(t, "the website has it no more", func() bool { return !strings.Contains(site.Get("/you-said-we-did").Body, "entrance hall") })
}

// raisedTheme is a theme that one person raised in Dacorum, who may be written to.
func raisedTheme(t *testing.T, site *apptest.Site) int64 {
	t.Helper()
	theme, err := site.App.Feedback.AddTheme(site.Ctx(), feedback.ThemeForm{Name: "Signs"})
	if err != nil {
		t.Fatal(err)
	}
	err = site.App.DB.Write(site.Ctx(), func(tx *database.Tx) error {
		id, _, err := site.App.Feedback.AddTx(site.Ctx(), tx, feedback.NewComment{Source: feedback.FromTelephone, Text: "There is no sign at all.", Locality: "dacorum", Recontact: true,
			Who: &feedback.Person{Name: "Ann Example", Email: "ann@residents.example", Wording: "You may get in touch with me about this."}})
		if err != nil {
			return err
		}
		reading, err := tx.Insert(`INSERT INTO comment_readings (comment_id, part, verdict, read_at) VALUES (?, 'first', 'coded', ?) RETURNING id`, id, tx.Now())
		if err != nil {
			return err
		}
		return tx.Exec(`INSERT INTO codings (reading_id, comment_id, theme_id) VALUES (?, ?, ?)`, reading, id, theme.ID).Error
	})
	if err != nil {
		t.Fatal(err)
	}
	return theme.ID
}

// newColleague is somebody who works here, signed in.
func newColleague(t *testing.T, site *apptest.Site, email, role string) *staffBrowser {
	t.Helper()
	link, err := site.App.Accounts.Add(site.Ctx(), email, "Somebody Example", role)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := site.App.Accounts.SetPassword(site.Ctx(), link[strings.LastIndexByte(link, '/')+1:], "talking about care"); err != nil {
		t.Fatal(err)
	}
	b := newStaff(t, site.URL)
	b.signInAs(email)
	return b
}

// send posts a form and gives what came back.
func (s *staffBrowser) send(path string, form url.Values) (int, string) {
	s.t.Helper()
	response, err := s.client.PostForm(s.base+path, form)
	return s.read(response, err)
}

func (s *staffBrowser) read(response *http.Response, err error) (int, string) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

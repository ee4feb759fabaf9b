package feedback_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"conversations/app/audiences"
	"conversations/app/database/databasetest"
	"conversations/app/feedback"
)

func TestAnAnswerFollowsItsThemeIntoTheOneThatTookItUp(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		o := openOffice(t, address)
		o.Audiences.Add(o.RaisedSource())
		signs := o.theme
		o.raise(reachable("There is no sign at all.", "ann@residents.example", true))
		a := o.published(o.form())
		way, err := o.AddTheme(o.lead, feedback.ThemeForm{Name: "Finding the way", Code: "way"})
		must(t, err)
		o.theme = way
		found := o.raise(reachable("Nobody could tell me where to go.", "ben@residents.example", true))[0]
		for i := range 9 {
			o.raise(said(fmt.Sprintf("I asked %d times where to go.", i+2)))
		}

		before := o.shown(a.ID, found)
		want := seen{theme: "Signs", comments: 1, agreed: 1, listed: "Signs", bySigns: 1, byWay: 0, website: "Signs", unanswered: 1, came: 0}
		if before != want {
			t.Errorf("before the merge: %+v, want %+v", before, want)
		}
		merge, err := o.MergeThemes(o.lead, signs.ID, way.ID, 0, 0)
		must(t, err)
		merged := seen{theme: "Finding the way", comments: 11, agreed: 2, listed: "Finding the way", bySigns: 1, byWay: 1, website: "Finding the way", unanswered: 0, came: 1}
		if got := o.shown(a.ID, found); got != merged {
			t.Errorf("after the merge: %+v, want %+v", got, merged)
		}
		d, err := o.Action(o.lead, a.ID)
		must(t, err)
		_, err = o.Tell(o.lead, a.ID, d.Version)
		must(t, err)
		if got := o.told(); !slices.Equal(got, []string{"ann@residents.example", "ben@residents.example"}) {
			t.Errorf("after the merge these are told: %q", got)
		}
		f := feedback.FormOfAction(d)
		f.Title, f.Version = "Signs everywhere", d.Version+1
		if _, err := o.ChangeAction(o.lead, a.ID, f); err != nil {
			t.Errorf("an answer whose theme was merged cannot be changed: %v", err)
		}

		_, err = o.UndoChange(o.lead, merge.ID)
		must(t, err)
		if got := o.shown(a.ID, found); got != before {
			t.Errorf("after the merge was undone: %+v, want %+v", got, before)
		}
		if got := o.told(); !slices.Equal(got, []string{"ann@residents.example"}) {
			t.Errorf("after the merge was undone these are told: %q", got)
		}
	})
}

// seen is what staff and everybody see of an answer and its theme.
type seen struct {
	theme            string
	comments, agreed int
	listed           string
	bySigns, byWay   int // answers in the list of each theme
	website          string
	unanswered, came int
}

func (o *office) shown(action, comment int64) (s seen) {
	o.t.Helper()
	d, err := o.Action(o.lead, action)
	must(o.t, err)
	r, err := o.ReachableBy(o.lead, d)
	must(o.t, err)
	s.theme, s.comments, s.agreed = d.Theme.Name, d.Comments, r.Agreed
	for code, n := range map[string]*int{"signs": &s.bySigns, "way": &s.byWay} {
		theme, err := o.ThemeByCode(o.lead, code)
		must(o.t, err)
		page, err := o.Actions(o.lead, feedback.ActionFilter{Theme: theme.ID, Sort: "theme"})
		must(o.t, err)
		if *n = page.Total; page.Total > 0 {
			s.listed = page.Actions[0].ThemeName
		}
	}
	answers, err := o.Answers(o.t.Context(), "")
	must(o.t, err)
	s.website = answers[0].Theme
	due, err := o.ActionsDue(o.lead)
	must(o.t, err)
	s.unanswered = len(due.Unanswered)
	came, err := o.CameOf(o.lead, comment)
	must(o.t, err)
	s.came = len(came)
	return s
}

// told is whom the newest letter would go to.
func (o *office) told() (emails []string) {
	o.t.Helper()
	list, err := o.Audiences.Make(o.admin, audiences.Request{Rule: o.letters[len(o.letters)-1].Rule, Purpose: "recontact", About: "updates", AboutID: 1})
	must(o.t, err)
	rows, err := o.Audiences.Rows(o.admin, list.ID, audiences.RowFilter{Sort: "email"})
	must(o.t, err)
	for _, r := range rows.Rows {
		emails = append(emails, strings.ToLower(r.Email))
	}
	return emails
}

func TestAnAnswerToAThemeAnswersWhatStandsBelowIt(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		o := openOffice(t, address)
		o.Audiences.Add(o.RaisedSource())
		a := o.published(o.form())
		above := o.theme
		below, err := o.AddTheme(o.lead, feedback.ThemeForm{Name: "Signs in the car park", Code: "car-park", Parent: above.ID})
		must(t, err)
		o.theme = below
		found := o.raise(reachable("No sign in the car park.", "cat@residents.example", true))[0]
		o.theme = above

		d, err := o.Action(o.lead, a.ID)
		must(t, err)
		r, err := o.ReachableBy(o.lead, d)
		must(t, err)
		if d.Comments != 1 || r.Agreed != 1 {
			t.Errorf("%d comments, and %d people can be told", d.Comments, r.Agreed)
		}
		page, err := o.Raised(o.lead, a.ID, 1)
		must(t, err)
		if len(page.Comments) != 1 || page.Comments[0].ID != found {
			t.Errorf("from the answer one comes to %d comments", len(page.Comments))
		}
		came, err := o.CameOf(o.lead, found)
		must(t, err)
		if len(came) != 1 || came[0].ActionID != a.ID {
			t.Errorf("from the comment one comes to %+v", came)
		}
		_, err = o.Tell(o.lead, a.ID, d.Version)
		must(t, err)
		if got := o.told(); !slices.Equal(got, []string{"cat@residents.example"}) {
			t.Errorf("these are told: %q", got)
		}
	})
}

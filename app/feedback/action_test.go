package feedback_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/feedback"
)

// office is the world with a theme that people raised, and what answers need of other features.
type office struct {
	world
	t        testing.TB
	second   context.Context // a colleague of the lead
	theme    feedback.Theme
	letters  []feedback.NewLetter
	comments []int64
}

func openOffice(t testing.TB, address string) *office {
	t.Helper()
	o := &office{world: open(t, address), t: t}
	o.second = o.staff(t, "Second Reader", "engagement")
	o.Reach(feedback.Beyond{
		BeginLetter: func(_ context.Context, tx *database.Tx, l feedback.NewLetter) (id int64, err error) {
			o.letters = append(o.letters, l)
			return tx.Insert(`INSERT INTO updates (slug, kind, title, state, version, rule, purpose, created_at, updated_at) VALUES (?, 'update', ?, 'draft', 1, ?, ?, ?, ?) RETURNING id`,
				fmt.Sprint("letter-", len(o.letters)), l.Title, l.Rule.JSON(), l.Purpose, tx.Now(), tx.Now())
		},
		Letter: func(_ context.Context, id int64) (feedback.Letter, error) {
			return feedback.Letter{ID: id, Title: "A letter", State: "Draft"}, nil
		},
	})
	var err error
	o.theme, err = o.AddTheme(o.lead, feedback.ThemeForm{Name: "Signs", Code: "signs"})
	must(t, err)
	return o
}

// raise has people say something, each coded with the theme of the office.
func (o *office) raise(all ...feedback.NewComment) (ids []int64) {
	o.t.Helper()
	for _, n := range all {
		id := o.add(o.t, n)[0]
		ids = append(ids, id)
		must(o.t, o.db.Write(o.lead, func(tx *database.Tx) error {
			reading, err := tx.Insert(`INSERT INTO comment_readings (comment_id, part, verdict, read_at) VALUES (?, 'first', 'coded', ?) RETURNING id`, id, tx.Now())
			if err != nil {
				return err
			}
			return tx.Exec(`INSERT INTO codings (reading_id, comment_id, theme_id) VALUES (?, ?, ?)`, reading, id, o.theme.ID).Error
		}))
	}
	o.comments = append(o.comments, ids...)
	return ids
}

func (o *office) sql(statement string, args ...any) {
	o.t.Helper()
	must(o.t, o.db.Write(o.lead, func(tx *database.Tx) error { return tx.Exec(statement, args...).Error }))
}

// quote locks the words of a comment.
func (o *office) quote(comment int64, words string) int64 {
	o.t.Helper()
	o.sql(`UPDATE comments SET quote_ok = TRUE, redaction = 'confirmed' WHERE id = ?`, comment)
	id, err := o.ChooseQuote(o.lead, comment, words)
	must(o.t, err)
	return id
}

func (o *office) form(quotes ...int64) feedback.ActionForm {
	f := feedback.ActionForm{Theme: o.theme.ID, Title: "Signs to the blood tests", Said: "You could not find the blood test rooms.", Decided: "We will put up signs in the entrance hall.",
		State: feedback.Planned, Owner: "Head of Estates", DueDay: "30", DueMonth: "6", DueYear: "2017"}
	for _, q := range quotes {
		f.Quotes = append(f.Quotes, fmt.Sprint(q))
	}
	return f
}

// published is an answer that two people put on the website.
func (o *office) published(f feedback.ActionForm) feedback.Action {
	o.t.Helper()
	a, err := o.AddAction(o.lead, f)
	must(o.t, err)
	a, err = o.AskToPublish(o.lead, a.ID, a.Version)
	must(o.t, err)
	a, err = o.Publish(o.second, a.ID, a.Version)
	must(o.t, err)
	return a
}

func refused(t testing.TB, what string, err error, words string) {
	t.Helper()
	if fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), words) {
		t.Errorf("%s: %v, want %q", what, err, words)
	}
}

func TestAnAnswerIsPublishedByASecondPersonAndItsTextStays(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		o := openOffice(t, address)
		if o.AnyAnswers(t.Context()) {
			t.Error("the website has answers before there is one")
		}
		a, err := o.AddAction(o.lead, o.form())
		must(t, err)
		a, err = o.AskToPublish(o.lead, a.ID, a.Version)
		must(t, err)
		_, err = o.Publish(o.lead, a.ID, a.Version)
		refused(t, "published by who asked", err, "somebody else has to approve it")
		_, err = o.Publish(o.second, a.ID, a.Version-1)
		refused(t, "published as it was before", err, "Somebody else changed")
		a, err = o.Publish(o.second, a.ID, a.Version)
		must(t, err)
		if !o.AnyAnswers(t.Context()) {
			t.Error("the website does not know of the answer")
		}

		f := o.form()
		f.Decided, f.State, f.Version, f.Locality = "The signs are up.", feedback.Done, a.Version, "dacorum"
		a, err = o.ChangeAction(o.lead, a.ID, f)
		must(t, err)
		for _, locality := range []string{"", "hertsmere"} { // it was published for all areas, and still is
			if list := o.said(locality); !slices.Equal(list, []string{"Signs to the blood tests: We will put up signs in the entrance hall."}) {
				t.Errorf("while a draft is written the website says %q", list)
			}
		}
		a, err = o.AskToPublish(o.second, a.ID, a.Version)
		must(t, err)
		_, err = o.Publish(o.lead, a.ID, a.Version)
		refused(t, "published by who wrote it last", err, "You wrote this answer last")
		a, err = o.Publish(o.admin, a.ID, a.Version)
		must(t, err)
		if list := o.said("dacorum"); !slices.Equal(list, []string{"Signs to the blood tests: The signs are up."}) {
			t.Errorf("in Dacorum the website says %q", list)
		}
		if list := o.said("hertsmere"); len(list) != 0 {
			t.Errorf("in Hertsmere the website says %q", list)
		}
		_, err = o.TakeOff(o.lead, a.ID, a.Version)
		must(t, err)
		if list := o.said(""); len(list) != 0 || o.AnyAnswers(t.Context()) {
			t.Errorf("after it was taken off the website says %q", list)
		}
	})
}

// said is what the website says, a line for each answer.
func (o *office) said(locality string) (lines []string) {
	o.t.Helper()
	list, err := o.Answers(o.t.Context(), locality)
	must(o.t, err)
	for _, a := range list {
		line := a.Title + ": " + a.Decided
		for _, q := range a.Quotes {
			line += " “" + q.Words + "”"
		}
		lines = append(lines, line)
	}
	return lines
}

func TestAQuoteLeavesTheWebsiteWithItsPermissionOrItsWords(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		o := openOffice(t, address)
		for name, change := range map[string]string{
			"The permission is taken back": `UPDATE comments SET quote_ok = FALSE WHERE id = ?`, "More is struck out": `UPDATE comments SET redacted = redacted + 1 WHERE id = ?`,
			"The words are erased": `UPDATE comments SET text = '', words = '' WHERE id = ?`, "The comment is set aside": `UPDATE comments SET set_aside = 'spam' WHERE id = ?`,
		} {
			ids := o.raise(said("I walked round the hall three times. "+name), said("There is no sign at all. "+name))
			f := o.form(o.quote(ids[0], "round the hall three times"), o.quote(ids[1], "no sign at all"))
			f.Title = name
			o.published(f)
			if got := o.line(name); !strings.HasSuffix(got, "“round the hall three times” “no sign at all”") {
				t.Fatalf("the website says %q", got)
			}
			o.sql(change, ids[0])
			if got := o.line(name); strings.Contains(got, "three times") || !strings.Contains(got, "no sign at all") {
				t.Errorf("when this happens, the website says %q", got)
			}
		}
	})
}

// line is what the website says under a title.
func (o *office) line(title string) string {
	o.t.Helper()
	for _, line := range o.said("") {
		if strings.HasPrefix(line, title) {
			return line
		}
	}
	return ""
}

func TestAnAnswerHoldsOnlyLockedQuotes(t *testing.T) {
	o := openOffice(t, databasetest.SQLite(t))
	ids := o.raise(said("There is no sign at all in the hall."))
	q := o.quote(ids[0], "no sign at all")
	f := o.form()
	f.Said = `Somebody said "no sign anywhere here".`
	_, err := o.AddAction(o.lead, f)
	if got := fields(err); !strings.Contains(got["said"], "quotation marks") {
		t.Errorf("edited words in quotation marks: %v", err)
	}
	f = o.form(q)
	f.Said = `Somebody said "no sign at all".`
	if _, err = o.AddAction(o.lead, f); !strings.Contains(fields(err)["said"], "choose the quote below") {
		t.Errorf("the words of a chosen quote, which would stay when the permission goes: %v", err)
	}
	f = o.form(q)
	f.Evidence = `See "no sign at all".`
	if _, err = o.AddAction(o.lead, f); fields(err)["evidence"] == "" {
		t.Errorf("words in quotation marks as evidence: %v", err)
	}
	other, err := o.AddTheme(o.lead, feedback.ThemeForm{Name: "Parking"})
	must(t, err)
	f = o.form(q)
	f.Theme = other.ID
	_, err = o.AddAction(o.lead, f)
	if fields(err)["quotes"] == "" {
		t.Errorf("a quote about something else: %v", err)
	}
}

func fields(err error) map[string]string {
	out := map[string]string{}
	if f, ok := err.(*fault.Error); ok {
		for _, field := range f.Fields {
			out[field.Name] = field.Message
		}
	}
	return out
}

func TestABadAnswerIsToldFieldByField(t *testing.T) {
	o := openOffice(t, databasetest.SQLite(t))
	_, err := o.AddAction(o.lead, feedback.ActionForm{State: "soon", DueDay: "31", DueMonth: "2", DueYear: "2017", DoneDay: "1", DoneMonth: "2", DoneYear: "2017", Locality: "nowhere", Document: 7})
	got := fields(err)
	for _, field := range []string{"theme", "title", "state", "due_day", "done_day", "locality", "document"} {
		if got[field] == "" {
			t.Errorf("nothing is said about %s: %v", field, got)
		}
	}
	if _, err := o.AddAction(o.staff(t, "Door Keeper", "door"), o.form()); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("the door began an answer: %v", err)
	}
	f := o.form()
	f.DueDay, f.DueMonth, f.DueYear = "", "", ""
	a, err := o.AddAction(o.lead, f)
	must(t, err)
	_, err = o.AskToPublish(o.lead, a.ID, a.Version)
	refused(t, "a promise without a day", err, "by when it will be done")
}

func TestWhatIsLateAndWhatNobodyAnsweredIsNamed(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		o := openOffice(t, address)
		for i := range 10 {
			o.raise(said(fmt.Sprintf("I could not find room number %d anywhere in the building.", i)))
		}
		due, err := o.ActionsDue(o.lead)
		must(t, err)
		if len(due.Unanswered) != 1 || due.Unanswered[0].Name != "Signs" || due.Unanswered[0].Comments != 10 {
			t.Errorf("without an answer: %+v", due)
		}
		_, err = o.AddAction(o.lead, o.form())
		must(t, err)
		*o.at = time.Date(2017, 7, 1, 9, 0, 0, 0, time.UTC)
		due, err = o.ActionsDue(o.lead)
		must(t, err)
		if due.Overdue != 1 || len(due.Unanswered) != 0 {
			t.Errorf("a day late: %+v", due)
		}
		page, err := o.Actions(o.lead, feedback.ActionFilter{Overdue: true, Text: "SIGNS estates", Sort: "-title"})
		must(t, err)
		if page.Total != 1 || page.Actions[0].ThemeName != "Signs" {
			t.Errorf("the late ones: %+v", page)
		}
		if page, err = o.Actions(o.lead, feedback.ActionFilter{Text: "100%"}); err != nil || page.Total != 0 {
			t.Errorf("a sign that SQL reads finds %d: %v", page.Total, err)
		}
	})
}

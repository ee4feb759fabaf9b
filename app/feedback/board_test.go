package feedback_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/feedback"
)

// quoted is a world with two comments that are quoted in a report that was issued.
func quoted(t *testing.T, address string) (w world, comments []int64, report int64) {
	t.Helper()
	w = open(t, address)
	buses := w.topic(t, "Buses", 0)
	comments = w.add(t, said("My mother's bus never comes & we wait."), said("The last bus leaves before the clinic closes."))
	w.quotable(t, comments...)
	var quotes []int64
	for i, words := range []string{"My mother's bus never comes & we wait", "The last bus leaves"} {
		w.coded(t, comments[i], buses)
		id, err := w.ChooseQuote(w.lead, comments[i], words)
		must(t, err)
		quotes = append(quotes, id)
	}
	report, err := w.IssueBoard(w.lead, feedback.BoardForm{Title: "What people told us", By: "locality", Quotes: quotes,
		Summary: "People speak of buses.\n\nOne says: \"My mother’s bus never comes & we wait\". That is heard often."})
	must(t, err)
	return w, comments, report
}

func (w world) issued(t *testing.T, id int64) feedback.Issued {
	t.Helper()
	r, err := w.IssuedReport(w.lead, id)
	must(t, err)
	return r
}

func TestAReportIsShownByteForByteAfterTheCodebookHasChanged(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w, _, id := quoted(t, address)
		before := w.issued(t, id)
		for _, words := range []string{"Not for publishing", "<h2>In short</h2>", "<h2 class=\"next\">Since last time</h2>", "2 comments from 2 people", "“My mother&#39;s bus never comes &amp; we wait”", "Buses"} {
			if !bytes.Contains(before.Content, []byte(words)) {
				t.Errorf("the report does not say %q", words)
			}
		}
		if strings.ContainsAny(string(before.Content), "\ue0f0\ue0f1\ue0f2") {
			t.Error("signs are left in the report")
		}
		themes, err := w.Themes(w.lead)
		must(t, err)
		must(t, w.ChangeTheme(w.lead, themes[0].ID, feedback.ThemeForm{Name: "Public transport", Version: themes[0].Version}))
		into := w.topic(t, "Getting there", 0)
		must(t, w.db.Write(t.Context(), func(tx *database.Tx) error {
			return tx.Exec(`UPDATE codings SET theme_id = ?`, into).Error // as a merge does
		}))
		after := w.issued(t, id)
		if !bytes.Equal(before.Content, after.Content) || after.Now != after.Digest || after.Removed != 0 || after.Digest != hashOf(before.Content) {
			t.Error("the report has changed")
		}
		if version, _ := w.Version(w.lead); after.CodebookVersion == 0 || after.CodebookVersion >= version {
			t.Errorf("the report was issued with version %d, now it is %d", after.CodebookVersion, version)
		}
	})
}

// kept is a report as it lies in the database.
func (w world) kept(t *testing.T, id int64) (content []byte) {
	t.Helper()
	must(t, w.db.Read(t.Context()).Raw(`SELECT content FROM reports WHERE id = ?`, id).Row().Scan(&content))
	return content
}

func hashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func TestErasedWordsReadRemovedOnRequestAndAllElseIsTheSame(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w, comments, id := quoted(t, address)
		before := w.issued(t, id)
		must(t, w.db.Write(w.admin, func(tx *database.Tx) error {
			if err := w.BeforeErase(w.admin, tx, comments[:1]); err != nil {
				return err
			}
			return tx.Exec(`UPDATE comments SET text = '', words = '' WHERE id = ?`, comments[0]).Error
		}))
		want := bytes.ReplaceAll(before.Content, []byte("“My mother&#39;s bus never comes &amp; we wait”"), []byte("removed on request"))
		after := w.issued(t, id)
		if !bytes.Equal(after.Content, want) {
			t.Errorf("the report reads\n%s", after.Content)
		}
		if after.Removed != 2 || after.Digest != before.Digest || after.Now != hashOf(want) {
			t.Errorf("removed %d, hash %s", after.Removed, after.Digest)
		}
		if kept := w.kept(t, id); !bytes.Equal(kept, want) {
			t.Error("the words are still in the database")
		}
		// The other comment's place has moved; it is found and removed where it is now.
		w.exec(t, `UPDATE comments SET quote_ok = FALSE WHERE id = ?`, comments[1])
		if got := w.issued(t, id); bytes.Contains(got.Content, []byte("The last bus")) || got.Removed != 3 {
			t.Errorf("permission was withdrawn, and the report reads\n%s", got.Content)
		}
		must(t, w.RequoteJob().Run(w.admin))
		want = bytes.ReplaceAll(want, []byte("“The last bus leaves”"), []byte("removed on request"))
		if kept := w.kept(t, id); !bytes.Equal(kept, want) {
			t.Errorf("the database holds\n%s", kept)
		}
		w.quotable(t, comments[1])
		if got := w.issued(t, id); !bytes.Equal(got.Content, want) {
			t.Error("words came back after they were removed")
		}
	})
}

func TestWhatIsNoChosenQuoteCannotStandInQuotationMarks(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w, _, _ := quoted(t, address)
		quotes, err := w.Quotes(w.lead, feedback.QuoteFilter{})
		must(t, err)
		form := feedback.BoardForm{Title: "Buses", By: "locality", Quotes: []int64{quotes[1].ID}, Summary: `They say "The last bus leaves early".`}
		_, err = w.IssueBoard(w.lead, form)
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("edited words: %v", err)
		}
		form.Summary = `They say "The last bus leaves".`
		if _, err = w.IssueBoard(w.lead, form); err != nil {
			t.Errorf("the quote itself: %v", err)
		}
		form.Summary = "> The last bus leaves"
		if _, err = w.IssueBoard(w.lead, form); fault.KindOf(err) != fault.Invalid {
			t.Errorf("the quote itself as a line that nothing would take out again: %v", err)
		}
		for _, signs := range []feedback.BoardForm{{Title: "Buses \ue0f0", Summary: "They wait."}, {Title: "Buses", Summary: "They \ue0f01\ue0f1wait."}} {
			if _, err = w.IssueBoard(w.lead, signs); fault.KindOf(err) != fault.Invalid {
				t.Errorf("the signs by which the report knows places: %v", err)
			}
		}
		form.Title = " "
		if _, err = w.IssueBoard(w.lead, form); fault.KindOf(err) != fault.Invalid {
			t.Errorf("no title: %v", err)
		}
	})
}

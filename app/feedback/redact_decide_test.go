package feedback_test

import (
	"strings"
	"testing"

	"conversations/app/audit"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/feedback"
	"conversations/app/feedback/redact"
)

func TestAPersonConfirmsWhatIsStruckOut(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		id := w.add(t, said("Ask Dr Example at Über Road. Wendy knows; wendy told Wendyville. Ring 01632 960123."))[0]
		r, err := w.Redacting(w.lead, id)
		must(t, err)
		if len(r.Findings) != 2 {
			t.Fatalf("found %+v", r.Findings)
		}
		err = w.Redact(w.lead, id, 1, feedback.Decisions{Words: "Zebedee", Confirm: true})
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("words that are not there: %v", err)
		}
		must(t, w.Redact(w.lead, id, 1, feedback.Decisions{Back: []int64{r.Findings[0].ID}, Words: "WENDY\n\n", Kind: redact.Name}))
		c, err := w.Comment(w.lead, id)
		must(t, err)
		if want := "Ask Dr Example at Über Road. [name] knows; [name] told Wendyville. Ring [telephone number]."; c.Text != want || c.Redaction != feedback.Found || c.Redacted != 2 {
			t.Errorf("left is %q, %s, change %d", c.Text, c.Redaction, c.Redacted)
		}
		if err := w.Redact(w.admin, id, 1, feedback.Decisions{Confirm: true}); fault.KindOf(err) != fault.Conflict {
			t.Errorf("on top of what somebody else did: %v", err)
		}
		at := strings.Index(r.Original, "Über Road")
		if err := w.Redact(w.lead, id, 2, feedback.Decisions{Strike: []feedback.Stretch{{Start: at + 1, End: at + 4}}}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("half a letter: %v", err)
		}
		must(t, w.Redact(w.lead, id, 2, feedback.Decisions{Back: []int64{r.Findings[0].ID}, Strike: []feedback.Stretch{{Start: at, End: at + len("Über Road")}}, Kind: redact.Address, Confirm: true}))
		c, err = w.Comment(w.lead, id)
		must(t, err)
		if want := "Ask Dr Example at [address]. [name] knows; [name] told Wendyville. Ring [telephone number]."; c.Text != want || c.Redaction != feedback.Confirmed || c.ConfirmedBy == nil {
			t.Errorf("confirmed is %q, %s", c.Text, c.Redaction)
		}
		found, err := w.Comments(w.lead, feedback.Filter{Text: "Road"})
		must(t, err)
		if found.Total != 0 {
			t.Error("what was struck out is still found")
		}
		if _, err := w.Redacting(w.lead, id); fault.KindOf(err) != fault.Conflict {
			t.Errorf("the original is open after it was confirmed: %v", err)
		}
	})
}

func TestTheOriginalIsOpenedByAnAdministratorWhoSaysWhy(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	id := w.add(t, said("I am Mrs Dora Example"))[0]
	for _, try := range []struct {
		what   string
		who    int
		reason string
		kind   fault.Kind
	}{{"an engagement lead", 0, "I want to check the name", fault.Forbidden}, {"no reason", 1, " ", fault.Invalid}, {"hardly a reason", 1, "because", fault.Invalid}} {
		ctx := w.lead
		if try.who == 1 {
			ctx = w.admin
		}
		if _, err := w.OpenOriginal(ctx, id, try.reason); fault.KindOf(err) != try.kind {
			t.Errorf("%s: %v", try.what, err)
		}
	}
	text, err := w.OpenOriginal(w.admin, id, "The police ask who wrote it")
	must(t, err)
	if text != "I am Mrs Dora Example" {
		t.Errorf("opened %q", text)
	}
	entries, err := w.CommentHistory(w.lead, id)
	must(t, err)
	last := entries[len(entries)-1]
	if last.Action != "comment.open_original" || last.ActorID != audit.ActorFrom(w.admin).ID || !strings.Contains(last.Details, "police") {
		t.Errorf("the log says %+v", last)
	}

}

func TestTheNextToCheckComesRoundAgain(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	ids := w.add(t, said("One thing"), said("Another thing"), said("A third thing"))
	must(t, w.Redact(w.lead, ids[1], 1, feedback.Decisions{Confirm: true}))
	must(t, w.SetCommentAside(w.lead, ids[2], 1, "A test"))
	for _, after := range []int64{0, ids[0], ids[2]} {
		next, left, err := w.NextToRedact(w.lead, after)
		must(t, err)
		if next != ids[0] || left != 1 {
			t.Errorf("after %d comes %d of %d", after, next, left)
		}
	}
	must(t, w.Redact(w.lead, ids[0], 1, feedback.Decisions{Confirm: true}))
	if next, left, err := w.NextToRedact(w.lead, 0); next != 0 || left != 0 || err != nil {
		t.Errorf("when all are checked comes %d of %d, %v", next, left, err)
	}
}

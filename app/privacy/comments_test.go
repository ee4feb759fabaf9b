package privacy_test

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"conversations/app/audit"
	"conversations/app/bookings"
	"conversations/app/fault"
	"conversations/app/feedback"
)

const (
	herQuote   = "the wyvernstair is steep & has no rail"
	otherQuote = "the lift was out of order"
)

// heard is what she and a neighbour said, coded, quoted in a report that was issued and in an answer on the website.
type heard struct {
	*world
	lead           context.Context
	hers, question int64 // comments
	other          int64
	merge          int64 // of themes, after the report
	report         int64
	answer         string // its title
}

func (w *world) colleague(role string) context.Context {
	w.write(`INSERT INTO staff (email, name, role, password_hash, active, created_at, updated_at) VALUES (?, ?, ?, '', TRUE, ?, ?)`, role+"@office.example", "The "+role, role, w.now(), w.now())
	id := w.number(`SELECT max(id) FROM staff`)
	return audit.WithActor(context.Background(), audit.Actor{Kind: audit.Staff, ID: int64(id), Name: "The " + role, Role: role})
}

func listen(w *world) *heard {
	w.t.Helper()
	h := &heard{world: w, lead: w.colleague("engagement"), answer: "A rail on the stairs"}
	w.Config.Feedback.DoubleShare = 0
	w.book(bookings.Request{Name: "Zenobia Quixley", Email: herMail, Phone: herPhone, People: 1, Question: "Why is the grumbleford closed?", QuoteOK: true, Recontact: true})
	w.write(`UPDATE events SET status = 'held'`)
	w.later(20 * 24 * time.Hour)
	w.done(second(w.Feedback.TakeIn(h.lead)))
	h.question = int64(w.number(`SELECT id FROM comments WHERE source = 'question'`))
	h.hers = h.says("Zenobia Quixley", herMail, "I think "+herQuote+". Mrs Quixley of marmaladehat.")
	h.other = h.says("Anna Neighbour", "anna@residents.example", "In January "+otherQuote+".")

	stairs, rooms := h.theme("Stairs"), h.theme("Rooms")
	for _, id := range []int64{h.question, h.hers, h.other} {
		h.code(id, stairs)
	}
	quotes := []int64{h.quote(h.hers, herQuote), h.quote(h.other, otherQuote)}
	var err error
	h.report, err = w.Feedback.IssueBoard(h.lead, feedback.BoardForm{Title: "What people told us", By: "locality", Quotes: quotes, Summary: `One says "` + herQuote + `", another "` + otherQuote + `".`})
	w.done(err)
	h.publish(stairs, quotes)
	change, err := w.Feedback.MergeThemes(h.lead, stairs, rooms, 0, 0)
	w.done(err)
	h.merge = change.ID
	return h
}

func (w *world) done(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("%v", err)
	}
}

func second[T any](_ T, err error) error { return err }

// says is a comment that staff typed in, and in which somebody checked what is struck out.
func (h *heard) says(name, email, text string) int64 {
	h.t.Helper()
	id, err := h.Feedback.AddByHand(h.lead, feedback.ByHand{Attributes: feedback.Attributes{Source: feedback.FromTelephone, Locality: "dacorum", QuoteOK: true, Recontact: true}, Text: text, Name: name, Email: email})
	h.done(err)
	h.done(h.Feedback.Redact(h.lead, id, 1, feedback.Decisions{Confirm: true}))
	return id
}

func (h *heard) theme(name string) int64 {
	h.t.Helper()
	t, err := h.Feedback.AddTheme(h.lead, feedback.ThemeForm{Name: name})
	h.done(err)
	return t.ID
}

func (h *heard) code(comment, theme int64) {
	h.t.Helper()
	id := strconv.FormatInt(theme, 10)
	h.done(second(h.Feedback.Code(h.lead, comment, feedback.CodingForm{Verdict: "coded", Themes: []string{id}, Parts: []string{id + ":2:7"}, Tone: "negative", Redacted: h.number(`SELECT redacted FROM comments WHERE id = ?`, comment)})))
}

func (h *heard) quote(comment int64, words string) int64 {
	h.t.Helper()
	id, err := h.Feedback.ChooseQuote(h.lead, comment, words)
	h.done(err)
	return id
}

func (h *heard) publish(theme int64, quotes []int64) {
	h.t.Helper()
	f := feedback.ActionForm{Theme: theme, Title: h.answer, Said: "The stairs are hard to climb.", Decided: "There will be a rail.", State: feedback.Planned, Owner: "Head of Estates", DueDay: "30", DueMonth: "6", DueYear: "2017"}
	for _, q := range quotes {
		f.Quotes = append(f.Quotes, strconv.FormatInt(q, 10))
	}
	a, err := h.Feedback.AddAction(h.lead, f)
	h.done(err)
	a, err = h.Feedback.AskToPublish(h.lead, a.ID, a.Version)
	h.done(err)
	h.done(second(h.Feedback.Publish(h.ctx, a.ID, a.Version)))
}

// onTheWebsite are the quotes of the answer that everybody reads.
func (h *heard) onTheWebsite() (words []string) {
	h.t.Helper()
	answers, err := h.Feedback.Answers(context.Background(), "")
	h.done(err)
	for _, q := range answers[0].Quotes {
		words = append(words, q.Words)
	}
	return words
}

func (h *heard) issued() []byte {
	h.t.Helper()
	r, err := h.Feedback.IssuedReport(h.lead, h.report)
	h.done(err)
	return r.Content
}

// removed is a report with what stands for words in the place of words.
func removed(report []byte, words string) []byte {
	return bytes.ReplaceAll(report, []byte("“"+strings.ReplaceAll(words, "&", "&amp;")+"”"), []byte("removed on request"))
}

func TestWhatSomebodySaidGoesFromEverywhereAndNothingBringsItBack(t *testing.T) {
	both(t, func(t *testing.T, w *world, address string) {
		h := listen(w)
		before := h.issued()
		if n := bytes.Count(before, []byte("wyvernstair")); n != 2 || len(h.onTheWebsite()) != 2 {
			t.Fatalf("before, her words stand %d times in the report, and the website has %q", n, h.onTheWebsite())
		}
		counts := w.number(`SELECT count(*) FROM comments`)*100 + w.number(`SELECT count(*) FROM codings`)
		w.done(second(w.Privacy.Erase(w.ctx, w.order(herMail, herPhone))))

		want := removed(before, herQuote)
		if got := h.issued(); !bytes.Equal(got, want) || bytes.Equal(want, before) {
			t.Errorf("the report reads now\n%s", got)
		}
		if got := h.onTheWebsite(); !slices.Equal(got, []string{otherQuote}) {
			t.Errorf("on the website is quoted %q", got)
		}
		if n := w.number(`SELECT count(*) FROM comments`)*100 + w.number(`SELECT count(*) FROM codings`); n != counts {
			t.Errorf("counts have changed from %d to %d", counts, n)
		}
		if _, err := w.Feedback.OpenOriginal(w.ctx, h.hers, "To see whether it is gone"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the original is still there: %v", err)
		}

		w.done(second(w.Feedback.UndoChange(h.lead, h.merge)))
		for range 3 {
			_, _ = w.Feedback.Undo(h.lead) // her comments can no longer be coded: whatever is answered, no word comes back
		}
		w.done(second(w.Feedback.TakeIn(h.lead)))
		w.done(w.Feedback.RequoteJob().Run(w.ctx))
		w.done(w.Feedback.ChangeComment(h.lead, h.hers, int64(w.number(`SELECT version FROM comments WHERE id = ?`, h.hers)), feedback.Attributes{Source: feedback.FromTelephone, QuoteOK: true}))
		if got := h.issued(); !bytes.Equal(got, want) {
			t.Error("undoing changed the report")
		}
		w.done(w.DB.Clean(w.ctx))
		if found := scan(t, w, address); len(found) > 0 {
			t.Errorf("the database still holds %q", found)
		}
	})
}

func TestPermissionThatIsTakenBackGoesFromReportsAndTheWebsiteForGood(t *testing.T) {
	both(t, func(t *testing.T, w *world, _ string) {
		h := listen(w)
		want := removed(h.issued(), otherQuote)
		allow := func(yes bool) {
			t.Helper()
			version := int64(w.number(`SELECT version FROM comments WHERE id = ?`, h.other))
			w.done(w.Feedback.ChangeComment(h.lead, h.other, version, feedback.Attributes{Source: feedback.FromTelephone, Locality: "dacorum", QuoteOK: yes, Recontact: true}))
		}
		for _, yes := range []bool{false, true} {
			allow(yes)
			if got := h.issued(); !bytes.Equal(got, want) {
				t.Errorf("with permission %v the report reads\n%s", yes, got)
			}
			if got := h.onTheWebsite(); !slices.Equal(got, []string{herQuote}) {
				t.Errorf("with permission %v on the website is quoted %q", yes, got)
			}
		}
	})
}

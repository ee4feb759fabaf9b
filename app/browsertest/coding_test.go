package browsertest_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"conversations/app/browsertest"
	"conversations/app/database"
	"conversations/app/feedback"
)

// coding are comments, themes and how some of the comments are coded.
type coding struct {
	comments []int64
	themes   []feedback.Theme
	coded    int64 // by one person
	blind    int64 // waits for a second
	dispute  int64 // about which two differ
}

// makeCodedComments takes comments in, and makes a small codebook.
func (w *world) makeCodedComments(n int) {
	w.t.Helper()
	s := w.App.Feedback
	must(w.t, w.App.DB.Write(w.Ctx(), func(tx *database.Tx) error {
		w.coding.comments = nil
		for i := range n {
			text := []string{"The bus to the clinic was late, so I missed my appointment (%d).", "There is no parking near the surgery after nine (%d).", "I waited three hours to be seen (%d).",
				"The nurse was kind and explained everything (%d).", "Nobody told me what happens next (%d)."}[i%5]
			id, _, err := s.AddTx(w.Ctx(), tx, feedback.NewComment{Source: feedback.FromLetter, SourceKey: fmt.Sprint("coding:", i), Text: fmt.Sprintf(text, i+1), Locality: "dacorum", Service: "Urgent care",
				About: "What would make it better?", Equality: map[string]string{"age": "65-74"}})
			if err != nil {
				return err
			}
			w.coding.comments = append(w.coding.comments, id)
		}
		return nil
	}))
	top := int64(0)
	for _, f := range []feedback.ThemeForm{{Name: "Getting there", Definition: "How people come to a place of care."}, {Name: "Bus and train"}, {Name: "Parking"}, {Name: "Waiting"}, {Name: "Kindness of staff"}, {Name: "Being told what happens"}} {
		if f.Name == "Bus and train" || f.Name == "Parking" {
			f.Parent = top
		}
		theme, err := s.AddTheme(w.Ctx(), f)
		must(w.t, err)
		if top == 0 {
			top = theme.ID
		}
		w.coding.themes = append(w.coding.themes, theme)
	}
}

// makeCoding has some of the comments coded: by one person, drawn for a second, and in dispute.
func (w *world) makeCoding() {
	w.t.Helper()
	w.makeCodedComments(14)
	s, c := w.App.Feedback, &w.coding
	share := w.App.Config.Feedback.DoubleShare
	f := func(theme int) feedback.CodingForm {
		return feedback.CodingForm{Verdict: "coded", Themes: []string{number(c.themes[theme].ID)}, Parts: []string{number(c.themes[theme].ID) + ":4:7"}, Redacted: 1, Tone: "negative", Offered: number(c.themes[theme].ID)}
	}
	w.App.Config.Feedback.DoubleShare = 0
	for i, theme := range []int{1, 2, 3} {
		must(w.t, second(s.Code(w.Ctx(), c.comments[i], f(theme))))
	}
	w.App.Config.Feedback.DoubleShare = 100
	must(w.t, second(s.Code(w.Ctx(), c.comments[3], f(4))))
	must(w.t, second(s.Code(w.Ctx(), c.comments[4], f(5))))
	must(w.t, second(s.CodeAgain(w.Ctx(), c.comments[4], f(1))))
	w.App.Config.Feedback.DoubleShare = share
	c.coded, c.blind, c.dispute = c.comments[0], c.comments[3], c.comments[4]
	must(w.t, s.Learn(w.Ctx()))
	must(w.t, s.Measure(w.Ctx()))
}

// codingPaths are the pages of coding.
func (w *world) codingPaths() map[string][]string {
	const home = "/staff/feedback"
	paths := map[string][]string{
		home + "/code": {home + "/code", home + "/code?comment=" + number(w.coding.coded), home + "/code?locality=hertsmere&order=uncertain"},
		home + "/grid": {home + "/grid", home + "/grid?coded=yes&q=bus"}, home + "/differences/:id": {home + "/differences/" + number(w.coding.dispute)},
	}
	for _, alone := range []string{"/second", "/differences", "/agreement", "/meter", "/new-themes"} {
		paths[home+alone] = []string{home + alone}
	}
	return paths
}

// codingForms are codings that are refused.
func (w *world) codingForms() []sight {
	const home = "/staff/feedback"
	form := url.Values{"verdict": {"coded"}, "theme": {number(w.coding.themes[3].ID)}, "version": {"0"}, "redacted": {"1"}}
	return []sight{
		{path: home + "/code/" + number(w.coding.comments[8]), staff: true, from: "/staff", status: 422, send: url.Values{"verdict": {"coded"}, "excerpt": {"nothing"}, "excerpt_theme": {"1"}, "tone": {"loud"}}},
		{path: home + "/code/" + number(w.coding.coded), staff: true, from: "/staff", status: 409, send: form},
		{path: home + "/second/" + number(w.coding.blind), staff: true, from: "/staff", status: 422, send: url.Values{"verdict": {""}}},
		{path: home + "/differences/" + number(w.coding.dispute), staff: true, from: "/staff", status: 422, send: url.Values{"verdict": {""}}},
		{path: home + "/grid", staff: true, from: "/staff", status: 422, send: url.Values{"do": {"add"}}},
	}
}

// codingPictures are those of the guide's page about coding.
func (w *world) codingPictures(p *browsertest.Page) {
	w.makeCoding()
	for _, s := range []struct{ name, path string }{{"coding", "/code?comment=" + number(w.coding.comments[6])}, {"coding-grid", "/grid"}, {"coding-difference", "/differences/" + number(w.coding.dispute)}, {"coding-agreement", "/agreement"}} {
		p.Go("/staff/feedback" + s.path)
		p.Shot(s.name)
	}
}

// Ten comments are coded by keys alone, one after the other: by a number, by finding, with tone and an excerpt, none, cannot
// decide, and an undoing. How fast keys are answered is for the benchmark; here it is told.
func TestTenCommentsAreCodedByKeyboard(t *testing.T) {
	w := newDemo(t)
	w.App.Config.Feedback.DoubleShare = 0
	w.makeCodedComments(13)
	must(t, w.App.Feedback.Learn(w.Ctx()))
	p := browsertest.Open(t, w.Site, browsertest.WithScript)
	p.Resize(1280, 800)
	p.SignIn(w.admin.Email, w.admin.Password)
	p.Go("/staff/feedback/code")
	browsertest.Eval[bool](p, `(() => {
		window.times = []
		let began = 0, comment = ''
		const now = () => document.querySelector('[data-coding]')?.dataset.comment
		addEventListener('keydown', (event) => { if (event.key === 'Enter') { began = performance.now(); comment = now() } }, true)
		new MutationObserver(() => {
			if (began && now() !== comment) {
				const since = began
				began = 0
				requestAnimationFrame(() => window.times.push(performance.now() - since))
			}
		}).observe(document.body, { childList: true, subtree: true })
		return true
	})()`)
	comment := func() string {
		return browsertest.Eval[string](p, `document.querySelector('[data-coding]').dataset.comment`)
	}
	var coded []string
	code := func(keys string) {
		t.Helper()
		here := comment()
		p.Eventually("the next comment has come", `performance.getEntriesByType('resource').filter((one) => one.initiatorType === 'fetch').length > window.times.length`)
		p.Keys(keys)
		p.Keys(kb.Enter)
		p.Eventually("the screen shows another comment", fmt.Sprintf(`document.querySelector('[data-coding]').dataset.comment !== %q`, here))
		if slices.Contains(coded, here) {
			t.Errorf("comment %s came twice", here)
		}
		coded = append(coded, here)
	}
	code("1")
	code("1pq")
	code("12n")
	code("/park" + kb.Enter + "m")
	code("0")
	code("c")
	browsertest.Eval[bool](p, `(() => {
		const text = document.querySelector('[data-text]').firstChild
		getSelection().setBaseAndExtent(text, 0, text, 3)
		return true
	})()`)
	code("2e")
	code("3t")
	code("/kind" + kb.Enter + "/wait" + kb.Enter)
	code("/told" + kb.Enter)
	var stored []struct {
		ID       int64
		Verdict  string
		Tone     string
		Quotable bool
		Themes   int
		Parts    int
	}
	read := func() {
		must(t, w.App.DB.Read(t.Context()).Raw(`SELECT r.comment_id AS id, r.verdict, r.tone, r.quotable, count(k.id) AS themes, coalesce(sum(CASE WHEN k.end_at > 0 THEN 1 ELSE 0 END), 0) AS parts
			FROM comment_readings r LEFT JOIN codings k ON k.reading_id = r.id WHERE r.counts GROUP BY r.id ORDER BY r.id`).Scan(&stored).Error)
	}
	p.Eventually("all is sent", `true`)
	for range 100 {
		if read(); len(stored) == 10 {
			break
		}
		p.Eventually("a moment has passed", `new Promise((done) => setTimeout(() => done(true), 20))`)
	}
	want := []string{"coded  false 1 0", "coded positive true 1 0", "coded negative false 2 0", "coded mixed false 1 0", "none  false 0 0", "undecided  false 0 0", "coded  false 1 1", "coded neutral false 1 0", "coded  false 2 0", "coded  false 1 0"}
	for i, s := range stored {
		if got := fmt.Sprint(s.Verdict, " ", s.Tone, " ", s.Quotable, " ", s.Themes, " ", s.Parts); i >= len(want) || got != want[i] || number(s.ID) != coded[i] {
			t.Errorf("comment %d is stored as %q, number %d", s.ID, got, i)
		}
	}
	if len(stored) != 10 {
		t.Errorf("%d comments are stored", len(stored))
	}
	times := browsertest.Eval[[]float64](p, `window.times`)
	slices.Sort(times)
	t.Logf("from key to the next comment: median %.0f ms, most %.0f ms", times[len(times)/2], times[len(times)-1])
	p.Keys("u")
	p.Eventually("the last comment is back", fmt.Sprintf(`document.querySelector('[data-coding]').dataset.comment === %q`, coded[9]))
	if banner := browsertest.Eval[string](p, `document.querySelector('.app-flash').innerText`); !strings.Contains(banner, "Your last step is undone") {
		t.Errorf("after undoing is said %q", banner)
	}
}

func TestACommentIsCodedWithoutScript(t *testing.T) {
	w := newDemo(t)
	w.App.Config.Feedback.DoubleShare = 0
	w.makeCodedComments(2)
	p := browsertest.Open(t, w.Site, browsertest.ScriptBlocked)
	p.SignIn(w.admin.Email, w.admin.Password)
	comment := number(w.coding.comments[0])
	p.Go("/staff/feedback/code?comment=" + comment)
	p.Tick("Parking")
	p.Tick("Waiting")
	p.Tick("Negative")
	p.Unfold("Mark words of the comment")
	p.Choose("Theme that the words show", "Waiting")
	p.Fill("The words", "bus to the clinic")
	if status := p.Click("Save and go on"); status != 200 {
		t.Fatalf("saving was answered with %d:\n%s", status, p.Text())
	}
	if next := browsertest.Eval[string](p, `document.querySelector('[data-coding]').dataset.comment`); next == comment {
		t.Error("the same comment came again")
	}
	p.Click("Undo my last step")
	p.Shows("The bus to the clinic")
	if page := browsertest.Eval[string](p, `document.body.innerText`); !strings.Contains(page, "Your last step is undone: comment "+comment) {
		t.Errorf("after undoing is said %q", page)
	}
	var steps int
	must(t, w.App.DB.Read(t.Context()).Raw("SELECT count(*) FROM coding_steps").Scan(&steps).Error)
	if steps != 2 {
		t.Errorf("a coding and its undoing are %d steps", steps)
	}
}

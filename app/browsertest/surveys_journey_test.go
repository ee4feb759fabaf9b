package browsertest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"conversations/app/apptest"
	"conversations/app/browsertest"
	"conversations/app/surveys"
)

const (
	whereTo  = "How easy was it to know where to go?"
	services = "West Herts Medical Centre\nNHS 111\nMinor injuries unit, St Albans\nUrgent care centre, Hemel Hempstead\nA&E, Watford"
)

// The survey about five urgent care services is built through the pages and answered in three ways: with script, with
// none, and by keyboard alone; wide and narrow. Each page on the way is looked at as every page is.
func TestTheUrgentCareSurveyIsBuiltAndAnsweredInABrowser(t *testing.T) {
	site := apptest.Start(t)
	staff := browsertest.Open(t, site, browsertest.ScriptDisabled)
	staff.SignIn("admin@example.org", admin(t, site))
	buildUrgentCare(staff)
	path := "/surveys/" + builtSlug(t, site)

	for name, c := range map[string]struct {
		mode  browsertest.Mode
		width int64
		do    func(*testing.T, *browsertest.Page, browsertest.Mode)
	}{
		"with script, narrow":          {browsertest.WithScript, 390, answerByMouse},
		"with no script, wide":         {browsertest.ScriptDisabled, 1280, answerByMouse},
		"by keyboard alone, narrow":    {browsertest.WithScript, 390, answerByKeyboard},
		"with no script of ours, wide": {browsertest.ScriptBlocked, 1280, answerByMouse},
	} {
		t.Run(name, func(t *testing.T) {
			p := browsertest.Open(t, site, c.mode)
			p.Resize(c.width, 844)
			p.Go(path)
			looked(t, p, c.mode)
			c.do(t, p, c.mode)
			p.Shows("Your answers are sent", "Thank you for helping us")
			looked(t, p, c.mode)
		})
	}
	staff.Go("/staff/surveys/1/results")
	staff.Shows("4 people have answered", "West Herts Medical Centre", "A&E, Watford")
}

func buildUrgentCare(p *browsertest.Page) {
	p.Go("/staff/surveys")
	p.Click("Make a new survey")
	p.Fill("Title", "Your experience of urgent care")
	p.Fill("What people read first (optional)", "It takes five minutes.")
	p.Fill("What people read at the end (optional)", "Thank you for helping us.")
	p.Click("Save")
	p.Shows("Draft", "Section 1 has no question")
	addQuestion(p, "Add a question to section 1", "One of several answers", func() {
		p.Fill("Question", "Have you used an urgent care service in the last year?")
		p.Tick("It must be answered")
		p.Fill("Add answers", "Yes\nNo")
	})
	p.Click("Add a section")
	p.Fill("Title (optional)", "How it was")
	p.Choose("Show this section", `If "Yes" to: Have you used`)
	p.Click("Save")
	addQuestion(p, "Add a question to section 2", "A grid: rows, each with one answer", func() {
		p.Fill("Question", "How was each service?")
		p.Fill("Add answers", "Good\nPoor\nI did not use it")
		p.Fill("Add what is asked about", services)
	})
	addQuestion(p, "Add a question to section 2", "Longer text", func() { p.Fill("Question", "What would have made it better?") })
	addQuestion(p, "Add a question to section 2", "A scale", func() {
		p.Fill("Question", whereTo)
		p.Fill("What the lowest step means", "Very hard")
		p.Fill("What the highest step means", "Very easy")
	})
	p.Click("Move up : " + whereTo)
	p.Click("Add the equality questions")
	p.Shows("About you")
	p.Click("Preview")
	p.Shows("A&E, Watford", "We do not read this at once")
	p.Click("Back to the survey")
	p.Click("Open the survey")
	p.Shows("Open", "People answer at")
}

// addQuestion adds a question of a kind to a section, and fills in what do fills in.
func addQuestion(p *browsertest.Page, link, kind string, do func()) {
	p.Click(link)
	p.Tick(kind)
	p.Click("Continue")
	do()
	p.Click("Save")
}

func builtSlug(t *testing.T, site *apptest.Site) string {
	t.Helper()
	page, err := site.App.Surveys.List(site.Ctx(), surveys.ListFilter{})
	must(t, err)
	return page.Surveys[0].Slug
}

// looked looks at a page as at every page: by axe, for the policy, and for its width.
func looked(t *testing.T, p *browsertest.Page, mode browsertest.Mode) {
	t.Helper()
	var faults []string
	if mode != browsertest.ScriptDisabled { // the check is script itself
		faults = p.AxeAgain()
	}
	for _, fault := range append(append(faults, p.Sideways()...), p.Problems()...) {
		t.Errorf("%s: %s", p.Heading(), fault)
	}
}

func answerByMouse(t *testing.T, p *browsertest.Page, mode browsertest.Mode) {
	p.Click("Start")
	if status := p.Click("Continue"); status != 422 {
		t.Fatalf("with nothing answered: %d", status)
	}
	p.Shows("There is a problem", "Choose an answer: Have you used an urgent care service in the last year")
	looked(t, p, mode)
	p.Tick("Yes")
	p.Click("Continue")
	p.Shows("How it was", "We do not read this at once", "999", "111")
	p.TickIn("A&E, Watford", "Poor")
	p.TickIn("NHS 111", "Good")
	p.TickIn(whereTo, "4")
	p.Fill("What would have made it better? (optional)", "Shorter waits")
	p.Click("Save and come back later")
	p.Shows("Your answers are saved")
	looked(t, p, mode)
	back := browsertest.Eval[string](p, `document.querySelector('.nhsuk-inset-text a').href`)
	p.Go(back)
	if text := p.Value("What would have made it better? (optional)"); text != "Shorter waits" {
		t.Errorf("come back, the text is %q", text)
	}
	p.Click("Continue")
	p.Shows("About you")
	p.Click("Back")
	p.Shows("How it was")
	p.Click("Continue")
	p.TickIn("What is your sex? (optional)", "I prefer not to say")
	looked(t, p, mode)
	p.Click("Send my answers")
}

// answerByKeyboard uses Tab, the arrows, Space and Enter, and nothing else.
func answerByKeyboard(t *testing.T, p *browsertest.Page, mode browsertest.Mode) {
	tabTo(t, p, "Start")
	p.KeysLoad(kb.Enter)
	tabTo(t, p, "Yes")
	p.Keys(" ")
	tabTo(t, p, "Continue")
	p.KeysLoad(kb.Enter)
	for i, row := range strings.Split(services, "\n") {
		tabTo(t, p, "Good")
		p.Keys(" " + strings.Repeat(kb.ArrowDown, i%3))
		chosen := browsertest.Eval[string](p, `document.activeElement.closest('fieldset').querySelector('legend').innerText.trim() + ': ' + document.activeElement.labels[0].innerText.trim()`)
		if want := row + ": " + []string{"Good", "Poor", "I did not use it"}[i%3]; chosen != want {
			t.Errorf("the keys choose %q and not %q", chosen, want)
		}
	}
	tabTo(t, p, "1")
	p.Keys(" " + kb.ArrowDown)
	tabTo(t, p, "What would have made it better?")
	p.Keys("Somebody to ask")
	looked(t, p, mode)
	tabTo(t, p, "Continue")
	p.KeysLoad(kb.Enter)
	tabTo(t, p, "Send my answers")
	p.KeysLoad(kb.Enter)
}

func TestQuestionsAreDraggedIntoAnotherOrder(t *testing.T) {
	site := apptest.Start(t)
	ctx, s := site.Ctx(), site.App.Surveys
	survey, err := s.Create(ctx, surveys.SurveyForm{Title: "In order"})
	must(t, err)
	f, err := s.FormOf(ctx, survey.ID, "")
	must(t, err)
	for _, label := range []string{"First?", "Second?", "Third?"} {
		must(t, second(s.AddQuestion(ctx, survey.ID, f.Sections[0].ID, surveys.QuestionForm{Kind: "yes-no", Label: label})))
	}
	p := browsertest.Open(t, site, browsertest.WithScript)
	p.SignIn("admin@example.org", admin(t, site))
	p.Go(fmt.Sprintf("/staff/surveys/%d", survey.ID))
	p.Drag("ol li:nth-child(1) .app-handle", "ol li:nth-child(3)")
	f, err = s.FormOf(ctx, survey.ID, "")
	must(t, err)
	var order []string
	for _, q := range f.Sections[0].Questions {
		order = append(order, q.Words.Title)
	}
	if got := strings.Join(order, " "); got != "Second? Third? First?" {
		t.Errorf("dragged, the order is %s", got)
	}
}

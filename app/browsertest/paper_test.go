package browsertest_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"conversations/app/audit"
	"conversations/app/browsertest"
	"conversations/app/surveys"
)

// paper are batches of forms of the world's survey.
type paper struct {
	home           string
	batch          surveys.Batch // open, every form drawn
	closed, aside  surveys.Batch
	differs, drawn surveys.Entered // entered twice, and once
	question       surveys.FormQuestion
	file           surveys.Intake // with a row that cannot be used
}

// makePaper enters forms of the world's survey: some twice, with a difference.
func (w *world) makePaper() {
	w.t.Helper()
	ctx, s, id := w.Ctx(), w.App.Surveys, w.survey.Survey.ID
	w.paper.home = "/staff/surveys/" + number(id) + "/paper"
	batch := func(name string) surveys.Batch {
		b, err := s.NewBatch(ctx, id, surveys.BatchForm{Name: name, Channel: "paper", Share: "100", Forms: "60", Locality: "dacorum", Day: "28", Month: "2", Year: "2017"})
		must(w.t, err)
		return b
	}
	w.paper.batch, w.paper.closed, w.paper.aside = batch("Hemel Hempstead library, first box"), batch("Health fair"), batch("Copies")
	w.paper.question = w.survey.Sections[1].Questions[2]
	entry := func(step int64) surveys.Entry {
		return surveys.Entry{Answers: surveys.Answers{w.paper.question.ID: {Number: &step}}}
	}
	var err error
	w.paper.drawn, err = s.EnterForm(ctx, id, w.paper.batch.ID, entry(2))
	must(w.t, err)
	w.paper.differs, err = s.EnterForm(ctx, id, w.paper.batch.ID, entry(3))
	must(w.t, err)
	must(w.t, second(s.EnterAgain(ctx, id, w.paper.batch.ID, w.paper.differs.ID, entry(4))))
	must(w.t, s.CloseBatch(ctx, id, w.paper.closed.ID))
	text := "id,Have you used an urgent care service in the last year?,NHS 111,Weather\nA1,yes,Good,Rain\nA2,perhaps,,Sun\n"
	w.paper.file, err = s.ReadIntake(ctx, id, surveys.IntakeFile{Name: "from the council.csv", Data: strings.NewReader(text), Size: int64(len(text))})
	must(w.t, err)
	must(w.t, s.SetBatchAside(ctx, id, w.paper.aside.ID, "Copies of another pile"))
}

// paperPaths are the pages about paper.
func (w *world) paperPaths() map[string][]string {
	const route = "/staff/surveys/:id/paper"
	home, batch := w.paper.home, w.paper.home+"/"+number(w.paper.batch.ID)
	return map[string][]string{
		route:                          {home, home + "?state=aside&channel=telephone"},
		route + "/form":                {home + "/form", home + "/form?print=large&language=ur"},
		route + "/new":                 {home + "/new"},
		route + "/:batch":              {batch, home + "/" + number(w.paper.closed.ID), home + "/" + number(w.paper.aside.ID)},
		route + "/:batch/edit":         {batch + "/edit"},
		route + "/:batch/enter":        {batch + "/enter?saved=K7QX&drawn=yes"},
		route + "/:batch/forms/:form":  {batch + "/forms/" + number(w.paper.drawn.ID)},
		route + "/:batch/second":       {batch + "/second"},
		route + "/:batch/second/:form": {batch + "/second/" + number(w.paper.drawn.ID)},
		route + "/:batch/differences":  {batch + "/differences"},
		route + "/import":              {home + "/import"},
		route + "/imports/:file":       {w.paper.filePath()},
		route + "/imports/:file/check": {w.paper.filePath() + "/check"},
	}
}

// filePath is the page of the file with answers.
func (p paper) filePath() string { return p.home + "/imports/" + number(p.file.ID) }

// paperForms are forms about paper that were filled in wrongly, shown again.
func (w *world) paperForms() []sight {
	home, batch := w.paper.home, w.paper.home+"/"+number(w.paper.batch.ID)
	wrong := url.Values{w.survey.Sections[0].Questions[0].Field(): {"999999"}}
	for _, q := range w.survey.Sections[1].Questions {
		wrong.Set(q.Field(), "nothing that fits")
		for _, row := range q.Rows {
			wrong.Set(q.RowField(row.ID), "999999")
		}
	}
	return []sight{
		{path: home + "/new", staff: true, from: "/staff", status: 422, send: url.Values{"name": {""}, "channel": {"owl"}, "received_day": {"31"}, "forms": {"many"}, "share": {"x"}}},
		{path: batch + "/edit", staff: true, from: "/staff", status: 422, send: url.Values{"name": {strings.Repeat("long ", 40)}}},
		{path: batch + "/enter", staff: true, from: "/staff", status: 422, send: wrong},
		{path: batch + "/do", staff: true, from: "/staff", status: 422, send: url.Values{"do": {"set-aside"}, "reason": {""}}},
		{path: batch + "/differences", staff: true, from: "/staff", status: 422, send: url.Values{"settled": {"maybe"}, "response": {number(w.paper.differs.ID)}, "question": {number(w.paper.question.ID)}, "row": {"0"}}},
		{path: home + "/import", staff: true, from: "/staff", status: 422, send: url.Values{}},
		{path: w.paper.filePath(), staff: true, from: "/staff", status: 422, send: url.Values{"column-1": {"q1"}, "column-2": {"q1"}, "column-3": {"q99"}}},
		{path: w.paper.filePath() + "/check", staff: true, from: "/staff", status: 422, send: url.Values{"leave_out": {""}}},
		{path: batch + "?code=no", staff: true, status: 422},
	}
}

// paperPictures are those of the guide's page about paper.
func (w *world) paperPictures(p *browsertest.Page) {
	w.makeSurvey()
	w.makePaper()
	batch := w.paper.home + "/" + number(w.paper.batch.ID)
	for _, s := range []struct{ name, path string }{
		{"survey-paper", w.paper.home}, {"survey-form", w.paper.home + "/form"}, {"survey-batch", batch}, {"survey-enter", batch + "/enter"}, {"survey-differences", batch + "/differences"},
		{"survey-import", w.paper.filePath() + "/check"},
	} {
		p.Go(s.path)
		p.Shot(s.name)
	}
}

// closedQuestions is a survey of twelve closed questions, five of them the rows of a grid, and a batch of its paper.
func closedQuestions(t *testing.T, w *world, ctx context.Context) (surveys.Form, surveys.Batch) {
	t.Helper()
	s := w.App.Surveys
	survey, err := s.Create(ctx, surveys.SurveyForm{Title: "Your experience of urgent care"})
	must(t, err)
	form := func() surveys.Form {
		f, err := s.FormOf(ctx, survey.ID, "")
		must(t, err)
		return f
	}
	add := func(section int, q surveys.QuestionForm) {
		must(t, second(s.AddQuestion(ctx, survey.ID, form().Sections[section].ID, q)))
	}
	add(0, surveys.QuestionForm{Kind: "one-of", Label: "Have you used an urgent care service in the last year?", Required: true, Options: "Yes\nNo", PreferNot: true})
	used := form().Sections[0].Questions[0]
	must(t, second(s.AddSection(ctx, survey.ID, surveys.SectionForm{Title: "How it was", If: surveys.Condition{Question: used, Option: used.Options[0]}.Value()})))
	add(1, surveys.QuestionForm{Kind: "grid", Label: "How was each service?", Options: "Good\nNeither good nor poor\nPoor\nI did not use it",
		Rows: "West Herts Medical Centre\nNHS 111\nMinor injuries unit, St Albans\nUrgent care centre, Hemel Hempstead\nA&E, Watford"})
	add(1, surveys.QuestionForm{Kind: "scale", Label: "How easy was it to know where to go?", Steps: "5", Low: "Very hard", High: "Very easy"})
	for _, label := range []string{"Were you told how long you would wait?", "Would you go there again?"} {
		add(1, surveys.QuestionForm{Kind: "yes-no", Label: label})
	}
	must(t, second(s.AddSection(ctx, survey.ID, surveys.SectionForm{Title: "About you"})))
	for _, label := range []string{"How did you come here?", "How long did it take?", "Who came with you?"} {
		add(2, surveys.QuestionForm{Kind: "one-of", Label: label, Options: "This\nThat\nAnother"})
	}
	must(t, second(s.Open(ctx, survey.ID)))
	b, err := s.NewBatch(ctx, survey.ID, surveys.BatchForm{Name: "Library", Channel: "paper", Share: "0"})
	must(t, err)
	return form(), b
}

// A form with n closed questions takes n keys, and one that saves it; at most n + 4 are allowed.
func TestAFormOnPaperIsEnteredWithOneKeyForEachQuestion(t *testing.T) {
	w := newDemo(t)
	ctx := audit.AsSystem(t.Context())
	f, b := closedQuestions(t, w, ctx)
	path := "/staff/surveys/" + number(f.Survey.ID) + "/paper/" + number(b.ID)
	p := browsertest.Open(t, w.Site, browsertest.WithScript)
	p.SignIn(w.admin.Email, w.admin.Password)
	p.Go(path + "/enter")
	enter := func(keys string) (pressed int) {
		browsertest.Eval[bool](p, `(() => {
			sessionStorage.keys = 0
			addEventListener('keydown', () => sessionStorage.keys++, true)
			return true
		})()`)
		p.Keys(keys)
		if status := p.KeysLoad(kb.Enter); status != 200 || !strings.HasPrefix(p.Path(), path+"/enter") {
			t.Fatalf("saving led to %s (%d):\n%s", p.Path(), status, p.Text())
		}
		return browsertest.Eval[int](p, `Number(sessionStorage.keys)`)
	}
	const closed = 12
	if n := enter("1" + "12?41" + "5" + "12" + "312"); n != closed+1 {
		t.Errorf("%d keys were pressed for %d closed questions", n, closed)
	}
	p.Shows("Entered so far: 1.")
	if n := enter("2" + "3" + kb.Enter + "1"); n != 5 { // No: the section on how it was is passed over, and one is left empty
		t.Errorf("%d keys were pressed for a form that leads over a section", n)
	}
	p.Shows("Entered so far: 2.")
	q := func(section, question int) surveys.FormQuestion { return f.Sections[section].Questions[question] }
	column := func(q surveys.FormQuestion, code string) string { return "q" + number(int64(q.Number)) + code }
	got := answersOf(t, w, f, b)
	for _, want := range []map[string]string{
		{column(q(0, 0), ""): "yes", column(q(1, 0), "_"+q(1, 0).Rows[0].Code): q(1, 0).Options[0].Code, column(q(1, 0), "_"+q(1, 0).Rows[2].Code): "?", column(q(1, 0), "_"+q(1, 0).Rows[3].Code): q(1, 0).Options[3].Code,
			column(q(1, 1), ""): "5", column(q(1, 3), ""): q(1, 3).Options[1].Code, column(q(2, 0), ""): "another", column(q(2, 2), ""): "that"},
		{column(q(0, 0), ""): "no", column(q(2, 0), ""): "another", column(q(2, 1), ""): "", column(q(2, 2), ""): "this", column(q(1, 1), ""): ""},
	} {
		if !anyHas(got, want) {
			t.Errorf("no form says %v: %v", want, got)
		}
	}
}

func TestAFormOnPaperIsEnteredWithoutScript(t *testing.T) {
	w := newDemo(t)
	ctx := audit.AsSystem(t.Context())
	f, b := closedQuestions(t, w, ctx)
	path := "/staff/surveys/" + number(f.Survey.ID) + "/paper/" + number(b.ID)
	p := browsertest.Open(t, w.Site, browsertest.ScriptBlocked)
	p.SignIn(w.admin.Email, w.admin.Password)
	p.Go(path + "/enter")
	p.TickIn("1. Have you used", "2 No")
	p.Click("Save and enter the next form")
	p.Shows("Entered so far: 1.")
	if got := answersOf(t, w, f, b); got[0]["q1"] != "no" {
		t.Errorf("stored %v", got)
	}
}

// answersOf are the forms of a batch, as codes by column; "?" cannot be read.
func answersOf(t *testing.T, w *world, f surveys.Form, b surveys.Batch) (forms []map[string]string) {
	t.Helper()
	var ids []int64
	must(t, w.App.DB.Read(t.Context()).Raw("SELECT id FROM survey_responses WHERE batch_id = ?", b.ID).Scan(&ids).Error)
	for _, id := range ids {
		_, answers, err := w.App.Surveys.EnteredForm(audit.AsSystem(t.Context()), b, id)
		must(t, err)
		one := map[string]string{}
		for _, section := range f.Sections {
			for _, q := range section.Questions {
				name, given := "q"+number(int64(q.Number)), answers[q.ID]
				code := func(id int64) string {
					for _, o := range q.Options {
						if o.ID == id {
							return o.Code
						}
					}
					return "?"
				}
				if given.Number != nil {
					one[name] = number(*given.Number)
				}
				if len(given.Choices) > 0 {
					one[name] = code(given.Choices[0])
				}
				for _, row := range q.Rows {
					if option, answered := given.Rows[row.ID]; answered {
						one[name+"_"+row.Code] = code(option)
					}
				}
			}
		}
		forms = append(forms, one)
	}
	return forms
}

func anyHas(forms []map[string]string, want map[string]string) bool {
	for _, form := range forms {
		all := true
		for column, value := range want {
			all = all && form[column] == value
		}
		if all {
			return true
		}
	}
	return false
}

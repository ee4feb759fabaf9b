package browsertest_test

import (
	"net/url"
	"strconv"
	"strings"

	"conversations/app/surveys"
)

// makeSurvey builds a survey with questions of every kind; its sections depend on each other.
func (w *world) makeSurvey() {
	w.t.Helper()
	ctx, s := w.Ctx(), w.App.Surveys
	survey, err := s.Create(ctx, surveys.SurveyForm{Title: "Your experience of urgent care", Introduction: "It takes five minutes.", Languages: "ur, cy"})
	must(w.t, err)
	form := func() surveys.Form {
		f, err := s.FormOf(ctx, survey.ID, "")
		must(w.t, err)
		return f
	}
	add := func(section int, q surveys.QuestionForm) {
		_, err := s.AddQuestion(ctx, survey.ID, form().Sections[section].ID, q)
		must(w.t, err)
	}
	add(0, surveys.QuestionForm{Kind: "one-of", Label: "Have you used an urgent care service in the last year?", Required: true, Options: "Yes\nNo", Other: true, PreferNot: true})
	used := form().Sections[0].Questions[0]
	_, err = s.AddSection(ctx, survey.ID, surveys.SectionForm{Title: "How it was", If: surveys.Condition{Question: used, Option: used.Options[0]}.Value()})
	must(w.t, err)
	add(1, surveys.QuestionForm{Kind: "grid", Label: "How was each service?", Options: "Good\nPoor\nI did not use it", Rows: "West Herts Medical Centre\nNHS 111\nMinor injuries unit, St Albans\nUrgent care centre, Hemel Hempstead\nA&E, Watford"})
	for _, q := range []surveys.QuestionForm{
		{Kind: "several-of", Label: "What made you choose it?", Options: "It was near\nIt was open", Other: true, None: true},
		{Kind: "scale", Label: "How easy was it to know where to go?", Steps: "5", Low: "Very hard", High: "Very easy"},
		{Kind: "yes-no", Label: "Would you go there again?"}, {Kind: "number", Label: "How many times did you go?", Min: "0", Max: "100"},
		{Kind: "date", Label: "When were you there last?"}, {Kind: "short-text", Label: "Which way did you come?"}, {Kind: "long-text", Label: "What would have made it better?", Help: "Please do not name anybody."},
		{Kind: "postcode", Label: "What is your postcode?"}, {Kind: "recontact", Label: "May we get in touch with you again?"}, {Kind: "quote", Label: "May we quote what you wrote?"},
	} {
		add(1, q)
	}
	must(w.t, s.AddEquality(ctx, survey.ID))
	_, err = s.Open(ctx, survey.ID)
	must(w.t, err)
	w.survey = form()
	first, second := w.answering(), w.answering()
	_, err = s.Take(ctx, first, surveys.Step{Section: w.survey.Sections[0].ID, Way: surveys.Next, Answers: surveys.Answers{used.ID: {Choices: []int64{used.Options[0].ID}}}})
	must(w.t, err)
	_, err = s.Take(ctx, second, surveys.Step{Section: w.survey.Sections[0].ID, Way: surveys.Next, Answers: surveys.Answers{used.ID: {Choices: []int64{used.Options[1].ID}}}})
	must(w.t, err)
	_, err = s.Take(ctx, second, surveys.Step{Section: w.survey.Sections[2].ID, Way: surveys.Next, Answers: surveys.Answers{}})
	must(w.t, err)
	w.answers = []string{w.answering(), first, second}
	w.answerSurvey(12)
	seen, err := s.PreviewRelease(ctx, survey.ID, "locality")
	must(w.t, err)
	must(w.t, s.Publish(ctx, survey.ID, "locality", seen.Digest))
}

// answerSurvey has people answer the survey, each a little differently, so that there is something to count.
func (w *world) answerSurvey(people int) {
	w.t.Helper()
	one, two := int64(1), int64(3)
	for i := range people {
		token := w.answering()
		for _, section := range w.survey.Sections {
			answers := surveys.Answers{}
			for j, q := range section.Questions {
				switch {
				case q.Kind == surveys.Grid:
					answers[q.ID] = surveys.Given{Rows: map[int64]int64{q.Rows[i%5].ID: q.Options[0].ID, q.Rows[(i+1)%5].ID: q.Options[1].ID}}
				case q.Kind == surveys.Scale:
					answers[q.ID] = surveys.Given{Number: []*int64{&one, &two}[i%2]}
				case q.Kind == surveys.Number:
					answers[q.ID] = surveys.Given{Number: &two}
				case q.Kind == surveys.LongText:
					answers[q.ID] = surveys.Given{Text: "A shorter wait would help."}
				case q.Kind == surveys.Postcode:
					answers[q.ID] = surveys.Given{Text: "HP1"}
				case len(q.Options) > 0 && q.Kind != surveys.Recontact:
					answers[q.ID] = surveys.Given{Choices: []int64{q.Options[min((i+j)%3, 1)%len(q.Options)].ID}}
				}
			}
			done, err := w.App.Surveys.Take(w.Ctx(), token, surveys.Step{Section: section.ID, Way: surveys.Next, Answers: answers})
			must(w.t, err)
			if done {
				break
			}
		}
	}
}

// answering is the link of somebody who has just started the survey.
func (w *world) answering() string {
	w.t.Helper()
	token, err := w.App.Surveys.Begin(w.Ctx(), w.survey)
	must(w.t, err)
	return token
}

// surveyPaths are the pages on which staff build surveys.
func (w *world) surveyPaths() map[string][]string {
	home := "/staff/surveys/" + number(w.survey.Survey.ID)
	section := home + "/sections/" + number(w.survey.Sections[1].ID)
	var questions []string
	for _, q := range append(w.survey.Sections[0].Questions, w.survey.Sections[1].Questions[:3]...) {
		questions = append(questions, home+"/questions/"+number(q.ID))
	}
	paths := map[string][]string{
		"/surveys/:slug/results":             {"/surveys/" + w.survey.Survey.Slug + "/results"},
		"/staff/surveys/:id/publish":         {home + "/publish"},
		"/staff/surveys/:id/results/compare": {home + "/results/compare", home + "/results/compare?rows=q1&columns=q4", home + "/results/compare?rows=q3&columns=locality&share=columns&channel=online"},
		"/surveys/:slug":                     {"/surveys/" + w.survey.Survey.Slug, "/surveys/" + w.survey.Survey.Slug + "?language=ur", "/surveys/" + w.survey.Survey.Slug + "?language=cy&view=large"}, "/s/:token/done": {"/s/" + w.answers[2] + "/done"},
		"/s/:token":       {"/s/" + w.answers[0], "/s/" + w.answers[1], "/s/" + w.answers[1] + "?view=large"},
		"/s/:token/saved": {"/s/" + w.answers[1] + "/saved"},
		"/staff/surveys":  {"/staff/surveys", "/staff/surveys?state=draft&sort=title", "/staff/surveys?q=nothing-is-called-this"}, "/staff/surveys/new": {"/staff/surveys/new"},
		"/staff/surveys/:id": {home}, "/staff/surveys/:id/settings": {home + "/settings"}, "/staff/surveys/:id/preview": {home + "/preview", home + "/preview?language=ur"},
		"/staff/surveys/:id/words/:language": {home + "/words/ur", home + "/words/cy"},
		"/staff/surveys/:id/results":         {home + "/results", home + "/results?locality=dacorum&from=2017-01-01"}, "/staff/surveys/:id/results/:question": {home + "/results/" + number(w.survey.Sections[1].Questions[0].ID)},
		"/staff/surveys/:id/sections/new": {home + "/sections/new"}, "/staff/surveys/:id/sections/:section": {section}, "/staff/surveys/:id/sections/:section/used": {section + "/used"},
		"/staff/surveys/:id/questions/:question":             questions,
		"/staff/surveys/:id/sections/:section/questions/new": {section + "/questions/new"},
	}
	for _, kind := range surveys.Kinds() {
		route := "/staff/surveys/:id/sections/:section/questions/new"
		paths[route] = append(paths[route], section+"/questions/new?kind="+string(kind))
	}
	return paths
}

// surveyForms are forms about surveys that were filled in wrongly, shown again.
func (w *world) surveyForms() []sight {
	home := "/staff/surveys/" + number(w.survey.Survey.ID)
	section := home + "/sections/" + number(w.survey.Sections[1].ID)
	grid := w.survey.Sections[1].Questions[0]
	wrong := url.Values{"section": {number(w.survey.Sections[1].ID)}, "way": {"next"}, grid.RowField(grid.Rows[0].ID): {"999"}}
	for _, q := range w.survey.Sections[1].Questions[1:] {
		wrong.Set(q.Field(), strings.Repeat("wrong ", 1000))
		wrong.Set(q.Field()+"-day", "31")
		wrong.Set(q.OtherField(), "By bus")
	}
	return []sight{
		{path: "/s/" + w.answers[0], from: "/", status: 422, send: url.Values{"section": {number(w.survey.Sections[0].ID)}, "way": {"next"}}},
		{path: "/s/" + w.answers[1], from: "/", status: 422, send: wrong},
		{path: "/staff/surveys/new", staff: true, from: "/staff", status: 422, send: url.Values{"title": {""}, "opens_day": {"31"}, "opens_month": {"2"}, "opens_year": {"2027"}, "languages": {"klingon"}}},
		{path: home + "/settings?stale", staff: true, from: "/staff", status: 409, send: url.Values{"title": {"Another"}, "version": {"99"}}},
		{path: home + "/words/ur?stale", staff: true, from: "/staff", status: 409, send: url.Values{"version": {"99"}, "survey-1-title": {"کیسا رہا؟"}}},
		{path: home + "/words/ur", staff: true, from: "/staff", status: 422, send: url.Values{"survey-" + number(w.survey.Survey.ID) + "-title": {strings.Repeat("long ", 60)}}},
		{path: section, staff: true, from: "/staff", status: 422, send: url.Values{"title": {strings.Repeat("long ", 60)}, "if": {"1:99"}}},
		{path: section + "/questions/new", staff: true, from: "/staff", status: 422, send: url.Values{"kind": {"grid"}, "label": {""}}},
		{path: section + "/questions/new?kind=" + strconv.Itoa(1), staff: true, from: "/staff", status: 422, send: url.Values{"kind": {"scale"}, "label": {""}, "steps": {"99"}}},
		{path: section + "/used", staff: true, from: "/staff", status: 422, send: url.Values{"question": {""}}},
	}
}

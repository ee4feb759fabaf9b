package surveys

import (
	pages "conversations/templates/surveys"
)

func (s *Service) startView(form Form) pages.StartView {
	v := pages.StartView{Title: form.Words.Title, Introduction: form.Words.Introduction, Language: form.Language, Direction: Direction(form.Language),
		Action: languageHref(form.Survey.Slug, form.Language), Open: form.Survey.Accepting(s.DB.Now()), Anonymous: form.Survey.Anonymous}
	if at := form.Survey.OpensAt; at != nil && s.DB.Now().Before(*at) && form.Survey.State == Open {
		v.When = s.openWords(form.Survey)
	}
	for _, code := range form.Survey.LanguageList() {
		if name, known := languageName(code); known && code != form.Language {
			v.Languages = append(v.Languages, pages.Language{Code: code, Name: name, Href: languageHref(form.Survey.Slug, code)})
		}
	}
	return v
}

func (s *Service) pageView(a Answering, given Answers, messages []fieldError) pages.AnswerView {
	section, number, of := a.Section()
	v := pages.AnswerView{Survey: a.Form.Words.Title, Title: section.Words.Title, Introduction: section.Words.Introduction, Section: section.ID, Number: number, Of: of,
		Language: a.Form.Language, Direction: Direction(a.Form.Language), Errors: messages, Open: a.Form.Survey.Accepting(s.DB.Now())}
	if v.Title == "" {
		v.Title = a.Form.Words.Title
	}
	for _, q := range section.Questions {
		v.Questions = append(v.Questions, q.view(given[q.ID], wordsFor(a.Form.Language), s.warning(), messages))
	}
	return v
}

package surveys

import (
	"fmt"

	"conversations/templates/nhs"
	pages "conversations/templates/surveys"
)

func (s *Service) startView(form Form, large bool) pages.StartView {
	say, now := form.say, s.DB.Now()
	v := pages.StartView{Head: form.head(), Title: form.theirs(form.Words.Title, form.Words.borrowed("title")), Introduction: form.theirs(form.Words.Introduction, form.Words.borrowed("introduction")),
		Action: startHref(form.Survey.Slug, form.Language, large), Open: form.Survey.Accepting(now), Start: form.ours(say.start), Stop: form.ours(say.stop),
		Closed: form.ours(say.closed), Size: form.size(startHref(form.Survey.Slug, form.Language, !large), large)}
	if form.Survey.Anonymous {
		v.Anonymous = form.ours(say.anonymous)
	}
	if at := form.Survey.OpensAt; at != nil && now.Before(*at) && form.Survey.State == Open {
		v.Closed, v.When = form.ours(say.notYet), s.openWords(form.Survey)
	}
	for _, code := range form.Survey.LanguageList() {
		if name, known := languageName(code); known && code != form.Language {
			v.Languages = append(v.Languages, pages.Language{Code: code, Dir: Direction(code), Name: name, Href: startHref(form.Survey.Slug, code, large)})
		}
	}
	return v
}

// head is the language of a page on which people answer.
func (f Form) head() pages.AnswerHead {
	return pages.AnswerHead{Language: f.Language, Direction: Direction(f.Language)}
}

// size leads to the same page in large print, or in the usual size.
func (f Form) size(href string, large bool) pages.SizeView {
	v := pages.SizeView{Href: href, Words: f.ours(f.say.large), Large: large}
	if large {
		v.Words = f.ours(f.say.usual)
	}
	return v
}

// pageView is the page of a survey on which somebody is. home is its address.
func (s *Service) pageView(a Answering, home string, large bool, messages []fieldError) pages.AnswerView {
	section, number, of := a.Section()
	f, say := a.Form, a.Form.say
	v := pages.AnswerView{Head: f.head(), Survey: f.theirs(f.Words.Title, f.Words.borrowed("title")), Title: f.theirs(section.Words.Title, section.Words.borrowed("title")),
		Introduction: f.theirs(section.Words.Introduction, section.Words.borrowed("introduction")), Section: section.ID, Number: number,
		Page: f.ours(fmt.Sprintf(say.page, number, of)), Errors: messages, Problem: f.ours(say.problem), Action: withView(home, large), Open: f.Survey.Accepting(s.DB.Now()),
		Next: f.ours(say.next), Back: f.ours(say.back), Save: f.ours(say.save), Saved: f.ours(say.saved), Closed: f.ours(say.closedMidway), Size: f.size(withView(home, !large), large)}
	if number == of {
		v.Next = f.ours(say.send)
	}
	if v.Title.Text == "" {
		v.Title = v.Survey
	}
	for _, q := range section.Questions {
		v.Questions = append(v.Questions, s.questionView(f, q, a.Answers[q.ID], messages))
	}
	return v
}

func (a Answering) doneView() pages.DoneView {
	f, say := a.Form, a.Form.say
	v := pages.DoneView{Head: f.head(), Heading: f.ours(say.done), Thanks: f.theirs(f.Words.Thanks, f.Words.borrowed("thanks")), Events: f.ours(say.events)}
	if v.Thanks.Text == "" {
		v.Thanks = f.ours(say.thanks)
	}
	return v
}

// typed is a response as it was sent from a page that is shown again: what was typed there beside what is kept.
func (a Answering) typed(step Step) Answering {
	a.Response.Section = step.Section
	for id, given := range step.Answers {
		a.Answers[id] = given
	}
	return a
}

type fieldError = nhs.FieldError

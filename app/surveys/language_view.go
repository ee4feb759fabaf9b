package surveys

import (
	pages "conversations/templates/surveys"
)

// ours is one of the program's own phrases: marked, where the page's language has none of ours, as what it is.
func (f Form) ours(text string) pages.Said {
	if f.say.code == f.Language || text == "" {
		return pages.Said{Text: text}
	}
	return marked(text, f.say.code, f.Language)
}

// theirs is what staff wrote: marked, where it is not translated, as being in the survey's first language.
func (f Form) theirs(text string, borrowed bool) pages.Said {
	if first := f.Survey.LanguageList()[0]; borrowed && first != f.Language {
		return marked(text, first, f.Language)
	}
	return pages.Said{Text: text}
}

// wordsOf is one of the texts that staff wrote, marked as theirs are.
func (f Form) wordsOf(t Texts, field string) pages.Said {
	return f.theirs(*t.fields()[field], t.borrowed(field))
}

func marked(text, language, around string) pages.Said {
	s := pages.Said{Text: text, Lang: language}
	if d := Direction(language); d != Direction(around) {
		s.Dir = d
	}
	return s
}

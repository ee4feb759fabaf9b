package surveys

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/fault"
	"conversations/app/web"
	pages "conversations/templates/surveys"
)

func (h buildHandlers) words(c echo.Context) error {
	t, err := h.service.Translation(c.Request().Context(), param(c, "id"), c.Param("language"))
	if err != nil {
		return err
	}
	return h.showWords(c, http.StatusOK, t, t.view(nil), nil)
}

func (h buildHandlers) translate(c echo.Context) error {
	ctx, id, language := c.Request().Context(), param(c, "id"), c.Param("language")
	t, err := h.service.Translation(ctx, id, language)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	typed := map[string]string{}
	for _, name := range posted.Names() {
		typed[name] = posted.Lines(name)
	}
	version, _ := strconv.ParseInt(posted.Text("version"), 10, 64)
	err = h.service.Translate(ctx, id, language, version, typed)
	if messages, refused := web.FieldErrors(err); refused {
		status := http.StatusUnprocessableEntity
		if fault.KindOf(err) == fault.Conflict {
			status = http.StatusConflict
		}
		return h.showWords(c, status, t, t.view(typed), messages)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "Saved.")
	return web.Redirect(c, staffPath(id)+"/words/"+language)
}

func (h buildHandlers) showWords(c echo.Context, status int, t Translation, v pages.WordsView, messages []fieldError) error {
	v.Errors = messages
	return h.shell.Render(c, status, web.Page{Title: v.Heading, Body: pages.Words(v), Before: pages.Back("Back to the survey", staffPath(t.Form.Survey.ID)), Errors: len(messages) > 0, Current: staffHome})
}

// view is the page of a translation, with what was typed; nil is what is stored.
func (t Translation) view(typed map[string]string) pages.WordsView {
	home := staffPath(t.Form.Survey.ID)
	say, first := phrasesIn(t.Language), t.Form.Survey.LanguageList()[0]
	v := pages.WordsView{Survey: t.Form.Words.Title, Heading: "Words in " + nameForStaff(t.Language), Action: home + "/words/" + t.Language, PreviewHref: home + "/preview?language=" + t.Language, Version: t.Form.Survey.Version,
		Language: t.Language, Direction: Direction(t.Language), From: first, FromDirection: Direction(first), Missing: t.Missing, All: t.All, Fixed: t.Form.Survey.State == Archived}
	if say.code == "en" {
		v.Notes = append(v.Notes, "The program's own words, such as Continue, stay English in this language.")
	}
	for _, group := range t.Groups {
		g := pages.WordsGroup{Heading: group.heading()}
		for _, w := range group.Words {
			word := pages.WordView{Field: w.Field, Label: partName(group.Kind, w), Original: w.Original, Value: w.Translated, Missing: w.Translated == "", Long: w.most == maxTextCharacters}
			if word.Value == "" && typed == nil && say.code != "en" {
				word.Value = say.standard(w.Original)
			}
			if words, sent := typed[w.Field]; sent {
				word.Value = words
			}
			g.Words = append(g.Words, word)
		}
		v.Groups = append(v.Groups, g)
	}
	return v
}

func (g WordGroup) heading() string {
	switch {
	case g.Kind == "survey":
		return "The survey"
	case g.Title == "":
		return "A " + g.Kind
	case g.Kind == "section":
		return "Section: " + g.Title
	}
	return g.Title
}

// partName is what a text is to its survey, section or question.
func partName(kind string, w Word) string {
	if kind == "question" && w.Part == "title" {
		if w.most == maxTitleCharacters {
			return "Answer"
		}
		return "Question"
	}
	return map[string]string{"title": "Title", "introduction": "Introduction", "thanks": "At the end", "help": "Help", "low": "Lowest step", "high": "Highest step"}[w.Part]
}

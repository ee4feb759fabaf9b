package feedback

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"conversations/app/web"
	pages "conversations/templates/feedback"
	"conversations/templates/nhs"
)

func (h themeHandlers) mergeForm(c echo.Context) error {
	return h.showMerge(c, http.StatusOK, web.Query(c, "into"), nil)
}

func (h themeHandlers) showMerge(c echo.Context, status int, into string, messages []nhs.FieldError) error {
	v, err := h.service.themeMergeView(c.Request().Context(), themeParam(c, "id"), themeNumber(into))
	if refusal, refused := web.FieldErrors(err); refused && v.Name != "" {
		messages, status, err = refusal, http.StatusUnprocessableEntity, nil
	}
	if err != nil {
		return err
	}
	v.Errors = messages
	return h.render(c, status, web.Page{Title: "Merge " + v.Name, Body: pages.ThemeMerge(v), Before: pages.ThemesBack("Back to the theme", v.Home), Errors: len(messages) > 0})
}

func (h themeHandlers) merge(c echo.Context) error {
	var f struct {
		Into string `form:"into"`
		Gone int    `form:"gone_version"`
		Kept int    `form:"kept_version"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	id, into := themeParam(c, "id"), themeNumber(f.Into)
	change, err := h.service.MergeThemes(c.Request().Context(), id, into, f.Gone, f.Kept)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showMerge(c, http.StatusConflict, f.Into, messages)
	}
	words := "The two themes are one."
	if d, err := change.details(); err == nil {
		words = "The two themes are one. " + counted(d.codings(), "coding", "codings") + " went over."
	}
	return h.done(c, err, themePath(into), words)
}

func (h themeHandlers) splitForm(c echo.Context) error {
	return h.showSplit(c, http.StatusOK, Split{}, nil)
}

func (h themeHandlers) showSplit(c echo.Context, status int, f Split, messages []nhs.FieldError) error {
	v, err := h.service.themeSplitView(c.Request().Context(), themeParam(c, "id"), f)
	if err != nil {
		return err
	}
	v.Errors = messages
	return h.render(c, status, web.Page{Title: "Split " + v.Name, Body: pages.ThemeSplit(v), Before: pages.ThemesBack("Back to the theme", v.Home), Errors: len(messages) > 0})
}

func (h themeHandlers) split(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	f := splitFrom(posted)
	id := themeParam(c, "id")
	change, err := h.service.SplitTheme(c.Request().Context(), id, f)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showSplit(c, http.StatusUnprocessableEntity, f, messages)
	}
	words := "The theme is split."
	if d, err := change.details(); err == nil {
		words = "The theme is split, and " + counted(d.codings(), "coding", "codings") + " went to the new ones."
	}
	return h.done(c, err, themePath(id), words)
}

// splitFrom reads the form of a split. Names are taken as they come, without those left empty in between.
func splitFrom(posted web.Posted) Split {
	f := Split{Keep: posted.Text("keep") != "", Chosen: map[int64]int{}}
	f.Version, _ = strconv.Atoi(posted.Text("version"))
	moved := map[string]int{"stays": Stays}
	for n := 1; n <= mostParts; n++ {
		number := strconv.Itoa(n)
		if name := posted.Text("part_" + number); name != "" {
			moved[number] = len(f.Parts)
			f.Parts = append(f.Parts, SplitPart{name, posted.Lines("definition_" + number)})
		}
	}
	place := func(text string) int {
		if part, known := moved[text]; known {
			return part
		}
		return len(f.Parts) // nowhere: it is refused
	}
	f.Rest = place(posted.Text("rest"))
	for _, name := range posted.Names() {
		if id, is := strings.CutPrefix(name, "coding_"); is && posted.Text(name) != "" {
			f.Chosen[themeNumber(id)] = place(posted.Text(name))
		}
	}
	return f
}

package feedback

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/fault"
	"conversations/app/web"
	pages "conversations/templates/feedback"
	"conversations/templates/nhs"
)

// themeHandlers are the pages of the codebook: parse, call the service, render or redirect.
type themeHandlers struct {
	shell   *web.Shell
	service *Service
}

const themesHome = "/staff/themes"

func themePath(id int64) string { return themesHome + "/" + strconv.FormatInt(id, 10) }

func themeRoutes(shell *web.Shell, service *Service) {
	h := themeHandlers{shell, service}
	get := func(path string, f echo.HandlerFunc) { shell.Staff.GET(themesHome+path, accounts.ManageFeedback, f) }
	post := func(path string, f echo.HandlerFunc) { shell.Staff.POST(themesHome+path, accounts.ManageFeedback, f) }
	get("", h.codebook)
	post("/first", h.first)
	get("/new", h.newForm)
	post("/new", h.add)
	get("/history", h.history)
	post("/history/:change/undo", h.undo)
	get("/at/:version", h.at)
	get("/:id", h.theme)
	get("/:id/change", h.changeForm)
	post("/:id/change", h.change)
	post("/:id/step", h.step)
	post("/:id/move", h.move)
	get("/:id/merge", h.mergeForm)
	post("/:id/merge", h.merge)
	get("/:id/split", h.splitForm)
	post("/:id/split", h.split)
	post("/:id/retire", h.retire)
	post("/:id/restore", h.restore)
	exchangeRoutes(shell, h)
}

func themeParam(c echo.Context, name string) int64 {
	n, _ := strconv.ParseInt(c.Param(name), 10, 64) // 0 is nothing that is there
	return n
}

func themeNumber(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}

func (h themeHandlers) render(c echo.Context, status int, p web.Page) error {
	p.Current = themesHome
	return h.shell.Render(c, status, p)
}

func (h themeHandlers) codebook(c echo.Context) error {
	v, err := h.service.themesView(c.Request().Context(), web.Query(c, "retired") == "yes")
	if err != nil {
		return err
	}
	return h.render(c, http.StatusOK, web.Page{Title: "Themes", Body: pages.Themes(v)})
}

func (h themeHandlers) at(c echo.Context) error {
	v, err := h.service.themesAtView(c.Request().Context(), themeParam(c, "version"))
	if err != nil {
		return err
	}
	return h.render(c, http.StatusOK, web.Page{Title: v.Heading, Body: pages.Themes(v), Before: pages.ThemesBack("History of the codebook", themesHome+"/history")})
}

func (h themeHandlers) first(c echo.Context) error {
	return h.done(c, h.service.StartCodebook(c.Request().Context()), themesHome, "The first codebook is there. Change it as you read.")
}

// done tells what was done, or why it was not, and leads on.
func (h themeHandlers) done(c echo.Context, err error, to, words string) error {
	if messages, refused := web.FieldErrors(err); refused {
		h.shell.Flash(c, web.Notice, messages[0].Text)
		return web.Redirect(c, to)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, words)
	return web.Redirect(c, to)
}

func (h themeHandlers) newForm(c echo.Context) error {
	return h.showForm(c, http.StatusOK, 0, ThemeForm{Parent: themeNumber(web.Query(c, "parent"))}, nil)
}

func (h themeHandlers) add(c echo.Context) error {
	var f ThemeForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	t, err := h.service.AddTheme(c.Request().Context(), f)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showForm(c, http.StatusUnprocessableEntity, 0, f, messages)
	}
	return h.done(c, err, themePath(t.ID), "The theme is added.")
}

func (h themeHandlers) changeForm(c echo.Context) error {
	t, err := h.service.Theme(c.Request().Context(), themeParam(c, "id"))
	if err != nil {
		return err
	}
	return h.showForm(c, http.StatusOK, t.ID, t.typed(), nil)
}

func (h themeHandlers) change(c echo.Context) error {
	var f ThemeForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	id := themeParam(c, "id")
	err := h.service.ChangeTheme(c.Request().Context(), id, f)
	if messages, refused := web.FieldErrors(err); refused {
		status := http.StatusUnprocessableEntity
		if fault.KindOf(err) == fault.Conflict {
			status = http.StatusConflict
		}
		return h.showForm(c, status, id, f, messages)
	}
	return h.done(c, err, themePath(id), "The theme is changed.")
}

func (h themeHandlers) showForm(c echo.Context, status int, id int64, f ThemeForm, messages []nhs.FieldError) error {
	v, err := h.service.themeFormView(c.Request().Context(), id, f, status == http.StatusConflict)
	if err != nil {
		return err
	}
	v.Errors = messages
	return h.render(c, status, web.Page{Title: v.Heading, Body: pages.ThemeForm(v), Before: pages.ThemesBack("Back", v.BackHref), Errors: len(messages) > 0})
}

func (h themeHandlers) theme(c echo.Context) error { return h.showTheme(c, http.StatusOK, nil) }

func (h themeHandlers) showTheme(c echo.Context, status int, messages []nhs.FieldError) error {
	v, err := h.service.themeView(c.Request().Context(), themeParam(c, "id"))
	if err != nil {
		return err
	}
	v.Errors = messages
	return h.render(c, status, web.Page{Title: v.Name, Body: pages.Theme(v), Before: pages.ThemesBack("All themes", themesHome), Errors: len(messages) > 0})
}

func (h themeHandlers) step(c echo.Context) error {
	var f struct {
		Way string `form:"way"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	by := map[string]int{"up": -1, "down": 1}[f.Way]
	id := themeParam(c, "id")
	return h.done(c, h.service.StepTheme(c.Request().Context(), id, by), themePath(id), "The theme is moved.")
}

func (h themeHandlers) move(c echo.Context) error {
	var f struct {
		Parent  string `form:"parent"`
		Version int    `form:"version"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	id := themeParam(c, "id")
	err := h.service.MoveTheme(c.Request().Context(), id, themeNumber(f.Parent), f.Version)
	if messages, refused := web.FieldErrors(err); refused && fault.KindOf(err) == fault.Invalid {
		return h.showTheme(c, http.StatusUnprocessableEntity, messages)
	}
	return h.done(c, err, themePath(id), "The theme is moved.")
}

func (h themeHandlers) retire(c echo.Context) error {
	var f struct {
		Version int `form:"version"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	id := themeParam(c, "id")
	return h.done(c, h.service.RetireTheme(c.Request().Context(), id, f.Version), themePath(id), "The theme is retired.")
}

func (h themeHandlers) restore(c echo.Context) error {
	id := themeParam(c, "id")
	return h.done(c, h.service.RestoreTheme(c.Request().Context(), id), themePath(id), "The theme is in use again.")
}

func (h themeHandlers) history(c echo.Context) error {
	page, _ := strconv.Atoi(web.Query(c, "page"))
	v, err := h.service.themeHistoryView(c.Request().Context(), themeNumber(web.Query(c, "theme")), page)
	if err != nil {
		return err
	}
	return h.render(c, http.StatusOK, web.Page{Title: "History of the codebook", Body: pages.ThemeHistory(v), Before: pages.ThemesBack("All themes", themesHome)})
}

func (h themeHandlers) undo(c echo.Context) error {
	_, err := h.service.UndoChange(c.Request().Context(), themeParam(c, "change"))
	return h.done(c, err, themesHome+"/history", "It is undone. That is an entry of its own, which you can undo too.")
}

package newsletters

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"conversations/app/web"
	pages "conversations/templates/newsletters"
	"conversations/templates/nhs"
)

func (h writeHandlers) history(c echo.Context) error {
	u, _, err := h.load(c)
	if err != nil {
		return err
	}
	page, _ := strconv.Atoi(web.Query(c, "page"))
	texts, err := h.service.History(c.Request().Context(), u.ID, page)
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, web.Page{Title: "Earlier texts: " + u.Title, Body: pages.History(h.service.historyView(u, texts))})
}

func (h writeHandlers) text(c echo.Context) error {
	u, _, err := h.load(c)
	if err != nil {
		return err
	}
	t, err := h.service.KeptText(c.Request().Context(), u.ID, number(c, "text"))
	if err != nil {
		return err
	}
	v, err := h.service.textView(c.Request().Context(), u, t)
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, web.Page{Title: v.Head.Heading + ": " + u.Title, Body: pages.Text(v)})
}

func (h writeHandlers) restore(c echo.Context) error {
	var f struct {
		BasedOn int64 `form:"based_on"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	id := number(c, "id")
	_, err := h.service.Restore(c.Request().Context(), id, number(c, "text"), f.BasedOn)
	if conflict, ok := errors.AsType[*TextConflict](err); ok {
		return web.Redirect(c, textPath(id, conflict.Aside.ID)+"/compare")
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The text is back. What was there before is kept too.")
	return web.Redirect(c, staffPath(id)+"/edit")
}

func (h writeHandlers) compare(c echo.Context) error {
	compared, err := h.service.Compare(c.Request().Context(), number(c, "id"), number(c, "text"))
	if err != nil {
		return err
	}
	return h.showCompare(c, http.StatusOK, compared, nil, nil)
}

func (h writeHandlers) showCompare(c echo.Context, status int, compared Comparison, chosen map[string]Side, problems []nhs.FieldError) error {
	v := h.service.compareView(compared, chosen, problems)
	return h.show(c, status, web.Page{Title: "Two texts: " + compared.Update.Title, Body: pages.Compare(v), Errors: len(problems) > 0, Wide: true})
}

// merge puts two texts together as it was chosen.
func (h writeHandlers) merge(c echo.Context) error {
	var f struct {
		BasedOn int64 `form:"based_on"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	chosen := map[string]Side{}
	for name, values := range c.Request().PostForm {
		if part, is := strings.CutPrefix(name, "part_"); is {
			chosen[part] = Side(values[0])
		}
	}
	ctx, id := c.Request().Context(), number(c, "id")
	_, err := h.service.Merge(ctx, id, number(c, "text"), f.BasedOn, chosen)
	if problems, refused := web.FieldErrors(err); refused {
		compared, err := h.service.Compare(ctx, id, number(c, "text"))
		if err != nil {
			return err
		}
		return h.showCompare(c, http.StatusUnprocessableEntity, compared, chosen, problems)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The texts are put together.")
	return web.Redirect(c, staffPath(id)+"/edit")
}

// picture sends a picture of a letter to everybody who has its name. It never changes.
func (h writeHandlers) picture(c echo.Context) error {
	p, err := h.service.PictureNamed(c.Request().Context(), c.Param("name"))
	if err != nil {
		return err
	}
	header := c.Response().Header()
	header.Set(echo.HeaderCacheControl, "public, max-age=31536000, immutable")
	header.Set("Cross-Origin-Resource-Policy", "cross-origin") // mail readers on the web show it on pages of theirs
	return h.shell.Bytes(c, http.StatusOK, p.ContentType, p.Data)
}

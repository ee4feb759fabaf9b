package contacts

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/web"
	pages "conversations/templates/contacts"
	"conversations/templates/nhs"
)

// mergeForm asks which other contact is the same, or, once one is chosen, shows what becomes of both.
func (h staffHandlers) mergeForm(c echo.Context) error {
	card, err := h.card(c)
	if err != nil {
		return err
	}
	if other, chosen := otherOf(web.Query(c, "other")); chosen {
		return h.showMerge(c, card.ID, other, nil)
	}
	v := pages.MergeChoice{Base: contactPath(card.ID), Name: card.Label(), Text: web.Query(c, "q")}
	if v.Searched = v.Text != ""; v.Searched {
		found, err := h.service.List(c.Request().Context(), ListFilter{Text: v.Text})
		if err != nil {
			return err
		}
		for _, o := range found.Contacts {
			if o.ID != card.ID {
				v.Rows = append(v.Rows, pages.ListRow{Href: mergePath(card.ID, o.ID), Name: o.Label(), Organisation: o.beside(), Reach: o.reach()})
			}
		}
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Which contact is the same?", Body: pages.ChooseMerge(v), Before: backTo(card), Current: listPath})
}

func otherOf(text string) (id int64, ok bool) {
	id, err := strconv.ParseInt(text, 10, 64)
	return id, err == nil
}

func mergePath(kept, gone int64) string {
	return contactPath(kept) + "/merge?" + url.Values{"other": {strconv.FormatInt(gone, 10)}}.Encode()
}

func (h staffHandlers) merge(c echo.Context) error {
	card, err := h.card(c)
	if err != nil {
		return err
	}
	var f struct {
		Other       int64 `form:"other"`
		KeptVersion int64 `form:"kept_version"`
		GoneVersion int64 `form:"gone_version"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	_, err = h.service.Merge(c.Request().Context(), card.ID, f.Other, Versions{Kept: f.KeptVersion, Gone: f.GoneVersion})
	if problems, refused := web.FieldErrors(err); refused {
		return h.showMerge(c, card.ID, f.Other, problems)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The two are one contact now.")
	return web.Redirect(c, contactPath(card.ID))
}

func (h staffHandlers) showMerge(c echo.Context, kept, gone int64, problems []nhs.FieldError) error {
	ctx := c.Request().Context()
	p, err := h.service.PreviewMerge(ctx, kept, gone)
	if more, refused := web.FieldErrors(err); refused {
		return h.showContact(c, kept, more)
	}
	if err != nil {
		return err
	}
	v, err := h.service.mergeView(ctx, p)
	if err != nil {
		return err
	}
	v.Errors = atField(problems, "merge")
	status := http.StatusOK
	if len(problems) > 0 {
		status = http.StatusConflict
	}
	return h.shell.Render(c, status, web.Page{Title: "Merge two contacts", Body: pages.Merge(v), Before: backTo(p.Kept), Errors: len(problems) > 0, Current: listPath, Wide: true})
}

func (h staffHandlers) undoMerge(c echo.Context) error {
	card, err := h.card(c)
	if err != nil {
		return err
	}
	id, _ := otherOf(c.Param("merge"))
	err = h.service.UndoMerge(c.Request().Context(), card.ID, id)
	if problems, refused := web.FieldErrors(err); refused {
		return h.showContact(c, card.ID, problems)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The merge is undone. They are two contacts again, each as it was.")
	return web.Redirect(c, contactPath(card.ID))
}

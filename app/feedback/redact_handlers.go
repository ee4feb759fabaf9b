package feedback

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/fault"
	"conversations/app/feedback/redact"
	"conversations/app/web"
	pages "conversations/templates/feedback"
	"conversations/templates/nhs"
)

// nextToRedact leads to the next comment that nobody has checked.
func (h commentHandlers) nextToRedact(c echo.Context) error {
	after, _ := strconv.ParseInt(web.Query(c, "after"), 10, 64)
	id, _, err := h.service.NextToRedact(c.Request().Context(), after)
	if err != nil {
		return err
	}
	if id == 0 {
		h.shell.Flash(c, web.Notice, "Every comment is checked.")
		return web.Redirect(c, feedbackHome)
	}
	return web.Redirect(c, pages.CommentHref(id)+"/redact")
}

func (h commentHandlers) redactForm(c echo.Context) error {
	return h.showRedact(c, http.StatusOK, redactForm{}, nil)
}

// redactForm is what staff say of a comment. A finding that was shown and is not ticked is put back.
type redactForm struct {
	Version int64    `form:"version"`
	Found   []string `form:"finding"`
	Strike  []string `form:"strike"`
	Words   string   `form:"words,lines"`
	Kind    string   `form:"kind"`
	Do      string   `form:"do"`
}

func (f redactForm) decisions() Decisions {
	d := Decisions{Words: f.Words, Kind: redact.Kind(f.Kind), Confirm: f.Do == "confirm"}
	for _, found := range f.Found {
		if id, err := strconv.ParseInt(found, 10, 64); err == nil && !slices.Contains(f.Strike, found) {
			d.Back = append(d.Back, id)
		}
	}
	return d
}

func (h commentHandlers) showRedact(c echo.Context, status int, f redactForm, problems []nhs.FieldError) error {
	ctx := c.Request().Context()
	r, err := h.service.Redacting(ctx, idOf(c, "id"))
	if err != nil {
		return h.conflict(c, err)
	}
	if status != http.StatusOK { // as it was typed
		back := f.decisions().Back
		for i := range r.Findings {
			if r.Findings[i].State = Struck; slices.Contains(back, r.Findings[i].ID) {
				r.Findings[i].State = PutBack
			}
		}
	}
	v, err := h.service.redactView(ctx, r)
	if err != nil {
		return err
	}
	v.Words, v.Kind, v.Errors = f.Words, f.Kind, problems
	return h.shell.Render(c, status, web.Page{Title: "Check comment " + strconv.FormatInt(v.ID, 10), Body: pages.Redact(v), Head: pages.RedactHead(),
		Before: pages.CommentBack("Comment "+strconv.FormatInt(v.ID, 10), pages.CommentHref(v.ID)), Errors: len(problems) > 0, Current: feedbackHome})
}

func (h commentHandlers) redact(c echo.Context) error {
	var f redactForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	id := idOf(c, "id")
	err := h.service.Redact(c.Request().Context(), id, f.Version, f.decisions())
	if problems, refused := web.FieldErrors(err); refused && fault.KindOf(err) == fault.Invalid {
		return h.showRedact(c, http.StatusUnprocessableEntity, f, problems)
	}
	if err != nil {
		return h.conflict(c, err)
	}
	if f.Do != "confirm" {
		return web.Redirect(c, pages.CommentHref(id)+"/redact")
	}
	h.shell.Flash(c, web.Success, "Comment "+strconv.FormatInt(id, 10)+" is checked and sealed.")
	return web.Redirect(c, feedbackHome+"/check?after="+strconv.FormatInt(id, 10))
}

// changeForm is the form for the facts of a comment.
func (h commentHandlers) changeForm(c echo.Context) error {
	ctx := c.Request().Context()
	comment, err := h.service.Comment(ctx, idOf(c, "id"))
	if err != nil {
		return err
	}
	f, err := h.service.formOfComment(ctx, comment)
	if err != nil {
		return err
	}
	return h.showChange(c, http.StatusOK, f, nil)
}

func (h commentHandlers) showChange(c echo.Context, status int, f handForm, problems []nhs.FieldError) error {
	v, err := h.service.handView(c.Request().Context(), f, Sources())
	if err != nil {
		return err
	}
	id := idOf(c, "id")
	v.Title, v.Action, v.Button, v.Errors = "Change comment "+strconv.FormatInt(id, 10), pages.CommentHref(id)+"/change", "Save", problems
	return h.shell.Render(c, status, web.Page{Title: v.Title, Body: pages.HandForm(v), Before: pages.CommentBack("Comment "+strconv.FormatInt(id, 10), pages.CommentHref(id)),
		Errors: len(problems) > 0, Current: feedbackHome})
}

func (h commentHandlers) change(c echo.Context) error {
	var f handForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	err := h.service.ChangeComment(c.Request().Context(), idOf(c, "id"), f.Version, f.attributes())
	if problems, refused := web.FieldErrors(err); refused && fault.KindOf(err) == fault.Invalid {
		return h.showChange(c, http.StatusUnprocessableEntity, f, problems)
	}
	if err != nil {
		return h.conflict(c, err)
	}
	h.shell.Flash(c, web.Success, "The comment is changed.")
	return web.Redirect(c, pages.CommentHref(idOf(c, "id")))
}

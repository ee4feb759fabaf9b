package events

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/web"
	pages "conversations/templates/events"
)

// steps is the list of the next steps of all events.
func (h recordHandlers) steps(c echo.Context) error {
	f := StepFilter{Show: web.Query(c, "show"), Locality: web.Query(c, "locality")}
	f.Page, _ = strconv.Atoi(web.Query(c, "page"))
	page, err := h.service.Steps(c.Request().Context(), f)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Next steps", Body: pages.StepsPage(h.service.stepsView(f, page)), Current: staffHome})
}

func (h recordHandlers) stepForm(c echo.Context) error {
	e, r, err := h.loadRecord(c)
	if err != nil {
		return err
	}
	i, err := r.step(idParam(c, "step"))
	if err != nil {
		return err
	}
	return h.showStep(c, http.StatusOK, e.followView(r.Parts[i], stepFormOf(r, i)))
}

func (h recordHandlers) showStep(c echo.Context, status int, v pages.FollowView) error {
	return h.shell.Render(c, status, web.Page{Title: "Follow up a next step", Body: pages.Follow(v), Before: pages.Back("Back to the record", v.BackHref),
		Errors: len(v.Errors) > 0, Current: staffHome})
}

func (h recordHandlers) follow(c echo.Context) error {
	e, r, err := h.loadRecord(c)
	if err != nil {
		return err
	}
	i, err := r.step(idParam(c, "step"))
	if err != nil {
		return err
	}
	var f StepForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	_, err = h.service.FollowStep(c.Request().Context(), e.ID, r.Parts[i].ID, f)
	if conflict, ok := errors.AsType[*RecordConflict](err); ok {
		return h.stepConflict(c, e, conflict.Stored, f)
	}
	if fields, invalid := fieldsOf(err); invalid {
		v := e.followView(r.Parts[i], f)
		v.Errors = fields
		return h.showStep(c, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "Saved.")
	return web.Redirect(c, recordPath(e.ID))
}

// stepConflict shows what somebody else stored meanwhile, and what was typed in the form.
func (h recordHandlers) stepConflict(c echo.Context, e Event, stored Record, typed StepForm) error {
	i, err := stored.step(idParam(c, "step"))
	if err != nil {
		return err
	}
	theirs := stepFormOf(stored, i)
	typed.Version = stored.Version
	v := e.followView(stored.Parts[i], typed)
	v.Theirs = stepDifferences(theirs, typed)
	return h.showStep(c, http.StatusConflict, v)
}

func (h recordHandlers) addFile(c echo.Context) error {
	e, r, err := h.loadRecord(c)
	if err != nil {
		return err
	}
	var f struct {
		Title  string `form:"title"`
		Public bool   `form:"public"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	name, data, err := web.File(c, "file", h.service.cfg.Records.FileBytes)
	if err != nil {
		return err
	}
	_, err = h.service.AddFile(c.Request().Context(), e.ID, NewFile{Name: name, Title: f.Title, Public: f.Public, Data: data})
	if fields, invalid := fieldsOf(err); invalid {
		v := h.service.staffRecord(e, r)
		v.Errors, v.FileTitle = fields, f.Title
		return h.showRecord(c, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The file is added.")
	return web.Redirect(c, recordPath(e.ID))
}

func (h recordHandlers) changeFile(c echo.Context) error {
	e, err := h.load(c)
	if err != nil {
		return err
	}
	var f struct {
		Do string `form:"do"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	ctx, id := c.Request().Context(), idParam(c, "file")
	switch f.Do {
	case "show", "hide":
		err = h.service.ShowFile(ctx, e.ID, id, f.Do == "show")
	case "remove":
		err = h.service.RemoveFile(ctx, e.ID, id)
	default:
		err = unreadable()
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "Done.")
	return web.Redirect(c, recordPath(e.ID))
}

func (h recordHandlers) file(c echo.Context) error {
	e, err := h.load(c)
	if err != nil {
		return err
	}
	f, err := h.service.File(c.Request().Context(), e.ID, idParam(c, "file"))
	return h.download(c, f, err)
}

func (h recordHandlers) publicFile(c echo.Context) error {
	f, err := h.service.PublicFile(c.Request().Context(), c.Param("slug"), idParam(c, "file"))
	return h.download(c, f, err)
}

func (h recordHandlers) download(c echo.Context, f RecordFile, err error) error {
	if err != nil {
		return err
	}
	return h.shell.SendFile(c, f.Name, f.ContentType, f.Data)
}

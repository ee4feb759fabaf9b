package events

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"conversations/app/events/minutes"
	"conversations/app/web"
	pages "conversations/templates/events"
)

// recordHandlers are the pages about the record of an event: parse, call the service, render or redirect.
type recordHandlers struct{ staffHandlers }

func recordPath(id int64) string { return staffPath(id) + "/record" }

// idParam is a number in the address; 0 where it is none, which nothing has.
func idParam(c echo.Context, name string) int64 {
	id, _ := strconv.ParseInt(c.Param(name), 10, 64)
	return id
}

// loadRecord reads the event of the address and its record.
func (h recordHandlers) loadRecord(c echo.Context) (e Event, r Record, err error) {
	if e, err = h.load(c); err != nil {
		return e, r, err
	}
	r, err = h.service.Record(c.Request().Context(), e.ID)
	return e, r, err
}

func (h recordHandlers) record(c echo.Context) error {
	e, r, err := h.loadRecord(c)
	if err != nil {
		return err
	}
	return h.showRecord(c, http.StatusOK, h.service.staffRecord(e, r))
}

func (h recordHandlers) showRecord(c echo.Context, status int, v pages.StaffRecordView) error {
	return h.shell.Render(c, status, web.Page{Title: "Record: " + v.Event, Body: pages.StaffRecord(v), Before: pages.Back("Back to the event", strings.TrimSuffix(v.StateAction, "/record")),
		Errors: len(v.Errors) > 0, Current: staffHome})
}

// move approves, publishes or withdraws.
func (h recordHandlers) move(c echo.Context) error {
	e, err := h.load(c)
	if err != nil {
		return err
	}
	var f struct {
		Do      string `form:"do"`
		Version int64  `form:"version"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	ctx, said := c.Request().Context(), ""
	switch f.Do {
	case "approve":
		_, err = h.service.ApproveRecord(ctx, e.ID, f.Version)
		said = "The record is approved."
	case "publish":
		_, err = h.service.PublishRecord(ctx, e.ID, f.Version)
		said = "The record is public."
	case "withdraw":
		_, err = h.service.WithdrawRecord(ctx, e.ID, f.Version)
		said = "The record is a draft again. Only staff see it."
	default:
		err = unreadable()
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, said)
	return web.Redirect(c, recordPath(e.ID))
}

func (h recordHandlers) editForm(c echo.Context) error {
	e, r, err := h.loadWritable(c)
	if err != nil {
		return err
	}
	return h.showEditor(c, http.StatusOK, e.recordForm(r.Version, LinesOf(r)))
}

// loadWritable reads a record whose text can be changed now.
func (h recordHandlers) loadWritable(c echo.Context) (e Event, r Record, err error) {
	if e, r, err = h.loadRecord(c); err != nil {
		return e, r, err
	}
	if r.Version > 0 {
		if err := r.mustBe(RecordDraft); err != nil {
			return e, r, err
		}
	}
	return e, r, e.hasRecord()
}

func (h recordHandlers) showEditor(c echo.Context, status int, v pages.RecordFormView) error {
	return h.shell.Render(c, status, web.Page{Title: "Write the record: " + v.Event, Body: pages.RecordForm(v), Before: pages.Back("Back to the record", v.BackHref),
		Errors: len(v.Errors) > 0, Current: staffHome})
}

// typedRecord is the form of a record as it is sent: lists of equal length.
type typedRecord struct {
	Version int64    `form:"version"`
	Do      string   `form:"do"`
	IDs     []string `form:"part_id"`
	Kinds   []string `form:"part_kind"`
	Texts   []string `form:"part_text,lines"`
	Whos    []string `form:"part_who"`
	Days    []string `form:"part_day"`
	Months  []string `form:"part_month"`
	Years   []string `form:"part_year"`
	Checks  []string `form:"part_check"`
}

func (f typedRecord) lines() ([]RecordLine, error) {
	n := len(f.IDs)
	for _, list := range [][]string{f.Kinds, f.Texts, f.Whos, f.Days, f.Months, f.Years, f.Checks} {
		if len(list) != n {
			return nil, unreadable()
		}
	}
	lines := make([]RecordLine, n)
	for i := range n {
		id, _ := strconv.ParseInt(f.IDs[i], 10, 64) // what is no number is a new part
		lines[i] = RecordLine{ID: id, Kind: minutes.Kind(f.Kinds[i]), Text: f.Texts[i], Who: f.Whos[i],
			Day: f.Days[i], Month: f.Months[i], Year: f.Years[i], Check: f.Checks[i]}
	}
	return inSections(lines), nil
}

// edit saves the record, or does what one of the form's buttons says and shows the form again.
func (h recordHandlers) edit(c echo.Context) error {
	e, err := h.load(c)
	if err != nil {
		return err
	}
	var f typedRecord
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	lines, err := f.lines()
	if err != nil {
		return err
	}
	if f.Do != "" && f.Do != "save" {
		lines, _ = Arrange(lines, f.Do)
		v := e.recordForm(f.Version, lines)
		v.Unsaved = "Not saved yet. When you are done, save the draft."
		return h.showEditor(c, http.StatusOK, v)
	}
	_, err = h.service.SaveRecord(c.Request().Context(), e.ID, f.Version, lines)
	if conflict, ok := errors.AsType[*RecordConflict](err); ok {
		return h.showEditor(c, http.StatusConflict, e.recordConflict(conflict.Stored, lines))
	}
	if fields, invalid := fieldsOf(err); invalid {
		v := e.recordForm(f.Version, lines)
		v.Errors = fields
		return h.showEditor(c, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "Saved as a draft.")
	return web.Redirect(c, recordPath(e.ID))
}

func (h recordHandlers) minutesForm(c echo.Context) error {
	e, _, err := h.loadWritable(c)
	if err != nil {
		return err
	}
	return h.showMinutes(c, http.StatusOK, e.minutesView(""))
}

func (h recordHandlers) showMinutes(c echo.Context, status int, v pages.MinutesView) error {
	return h.shell.Render(c, status, web.Page{Title: "Paste minutes: " + v.Event, Body: pages.Minutes(v), Before: pages.Back("Back to the record", v.BackHref),
		Errors: len(v.Errors) > 0, Current: staffHome})
}

// split splits pasted minutes and shows the parts, after those that are stored. Nothing is saved before staff have
// looked through it, so no private name reaches the database.
func (h recordHandlers) split(c echo.Context) error {
	e, r, err := h.loadWritable(c)
	if err != nil {
		return err
	}
	var f struct {
		Minutes string `form:"minutes,raw"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	found := LinesFromMinutes(f.Minutes)
	if len(found) == 0 {
		v := e.minutesView(f.Minutes)
		v.Errors = []fieldError{{Field: "minutes", Text: "Paste the minutes here"}}
		return h.showMinutes(c, http.StatusUnprocessableEntity, v)
	}
	v := e.recordForm(r.Version, append(LinesOf(r), found...))
	v.Unsaved = saysSplit(found)
	return h.showEditor(c, http.StatusOK, v)
}

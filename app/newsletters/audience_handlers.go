package newsletters

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/audiences"
	"conversations/app/fault"
	"conversations/app/sheet"
	"conversations/app/web"
	pages "conversations/templates/newsletters"
	"conversations/templates/nhs"
)

// sendHandlers are the staff's pages by which an update leaves: who gets it, approval, sending, the report.
type sendHandlers struct{ writeHandlers }

// audienceRoutes hangs the pages about who an update is for on the shell.
func audienceRoutes(shell *web.Shell, h sendHandlers) {
	const path = staffHome + "/:id/" + audienceStep
	shell.Staff.GET(path, accounts.WriteUpdates, h.audience)
	shell.Staff.POST(path, accounts.WriteUpdates, h.saveAudience)
	shell.Staff.POST(path+"/again", accounts.WriteUpdates, h.remakeList)
	shell.Staff.GET(path+"/list", accounts.WriteUpdates, h.people)
	shell.Staff.GET(path+"/list.csv", accounts.WriteUpdates, h.exportPeople(sheet.FormatCSV), web.Timeout(web.DownloadTimeout))
	shell.Staff.GET(path+"/list.xlsx", accounts.WriteUpdates, h.exportPeople(sheet.FormatXLSX), web.Timeout(web.DownloadTimeout))
}

func (h sendHandlers) audience(c echo.Context) error {
	a, err := h.service.AudienceOf(c.Request().Context(), number(c, "id"))
	if err != nil {
		return err
	}
	return h.showAudience(c, http.StatusOK, a, formOfAudience(a), nil)
}

func (h sendHandlers) showAudience(c echo.Context, status int, a Audience, f audienceForm, problems []nhs.FieldError) error {
	v, err := h.service.audienceView(c.Request().Context(), a, f, problems)
	if err != nil {
		return err
	}
	return h.show(c, status, web.Page{Title: "Who it is for: " + a.Update.Title, Body: pages.Audience(v), Errors: len(problems) > 0})
}

func (h sendHandlers) saveAudience(c echo.Context) error {
	ctx, id := c.Request().Context(), number(c, "id")
	var f audienceForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	_, err := h.service.SaveAudience(ctx, id, f.Version, f.rule(), f.Purpose)
	if problems, refused := web.FieldErrors(err); refused {
		a, failed := h.service.AudienceOf(ctx, id)
		if failed != nil {
			return failed
		}
		return h.showAudience(c, statusOf(err), a, f, problems)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "Saved.")
	return web.Redirect(c, stepPath(id, audienceStep))
}

// statusOf is the status of a form that is shown again.
func statusOf(err error) int {
	if fault.KindOf(err) == fault.Conflict {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

func (h sendHandlers) remakeList(c echo.Context) error {
	id := number(c, "id")
	list, err := h.service.RemakeList(c.Request().Context(), id)
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The list is made again. "+countPeople(list.Size())+" on it.")
	return web.Redirect(c, stepPath(id, audienceStep))
}

func peopleFilter(c echo.Context) audiences.RowFilter {
	f := peopleOf(web.Query(c, "show"))
	f.Text, f.Sort = web.Query(c, "q"), web.Query(c, "sort")
	f.Page, _ = strconv.Atoi(web.Query(c, "page"))
	return f
}

// people shows everybody on the list of an update.
func (h sendHandlers) people(c echo.Context) error {
	ctx, f := c.Request().Context(), peopleFilter(c)
	a, err := h.service.AudienceOf(ctx, number(c, "id"))
	if err != nil {
		return err
	}
	if !a.Made {
		return fault.New(fault.NotFound, "There is no list yet.")
	}
	page, err := h.service.Audiences.Rows(ctx, a.List.ID, f)
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, web.Page{Title: "Everybody on the list: " + a.Update.Title, Body: pages.People(h.service.peopleView(a, f, page)), Wide: true})
}

func (h sendHandlers) exportPeople(format sheet.Format) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := number(c, "id")
		return web.Export(c, "people-of-update-"+strconv.FormatInt(id, 10), format, func() (sheet.Table, error) {
			return h.service.ExportPeople(c.Request().Context(), id, peopleFilter(c), format)
		})
	}
}

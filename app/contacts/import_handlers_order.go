package contacts

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"conversations/app/fault"
	"conversations/app/links"
	"conversations/app/sheet"
	"conversations/app/web"
	pages "conversations/templates/contacts"
)

// makeGroups has groups that rows name made, and the list checked again.
func (h importHandlers) makeGroups(c echo.Context) error {
	i, err := h.importOf(c)
	if err != nil {
		return err
	}
	var f struct {
		Names []string `form:"new_groups"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	err = h.service.MakeImportGroups(c.Request().Context(), i.ID, f.Names)
	if problems, refused := web.FieldErrors(err); refused && fault.KindOf(err) == fault.Invalid {
		return h.showImport(c, http.StatusUnprocessableEntity, i, problems)
	}
	return h.next(c, i, err)
}

// confirm has a checked list imported.
func (h importHandlers) confirm(c echo.Context) error {
	i, err := h.importOf(c)
	if err != nil {
		return err
	}
	var f struct {
		Seen    string `form:"seen"`
		SkipBad bool   `form:"skip_bad"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	err = h.service.ConfirmImport(c.Request().Context(), i.ID, Confirmation{Seen: f.Seen, SkipBad: f.SkipBad})
	if problems, refused := web.FieldErrors(err); refused && fault.KindOf(err) == fault.Invalid {
		return h.showImport(c, http.StatusUnprocessableEntity, i, problems)
	}
	return h.next(c, i, err)
}

func (h importHandlers) drop(c echo.Context) error {
	i, err := h.importOf(c)
	if err != nil {
		return err
	}
	if err := h.service.DropImport(c.Request().Context(), i.ID); err != nil {
		return h.next(c, i, err)
	}
	h.shell.Flash(c, web.Success, "The list is deleted.")
	return web.Redirect(c, importsPath)
}

func (h importHandlers) undoForm(c echo.Context) error {
	i, err := h.importOf(c)
	if err != nil {
		return err
	}
	if i.State != ImportDone || !h.service.db.Now().Before(h.service.UndoUntil(i)) {
		return web.Redirect(c, importPath(i.ID))
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Undo a list: " + i.FileName, Body: pages.ImportUndoForm(undoView(i)),
		Before: pages.Back("Back to the list", importPath(i.ID)), Current: listPath})
}

func (h importHandlers) undo(c echo.Context) error {
	i, err := h.importOf(c)
	if err != nil {
		return err
	}
	return h.next(c, i, h.service.UndoImport(c.Request().Context(), i.ID))
}

// rowFilter reads a view of the rows from its address.
func rowFilter(c echo.Context) (f RowFilter) {
	f.Show = web.Query(c, "show")
	f.Page, _ = strconv.Atoi(web.Query(c, "page"))
	return f
}

func (h importHandlers) rows(c echo.Context) error {
	i, err := h.importOf(c)
	if err != nil {
		return err
	}
	f := rowFilter(c)
	page, err := h.service.ImportRows(c.Request().Context(), i.ID, f)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Rows: " + i.FileName, Body: pages.ImportRowsPage(rowsView(i, f, page)),
		Before: pages.Back("Back to the list", importPath(i.ID)), Current: listPath, Wide: true})
}

// exportRows sends the rows that the page shows, all of them, as a file that can be mended and brought in again.
func (h importHandlers) exportRows(format sheet.Format) echo.HandlerFunc {
	return func(c echo.Context) error {
		i, err := h.importOf(c)
		if err != nil {
			return err
		}
		f := rowFilter(c)
		name := strings.Trim(links.Words(strings.TrimSuffix(strings.TrimSuffix(i.FileName, ".csv"), ".xlsx"))+"-"+f.Show, "-")
		return web.Export(c, name, format, func() (sheet.Table, error) {
			table, err := h.service.ExportImportRows(c.Request().Context(), i.ID, f, format)
			table.Options.BOM = true // most open it in Excel
			return table, err
		})
	}
}

// importFilter reads a view of the list of lists from its address.
func importFilter(c echo.Context) (f ImportFilter) {
	f.State, f.Sort = ImportState(web.Query(c, "state")), web.Query(c, "sort")
	f.Page, _ = strconv.Atoi(web.Query(c, "page"))
	return f
}

func (h importHandlers) list(c echo.Context) error {
	f := importFilter(c)
	page, err := h.service.Imports(c.Request().Context(), f)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Lists that were brought in", Body: pages.ImportsPage(h.service.importsView(f, page)),
		Before: pages.Back("Contacts", listPath), Current: listPath, Wide: true})
}

func (h importHandlers) exportList(format sheet.Format) echo.HandlerFunc {
	return func(c echo.Context) error {
		return web.Export(c, "lists", format, func() (sheet.Table, error) {
			return h.service.ExportImports(c.Request().Context(), importFilter(c), format)
		})
	}
}

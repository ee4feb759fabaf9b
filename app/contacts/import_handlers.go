package contacts

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/fault"
	"conversations/app/sheet"
	"conversations/app/web"
	pages "conversations/templates/contacts"
	"conversations/templates/nhs"
)

// importHandlers are the staff's pages on which lists of contacts come in: parse, call the service, render or redirect.
type importHandlers struct {
	shell   *web.Shell
	service *Service
}

const (
	importForm  = listPath + "/import"
	importsPath = listPath + "/imports"
)

// uploadBytes is what a form with a file may be larger than the file: so much that one that is too large is still
// read, and its sender told at the field.
const uploadBytes = 4 << 20

// importRoutes hangs the pages on the shell.
func importRoutes(shell *web.Shell, service *Service) {
	h := importHandlers{shell, service}
	const one = importsPath + "/:import"
	long := web.Timeout(web.DownloadTimeout)
	shell.Staff.GET(importForm, accounts.ManageContacts, h.form)
	shell.Staff.POST(importForm, accounts.ManageContacts, h.read, long, web.BodyLimit(service.cfg.Contacts.ImportBytes+uploadBytes))
	shell.Staff.GET(importsPath, accounts.ManageContacts, h.list)
	shell.Staff.GET(importsPath+".csv", accounts.ManageContacts, h.exportList(sheet.FormatCSV), long)
	shell.Staff.GET(importsPath+".xlsx", accounts.ManageContacts, h.exportList(sheet.FormatXLSX), long)
	shell.Staff.GET(one, accounts.ManageContacts, h.show)
	shell.Staff.GET(one+"/columns", accounts.ManageContacts, h.columns)
	shell.Staff.POST(one+"/columns", accounts.ManageContacts, h.check)
	shell.Staff.POST(one+"/groups", accounts.ManageContacts, h.makeGroups)
	shell.Staff.POST(one+"/confirm", accounts.ManageContacts, h.confirm)
	shell.Staff.POST(one+"/drop", accounts.ManageContacts, h.drop, long)
	shell.Staff.GET(one+"/undo", accounts.ManageContacts, h.undoForm)
	shell.Staff.POST(one+"/undo", accounts.ManageContacts, h.undo)
	shell.Staff.GET(one+"/rows", accounts.ManageContacts, h.rows)
	shell.Staff.GET(one+"/rows.csv", accounts.ManageContacts, h.exportRows(sheet.FormatCSV), long)
	shell.Staff.GET(one+"/rows.xlsx", accounts.ManageContacts, h.exportRows(sheet.FormatXLSX), long)
}

func importPath(id int64) string { return importsPath + "/" + strconv.FormatInt(id, 10) }

// importOf reads the list of the address.
func (h importHandlers) importOf(c echo.Context) (Import, error) {
	id, err := strconv.ParseInt(c.Param("import"), 10, 64)
	if err != nil {
		return Import{}, noImport()
	}
	return h.service.ImportByID(c.Request().Context(), id)
}

func (h importHandlers) form(c echo.Context) error { return h.showForm(c, http.StatusOK, nil) }

func (h importHandlers) showForm(c echo.Context, status int, problems []nhs.FieldError) error {
	v, err := h.service.uploadView(c.Request().Context(), problems)
	if err != nil {
		return err
	}
	return h.shell.Render(c, status, web.Page{Title: "Bring in a list of contacts", Body: pages.ImportForm(v), Before: pages.Back("Contacts", listPath),
		Errors: len(problems) > 0, Current: listPath})
}

// read stores the rows of a file that was sent.
func (h importHandlers) read(c echo.Context) error {
	var none struct{}
	if err := web.Bind(c, &none); err != nil {
		return err
	}
	file, done, err := sentFile(c, "file")
	if err != nil {
		return err
	}
	defer done()
	i, err := h.service.ReadImport(c.Request().Context(), file)
	if problems, refused := web.FieldErrors(err); refused {
		return h.showForm(c, http.StatusUnprocessableEntity, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, importPath(i.ID)+"/columns")
}

// sentFile is a file of the form, or nothing where none was chosen. done closes it.
func sentFile(c echo.Context, field string) (file ImportFile, done func(), err error) {
	header, err := c.FormFile(field)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return file, func() {}, nil
	}
	if err != nil {
		return file, nil, fault.Wrap(fault.Invalid, "We could not read the file. Go back, and send it again.", err)
	}
	data, err := header.Open()
	if err != nil {
		return file, nil, err
	}
	return ImportFile{Name: header.Filename, Data: data, Size: header.Size}, func() { _ = data.Close() }, nil
}

// show is the page of one list, as far as it is.
func (h importHandlers) show(c echo.Context) error {
	i, err := h.importOf(c)
	if err != nil {
		return err
	}
	if i.State == ImportRead {
		return web.Redirect(c, importPath(i.ID)+"/columns")
	}
	return h.showImport(c, http.StatusOK, i, nil)
}

func (h importHandlers) showImport(c echo.Context, status int, i Import, problems []nhs.FieldError) error {
	v, err := h.service.importView(c.Request().Context(), i)
	if err != nil {
		return err
	}
	v.Errors = problems
	p := web.Page{Title: v.Heading + ": " + i.FileName, Body: pages.Import(v), Before: pages.Back("Lists that were brought in", importsPath),
		Errors: len(problems) > 0, Current: listPath, Wide: true}
	if v.Progress != nil {
		p.Head = pages.ImportHead()
	}
	return h.shell.Render(c, status, p)
}

func (h importHandlers) columns(c echo.Context) error {
	i, err := h.importOf(c)
	if err != nil {
		return err
	}
	set, err := i.Choices()
	if err != nil {
		return err
	}
	return h.showColumns(c, http.StatusOK, i, columnsForm(set), nil)
}

func (h importHandlers) showColumns(c echo.Context, status int, i Import, f importColumnsForm, problems []nhs.FieldError) error {
	if i.State != ImportRead && i.State != ImportChecked {
		return web.Redirect(c, importPath(i.ID))
	}
	v, err := h.service.columnsView(c.Request().Context(), i, f)
	if err != nil {
		return err
	}
	v.Errors = problems
	return h.shell.Render(c, status, web.Page{Title: "What is in the columns: " + i.FileName, Body: pages.ImportColumnsForm(v),
		Before: pages.Back("Lists that were brought in", importsPath), Errors: len(problems) > 0, Current: listPath})
}

// check takes what staff say of the columns, and has the list checked.
func (h importHandlers) check(c echo.Context) error {
	i, err := h.importOf(c)
	if err != nil {
		return err
	}
	var f importColumnsForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	err = h.service.CheckImport(c.Request().Context(), i.ID, f.settings())
	if problems, refused := web.FieldErrors(err); refused && fault.KindOf(err) == fault.Invalid {
		return h.showColumns(c, http.StatusUnprocessableEntity, i, f, problems)
	}
	return h.next(c, i, err)
}

// next shows the list again after something was ordered.
func (h importHandlers) next(c echo.Context, i Import, err error) error {
	if fault.KindOf(err) == fault.Conflict {
		h.shell.Flash(c, web.Notice, "Somebody else has worked on this list meanwhile. Look at it as it is now.")
		return web.Redirect(c, importPath(i.ID))
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, importPath(i.ID))
}

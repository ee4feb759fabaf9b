package feedback

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"conversations/app/fault"
	"conversations/app/web"
	pages "conversations/templates/feedback"
	"conversations/templates/nhs"
)

func (h commentHandlers) imports(c echo.Context) error {
	return h.showImports(c, http.StatusOK, pages.CommentImport{})
}

func (h commentHandlers) showImports(c echo.Context, status int, v pages.CommentImport) error {
	list, err := h.service.Imports(c.Request().Context())
	if err != nil {
		return err
	}
	for _, i := range list {
		v.Imports = append(v.Imports, h.service.importRow(i))
	}
	return h.shell.Render(c, status, web.Page{Title: "Bring in a file of comments", Body: pages.CommentImports(v), Before: pages.CommentBack("Bring comments in", intakeHome), Errors: len(v.Errors) > 0, Current: feedbackHome})
}

// badShown is how many bad rows a page names.
const badShown = 200

// bring checks a file that was sent, or brings it in.
func (h commentHandlers) bring(c echo.Context) error {
	form, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	v := pages.CommentImport{Skip: form.Text("skip") != ""}
	order := ImportOrder{DryRun: form.Text("do") != "bring", SkipBad: v.Skip, Bad: func(line int, why string) {
		if len(v.Bad) < badShown {
			v.Bad = append(v.Bad, [2]string{strconv.Itoa(line), why})
		}
	}}
	header, err := c.FormFile("file")
	if err == nil {
		data, err := header.Open()
		if err != nil {
			return err
		}
		defer func() { _ = data.Close() }()
		order.File = ImportFile{Name: header.Filename, Data: data, Size: header.Size}
	}
	out, err := h.service.ImportComments(c.Request().Context(), order)
	if problems, refused := web.FieldErrors(err); refused {
		v.Errors = problems
		return h.showImports(c, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	status := importResult(&v, out, order)
	return h.showImports(c, status, v)
}

// importResult says what became of a file.
func importResult(v *pages.CommentImport, out Imported, order ImportOrder) (status int) {
	v.Result = append(v.Result, counted(out.New, "new comment", "new comments")+", "+strconv.Itoa(out.Same)+" here already, "+counted(out.Bad, "row that cannot be used", "rows that cannot be used")+".")
	if len(out.Unknown) > 0 {
		v.Result = append(v.Result, "These columns are left out: "+strings.Join(out.Unknown, ", ")+".")
	}
	if out.Bad > len(v.Bad) {
		v.More = "And " + counted(out.Bad-len(v.Bad), "more", "more") + "."
	}
	switch {
	case out.Import.ID != 0:
		v.Done = feedbackHome + "?import=" + strconv.FormatInt(out.Import.ID, 10)
	case order.DryRun:
		v.Result = append(v.Result, "Nothing was brought in: this was a check.")
	case out.Bad > 0 && !order.SkipBad:
		v.Errors = []nhs.FieldError{{Field: "file", Text: "Nothing was brought in. Mend the rows that cannot be used, or leave them out"}}
		return http.StatusUnprocessableEntity
	default:
		v.Result = append(v.Result, "There was nothing new to bring in.")
	}
	return http.StatusOK
}

func (h commentHandlers) importOf(c echo.Context) error {
	i, err := h.service.ImportOf(c.Request().Context(), idOf(c, "import"))
	if err != nil {
		return err
	}
	row := h.service.importRow(i)
	v := pages.CommentUndo{ID: i.ID, Name: i.FileName, Note: row.Comments + " came in on " + row.When + ". " + row.State, Done: i.UndoneAt != nil,
		ShowAll: feedbackHome + "?aside=all&import=" + strconv.FormatInt(i.ID, 10)}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "File of comments: " + i.FileName, Body: pages.UndoImport(v), Before: pages.CommentBack("Files of comments", importsHome), Current: feedbackHome})
}

func (h commentHandlers) undoImport(c echo.Context) error {
	gone, kept, err := h.service.UndoImport(c.Request().Context(), idOf(c, "import"))
	switch {
	case fault.KindOf(err) == fault.Conflict:
		h.shell.Flash(c, web.Notice, faultOf(err).Message)
	case err != nil:
		return err
	case kept > 0:
		h.shell.Flash(c, web.Notice, counted(gone, "comment is", "comments are")+" taken out. "+counted(kept, "stays", "stay")+", because somebody has worked on them.")
	default:
		h.shell.Flash(c, web.Success, counted(gone, "comment is", "comments are")+" taken out.")
	}
	return web.Redirect(c, importsHome)
}

package documents

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/fault"
	"conversations/app/sheet"
	"conversations/app/web"
	pages "conversations/templates/documents"
	"conversations/templates/nhs"
)

// handlers are the pages of the library: parse, call the service, render or redirect.
type handlers struct {
	shell   *web.Shell
	service *Service
}

const (
	publicHome = "/documents"
	staffHome  = "/staff/documents"
)

func staffPath(id int64) string { return staffHome + "/" + strconv.FormatInt(id, 10) }

func filter(c echo.Context) Filter {
	f := Filter{Locality: web.Query(c, "locality"), Text: web.Query(c, "q"), Public: web.Query(c, "public"), Sort: web.Query(c, "sort")}
	f.Page, _ = strconv.Atoi(web.Query(c, "page"))
	return f
}

// href is the address of the same view below another path.
func (f Filter) href(path string, page int) string {
	q := url.Values{}
	for name, value := range map[string]string{"locality": f.Locality, "q": f.Text, "public": f.Public, "sort": f.Sort} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func (h handlers) library(c echo.Context) error {
	f := Filter{Locality: web.Query(c, "locality"), Text: web.Query(c, "q")}
	f.Page, _ = strconv.Atoi(web.Query(c, "page"))
	page, err := h.service.Library(c.Request().Context(), f)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Documents", Description: "Reports, plans and other papers to read or keep.",
		Body: pages.Library(h.service.libraryView(f, page)), Current: publicHome})
}

func (h handlers) open(c echo.Context) error {
	d, err := h.service.PublicFile(c.Request().Context(), c.Param("slug"))
	if err != nil {
		return err
	}
	return h.shell.SendFile(c, d.FileName, d.ContentType, d.Data)
}

func (h handlers) file(c echo.Context) error {
	d, err := h.service.File(c.Request().Context(), id(c))
	if err != nil {
		return err
	}
	return h.shell.SendFile(c, d.FileName, d.ContentType, d.Data)
}

func id(c echo.Context) int64 {
	n, _ := strconv.ParseInt(c.Param("id"), 10, 64) // 0 is no document
	return n
}

func (h handlers) list(c echo.Context) error {
	f := filter(c)
	page, err := h.service.List(c.Request().Context(), f)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Documents", Body: pages.List(h.service.listView(f, page)), Wide: true, Current: staffHome})
}

// export sends what the list shows, all pages of it, as a file.
func (h handlers) export(format sheet.Format) echo.HandlerFunc {
	return func(c echo.Context) error {
		return web.Export(c, "documents", format, func() (sheet.Table, error) { return h.service.Export(c.Request().Context(), filter(c), format) })
	}
}

func (h handlers) newForm(c echo.Context) error {
	return h.show(c, http.StatusOK, Document{}, Form{}, nil)
}

func (h handlers) add(c echo.Context) error {
	f, sent, err := h.read(c)
	if err != nil {
		return err
	}
	d, err := h.service.Add(c.Request().Context(), f, sent)
	if messages, refused := web.FieldErrors(err); refused {
		return h.show(c, http.StatusUnprocessableEntity, Document{}, f, messages)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, d.Title+" is in the library.")
	return web.Redirect(c, staffHome)
}

func (h handlers) form(c echo.Context) error {
	d, err := h.service.ByID(c.Request().Context(), id(c))
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, d, FormOf(d), nil)
}

func (h handlers) change(c echo.Context) error {
	stored, err := h.service.ByID(c.Request().Context(), id(c))
	if err != nil {
		return err
	}
	f, sent, err := h.read(c)
	if err != nil {
		return err
	}
	d, err := h.service.Change(c.Request().Context(), stored.ID, f, sent)
	if messages, refused := web.FieldErrors(err); refused {
		status := http.StatusUnprocessableEntity
		if fault.KindOf(err) == fault.Conflict {
			status, f.Version = http.StatusConflict, stored.Version
		}
		return h.show(c, status, stored, f, messages)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, d.Title+" is saved.")
	return web.Redirect(c, staffHome)
}

func (h handlers) read(c echo.Context) (f Form, sent Upload, err error) {
	if err := web.Bind(c, &f); err != nil {
		return f, sent, err
	}
	sent.Name, sent.Data, err = web.File(c, "file", h.service.cfg.Documents.FileBytes)
	return f, sent, err
}

func (h handlers) askRemove(c echo.Context) error {
	d, err := h.service.ByID(c.Request().Context(), id(c))
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Remove a document", Body: pages.Remove(d.Title, staffPath(d.ID)), Before: pages.Back("Back to the document", staffPath(d.ID)), Current: staffHome})
}

func (h handlers) remove(c echo.Context) error {
	if err := h.service.Remove(c.Request().Context(), id(c)); err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The document is removed.")
	return web.Redirect(c, staffHome)
}

func (h handlers) show(c echo.Context, status int, d Document, f Form, messages []nhs.FieldError) error {
	v := h.service.formView(d, f, messages)
	return h.shell.Render(c, status, web.Page{Title: v.Heading, Body: pages.Form(v), Before: pages.Back("Documents", staffHome), Errors: len(messages) > 0, Current: staffHome})
}

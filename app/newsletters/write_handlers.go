package newsletters

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/fault"
	"conversations/app/sheet"
	"conversations/app/web"
	pages "conversations/templates/newsletters"
	"conversations/templates/nhs"
)

// writeHandlers are the staff's pages on which updates are written: parse, call the service, render or redirect.
type writeHandlers struct {
	shell   *web.Shell
	service *Service
	tests   *web.Limiter // letters that staff send themselves
}

// uploadBytes is what a form with a picture may be larger than the picture: so much that one that is too large is still
// read, and its sender told at the field.
const uploadBytes = 4 << 20

// writeRoutes hangs the pages on which updates are written on the shell.
func writeRoutes(shell *web.Shell, service *Service) {
	h := writeHandlers{shell: shell, service: service, tests: web.NewLimiter(testsPerHour)}
	const update = staffHome + "/:id"
	shell.Public.GET(picturePath+":name", h.picture)
	shell.Staff.GET(staffHome, accounts.WriteUpdates, h.list)
	shell.Staff.GET(staffHome+".csv", accounts.WriteUpdates, h.export(sheet.FormatCSV), web.Timeout(web.DownloadTimeout))
	shell.Staff.GET(staffHome+".xlsx", accounts.WriteUpdates, h.export(sheet.FormatXLSX), web.Timeout(web.DownloadTimeout))
	shell.Staff.GET(staffHome+"/new", accounts.WriteUpdates, h.newForm)
	shell.Staff.POST(staffHome+"/new", accounts.WriteUpdates, h.create)
	shell.Staff.GET(update, accounts.WriteUpdates, h.overview)
	shell.Staff.GET(update+"/edit", accounts.WriteUpdates, h.editForm)
	shell.Staff.POST(update+"/edit", accounts.WriteUpdates, h.edit, web.BodyLimit(service.Config.Updates.PictureBytes+uploadBytes))
	shell.Staff.GET(update+"/now", accounts.WriteUpdates, h.now)
	shell.Staff.GET(update+"/check", accounts.WriteUpdates, h.check)
	shell.Staff.GET(update+"/preview", accounts.WriteUpdates, h.preview)
	shell.Staff.GET(update+"/preview/letter", accounts.WriteUpdates, h.previewLetter, web.Policy(previewPolicy(service.Config.BaseURL)))
	shell.Staff.POST(update+"/test", accounts.WriteUpdates, h.test)
	shell.Staff.GET(update+"/texts", accounts.WriteUpdates, h.history)
	shell.Staff.GET(update+"/texts/:text", accounts.WriteUpdates, h.text)
	shell.Staff.POST(update+"/texts/:text/restore", accounts.WriteUpdates, h.restore)
	shell.Staff.GET(update+"/texts/:text/compare", accounts.WriteUpdates, h.compare)
	shell.Staff.POST(update+"/texts/:text/compare", accounts.WriteUpdates, h.merge)
}

// previewPolicy is for the text of a letter alone: mails need styles inline, and pictures of this site.
func previewPolicy(base string) string {
	return "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' " + base + "; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"
}

// testsPerHour is how many letters one member of staff can send themselves.
const testsPerHour = 30

// number is a number in the address; 0 where it is none, which nothing has.
func number(c echo.Context, name string) int64 {
	id, _ := strconv.ParseInt(c.Param(name), 10, 64)
	return id
}

// load reads the update of the address.
func (h writeHandlers) load(c echo.Context) (Update, Content, error) {
	return h.service.Update(c.Request().Context(), number(c, "id"))
}

func (h writeHandlers) show(c echo.Context, status int, p web.Page) error {
	p.Current = staffHome
	if p.Before == nil {
		p.Before = nhs.BackLink(nhs.BackLinkParams{Content: nhs.Text("All updates"), Href: staffHome})
	}
	return h.shell.Render(c, status, p)
}

func listFilter(c echo.Context) ListFilter {
	f := ListFilter{Kind: Kind(web.Query(c, "kind")), State: State(web.Query(c, "state")), Text: web.Query(c, "q"), Sort: web.Query(c, "sort")}
	f.Page, _ = strconv.Atoi(web.Query(c, "page"))
	return f
}

func (h writeHandlers) list(c echo.Context) error {
	f := listFilter(c)
	page, err := h.service.List(c.Request().Context(), f)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Updates", Body: pages.Updates(h.service.listView(f, page)), Current: staffHome, Wide: true})
}

// export sends what the list shows, all pages of it, as a file.
func (h writeHandlers) export(format sheet.Format) echo.HandlerFunc {
	return func(c echo.Context) error {
		return web.Export(c, "updates-"+h.service.DB.Now().In(h.service.Config.Zone()).Format("2006-01-02"), format, func() (sheet.Table, error) { return h.service.Export(c.Request().Context(), listFilter(c), format) })
	}
}

func (h writeHandlers) newForm(c echo.Context) error {
	return h.showNew(c, http.StatusOK, pages.NewUpdateView{Kind: string(StakeholderUpdate), From: web.Query(c, "from")})
}

func (h writeHandlers) showNew(c echo.Context, status int, v pages.NewUpdateView) error {
	earlier, err := h.service.List(c.Request().Context(), ListFilter{})
	if err != nil {
		return err
	}
	v.Kinds, v.Earlier = kindChoices(), []pages.Choice{{Text: "An empty letter"}}
	for _, u := range earlier.Updates {
		v.Earlier = append(v.Earlier, pages.Choice{Value: strconv.FormatInt(u.ID, 10), Text: u.Title + " (" + u.Kind.Name() + ")"})
	}
	return h.show(c, status, web.Page{Title: "Write something new", Body: pages.NewUpdate(v), Errors: len(v.Errors) > 0})
}

func (h writeHandlers) create(c echo.Context) error {
	var f struct {
		Kind  string `form:"kind"`
		Title string `form:"title"`
		From  int64  `form:"from"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	u, err := h.service.Create(c.Request().Context(), NewUpdate{Kind: Kind(f.Kind), Title: f.Title, From: f.From})
	if problems, refused := web.FieldErrors(err); refused {
		v := pages.NewUpdateView{Kind: f.Kind, Title: f.Title, Errors: problems}
		if f.From != 0 {
			v.From = strconv.FormatInt(f.From, 10)
		}
		return h.showNew(c, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, staffPath(u.ID)+"/edit")
}

func (h writeHandlers) overview(c echo.Context) error {
	u, content, err := h.load(c)
	if err != nil {
		return err
	}
	v, err := h.service.overviewView(c.Request().Context(), u, content)
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, web.Page{Title: v.Head.Title, Body: pages.Overview(v)})
}

func (h writeHandlers) check(c echo.Context) error {
	u, content, err := h.load(c)
	if err != nil {
		return err
	}
	found, err := h.service.Check(c.Request().Context(), u, content)
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, web.Page{Title: "Check: " + u.Title, Body: pages.Checks(h.service.checksView(u, found))})
}

func (h writeHandlers) preview(c echo.Context) error {
	u, _, err := h.load(c)
	if err != nil {
		return err
	}
	p, err := h.service.Preview(c.Request().Context(), u.ID)
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, web.Page{Title: "Preview: " + u.Title, Body: pages.Preview(h.service.previewView(c.Request().Context(), u, p))})
}

// previewLetter is what the frames on the page of the preview hold.
func (h writeHandlers) previewLetter(c echo.Context) error {
	p, err := h.service.Preview(c.Request().Context(), number(c, "id"))
	if err != nil {
		return err
	}
	return h.shell.Bytes(c, http.StatusOK, echo.MIMETextHTMLCharsetUTF8, []byte(p.HTML))
}

func (h writeHandlers) test(c echo.Context) error {
	if wait := h.tests.Take(strconv.FormatInt(web.Who(c).ID, 10), h.service.DB.Now()); wait > 0 {
		return web.TooMany(wait)
	}
	id := number(c, "id")
	to, err := h.service.SendTest(c.Request().Context(), id)
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "A test is on its way to "+to+".")
	return web.Redirect(c, staffPath(id)+"/preview")
}

// unreadable is a form whose lists do not fit each other: no page of ours sends one.
func unreadable() error {
	return fault.New(fault.Invalid, "We could not read the form. Go back, and send it again.")
}

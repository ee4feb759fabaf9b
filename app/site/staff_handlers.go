package site

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/fault"
	"conversations/app/mail"
	"conversations/app/sheet"
	"conversations/app/web"
	"conversations/templates/nhs"
	pages "conversations/templates/site"
)

const (
	logPath  = "/staff/audit"
	typeHTML = "text/html; charset=utf-8"
)

// staffHandlers are the staff's pages: parse, call the service, render or redirect.
type staffHandlers struct {
	shell   *web.Shell
	service *Service
}

func (h staffHandlers) todo(c echo.Context) error {
	s, ctx := h.service, c.Request().Context()
	tasks, err := s.Tasks(ctx)
	if err != nil {
		return err
	}
	v := pages.TodoView{Door: accounts.May(web.Who(c), accounts.SeeDoor)}
	for _, t := range tasks {
		v.Tasks = append(v.Tasks, pages.TaskView{Text: t.Text, Note: t.Note, Href: t.Path, Urgent: t.Urgent})
	}
	if v.Door {
		today, err := s.Today(ctx)
		if err != nil {
			return err
		}
		v.Today = s.todayViews(today)
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "What needs doing now", Body: pages.Todo(v), Current: "/staff"})
}

func (h staffHandlers) mails(c echo.Context) error {
	ctx := c.Request().Context()
	sum, err := h.service.MailSummary(ctx)
	if err != nil {
		return err
	}
	page, _ := strconv.Atoi(web.Query(c, "page"))
	v := pages.MailsView{ServerDown: sum.ServerDown, State: web.Query(c, "state")}
	if v.CameBack, err = h.service.cameBack(ctx); err != nil {
		return err
	}
	states := []mail.State{mail.State(v.State)}
	if _, known := stateHeadings[states[0]]; !known {
		v.State, states, page = "", []mail.State{mail.Failed, mail.Queued}, 1
	}
	for _, state := range states {
		found, err := h.service.Mails(ctx, state, page)
		if err != nil {
			return err
		}
		v.Sections = append(v.Sections, h.service.mailSection(found, v.State == ""))
		if v.State != "" {
			older := found.Page*mailsOnPage < int(found.Total)
			v.Newer, v.Older = neighbours(mailsPath, url.Values{"state": {v.State}}, found.Page, older)
		}
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Emails", Body: pages.Mails(v), Wide: true, Current: mailsPath})
}

func (h staffHandlers) mail(c echo.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	m, err := h.service.Mail(c.Request().Context(), id)
	if err != nil {
		return err
	}
	back := nhs.BackLink(nhs.BackLinkParams{Content: nhs.Text("All emails"), Href: mailsPath})
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Email: " + m.Subject, Before: back, Current: mailsPath,
		Body: pages.Mail(h.service.mailView(m, mayResend(c.Request().Context(), m)))})
}

// mailText is what the frame on the page of a mail holds.
func (h staffHandlers) mailText(c echo.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	text, err := h.service.MailHTML(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return h.shell.Bytes(c, http.StatusOK, typeHTML, []byte(text))
}

func (h staffHandlers) sendAgain(c echo.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	copied, err := h.service.SendAgain(c.Request().Context(), id)
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The email is sent again. This is the new one.")
	return web.Redirect(c, mailPath(copied))
}

func (h staffHandlers) settings(c echo.Context) error {
	sections, err := h.service.Settings(c.Request().Context())
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Settings", Body: pages.Settings(pages.SettingsView{Sections: sections}), Wide: true, Current: "/staff/settings"})
}

func (h staffHandlers) log(c echo.Context) error {
	f := logFilter(c)
	page, err := h.service.Log(c.Request().Context(), f)
	if err != nil {
		return err
	}
	v, err := h.service.logView(c.Request().Context(), f, page)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Who did what", Body: pages.Audit(v), Wide: true, Current: logPath})
}

// logFilter reads the filter of the address.
func logFilter(c echo.Context) LogFilter {
	f := LogFilter{Who: web.Query(c, "who"), From: web.Query(c, "from"), To: web.Query(c, "to"), Entity: web.Query(c, "entity"), Action: web.Query(c, "action")}
	f.EntityID, _ = strconv.ParseInt(web.Query(c, "id"), 10, 64)
	f.Page, _ = strconv.Atoi(web.Query(c, "page"))
	return f
}

// logExport sends all entries that the filter chooses, as a file.
func (h staffHandlers) logExport(format sheet.Format) echo.HandlerFunc {
	return func(c echo.Context) error {
		name := "audit-" + h.service.db.Now().In(h.service.cfg.Zone()).Format(time.DateOnly)
		return web.Export(c, name, format, func() (sheet.Table, error) { return h.service.LogExport(c.Request().Context(), logFilter(c), format) })
	}
}

func number(c echo.Context) (int64, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return 0, fault.New(fault.NotFound, "")
	}
	return id, nil
}

// neighbours are the addresses of the pages before and after; "" where there is none.
func neighbours(path string, query url.Values, page int, more bool) (newer, older string) {
	at := func(n int) string {
		query.Set("page", fmt.Sprint(n))
		return path + "?" + query.Encode()
	}
	if page > 1 {
		newer = at(page - 1)
	}
	if more {
		older = at(page + 1)
	}
	return newer, older
}

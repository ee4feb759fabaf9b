package devmail

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"conversations/app/web"
	view "conversations/templates/devmail"
)

// framePolicy is what a mail is shown under: mails need styles of their own and pages forbid them. No script, no
// form, nothing from elsewhere; a link opens in a tab of its own.
const framePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; " +
	"sandbox allow-popups allow-popups-to-escape-sandbox"

const page = "/dev/mail"

// Routes adds the pages of the box to the site, at /dev/mail. Whoever sees the site can read them: for demos only.
func Routes(shell *web.Shell, box *Box) {
	h := handlers{shell, box}
	shell.Public.GET(page, h.list)
	shell.Public.GET(page+"/:id", h.show)
	shell.Public.GET(page+"/:id/html", h.html, web.Policy(framePolicy))
	shell.Public.GET(page+"/:id/raw", h.raw)
}

type handlers struct {
	shell *web.Shell
	box   *Box
}

func (h handlers) list(c echo.Context) error {
	messages, err := h.box.List()
	if err != nil {
		return err
	}
	rows := make([]view.Message, len(messages))
	for i, m := range messages {
		rows[i] = h.view(m)
	}
	return h.shell.Render(c, http.StatusOK, web.Page{
		Title: "Mailbox of this demo", Body: view.List(rows), NoIndex: true, Wide: true, Current: page,
	})
}

func (h handlers) show(c echo.Context) error {
	m, err := h.box.Get(c.Param("id"))
	if err != nil {
		return err
	}
	shown := h.view(m)
	return h.shell.Render(c, http.StatusOK, web.Page{
		Title: shown.Subject, Before: view.Back(page), Body: view.Show(shown), NoIndex: true, Current: page,
	})
}

// html is the mail's own page, for the frame.
func (h handlers) html(c echo.Context) error {
	m, err := h.box.Get(c.Param("id"))
	if err != nil {
		return err
	}
	inTabs := strings.Replace(m.HTML, "<head>", `<head><base target="_blank">`, 1)
	return h.shell.Bytes(c, http.StatusOK, "text/html; charset=utf-8", []byte(inTabs))
}

func (h handlers) raw(c echo.Context) error {
	m, err := h.box.Get(c.Param("id"))
	if err != nil {
		return err
	}
	return h.shell.Bytes(c, http.StatusOK, "text/plain; charset=utf-8", []byte(m.Raw))
}

func (h handlers) view(m Message) view.Message {
	date := ""
	if !m.Date.IsZero() {
		date = m.Date.In(h.shell.Config.Zone()).Format("2 January 2006, 15:04:05")
	}
	subject := m.Subject
	if strings.TrimSpace(subject) == "" {
		subject = "(no subject)"
	}
	return view.Message{
		Href: page + "/" + m.ID, From: m.From, To: m.To, Subject: subject, Date: date, MessageID: m.MessageID,
		HasHTML: m.HTML != "", Text: m.Text, Calendar: m.Calendar, Links: m.links(),
	}
}

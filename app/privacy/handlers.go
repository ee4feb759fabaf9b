package privacy

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"conversations/app/fault"
	"conversations/app/web"
	"conversations/templates/nhs"
	pages "conversations/templates/privacy"
)

// handlers are the pages on what is held about one person: parse, call the service, render or redirect.
type handlers struct {
	shell   *web.Shell
	service *Service
}

// asked is who is looked for, from the address.
func asked(c echo.Context) Who {
	var q struct {
		Who []string `form:"who"`
	}
	_ = web.BindQuery(c, &q) // nothing in it can be wrong
	return q.Who
}

func (h handlers) person(c echo.Context) error {
	who := asked(c)
	v := pages.PersonView{}
	status := http.StatusOK
	if c.QueryParams().Has("who") {
		v.Typed = typed(who)
		held, err := h.service.Find(c.Request().Context(), who)
		if messages, refused := web.FieldErrors(err); refused {
			v.Errors, status = messages, http.StatusUnprocessableEntity
		} else if err != nil {
			return err
		} else {
			h.service.showHeld(&v, held)
		}
	}
	erasures, err := h.service.Erasures(c.Request().Context())
	if err != nil {
		return err
	}
	v.Erasures = h.service.erasureRows(erasures)
	return h.shell.Render(c, status, web.Page{Title: "What we hold about a person", Body: pages.Person(v), Errors: len(v.Errors) > 0, Current: Path, Wide: true})
}

// typed fills the box again where one thing was looked for.
func typed(who Who) string {
	if len(who) == 1 {
		return who[0]
	}
	return ""
}

func (h handlers) export(c echo.Context) error {
	var f struct {
		Who    []string `form:"who"`
		Format string   `form:"format"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	held, err := h.service.Export(c.Request().Context(), f.Who)
	if err != nil {
		return err
	}
	kind, name := "application/json", "what-we-hold.json"
	body, err := held.JSON()
	if f.Format == "html" {
		var page bytes.Buffer
		kind, name = "text/html; charset=utf-8", "what-we-hold.html"
		err = pages.Export(h.service.exportView(held)).Render(c.Request().Context(), &page)
		body = page.Bytes()
	}
	if err != nil {
		return fmt.Errorf("write the copy: %w", err)
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	return h.shell.Bytes(c, http.StatusOK, kind, body)
}

func (h handlers) askErase(c echo.Context) error {
	who := asked(c)
	held, err := h.service.Find(c.Request().Context(), who)
	if err != nil {
		return err
	}
	if held.Rows() == 0 {
		return fault.New(fault.NotFound, "We hold nothing under this address, number or reference.")
	}
	return h.showErase(c, held, Order{}, nil)
}

func (h handlers) erase(c echo.Context) error {
	var f struct {
		Who    []string `form:"who"`
		Reason string   `form:"reason"`
		Seen   int      `form:"seen"`
		Sure   bool     `form:"sure"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	ctx, o := c.Request().Context(), Order{Who: f.Who, Reason: f.Reason, Seen: f.Seen, Sure: f.Sure}
	_, err := h.service.Erase(ctx, o)
	if messages, refused := web.FieldErrors(err); refused {
		held, err := h.service.Find(ctx, f.Who)
		if err != nil {
			return err
		}
		return h.showErase(c, held, o, messages)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "It is erased. The list below says that, and not about whom.")
	return web.Redirect(c, Path)
}

func (h handlers) showErase(c echo.Context, held Held, o Order, problems []nhs.FieldError) error {
	v := h.service.eraseView(held, o)
	status := http.StatusOK
	if len(problems) > 0 {
		status, v.Errors = http.StatusUnprocessableEntity, atReason(problems)
	}
	back := nhs.BackLink(nhs.BackLinkParams{Content: nhs.Text("What we hold"), Href: Path + "?" + url.Values{"who": held.Who}.Encode()})
	return h.shell.Render(c, status, web.Page{Title: "Erase what we hold about a person", Body: pages.Erase(v), Before: back, Errors: len(problems) > 0, Current: Path})
}

// atReason leads a message about the whole, such as a place at an event to come, to the form.
func atReason(messages []nhs.FieldError) []nhs.FieldError {
	messages = slices.Clone(messages)
	for i := range messages {
		if messages[i].Field == "" {
			messages[i].Field = "reason"
		}
	}
	return messages
}

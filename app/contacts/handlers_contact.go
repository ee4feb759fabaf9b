package contacts

import (
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/fault"
	"conversations/app/web"
	pages "conversations/templates/contacts"
	"conversations/templates/nhs"
)

// contact shows one contact; a merged one leads to that which it was merged into.
func (h staffHandlers) contact(c echo.Context) error {
	card, err := h.card(c)
	if err != nil {
		return err
	}
	if path := contactPath(card.ID); c.Request().URL.Path != path {
		return web.Redirect(c, path)
	}
	return h.showContact(c, card.ID, nil)
}

func (h staffHandlers) showContact(c echo.Context, id int64, problems []nhs.FieldError) error {
	page, _ := strconv.Atoi(web.Query(c, "page"))
	history, err := h.service.History(c.Request().Context(), id, page)
	if err != nil {
		return err
	}
	v, err := h.service.contactView(c.Request().Context(), history, accounts.May(web.Who(c), accounts.ManagePrivacy))
	if err != nil {
		return err
	}
	v.Errors = problems
	status := http.StatusOK
	if len(problems) > 0 {
		status = http.StatusConflict
	}
	return h.shell.Render(c, status, web.Page{Title: v.Name, Body: pages.Contact(v), Before: pages.Back("Contacts", listPath), Errors: len(problems) > 0, Current: listPath, Wide: true})
}

// recordForm and record are for what somebody told staff.
func (h staffHandlers) recordForm(c echo.Context) error {
	card, err := h.card(c)
	if err != nil {
		return err
	}
	today := h.service.db.Now().In(h.service.cfg.Zone())
	return h.showRecord(c, card, RecordForm{Purpose: Updates, Channel: string(card.Channel), Basis: string(Consent),
		Day: strconv.Itoa(today.Day()), Month: strconv.Itoa(int(today.Month())), Year: strconv.Itoa(today.Year())}, nil)
}

func (h staffHandlers) record(c echo.Context) error {
	card, err := h.card(c)
	if err != nil {
		return err
	}
	var f RecordForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	stands, err := h.service.RecordSaid(c.Request().Context(), card.ID, f)
	if problems, refused := web.FieldErrors(err); refused {
		return h.showRecord(c, card, f, problems)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, h.service.recorded(f, stands))
	return web.Redirect(c, contactPath(card.ID))
}

func (h staffHandlers) showRecord(c echo.Context, card Card, f RecordForm, problems []nhs.FieldError) error {
	v := h.service.recordView(card, f)
	v.Errors = problems
	return h.shell.Render(c, formStatus(problems), web.Page{Title: "Record what they said", Body: pages.Record(v), Before: backTo(card),
		Errors: len(problems) > 0, Current: listPath})
}

func backTo(card Card) templ.Component { return pages.Back(card.Label(), contactPath(card.ID)) }

func formStatus(problems []nhs.FieldError) int {
	if len(problems) > 0 {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// entry is the entry of the ledger that the address names, with its contact.
func (h staffHandlers) entry(c echo.Context) (card Card, e ConsentEntry, err error) {
	if card, err = h.card(c); err != nil {
		return card, e, err
	}
	id, err := strconv.ParseInt(c.Param("entry"), 10, 64)
	if err != nil {
		return card, e, fault.New(fault.NotFound, "There is no such entry.")
	}
	e, err = h.service.Entry(c.Request().Context(), card.ID, id)
	return card, e, err
}

func (h staffHandlers) takeBackForm(c echo.Context) error {
	card, e, err := h.entry(c)
	if err != nil {
		return err
	}
	return h.showWhy(c, card, h.service.takeBackView(card, e), "", nil)
}

func (h staffHandlers) takeBack(c echo.Context) error {
	card, e, err := h.entry(c)
	if err != nil {
		return err
	}
	return h.because(c, card, h.service.takeBackView(card, e), "The entry is taken back. Both stay in the list.", func(reason string) error {
		return h.service.TakeBack(c.Request().Context(), card.ID, e.ID, reason)
	})
}

func (h staffHandlers) stopForm(c echo.Context) error {
	card, err := h.card(c)
	if err != nil {
		return err
	}
	return h.showWhy(c, card, stopView(card), "", nil)
}

func (h staffHandlers) stop(c echo.Context) error {
	card, err := h.card(c)
	if err != nil {
		return err
	}
	return h.because(c, card, stopView(card), "No letter goes to their email address any more.", func(reason string) error {
		return h.service.StopEmail(c.Request().Context(), card.ID, reason)
	})
}

func (h staffHandlers) allowForm(c echo.Context) error {
	card, err := h.card(c)
	if err != nil {
		return err
	}
	return h.showWhy(c, card, allowView(card), "", nil)
}

func (h staffHandlers) allow(c echo.Context) error {
	card, err := h.card(c)
	if err != nil {
		return err
	}
	return h.because(c, card, allowView(card), "Letters can go to their email address again, as far as they let us.", func(reason string) error {
		return h.service.AllowEmail(c.Request().Context(), card.ID, reason)
	})
}

// because does something for which a reason was typed, or shows its page again.
func (h staffHandlers) because(c echo.Context, card Card, v pages.WhyView, done string, do func(reason string) error) error {
	var f struct {
		Reason string `form:"reason"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	err := do(f.Reason)
	if problems, refused := web.FieldErrors(err); refused {
		return h.showWhy(c, card, v, f.Reason, atField(problems, "reason"))
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, done)
	return web.Redirect(c, contactPath(card.ID))
}

func (h staffHandlers) showWhy(c echo.Context, card Card, v pages.WhyView, reason string, problems []nhs.FieldError) error {
	v.Name, v.Back, v.Reason, v.Errors = card.Label(), contactPath(card.ID), reason, problems
	return h.shell.Render(c, formStatus(problems), web.Page{Title: v.Heading, Body: pages.Why(v), Before: backTo(card), Errors: len(problems) > 0, Current: listPath})
}

// atField leads a message about the whole to a field of the form.
func atField(problems []nhs.FieldError, field string) []nhs.FieldError {
	for i := range problems {
		if problems[i].Field == "" {
			problems[i].Field = field
		}
	}
	return problems
}

// dayWords is a day as people write it; momentWords has the time as well.
func (s *Service) dayWords(at time.Time) string { return at.In(s.cfg.Zone()).Format("2 January 2006") }

func (s *Service) momentWords(at time.Time) string {
	return at.In(s.cfg.Zone()).Format("2 January 2006 at 15:04")
}

package feedback

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"conversations/app/web"
	pages "conversations/templates/feedback"
	"conversations/templates/nhs"
)

// second shows the next comment that waits for a second coder, blind.
func (h codingHandlers) second(c echo.Context) error {
	ctx := c.Request().Context()
	id, waiting, err := h.service.Second(ctx, 0)
	if err != nil {
		return err
	}
	if id == 0 {
		v := pages.CodingDoneView{Heading: "Nothing waits for a second coding by you", Links: codingLinks(),
			Text: "The program draws some comments at random when they are coded. Somebody else then codes them without seeing the first coding."}
		return h.show(c, http.StatusOK, web.Page{Title: v.Heading, Body: pages.CodingDone(v), Head: pages.CodingHead()})
	}
	return h.showSecond(c, http.StatusOK, id, waiting, CodingForm{Verdict: string(Coded)}, nil)
}

func (h codingHandlers) showSecond(c echo.Context, status int, id int64, waiting int, f CodingForm, messages []nhs.FieldError) error {
	ctx := c.Request().Context()
	r, err := h.service.ReadingOf(ctx, id, Second)
	if err != nil {
		return err
	}
	v, err := h.service.blindView(ctx, r, f, messages)
	if err != nil {
		return err
	}
	v.Heading, v.Caption, v.Action, v.Button = "Code a comment a second time", waitingWords(waiting), fmt.Sprint(doubleHome, "/", id), "Save and go on"
	v.Lead = "Somebody else coded this comment. You do not see how, and nothing is suggested, so that the two can be compared."
	v.HereHref = doubleHome
	return h.showCoding(c, status, v)
}

func (h codingHandlers) takeSecond(c echo.Context) error {
	ctx, id := c.Request().Context(), commentParam(c)
	var f CodingForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	done, err := h.service.CodeAgain(ctx, id, f)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showSecond(c, codingStatus(err), id, 0, f, messages)
	}
	if err != nil {
		return err
	}
	h.tell(c, done.Notes)
	return web.Redirect(c, doubleHome)
}

// disputes lists the comments about which two people differ.
func (h codingHandlers) disputes(c echo.Context) error {
	list, err := h.service.Disputes(c.Request().Context())
	if err != nil {
		return err
	}
	v := pages.CodingDoneView{Heading: "Where two coders differ", Text: "A third person looks at both and says what counts.", Links: nil}
	if len(list) == 0 {
		v.Text = "No two coders differ about a comment now."
	}
	for _, one := range list {
		v.Links = append(v.Links, pages.Pair{Name: fmt.Sprintf("Comment %d: %s", one.ID, firstWords(one.Text)), Value: fmt.Sprint(splitHome, "/", one.ID)})
	}
	v.Links = append(v.Links, codingLinks()...)
	return h.show(c, http.StatusOK, web.Page{Title: v.Heading, Body: pages.CodingDone(v), Head: pages.CodingHead()})
}

func (h codingHandlers) dispute(c echo.Context) error {
	return h.showDispute(c, http.StatusOK, CodingForm{Verdict: string(Coded)}, nil)
}

func (h codingHandlers) showDispute(c echo.Context, status int, f CodingForm, messages []nhs.FieldError) error {
	ctx, id := c.Request().Context(), commentParam(c)
	d, err := h.service.DisputeOf(ctx, id)
	if err != nil {
		return err
	}
	third, err := h.service.ReadingOf(ctx, id, Third)
	if err != nil {
		return err
	}
	v, err := h.service.blindView(ctx, third, f, messages)
	if err != nil {
		return err
	}
	for _, r := range []ReadingNow{d.First, d.Second} {
		who := "One coder found"
		if r.Part == Second {
			who = "The other found"
		}
		t, err := h.service.theirs(ctx, r, who)
		if err != nil {
			return err
		}
		v.Theirs = append(v.Theirs, t...)
	}
	v.Heading, v.Caption, v.Action, v.Button = "Say what counts", "Two coders differ", fmt.Sprint(splitHome, "/", id), "Save: this counts"
	v.HereHref = v.Action
	if d.Mine {
		v.Lead = "You are one of the two, so somebody else has to settle it."
	}
	return h.showCoding(c, status, v)
}

func (h codingHandlers) settle(c echo.Context) error {
	var f CodingForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	done, err := h.service.Settle(c.Request().Context(), commentParam(c), f)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showDispute(c, codingStatus(err), f, messages)
	}
	if err != nil {
		return err
	}
	h.tell(c, done.Notes)
	return web.Redirect(c, splitHome)
}

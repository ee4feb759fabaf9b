package feedback

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/fault"
	"conversations/app/web"
	pages "conversations/templates/feedback"
	"conversations/templates/nhs"
)

const (
	codingHome = "/staff/feedback/code"
	doubleHome = "/staff/feedback/second"
	splitHome  = "/staff/feedback/differences"
	gridHome   = "/staff/feedback/grid"
)

// codingHandlers are the pages of coding: parse, call the service, render or redirect.
type codingHandlers struct {
	shell   *web.Shell
	service *Service
}

func codingRoutes(shell *web.Shell, service *Service) {
	h := codingHandlers{shell, service}
	shell.Staff.GET(codingHome, accounts.ManageFeedback, h.code)
	shell.Staff.POST(codingHome+"/undo", accounts.ManageFeedback, h.undo)
	shell.Staff.POST(codingHome+"/:id", accounts.ManageFeedback, h.takeCode)
	shell.Staff.GET(doubleHome, accounts.ManageFeedback, h.second)
	shell.Staff.POST(doubleHome+"/:id", accounts.ManageFeedback, h.takeSecond)
	shell.Staff.GET(splitHome, accounts.ManageFeedback, h.disputes)
	shell.Staff.GET(splitHome+"/:id", accounts.ManageFeedback, h.dispute)
	shell.Staff.POST(splitHome+"/:id", accounts.ManageFeedback, h.settle)
	figureRoutes(h)
	gridRoutes(h)
}

func (h codingHandlers) show(c echo.Context, status int, p web.Page) error {
	p.Current, p.Wide = "/staff/feedback", true
	return h.shell.Render(c, status, p)
}

// screen is what the coding screen is asked for: in the address, or hidden in a form.
type screen struct {
	Comment  int64  `form:"comment"`
	Order    string `form:"order"`
	Theme    string `form:"of"` // in a form "theme" are those that are ticked
	Locality string `form:"locality"`
	Event    int64  `form:"event"`
	Not      int64  `form:"not"`
	Back     string `form:"back"` // grid: where to go after an undo
}

func screenOf(c echo.Context) screen {
	number := func(name string) int64 {
		n, _ := strconv.ParseInt(web.Query(c, name), 10, 64) // 0 is nothing that is there
		return n
	}
	return screen{Comment: number("comment"), Order: web.Query(c, "order"), Theme: web.Query(c, "theme"), Locality: web.Query(c, "locality"), Event: number("event"), Not: number("not")}
}

func (s screen) next() NextFilter {
	theme, _ := strconv.ParseInt(s.Theme, 10, 64)
	return NextFilter{Order: s.Order, Theme: theme, Locality: s.Locality, Event: s.Event, Not: []int64{s.Not, s.Comment}}
}

// href is the screen's address.
func (s screen) href() string {
	q := url.Values{}
	for name, value := range map[string]string{"order": s.Order, "theme": s.Theme, "locality": s.Locality} {
		if value != "" {
			q.Set(name, value)
		}
	}
	for name, value := range map[string]int64{"comment": s.Comment, "event": s.Event, "not": s.Not} {
		if value != 0 {
			q.Set(name, strconv.FormatInt(value, 10))
		}
	}
	if len(q) == 0 {
		return codingHome
	}
	return codingHome + "?" + q.Encode()
}

// code shows the comment that is named, else the next that waits.
func (h codingHandlers) code(c echo.Context) error {
	ctx, s := c.Request().Context(), screenOf(c)
	waiting := -1
	note := ""
	if s.Comment == 0 {
		u, err := h.service.Next(ctx, s.next())
		if err != nil {
			return err
		}
		if u.ID == 0 {
			return h.nothingLeft(c, s)
		}
		if s.Comment, waiting = u.ID, u.Waiting; u.AtRandom {
			note = "Nothing is known yet that would put comments in that order, so this one was chosen by chance."
		}
	}
	r, err := h.service.Counting(ctx, s.Comment)
	if err != nil {
		return err
	}
	v, err := h.service.codingView(ctx, s, r, formOf(r), nil)
	if err != nil {
		return err
	}
	if note != "" {
		v.Note = note
	}
	if v.Order != nil && waiting >= 0 {
		v.Order.Waiting = waitingWords(waiting)
	}
	return h.showCoding(c, http.StatusOK, v)
}

func (h codingHandlers) showCoding(c echo.Context, status int, v pages.CodingView) error {
	return h.show(c, status, web.Page{Title: v.Heading, Body: pages.Coding(v), Head: pages.CodingHead(), Errors: len(v.Errors) > 0})
}

func (h codingHandlers) nothingLeft(c echo.Context, s screen) error {
	ctx := c.Request().Context()
	order, err := h.service.orderView(ctx, s)
	if err != nil {
		return err
	}
	v := pages.CodingDoneView{Heading: "Nothing is left to code here", Text: "Every comment that you asked for is coded. Choose others below.", Order: order, Links: codingLinks()}
	order.Waiting = ""
	return h.show(c, http.StatusOK, web.Page{Title: v.Heading, Body: pages.CodingDone(v), Head: pages.CodingHead()})
}

// takeCode stores a coding and goes on to the next comment.
func (h codingHandlers) takeCode(c echo.Context) error {
	ctx, id := c.Request().Context(), commentParam(c)
	var f CodingForm
	var s screen
	if err := bindBoth(c, &f, &s); err != nil {
		return err
	}
	done, err := h.service.Code(ctx, id, f)
	if messages, refused := web.FieldErrors(err); refused {
		return h.again(c, err, messages, s, id, f)
	}
	if err != nil {
		return err
	}
	h.tell(c, done.Notes)
	s.Comment = 0
	return web.Redirect(c, s.href())
}

// bindBoth reads the coding and the screen that it came from.
func bindBoth(c echo.Context, f *CodingForm, s *screen) error {
	if err := web.Bind(c, f); err != nil {
		return err
	}
	return web.Bind(c, s)
}

// again shows a refused coding with all that was chosen, and what somebody else made of the comment meanwhile.
func (h codingHandlers) again(c echo.Context, err error, messages []nhs.FieldError, s screen, id int64, f CodingForm) error {
	ctx := c.Request().Context()
	s.Comment = id
	r, readErr := h.service.Counting(ctx, id)
	if readErr != nil {
		return readErr
	}
	v, viewErr := h.service.codingView(ctx, s, r, f, messages)
	if viewErr != nil {
		return viewErr
	}
	if fault.KindOf(err) == fault.Conflict && r.Version != f.Version {
		if v.Theirs, viewErr = h.service.theirs(ctx, r, r.Coder+" coded it meanwhile"); viewErr != nil {
			return viewErr
		}
		v.Lead = "What you chose is kept below. Save again to put it in place of theirs, or skip the comment to leave theirs as it is."
	}
	return h.showCoding(c, codingStatus(err), v)
}

func codingStatus(err error) int {
	if fault.KindOf(err) == fault.Conflict {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

func (h codingHandlers) tell(c echo.Context, notes []string) {
	if len(notes) > 0 {
		h.shell.Flash(c, web.Notice, strings.Join(notes, " "))
	}
}

// undo takes back the last step and shows its comment.
func (h codingHandlers) undo(c echo.Context) error {
	var s screen
	if err := web.Bind(c, &s); err != nil {
		return err
	}
	s.Comment, s.Not = 0, 0
	u, err := h.service.Undo(c.Request().Context())
	if kind := fault.KindOf(err); kind == fault.Conflict || kind == fault.NotFound {
		messages, _ := web.FieldErrors(err)
		text := "There is no step of yours left to undo."
		if len(messages) > 0 {
			text = messages[0].Text
		}
		h.shell.Flash(c, web.Notice, text)
		return web.Redirect(c, s.backHref())
	}
	if err != nil {
		return err
	}
	if len(u.Comments) == 1 {
		s.Comment = u.Comments[0]
	}
	h.shell.Flash(c, web.Success, u.words())
	return web.Redirect(c, s.backHref())
}

func (s screen) backHref() string {
	if s.Back == "grid" {
		return gridHome
	}
	return s.href()
}

func commentParam(c echo.Context) int64 {
	n, _ := strconv.ParseInt(c.Param("id"), 10, 64) // 0 is nothing that is there
	return n
}

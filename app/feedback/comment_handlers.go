package feedback

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/fault"
	"conversations/app/sheet"
	"conversations/app/web"
	pages "conversations/templates/feedback"
	"conversations/templates/nhs"
)

const feedbackHome = "/staff/feedback"

// commentHandlers are the staff's pages about comments: parse, call the service, render or redirect.
type commentHandlers struct {
	shell   *web.Shell
	service *Service
}

// commentRoutes hangs the pages on the shell.
func commentRoutes(shell *web.Shell, service *Service) {
	h := commentHandlers{shell, service}
	long := web.Timeout(web.DownloadTimeout)
	const one = feedbackHome + "/:id"
	shell.Staff.GET(feedbackHome, accounts.ManageFeedback, h.list)
	shell.Staff.GET(feedbackHome+".csv", accounts.ManageFeedback, h.export(sheet.FormatCSV), long)
	shell.Staff.GET(feedbackHome+".xlsx", accounts.ManageFeedback, h.export(sheet.FormatXLSX), long)
	shell.Staff.GET(feedbackHome+"/alarms/:alarm", accounts.ManageFeedback, h.alarm)
	shell.Staff.POST(feedbackHome+"/alarms/:alarm", accounts.ManageFeedback, h.answerAlarm)
	shell.Staff.GET(feedbackHome+"/check", accounts.ManageFeedback, h.nextToRedact)
	shell.Staff.GET(one, accounts.ManageFeedback, h.one)
	shell.Staff.GET(one+"/change", accounts.ManageFeedback, h.changeForm)
	shell.Staff.POST(one+"/change", accounts.ManageFeedback, h.change)
	shell.Staff.POST(one+"/aside", accounts.ManageFeedback, h.aside)
	shell.Staff.POST(one+"/back", accounts.ManageFeedback, h.back)
	shell.Staff.POST(one+"/alarm", accounts.ManageFeedback, h.raise)
	shell.Staff.POST(one+"/original", accounts.ManagePrivacy, h.original)
	shell.Staff.GET(one+"/redact", accounts.ManageFeedback, h.redactForm)
	shell.Staff.POST(one+"/redact", accounts.ManageFeedback, h.redact)
	intakeRoutes(shell, service)
}

// filterOf reads a view of the list from its address.
func filterOf(c echo.Context) (f Filter) {
	number := func(name string) int64 { n, _ := strconv.ParseInt(web.Query(c, name), 10, 64); return n }
	f = Filter{Text: web.Query(c, "q"), Source: Source(web.Query(c, "source")), Event: number("event"), Locality: web.Query(c, "locality"), Service: web.Query(c, "service"), Theme: number("theme"),
		Coded: web.Query(c, "coded"), Redaction: Redaction(web.Query(c, "redaction")), Copies: number("copies"), Import: number("import"), From: web.Query(c, "from"), To: web.Query(c, "to"),
		Aside: web.Query(c, "aside"), Sort: web.Query(c, "sort"), Page: int(number("page"))}
	return f
}

func (h commentHandlers) list(c echo.Context) error {
	ctx, f := c.Request().Context(), filterOf(c)
	page, err := h.service.Comments(ctx, f)
	if err != nil {
		return err
	}
	v, err := h.service.commentListView(ctx, f, page)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Feedback", Body: pages.Comments(v), Current: feedbackHome, Wide: true})
}

// export sends what the list shows, all pages of it, as a file.
func (h commentHandlers) export(format sheet.Format) echo.HandlerFunc {
	return func(c echo.Context) error {
		name := "comments-" + h.service.DB.Now().In(h.service.Config.Zone()).Format("2006-01-02")
		return web.Export(c, name, format, func() (sheet.Table, error) {
			return h.service.ExportComments(c.Request().Context(), filterOf(c), format)
		})
	}
}

// idOf is a number in the address; 0 is nothing that is there.
func idOf(c echo.Context, name string) int64 {
	id, _ := strconv.ParseInt(c.Param(name), 10, 64)
	return id
}

func (h commentHandlers) one(c echo.Context) error {
	return h.showComment(c, http.StatusOK, func(*pages.CommentView) {})
}

// showComment draws the page of a comment; fill puts in what was typed, and what is wrong with it.
func (h commentHandlers) showComment(c echo.Context, status int, fill func(*pages.CommentView)) error {
	ctx := c.Request().Context()
	comment, err := h.service.Comment(ctx, idOf(c, "id"))
	if err != nil {
		return err
	}
	v, err := h.service.commentView(ctx, comment)
	if err != nil {
		return err
	}
	fill(&v)
	return h.shell.Render(c, status, web.Page{Title: "Comment " + strconv.FormatInt(comment.ID, 10), Body: pages.Comment(v), Before: pages.CommentBack("All feedback", feedbackHome),
		Errors: len(v.Errors) > 0, Current: feedbackHome})
}

// refused shows a page of a comment again where a form was refused, and passes any other error on.
func (h commentHandlers) refused(c echo.Context, err error, fill func(*pages.CommentView)) error {
	problems, refused := web.FieldErrors(err)
	if !refused || fault.KindOf(err) == fault.Conflict {
		return h.conflict(c, err)
	}
	return h.showComment(c, http.StatusUnprocessableEntity, func(v *pages.CommentView) {
		v.Errors = problems
		fill(v)
	})
}

// conflict tells that somebody was quicker on the comment as it is now.
func (h commentHandlers) conflict(c echo.Context, err error) error {
	if fault.KindOf(err) != fault.Conflict {
		return err
	}
	h.shell.Flash(c, web.Notice, faultOf(err).Message)
	return web.Redirect(c, pages.CommentHref(idOf(c, "id")))
}

// versionForm is what every form about a comment holds.
type versionForm struct {
	Version int64 `form:"version"`
}

func (h commentHandlers) aside(c echo.Context) error {
	var f struct {
		versionForm
		Reason string `form:"aside_reason"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	if err := h.service.SetCommentAside(c.Request().Context(), idOf(c, "id"), f.Version, f.Reason); err != nil {
		return h.refused(c, err, func(v *pages.CommentView) {
			v.Reason = f.Reason
			for i := range v.Errors {
				v.Errors[i].Field = "aside_reason"
			}
		})
	}
	h.shell.Flash(c, web.Success, "The comment does not count now.")
	return web.Redirect(c, pages.CommentHref(idOf(c, "id")))
}

func (h commentHandlers) back(c echo.Context) error {
	var f versionForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	if err := h.service.PutCommentBack(c.Request().Context(), idOf(c, "id"), f.Version); err != nil {
		return h.conflict(c, err)
	}
	h.shell.Flash(c, web.Success, "The comment counts again.")
	return web.Redirect(c, pages.CommentHref(idOf(c, "id")))
}

func (h commentHandlers) original(c echo.Context) error {
	var f struct {
		Reason string `form:"reason"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	text, err := h.service.OpenOriginal(c.Request().Context(), idOf(c, "id"), f.Reason)
	if err != nil {
		return h.refused(c, err, func(v *pages.CommentView) { v.OpenReason = f.Reason })
	}
	return h.showComment(c, http.StatusOK, func(v *pages.CommentView) { v.Original = text })
}

func (h commentHandlers) raise(c echo.Context) error {
	var f struct {
		Kind string `form:"kind"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	id, err := h.service.RaiseAlarm(c.Request().Context(), idOf(c, "id"), f.Kind)
	if err != nil {
		return h.refused(c, err, func(v *pages.CommentView) { v.Kind = f.Kind })
	}
	told := "The alarm is raised. Nobody is named in the settings who could be written to: telephone them."
	if n := len(h.service.Config.Feedback.Urgent); n > 0 {
		told = "The alarm is raised. " + counted(n, "person is", "people are") + " written to."
	}
	h.shell.Flash(c, web.Success, told)
	return web.Redirect(c, alarmPath(id))
}

func (h commentHandlers) alarm(c echo.Context) error { return h.showAlarm(c, http.StatusOK, "", nil) }

func (h commentHandlers) showAlarm(c echo.Context, status int, outcome string, problems []nhs.FieldError) error {
	ctx := c.Request().Context()
	a, err := h.service.Alarm(ctx, idOf(c, "alarm"))
	if err != nil {
		return err
	}
	v, err := h.service.alarmView(ctx, a)
	if err != nil {
		return err
	}
	v.Outcome, v.Errors = outcome, problems
	return h.shell.Render(c, status, web.Page{Title: v.Heading, Body: pages.Alarm(v), Before: pages.CommentBack("All feedback", feedbackHome), Errors: len(problems) > 0, Current: feedbackHome})
}

func (h commentHandlers) answerAlarm(c echo.Context) error {
	var f struct {
		Outcome string `form:"outcome"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	err := h.service.AnswerAlarm(c.Request().Context(), idOf(c, "alarm"), f.Outcome)
	switch problems, refused := web.FieldErrors(err); {
	case fault.KindOf(err) == fault.Conflict:
		h.shell.Flash(c, web.Notice, faultOf(err).Message)
	case refused:
		return h.showAlarm(c, http.StatusUnprocessableEntity, f.Outcome, problems)
	case err != nil:
		return err
	default:
		h.shell.Flash(c, web.Success, "You have it in hand. No more emails are sent.")
	}
	return web.Redirect(c, alarmPath(idOf(c, "alarm")))
}

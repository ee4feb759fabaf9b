package feedback

import (
	"fmt"
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

// boardPolicy is for the document of a report alone: its style stands in it.
const boardPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-modals"

const typeWord = "application/msword"

// boardHandlers are the pages on which reports to the board are written, issued and shown again.
type boardHandlers struct {
	shell   *web.Shell
	service *Service
}

func boardRoutes(shell *web.Shell, service *Service) {
	h := boardHandlers{shell, service}
	shell.Staff.GET(reportsHome+"/new", accounts.ManageFeedback, h.form)
	shell.Staff.POST(reportsHome+"/new", accounts.ManageFeedback, h.issue)
	shell.Staff.POST(reportsHome+"/preview", accounts.ManageFeedback, h.preview)
	shell.Staff.GET(reportsHome+"/issued", accounts.ManageFeedback, h.list)
	shell.Staff.GET(reportsHome+"/issued/:id", accounts.ManageFeedback, h.one)
	shell.Staff.GET(reportsHome+"/issued/:id/document", accounts.ManageFeedback, h.document, web.Policy(boardPolicy))
	shell.Staff.GET(reportsHome+"/issued/:id/report.doc", accounts.ManageFeedback, h.word)
}

func (h boardHandlers) form(c echo.Context) error {
	var f BoardForm
	f.Filter, f.By = reportQuery(web.Queries(c))
	return h.show(c, http.StatusOK, f, nil)
}

func (h boardHandlers) read(c echo.Context) (f BoardForm, err error) {
	posted, err := web.ReadForm(c)
	if err != nil {
		return f, err
	}
	values := url.Values{}
	for _, name := range posted.Names() {
		values.Set(strings.TrimPrefix(name, "only_"), posted.Text(name))
	}
	by := posted.Text("by")
	f.Filter, _ = reportQuery(values)
	f = BoardForm{Title: posted.Text("title"), Summary: posted.Lines("summary"), By: by, Published: posted.Text("published") == "true", Filter: f.Filter}
	for _, id := range posted.List("quotes") {
		if n, err := strconv.ParseInt(id, 10, 64); err == nil {
			f.Quotes = append(f.Quotes, n)
		}
	}
	return f, nil
}

func (h boardHandlers) show(c echo.Context, status int, f BoardForm, refused error) error {
	v, err := h.service.issueView(c.Request().Context(), f)
	if err != nil {
		return err
	}
	v.Errors, _ = web.FieldErrors(refused)
	if refused != nil && len(v.Errors) == 0 {
		v.Problem = messageOf(refused)
	}
	return h.shell.Render(c, status, web.Page{Title: "Report to the board", Body: pages.Issue(v), Before: pages.CommentBack("Reports", reportsHome), Current: feedbackPath, Errors: len(v.Errors) > 0})
}

// refuse shows the form again, with everything typed, where that is what the fault asks for.
func (h boardHandlers) refuse(c echo.Context, f BoardForm, err error) error {
	switch fault.KindOf(err) {
	case fault.Invalid:
		return h.show(c, http.StatusUnprocessableEntity, f, err)
	case fault.Conflict:
		return h.show(c, http.StatusConflict, f, err)
	}
	return err
}

func (h boardHandlers) preview(c echo.Context) error {
	f, err := h.read(c)
	if err != nil {
		return err
	}
	content, err := h.service.DrawBoard(c.Request().Context(), f)
	if err != nil {
		return h.refuse(c, f, err)
	}
	c.Response().Header().Set("Content-Security-Policy", boardPolicy)
	return h.shell.Bytes(c, http.StatusOK, echo.MIMETextHTMLCharsetUTF8, content)
}

func (h boardHandlers) issue(c echo.Context) error {
	f, err := h.read(c)
	if err != nil {
		return err
	}
	id, err := h.service.IssueBoard(c.Request().Context(), f)
	if err != nil {
		return h.refuse(c, f, err)
	}
	h.shell.Flash(c, web.Success, "The report is issued. It is kept as it is.")
	return web.Redirect(c, issuedPath(id))
}

func issuedPath(id int64) string { return fmt.Sprintf("%s/issued/%d", reportsHome, id) }

func (h boardHandlers) list(c echo.Context) error {
	reports, err := h.service.IssuedReports(c.Request().Context())
	if err != nil {
		return err
	}
	var rows []pages.IssuedRow
	for _, r := range reports {
		rows = append(rows, pages.IssuedRow{Title: r.Title, Href: issuedPath(r.ID), On: h.service.dayText(r.IssuedAt), For: r.readers(), Version: strconv.FormatInt(r.CodebookVersion, 10)})
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Reports that were issued", Body: pages.IssuedList(rows), Before: pages.CommentBack("Reports", reportsHome), Current: feedbackPath, Wide: true})
}

// readers says whom a report is for.
func (r Report) readers() string {
	if r.Published {
		return "Everybody"
	}
	return "The board only"
}

func (h boardHandlers) one(c echo.Context) error {
	r, err := h.service.IssuedReport(c.Request().Context(), numberIn(c, "id"))
	if err != nil {
		return err
	}
	path := issuedPath(r.ID)
	v := pages.IssuedView{Title: r.Title, On: h.service.dayText(r.IssuedAt), For: r.readers(), Version: strconv.FormatInt(r.CodebookVersion, 10), Digest: r.Digest, Now: r.Now, Removed: r.Removed,
		Frame: path + "/document", PrintHref: path + "/document", WordHref: path + "/report.doc"}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: r.Title, Body: pages.Issued(v), Before: pages.CommentBack("Reports that were issued", reportsHome+"/issued"), Current: feedbackPath, Wide: true})
}

func (h boardHandlers) document(c echo.Context) error {
	r, err := h.service.IssuedReport(c.Request().Context(), numberIn(c, "id"))
	if err != nil {
		return err
	}
	return h.shell.Bytes(c, http.StatusOK, echo.MIMETextHTMLCharsetUTF8, r.Content)
}

func (h boardHandlers) word(c echo.Context) error {
	r, err := h.service.IssuedReport(c.Request().Context(), numberIn(c, "id"))
	if err != nil {
		return err
	}
	return h.shell.SendFile(c, fmt.Sprintf("report-%d.doc", r.ID), typeWord, r.Content)
}

// quoteItem is a quotation to tick.
func quoteItem(q LockedQuote, label string) nhs.ChoiceItem {
	return nhs.ChoiceItem{Value: strconv.FormatInt(q.ID, 10), Content: nhs.Text("“" + q.Words + "”"), Hint: nhs.HintText(label)}
}

package feedback

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/fault"
	"conversations/app/web"
	pages "conversations/templates/feedback"
)

// quoteHandlers are the pages on which words of a comment are chosen.
type quoteHandlers struct {
	shell   *web.Shell
	service *Service
}

func quoteRoutes(shell *web.Shell, service *Service) {
	h := quoteHandlers{shell, service}
	shell.Staff.GET(feedbackPath+"/:id/quotes", accounts.ManageFeedback, h.quotes)
	shell.Staff.POST(feedbackPath+"/:id/quotes", accounts.ManageFeedback, h.choose)
	shell.Staff.POST(feedbackPath+"/:id/quotes/:quote/withdraw", accounts.ManageFeedback, h.withdraw)
}

// quotesPath is the page on which words of a comment are chosen.
func quotesPath(comment int64) string { return fmt.Sprintf("%s/%d/quotes", feedbackPath, comment) }

func numberIn(c echo.Context, name string) int64 {
	n, _ := strconv.ParseInt(c.Param(name), 10, 64) // 0 is nothing that is there
	return n
}

func (h quoteHandlers) quotes(c echo.Context) error { return h.show(c, http.StatusOK, "", nil) }

func (h quoteHandlers) show(c echo.Context, status int, excerpt string, refused error) error {
	ctx := c.Request().Context()
	comment, err := h.service.Comment(ctx, numberIn(c, "id"))
	if err != nil {
		return err
	}
	v := pages.QuotesView{CommentID: comment.ID, Action: quotesPath(comment.ID), Text: comment.Text, Excerpt: excerpt}
	if _, may := comment.quote(""); fault.KindOf(may) == fault.Conflict {
		v.MayNot = messageOf(may)
	}
	v.Errors, _ = web.FieldErrors(refused)
	if fault.KindOf(refused) == fault.Conflict {
		v.Problem = messageOf(refused)
	}
	chosen, err := h.service.Quotes(ctx, QuoteFilter{Comment: comment.ID})
	if err != nil {
		return err
	}
	for _, q := range chosen {
		v.Chosen = append(v.Chosen, pages.ChosenQuote{Words: q.Words, Action: fmt.Sprintf("%s/%d/withdraw", quotesPath(comment.ID), q.ID)})
	}
	return h.shell.Render(c, status, web.Page{Title: "Words to quote", Body: pages.Quotes(v), Before: pages.CommentBack("Back to the comment", commentPath(comment.ID)), Current: feedbackPath, Errors: len(v.Errors) > 0})
}

// messageOf is what a fault tells people.
func messageOf(err error) string {
	if refused := (*fault.Error)(nil); errors.As(err, &refused) {
		return refused.Message
	}
	return ""
}

func (h quoteHandlers) choose(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	_, err = h.service.ChooseQuote(c.Request().Context(), numberIn(c, "id"), posted.Lines("excerpt"))
	switch fault.KindOf(err) {
	case fault.Invalid:
		return h.show(c, http.StatusUnprocessableEntity, posted.Lines("excerpt"), err)
	case fault.Conflict:
		return h.show(c, http.StatusConflict, posted.Lines("excerpt"), err)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "These words can be quoted now.")
	return web.Redirect(c, quotesPath(numberIn(c, "id")))
}

func (h quoteHandlers) withdraw(c echo.Context) error {
	if err := h.service.DropQuote(c.Request().Context(), numberIn(c, "quote")); err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The quote is withdrawn. Nothing shows it any more, save reports that were issued with it.")
	return web.Redirect(c, quotesPath(numberIn(c, "id")))
}

// quotesPart leads from a comment to the words that are chosen of it.
func (s *Service) quotesPart(ctx context.Context, c Comment) (p pages.CommentPartOf, err error) {
	if !c.mayBeQuoted() {
		return p, nil
	}
	chosen, err := s.Quotes(ctx, QuoteFilter{Comment: c.ID})
	p.Heading = "Quotes"
	for _, q := range chosen {
		p.Lines = append(p.Lines, pages.CommentLink{Text: "“" + q.Words + "”"})
	}
	p.Lines = append(p.Lines, pages.CommentLink{Text: "Choose words to quote", Href: quotesPath(c.ID)})
	return p, err
}

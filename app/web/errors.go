package web

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"conversations/app/fault"
	pages "conversations/templates/web"
)

// Where staff sign in and out.
const (
	SignInPath  = "/staff/sign-in"
	SignOutPath = "/staff/sign-out"
)

func signInFault() error { return fault.New(fault.SignIn, "Sign in first.") }

// fail turns an error into its page. It is the one place where an unexpected error is logged.
func (s *Shell) fail(c echo.Context, err error) {
	f, status := classify(err)
	// The handler's time is over, and with it its context; its page of error is still to be drawn.
	c.SetRequest(c.Request().WithContext(context.WithoutCancel(c.Request().Context())))
	s.tell(c, f, status, err)
	if c.Response().Committed {
		return
	}
	if status == http.StatusNotFound && s.trimSlash(c) {
		return
	}
	if f.Kind == fault.SignIn {
		_ = Redirect(c, SignInPath+nextQuery(c.Request()))
		return
	}
	h := c.Response().Header()
	for _, stale := range []string{"Content-Disposition", "Content-Encoding", "Content-Length", "Cache-Control", "Vary"} {
		h.Del(stale)
	}
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set(echo.HeaderCacheControl, "no-store")
	if f.RetryAfter > 0 {
		h.Set(echo.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds()))))
	}
	view := errorView(f, status)
	view.Telephone, view.Hours = s.Config.Programme.Telephone, s.Config.Programme.Hours
	if status >= 500 {
		view.RequestID = requestID(c)
	}
	if err := s.Render(c, status, Page{Title: view.Heading, Body: pages.Error(view), NoIndex: true}); err != nil && !c.Response().Committed {
		s.Log.Error("draw an error page", "error", err, "request", requestID(c))
		_ = c.String(status, view.Heading+". Telephone "+view.Telephone+" ("+view.Hours+").")
	}
}

// classify finds the fault in an error, or makes one for an error that has none.
func classify(err error) (*fault.Error, int) {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f, statusOf(f.Kind)
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return &fault.Error{Kind: fault.TooLarge}, http.StatusRequestEntityTooLarge
	}
	if h, ok := errors.AsType[*echo.HTTPError](err); ok {
		switch h.Code {
		case http.StatusNotFound:
			return &fault.Error{Kind: fault.NotFound}, h.Code
		case http.StatusMethodNotAllowed:
			return &fault.Error{Kind: fault.Forbidden}, h.Code
		}
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return &fault.Error{Kind: fault.Unavailable, Cause: err}, http.StatusServiceUnavailable
	}
	return &fault.Error{Kind: fault.Internal, Cause: err}, http.StatusInternalServerError
}

func statusOf(k fault.Kind) int {
	switch k {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.SignIn:
		return http.StatusSeeOther
	case fault.Conflict:
		return http.StatusConflict
	case fault.TooMany:
		return http.StatusTooManyRequests
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	case fault.Internal:
	}
	return http.StatusInternalServerError
}

// tell logs what staff should look into. A visitor who went away is nobody's mistake.
func (s *Shell) tell(c echo.Context, f *fault.Error, status int, err error) {
	if errors.Is(err, context.Canceled) || status < 500 && f.Cause == nil {
		return
	}
	attributes := []any{"error", err.Error(), "status", status, "request", requestID(c), "method", c.Request().Method,
		"path", shownPath(c, s.routeOf(c)), "staff", Who(c).ID}
	if status < 500 {
		s.Log.Info("request refused", attributes...)
		return
	}
	s.Log.Error("request failed", attributes...)
}

// trimSlash leads from /events/ to /events.
func (s *Shell) trimSlash(c echo.Context) bool {
	r := c.Request()
	if (r.Method != http.MethodGet && r.Method != http.MethodHead) || len(r.URL.Path) < 2 || !strings.HasSuffix(r.URL.Path, "/") {
		return false
	}
	target := url.URL{Path: path.Clean("/" + strings.Trim(r.URL.Path, "/")), RawQuery: r.URL.RawQuery}
	return c.Redirect(http.StatusMovedPermanently, target.String()) == nil
}

// nextQuery remembers which page asked for a sign-in, so that it is the first one seen after.
func nextQuery(r *http.Request) string {
	if r.Method != http.MethodGet {
		return ""
	}
	next := SafeNext(r.URL.RequestURI())
	if next == "/staff" {
		return ""
	}
	return "?next=" + url.QueryEscape(next)
}

// SafeNext is next where it is a page of the staff's own, else /staff: nobody is sent off to another site.
func SafeNext(next string) string {
	u, err := url.Parse(next)
	ours := err == nil && u.Scheme == "" && u.Host == "" && u.User == nil && staffPath(u.Path) &&
		path.Clean(u.Path) == u.Path && !strings.ContainsAny(next, "\\\r\n\t") && u.Path != SignInPath
	if !ours {
		return "/staff"
	}
	return next
}

func staffPath(p string) bool { return p == "/staff" || strings.HasPrefix(p, "/staff/") }

// errorView says in plain words what happened and what to do. A fault's own message comes first.
func errorView(f *fault.Error, status int) pages.ErrorView {
	v := errorWords(status)
	v.Status = status
	if f.Message != "" && status < 500 {
		v.Paragraphs = append([]string{f.Message}, v.Paragraphs...)
	}
	for _, field := range f.Fields {
		v.Paragraphs = append(v.Paragraphs, field.Message)
	}
	if status == http.StatusTooManyRequests {
		v.Paragraphs = append(v.Paragraphs, "Wait "+waiting(int(math.Ceil(f.RetryAfter.Minutes())))+", then try again.")
	}
	return v
}

func waiting(minutes int) string {
	if minutes <= 1 {
		return "a minute"
	}
	return fmt.Sprintf("%d minutes", minutes)
}

func errorWords(status int) pages.ErrorView {
	switch status {
	case http.StatusNotFound:
		return pages.ErrorView{Heading: "Page not found", Links: true, Paragraphs: []string{
			"If you typed the address, check that it is right.", "If you pasted the address, check that you copied all of it."}}
	case http.StatusForbidden:
		return pages.ErrorView{Heading: "You cannot see or do this"}
	case http.StatusMethodNotAllowed:
		return pages.ErrorView{Heading: "This page cannot be used in that way", Links: true, Paragraphs: []string{"Go back, and try again from the page before."}}
	case http.StatusConflict:
		return pages.ErrorView{Heading: "Somebody else changed this at the same time", Paragraphs: []string{"Go back, load the page again, and look at what has changed."}}
	case http.StatusRequestEntityTooLarge:
		return pages.ErrorView{Heading: "What you sent is too large", Paragraphs: []string{"Go back, and send less at once."}}
	case http.StatusUnprocessableEntity:
		return pages.ErrorView{Heading: "There is a problem", Paragraphs: []string{"Go back, and check what you entered."}}
	case http.StatusTooManyRequests:
		return pages.ErrorView{Heading: "Please wait a little"}
	case http.StatusServiceUnavailable:
		return pages.ErrorView{Heading: "Sorry, the service is not available now", Paragraphs: []string{"Try again in a few minutes. What you sent may not have been saved."}}
	default:
		return pages.ErrorView{Heading: "Sorry, there is a problem with the service", Paragraphs: []string{"Try again later. What you sent may not have been saved."}}
	}
}

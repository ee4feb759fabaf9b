package feedback

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/events"
	"conversations/app/fault"
	"conversations/app/web"
	pages "conversations/templates/feedback"
	"conversations/templates/nhs"
)

const (
	intakeHome  = feedbackHome + "/intake"
	newComment  = feedbackHome + "/new"
	pasteHome   = feedbackHome + "/paste"
	notedHome   = feedbackHome + "/noted"
	importsHome = feedbackHome + "/imports"
)

// uploadRoom is what a form with a file may be larger than the file.
const uploadRoom = 4 << 20

func intakeRoutes(shell *web.Shell, service *Service) {
	h := commentHandlers{shell, service}
	long, room := web.Timeout(web.DownloadTimeout), web.BodyLimit(ImportBytes+uploadRoom)
	shell.Staff.GET(intakeHome, accounts.ManageFeedback, h.intake)
	shell.Staff.POST(intakeHome, accounts.ManageFeedback, h.takeIn, long)
	shell.Staff.GET(newComment, accounts.ManageFeedback, h.handForm)
	shell.Staff.POST(newComment, accounts.ManageFeedback, h.addByHand)
	shell.Staff.GET(pasteHome, accounts.ManageFeedback, h.pasteForm)
	shell.Staff.POST(pasteHome, accounts.ManageFeedback, h.paste)
	shell.Staff.GET(notedHome, accounts.ManageFeedback, h.noted)
	shell.Staff.POST(notedHome, accounts.ManageFeedback, h.takeNoted)
	shell.Staff.GET(importsHome, accounts.ManageFeedback, h.imports)
	shell.Staff.POST(importsHome, accounts.ManageFeedback, h.bring, long, room)
	shell.Staff.GET(importsHome+"/:import", accounts.ManageFeedback, h.importOf)
	shell.Staff.POST(importsHome+"/:import/undo", accounts.ManageFeedback, h.undoImport, long)
}

// handForm is a comment that is typed in, or whose facts are changed.
type handForm struct {
	Version   int64  `form:"version"`
	Text      string `form:"comment,lines"`
	Source    string `form:"source"`
	Event     string `form:"event"`
	Locality  string `form:"locality"`
	Service   string `form:"service"`
	About     string `form:"about"`
	Day       string `form:"date-day"`
	Month     string `form:"date-month"`
	Year      string `form:"date-year"`
	QuoteOK   bool   `form:"quote_ok"`
	Recontact bool   `form:"recontact"`
	Name      string `form:"name"`
	Email     string `form:"email"`
	Phone     string `form:"phone"`
}

func (f handForm) attributes() Attributes {
	return Attributes{Source: Source(f.Source), About: f.About, Event: f.Event, Locality: f.Locality, Service: f.Service, SaidOn: dayOf(f.Day, f.Month, f.Year), QuoteOK: f.QuoteOK, Recontact: f.Recontact}
}

// dayOf is a day from three boxes, as it is checked; "" where all are empty.
func dayOf(day, month, year string) string {
	if day+month+year == "" {
		return ""
	}
	two := func(text string) string {
		if len(text) == 1 {
			return "0" + text
		}
		return text
	}
	return year + "-" + two(month) + "-" + two(day)
}

func (h commentHandlers) handForm(c echo.Context) error {
	return h.showHand(c, http.StatusOK, handForm{}, nil)
}

func (h commentHandlers) showHand(c echo.Context, status int, f handForm, problems []nhs.FieldError) error {
	v, err := h.service.handView(c.Request().Context(), f, HandSources())
	if err != nil {
		return err
	}
	v.Title, v.Action, v.Button, v.New, v.Errors = "Type in a comment", newComment, "Save the comment", true, problems
	return h.shell.Render(c, status, web.Page{Title: v.Title, Body: pages.HandForm(v), Before: pages.CommentBack("All feedback", feedbackHome), Errors: len(problems) > 0, Current: feedbackHome})
}

func (h commentHandlers) addByHand(c echo.Context) error {
	var f handForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	id, err := h.service.AddByHand(c.Request().Context(), ByHand{Attributes: f.attributes(), Text: f.Text, Name: f.Name, Email: f.Email, Phone: f.Phone})
	if problems, refused := web.FieldErrors(err); refused {
		return h.showHand(c, http.StatusUnprocessableEntity, f, problems)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, "The comment is kept. Check what is struck out.")
	return web.Redirect(c, pages.CommentHref(id)+"/redact")
}

func (h commentHandlers) intake(c echo.Context) error { return h.showIntake(c, http.StatusOK, nil) }

func (h commentHandlers) showIntake(c echo.Context, status int, problems []nhs.FieldError) error {
	choices, err := h.service.recordedEvents(c.Request().Context())
	if err != nil {
		return err
	}
	v := pages.IntakeView{Events: choices, Errors: problems}
	return h.shell.Render(c, status, web.Page{Title: "Bring comments in", Body: pages.Intake(v), Before: pages.CommentBack("All feedback", feedbackHome), Errors: len(problems) > 0, Current: feedbackHome})
}

func (h commentHandlers) takeIn(c echo.Context) error {
	added, err := h.service.TakeIn(c.Request().Context())
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, counted(added, "new comment came", "new comments came")+" in.")
	return web.Redirect(c, intakeHome)
}

func (h commentHandlers) noted(c echo.Context) error {
	slug := web.Query(c, "event")
	if slug == "" {
		return web.Redirect(c, intakeHome)
	}
	return h.showNoted(c, http.StatusOK, slug, nil)
}

func (h commentHandlers) showNoted(c echo.Context, status int, slug string, problems []nhs.FieldError) error {
	ctx := c.Request().Context()
	list, err := h.service.NotedAt(ctx, slug)
	if err != nil {
		return err
	}
	e, err := h.service.Events.BySlug(ctx, slug)
	if err != nil {
		return err
	}
	v := notedView(e, list)
	v.Errors = problems
	return h.shell.Render(c, status, web.Page{Title: "What was asked and noted: " + e.Title, Body: pages.Noted(v), Before: pages.CommentBack("Bring comments in", intakeHome), Errors: len(problems) > 0, Current: feedbackHome})
}

func notedView(e events.Event, list []Noted) pages.NotedView {
	v := pages.NotedView{Title: e.Title, Action: notedHome + "?event=" + e.Slug}
	for _, n := range list {
		kind := map[bool]string{true: "A question", false: "A note"}[n.New.About != ""]
		v.Pieces = append(v.Pieces, pages.NotedPiece{Key: n.New.SourceKey, Text: n.New.Text, Kind: kind, Here: n.Here, Chosen: n.New.About != ""})
	}
	return v
}

func (h commentHandlers) takeNoted(c echo.Context) error {
	var f struct {
		Pieces []string `form:"pieces"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	slug := web.Query(c, "event")
	added, err := h.service.TakeNoted(c.Request().Context(), slug, f.Pieces)
	if problems, refused := web.FieldErrors(err); refused {
		return h.showNoted(c, http.StatusUnprocessableEntity, slug, problems)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, counted(added, "new comment came", "new comments came")+" in.")
	return web.Redirect(c, feedbackHome)
}

// pasteForm is a paste, or the pieces that it became.
type pasteForm struct {
	handForm
	Pasted string   `form:"text,lines"`
	Pieces []string `form:"pieces,lines"`
	Do     string   `form:"do"`
}

func (h commentHandlers) pasteForm(c echo.Context) error {
	return h.showPaste(c, http.StatusOK, pasteForm{handForm: handForm{Source: string(FromMinutes)}}, nil)
}

func (h commentHandlers) showPaste(c echo.Context, status int, f pasteForm, problems []nhs.FieldError) error {
	form, err := h.service.handView(c.Request().Context(), f.handForm, []Source{FromMinutes, FromMeeting, FromSocialMedia, FromLetter, FromEmail})
	if err != nil {
		return err
	}
	form.Errors = problems
	v := pages.PastedView{CommentForm: form, Pasted: f.Pasted, Pieces: f.Pieces, Shown: len(f.Pieces) > 0}
	return h.shell.Render(c, status, web.Page{Title: "Paste minutes", Body: pages.Paste(v), Before: pages.CommentBack("Bring comments in", intakeHome), Errors: len(problems) > 0, Current: feedbackHome})
}

func (h commentHandlers) paste(c echo.Context) error {
	var f pasteForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	ctx := c.Request().Context()
	if f.Do != "keep" {
		pieces, err := h.splitPasted(ctx, f)
		if problems, refused := web.FieldErrors(err); refused {
			return h.showPaste(c, http.StatusUnprocessableEntity, f, problems)
		}
		if err != nil {
			return err
		}
		f.Pieces = pieces
		return h.showPaste(c, http.StatusOK, f, nil)
	}
	added, err := h.service.KeepPasted(ctx, f.attributes(), f.Pieces)
	if problems, refused := web.FieldErrors(err); refused {
		return h.showPaste(c, http.StatusUnprocessableEntity, f, problems)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, counted(added, "new comment is", "new comments are")+" kept.")
	return web.Redirect(c, feedbackHome+"/check")
}

// splitPasted splits a paste and checks its facts, so that all that is wrong is said at once.
func (h commentHandlers) splitPasted(ctx context.Context, f pasteForm) (pieces []string, err error) {
	pieces, err = SplitPasted(f.Pasted)
	var wrong fault.Fields
	if fields, refused := refusedFields(err); refused {
		wrong = append(wrong, fields...)
	}
	a := f.attributes()
	_, err = h.service.checkAttributes(ctx, &a)
	fields, refused := refusedFields(err)
	if err != nil && !refused {
		return nil, err
	}
	return pieces, append(wrong, fields...).Err()
}

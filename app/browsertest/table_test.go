package browsertest_test

import (
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"conversations/app/bookings"
)

// sight is one page as somebody comes to see it.
type sight struct {
	path   string
	staff  bool       // seen by the signed-in administrator
	status int        // of the answer
	send   url.Values // what a form on the page from sends there; nil where the page is only opened
	from   string
}

// name tells the sight from every other in the output of tests.
func (s sight) name() string {
	if s.send != nil {
		return "POST " + s.path
	}
	return s.path
}

// noPages are the GET routes that give no page for people to read in a browser.
var noPages = []string{
	"/staff/audit.csv", "/staff/audit.xlsx",
	"/events/:slug/files/:file", "/staff/events/:id/record/files/:file",
	"/updates/pictures/:name", "/staff/updates/:id/now", "/staff/updates/:id/preview/letter", "/staff/surveys/:id/invitations/:sending/preview/letter",
	"/static/*", "/favicon.ico", "/healthz", "/readyz", "/events.ics", "/events.atom", "/events.json", "/updates.atom", "/localities/:slug.ics",
	"/dev/mail/:id/raw", "/dev/mail/:id/html", "/staff/mails/:id/text", "/staff/authenticator/qr.png",
	"/bookings/:token/qr.png", "/staff/updates/:id/send/progress.json", "/staff/surveys/:id/results/count.json", "/documents/:slug", "/staff/documents/:id/file",
	"/staff/feedback/reports/issued/:id/document", "/staff/feedback/reports/issued/:id/report.doc",
	"/staff/feedback/check", // leads to the next
	"/staff/bookings.csv", "/staff/bookings.xlsx", "/staff/events.csv", "/staff/events.xlsx",
}

// elsewhere are the pages that are looked at outside the table of paths: those of a first sign-in and those that go wrong.
var elsewhere = []string{"/staff/sign-in/:token", "/staff/authenticator", "/trouble/:status", "/bad"}

// sights are all pages there are: every GET route with each kind of thing its parameters can name, and what is
// shown when something is refused or goes wrong.
func (w *world) sights(t *testing.T) (all []sight) {
	t.Helper()
	paths := w.paths()
	for _, r := range w.App.Shell.Routes() {
		file := slices.Contains([]string{".ics", ".csv", ".xlsx", ".qdc", ".qdpx"}, filepath.Ext(r.Path))
		if r.Method != http.MethodGet || slices.Contains(noPages, r.Path) || slices.Contains(elsewhere, r.Path) || file {
			continue
		}
		if len(paths[r.Path]) == 0 {
			t.Errorf("the page %s is not looked at: give it examples in paths", r.Path)
		}
		for _, path := range paths[r.Path] {
			all = append(all, sight{path: path, staff: strings.HasPrefix(path, "/staff") && !anonymous(path), status: http.StatusOK})
		}
	}
	all = append(all, w.troubled()...)
	all = append(all, w.recordForms()...)
	all = append(all, w.updateForms()...)
	all = append(all, w.sendingForms()...)
	all = append(all, w.listForms()...)
	all = append(all, w.refusedContacts()...)
	all = append(all, w.libraryForms()...)
	all = append(all, w.surveyForms()...)
	all = append(all, w.commentForms()...)
	all = append(all, w.reportForms()...)
	all = append(all, w.invitedForms()...)
	all = append(all, w.paperForms()...)
	all = append(all, w.codingForms()...)
	all = append(all, w.subscriberForms()...)
	all = append(all, w.themeForms()...)
	all = append(all, w.answerForms()...)
	return append(all, w.refused()...)
}

// anonymous says that a page below /staff is for people who are not signed in.
func anonymous(path string) bool {
	return strings.HasPrefix(path, "/staff/sign-in") || strings.HasPrefix(path, "/staff/forgotten")
}

// paths gives, for each route, the addresses of which its page is looked at.
func (w *world) paths() map[string][]string {
	event := func(after string, of ...string) (out []string) {
		for _, slug := range of {
			out = append(out, "/events/"+slug+after)
		}
		return out
	}
	booking := func(after string, of ...bookings.Booking) (out []string) {
		for _, b := range of {
			out = append(out, w.manage(b)+after)
		}
		return out
	}
	paths := map[string][]string{
		"/":                           {"/", "/?near=AL1+1AA", "/?near=Watford", "/?near=AL3", "/?near=Nowhere"},
		"/events":                     {"/events", "/events?when=past", "/events?locality=dacorum", "/events?near=WD17", "/events?near=Nowhere"},
		"/events/:slug":               event("", w.announced.Slug, w.open.Slug, "full", "full-without-a-waiting-list", "closed", w.held.Slug, "postponed", "cancelled"),
		"/events/:slug/book":          event("/book", w.open.Slug, "full", "full-without-a-waiting-list", "closed", w.held.Slug, "cancelled"),
		"/events/:slug/interest":      event("/interest", w.announced.Slug, "postponed", "full-without-a-waiting-list"),
		"/events/:slug/interest/done": event("/interest/done", w.announced.Slug),
		"/bookings/done/:token":       w.done,
		"/bookings/:token":            append(booking("", w.confirmed, w.waiting, w.gone, w.byPhone, w.ofPostponed, w.ofCancelled), w.manage(w.confirmed)+"?changed=yes"),
		"/bookings/:token/change":     booking("/change", w.confirmed, w.waiting),
		"/bookings/:token/cancel":     booking("/cancel", w.confirmed, w.waiting, w.gone),
		"/events/preview/:token":      {strings.TrimPrefix(w.App.Events.PreviewURL(w.draft), w.URL)},
		"/localities/:slug":           {"/localities/dacorum", "/localities/hertsmere"},
		"/contact/email/:office":      {"/contact/email/dacorum"},
		"/dev/mail/:id":               {"/dev/mail/1"},
	}
	for _, alone := range []string{"/accessibility", "/privacy", "/cookies", "/contact", "/dev/mail", "/staff", "/staff/sign-in", "/staff/forgotten",
		"/staff/account", "/staff/people", "/staff/people/new", "/staff/settings", "/staff/events/new"} {
		paths[alone] = []string{alone}
	}
	for route, of := range w.staffPaths() {
		paths[route] = of
	}
	for route, of := range w.answerPaths() {
		paths[route] = of
	}
	for route, of := range w.subscriberPaths() {
		paths[route] = of
	}
	for route, of := range w.surveyPaths() {
		paths[route] = of
	}
	for route, of := range w.reportPaths() {
		paths[route] = of
	}
	for route, of := range w.commentPaths() {
		paths[route] = of
	}
	for route, of := range w.invitedPaths() {
		paths[route] = append(paths[route], of...)
	}
	for route, of := range w.paperPaths() {
		paths[route] = of
	}
	for route, of := range w.themePaths() {
		paths[route] = of
	}
	for route, of := range w.codingPaths() {
		paths[route] = of
	}
	for route, of := range w.libraryPaths() {
		paths[route] = of
	}
	for route, of := range w.updatePaths() {
		paths[route] = of
	}
	for route, of := range w.recordPaths() {
		paths[route] = of
	}
	for route, of := range w.listPaths() {
		paths[route] = of
	}
	for route, of := range w.contactPaths() {
		paths[route] = of
	}
	for route, of := range w.sendingPaths() {
		paths[route] = append(paths[route], of...)
	}
	return paths
}

func (w *world) staffPaths() map[string][]string {
	event := func(after string, of ...int64) (out []string) {
		for _, id := range of {
			out = append(out, "/staff/events/"+number(id)+after)
		}
		return out
	}
	booking := func(after string, of ...bookings.Booking) (out []string) {
		for _, b := range of {
			out = append(out, "/staff/bookings/"+number(b.ID)+after)
		}
		return out
	}
	return map[string][]string{
		"/staff/events":               {"/staff/events", "/staff/events?when=past&sort=title", "/staff/events?text=nothing-is-called-this"},
		"/staff/events/:id":           event("", w.draft.ID, w.announced.ID, w.open.ID, w.closed.ID, w.held.ID, w.postponed.ID, w.cancelled.ID),
		"/staff/events/:id/preview":   event("/preview", w.draft.ID),
		"/staff/events/:id/edit":      event("/edit", w.draft.ID, w.open.ID),
		"/staff/events/:id/copy":      event("/copy", w.open.ID),
		"/staff/venues":               {"/staff/venues"},
		"/staff/venues/new":           {"/staff/venues/new"},
		"/staff/venues/:id":           {"/staff/venues/1"},
		"/staff/events/:id/publish":   event("/publish", w.draft.ID),
		"/staff/events/:id/set-date":  event("/set-date", w.announced.ID, w.postponed.ID),
		"/staff/events/:id/hold":      event("/hold", w.held.ID),
		"/staff/events/:id/close":     event("/close", w.open.ID),
		"/staff/events/:id/open":      event("/open", w.closed.ID),
		"/staff/events/:id/move":      event("/move", w.open.ID),
		"/staff/events/:id/postpone":  event("/postpone", w.open.ID),
		"/staff/events/:id/cancel":    event("/cancel", w.open.ID),
		"/staff/bookings":             {"/staff/bookings", "/staff/bookings?q=Example", "/staff/bookings?event=" + w.open.Slug, "/staff/bookings?event=full&status=waiting", "/staff/bookings?sort=-name&need=any&channel=online"},
		"/staff/bookings/register":    {"/staff/bookings/register?event=" + w.open.Slug, "/staff/bookings/register?event=full", "/staff/bookings/register?event=" + w.announced.Slug},
		"/staff/bookings/:id/move":    booking("/move", w.confirmed),
		"/staff/bookings/:id/restore": booking("/restore", w.gone),
		"/staff/bookings/new":         {"/staff/bookings/new?event=" + w.open.Slug, "/staff/bookings/new?event=full"},
		"/staff/bookings/:id":         booking("", w.confirmed, w.waiting, w.gone, w.byPhone),
		"/staff/bookings/:id/change":  booking("/change", w.confirmed),
		"/staff/bookings/:id/cancel":  booking("/cancel", w.confirmed),
		"/staff/calls":                {"/staff/calls", "/staff/calls?state=done", "/staff/calls?kind=booked&tried=no&mine=yes"},
		"/staff/access":               {"/staff/access", "/staff/access?state=all&event=" + w.open.Slug, "/staff/access?state=late&need=bsl&owner=me"},
		"/staff/access/:id":           {w.task(), "/staff/access/1"},
		"/staff/access/venue":         {"/staff/access/venue?event=" + w.open.Slug, "/staff/access/venue?event=full"},
		"/staff/calls/:id":            {"/staff/calls/1"},
		"/staff/door/:slug":           {"/staff/door/" + w.held.Slug, "/staff/door/" + w.held.Slug + "?q=nobody", "/staff/door/" + w.open.Slug, "/staff/door/postponed"},
		"/staff/door/b/:token":        {"/staff/door/b/" + w.App.Links.Token(bookings.DoorPurpose, w.confirmed.ID), "/staff/door/b/" + w.App.Links.Token(bookings.DoorPurpose, w.gone.ID)},
		"/staff/mails":                {"/staff/mails", "/staff/mails?state=sent", "/staff/mails?state=failed"},
		"/staff/mails/:id":            {"/staff/mails/" + number(w.failedMail), "/staff/mails/1"},
		"/staff/people/:id":           {"/staff/people/1", "/staff/people/2"},
		"/staff/privacy":              {"/staff/privacy", "/staff/privacy?who=nobody%40residents.example", "/staff/privacy?who=" + url.QueryEscape(w.confirmed.Email)},
		"/staff/privacy/erase":        {"/staff/privacy/erase?who=" + url.QueryEscape(w.confirmed.Email)},
		"/staff/audit":                {"/staff/audit", "/staff/audit?who=system&from=2017-01-01&entity=events", "/staff/audit?id=999999"},
	}
}

// task is the page of a need that is still to be arranged.
func (w *world) task() string {
	page, err := w.App.Bookings.Tasks(w.Ctx(), bookings.TaskFilter{Event: w.open.Slug})
	must(w.t, err)
	return "/staff/access/" + number(page.Tasks[0].ID)
}

// troubled are the pages of things that are not there, not allowed or broken.
func (w *world) troubled() []sight {
	return []sight{
		{path: "/nothing/here", status: 404}, {path: "/events/no-such-event", status: 404}, {path: "/bookings/not-a-link", status: 404},
		{path: "/trouble/403", status: 403}, {path: "/trouble/409", status: 409}, {path: "/trouble/429", status: 429},
		{path: "/trouble/500", status: 500}, {path: "/trouble/503", status: 503},
		{path: "/staff/sign-in/not-a-link", status: 404}, {path: "/staff/bookings/999999", staff: true, status: 404},
		{path: "/accessibility", from: "/contact", send: url.Values{"a": {"b"}}, status: 405},
		{path: "/events/" + w.open.Slug + "/book", from: "/contact", send: url.Values{"question": {strings.Repeat("x", 1<<20)}}, status: 413},
	}
}

// refused are forms that were filled in wrongly, shown again.
func (w *world) refused() []sight {
	wrong := url.Values{"name": {""}, "email": {"nobody"}, "phone": {"12"}, "party_size": {"99"}, "attendee_name_2": {strings.Repeat("long ", 40)},
		"access_needs": {"interpreter", "bsl"}, "access_notes": {""}, "question": {strings.Repeat("Why? ", 500)}, "channel": {"by owl"}}
	mistyped := url.Values{"name": {"Ada Example"}, "email": {"ada@gmial.com"}, "party_size": {"2"}}
	noEvent := url.Values{"title": {""}, "starts_day": {"31"}, "starts_month": {"2"}, "starts_year": {"2027"}, "starts_time": {"soon"}, "capacity": {"-1"}, "max_party": {"x"},
		"version": {number(w.open.Version)}}
	stale := url.Values{"title": {"Another title"}, "locality": {"dacorum"}, "summary": {"Other words."}, "version": {"0"}}
	book, staffEvent := "/events/"+w.open.Slug+"/book", "/staff/events/"+number(w.open.ID)
	return []sight{
		{path: book, from: book, send: wrong, status: 422},
		{path: book + "?mistyped", from: book, send: mistyped, status: 422},
		{path: "/events/closed/book", from: book, send: mistyped, status: 409},
		{path: "/events/" + w.announced.Slug + "/interest", from: book, send: wrong, status: 422},
		{path: w.manage(w.confirmed) + "/change", from: book, send: wrong, status: 422},
		{path: "/contact/email/dacorum", from: "/contact", send: url.Values{}, status: 200},
		{path: "/staff/sign-in", from: "/staff/sign-in", send: url.Values{"email": {"nobody@example.org"}, "password": {"wrong"}}, status: 422},
		{path: "/staff/forgotten", from: "/staff/forgotten", send: url.Values{"email": {""}}, status: 422},
		{path: "/staff/people/new", staff: true, from: "/staff", send: url.Values{"email": {"x"}}, status: 422},
		{path: "/staff/events/new", staff: true, from: "/staff", send: noEvent, status: 422},
		{path: staffEvent + "/edit", staff: true, from: "/staff", send: noEvent, status: 422},
		{path: staffEvent + "/edit?stale", staff: true, from: "/staff", send: stale, status: 409},
		{path: staffEvent + "/copy", staff: true, from: "/staff", send: url.Values{"dates": {"never"}}, status: 422},
		{path: "/staff/venues/new", staff: true, from: "/staff", send: url.Values{"venue_name": {""}}, status: 422},
		{path: staffEvent + "/move", staff: true, from: "/staff", send: noEvent, status: 422},
		{path: staffEvent + "/cancel", staff: true, from: "/staff", send: url.Values{"status_note": {""}}, status: 422},
		{path: "/staff/bookings/new?event=" + w.open.Slug, staff: true, from: "/staff", send: wrong, status: 422},
		{path: "/staff/bookings/" + number(w.confirmed.ID) + "/change", staff: true, from: "/staff", send: wrong, status: 422},
		{path: "/staff/bookings/" + number(w.confirmed.ID) + "/notes", staff: true, from: "/staff", send: url.Values{"note": {""}}, status: 422},
		{path: "/staff/bookings/" + number(w.confirmed.ID) + "/move", staff: true, from: "/staff", send: url.Values{"event": {""}}, status: 422},
		{path: "/staff/door/" + w.held.Slug + "/walk-ins", staff: true, from: "/staff", send: url.Values{"people": {"none"}}, status: 422},
		{path: "/staff/calls/1", staff: true, from: "/staff", send: url.Values{"result": {""}}, status: 422},
		{path: "/staff/privacy?who=", staff: true, status: 422},
		{path: "/staff/privacy/erase", staff: true, from: "/staff", send: url.Values{"who": {w.confirmed.Email}, "reason": {""}}, status: 422},
		{path: w.task() + "/state", staff: true, from: "/staff", send: url.Values{"version": {"1"}, "state": {"not-possible"}}, status: 422},
		{path: w.task() + "/state?stale", staff: true, from: "/staff", send: url.Values{"version": {"99"}, "state": {"arranged"}}, status: 409},
	}
}

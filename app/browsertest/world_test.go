package browsertest_test

import (
	"errors"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"conversations"
	"conversations/app/apptest"
	"conversations/app/bookings"
	"conversations/app/browsertest"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/demo"
	"conversations/app/events"
	"conversations/app/fault"
	"conversations/app/mail"
	"conversations/app/surveys"
	"conversations/app/web"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// world is the demo's programme and, beside it, an event in every state of its life with bookings of every kind.
type world struct {
	*apptest.Site
	t     testing.TB
	admin demo.SignIn

	announced, open, full, fullNoList, closed, held, postponed, cancelled, draft events.Event

	confirmed, waiting, gone, byPhone bookings.Booking
	ofPostponed, ofCancelled          bookings.Booking
	done                              []string // pages that came after bookings
	failedMail                        int64
	step                              int64            // that was promised and is late
	draftLetter, aside                int64            // an update, and a text of it that is beside the one that counts
	letters                           map[string]int64 // updates on their way out, by how far they are
	survey                            surveys.Form
	answers                           []string // links of people who answer it: just begun, on the second page, done
	anonymous                         surveys.Form
	anonymousDone                     string            // the link of somebody who has answered it
	invitations                       []surveys.Sending // to it: new, with a list, on its way out
	personal                          []string          // links of invitations to it: unused, used
	counting, setAside                int64             // responses to it
	paper                             paper             // of it
	coding                            coding

	subscribers subscribers
	lists       map[string]string // of contacts, in every state: their pages
	people      acquainted
	comments    []int64 // one for each state
	alarm       int64
	file        int64 // of comments

	raised, toldBy int64 // a comment on the demo's published answer, and the update about it
	quoted         int64 // a comment of which words are chosen
	report         int64 // issued
}

func newWorld(t testing.TB) *world {
	t.Helper()
	address, people := demoCopy(t)
	return newWorldOn(t, address, people)
}

// newWorldOn is newWorld on a database that has the demo's programme in it.
func newWorldOn(t testing.TB, address string, people []demo.SignIn) *world {
	t.Helper()
	w := newDemoOn(t, address, people)
	w.troubles()
	w.makeEvents()
	w.makeBookings()
	w.changeEvents()
	w.makeRecords()
	w.makeUpdates()
	w.makeContacts()
	w.makeSending()
	w.makeArchive()
	w.makeSurvey()
	w.makeInvitations()
	w.makePaper()
	w.makeCoding()
	w.makeSubscribers()
	w.makeComments()
	w.makeThemes()
	w.makeAnswers()
	w.makeReports()
	w.lists = w.makeLists()
	w.failOne()
	return w
}

// newDemo is the demo's programme alone.
func newDemo(t testing.TB) *world {
	t.Helper()
	address, people := demoCopy(t)
	return newDemoOn(t, address, people)
}

func newDemoOn(t testing.TB, address string, people []demo.SignIn) *world {
	t.Helper()
	w := &world{t: t, admin: people[0], Site: apptest.StartOn(t, address)}
	w.findDemoEvents()
	w.quiet()
	return w
}

var filled struct {
	once   sync.Once
	file   []byte
	people []demo.SignIn
}

// demoCopy is a file with the demo's programme in it, which is made once.
func demoCopy(t testing.TB) (address string, people []demo.SignIn) {
	t.Helper()
	address = databasetest.SQLite(t)
	file := strings.TrimPrefix(address, "sqlite:///")
	filled.once.Do(func() {
		var err error
		filled.people = fillDemo(t, address)
		filled.file, err = os.ReadFile(file)
		must(t, err)
	})
	if filled.file == nil {
		t.Fatal("the demo could not be made")
	}
	must(t, os.WriteFile(file, filled.file, 0o600))
	return address, filled.people
}

func fillDemo(t testing.TB, address string) []demo.SignIn {
	t.Helper()
	cfg, err := config.Parse(conversations.Config, apptest.Settings(address, "http://127.0.0.1:8080", 25))
	must(t, err)
	people, err := demo.Fill(t.Context(), cfg, apptest.Log(t))
	must(t, err)
	return people
}

// troubles adds pages that end in the faults a test cannot bring about otherwise.
func (w *world) troubles() {
	faults := map[string]error{
		"500": errors.New("the disk is full"), "503": fault.New(fault.Unavailable, ""), "429": web.TooMany(7 * time.Minute),
		"403": fault.New(fault.Forbidden, "Your role does not include this."), "409": fault.New(fault.Conflict, "Somebody was quicker."),
	}
	w.App.Shell.Public.GET("/trouble/:status", func(c echo.Context) error { return faults[c.Param("status")] })
	w.App.Shell.Public.GET("/bad", func(c echo.Context) error { return c.HTML(http.StatusOK, badPage) }, web.Policy(badPolicy))
}

func (w *world) findDemoEvents() {
	page, err := w.App.Events.StaffList(w.Ctx(), events.StaffFilter{})
	must(w.t, err)
	for _, e := range page.Events {
		switch e.Status {
		case events.Announced:
			w.announced = e
		case events.Open:
			w.open = e
		case events.Held:
			w.held = e
		}
	}
	if w.announced.ID*w.open.ID*w.held.ID == 0 {
		w.t.Fatalf("the demo lacks an announced, an open or a held event: %v", page.Events)
	}
}

func (w *world) makeEvents() {
	w.full = w.OpenEvent("full", 2, 2)
	w.fullNoList = w.OpenEvent("full-without-a-waiting-list", 2, 2)
	f := events.FormOf(w.fullNoList)
	f.WaitingList = false
	_, err := w.App.Events.Edit(w.Ctx(), w.fullNoList.ID, f)
	must(w.t, err)
	w.closed, w.postponed, w.cancelled = w.OpenEvent("closed", 20, 4), w.OpenEvent("postponed", 20, 4), w.OpenEvent("cancelled", 20, 4)
	must(w.t, second(w.App.Events.SaveVenue(w.Ctx(), 0, events.VenueForm{Venue: f.Venue})))
	f = events.FormOf(w.closed)
	f.Slug, f.Title = "draft", "An event that is only a draft"
	w.draft, err = w.App.Events.Create(w.Ctx(), f)
	must(w.t, err)
}

func (w *world) makeBookings() {
	family := bookings.Request{Name: "Ada Example", Email: "ada@residents.example", Phone: "01632 960001", People: 3, BookerComes: true,
		Names: []string{"Ben Example", "Cleo Example"}, Question: "Will there be evening appointments?", QuoteOK: true,
		Needs: []bookings.NeedRequest{{Position: 1, Need: "hearing-loop"}, {Position: 2, Need: "interpreter", Note: "Polish"}}}
	w.confirmed = w.book(w.open, family)
	w.gone = w.book(w.open, resident("Dora Example", 1))
	must(w.t, second(w.App.Bookings.Cancel(w.Ctx(), bookings.ByBooker, w.gone.ID)))
	w.byPhone = w.book(w.open, bookings.Request{Name: "Eve Example", Phone: "01632 960002", People: 1, BookerComes: true, Channel: bookings.Telephone})
	w.book(w.full, resident("Finn Example", 2))
	w.waiting = w.book(w.full, resident("Gwen Example", 2))
	w.book(w.fullNoList, resident("Hari Example", 2))
	w.ofPostponed, w.ofCancelled = w.book(w.postponed, resident("Ivy Example", 2)), w.book(w.cancelled, resident("Jo Example", 1))
	for _, form := range []url.Values{
		{"name": {"Kit Example"}, "email": {"kit@residents.example"}, "party_size": {"1"}},
		{"name": {"Lou Example"}, "phone": {"01632 960003"}, "party_size": {"1"}},
		{"name": {"Lou Example"}, "phone": {"01632 960003"}, "party_size": {"1"}},
	} {
		w.done = append(w.done, w.led("/events/"+w.open.Slug+"/book", form))
	}
	w.done = append(w.done, w.led("/events/full/book", url.Values{"name": {"Max Example"}, "email": {"max@residents.example"}, "party_size": {"1"}}))
}

// led is where a form that was taken leads.
func (w *world) led(path string, form url.Values) string {
	answer := w.Post(path, form)
	if answer.Status != http.StatusSeeOther {
		w.t.Fatalf("%s %v was answered with %d:\n%s", path, form, answer.Status, answer.Body)
	}
	return answer.Location
}

func (w *world) changeEvents() {
	must(w.t, second(w.App.Events.Close(w.Ctx(), w.closed.ID)))
	must(w.t, second(w.App.Events.Postpone(w.Ctx(), w.postponed.ID, "The hall was flooded.")))
	must(w.t, second(w.App.Events.Cancel(w.Ctx(), w.cancelled.ID, "The speaker is ill.")))
}

// quiet waits until the work behind the pages is done, so that what changes later was changed by a request.
func (w *world) quiet() {
	apptest.Eventually(w.t, "all mails are sent", func() bool {
		sum, err := w.App.Outbox.Summary(w.Ctx())
		var announcements int
		_ = w.App.DB.Read(w.Ctx()).Raw(`SELECT count(*) FROM announcements WHERE done_at IS NULL`).Scan(&announcements).Error
		return err == nil && sum.Queued == 0 && announcements == 0
	})
}

// failOne marks the newest mail as failed, once all are sent.
func (w *world) failOne() {
	w.quiet()
	mails, _, err := w.App.Outbox.List(w.Ctx(), mail.Filter{Limit: 1})
	must(w.t, err)
	w.failedMail = mails[0].ID
	must(w.t, w.App.DB.Write(w.Ctx(), func(tx *database.Tx) error {
		return tx.Exec(`UPDATE mails SET state = 'failed', last_error = '550 no such mailbox', failed_at = created_at WHERE id = ?`, w.failedMail).Error
	}))
}

func (w *world) book(e events.Event, r bookings.Request) bookings.Booking {
	w.t.Helper()
	if r.Channel == "" {
		r.Channel = bookings.Online
	}
	out, err := w.App.Bookings.Book(w.Ctx(), e.ID, r)
	must(w.t, err)
	return out.Booking
}

func resident(name string, people int) bookings.Request {
	return bookings.Request{Name: name, Email: strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@residents.example", People: people, BookerComes: true}
}

// manage is the booker's page of a booking.
func (w *world) manage(b bookings.Booking) string {
	return "/bookings/" + w.App.Links.Token(bookings.LinkPurpose, b.ID)
}

// session is a client that is signed in as the administrator.
func (w *world) session() *http.Cookie {
	w.t.Helper()
	response, err := w.Client.PostForm(w.URL+"/staff/sign-in", url.Values{"email": {w.admin.Email}, "password": {w.admin.Password}})
	must(w.t, err)
	defer func() { _ = response.Body.Close() }()
	if len(response.Cookies()) != 1 || response.StatusCode != http.StatusSeeOther {
		w.t.Fatalf("signing in was answered with %d", response.StatusCode)
	}
	return response.Cookies()[0]
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func second[T any](_ T, err error) error { return err }

func nextYear() string { return strconv.Itoa(time.Now().Year() + 1) }

func number(id int64) string { return strconv.FormatInt(id, 10) }

package site_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/bookings"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/events"
	"conversations/app/feedback"
	"conversations/app/links"
	"conversations/app/mail"
	"conversations/app/mail/reports"
	"conversations/app/newsletters"
	"conversations/app/site"
	"conversations/app/surveys"
	"conversations/app/web"
)

// friday is when every test begins: a Friday morning in February.
var friday = time.Date(2017, 2, 10, 9, 0, 0, 0, time.UTC)

// world is the site over HTTP on a fresh database, usually a SQLite file, with a clock that tests turn.
type world struct {
	t      *testing.T
	cfg    *config.Config
	db     *database.DB
	events *events.Service
	outbox *mail.Outbox
	shell  *web.Shell
	server *httptest.Server
	clock  *clock
	system context.Context
}

type clock struct {
	sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.Lock()
	defer c.Unlock()
	return c.at
}

func (c *clock) set(t time.Time) {
	c.Lock()
	defer c.Unlock()
	c.at = t
}

func newWorld(t *testing.T, change ...func(*config.Config)) *world {
	t.Helper()
	return newWorldOn(t, databasetest.SQLite(t), change...)
}

func newWorldOn(t *testing.T, address string, change ...func(*config.Config)) *world {
	t.Helper()
	cfg, err := config.Load("../../config.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range change {
		c(cfg)
	}
	w := &world{t: t, cfg: cfg, clock: &clock{at: friday}, system: audit.AsSystem(context.Background())}
	quiet := slog.New(slog.DiscardHandler)
	w.db = databasetest.Open(t, address, w.clock.now)
	w.events = events.New(cfg, w.db)
	w.outbox = mail.New(w.db, cfg, "test", quiet)
	signer, err := links.New(t.Context(), w.db, cfg.BaseURL, strings.Repeat("k", 32))
	if err != nil {
		t.Fatal(err)
	}
	w.shell = web.New(cfg, w.db, quiet)
	w.shell.CacheFor = 0
	w.shell.Allow, w.shell.Actor = accounts.Require, w.actor
	w.shell.Public.POST("/staff/test-sign-in/:id", w.signIn)
	site.Routes(w.shell, site.New(site.Parts{Config: cfg, DB: w.db, Events: w.events, Feedback: feedback.New(feedback.Parts{Config: cfg, DB: w.db}),
		Bookings: bookings.New(cfg, w.db, w.events, w.outbox, signer), Outbox: w.outbox, Reports: reports.New(w.db, cfg, w.outbox, quiet),
		Newsletters: newsletters.New(newsletters.Parts{Config: cfg, DB: w.db, Events: w.events, Outbox: w.outbox, Links: signer}), Surveys: surveys.New(surveys.Parts{Config: cfg, DB: w.db, Events: w.events, Outbox: w.outbox, Links: signer}), Tables: tables()}))
	w.server = httptest.NewServer(w.shell.Handler())
	t.Cleanup(w.server.Close)
	return w
}

// tables are the declarations that app.go passes.
func tables() []database.Table {
	return slices.Concat(bookings.Columns(), mail.Columns(), events.Columns(), accounts.Columns(), []database.Table{audit.Columns()})
}

// roles are the staff of the tests: the id of each is its place, from 1.
func roles() []accounts.Role { return accounts.Roles() }

func (w *world) actor(_ context.Context, id int64) (audit.Actor, error) {
	role := roles()[id-1]
	return audit.Actor{Kind: audit.Staff, ID: id, Name: "Staff " + string(role), Email: string(role) + "@example.org", Role: string(role)}, nil
}

func (w *world) signIn(c echo.Context) error {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return err
	}
	if err := w.shell.SignIn(c, id); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// evening is an event that is ready to be published.
func evening(title, locality string, date time.Time) events.Form {
	f := events.Form{Title: title, Locality: locality, Summary: "Come and talk about local health and care.",
		Venue: events.Venue{VenueName: "The Hall", VenueAddress: "1 High Street", VenuePostcode: "AL1 1AA"}, Capacity: "50", MaxParty: "4", WaitingList: true}
	if !date.IsZero() {
		f.Schedule = events.Schedule{StartsDay: strconv.Itoa(date.Day()), StartsMonth: strconv.Itoa(int(date.Month())), StartsYear: strconv.Itoa(date.Year()),
			StartsTime: "7pm", EndsTime: "9pm"}
	}
	return f
}

func (w *world) publish(f events.Form) events.Event {
	w.t.Helper()
	e, err := w.events.Create(w.system, f)
	if err != nil {
		w.t.Fatal(err)
	}
	if e, err = w.events.Publish(w.system, e.ID); err != nil {
		w.t.Fatal(err)
	}
	return e
}

func (w *world) write(fn func(tx *database.Tx) error) {
	w.t.Helper()
	if err := w.db.Write(w.system, fn); err != nil {
		w.t.Fatal(err)
	}
}

// queue puts a mail into the outbox and gives its id.
func (w *world) queue(m mail.Message) (id int64) {
	w.t.Helper()
	w.write(func(tx *database.Tx) error { return w.outbox.Enqueue(tx, m) })
	if err := w.db.Read(w.system).Raw(`SELECT id FROM mails WHERE unique_key = ?`, m.Key).Row().Scan(&id); err != nil {
		w.t.Fatal(err)
	}
	return id
}

// fail marks a mail as given up, as the sender does.
func (w *world) fail(id int64, words string) {
	w.t.Helper()
	w.write(func(tx *database.Tx) error {
		return tx.Exec(`UPDATE mails SET state = 'failed', failed_at = ?, last_error = ? WHERE id = ?`, tx.Now(), words, id).Error
	})
}

func confirmation(key string) mail.Message {
	return mail.Message{Key: key, Kind: "booking.confirmed", About: "bookings", AboutID: 7, To: key + "@example.org", ToName: "Ada Fictional",
		Subject: "Your place is booked", Blocks: []mail.Block{mail.Heading("Your place is booked"), mail.Paragraph("We look forward to seeing you.")}}
}

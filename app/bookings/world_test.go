package bookings

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/events"
	"conversations/app/links"
	"conversations/app/mail"
)

// world is the bookings with all that they stand on, on a database of their own and a clock that the test drives.
type world struct {
	t        testing.TB
	ctx      context.Context // of the program itself: may do everything
	db       *database.DB
	events   *events.Service
	outbox   *mail.Outbox
	bookings *Service
	clock    *clock
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *clock) set(t time.Time) { c.mu.Lock(); defer c.mu.Unlock(); c.now = t }

// start is when every test begins: a Monday in winter, eight days before the event of openEvent.
var start = time.Date(2017, 2, 20, 9, 0, 0, 0, time.UTC)

func newWorld(t testing.TB, address string) *world {
	t.Helper()
	c := &clock{now: start}
	db := databasetest.Open(t, address, c.Now)
	w, err := assemble(db)
	if err != nil {
		t.Fatal(err)
	}
	w.t, w.clock = t, c
	return w
}

// assemble puts the services together; without a test, for a process of its own.
func assemble(db *database.DB) (*world, error) {
	cfg, err := config.Load("../../config.yaml", nil)
	if err != nil {
		return nil, err
	}
	ctx := audit.AsSystem(context.Background())
	signer, err := links.New(ctx, db, cfg.BaseURL, "")
	if err != nil {
		return nil, err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	w := &world{ctx: ctx, db: db, events: events.New(cfg, db), outbox: mail.New(db, cfg, "test", log)}
	w.bookings = New(cfg, db, w.events, w.outbox, signer)
	return w, nil
}

// openEvent makes an event on 28 February 2017 that takes bookings.
func (w *world) openEvent(capacity, maxParty int, alter ...func(*events.Form)) events.Event {
	w.t.Helper()
	f := events.Form{
		Title: "Conversation event in St Albans", Locality: "st-albans-and-harpenden", Summary: "Talk with us about care.",
		Schedule: events.Schedule{StartsDay: "28", StartsMonth: "2", StartsYear: "2017", StartsTime: "7pm", EndsTime: "9pm"},
		Venue:    events.Venue{VenueName: "Example Hall", VenueAddress: "1 Example Street, St Albans", VenuePostcode: "AL1 1AA"},
		Capacity: strconv.Itoa(capacity), MaxParty: strconv.Itoa(maxParty), WaitingList: true,
	}
	for _, change := range alter {
		change(&f)
	}
	e := must(w.events.Create(w.ctx, f))(w.t)
	return must(w.events.Publish(w.ctx, e.ID))(w.t)
}

// must gives the value of a call that may not fail.
func must[T any](value T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// resident is a request from the i-th plainly fictional resident.
func resident(i, people int) Request {
	return Request{
		Name: fmt.Sprintf("Resident Example %d", i), Email: fmt.Sprintf("resident%d@residents.example", i),
		People: people, BookerComes: true, Channel: Online,
	}
}

// byTelephone is a request from somebody who has no e-mail.
func byTelephone(i, people int) Request {
	r := resident(i, people)
	r.Email, r.Phone, r.Channel = "", fmt.Sprintf("01632 960%03d", i), Telephone
	return r
}

func (w *world) book(e events.Event, r Request) Booking {
	w.t.Helper()
	return must(w.bookings.Book(w.ctx, e.ID, r))(w.t).Booking
}

func (w *world) status(b Booking) Status {
	w.t.Helper()
	return must(loadBooking(w.db.Read(w.ctx), b.ID))(w.t).Status
}

// mails lists the kinds of mail of a booking, oldest first.
func (w *world) mails(b Booking) (kinds []string) {
	w.t.Helper()
	for _, m := range must(w.outbox.About(w.ctx, "bookings", b.ID))(w.t) {
		kinds = append([]string{m.Kind}, kinds...) // newest first
	}
	return kinds
}

// calls lists the kinds of call of a booking, oldest first.
func (w *world) calls(b Booking) (kinds []string) {
	w.t.Helper()
	if err := w.db.Read(w.ctx).Raw(`SELECT kind FROM calls WHERE booking_id = ? ORDER BY id`, b.ID).Scan(&kinds).Error; err != nil {
		w.t.Fatal(err)
	}
	return kinds
}

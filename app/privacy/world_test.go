package privacy_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"conversations/app"
	"conversations/app/audit"
	"conversations/app/bookings"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/events"
	"conversations/app/fault"
)

var friday = time.Date(2017, 2, 10, 9, 0, 0, 0, time.UTC)

// world is the whole program, not running, with a clock that tests turn.
type world struct {
	*app.App
	t     *testing.T
	ctx   context.Context
	event events.Event

	mu sync.Mutex
	at time.Time
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *world) later(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(d)
}

func newWorld(t *testing.T, address string) *world {
	t.Helper()
	cfg, err := config.Load("../../config.yaml", []string{"CONVERSATIONS_DATABASE_URL=" + address, "CONVERSATIONS_DATABASE_KEY=" + strings.Repeat("k", 32)})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, at: friday, ctx: audit.AsSystem(context.Background())}
	if w.App, err = app.New(t.Context(), cfg, slog.New(slog.DiscardHandler), w.now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	w.event = w.publish("An evening in St Albans")
	return w
}

// publish makes an event of the last day of February.
func (w *world) publish(title string) events.Event {
	w.t.Helper()
	e, err := w.Events.Create(w.ctx, events.Form{Title: title, Locality: "st-albans-and-harpenden", Summary: "Come and talk.", Capacity: "50", MaxParty: "4", WaitingList: true,
		Schedule: events.Schedule{StartsDay: "28", StartsMonth: "2", StartsYear: "2017", StartsTime: "7pm", EndsTime: "9pm"},
		Venue:    events.Venue{VenueName: "The Hall", VenueAddress: "1 High Street", VenuePostcode: "AL1 1AA"}})
	if err != nil {
		w.t.Fatal(err)
	}
	if e, err = w.Events.Publish(w.ctx, e.ID); err != nil {
		w.t.Fatal(err)
	}
	return e
}

func (w *world) book(r bookings.Request) bookings.Booking {
	w.t.Helper()
	r.Channel, r.BookerComes, r.EmailChecked = bookings.Online, true, r.Email
	out, err := w.Bookings.Book(w.ctx, w.event.ID, r)
	if err != nil {
		w.t.Fatalf("%v %v", err, fault.KindOf(err))
	}
	return out.Booking
}

func (w *world) write(text string, args ...any) {
	w.t.Helper()
	if err := w.DB.Write(w.ctx, func(tx *database.Tx) error { return tx.Exec(text, args...).Error }); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) number(text string, args ...any) (n int) {
	w.t.Helper()
	if err := w.DB.Read(w.ctx).Raw(text, args...).Scan(&n).Error; err != nil {
		w.t.Fatal(err)
	}
	return n
}

func both(t *testing.T, test func(t *testing.T, w *world, address string)) {
	databasetest.Each(t, func(t *testing.T, address string) { test(t, newWorld(t, address), address) })
}

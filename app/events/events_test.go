package events_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/events"
	"conversations/app/fault"
)

// house is a service on a fresh database with a clock that tests turn.
type house struct {
	*events.Service
	cfg   *config.Config
	db    *database.DB
	ctx   context.Context
	clock *clock
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

var february2017 = time.Date(2017, 2, 10, 9, 0, 0, 0, time.UTC)

func shipped(t testing.TB) *config.Config {
	t.Helper()
	cfg, err := config.Load("../../config.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func open(t testing.TB, address string) house {
	t.Helper()
	clock := &clock{at: february2017}
	db := databasetest.Open(t, address, clock.now)
	cfg := shipped(t)
	return house{Service: events.New(cfg, db), cfg: cfg, db: db, ctx: audit.AsSystem(context.Background()), clock: clock}
}

func newHouse(t testing.TB) house {
	t.Helper()
	return open(t, databasetest.SQLite(t))
}

// evening is the form of an event that is ready to be published.
func evening() events.Form {
	return events.Form{
		Title: "Conversation event", Locality: "st-albans-and-harpenden", Summary: "Come and talk about local health and care.",
		Description: "## What we will talk about\n\nCare *closer* to home.", LedBy: "A local GP",
		Schedule: events.Schedule{StartsDay: "28", StartsMonth: "2", StartsYear: "2017", StartsTime: "7pm", EndsTime: "9pm"},
		Venue:    events.Venue{VenueName: "The Hall", VenueAddress: "1 High Street\nSt Albans", VenuePostcode: "al11aa"},
		Capacity: "50", MaxParty: "4", WaitingList: true,
	}
}

func (h house) create(t testing.TB, f events.Form) events.Event {
	t.Helper()
	e, err := h.Create(h.ctx, f)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (h house) published(t testing.TB, f events.Form) events.Event {
	t.Helper()
	e, err := h.Publish(h.ctx, h.create(t, f).ID)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func dateless() events.Form {
	f := evening()
	f.Schedule = events.Schedule{}
	return f
}

// messages are the field messages of an error, by field name.
func messages(t testing.TB, err error) map[string]string {
	t.Helper()
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		t.Fatalf("%v is not a fault", err)
	}
	out := map[string]string{}
	for _, m := range f.Fields {
		out[m.Name] = m.Message
	}
	return out
}

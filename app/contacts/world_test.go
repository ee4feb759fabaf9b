package contacts

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/links"
	"conversations/app/mail"
)

// world is the contacts with all that they stand on, on a database of their own and a clock that the test drives.
type world struct {
	t        testing.TB
	ctx      context.Context // of the program itself: may do everything
	db       *database.DB
	outbox   *mail.Outbox
	contacts *Service
	clock    *clock
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *clock) set(t time.Time) { c.mu.Lock(); defer c.mu.Unlock(); c.now = t }

// start is when every test begins: a Monday in winter.
var start = time.Date(2017, 2, 20, 9, 0, 0, 0, time.UTC)

func newWorld(t testing.TB, address string) *world {
	t.Helper()
	w := &world{t: t, ctx: audit.AsSystem(context.Background()), clock: &clock{now: start}}
	w.db = databasetest.Open(t, address, w.clock.Now)
	cfg, err := config.Load("../../config.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := links.New(w.ctx, w.db, cfg.BaseURL, "")
	if err != nil {
		t.Fatal(err)
	}
	w.outbox = mail.New(w.db, cfg, "test", slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})))
	w.outbox.Links = signer
	w.contacts = New(cfg, w.db, w.outbox, signer)
	if err := w.contacts.Sync(w.ctx); err != nil {
		t.Fatal(err)
	}
	return w
}

// person makes a contact with an address of its own.
func (w *world) person(n int) (id int64) {
	w.t.Helper()
	w.write(func(tx *database.Tx) (err error) {
		id, _, err = w.contacts.FindOrCreateTx(w.ctx, tx, fmt.Sprintf("Person%d@residents.example", n), fmt.Sprintf("Person %d", n))
		return err
	})
	return id
}

// write runs f in a transaction that may not fail.
func (w *world) write(f func(tx *database.Tx) error) {
	w.t.Helper()
	if err := w.db.Write(w.ctx, f); err != nil {
		w.t.Fatal(err)
	}
}

// number reads one number.
func (w *world) number(query string, args ...any) (n int) {
	w.t.Helper()
	if err := w.db.Read(w.ctx).Raw(query, args...).Scan(&n).Error; err != nil {
		w.t.Fatal(err)
	}
	return n
}

// stands is how a contact stands with updates by email: an Entry, or "" where the ledger does not tell.
func (w *world) stands(id int64) Entry {
	w.t.Helper()
	one, _, err := standing(w.db.Read(w.ctx), id, Updates, Email)
	if err != nil {
		w.t.Fatal(err)
	}
	return one.Entry
}

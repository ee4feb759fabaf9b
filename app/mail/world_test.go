package mail_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/links"
	"conversations/app/mail"
)

// noon is when every test begins.
var noon = time.Date(2017, 2, 6, 12, 0, 0, 0, time.UTC)

// world is an outbox on a fresh database, a mail server that does as it is told, and a clock that is driven.
type world struct {
	t      *testing.T
	db     *database.DB
	server *server
	outbox *mail.Outbox
	cfg    *config.Config
	clock  *clock
}

type clock struct {
	mu   sync.Mutex
	now  time.Time
	live bool // it goes by itself
}

func (c *clock) Now() time.Time {
	if c.live {
		return time.Now()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newWorld(t *testing.T) *world { return newWorldOn(t, databasetest.SQLite(t)) }

// onEach runs a test on both databases.
func onEach(t *testing.T, test func(t *testing.T, w *world)) {
	databasetest.Each(t, func(t *testing.T, address string) { test(t, newWorldOn(t, address)) })
}

func newWorldOn(t *testing.T, address string) *world {
	return newWorldAt(t, address, &clock{now: noon})
}

func newWorldAt(t *testing.T, address string, c *clock) *world {
	w := &world{t: t, clock: c, server: newServer(t)}
	w.db = databasetest.Open(t, address, w.clock.Now)
	w.cfg = settings()
	w.cfg.Mail.Host, w.cfg.Mail.Port = w.server.hostPort()
	w.outbox = w.another("first")
	return w
}

// another is one more instance on the same database.
func (w *world) another(owner string) *mail.Outbox { return w.anotherOn(w.db, owner) }

// anotherOn is one more instance with its own way into the database, as a process of its own has it.
func (w *world) anotherOn(db *database.DB, owner string) *mail.Outbox {
	w.t.Helper()
	o := mail.New(db, w.cfg, owner, slog.New(slog.DiscardHandler))
	signer, err := links.New(w.t.Context(), db, "https://conversations.example", strings.Repeat("k", 32))
	if err != nil {
		w.t.Fatal(err)
	}
	o.Links = signer
	w.t.Cleanup(o.CloseIdle)
	return o
}

func settings() *config.Config {
	return &config.Config{
		Programme: config.Programme{
			Name: "Your Care, Your Future", Organisation: "Herts Valleys Clinical Commissioning Group",
			Telephone: "01442 898867", Hours: "Monday to Friday, 9am to 5pm", Timezone: "Europe/London",
			Post: "The Forum, Marlowes, Hemel Hempstead, HP1 1DN",
		},
		Mail: config.Mail{
			TLS: "none", From: "events@yourcare.example", FromName: "Your Care, Your Future", ReplyTo: "enquiries@yourcare.example",
			Connections: 3, Timeout: 10 * time.Second, Lease: 2 * time.Minute, GiveUpAfter: 72 * time.Hour,
			Updates: config.MailUpdates{Connections: 3, RetryAfter: time.Minute, GiveUpAfter: 24 * time.Hour},
		},
		Retention: config.Retention{MailBodies: 30 * 24 * time.Hour},
	}
}

// message is a mail to somebody at example.org.
func message(name string) mail.Message {
	return mail.Message{
		Key: "booking:" + name + ":confirmed", Kind: "booking.confirmed", About: "bookings", AboutID: 7,
		To: name + "@example.org", ToName: "Ada Fictional", Subject: "Your place is booked",
		Blocks: []mail.Block{mail.Heading("Your place is booked"), mail.Paragraph("We look forward to seeing you.")},
	}
}

func (w *world) queue(names ...string) {
	w.t.Helper()
	for _, name := range names {
		w.enqueue(message(name))
	}
}

func (w *world) enqueue(m mail.Message) {
	w.t.Helper()
	w.write(func(tx *database.Tx) error { return w.outbox.Enqueue(tx, m) })
}

func (w *world) write(fn func(tx *database.Tx) error) {
	w.t.Helper()
	if err := w.db.Write(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// pass sends all that is due and wants so many to be taken.
func (w *world) pass(want int) {
	w.t.Helper()
	sent, err := w.outbox.SendDue(w.t.Context())
	if err != nil || sent != want {
		w.t.Fatalf("a pass sent %d mails with error %v, want %d", sent, err, want)
	}
}

// blockedPass wants the pass to end in trouble with the server.
func (w *world) blockedPass() {
	w.t.Helper()
	if _, err := w.outbox.SendDue(w.t.Context()); !errors.Is(err, mail.ErrServer) {
		w.t.Fatalf("a pass ended with %v, want %v", err, mail.ErrServer)
	}
}

// row is the one mail to name.
func (w *world) row(name string) mail.Mail {
	w.t.Helper()
	var m mail.Mail
	if err := database.First(w.db.Read(w.t.Context()).Raw(`SELECT * FROM mails WHERE to_address = ? ORDER BY id DESC LIMIT 1`,
		name+"@example.org"), &m); err != nil {
		w.t.Fatal(err)
	}
	return m
}

func (w *world) summary() mail.Summary {
	w.t.Helper()
	s, err := w.outbox.Summary(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// until waits for a condition, at most ten seconds.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	for !holds() {
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain until %s", what)
		case <-look.C:
		}
	}
}

func names(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("resident-%03d-%s", i, strings.ToLower(rand.Text()[:4]))
	}
	return out
}

package reports_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/links"
	"conversations/app/mail"
	"conversations/app/mail/reports"
)

// world is an outbox from which letters left, and a reader of what comes back.
type world struct {
	t      *testing.T
	db     *database.DB
	cfg    *config.Config
	links  *links.Signer
	outbox *mail.Outbox
	reader *reports.Reader
}

func onEach(t *testing.T, test func(t *testing.T, w *world)) {
	databasetest.Each(t, func(t *testing.T, address string) { test(t, newWorldOn(t, address)) })
}

func newWorld(t *testing.T) *world { return newWorldOn(t, databasetest.SQLite(t)) }

func newWorldOn(t *testing.T, address string) *world {
	t.Helper()
	w := &world{t: t, db: databasetest.Open(t, address, nil), cfg: &config.Config{Mail: config.Mail{
		TLS: "none", From: "news@news.example", FromName: "Example News", Connections: 2, Timeout: 5 * time.Second, Lease: 30 * time.Second,
		Bounces: config.Bounces{Address: "bounces@news.example", Soft: 3, TLS: "none", Folder: "INBOX", Every: time.Minute},
		Updates: config.MailUpdates{Connections: 2, RetryAfter: time.Minute, GiveUpAfter: 24 * time.Hour},
	}}}
	var err error
	if w.links, err = links.New(t.Context(), w.db, "https://conversations.example", strings.Repeat("k", 32)); err != nil {
		t.Fatal(err)
	}
	w.outbox = mail.New(w.db, w.cfg, "first", slog.New(slog.DiscardHandler))
	w.outbox.Links = w.links
	w.reader = reports.New(w.db, w.cfg, w.outbox, slog.New(slog.DiscardHandler))
	return w
}

// sent makes letters that left, one after the other, to one contact each time, and gives the last one's delivery.
func (w *world) sent(name string, letters int) (d mail.Delivery) {
	w.t.Helper()
	for range letters {
		w.write(func(tx *database.Tx) error {
			var before int64
			if err := tx.Row(`SELECT count(*) FROM mailings`).Scan(&before); err != nil {
				return err
			}
			id, err := w.outbox.CreateMailing(w.t.Context(), tx, mail.NewMailing{
				Key: fmt.Sprint("update:", before+1), Kind: "update", Subject: "What we heard", ListID: "updates", Purpose: "updates", Blocks: []mail.Block{mail.Paragraph("Hello.")},
			})
			if err != nil {
				return err
			}
			contact := int64(len(name)) // one for each name in these tests
			if _, err := w.outbox.AddRecipients(w.t.Context(), tx, id, []mail.Recipient{{ContactID: contact, Address: name + "@dead.example"}}); err != nil {
				return err
			}
			return tx.Exec(`UPDATE deliveries SET state = 'sent' WHERE mailing_id = ?`, id).Error
		})
	}
	list, _, err := w.outbox.Deliveries(w.t.Context(), mail.DeliveryFilter{ContactID: int64(len(name))})
	if err != nil || len(list) == 0 {
		w.t.Fatalf("there is no letter to %s (%v)", name, err)
	}
	return list[0]
}

func (w *world) write(fn func(tx *database.Tx) error) {
	w.t.Helper()
	if err := w.db.Write(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// about makes a shape of testdata one about this letter.
func (w *world) about(d mail.Delivery, name string) string {
	w.t.Helper()
	return strings.NewReplacer("TOKEN", w.links.Code("delivery.envelope", d.ID), "MESSAGE", w.links.Code("delivery.message", d.ID)).Replace(shape(w.t, name))
}

func (w *world) take(text string, want reports.Result) {
	w.t.Helper()
	got, err := w.reader.Take(w.t.Context(), strings.NewReader(text))
	if err != nil || got != want {
		w.t.Errorf("of the mail\n%.200s\ncame %q (%v), want %q", text, got, err, want)
	}
}

func (w *world) wantSuppressed(address string, want mail.SuppressionReason) {
	w.t.Helper()
	got, err := w.outbox.Suppressed(w.t.Context(), address)
	if err != nil || got[address] != want {
		w.t.Errorf("%s is suppressed as %q (%v), want %q", address, got[address], err, want)
	}
}

// audited gives the entries of the log, the oldest first: "system delivery.bounce deliveries 1".
func (w *world) audited() string {
	w.t.Helper()
	var lines []string
	err := w.db.Read(w.t.Context()).Raw(`SELECT actor_kind || ' ' || action || ' ' || entity || ' ' || entity_id FROM audit_entries ORDER BY id`).Scan(&lines).Error
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

package reports_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"conversations/app/database"
	"conversations/app/mail"
	"conversations/app/mail/postfixtest"
)

// One mail server for all of these: letters leave through a real Postfix, and what comes back is read from a real Dovecot.
func TestWhatComesBackIsReadFromARealMailbox(t *testing.T) {
	postfix := postfixtest.StartWith(t, postfixtest.Options{
		Mailboxes: []string{"bounces@news.example", "alive@dead.example"}, TakesAll: true, Full: []string{"full@dead.example"},
	})
	dovecot := postfix.Dovecot(t)
	mailbox := func(t *testing.T, user string) *world {
		w := newWorld(t)
		w.cfg.Mail.Host, w.cfg.Mail.Port = postfix.Host, postfix.Port
		b := &w.cfg.Mail.Bounces
		b.Host, b.Port, b.Username, b.Password, b.TLS, b.Handled = dovecot.Host, dovecot.TLSPort, user, dovecot.Password, "implicit", "Handled"
		w.reader.Trust(dovecot.Roots)
		return w
	}

	t.Run("a dead mailbox is given up at once and a full one after so many letters", func(t *testing.T) {
		w := mailbox(t, "bounces@news.example")
		var told []string
		w.outbox.OnBounced(func(_ context.Context, _ *database.Tx, d mail.Delivery) error {
			told = append(told, fmt.Sprint(d.ContactID, " ", d.Address))
			return nil
		})
		w.mailTo("alive", "gone", "full")
		w.awaitReports(postfix, 2)
		w.collect()

		w.wantSuppressed("gone@dead.example", mail.SuppressedBounced)
		w.wantSuppressed("full@dead.example", "")
		w.wantSuppressed("alive@dead.example", "")
		if d := w.letterTo("gone"); d.Bounce != mail.HardBounce || !strings.Contains(d.BounceWords, "unknown user") {
			t.Errorf("the letter to the dead mailbox came back as %q: %q", d.Bounce, d.BounceWords)
		}
		if d := w.letterTo("full"); d.Bounce != mail.SoftBounce || !strings.Contains(d.BounceWords, "the mailbox is full") {
			t.Errorf("the letter to the full mailbox came back as %q: %q", d.Bounce, d.BounceWords)
		}

		for letter := 2; letter <= w.cfg.Mail.Bounces.Soft; letter++ {
			w.wantSuppressed("full@dead.example", "")
			w.mailTo("full")
			w.awaitReports(postfix, 1)
			w.collect()
		}
		w.wantSuppressed("full@dead.example", mail.SuppressedBounced)
		if got := strings.Join(told, ", "); got != fmt.Sprintf("%d gone@dead.example, %d full@dead.example", contacts["gone"], contacts["full"]) {
			t.Errorf("told of %s", got)
		}
		w.collect() // with nothing new
		if inbox, handled := postfix.Flags(t, "bounces@news.example", ""), postfix.Flags(t, "bounces@news.example", "Handled"); len(inbox) != 0 || strings.Join(handled, " ") != "S S S S" {
			t.Errorf("in the inbox %q, among those handled %q", inbox, handled)
		}
	})

	t.Run("a mail that cannot be understood stays for people and is counted", func(t *testing.T) {
		w := mailbox(t, "odd@news.example")
		postfix.Put(t, "odd@news.example", "From: robin@dead.example\nSubject: Where do I park?\n\nPlease tell me.\n")
		postfix.Put(t, "odd@news.example", shape(t, "postfix-gone")) // of no letter of ours
		postfix.Put(t, "odd@news.example", shape(t, "out-of-office"))
		w.wantLeft(0)
		w.collect()
		w.wantLeft(2)
		w.collect()
		w.wantLeft(2)
		if inbox, handled := postfix.Flags(t, "odd@news.example", ""), postfix.Flags(t, "odd@news.example", "Handled"); strings.Join(inbox, " ") != "FS FS" || strings.Join(handled, " ") != "S" {
			t.Errorf("in the inbox %q, among those handled %q", inbox, handled)
		}
	})

	t.Run("a large report is understood by its beginning", func(t *testing.T) {
		w := mailbox(t, "large@news.example")
		d := w.sent("robin", 1)
		postfix.Put(t, "large@news.example", w.about(d, "postfix-gone")+strings.Repeat("and so on\n", 300_000))
		w.collect()
		w.wantSuppressed(d.Address, mail.SuppressedBounced)
	})

	t.Run("what was noted before a crash is put aside and counts once", func(t *testing.T) {
		w := mailbox(t, "crash@news.example")
		d := w.sent("robin", 1)
		w.take(w.about(d, "postfix-gone"), "noted")
		postfix.Put(t, "crash@news.example", w.about(d, "postfix-gone"))
		w.collect()
		if handled := postfix.Flags(t, "crash@news.example", "Handled"); len(handled) != 1 || strings.Count(w.audited(), "delivery.bounce") != 1 {
			t.Errorf("%d are handled, the log says\n%s", len(handled), w.audited())
		}
	})

	t.Run("where mails cannot be moved they stay, marked as read", func(t *testing.T) {
		w := mailbox(t, "stay@news.example")
		immobile := postfix.Dovecot(t, "imap_capability = IMAP4rev1")
		w.cfg.Mail.Bounces.Port = immobile.TLSPort // with a certificate of its own
		if err := w.reader.Collect(t.Context()); err == nil || !strings.Contains(err.Error(), "certificate") {
			t.Errorf("a certificate that nobody vouches for: %v", err)
		}
		w.cfg.Mail.Bounces.TLS, w.cfg.Mail.Bounces.Port = "none", immobile.Port
		postfix.Put(t, "stay@news.example", shape(t, "out-of-office"))
		w.collect()
		w.collect()
		if inbox, handled := postfix.Flags(t, "stay@news.example", ""), postfix.Flags(t, "stay@news.example", "Handled"); strings.Join(inbox, " ") != "S" || len(handled) != 0 {
			t.Errorf("in the inbox %q, among those handled %q", inbox, handled)
		}
	})

	t.Run("the connection turns to TLS where it must, and says what is wrong", func(t *testing.T) {
		w := mailbox(t, "starttls@news.example")
		w.cfg.Mail.Bounces.TLS, w.cfg.Mail.Bounces.Port = "mandatory", dovecot.Port
		postfix.Put(t, "starttls@news.example", shape(t, "out-of-office"))
		w.collect()
		if handled := postfix.Flags(t, "starttls@news.example", "Handled"); len(handled) != 1 {
			t.Errorf("%d are handled", len(handled))
		}
		w.cfg.Mail.Bounces.Password = "wrong"
		if err := w.reader.Collect(t.Context()); err == nil || !strings.Contains(err.Error(), "sign in to the IMAP server") {
			t.Errorf("with a wrong password: %v", err)
		}
		w.cfg.Mail.Bounces.Password, w.cfg.Mail.Bounces.Folder = dovecot.Password, "Nowhere"
		if err := w.reader.Collect(t.Context()); err == nil || !strings.Contains(err.Error(), "open the folder Nowhere") {
			t.Errorf("with a folder that is not there: %v", err)
		}
	})
}

// contacts are the ids of those who are written to.
var contacts = map[string]int64{"alive": 1, "gone": 2, "full": 3}

// mailTo sends a letter to contacts through the mail server.
func (w *world) mailTo(names ...string) {
	w.t.Helper()
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
		var to []mail.Recipient
		for _, name := range names {
			to = append(to, mail.Recipient{ContactID: contacts[name], Address: name + "@dead.example"})
		}
		if _, err := w.outbox.AddRecipients(w.t.Context(), tx, id, to); err != nil {
			return err
		}
		return w.outbox.ReleaseMailing(w.t.Context(), tx, id, tx.Now())
	})
	if sent, err := w.outbox.SendMailings(w.t.Context()); err != nil || sent != len(names) {
		w.t.Fatalf("%d of %d letters left (%v)", sent, len(names), err)
	}
}

func (w *world) letterTo(name string) mail.Delivery {
	w.t.Helper()
	list, _, err := w.outbox.Deliveries(w.t.Context(), mail.DeliveryFilter{ContactID: contacts[name]})
	if err != nil || len(list) == 0 {
		w.t.Fatalf("no letter to %s (%v)", name, err)
	}
	return list[0]
}

// awaitReports waits until so many new mails are in the mailbox, at most ten seconds.
func (w *world) awaitReports(postfix *postfixtest.Server, want int) {
	w.t.Helper()
	deadline := time.After(10 * time.Second)
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for len(postfix.Delivered(w.t, "bounces@news.example")) < want {
		select {
		case <-deadline:
			w.t.Fatalf("%d of %d reports came back\n%s", len(postfix.Delivered(w.t, "bounces@news.example")), want, postfix.Log())
		case <-look.C:
		}
	}
}

func (w *world) collect() {
	w.t.Helper()
	if err := w.reader.Collect(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) wantLeft(want int) {
	w.t.Helper()
	if got, err := w.reader.Left(w.t.Context()); err != nil || got != want {
		w.t.Errorf("%d are left for people (%v), want %d", got, err, want)
	}
}

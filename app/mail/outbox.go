package mail

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/links"
)

// subjectLimit bounds a subject, in letters; a title is shorter.
const subjectLimit = 200

// Outbox holds the mails and sends them. It is safe for use by many goroutines.
type Outbox struct {
	db    *database.DB
	cfg   *config.Config
	owner string // of leases: names this instance
	log   *slog.Logger

	// Links signs what mailings need: the address to unsubscribe, the envelope sender, the Message-ID. It must be set
	// before the first mailing; single mails do without.
	Links *links.Signer
	// PreferencesURL gives the address at which a contact chooses what comes. nil is the address to unsubscribe.
	PreferencesURL func(contactID int64) string
	// MayReceive gives SQL that is true while a contact may be written to for a purpose, over deliveries.contact_id. It
	// is asked again when a recipient's turn comes; nil is always.
	MayReceive func(purpose string) (condition string, args []any)

	failed     []func(ctx context.Context, tx *database.Tx, m Mail) error
	bounced    []func(ctx context.Context, tx *database.Tx, d Delivery) error
	complained []func(ctx context.Context, tx *database.Tx, d Delivery) error

	room    mailroom
	wake    chan struct{}
	slots   chan struct{} // one for each connection in use
	idle    idle
	tick    time.Duration // how often the sender looks for mails that another instance queued or that are due again
	trouble trouble
	roots   *x509.CertPool // who is believed about certificates; nil means the machine's own list
}

// New returns an outbox; owner names this instance and must differ from every other's.
func New(db *database.DB, cfg *config.Config, owner string, log *slog.Logger) *Outbox {
	return &Outbox{
		db: db, cfg: cfg, owner: owner, log: log,
		room:  newMailroom(cfg.Mail.Updates),
		wake:  make(chan struct{}, 1),
		tick:  time.Second,
		slots: make(chan struct{}, max(cfg.Mail.Connections, 1)),
	}
}

// OnFailed registers what is told, in the same transaction, of each mail that failed for good. An error undoes
// the marking, and the mail is tried again after its lease. It must come before Run.
func (o *Outbox) OnFailed(f func(ctx context.Context, tx *database.Tx, m Mail) error) {
	o.failed = append(o.failed, f)
}

// Enqueue puts a mail into the outbox, due at once. With a key that is there already it does nothing. The sender
// wakes after the commit.
func (o *Outbox) Enqueue(tx *database.Tx, m Message) error {
	if m.Key == "" || !sendable(m.To) {
		return fmt.Errorf("mail %q of kind %s has no key or no address that can be written to", m.Key, m.Kind)
	}
	text, err := m.content()
	if err != nil {
		return err
	}
	now := tx.Now()
	err = tx.Exec(`INSERT INTO mails (unique_key, kind, about, about_id, to_address, to_name, subject, content,
			message_id, state, next_try_at, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?) ON CONFLICT (unique_key) DO NOTHING`,
		m.Key, m.Kind, m.About, m.AboutID, m.To, oneLine(m.ToName), shorten(oneLine(m.Subject)), text,
		o.newMessageID(), now, now).Error
	if err != nil {
		return fmt.Errorf("queue mail %s: %w", m.Key, err)
	}
	tx.AfterCommit(o.Wake)
	return nil
}

// Wake has the sender look for mails now rather than at its next tick.
func (o *Outbox) Wake() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// newMessageID makes an id that nobody can guess, in the domain that mails come from.
func (o *Outbox) newMessageID() string {
	_, domain, _ := strings.Cut(o.cfg.Mail.From, "@")
	return "<" + strings.ToLower(rand.Text()) + "@" + domain + ">"
}

// sendable refuses what would break the envelope. Whether anybody is behind an address, the mail server knows.
func sendable(address string) bool {
	at := strings.LastIndexByte(address, '@')
	return at > 0 && at < len(address)-1 && len(address) <= 254 && !strings.ContainsFunc(address, func(r rune) bool {
		return r <= ' ' || r == '<' || r == '>' || r == 0x7f || r == utf8.RuneError
	})
}

// oneLine keeps a typed line break out of the head of a mail.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func shorten(s string) string {
	if utf8.RuneCountInString(s) <= subjectLimit {
		return s
	}
	return string([]rune(s)[:subjectLimit-1]) + "…"
}

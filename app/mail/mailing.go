package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/fault"
)

// MailingState is where a letter to many stands.
type MailingState string

// The states of a mailing.
const (
	Filling  MailingState = "filling" // recipients are added; nothing leaves
	Sending  MailingState = "sending" // from ReleaseAt on
	Paused   MailingState = "paused"  // by staff
	Stopped  MailingState = "stopped" // by staff, for good
	Finished MailingState = "finished"
)

// NewMailing is one letter to many, before it is in the queue.
type NewMailing struct {
	Key     string // unique: "update:12"; the same mailing is never made twice
	Kind    string // "update", "correction", "survey.invitation"
	About   string // the table of what it is about
	AboutID int64
	Subject string  // without fields
	Blocks  []Block // with fields: NameField and the others
	ListID  string  // label of the list in List-Id: "updates"
	Purpose string  // "updates": what the recipient can unsubscribe from
	// Because says in a sentence above the links at the foot why the reader gets it. "" leaves it out.
	Because string
	// Nameless stands in the place of a name that is not known: "Dear " + Nameless. "" is "reader".
	Nameless string
}

// Mailing is a row of the table of letters to many.
type Mailing struct {
	ID         int64
	UniqueKey  string
	Kind       string
	About      string
	AboutID    int64
	Subject    string
	Content    string // JSON
	ListID     string
	Purpose    string
	State      MailingState
	Recipients int // how many were added
	ReleaseAt  *time.Time
	BegunAt    *time.Time // when the first recipient had their turn
	EndedAt    *time.Time
	Trouble    string // in words why nothing leaves just now, "" while all is well
	TroubleAt  *time.Time
	CreatedAt  time.Time
}

// TableName is the table that mailings live in.
func (Mailing) TableName() string { return "mailings" }

// mailingContent is the part of a mailing that is kept as JSON.
type mailingContent struct {
	Blocks   []Block `json:"blocks"`
	Because  string  `json:"because,omitempty"`
	Nameless string  `json:"nameless,omitempty"`
}

// HTML renders the letter with its foot as the page that mail readers show, fields unfilled. For a preview fill the
// blocks first (Filled) and name the links.
func (m NewMailing) HTML(cfg *config.Config, links Values) (string, error) {
	l := letterView(cfg, m.Subject, m.Blocks)
	l.Because, l.Unsubscribe, l.Preferences = m.Because, links.Unsubscribe, links.Preferences
	return page(l)
}

// Text renders the same for readers who want no HTML.
func (m NewMailing) Text(cfg *config.Config, links Values) string {
	foot := "Stop these emails:\n" + links.Unsubscribe
	if links.Preferences != "" {
		foot += "\n\nChoose what we send you:\n" + links.Preferences
	}
	if m.Because != "" {
		foot = wrap(m.Because, "", "") + "\n\n" + foot
	}
	line := strings.Repeat("-", textWidth)
	return strings.Join(append(textBlocks(m.Blocks), line+"\n"+foot, textFoot(cfg)), "\n\n") + "\n"
}

// CreateMailing makes a letter to many in the state "filling": nothing leaves. With a key that is there already it
// gives the id of that mailing and changes nothing.
func (o *Outbox) CreateMailing(_ context.Context, tx *database.Tx, m NewMailing) (id int64, err error) {
	if err := m.check(); err != nil {
		return 0, err
	}
	text, err := json.Marshal(mailingContent{Blocks: m.Blocks, Because: m.Because, Nameless: m.Nameless})
	if err != nil {
		return 0, fmt.Errorf("write the content of mailing %s: %w", m.Key, err)
	}
	err = tx.Exec(`INSERT INTO mailings (unique_key, kind, about, about_id, subject, content, list_id, purpose, state, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'filling', ?) ON CONFLICT (unique_key) DO NOTHING`,
		m.Key, m.Kind, m.About, m.AboutID, shorten(oneLine(m.Subject)), string(text), m.ListID, m.Purpose, tx.Now()).Error
	if err == nil {
		err = tx.Row(`SELECT id FROM mailings WHERE unique_key = ?`, m.Key).Scan(&id)
	}
	if err != nil {
		return 0, fmt.Errorf("make mailing %s: %w", m.Key, err)
	}
	return id, nil
}

func (m NewMailing) check() error {
	switch {
	case m.Key == "" || m.Purpose == "" || m.ListID == "":
		return fmt.Errorf("mailing %q has no key, no purpose or no list", m.Key)
	case strings.ContainsFunc(m.ListID, func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789-", r) }):
		return fmt.Errorf("the list of mailing %q is no label: %q", m.Key, m.ListID)
	case HasFields(m.Subject):
		return errors.New("the subject of a mailing is the same for all recipients")
	}
	return nil
}

// Recipient is somebody whom a mailing goes to.
type Recipient struct {
	ContactID int64
	Address   string
	Name      string // "" where it is not known
	Personal  string // for PersonalField: a link to answer a survey; "" without one
}

// AddRecipients adds recipients to a mailing that is filling, each contact once whatever is asked, and returns how
// many are new. Some hundreds at a time, please: each is a row, and others wait to write. An address that nobody can
// write to is kept as failed. Whether somebody may be written to is looked at again when their turn comes.
func (o *Outbox) AddRecipients(_ context.Context, tx *database.Tx, mailingID int64, recipients []Recipient) (added int, err error) {
	m, err := lockMailing(tx, mailingID)
	if err != nil {
		return 0, err
	}
	if m.State != Filling {
		return 0, fault.New(fault.Conflict, "This letter is on its way already. Nobody can be added to it")
	}
	lanes := lanesOf(o.cfg.Mail.Updates)
	for _, r := range recipients {
		done := o.addRecipient(tx, m, r, lanes)
		if done.Error != nil {
			return 0, fmt.Errorf("add contact %d to mailing %d: %w", r.ContactID, mailingID, done.Error)
		}
		added += int(done.RowsAffected)
	}
	err = tx.Exec(`UPDATE mailings SET recipients = recipients + ? WHERE id = ?`, added, mailingID).Error
	return added, err
}

func (o *Outbox) addRecipient(tx *database.Tx, m Mailing, r Recipient, lanes map[string]string) database.Result {
	const add = `INSERT INTO deliveries (mailing_id, contact_id, address, name, personal, address_hash, lane, state, due_at, done_at, words)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (mailing_id, contact_id) DO NOTHING`
	address := strings.TrimSpace(r.Address)
	state, words, done := DeliveryQueued, "", any(nil)
	if !sendable(address) {
		state, words, done = DeliveryFailed, "This is not an address that can be written to.", tx.Now()
	}
	return tx.Exec(add, m.ID, r.ContactID, address, oneLine(r.Name), r.Personal, o.SuppressionHash(address), lanes[domainOf(address)],
		string(state), m.CreatedAt, done, words)
}

// lanesOf names the lane of each domain that has a limit of its own.
func lanesOf(u config.MailUpdates) map[string]string {
	lanes := map[string]string{}
	for _, l := range u.PerDomain {
		for _, domain := range l.Domains {
			lanes[strings.ToLower(domain)] = strings.ToLower(l.Domains[0])
		}
	}
	return lanes
}

func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}

// ReleaseMailing has a mailing that is filling leave from an instant on: now, or the end of a hold.
func (o *Outbox) ReleaseMailing(_ context.Context, tx *database.Tx, id int64, at time.Time) error {
	return o.turn(tx, id, []MailingState{Filling}, `state = 'sending', release_at = ?`, at.UTC())
}

// PauseMailing keeps back whoever was not written to yet. No new mail is begun later than a second after the commit.
func (o *Outbox) PauseMailing(_ context.Context, tx *database.Tx, id int64) error {
	return o.turn(tx, id, []MailingState{Sending}, `state = 'paused'`)
}

// ResumeMailing lets a mailing go on that was paused.
func (o *Outbox) ResumeMailing(_ context.Context, tx *database.Tx, id int64) error {
	return o.turn(tx, id, []MailingState{Paused}, `state = 'sending'`)
}

// StopMailing ends a mailing for good, at any time: nobody else is written to. No new mail is begun later than a
// second after the commit; those who wait become "stopped" soon after.
func (o *Outbox) StopMailing(_ context.Context, tx *database.Tx, id int64) error {
	return o.turn(tx, id, []MailingState{Filling, Sending, Paused}, `state = 'stopped', trouble = ''`)
}

// turn changes a mailing that is in one of the states, or returns a Conflict fault.
func (o *Outbox) turn(tx *database.Tx, id int64, from []MailingState, sets string, args ...any) error {
	m, err := lockMailing(tx, id)
	if err != nil {
		return err
	}
	if !slices.Contains(from, m.State) {
		return fault.New(fault.Conflict, "This cannot be done now: the letter is "+string(m.State))
	}
	tx.AfterCommit(o.room.wakeUp)
	if err := tx.Exec(`UPDATE mailings SET `+sets+` WHERE id = ?`, append(args, id)...).Error; err != nil {
		return fmt.Errorf("change mailing %d: %w", id, err)
	}
	return nil
}

func lockMailing(tx *database.Tx, id int64) (m Mailing, err error) {
	err = database.First(tx.Raw(`SELECT * FROM mailings WHERE id = ?`+tx.ForUpdate(), id), &m)
	if database.IsNotFound(err) {
		return m, fault.Wrap(fault.NotFound, "There is no such letter", err)
	}
	return m, err
}

// content reads what is kept as JSON.
func (m Mailing) content() (c mailingContent, err error) {
	if err := json.Unmarshal([]byte(m.Content), &c); err != nil {
		return c, fmt.Errorf("read the content of mailing %d: %w", m.ID, err)
	}
	return c, nil
}

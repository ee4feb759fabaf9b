package newsletters_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"conversations"
	"conversations/app/audiences"
	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/events"
	"conversations/app/links"
	"conversations/app/mail"
	"conversations/app/newsletters"
)

// office is a desk whose letters leave: with contacts, audiences and an outbox behind it.
type office struct {
	desk
	t         testing.TB
	outbox    *mail.Outbox
	contacts  *contacts.Service
	audiences *audiences.Service
	clock     *clock
	second    context.Context // a colleague of the first officer
}

// clock stands until it is set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *clock) forward(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.now = c.now.Add(d) }

var everybody = audiences.Rule{Any: []audiences.Condition{{Kind: audiences.Everyone}}}

func openOffice(t testing.TB, address string, settings ...string) *office {
	t.Helper()
	c := &clock{now: time.Date(2017, 2, 20, 14, 3, 0, 0, time.UTC)}
	db := databasetest.Open(t, address, c.Now)
	o, err := assemble(db, settings...)
	must(t, err)
	o.t, o.clock = t, c
	must(t, o.contacts.Sync(o.system()))
	o.first, o.second = o.officer("one", "comms"), o.officer("two", "comms")
	return o
}

// assemble puts the services together; without a test, for a process of its own.
func assemble(db *database.DB, settings ...string) (*office, error) {
	cfg, err := config.Parse(conversations.Config, append([]string{"CONVERSATIONS_BASE_URL=https://conversations.example"}, settings...))
	if err != nil {
		return nil, err
	}
	signer, err := links.New(context.Background(), db, cfg.BaseURL, cfg.Database.Key)
	if err != nil {
		return nil, err
	}
	outbox := mail.New(db, cfg, "test", slog.New(slog.NewTextHandler(io.Discard, nil)))
	outbox.Links = signer
	o := &office{outbox: outbox, contacts: contacts.New(cfg, db, outbox, signer), audiences: audiences.New(cfg, db)}
	o.desk = desk{cfg: cfg, db: db, events: events.New(cfg, db)}
	o.Service = newsletters.New(newsletters.Parts{Config: cfg, DB: db, Events: o.events, Contacts: o.contacts, Audiences: o.audiences, Outbox: outbox, Links: signer})
	o.audiences.Add(o.GotSource())
	return o, nil
}

// officer adds somebody who works here, and gives a context in which they act.
func (o *office) officer(name, role string) context.Context {
	o.t.Helper()
	who := audit.Actor{Kind: audit.Staff, Name: "Officer " + name, Email: name + "@office.example", Role: role}
	o.write(func(tx *database.Tx) (err error) {
		who.ID, err = tx.Insert(`INSERT INTO staff (email, name, role, password_hash, active, created_at, updated_at) VALUES (?, ?, ?, '', TRUE, ?, ?) RETURNING id`,
			who.Email, who.Name, role, tx.Now(), tx.Now())
		return err
	})
	return audit.WithActor(context.Background(), who)
}

// reader adds a contact who gets updates by email.
func (o *office) reader(i int) (id int64) {
	o.t.Helper()
	o.write(func(tx *database.Tx) (err error) {
		if id, _, err = o.contacts.FindOrCreateTx(o.system(), tx, fmt.Sprintf("reader%d@readers.example", i), fmt.Sprintf("Reader Example %d", i)); err != nil {
			return err
		}
		_, err = o.contacts.GiveTx(o.system(), tx, id, contacts.Said{Purpose: contacts.Updates, Channel: contacts.Email, Source: contacts.FromSubscribe})
		return err
	})
	return id
}

// readerByPost adds a contact who has no email.
func (o *office) readerByPost(i int, largePrint bool) (id int64) {
	o.t.Helper()
	name := fmt.Sprintf("Paper Example %d", i)
	o.write(func(tx *database.Tx) (err error) {
		id, err = tx.Insert(`INSERT INTO contacts (name, sort_key, search_key, post_address, postcode, channel, large_print, created_at, updated_at)
			VALUES (?, ?, ?, ?, 'HP1 1AA', 'post', ?, ?, ?) RETURNING id`, name, contacts.NameKey(name), contacts.NameKey(name), strconv.Itoa(i)+" Example Street\nHemel Hempstead", largePrint, tx.Now(), tx.Now())
		if err != nil {
			return err
		}
		_, err = o.contacts.GiveTx(o.system(), tx, id, contacts.Said{Purpose: contacts.Updates, Channel: contacts.Post, Source: contacts.FromLetter})
		return err
	})
	return id
}

func (o *office) withdraw(contact int64) {
	o.t.Helper()
	o.write(func(tx *database.Tx) error {
		return o.contacts.WithdrawTx(o.system(), tx, contact, contacts.Said{Purpose: contacts.Updates, Source: contacts.FromUnsubscribe})
	})
}

func (o *office) write(f func(tx *database.Tx) error) {
	o.t.Helper()
	must(o.t, o.db.Write(o.system(), f))
}

// update begins a letter that could leave, for everybody.
func (o *office) update(title string) newsletters.Update {
	o.t.Helper()
	return o.letterFor(title, everybody)
}

func (o *office) letterFor(title string, rule audiences.Rule) newsletters.Update {
	o.t.Helper()
	u := o.letter(o.t, title, "What is new", "We opened a new place for talks about care.")
	_, err := o.SaveAudience(o.first, u.ID, u.Version, rule, contacts.Updates)
	must(o.t, err)
	return o.reread(u)
}

func (o *office) reread(u newsletters.Update) newsletters.Update {
	o.t.Helper()
	u, _ = o.now(o.t, u.ID)
	return u
}

// approved takes an update through approval.
func (o *office) approved(u newsletters.Update) newsletters.Update {
	o.t.Helper()
	u, err := o.AskApproval(o.first, u.ID, u.Version)
	must(o.t, err)
	u, err = o.Approve(o.second, u.ID, u.Version)
	must(o.t, err)
	return u
}

// sent presses send and lets the hold pass, without the job.
func (o *office) sent(u newsletters.Update) newsletters.Update {
	o.t.Helper()
	u, err := o.Send(o.second, u.ID, u.Version)
	must(o.t, err)
	o.clock.forward(o.cfg.Updates.Hold)
	return u
}

func (o *office) work() {
	o.t.Helper()
	must(o.t, o.SendDue(o.system()))
}

// deliveries are the ids of the contacts that a mailing goes to, with the state of each.
func (o *office) deliveries(mailing int64) map[int64]string {
	o.t.Helper()
	list, total, err := o.outbox.Deliveries(o.system(), mail.DeliveryFilter{MailingID: mailing, Limit: 10_000})
	must(o.t, err)
	out := map[int64]string{}
	for _, d := range list {
		out[d.ContactID] = string(d.State)
	}
	if len(out) != total {
		o.t.Fatalf("%d deliveries to %d contacts", total, len(out))
	}
	return out
}

// leave sends an update and lets all its mails leave: to nobody, for the outbox has no server; the fate of each is as given.
func (o *office) leave(u newsletters.Update, fates map[int64]string) newsletters.Update {
	o.t.Helper()
	u = o.sent(u)
	o.work()
	u = o.reread(u)
	o.write(func(tx *database.Tx) error {
		for contact, state := range fates {
			err := tx.Exec(`UPDATE deliveries SET state = ?, done_at = ?, words = ? WHERE mailing_id = ? AND contact_id = ?`, state, tx.Now(), "words about "+state, u.MailingID, contact).Error
			if err != nil {
				return err
			}
		}
		return nil
	})
	_, err := o.outbox.SendMailings(o.system())
	must(o.t, err)
	o.work()
	return o.reread(u)
}

// mailsTo are the subjects of single mails to an address, in order.
func (o *office) mailsTo(ctx context.Context) (subjects []string) {
	o.t.Helper()
	must(o.t, o.db.Read(ctx).Raw(`SELECT subject FROM mails WHERE to_address = ? ORDER BY id`, audit.ActorFrom(ctx).Email).Scan(&subjects).Error)
	return subjects
}

// recorded are the actions in the audit log about updates, in order.
func (o *office) recorded() string {
	o.t.Helper()
	var actions []string
	must(o.t, o.db.Read(o.system()).Raw(`SELECT action FROM audit_entries WHERE entity = 'updates' ORDER BY id`).Scan(&actions).Error)
	return strings.Join(actions, " ")
}

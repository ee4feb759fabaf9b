package audiences

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"conversations"
	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/database/databasetest"
)

// world is a database with contacts in it, and what is true of them in plain Go beside it.
type world struct {
	t        testing.TB
	ctx      context.Context
	db       *database.DB
	service  *Service
	random   *rand.Rand
	contacts []*person
	entries  []entry
}

// person is a contact as the reference knows it.
type person struct {
	id                 int64
	channel            string
	email, key         string
	post               string
	suppressed         string
	groups, localities []string
	mergedInto         int64
}

// entry is a line of the ledger.
type entry struct {
	id, contact, annuls            int64
	purpose, channel, entry, basis string
	at, recorded                   time.Time
}

var start = time.Date(2017, 2, 20, 9, 0, 0, 0, time.UTC)

var (
	groupSlugs    = []string{"councillors", "gp-practices", "media", "residents"}
	localitySlugs = []string{"dacorum", "hertsmere"}
	purposes      = []string{"updates", "recontact"}
)

func newWorld(t testing.TB, address string, seed uint64) *world {
	t.Helper()
	db := databasetest.Open(t, address, func() time.Time { return start })
	cfg, err := config.Parse(conversations.Config, nil)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, ctx: audit.AsSystem(context.Background()), db: db, service: New(cfg, db), random: rand.New(rand.NewPCG(seed, 1))}
	w.service.Add(Source{Kind: "third", Label: "Every third", Says: "with a number by three", Plain: true,
		Where: func(contact string, _ []string) (string, []any) { return contact + ".id % 3 = 0", nil }})
	w.write(func(tx *database.Tx) error {
		for _, slug := range groupSlugs {
			err := tx.Exec(`INSERT INTO contact_groups (slug, name, created_at, updated_at) VALUES (?, ?, ?, ?)`, slug, strings.ToUpper(slug[:1])+slug[1:], start, start).Error
			if err != nil {
				return err
			}
		}
		return nil
	})
	return w
}

func (w *world) write(f func(tx *database.Tx) error) {
	w.t.Helper()
	if err := w.db.Write(w.ctx, f); err != nil {
		w.t.Fatal(err)
	}
}

// add makes a contact that is in the database and in the reference.
func (w *world) add(p person) *person {
	w.t.Helper()
	p.id = int64(len(w.contacts) + 1)
	if p.channel == "" {
		p.channel = "email"
	}
	p.key = strings.ToLower(p.email)
	w.write(func(tx *database.Tx) error {
		var merged any
		if p.mergedInto != 0 {
			merged = p.mergedInto
		}
		name, hash := fmt.Sprintf("Contact Example %d", p.id), ""
		if p.key != "" {
			hash = "hash of " + p.key
		}
		err := tx.Exec(`INSERT INTO contacts (id, name, sort_key, search_key, email, email_key, suppression_key, post_address, channel, merged_into, created_at, updated_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, p.id, name, contacts.NameKey(name), contacts.NameKey(name+" "+p.email), p.email, p.key, hash, p.post, p.channel, merged, start, start).Error
		if err != nil {
			return err
		}
		if p.suppressed != "" {
			if err := tx.Exec(`INSERT INTO suppressions (hash, reason, at) VALUES (?, ?, ?)`, hash, p.suppressed, start).Error; err != nil {
				return err
			}
		}
		for _, slug := range p.groups {
			if err := tx.Exec(`INSERT INTO contact_group_members (contact_id, group_id) SELECT ?, id FROM contact_groups WHERE slug = ?`, p.id, slug).Error; err != nil {
				return err
			}
		}
		for _, slug := range p.localities {
			if err := tx.Exec(`INSERT INTO contact_localities (contact_id, locality) VALUES (?, ?)`, p.id, slug).Error; err != nil {
				return err
			}
		}
		return nil
	})
	w.contacts = append(w.contacts, &p)
	return &p
}

// note adds a line to the ledger.
func (w *world) note(e entry) entry {
	w.t.Helper()
	e.id = int64(len(w.entries) + 1)
	if e.purpose == "" {
		e.purpose = "updates"
	}
	if e.channel == "" {
		e.channel = "email"
	}
	if e.at.IsZero() {
		e.at = start
	}
	if e.recorded.IsZero() {
		e.recorded = start
	}
	w.write(func(tx *database.Tx) error {
		var annuls any
		if e.annuls != 0 {
			annuls = e.annuls
		}
		return tx.Exec(`INSERT INTO consents (id, contact_id, purpose, channel, entry, annuls, basis, at, recorded_at, source) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'staff')`,
			e.id, e.contact, e.purpose, e.channel, e.entry, annuls, e.basis, e.at, e.recorded).Error
	})
	w.entries = append(w.entries, e)
	return e
}

// willing is a contact who gets updates by email.
func (w *world) willing(alter ...func(*person)) *person {
	p := person{email: fmt.Sprintf("contact%d@contacts.example", len(w.contacts)+1)}
	for _, f := range alter {
		f(&p)
	}
	added := w.add(p)
	w.note(entry{contact: added.id, entry: "given", basis: "consent"})
	return added
}

// populate adds contacts of every sort, and a ledger with every sort of line.
func (w *world) populate(contacts int) {
	w.t.Helper()
	for range contacts {
		n := len(w.contacts) + 1
		p := person{channel: pick(w.random, "email", "email", "email", "post", "telephone")}
		if w.random.IntN(5) > 0 {
			p.email = fmt.Sprintf("Contact%d@contacts.example", n)
			p.suppressed = pick(w.random, "", "", "", "", "bounced", "complained", "asked")
		}
		if w.random.IntN(2) > 0 {
			p.post = "1 Example Street"
		}
		for _, slug := range groupSlugs {
			if w.random.IntN(3) == 0 {
				p.groups = append(p.groups, slug)
			}
		}
		for _, slug := range localitySlugs {
			if w.random.IntN(3) == 0 {
				p.localities = append(p.localities, slug)
			}
		}
		if n > 10 && w.random.IntN(8) == 0 {
			into := w.contacts[w.random.IntN(n-1)]
			if into.mergedInto == 0 {
				p.mergedInto = into.id
			}
		}
		w.add(p)
	}
	for range contacts * 3 {
		w.noteAnything()
	}
}

func (w *world) noteAnything() {
	contact := w.contacts[w.random.IntN(len(w.contacts))]
	e := entry{contact: contact.id, purpose: pick(w.random, purposes...), channel: pick(w.random, "email", "email", "post"),
		entry: pick(w.random, "given", "given", "withdrawn", "objected", "annulled"), basis: pick(w.random, "consent", "public-task"),
		at: start.AddDate(0, 0, -w.random.IntN(4)), recorded: start.AddDate(0, 0, -w.random.IntN(4))}
	if e.entry == "annulled" {
		of := slices.IndexFunc(w.entries, func(o entry) bool {
			return o.contact == e.contact && o.entry != "annulled" && !slices.ContainsFunc(w.entries, func(a entry) bool { return a.annuls == o.id })
		})
		if of < 0 {
			return
		}
		e.annuls, e.purpose, e.channel = w.entries[of].id, w.entries[of].purpose, w.entries[of].channel
	}
	w.note(e)
}

func pick(random *rand.Rand, from ...string) string { return from[random.IntN(len(from))] }

// rows are who is on a list, by contact: "email", or "left-out withdrawn", with "lost email" after it where it was lost since.
func (w *world) rows(l List) map[int64]string {
	w.t.Helper()
	out := map[int64]string{}
	for row, err := range w.service.Each(w.ctx, l.ID, RowFilter{}) {
		if err != nil {
			w.t.Fatal(err)
		}
		if _, twice := out[row.ContactID]; twice {
			w.t.Fatalf("contact %d is on the list twice", row.ContactID)
		}
		out[row.ContactID] = said(string(row.Outcome), string(row.Reason), string(row.Was))
	}
	return out
}

func said(outcome, reason, was string) string {
	if was != "" {
		was = "lost " + was
	}
	return strings.Join(strings.Fields(outcome+" "+reason+" "+was), " ")
}

func (w *world) make(r Rule, purpose string) List {
	w.t.Helper()
	l, err := w.service.Make(w.ctx, Request{Rule: r, Purpose: purpose, About: "updates", AboutID: 1})
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

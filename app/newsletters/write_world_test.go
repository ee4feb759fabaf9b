package newsletters_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"conversations"
	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/events"
	"conversations/app/fault"
	"conversations/app/links"
	"conversations/app/mail"
	"conversations/app/newsletters"
)

// desk is a communications office on a fresh database: two officers, events, and a clock that stands in February 2017.
type desk struct {
	*newsletters.Service
	cfg           *config.Config
	db            *database.DB
	events        *events.Service
	at            *time.Time
	first, second context.Context // the two officers
	reader        context.Context // staff who may not write updates
}

func openDesk(t testing.TB, address string) desk {
	t.Helper()
	at := time.Date(2017, 2, 20, 14, 3, 0, 0, time.UTC)
	cfg, err := config.Parse(conversations.Config, []string{"CONVERSATIONS_BASE_URL=https://conversations.example", "CONVERSATIONS_DATABASE_URL=" + address})
	must(t, err)
	d := desk{cfg: cfg, at: &at, db: databasetest.Open(t, address, func() time.Time { return at })}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	signer, err := links.New(t.Context(), d.db, cfg.BaseURL, cfg.Database.Key)
	must(t, err)
	d.events = events.New(cfg, d.db)
	d.Service = newsletters.New(newsletters.Parts{Config: cfg, DB: d.db, Events: d.events, Outbox: mail.New(d.db, cfg, "test", log), Links: signer})
	d.first, d.second, d.reader = d.staff(t, "Comms One", "comms"), d.staff(t, "Comms Two", "comms"), d.staff(t, "Door Person", "door")
	return d
}

func newDesk(t testing.TB) desk {
	t.Helper()
	return openDesk(t, databasetest.SQLite(t))
}

// staff adds somebody who works here, and gives a context in which they act.
func (d desk) staff(t testing.TB, name, role string) context.Context {
	t.Helper()
	var id int64
	email := strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@office.example"
	must(t, d.db.Write(t.Context(), func(tx *database.Tx) error {
		return tx.Raw(`INSERT INTO staff (email, name, role, password_hash, active, created_at, updated_at) VALUES (?, ?, ?, '', TRUE, ?, ?) RETURNING id`,
			email, name, role, tx.Now(), tx.Now()).Scan(&id).Error
	}))
	return audit.WithActor(context.Background(), audit.Actor{Kind: audit.Staff, ID: id, Name: name, Email: email, Role: role})
}

// letter begins an update with these sections, each a heading and a text.
func (d desk) letter(t testing.TB, title string, sections ...string) newsletters.Update {
	t.Helper()
	u, err := d.Create(d.first, newsletters.NewUpdate{Kind: newsletters.StakeholderUpdate, Title: title})
	must(t, err)
	c := newsletters.Content{Title: title, Opening: "Dear {name}", Nameless: "reader", Closing: "With best wishes",
		Signatories: []newsletters.Signatory{{Name: "The Chair", Office: "Chair"}}}
	for i := 0; i+1 < len(sections); i += 2 {
		c.Sections = append(c.Sections, newsletters.Section{Key: "s" + string(rune('0'+i/2)), Heading: sections[i], Body: sections[i+1]})
	}
	_, err = d.Save(d.first, u.ID, newsletters.Writing{BasedOn: u.TextID, Content: c, Made: newsletters.Typed})
	must(t, err)
	u, _ = d.now(t, u.ID)
	return u
}

// now is an update and what it says.
func (d desk) now(t testing.TB, id int64) (newsletters.Update, newsletters.Content) {
	t.Helper()
	u, c, err := d.Update(d.first, id)
	must(t, err)
	return u, c
}

// write saves a letter after a change of it, based on the text that counts.
func (d desk) write(t testing.TB, by context.Context, id int64, change func(*newsletters.Content)) newsletters.Text {
	t.Helper()
	u, c := d.now(t, id)
	change(&c)
	saved, err := d.Save(by, id, newsletters.Writing{BasedOn: u.TextID, Content: c, Made: newsletters.Auto})
	must(t, err)
	return saved
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// says is what a refused form is told, by field.
func says(t testing.TB, err error) map[string]string {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) {
		t.Fatalf("no fault: %v", err)
	}
	out := map[string]string{}
	for _, field := range f.Fields {
		out[field.Name] = field.Message
	}
	return out
}

// system is the program itself, which may do everything.
func (d desk) system() context.Context { return audit.AsSystem(context.Background()) }

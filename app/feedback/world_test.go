package feedback_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"conversations"
	"conversations/app/audiences"
	"conversations/app/audit"
	"conversations/app/bookings"
	"conversations/app/config"
	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/events"
	"conversations/app/fault"
	"conversations/app/feedback"
	"conversations/app/links"
	"conversations/app/mail"
	"conversations/app/surveys"
)

// world is the service on a fresh database with a clock that stands in February 2017.
type world struct {
	*feedback.Service
	cfg   *config.Config
	db    *database.DB
	at    *time.Time
	lead  context.Context // an engagement lead
	admin context.Context
}

func open(t testing.TB, address string) world {
	t.Helper()
	at := time.Date(2017, 2, 10, 9, 0, 0, 0, time.UTC)
	cfg, err := config.Parse(conversations.Config, []string{"CONVERSATIONS_BASE_URL=https://conversations.example", "CONVERSATIONS_DATABASE_URL=" + address})
	must(t, err)
	w := world{cfg: cfg, at: &at, db: databasetest.Open(t, address, func() time.Time { return at })}
	signer, err := links.New(t.Context(), w.db, cfg.BaseURL, cfg.Database.Key)
	must(t, err)
	outbox := mail.New(w.db, cfg, "test", slog.New(slog.DiscardHandler))
	outbox.Links = signer
	ev, con, aud := events.New(cfg, w.db), contacts.New(cfg, w.db, outbox, signer), audiences.New(cfg, w.db)
	book := bookings.New(cfg, w.db, ev, outbox, signer)
	sur := surveys.New(surveys.Parts{Config: cfg, DB: w.db, Events: ev, Bookings: book, Contacts: con, Audiences: aud, Outbox: outbox, Links: signer})
	w.Service = feedback.New(feedback.Parts{Config: cfg, DB: w.db, Events: ev, Contacts: con, Audiences: aud, Surveys: sur, Outbox: outbox, Links: signer})
	w.lead, w.admin = w.staff(t, "Engagement Lead", "engagement"), w.staff(t, "Administrator", "admin")
	return w
}

func (w world) staff(t testing.TB, name, role string) context.Context {
	t.Helper()
	var id int64
	must(t, w.db.Write(t.Context(), func(tx *database.Tx) error {
		return tx.Raw(`INSERT INTO staff (email, name, role, password_hash, active, created_at, updated_at) VALUES (?, ?, ?, '', TRUE, ?, ?) RETURNING id`,
			contacts.NameKey(name)[:4]+"@office.example", name, role, tx.Now(), tx.Now()).Scan(&id).Error
	}))
	return audit.WithActor(context.Background(), audit.Actor{Kind: audit.Staff, ID: id, Name: name, Role: role})
}

// add takes comments in and gives their ids.
func (w world) add(t testing.TB, all ...feedback.NewComment) (ids []int64) {
	t.Helper()
	for _, n := range all {
		must(t, w.db.Write(w.lead, func(tx *database.Tx) error {
			id, _, err := w.AddTx(w.lead, tx, n)
			ids = append(ids, id)
			return err
		}))
	}
	return ids
}

// said is a comment somebody made by telephone.
func said(text string) feedback.NewComment {
	return feedback.NewComment{Source: feedback.FromTelephone, Text: text, Locality: "dacorum", SaidOn: "2017-02-01"}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// faultFields are the messages of a fault.
func faultFields(err error) []fault.Field {
	f, _ := errors.AsType[*fault.Error](err)
	if f == nil {
		return nil
	}
	return f.Fields
}

package surveys_test

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
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/events"
	"conversations/app/fault"
	"conversations/app/links"
	"conversations/app/mail"
	"conversations/app/surveys"
)

// world is a survey service on a fresh database with a clock that stands in February 2017.
type world struct {
	*surveys.Service
	cfg  *config.Config
	db   *database.DB
	at   *time.Time
	lead context.Context // an engagement lead
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
	ev := events.New(cfg, w.db)
	w.Service = surveys.New(surveys.Parts{Config: cfg, DB: w.db, Events: ev, Bookings: bookings.New(cfg, w.db, ev, outbox, signer), Outbox: outbox, Links: signer,
		Audiences: audiences.New(cfg, w.db)})
	w.lead = w.staff(t, "Engagement Lead", "engagement")
	return w
}

func (w world) staff(t testing.TB, name, role string) context.Context {
	t.Helper()
	var id int64
	must(t, w.db.Write(t.Context(), func(tx *database.Tx) error {
		return tx.Raw(`INSERT INTO staff (email, name, role, password_hash, active, created_at, updated_at) VALUES (?, ?, ?, '', TRUE, ?, ?) RETURNING id`,
			role+"@office.example", name, role, tx.Now(), tx.Now()).Scan(&id).Error
	}))
	return audit.WithActor(context.Background(), audit.Actor{Kind: audit.Staff, ID: id, Name: name, Role: role})
}

// urgentCare is a draft that asks whether people used urgent care, and those who did how it was.
func (w world) urgentCare(t testing.TB) surveys.Form {
	t.Helper()
	survey, err := w.Create(w.lead, surveys.SurveyForm{Title: "Your experience of urgent care", Introduction: "It takes five minutes."})
	must(t, err)
	f := w.form(t, survey.ID)
	w.add(t, f, 0, surveys.QuestionForm{Kind: "one-of", Label: "Have you used an urgent care service in the last year?", Required: true, Options: "Yes\nNo", PreferNot: true})
	f = w.form(t, survey.ID)
	used := f.Sections[0].Questions[0]
	_, err = w.AddSection(w.lead, survey.ID, surveys.SectionForm{Title: "How it was", If: surveys.Condition{Question: used, Option: used.Options[0]}.Value()})
	must(t, err)
	f = w.form(t, survey.ID)
	w.add(t, f, 1, surveys.QuestionForm{Kind: "grid", Label: "How was your experience of each service?", Options: "Good\nNeither good nor poor\nPoor\nI did not use it",
		Rows: "West Herts Medical Centre\nNHS 111\nMinor injuries unit, St Albans\nUrgent care centre, Hemel Hempstead\nA&E, Watford"})
	w.add(t, f, 1, surveys.QuestionForm{Kind: "several-of", Label: "What made you choose it?", Options: "It was near\nIt was open\nSomebody told me to", Other: true, None: true})
	w.add(t, f, 1, surveys.QuestionForm{Kind: "long-text", Label: "What would have made it better?"})
	w.add(t, f, 1, surveys.QuestionForm{Kind: "scale", Label: "How easy was it to know where to go?", Steps: "5", Low: "Very hard", High: "Very easy"})
	_, err = w.AddSection(w.lead, survey.ID, surveys.SectionForm{Title: "Where you live"})
	must(t, err)
	f = w.form(t, survey.ID)
	w.add(t, f, 2, surveys.QuestionForm{Kind: "postcode", Label: "What is your postcode?"})
	must(t, w.AddEquality(w.lead, survey.ID))
	return w.form(t, survey.ID)
}

func (w world) form(t testing.TB, id int64) surveys.Form {
	t.Helper()
	f, err := w.FormOf(t.Context(), id, "")
	must(t, err)
	return f
}

func (w world) add(t testing.TB, f surveys.Form, section int, q surveys.QuestionForm) {
	t.Helper()
	_, err := w.AddQuestion(w.lead, f.Survey.ID, f.Sections[section].ID, q)
	must(t, err)
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

// Package demo fills a new database with the programme's conversation events of early 2017, moved around today, and
// with made-up residents who booked them. It does so through the same services as everybody, by a clock of its own.
package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"conversations/app/accounts"
	"conversations/app/audiences"
	"conversations/app/audit"
	"conversations/app/bookings"
	"conversations/app/config"
	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/documents"
	"conversations/app/events"
	"conversations/app/feedback"
	"conversations/app/links"
	"conversations/app/mail"
	"conversations/app/newsletters"
	"conversations/app/surveys"
)

// SignIn is an account of the demo.
type SignIn struct{ Role, Name, Email, Password string }

// password is the same for all: the demo listens on one machine only.
const password = "talking about care"

func signIns() []SignIn {
	return []SignIn{
		{"admin", "Demo Admin", "admin@demo.example", password},
		{"engagement", "Demo Engagement Lead", "engagement@demo.example", password},
		{"comms", "Demo Communications", "comms@demo.example", password},
		{"door", "Demo Door", "door@demo.example", password},
	}
}

// filler makes the data; its clock stands where the story is.
type filler struct {
	ctx         context.Context
	cfg         *config.Config
	db          *database.DB
	accounts    *accounts.Service
	events      *events.Service
	bookings    *bookings.Service
	contacts    *contacts.Service
	documents   *documents.Service
	newsletters *newsletters.Service
	feedback    *feedback.Service
	surveys     *surveys.Service
	now         time.Time
}

// Fill makes the demo's data in the configured database, once, and returns the accounts. A database that has
// staff already is left as it is.
func Fill(ctx context.Context, cfg *config.Config, log *slog.Logger) (people []SignIn, err error) {
	f := &filler{ctx: audit.AsSystem(ctx), cfg: cfg, now: time.Now()}
	f.db, err = database.Open(ctx, cfg.Database.URL, func() time.Time { return f.now })
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.db.Close()) }()
	var staff int64
	if err := f.db.Read(ctx).Raw(`SELECT count(*) FROM staff`).Scan(&staff).Error; err != nil || staff > 0 {
		return signIns(), err
	}
	signer, err := links.New(ctx, f.db, cfg.BaseURL, cfg.Database.Key)
	if err != nil {
		return nil, err
	}
	outbox := mail.New(f.db, cfg, "demo", log)
	outbox.Links = signer
	f.contacts = contacts.New(cfg, f.db, outbox, signer)
	f.events = events.New(cfg, f.db)
	f.documents = documents.New(cfg, f.db)
	f.newsletters = newsletters.New(newsletters.Parts{Config: cfg, DB: f.db, Events: f.events, Audiences: audiences.New(cfg, f.db), Outbox: outbox, Links: signer})
	f.feedback = feedback.New(feedback.Parts{Config: cfg, DB: f.db, Events: f.events, Contacts: f.contacts, Outbox: outbox, Links: signer})
	f.newsletters.KnowsPages([]string{"/events", "/documents"}, nil)
	f.bookings = bookings.New(cfg, f.db, f.events, outbox, signer)
	f.surveys = surveys.New(surveys.Parts{Config: cfg, DB: f.db, Events: f.events, Bookings: f.bookings, Contacts: f.contacts, Outbox: outbox, Links: signer})
	f.accounts = accounts.New(cfg, f.db, outbox)
	return signIns(), f.fill(time.Now())
}

func (f *filler) fill(today time.Time) error {
	for _, e := range story() {
		if err := f.event(e, moved(e.day, today), today); err != nil {
			return fmt.Errorf("%s: %w", e.form.Title, err)
		}
	}
	f.now = today
	for _, p := range signIns() {
		if err := f.account(p); err != nil {
			return fmt.Errorf("account of %s: %w", p.Email, err)
		}
	}
	if err := f.acquaint(today); err != nil {
		return fmt.Errorf("contacts: %w", err)
	}
	if err := f.papers(); err != nil {
		return err
	}
	if err := f.feedback.StartCodebook(f.ctx); err != nil {
		return fmt.Errorf("themes: %w", err)
	}
	if err := f.letters(today); err != nil {
		return fmt.Errorf("updates: %w", err)
	}
	if err := f.survey(today); err != nil {
		return fmt.Errorf("survey: %w", err)
	}
	if err := f.answers(today); err != nil {
		return fmt.Errorf("answers: %w", err)
	}
	return nil
}

// told is the day of the source documents: by it two events were held, and one was open.
var told = time.Date(2017, 2, 20, 0, 0, 0, 0, time.UTC)

// moved puts a day of 2017 as far from today as it was from the day of the source documents, on the same day of the
// week, so that the open event is one to two weeks ahead.
func moved(day, today time.Time) time.Time {
	weeks := int(today.Sub(told).Hours()/24+6) / 7
	return day.AddDate(0, 0, 7*weeks)
}

func (f *filler) event(s scene, day, today time.Time) error {
	begins := day
	if s.day.IsZero() {
		begins = today
	}
	f.now = begins.AddDate(0, 0, -42)
	if s.day.IsZero() {
		f.now = today.AddDate(0, 0, -20)
	} else {
		s.form.StartsDay, s.form.StartsMonth, s.form.StartsYear = strconv.Itoa(day.Day()), strconv.Itoa(int(day.Month())), strconv.Itoa(day.Year())
	}
	e, err := f.events.Create(f.ctx, s.form)
	if err != nil {
		return err
	}
	if e, err = f.events.Publish(f.ctx, e.ID); err != nil {
		return err
	}
	if err := f.book(e, s, f.now, earlier(begins, today)); err != nil {
		return err
	}
	if s.came == "" {
		return nil
	}
	f.now = day.Add(34 * time.Hour) // the morning after
	_, err = f.events.Hold(f.ctx, e.ID, events.Turnout{People: s.came, Note: s.cameNote})
	return err
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// book spreads the scene's bookings evenly between two instants.
func (f *filler) book(e events.Event, s scene, from, to time.Time) error {
	step := to.Sub(from) / time.Duration(s.bookings+s.interested+1)
	for i := range s.bookings {
		f.now = f.now.Add(step)
		if _, err := f.bookings.Book(f.ctx, e.ID, s.request(i)); err != nil {
			return fmt.Errorf("booking %d: %w", i, err)
		}
	}
	for i := range s.interested {
		f.now = f.now.Add(step)
		name := residentName(s.first + i)
		r := bookings.InterestRequest{Name: name, Email: residentEmail(name), Channel: bookings.Online}
		if err := f.bookings.LeaveInterest(f.ctx, e.ID, r); err != nil {
			return fmt.Errorf("interest %d: %w", i, err)
		}
	}
	return nil
}

func (f *filler) account(p SignIn) error {
	link, err := f.accounts.Add(f.ctx, p.Email, p.Name, p.Role)
	if err != nil {
		return err
	}
	_, _, err = f.accounts.SetPassword(f.ctx, link[strings.LastIndexByte(link, '/')+1:], p.Password)
	return err
}

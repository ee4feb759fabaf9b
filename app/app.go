// Package app puts the program together: it builds every feature, hangs its pages on the shell, joins features that
// may not know one another by hooks, and runs until it is told to stop.
package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"sync"
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
	"conversations/app/jobs"
	"conversations/app/links"
	"conversations/app/mail"
	"conversations/app/mail/reports"
	"conversations/app/newsletters"
	"conversations/app/privacy"
	"conversations/app/site"
	"conversations/app/surveys"
	"conversations/app/web"
)

// App is the whole program.
type App struct {
	Config      *config.Config
	DB          *database.DB
	Shell       *web.Shell
	Links       *links.Signer
	Jobs        *jobs.Runner
	Outbox      *mail.Outbox
	Reports     *reports.Reader
	Accounts    *accounts.Service
	Contacts    *contacts.Service
	Events      *events.Service
	Bookings    *bookings.Service
	Audiences   *audiences.Service
	Surveys     *surveys.Service
	Feedback    *feedback.Service
	Newsletters *newsletters.Service
	Documents   *documents.Service
	Privacy     *privacy.Service

	log *slog.Logger
}

// New opens the database and builds the program on it. now is the clock, nil for the real one.
func New(ctx context.Context, cfg *config.Config, log *slog.Logger, now func() time.Time) (*App, error) {
	db, err := database.Open(ctx, cfg.Database.URL, now)
	if err != nil {
		return nil, err
	}
	a := &App{Config: cfg, DB: db, log: log}
	if err := a.build(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	a.mount()
	return a, nil
}

func (a *App) build(ctx context.Context) (err error) {
	owner := instance()
	if a.Links, err = links.New(ctx, a.DB, a.Config.BaseURL, a.Config.Database.Key); err != nil {
		return err
	}
	a.Jobs = jobs.New(a.DB, owner, a.log)
	a.Outbox = mail.New(a.DB, a.Config, owner, a.log)
	a.Outbox.Links = a.Links
	a.Reports = reports.New(a.DB, a.Config, a.Outbox, a.log)
	a.Accounts = accounts.New(a.Config, a.DB, a.Outbox)
	a.Contacts = contacts.New(a.Config, a.DB, a.Outbox, a.Links)
	if err := a.Contacts.Sync(ctx); err != nil {
		return err
	}
	a.Outbox.PreferencesURL, a.Outbox.MayReceive = a.Contacts.PreferencesURL, contacts.MayReceive
	a.Outbox.OnComplaint(a.Contacts.Complained)
	a.Contacts.LetterHref = letterHref
	a.Events = events.New(a.Config, a.DB)
	a.Events.Links = a.Links
	a.Bookings = bookings.New(a.Config, a.DB, a.Events, a.Outbox, a.Links)
	a.Audiences = audiences.New(a.Config, a.DB)
	a.plugSources()
	a.Surveys = surveys.New(surveys.Parts{
		Config: a.Config, DB: a.DB, Events: a.Events, Bookings: a.Bookings, Contacts: a.Contacts, Audiences: a.Audiences, Outbox: a.Outbox, Links: a.Links,
	})
	a.Bookings.OnThanks(a.Surveys.AfterEvent)
	a.Feedback = feedback.New(feedback.Parts{
		Config: a.Config, DB: a.DB, Events: a.Events, Contacts: a.Contacts, Audiences: a.Audiences, Surveys: a.Surveys, Outbox: a.Outbox, Links: a.Links,
	})
	a.Surveys.OnSubmitted(a.Feedback.TakeResponse)
	a.Jobs.Add(a.Feedback.IntakeJob())
	a.Jobs.Add(a.Feedback.AlarmJob())
	a.learnThemes()
	a.Jobs.Add(a.Feedback.RequoteJob())
	a.Newsletters = newsletters.New(newsletters.Parts{
		Config: a.Config, DB: a.DB, Events: a.Events, Contacts: a.Contacts, Audiences: a.Audiences, Outbox: a.Outbox, Links: a.Links,
	})
	a.Audiences.Add(a.Newsletters.GotSource())
	a.Audiences.Add(a.Feedback.RaisedSource())
	a.Documents = documents.New(a.Config, a.DB)
	a.reachFromFeedback()

	announcements := a.Bookings.AnnounceJob()
	a.Jobs.Add(announcements)
	a.Bookings.OnAnnounce(func() { a.Jobs.Wake(announcements.Name) })
	lists := a.Contacts.ImportJob()
	a.Jobs.Add(lists)
	a.Contacts.OnImport(func() { a.Jobs.Wake(lists.Name) })
	a.Bookings.OnUpdates(func(ctx context.Context, tx *database.Tx, e events.Event, b bookings.Booking) error {
		return a.Contacts.AskWithBooking(ctx, tx, b.ID, contacts.SignUp{Email: b.Email, Name: b.Name, Localities: []string{e.Locality}})
	})
	letters := a.Newsletters.SendJob()
	a.Jobs.Add(letters)
	a.Newsletters.OnSend(func() { a.Jobs.Wake(letters.Name) })
	invitations := a.Surveys.InviteJob()
	a.Jobs.Add(invitations)
	a.Surveys.OnInvite(func() { a.Jobs.Wake(invitations.Name) })
	a.Jobs.Add(a.Surveys.ShuffleJob())
	a.Jobs.Add(a.Bookings.RemindJob())
	a.Jobs.Add(a.Bookings.WordsJob())
	a.Jobs.Add(a.Bookings.RedateJob())
	if a.Config.Mail.Bounces.Host != "" {
		a.Jobs.Add(a.Reports.Job())
	}
	a.Jobs.Add(jobs.Job{Name: "sessions", Every: time.Hour, Run: a.Accounts.Forget})
	return a.buildPrivacy(ctx)
}

// learnThemes keeps suggestions of themes up with what people code.
func (a *App) learnThemes() {
	learn, meter := a.Feedback.LearnJob(), a.Feedback.MeterJob()
	a.Jobs.Add(learn)
	a.Jobs.Add(meter)
	a.Feedback.OnCoded(func() { a.Jobs.Wake(learn.Name) })
	a.Feedback.OnMeasure(func() { a.Jobs.Wake(meter.Name) })
}

// letterHref is the staff's page of what a letter to many is about.
func letterHref(about string, id int64) string {
	home, known := map[string]string{"updates": "/staff/updates", "surveys": "/staff/surveys"}[about]
	if !known {
		return ""
	}
	return fmt.Sprintf("%s/%d", home, id)
}

// buildPrivacy comes last: it stands on every table, and on what features do before their rows are erased.
func (a *App) buildPrivacy(ctx context.Context) (err error) {
	if a.Privacy, err = privacy.New(ctx, a.Config, a.DB, a.Links, Tables()); err != nil {
		return err
	}
	a.Privacy.Refuse("bookings", a.Bookings.MayErase)
	a.Privacy.Before("mails", a.Outbox.Withdraw)
	a.Privacy.Before("deliveries", a.Outbox.DropDeliveries)
	a.Privacy.Before("calls", a.Bookings.DropCalls)
	a.Privacy.Before("contacts", a.Contacts.BeforeErase)
	a.Privacy.Before("comments", a.Feedback.BeforeErase)
	a.Privacy.Also(a.Contacts.AlsoKnownAs)
	a.Jobs.Add(jobs.Job{Name: "retention", Every: 24 * time.Hour, Lease: time.Hour, Run: a.Privacy.Forget})
	if a.Config.Backup.Folder != "" {
		a.Jobs.Add(jobs.Job{Name: "backup", Every: 10 * time.Minute, Lease: time.Hour, Run: func(ctx context.Context) error {
			return backups(a.Config).Make(ctx, a.Config.Database.URL, a.DB.Now())
		}})
	}
	return nil
}

func (a *App) mount() {
	a.Shell = web.New(a.Config, a.DB, a.log)
	a.Shell.PublicNav = []web.NavItem{{Text: "Events", Href: "/events"}, {Text: "Updates", Href: "/updates"},
		{Text: "You said, we did", Href: "/you-said-we-did", Shown: a.Feedback.AnyAnswers}, {Text: "Documents", Href: "/documents"}, {Text: "Contact", Href: "/contact"}}
	a.Shell.StaffNav = []web.NavItem{
		{Text: "Today", Href: "/staff", Action: accounts.UseStaffPages},
		{Text: "Events", Href: "/staff/events", Action: accounts.ManageEvents},
		{Text: "Bookings", Href: "/staff/bookings", Action: accounts.SeeBookings},
		{Text: "Telephone", Href: "/staff/calls", Action: accounts.MakeCalls},
		{Text: "Access", Href: "/staff/access", Action: accounts.SeeBookings},
		{Text: "Updates", Href: "/staff/updates", Action: accounts.WriteUpdates},
		{Text: "Surveys", Href: "/staff/surveys", Action: accounts.ManageSurveys},
		{Text: "Feedback", Href: "/staff/feedback", Action: accounts.ManageFeedback},
		{Text: "Themes", Href: "/staff/themes", Action: accounts.ManageFeedback},
		{Text: "You said, we did", Href: "/staff/actions", Action: accounts.ManageFeedback},
		{Text: "Documents", Href: "/staff/documents", Action: accounts.ManageDocuments},
		{Text: "Contacts", Href: "/staff/contacts", Action: accounts.ManageContacts},
		{Text: "Mails", Href: "/staff/mails", Action: accounts.SeeMails},
		{Text: "People", Href: "/staff/people", Action: accounts.ManageStaff},
		{Text: "Privacy", Href: privacy.Path, Action: accounts.ManagePrivacy},
		{Text: "Audit", Href: "/staff/audit", Action: accounts.SeeAudit},
		{Text: "Settings", Href: "/staff/settings", Action: accounts.SeeSettings},
		{Text: "My account", Href: "/staff/account", Action: accounts.UseStaffPages},
	}
	accounts.Routes(a.Shell, a.Accounts)
	contacts.Routes(a.Shell, a.Contacts)
	events.Routes(a.Shell, a.Events)
	bookings.Routes(a.Shell, a.Bookings)
	surveys.Routes(a.Shell, a.Surveys)
	feedback.Routes(a.Shell, a.Feedback)
	newsletters.Routes(a.Shell, a.Newsletters)
	documents.Routes(a.Shell, a.Documents)
	privacy.Routes(a.Shell, a.Privacy)
	site.Routes(a.Shell, site.New(site.Parts{
		Config: a.Config, DB: a.DB, Events: a.Events, Bookings: a.Bookings, Outbox: a.Outbox, Reports: a.Reports, Newsletters: a.Newsletters, Surveys: a.Surveys, Feedback: a.Feedback,
		Tables: Tables(),
	}))
	a.Newsletters.KnowsPages(publicPages(a.Shell), map[string]newsletters.Finder{"/documents/:slug": a.Documents.IsPublic})
	a.Shell.Ready("database", func(ctx context.Context) error { return a.DB.Read(ctx).Exec("SELECT 1").Error })
	a.Shell.Ready("outbox", func(ctx context.Context) error {
		_, err := a.Outbox.Summary(ctx)
		return err
	})
}

// publicPages are the patterns of the pages that everybody can open.
func publicPages(shell *web.Shell) (patterns []string) {
	for _, r := range shell.Routes() {
		if r.Access == web.Everybody && r.Method == http.MethodGet {
			patterns = append(patterns, r.Path)
		}
	}
	return patterns
}

// Tables are the declarations of every table: what it holds about people, why, and for how long. What residents give
// us comes first, for the privacy page follows this order.
func Tables() (all []database.Table) {
	for _, columns := range []func() []database.Table{
		bookings.Columns, contacts.Columns, surveys.Columns, feedback.Columns, mail.Columns, reports.Columns, audiences.Columns, newsletters.Columns, documents.Columns, events.Columns, accounts.Columns, privacy.Columns, houseTables,
	} {
		all = append(all, columns()...)
	}
	return all
}

// houseTables declares the tables of packages too small to have a declaration of their own.
func houseTables() []database.Table {
	return []database.Table{
		{Name: "keys", What: "A secret of this installation", Columns: database.Plain("name", "value", "created_at")},
		{Name: "jobs", What: "Work on a schedule", Columns: database.Plain("name", "next_run_at", "lease_owner", "lease_expires_at",
			"last_started_at", "last_finished_at", "last_error")},
		audit.Columns(),
	}
}

// Run serves the site and does the work behind it until ctx ends; then it lets requests, mails and jobs that are
// under way finish.
func (a *App) Run(ctx context.Context) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", a.Config.HTTP.Addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", a.Config.HTTP.Addr, err)
	}
	return a.RunOn(ctx, listener)
}

// RunOn is Run on a listener that is there already.
func (a *App) RunOn(ctx context.Context, listener net.Listener) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var behind sync.WaitGroup
	behind.Go(func() { a.Outbox.Run(ctx) })
	behind.Go(func() { a.Jobs.Run(ctx) })
	var failed error
	behind.Go(func() {
		if failed = a.Shell.ServeMetrics(ctx); failed != nil {
			stop()
		}
	})
	debug.FreeOSMemory() // building used more than serving needs
	a.log.Info("serving", "address", "http://"+listener.Addr().String())
	err := a.Shell.ServeOn(ctx, listener)
	stop()
	behind.Wait()
	return errors.Join(err, failed)
}

// Close closes the database. It comes after Run.
func (a *App) Close() error { return a.DB.Close() }

// instance names this process among all that ever work on the same database.
func instance() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unnamed"
	}
	return fmt.Sprintf("%s-%d-%s", host, os.Getpid(), strings.ToLower(rand.Text()[:6]))
}

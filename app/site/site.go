// Package site is the pages that belong to no single feature: the home page, the page of a locality, the statements
// that the law asks for, how to reach us, and the staff's home with the mails, the settings and the audit log.
package site

import (
	"conversations/app/bookings"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/events"
	"conversations/app/feedback"
	"conversations/app/mail"
	"conversations/app/mail/reports"
	"conversations/app/newsletters"
	"conversations/app/surveys"
)

// Parts are what the site is put together from.
type Parts struct {
	Config      *config.Config
	DB          *database.DB
	Events      *events.Service
	Bookings    *bookings.Service
	Outbox      *mail.Outbox
	Reports     *reports.Reader
	Newsletters *newsletters.Service
	Surveys     *surveys.Service
	Feedback    *feedback.Service
	// Tables are the declarations of every feature, in the order in which the privacy page tells of them.
	Tables []database.Table
}

// Service answers what the pages ask. It is safe for use by many goroutines.
type Service struct {
	cfg         *config.Config
	db          *database.DB
	events      *events.Service
	bookings    *bookings.Service
	outbox      *mail.Outbox
	reports     *reports.Reader
	newsletters *newsletters.Service
	surveys     *surveys.Service
	feedback    *feedback.Service
	tables      []database.Table
}

// New returns the service.
func New(p Parts) *Service {
	return &Service{cfg: p.Config, db: p.DB, events: p.Events, bookings: p.Bookings, outbox: p.Outbox, reports: p.Reports, newsletters: p.Newsletters, surveys: p.Surveys, feedback: p.Feedback, tables: p.Tables}
}

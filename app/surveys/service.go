// Package surveys asks people questions, on screen and on paper, and shows what they answered. What a question means
// is fixed by its first answer; who answered an anonymous survey nobody can find out, the program included.
package surveys

import (
	"conversations/app/audiences"
	"conversations/app/bookings"
	"conversations/app/config"
	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/events"
	"conversations/app/links"
	"conversations/app/mail"
)

// Parts are what the service stands on.
type Parts struct {
	Config    *config.Config
	DB        *database.DB
	Events    *events.Service
	Bookings  *bookings.Service
	Contacts  *contacts.Service
	Audiences *audiences.Service
	Outbox    *mail.Outbox
	Links     *links.Signer
}

// Service makes surveys, takes answers and counts them. It is safe for use by many goroutines.
type Service struct{ Parts }

// New returns the service.
func New(parts Parts) *Service { return &Service{parts} }

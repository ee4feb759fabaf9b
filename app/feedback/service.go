// Package feedback goes from what people said to what was done about it: comments with what tells who somebody is struck
// out, a codebook of themes, coding by people, reports, and the answers to what was said.
package feedback

import (
	"conversations/app/audiences"
	"conversations/app/config"
	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/events"
	"conversations/app/links"
	"conversations/app/mail"
	"conversations/app/surveys"
)

// Parts are what the service stands on.
type Parts struct {
	Config    *config.Config
	DB        *database.DB
	Events    *events.Service
	Contacts  *contacts.Service
	Audiences *audiences.Service
	Surveys   *surveys.Service
	Outbox    *mail.Outbox
	Links     *links.Signer
}

// Service takes comments in, has them coded and reported, and follows what is done about them. It is safe for use by many
// goroutines.
type Service struct {
	Parts
	desk   *desk
	beyond Beyond
	said   *whether // there is something published
}

// New returns the service.
func New(parts Parts) *Service { return &Service{Parts: parts, desk: newDesk(), said: &whether{}} }

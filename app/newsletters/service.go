// Package newsletters owns what the programme publishes and sends to many: stakeholder updates, news, statements and
// press releases. It writes them, has them checked and approved, hands them to the outbox, and keeps their archive.
package newsletters

import (
	"conversations/app/audiences"
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
	Contacts  *contacts.Service
	Audiences *audiences.Service
	Outbox    *mail.Outbox
	Links     *links.Signer
}

// Service writes and sends updates. It is safe for use by many goroutines.
type Service struct {
	Parts
	drawing chan struct{} // one picture is drawn at a time
	pages   Pages         // of this site, that letters can link to
	woken   func()        // has what is due looked at soon
}

// New returns the service.
func New(parts Parts) *Service {
	s := &Service{Parts: parts, drawing: make(chan struct{}, 1)}
	s.pages.Found = s.ownPages()
	return s
}

// Package contacts owns the people and organisations that we write to: how to reach them, the groups and localities
// they belong to, and a ledger of what they let us do. Whether somebody may be written to is derived from the ledger
// and from nothing else.
package contacts

import (
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/links"
	"conversations/app/mail"
)

// Service keeps contacts. It is safe for use by many goroutines.
type Service struct {
	cfg    *config.Config
	db     *database.DB
	outbox *mail.Outbox
	links  *links.Signer

	wakeImports func() // see OnImport
	// LetterHref gives the staff's page of what a letter is about, or ""; nil is none.
	LetterHref func(about string, id int64) string
}

// New returns the service.
func New(cfg *config.Config, db *database.DB, outbox *mail.Outbox, signer *links.Signer) *Service {
	return &Service{cfg: cfg, db: db, outbox: outbox, links: signer, wakeImports: func() {}}
}

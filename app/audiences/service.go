// Package audiences says whom a mailing goes to. A rule names who is wanted; the purpose of the mailing decides who of
// them may be written to; the list that comes of both can be looked at, and frozen, before anything leaves.
package audiences

import (
	"conversations/app/config"
	"conversations/app/database"
)

// Service makes audiences. It is safe for use by many goroutines.
type Service struct {
	cfg *config.Config
	db  *database.DB
}

// New returns the service without a source: app.go adds them.
func New(cfg *config.Config, db *database.DB) *Service { return &Service{cfg: cfg, db: db} }

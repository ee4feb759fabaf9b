// Package documents is the library: reports, plans and cases for change, kept in the database so that a backup is one
// thing, each with what a reader wants to know before opening it.
package documents

import (
	"conversations/app/config"
	"conversations/app/database"
)

// Service keeps documents. It is safe for use by many goroutines.
type Service struct {
	cfg *config.Config
	db  *database.DB
}

// New returns the service.
func New(cfg *config.Config, db *database.DB) *Service { return &Service{cfg: cfg, db: db} }

// Package audiences says whom a mailing goes to. A rule names who is wanted; the purpose of the mailing decides who of
// them may be written to; the list that comes of both can be looked at, and frozen, before anything leaves.
package audiences

import (
	"context"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
)

// Service makes audiences. It is safe for use by many goroutines once its sources are added.
type Service struct {
	cfg     *config.Config
	db      *database.DB
	sources map[string]Source
	order   []string // of kinds, as they are offered
}

// New returns the service with the sources that need contacts alone: app.go adds the others.
func New(cfg *config.Config, db *database.DB) *Service {
	s := &Service{cfg: cfg, db: db, sources: map[string]Source{}}
	for _, source := range builtIn(cfg, db) {
		s.Add(source)
	}
	return s
}

// Add plugs in a source. It must come before anybody uses the service.
func (s *Service) Add(source Source) {
	if _, twice := s.sources[source.Kind]; twice {
		panic("audiences: two sources of the kind " + source.Kind)
	}
	s.sources[source.Kind] = source
	s.order = append(s.order, source.Kind)
}

// Sources are all of them, in the order in which they are offered.
func (s *Service) Sources() []Source {
	out := make([]Source, len(s.order))
	for i, kind := range s.order {
		out[i] = s.sources[kind]
	}
	return out
}

// mayUse lets in whoever may do something that has an audience.
func mayUse(ctx context.Context) error {
	if accounts.May(audit.ActorFrom(ctx), accounts.ManageSurveys) {
		return nil
	}
	return accounts.Require(ctx, accounts.WriteUpdates)
}

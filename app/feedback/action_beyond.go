package feedback

import (
	"context"
	"time"

	"conversations/app/audiences"
	"conversations/app/database"
)

// Beyond is what answers need of features that this package may not know: app.go fills it. Where a part is nil, what it is
// for is not offered.
type Beyond struct {
	// Papers are the documents that everybody can see.
	Papers func(ctx context.Context) ([]Paper, error)
	// BeginLetter begins the draft of an update.
	BeginLetter func(ctx context.Context, tx *database.Tx, l NewLetter) (id int64, err error)
	// Letter says what became of an update.
	Letter func(ctx context.Context, id int64) (Letter, error)
}

// Paper is a document in the library.
type Paper struct {
	ID    int64
	Title string
	Href  string // where everybody opens it
}

// NewLetter is an update to begin: what it is called, what it says at first, and whom it is for.
type NewLetter struct {
	Title, Heading, Body string
	Rule                 audiences.Rule
	Purpose              string
}

// Letter is an update that tells people what came of what they said.
type Letter struct {
	ID     int64
	Title  string
	State  string // in plain words
	Href   string // the staff's page of it
	ListID int64  // of those it goes to; 0 while that is not settled
	SentAt *time.Time
}

// Reach tells the service how to reach what it may not know. It must come before anybody uses the service.
func (s *Service) Reach(b Beyond) { s.beyond = b }

func (s *Service) papers(ctx context.Context) ([]Paper, error) {
	if s.beyond.Papers == nil {
		return nil, nil
	}
	return s.beyond.Papers(ctx)
}

// paper is the document with an id, nil where there is none that everybody can see.
func (s *Service) paper(ctx context.Context, id *int64) (*Paper, error) {
	if id == nil {
		return nil, nil
	}
	all, err := s.papers(ctx)
	for _, p := range all {
		if p.ID == *id {
			return &p, nil
		}
	}
	return nil, err
}

// DropDocument refuses that a document is removed while an answer points to it.
func (s *Service) DropDocument(_ context.Context, tx *database.Tx, id int64) error {
	var title string
	err := database.First(tx.Raw(`SELECT title FROM actions WHERE document_id = ? ORDER BY id LIMIT 1`, id), &title)
	if database.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return inUse(title)
}

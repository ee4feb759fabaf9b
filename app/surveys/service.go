// Package surveys asks people questions, on screen and on paper, and shows what they answered. What a question means
// is fixed by its first answer; who answered an anonymous survey nobody can find out, the program included.
package surveys

import (
	"context"

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
type Service struct {
	Parts
	onSubmitted []func(ctx context.Context, tx *database.Tx, r Response) error
	onInvite    func()    // has InviteJob run soon
	handed      handedOut // ballots that were given for invitations seconds ago
}

// New returns the service.
func New(parts Parts) *Service {
	return &Service{Parts: parts, onInvite: func() {}, handed: handedOut{kept: map[pressed]*handing{}}}
}

// OnSubmitted is called in the transaction in which a response comes to count or stops counting: when it is sent, entered
// or imported, when staff set it aside, and when they put it back. r.State says which, and FreeTextsOf gives what was
// written. An error undoes the step. Of an anonymous survey it is never called, for what was written down at that moment
// would tell who answered when: its texts come with FreeTexts once it is over. Register before the program serves.
func (s *Service) OnSubmitted(f func(ctx context.Context, tx *database.Tx, r Response) error) {
	s.onSubmitted = append(s.onSubmitted, f)
}

// submitted tells everybody who asked that a response counts now, or does not count any more.
func (s *Service) submitted(ctx context.Context, tx *database.Tx, survey Survey, r Response) error {
	if survey.Anonymous || r.SecondOf != nil {
		return nil
	}
	for _, f := range s.onSubmitted {
		if err := f(ctx, tx, r); err != nil {
			return err
		}
	}
	return nil
}

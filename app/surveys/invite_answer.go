package surveys

import (
	"context"
	"fmt"
	"sync"
	"time"

	"conversations/app/database"
	"conversations/app/fault"
)

// Invited is an invitation with the survey that it is to.
type Invited struct {
	Invitation Invitation
	Form       Form
	Begun      bool // it is not anonymous, and answers were begun
	Answered   bool // or exchanged for a ballot
}

// InvitationByToken finds the invitation of a personal link, or the one that stands for the same person; NotFound where the
// link is none. It changes nothing.
func (s *Service) InvitationByToken(ctx context.Context, token, language string) (i Invited, err error) {
	id, err := s.Links.Open(invitationPurpose, token)
	if err != nil {
		return i, err
	}
	read := s.DB.Read(ctx)
	err = database.First(read.Raw("SELECT * FROM survey_invitations WHERE id = ?", id), &i.Invitation)
	if database.IsNotFound(err) {
		return i, fault.New(fault.NotFound, "This invitation is not there any more.")
	}
	if err != nil {
		return i, fmt.Errorf("read an invitation: %w", err)
	}
	if i.Invitation, err = i.Invitation.theOneThatStands(read); err != nil {
		return i, err
	}
	err = read.Raw(`SELECT `+answered("i")+`, EXISTS (SELECT 1 FROM survey_responses b WHERE b.invitation_id = i.id) FROM survey_invitations i WHERE i.id = ?`, i.Invitation.ID).
		Row().Scan(&i.Answered, &i.Begun)
	if err != nil {
		return i, fmt.Errorf("read what became of an invitation: %w", err)
	}
	i.Form, err = readForm(read, i.Invitation.SurveyID, language)
	return i, err
}

// Accept begins to answer by an invitation, or goes on, and gives the token of the link under which it is answered. An
// invitation to an anonymous survey is exchanged for any ballot, once; press names the press of the button, so that
// pressing twice gives the same ballot. Conflict where the invitation was used, or the survey takes no answers.
func (s *Service) Accept(ctx context.Context, i Invited, press string) (token string, err error) {
	if i.Answered && !i.Form.Survey.Anonymous {
		return "", usedUp()
	}
	if err := s.accepting(i.Form.Survey); err != nil {
		return "", err
	}
	if i.Form.Survey.Anonymous && press == "" {
		return s.exchange(ctx, i)
	}
	if i.Form.Survey.Anonymous {
		return s.handed.once(pressed{i.Invitation.ID, press}, s.DB.Now(), func() (string, error) { return s.exchange(ctx, i) })
	}
	var id int64
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		now := tx.Now()
		r := Response{ID: randomID(), SurveyID: i.Form.Survey.ID, State: Drafting, Channel: "online", Language: i.Form.Language, EventID: i.Form.Survey.EventID,
			InvitationID: &i.Invitation.ID, StartedAt: &now}
		err := tx.Exec(`INSERT INTO survey_responses (id, survey_id, state, channel, language, event_id, invitation_id, started_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT DO NOTHING`, r.ID, r.SurveyID, string(r.State), r.Channel, r.Language, r.EventID, r.InvitationID, now).Error
		if err != nil {
			return fmt.Errorf("begin a response: %w", err)
		}
		return tx.Row("SELECT id FROM survey_responses WHERE invitation_id = ?", i.Invitation.ID).Scan(&id)
	})
	return s.Links.Token(LinkPurpose, id), err
}

func usedUp() error {
	return fault.New(fault.Conflict, "You have answered this survey. Thank you.")
}

// exchange gives any ballot for an invitation. PostgreSQL keeps rows in the order of writing, so there all invitations of
// the survey are written anew: which of them was used, and when, cannot be read off their order.
func (s *Service) exchange(ctx context.Context, i Invited) (token string, err error) {
	var ballot int64
	err = s.DB.Write(ctx, func(tx *database.Tx) (err error) {
		if ballot, err = takeBallot(tx, i.Form); err != nil {
			return err
		}
		var used bool
		if err := tx.Row("SELECT used FROM survey_invitations WHERE id = ?", i.Invitation.ID).Scan(&used); err != nil || used {
			return errOr(err, usedUp())
		}
		text, args := "UPDATE survey_invitations SET used = TRUE WHERE id = ?", []any{i.Invitation.ID}
		if tx.ForUpdate() != "" {
			text, args = "UPDATE survey_invitations SET used = (used OR id = ?) WHERE survey_id = ?", []any{i.Invitation.ID, i.Form.Survey.ID}
		}
		return tx.Exec(text, args...).Error
	})
	return s.Links.Token(LinkPurpose, ballot), err
}

func errOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// handedFor is how long the program knows, in its memory alone, what a press of the button gave: the answer to the first
// of two presses never reaches who pressed twice.
const handedFor = 30 * time.Second

// pressed is one press of the button on the page of an invitation.
type pressed struct {
	invitation int64
	press      string
}

// handedOut remembers for seconds which ballot a press gave.
type handedOut struct {
	mu   sync.Mutex
	kept map[pressed]*handing
}

type handing struct {
	done  chan struct{}
	until time.Time
	token string
	err   error
}

// once gives what the first call for a press gave; calls meanwhile wait for it.
func (h *handedOut) once(p pressed, now time.Time, exchange func() (string, error)) (string, error) {
	h.mu.Lock()
	for old, kept := range h.kept {
		if now.After(kept.until) {
			delete(h.kept, old)
		}
	}
	one, again := h.kept[p]
	if !again {
		one = &handing{done: make(chan struct{}), until: now.Add(handedFor)}
		h.kept[p] = one
	}
	h.mu.Unlock()
	if again {
		<-one.done
		return one.token, one.err
	}
	defer close(one.done)
	one.token, one.err = exchange()
	return one.token, one.err
}

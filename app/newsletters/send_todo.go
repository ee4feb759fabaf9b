package newsletters

import (
	"context"
	"fmt"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/mail"
)

// Todo is something about updates that needs doing now. Path is where it is done.
type Todo struct {
	Text, Note, Path string
	Urgent           bool
}

// Todos gives what needs doing about updates, as far as the actor may do it: letters that wait for their approval or that
// came back to them, and letters whose sending does not go on by itself.
func (s *Service) Todos(ctx context.Context) (todos []Todo, err error) {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return nil, err
	}
	var open []Update
	if err := s.DB.Read(ctx).Raw(`SELECT * FROM updates WHERE state IN ('asked', 'approved', 'sending') OR state = 'draft' AND back_why <> '' ORDER BY id`).Scan(&open).Error; err != nil {
		return nil, fmt.Errorf("find updates that wait: %w", err)
	}
	for _, u := range open {
		found, err := s.todosOf(ctx, u)
		if err != nil {
			return nil, err
		}
		todos = append(todos, found...)
	}
	return todos, nil
}

func (s *Service) todosOf(ctx context.Context, u Update) ([]Todo, error) {
	me := audit.ActorFrom(ctx).ID
	switch {
	case u.State == Asked:
		why, err := s.whyNot(ctx, u)
		if err != nil || why != "" {
			return nil, err
		}
		return []Todo{{Text: "Look at a letter and approve it: " + u.Title, Note: "Asked " + s.moment(*u.AskedAt) + ".", Path: stepPath(u.ID, approvalStep)}}, nil
	case u.State == Draft && (u.BackWhy == EventsChanged || u.BackWhy == NotAsApproved):
		return []Todo{{Text: "A letter was not sent: " + u.Title, Note: u.BackReason, Path: stepPath(u.ID, approvalStep), Urgent: true}}, nil
	case u.State == Draft && u.BackWhy == Declined && u.CreatedBy != nil && *u.CreatedBy == me:
		return []Todo{{Text: "Change a letter that was sent back: " + u.Title, Path: stepPath(u.ID, approvalStep)}}, nil
	case u.State == Approved && u.SendAt == nil:
		return []Todo{{Text: "Send an approved letter: " + u.Title, Path: stepPath(u.ID, sendStep)}}, nil
	case u.State == Sending && u.MailingID != 0:
		return s.sendingTodos(ctx, u)
	}
	return nil, nil
}

func (s *Service) sendingTodos(ctx context.Context, u Update) ([]Todo, error) {
	m, err := s.Outbox.Mailing(ctx, u.MailingID)
	if err != nil {
		return nil, err
	}
	switch {
	case m.State == mail.Paused:
		return []Todo{{Text: "A letter is paused: " + u.Title, Note: "Let it go on, or stop it.", Path: stepPath(u.ID, sendStep), Urgent: true}}, nil
	case m.Trouble != "":
		return []Todo{{Text: "A letter is not leaving: " + u.Title, Note: m.Trouble, Path: stepPath(u.ID, sendStep), Urgent: true}}, nil
	}
	return nil, nil
}

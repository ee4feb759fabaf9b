package surveys

import (
	"context"
	"errors"
	"fmt"
	"time"

	"conversations/app/audiences"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/jobs"
	"conversations/app/mail"
)

// invitedAtOnce is how many people are invited in one transaction.
const invitedAtOnce = 200

// InviteJob lays out ballots and has invitations and reminders leave when their hold is over. Each step is one transaction
// that leaves behind where to go on, so that a crash between any two loses and doubles nothing.
func (s *Service) InviteJob() jobs.Job {
	return jobs.Job{Name: "invitations", Every: 10 * time.Second, Shared: true, Run: s.InviteDue}
}

// OnInvite registers what has InviteJob run soon.
func (s *Service) OnInvite(wake func()) { s.onInvite = wake }

// InviteDue does whatever is due. A sending that cannot go on does not keep the others.
func (s *Service) InviteDue(ctx context.Context) error {
	ctx = audit.AsSystem(ctx)
	if err := s.LayBallots(ctx); err != nil {
		return err
	}
	var due []int64
	err := s.DB.Read(ctx).Raw("SELECT id FROM survey_sendings WHERE state = 'going' AND hold_until <= ? ORDER BY id", s.DB.Now()).Scan(&due).Error
	if err != nil {
		return fmt.Errorf("find invitations that are due: %w", err)
	}
	var failed []error
	for _, id := range due {
		for more := true; more && ctx.Err() == nil; {
			if more, err = s.inviteChunk(ctx, id); err != nil {
				failed = append(failed, fmt.Errorf("send invitations %d: %w", id, err))
				more = false
			}
		}
	}
	return errors.Join(failed...)
}

// inviteChunk invites the next people of a sending, and ends it where there are none.
func (s *Service) inviteChunk(ctx context.Context, id int64) (more bool, err error) {
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		more = false
		d, err := lockSending(tx, id)
		if err != nil || d.State != SendingGoing {
			return err
		}
		form, err := readForm(tx.DB, d.SurveyID, "")
		if err != nil {
			return err
		}
		var people int
		if !form.Survey.Accepting(tx.Now()) {
			err = s.halt(ctx, tx, &d, "The survey took no answers any more.")
		} else {
			people, more, err = s.inviteNext(ctx, tx, form, &d)
		}
		if err != nil {
			return err
		}
		d.People += people
		if d.State != SendingGoing {
			err = audit.Record(ctx, tx, "survey.sending_"+string(d.State), "surveys", d.SurveyID, audit.Details{"sending": d.ID, "people": d.People})
		}
		return errors.Join(err, tx.Save(&d).Error)
	})
	return more, err
}

func (s *Service) inviteNext(ctx context.Context, tx *database.Tx, form Form, d *Sending) (people int, more bool, err error) {
	if d.Purpose != "" && d.MailingID == 0 {
		if d.MailingID, err = s.Outbox.CreateMailing(ctx, tx, s.mailingOf(form, *d)); err != nil {
			return 0, false, err
		}
	}
	switch d.Kind {
	case ToThoseWhoCame:
		people, more, err = s.inviteCame(tx, form, *d)
	case ToContacts:
		people, more, err = s.inviteContacts(ctx, tx, form, *d)
	case ToRemind:
		people, more, err = s.remindNext(ctx, tx, form, *d)
	}
	if err != nil || more {
		return people, more, err
	}
	now := tx.Now()
	d.State, d.SentAt = SendingSent, &now
	if d.MailingID != 0 {
		err = s.Outbox.ReleaseMailing(ctx, tx, d.MailingID, now)
	}
	return people, false, err
}

// addressee is somebody who is written to alone.
type addressee struct {
	ID    int64 // of the booking, or of the invitation that they are reminded of
	Email string
	Name  string
}

func (s *Service) inviteCame(tx *database.Tx, form Form, d Sending) (people int, more bool, err error) {
	var next []addressee
	err = tx.Raw("SELECT b.id, b.email, b.name"+cameUninvited+" ORDER BY b.id LIMIT ?", form.Survey.EventID, form.Survey.ID, form.Survey.ID, invitedAtOnce).Scan(&next).Error
	if err != nil {
		return 0, false, fmt.Errorf("find who came: %w", err)
	}
	for _, b := range next {
		id, fresh, err := inviteBooking(tx, form.Survey, b.ID, &d.ID)
		if err != nil {
			return 0, false, err
		}
		if fresh {
			people++
			if err := s.writeAlone(tx, form, d, b, id); err != nil {
				return 0, false, err
			}
		}
	}
	return people, people > 0, nil
}

// writeAlone queues the mail of one invitation.
func (s *Service) writeAlone(tx *database.Tx, form Form, d Sending, to addressee, invitationID int64) error {
	kind := "survey.invitation"
	if d.Kind == ToRemind {
		kind = "survey.reminder"
	}
	blocks := mail.Filled(s.blocks(form, d), mail.Values{Name: to.Name, Personal: s.invitationURL(invitationID)})
	return s.Outbox.Enqueue(tx, mail.Message{Key: fmt.Sprintf("%s:%d", kind, invitationID), Kind: kind, About: "survey_invitations", AboutID: invitationID,
		To: to.Email, ToName: to.Name, Subject: d.Subject, Blocks: blocks})
}

func (s *Service) inviteContacts(ctx context.Context, tx *database.Tx, form Form, d Sending) (people int, more bool, err error) {
	taken, more, err := s.Audiences.Take(ctx, tx, *d.ListID, invitedAtOnce)
	if err != nil {
		return 0, false, err
	}
	var to []mail.Recipient
	for _, r := range taken {
		invitationID, fresh, err := inviteContact(tx, form.Survey, d, r)
		if err != nil {
			return 0, false, err
		}
		if fresh {
			to = append(to, mail.Recipient{ContactID: r.ContactID, Address: r.Address, Name: r.Name, Personal: s.invitationURL(invitationID)})
		}
	}
	if len(to) > 0 {
		_, err = s.Outbox.AddRecipients(ctx, tx, d.MailingID, to)
	}
	return len(to), more, err
}

func inviteContact(tx *database.Tx, survey Survey, d Sending, r audiences.Recipient) (id int64, fresh bool, err error) {
	var there bool
	err = tx.Row(`SELECT EXISTS (SELECT 1 FROM contacts k WHERE k.id = ? AND `+contactInvited+`)`, r.ContactID, survey.ID, survey.ID).Scan(&there)
	if err != nil || there {
		return 0, false, err
	}
	id, err = tx.Insert(`INSERT INTO survey_invitations (survey_id, contact_id, sending_id, invited_at, created_at) VALUES (?, ?, ?, ?, ?) RETURNING id`,
		survey.ID, r.ContactID, d.ID, tx.Now(), tx.Now())
	if err != nil {
		return 0, false, fmt.Errorf("invite contact %d: %w", r.ContactID, err)
	}
	return id, true, nil
}

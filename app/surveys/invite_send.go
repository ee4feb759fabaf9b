package surveys

import (
	"context"

	"conversations/app/audiences"
	"conversations/app/database"
	"conversations/app/fault"
)

// SendInvitations has a draft leave after the hold, in which it can be called back. Conflict where the survey takes no
// answers, where the list was made anew, or where there is nobody to write to.
func (s *Service) SendInvitations(ctx context.Context, surveyID, id, version int64) (Sending, error) {
	form, err := s.FormOf(ctx, surveyID, "")
	if err != nil {
		return Sending{}, err
	}
	d, err := s.sending(ctx, surveyID, id)
	if err != nil {
		return Sending{}, err
	}
	people, err := s.waiting(ctx, form.Survey, d)
	if err != nil {
		return Sending{}, err
	}
	if err := s.ballotsFor(ctx, form.Survey, people); err != nil {
		return Sending{}, err
	}
	return s.changeSending(ctx, surveyID, id, version, "survey.sending_send", func(tx *database.Tx, d *Sending) error {
		switch {
		case d.State != SendingDraft:
			return alreadyOut()
		case d.Kind == ToContacts && d.ListID == nil:
			return fault.New(fault.Conflict, "Say who it is for first, and look at the list.")
		case people == 0:
			return fault.New(fault.Conflict, "There is nobody to write to.")
		}
		if err := s.mustTake(form.Survey); err != nil {
			return err
		}
		if d.ListID != nil {
			if err := audiences.Keep(tx, *d.ListID); err != nil {
				return err
			}
		}
		until := tx.Now().Add(s.Config.Updates.Hold)
		d.State, d.HoldUntil = SendingGoing, &until
		tx.AfterCommit(s.onInvite)
		return nil
	})
}

// InHand says that a sending is on its way out and nothing of it has left: it can be called back.
func (d Sending) InHand() bool { return d.State == SendingGoing && d.MailingID == 0 && d.People == 0 }

// CallBackInvitations makes a draft again of what is on its way out, while nothing has left.
func (s *Service) CallBackInvitations(ctx context.Context, surveyID, id int64) (Sending, error) {
	return s.changeSending(ctx, surveyID, id, 0, "survey.sending_call_back", func(tx *database.Tx, d *Sending) error {
		if !d.InHand() {
			return fault.New(fault.Conflict, "It is too late to call it back: the first emails may have left. You can stop the rest.")
		}
		d.State, d.HoldUntil = SendingDraft, nil
		if d.ListID != nil {
			return audiences.Free(tx, *d.ListID)
		}
		return nil
	})
}

// StopInvitations has nobody else be written to, for good.
func (s *Service) StopInvitations(ctx context.Context, surveyID, id int64) (Sending, error) {
	return s.changeSending(ctx, surveyID, id, 0, "survey.sending_stop", func(tx *database.Tx, d *Sending) error {
		if d.State == SendingDraft || d.State == SendingStopped {
			return fault.New(fault.Conflict, "Nothing is leaving.")
		}
		return s.halt(ctx, tx, d, "Staff stopped it.")
	})
}

func (s *Service) halt(ctx context.Context, tx *database.Tx, d *Sending, why string) error {
	d.State, d.Why = SendingStopped, why
	if d.MailingID == 0 {
		return nil
	}
	err := s.Outbox.StopMailing(ctx, tx, d.MailingID)
	if fault.KindOf(err) == fault.Conflict { // it was through
		return fault.New(fault.Conflict, "Everybody has been written to already.")
	}
	return err
}

// waiting counts those whom a draft would go to now.
func (s *Service) waiting(ctx context.Context, survey Survey, d Sending) (n int, err error) {
	switch d.Kind {
	case ToThoseWhoCame:
		return s.CameUninvited(ctx, survey)
	case ToRemind:
		return s.unreminded(ctx, survey.ID, d.Purpose)
	case ToContacts:
	}
	if d.ListID == nil {
		return 0, nil
	}
	err = s.DB.Read(ctx).Raw(`SELECT count(*) FROM audience_list_rows r JOIN contacts k ON k.id = r.contact_id WHERE r.list_id = ? AND r.outcome = 'email' AND NOT `+contactInvited,
		*d.ListID, survey.ID, survey.ID).Scan(&n).Error
	return n, err
}

// contactInvited is SQL that is true of a contact k who is invited: itself, as a contact that it was merged with, or by a
// booking with an address of theirs. Its two arguments are the survey's id.
var contactInvited = `EXISTS (SELECT 1 FROM contacts p WHERE ` + samePerson("k.id") + ` AND (EXISTS (SELECT 1 FROM survey_invitations x WHERE x.contact_id = p.id AND x.survey_id = ?)
	OR p.email_key IN (SELECT b.email_key FROM survey_invitations x JOIN bookings b ON b.id = x.booking_id WHERE x.survey_id = ? AND b.email_key <> '')))`

package newsletters

import (
	"context"
	"errors"
	"fmt"
	"time"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/jobs"
	"conversations/app/mail"
)

// filledAtOnce is how many recipients are handed to the outbox in one transaction.
const filledAtOnce = 500

// SendJob has updates leave when their time has come. Each step is one transaction that leaves behind where to go on, so
// that a crash between any two loses and doubles nothing.
func (s *Service) SendJob() jobs.Job {
	return jobs.Job{Name: "updates", Every: 10 * time.Second, Shared: true, Run: s.SendDue}
}

// OnSend registers what has SendJob run soon.
func (s *Service) OnSend(wake func()) { s.woken = wake }

func (s *Service) wake() {
	if s.woken != nil {
		s.woken()
	}
}

// SendDue does whatever is due for all updates. One that cannot go on does not keep the others.
func (s *Service) SendDue(ctx context.Context) error {
	var due []Update
	err := s.DB.Read(ctx).Raw(`SELECT * FROM updates WHERE state = 'approved' AND send_at <= ? OR state = 'sending' ORDER BY id`, s.DB.Now()).Scan(&due).Error
	if err != nil {
		return fmt.Errorf("find updates that are due: %w", err)
	}
	var failed []error
	for _, u := range due {
		if err := s.sendOn(ctx, u); err != nil {
			failed = append(failed, fmt.Errorf("send update %d: %w", u.ID, err))
		}
	}
	return errors.Join(failed...)
}

// sendOn takes one update as far as it can go now.
func (s *Service) sendOn(ctx context.Context, u Update) error {
	switch {
	case u.State == Approved && !u.Mailed():
		return s.publishDue(ctx, u)
	case u.State == Approved, u.MailingID == 0 && !u.held(s.DB.Now()):
		return s.begin(ctx, u)
	case u.MailingID == 0:
		return nil
	case u.ReleasedAt == nil:
		return s.fill(ctx, u)
	}
	return s.conclude(ctx, u)
}

// held says whether the update can still be called back before it begins to leave.
func (u Update) held(now time.Time) bool { return u.HoldUntil != nil && now.Before(*u.HoldUntil) }

func (s *Service) publishDue(ctx context.Context, seen Update) error {
	return s.stepOf(ctx, seen, func(tx *database.Tx, u *Update) error { return s.publish(ctx, tx, u) })
}

// begin makes the mailing, if the letter and the list are what was approved and the events in it are still to come.
func (s *Service) begin(ctx context.Context, u Update) error {
	c, blocks, wrong, err := s.asApproved(ctx, u)
	if err != nil || wrong != "" {
		return errors.Join(err, s.stopBefore(ctx, u, NotAsApproved, wrong))
	}
	if moved, err := s.movedSince(ctx, c); err != nil || moved != "" {
		return errors.Join(err, s.stopBefore(ctx, u, EventsChanged, moved))
	}
	err = s.stepOf(ctx, u, func(tx *database.Tx, u *Update) error {
		id, err := s.Outbox.CreateMailing(ctx, tx, s.mailingOf(*u, c, blocks))
		if err != nil {
			return err
		}
		u.State, u.MailingID = Sending, id
		return audit.Record(ctx, tx, "update.begin", updatesTable, u.ID, audit.Details{"mailing": id, "list": *u.ListID})
	})
	if err != nil {
		return err
	}
	if u, err = readUpdate(s.DB.Read(ctx), u.ID); err != nil || u.MailingID == 0 {
		return err
	}
	return s.fill(ctx, u)
}

// fill hands the list to the outbox, chunk by chunk, and releases the mailing.
func (s *Service) fill(ctx context.Context, u Update) error {
	for more := true; more; {
		var err error
		if more, err = s.fillChunk(ctx, u); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return s.release(ctx, u)
}

func (s *Service) fillChunk(ctx context.Context, seen Update) (more bool, err error) {
	err = s.stepOf(ctx, seen, func(tx *database.Tx, u *Update) error {
		taken, left, err := s.Audiences.Take(ctx, tx, *u.ListID, filledAtOnce)
		if more = left; err != nil || len(taken) == 0 {
			return err
		}
		recipients := make([]mail.Recipient, len(taken))
		for i, r := range taken {
			recipients[i] = mail.Recipient{ContactID: r.ContactID, Address: r.Address, Name: r.Name}
		}
		_, err = s.Outbox.AddRecipients(ctx, tx, u.MailingID, recipients)
		return err
	})
	if fault.KindOf(err) == fault.Conflict { // it was stopped meanwhile
		return false, nil
	}
	return more, err
}

// release lets a filled mailing go, and shows the update to everybody. The events are looked at once more right before.
func (s *Service) release(ctx context.Context, u Update) error {
	c, err := u.content(s.DB.Read(ctx))
	if err != nil {
		return err
	}
	if moved, err := s.movedSince(ctx, c); err != nil || moved != "" {
		return errors.Join(err, s.stopBefore(ctx, u, EventsChanged, moved))
	}
	return s.stepOf(ctx, u, func(tx *database.Tx, u *Update) error {
		now := tx.Now()
		err := s.Outbox.ReleaseMailing(ctx, tx, u.MailingID, now)
		if fault.KindOf(err) == fault.Conflict { // it was stopped meanwhile: what follows is its end
			u.ReleasedAt = &now
			return nil
		}
		if err != nil {
			return err
		}
		u.ReleasedAt = &now
		if u.PublishedAt == nil {
			u.PublishedAt = &now
		}
		return audit.Record(ctx, tx, "update.release", updatesTable, u.ID, audit.Details{"mailing": u.MailingID})
	})
}

// conclude notes that the outbox is through with an update.
func (s *Service) conclude(ctx context.Context, seen Update) error {
	m, err := s.Outbox.Mailing(ctx, seen.MailingID)
	if err != nil || m.EndedAt == nil {
		return err
	}
	return s.stepOf(ctx, seen, func(tx *database.Tx, u *Update) error {
		u.State = Sent
		return audit.Record(ctx, tx, "update.sent", updatesTable, u.ID, audit.Details{"mailing": m.ID, "state": m.State})
	})
}

// stepOf does one step of the way out if the update is still as it was seen: another instance, or somebody who called it
// back, may have been quicker.
func (s *Service) stepOf(ctx context.Context, seen Update, step func(tx *database.Tx, u *Update) error) error {
	ctx = audit.AsSystem(ctx)
	return s.DB.Write(ctx, func(tx *database.Tx) error {
		u, err := lock(tx, seen.ID)
		if err != nil {
			return err
		}
		released := (u.ReleasedAt == nil) == (seen.ReleasedAt == nil)
		if u.Version != seen.Version || u.State != seen.State || u.MailingID != seen.MailingID || !released {
			return nil
		}
		if err := step(tx, &u); err != nil {
			return err
		}
		u.UpdatedAt = tx.Now()
		if err := tx.Save(&u).Error; err != nil {
			return fmt.Errorf("store update %d: %w", u.ID, err)
		}
		return nil
	})
}

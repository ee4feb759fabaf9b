package newsletters

import (
	"context"
	"fmt"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/events"
	"conversations/app/fault"
	"conversations/app/mail"
)

// latestSchedule is how far ahead a letter can be scheduled.
const latestSchedule = 366 * 24 * time.Hour

// Send has an approved update leave after the hold, in which it can be called back. One that is not mailed is published
// at once.
func (s *Service) Send(ctx context.Context, id, version int64) (Update, error) {
	return s.changeApproved(ctx, id, version, func(tx *database.Tx, u *Update) error {
		u.SendAt = nil
		if !u.Mailed() {
			return s.publish(ctx, tx, u)
		}
		until := tx.Now().Add(s.Config.Updates.Hold)
		u.State, u.HoldUntil = Sending, &until
		return audit.Record(ctx, tx, "update.send", updatesTable, u.ID, audit.Details{"version": u.Version, "hold_until": until})
	})
}

// Schedule has an approved update leave at a local date and time. Until then it can be called back. An Invalid fault says
// what is wrong with the time, and asks which is meant where the clocks show it twice.
func (s *Service) Schedule(ctx context.Context, id, version int64, when events.TypedMoment) (Update, error) {
	at, problems := when.Read("send", "The date", "it leaves", s.Config.Zone())
	if err := problems.Err(); err != nil {
		return Update{}, err
	}
	earliest := s.DB.Now().Add(s.Config.Updates.Hold)
	if at.Before(earliest) {
		problems.Add("send_time", "Choose a time after "+events.Moment(earliest.In(s.Config.Zone()))+", so that it can still be called back. Or send it now")
	}
	if at.After(s.DB.Now().Add(latestSchedule)) {
		problems.Add("send_day", "Choose a day within a year from now")
	}
	if err := problems.Err(); err != nil {
		return Update{}, err
	}
	return s.changeApproved(ctx, id, version, func(tx *database.Tx, u *Update) error {
		u.SendAt, u.HoldUntil = &at, nil
		return audit.Record(ctx, tx, "update.schedule", updatesTable, u.ID, audit.Details{"version": u.Version, "at": at})
	})
}

// CallBack stops what was sent within the hold, or scheduled: nothing has left. The approval stays.
func (s *Service) CallBack(ctx context.Context, id int64) (u Update, err error) {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return u, err
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		if u, err = lock(tx, id); err != nil {
			return err
		}
		if !u.InHand() {
			return fault.New(fault.Conflict, "It is too late to call it back: the first letters may have left. You can stop the rest.")
		}
		u.State, u.SendAt, u.HoldUntil, u.UpdatedAt = Approved, nil, nil, tx.Now()
		if err := tx.Save(&u).Error; err != nil {
			return fmt.Errorf("call update %d back: %w", id, err)
		}
		return audit.Record(ctx, tx, "update.call_back", updatesTable, id, audit.Details{"version": u.Version})
	})
	return u, err
}

// InHand says that the update is on its way out and nothing of it has left: it can be called back.
func (u Update) InHand() bool {
	return u.State == Approved && u.SendAt != nil || u.State == Sending && u.MailingID == 0
}

// changeApproved is what can be done with an approved update.
func (s *Service) changeApproved(ctx context.Context, id, version int64, change func(tx *database.Tx, u *Update) error) (u Update, err error) {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return u, err
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		if u, err = lock(tx, id); err != nil {
			return err
		}
		if err := u.mustBe(Approved); err != nil {
			return err
		}
		if err := u.mustBeVersion(version); err != nil {
			return err
		}
		if err := change(tx, &u); err != nil {
			return err
		}
		u.UpdatedAt = tx.Now()
		if err := tx.Save(&u).Error; err != nil {
			return fmt.Errorf("store update %d: %w", id, err)
		}
		tx.AfterCommit(s.wake)
		return nil
	})
	return u, err
}

// publish shows an update to everybody that is not mailed.
func (s *Service) publish(ctx context.Context, tx *database.Tx, u *Update) error {
	now := tx.Now()
	u.State, u.PublishedAt, u.SendAt, u.HoldUntil = Published, &now, nil, nil
	return audit.Record(ctx, tx, "update.publish", updatesTable, u.ID, audit.Details{"version": u.Version})
}

// Pause keeps back whoever was not written to yet.
func (s *Service) Pause(ctx context.Context, id int64) error {
	return s.turn(ctx, id, "update.pause", s.Outbox.PauseMailing)
}

// Resume lets a paused letter go on.
func (s *Service) Resume(ctx context.Context, id int64) error {
	return s.turn(ctx, id, "update.resume", s.Outbox.ResumeMailing)
}

// Stop ends the sending for good: who was not written to yet will not be.
func (s *Service) Stop(ctx context.Context, id int64) error {
	return s.turn(ctx, id, "update.stop", s.Outbox.StopMailing)
}

func (s *Service) turn(ctx context.Context, id int64, action string, do func(context.Context, *database.Tx, int64) error) error {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *database.Tx) error {
		u, err := lock(tx, id)
		if err != nil {
			return err
		}
		if u.State != Sending || u.MailingID == 0 {
			return fault.New(fault.Conflict, "This letter is not being sent now.")
		}
		if err := do(ctx, tx, u.MailingID); err != nil {
			return err
		}
		tx.AfterCommit(s.wake)
		return audit.Record(ctx, tx, action, updatesTable, id, audit.Details{"mailing": u.MailingID})
	})
}

// mailingOf is the letter as the outbox takes it. Its key is of this approval: what was stopped before it began is not
// taken up again.
func (s *Service) mailingOf(u Update, c Content, blocks []mail.Block) mail.NewMailing {
	kind := "update"
	if u.Corrects != nil {
		kind = "correction"
	}
	return mail.NewMailing{
		Key: fmt.Sprintf("update:%d:%d", u.ID, u.Version), Kind: kind, About: updatesTable, AboutID: u.ID,
		Subject: u.Title, Blocks: blocks, ListID: "updates", Purpose: u.Purpose, Because: s.because(u), Nameless: c.NamelessWords(),
	}
}

// because says at the foot of the letter why its reader gets it.
func (s *Service) because(u Update) string {
	for _, p := range s.Config.Contacts.Purposes {
		if p.Slug == u.Purpose {
			return "You get this letter because you are on the list of " + s.Config.Programme.Name + " for: " + p.Name + "."
		}
	}
	return ""
}

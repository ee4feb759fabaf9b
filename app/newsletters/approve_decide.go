package newsletters

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/mail"
)

// maxReasonCharacters bounds why an update is sent back.
const maxReasonCharacters = 1000

// Approve says that the letter and its list are right as they were frozen. Where the configuration asks for two people,
// neither who asked nor who wrote the letter last can.
func (s *Service) Approve(ctx context.Context, id, version int64) (u Update, err error) {
	return s.decide(ctx, id, version, func(tx *database.Tx, u *Update) error {
		if err := s.mayApprove(ctx, tx.DB, *u); err != nil {
			return err
		}
		now := tx.Now()
		u.State, u.ApprovedBy, u.ApprovedAt, u.UpdatedAt = Approved, audit.StaffID(ctx), &now, now
		if err := tx.Save(u).Error; err != nil {
			return fmt.Errorf("approve update %d: %w", u.ID, err)
		}
		err := s.tellAsker(tx, *u, "approved", "Approved: "+u.Title, mail.Paragraph(s.actor(ctx)+" approved \""+u.Title+"\". It can be sent now."),
			mail.Button("Send it", s.Links.URL(stepPath(u.ID, sendStep))))
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, "update.approve", updatesTable, u.ID, audit.Details{"version": u.Version})
	})
}

// Decline sends the update back to be changed, with a reason that its writers see.
func (s *Service) Decline(ctx context.Context, id, version int64, reason string) (u Update, err error) {
	var problems fault.Fields
	if reason = strings.TrimSpace(reason); reason == "" {
		problems.Add("reason", "Say what should be changed")
	}
	if utf8.RuneCountInString(reason) > maxReasonCharacters {
		problems.Add("reason", fmt.Sprintf("Say it in %d letters or fewer", maxReasonCharacters))
	}
	if err := problems.Err(); err != nil {
		return Update{}, err
	}
	return s.decide(ctx, id, version, func(tx *database.Tx, u *Update) error {
		err := s.tellAsker(tx, *u, "declined", "Please change: "+u.Title, mail.Paragraph(s.actor(ctx)+" looked at \""+u.Title+"\" and asks for a change:"),
			mail.Paragraph(reason), mail.Button("Change it", s.Links.URL(stepPath(u.ID, ""))))
		if err != nil {
			return err
		}
		if err := sendBack(ctx, tx, u.ID, Declined, reason); err != nil {
			return err
		}
		*u, err = lock(tx, u.ID)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, "update.decline", updatesTable, u.ID, audit.Details{"version": u.Version})
	})
}

// Withdraw takes back that approval was asked for, or that it was given: the update is a draft again.
func (s *Service) Withdraw(ctx context.Context, id, version int64) (u Update, err error) {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return u, err
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		if u, err = lock(tx, id); err != nil {
			return err
		}
		if err := u.mustBe(Asked, Approved); err != nil {
			return err
		}
		if err := u.mustBeVersion(version); err != nil {
			return err
		}
		if err := sendBack(ctx, tx, id, AskedBack, ""); err != nil {
			return err
		}
		return audit.Record(ctx, tx, "update.withdraw", updatesTable, id, audit.Details{"version": version})
	})
	return u, err
}

// decide is every answer to the question for approval.
func (s *Service) decide(ctx context.Context, id, version int64, answer func(tx *database.Tx, u *Update) error) (u Update, err error) {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return u, err
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		if u, err = lock(tx, id); err != nil {
			return err
		}
		if err := u.mustBe(Asked); err != nil {
			return err
		}
		if err := u.mustBeVersion(version); err != nil {
			return err
		}
		return answer(tx, &u)
	})
	return u, err
}

// mayApprove says why the actor cannot approve: they asked, or they wrote the letter last.
func (s *Service) mayApprove(ctx context.Context, q *gorm.DB, u Update) error {
	me := audit.ActorFrom(ctx)
	if !s.Config.Updates.TwoPeople || me.Kind != audit.Staff {
		return nil
	}
	if u.AskedBy != nil && *u.AskedBy == me.ID {
		return fault.New(fault.Conflict, "You asked for approval, so somebody else has to approve it.")
	}
	writer, err := lastWriter(q, u)
	if err != nil {
		return err
	}
	if writer == me.ID {
		return fault.New(fault.Conflict, "You wrote this letter last, so somebody else has to approve it.")
	}
	return nil
}

// lastWriter is who wrote the words that are frozen: 0 where it was the program itself.
func lastWriter(q *gorm.DB, u Update) (staffID int64, err error) {
	t, err := readText(q, u.ID, u.TextID)
	for err == nil && t.Made == Frozen && t.BasedOn != 0 {
		t, err = readText(q, u.ID, t.BasedOn)
	}
	if err != nil || t.StaffID == nil {
		return 0, err
	}
	return *t.StaffID, nil
}

// tellAsker writes to who asked for approval, if they still work here.
func (s *Service) tellAsker(tx *database.Tx, u Update, what, subject string, blocks ...mail.Block) error {
	if u.AskedBy == nil {
		return nil
	}
	colleagues, err := accounts.WhoMay(tx.DB, accounts.WriteUpdates)
	if err != nil {
		return err
	}
	for _, c := range colleagues {
		if c.ID == *u.AskedBy {
			return s.tellStaff(tx, u, c, what, subject, blocks...)
		}
	}
	return nil
}

package newsletters

import (
	"context"
	"fmt"

	"conversations/app/accounts"
	"conversations/app/audiences"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/mail"
)

// updatesTable names the table of updates to the audit log, the outbox and audiences.
const updatesTable = "updates"

// Mailed says whether the update goes to people; one that does not is published only.
func (u Update) Mailed() bool { return u.Rule != "" }

// mustBeVersion refuses what somebody decided before the update was changed.
func (u Update) mustBeVersion(version int64) error {
	if u.Version == version {
		return nil
	}
	return fault.New(fault.Conflict, "Somebody else changed this update meanwhile. Look at it again, and then decide.")
}

// AskApproval freezes the letter and, where it is mailed, a list made now, and asks colleagues to look at both. version
// is that of the update that was shown. A Conflict fault says what is still in the way.
func (s *Service) AskApproval(ctx context.Context, id, version int64) (Update, error) {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return Update{}, err
	}
	u, err := readUpdate(s.DB.Read(ctx), id)
	if err != nil {
		return Update{}, err
	}
	c, err := s.ready(ctx, u, version)
	if err != nil {
		return Update{}, err
	}
	list, err := s.listFor(ctx, u)
	if err != nil {
		return Update{}, err
	}
	digest, err := s.digestOf(ctx, u, c, list)
	if err != nil {
		return Update{}, err
	}
	return s.ask(ctx, u, c, list, digest)
}

// ready gives the letter with its events as they are now, if it may leave like this.
func (s *Service) ready(ctx context.Context, u Update, version int64) (c Content, err error) {
	if err := u.mustBe(Draft); err != nil {
		return c, err
	}
	if err := u.mustBeVersion(version); err != nil {
		return c, err
	}
	if u.Kind == StakeholderUpdate && !u.Mailed() {
		return c, fault.New(fault.Conflict, "Choose who it is for first.")
	}
	if c, err = u.content(s.DB.Read(ctx)); err != nil {
		return c, err
	}
	found, err := s.Check(ctx, u, c)
	if err != nil {
		return c, err
	}
	if errors := found.Errors(); len(errors) > 0 {
		return c, fault.New(fault.Conflict, "The letter is not ready: "+errors[0].Text)
	}
	return s.Freeze(ctx, c)
}

// listFor makes a fresh list; the zero list where the update is not mailed.
func (s *Service) listFor(ctx context.Context, u Update) (l audiences.List, err error) {
	if !u.Mailed() {
		return l, nil
	}
	rule, err := audiences.ParseRule(u.Rule)
	if err != nil {
		return l, err
	}
	if l, err = s.Audiences.Make(ctx, audiences.Request{Rule: rule, Purpose: u.Purpose, About: updatesTable, AboutID: u.ID}); err != nil {
		return l, err
	}
	if l.Size() == 0 {
		return l, fault.New(fault.Conflict, "Nobody is on the list, so there is nobody to write to. Choose who it is for again.")
	}
	return l, nil
}

// digestOf is the digest of what is frozen: the words, how they are drawn, and who gets them.
func (s *Service) digestOf(ctx context.Context, u Update, c Content, list audiences.List) (string, error) {
	u.State = Asked // what is drawn is what was frozen
	blocks, err := s.Letter(ctx, u, c)
	if err != nil {
		return "", err
	}
	return frozen(c, blocks, list.Digest, u.Purpose)
}

func (s *Service) ask(ctx context.Context, seen Update, c Content, list audiences.List, digest string) (u Update, err error) {
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		if u, err = lock(tx, seen.ID); err != nil {
			return err
		}
		if err := u.mustBe(Draft); err != nil {
			return err
		}
		if err := u.mustBeVersion(seen.Version); err != nil {
			return err
		}
		text := Text{UpdateID: u.ID, BasedOn: u.TextID, Made: Frozen, Content: c.text(), StaffID: audit.StaffID(ctx)}
		if err := addText(tx, &u, &text); err != nil {
			return err
		}
		now := tx.Now()
		u.State, u.Version, u.AskedBy, u.AskedAt, u.ApprovedDigest, u.UpdatedAt = Asked, u.Version+1, audit.StaffID(ctx), &now, digest, now
		u.BackWhy, u.BackReason, u.BackBy, u.BackAt = "", "", nil, nil
		if list.ID != 0 {
			if err := audiences.Keep(tx, list.ID); err != nil {
				return err
			}
			u.ListID = &list.ID
		}
		if err := tx.Save(&u).Error; err != nil {
			return fmt.Errorf("freeze update %d: %w", u.ID, err)
		}
		if err := s.tellWhoMayApprove(ctx, tx, u, list); err != nil {
			return err
		}
		return audit.Record(ctx, tx, "update.ask_approval", updatesTable, u.ID, audit.Details{"version": u.Version, "list": list.ID, "people": list.Size()})
	})
	if err == nil && list.ID != 0 {
		err = s.Audiences.Drop(ctx, updatesTable, u.ID, list.ID)
	}
	return u, err
}

// tellWhoMayApprove writes to the colleagues who can approve it.
func (s *Service) tellWhoMayApprove(ctx context.Context, tx *database.Tx, u Update, list audiences.List) error {
	colleagues, err := accounts.WhoMay(tx.DB, accounts.WriteUpdates)
	if err != nil {
		return err
	}
	for _, c := range colleagues {
		if c.ID == audit.ActorFrom(ctx).ID {
			continue
		}
		err := s.tellStaff(tx, u, c, "asked", "Please look at: "+u.Title,
			mail.Paragraph(s.actor(ctx)+" asks for approval of \""+u.Title+"\" ("+u.Kind.Name()+"). "+audienceWords(u, list)+" Whoever wrote it last cannot approve it."),
			mail.Button("Look at it", s.Links.URL(stepPath(u.ID, approvalStep))))
		if err != nil {
			return err
		}
	}
	return nil
}

func audienceWords(u Update, list audiences.List) string {
	if !u.Mailed() {
		return "It is published, and not sent to anybody."
	}
	words := "It goes to " + countPeople(list.Email) + " by email"
	if list.Post > 0 {
		words += " and to " + countPeople(list.Post) + " on paper"
	}
	return words + "."
}

// tellStaff queues a mail to a colleague about an update, once for each version of it.
func (s *Service) tellStaff(tx *database.Tx, u Update, to accounts.Staff, what, subject string, blocks ...mail.Block) error {
	return s.Outbox.Enqueue(tx, mail.Message{
		Key: fmt.Sprintf("update:%d:%d:%s:%d", u.ID, u.Version, what, to.ID), Kind: "staff.update-" + what, About: updatesTable, AboutID: u.ID,
		To: to.Email, ToName: to.Name, Subject: subject,
		Blocks: append([]mail.Block{mail.Heading(subject), mail.Paragraph("Dear " + to.Name + ",")}, blocks...),
	})
}

// actor is who acts, as colleagues call them.
func (s *Service) actor(ctx context.Context) string {
	if a := audit.ActorFrom(ctx); a.Kind == audit.Staff && a.Name != "" {
		return a.Name
	}
	return "The program"
}

package newsletters

import (
	"context"
	"strings"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/mail"
)

// asApproved gives the letter, and says what is wrong where it or its list is not what was approved.
func (s *Service) asApproved(ctx context.Context, u Update) (c Content, blocks []mail.Block, wrong string, err error) {
	if u.ListID == nil {
		return c, nil, "The list is missing.", nil
	}
	list, err := s.Audiences.ByID(ctx, *u.ListID)
	if err != nil {
		return c, nil, "", err
	}
	if intact, err := s.Audiences.Intact(ctx, list); err != nil || !intact {
		return c, nil, "The list is not the one that was approved.", err
	}
	if c, err = u.content(s.DB.Read(ctx)); err != nil {
		return c, nil, "", err
	}
	if blocks, err = s.Letter(ctx, u, c); err != nil {
		return c, nil, "", err
	}
	digest, err := frozen(c, blocks, list.Digest, u.Purpose)
	if err == nil && digest != u.ApprovedDigest {
		wrong = "The letter is not the one that was approved."
	}
	return c, blocks, wrong, err
}

// movedSince says what has changed about the events in a frozen letter; "" where nothing has.
func (s *Service) movedSince(ctx context.Context, c Content) (string, error) {
	now, err := s.Freeze(ctx, c)
	if err != nil {
		return "", err
	}
	var moved []string
	for i, section := range c.Sections {
		moved = append(moved, movedLines(section.Events, now.Sections[i].Events)...)
	}
	return strings.Join(moved, " "), nil
}

// stopBefore makes an update a draft again that was about to leave, and tells who asked for approval. A mailing that was
// being filled is stopped: nothing of it has left.
func (s *Service) stopBefore(ctx context.Context, seen Update, why Back, reason string) error {
	if reason == "" {
		return nil
	}
	return s.DB.Write(ctx, func(tx *database.Tx) error {
		u, err := lock(tx, seen.ID)
		if err != nil || u.Version != seen.Version || u.State != seen.State || u.ReleasedAt != nil {
			return err // somebody was quicker
		}
		if u.MailingID != 0 {
			if err := s.Outbox.StopMailing(ctx, tx, u.MailingID); err != nil {
				return err
			}
			if err := tx.Exec(`UPDATE updates SET mailing_id = 0 WHERE id = ?`, u.ID).Error; err != nil {
				return err
			}
		}
		if err := s.tellAsker(tx, u, "stopped", "Not sent: "+u.Title, mail.Paragraph("\""+u.Title+"\" was not sent. Nobody got it. The reason:"), mail.Paragraph(reason),
			mail.Paragraph("It is a draft again. Look at it, and ask for approval again."), mail.Button("Look at it", s.Links.URL(stepPath(u.ID, "")))); err != nil {
			return err
		}
		if err := sendBack(ctx, tx, u.ID, why, reason); err != nil {
			return err
		}
		return audit.Record(ctx, tx, "update.stop_before", updatesTable, u.ID, audit.Details{"why": why, "version": u.Version})
	})
}

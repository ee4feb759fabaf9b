package site

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/mail"
)

// mailsOnPage is how many mails the staff's list shows at once.
const mailsOnPage = 50

// MailPage is one page of the mails of one state, newest first.
type MailPage struct {
	State mail.State
	Mails []mail.Mail
	Total int64
	Page  int // from 1
}

// Mails gives a page of the mails of one state.
func (s *Service) Mails(ctx context.Context, state mail.State, page int) (MailPage, error) {
	if err := accounts.Require(ctx, accounts.SeeMails); err != nil {
		return MailPage{}, err
	}
	page = max(1, page)
	list, total, err := s.outbox.List(ctx, mail.Filter{State: state, Limit: mailsOnPage, Skip: (page - 1) * mailsOnPage})
	if err != nil {
		return MailPage{}, fmt.Errorf("list mails: %w", err)
	}
	return MailPage{State: state, Mails: list, Total: total, Page: page}, nil
}

// MailSummary is how the outbox stands.
func (s *Service) MailSummary(ctx context.Context) (mail.Summary, error) {
	if err := accounts.Require(ctx, accounts.SeeMails); err != nil {
		return mail.Summary{}, err
	}
	return s.outbox.Summary(ctx)
}

// ReportsLeft is how many mails in the mailbox of delivery reports could not be understood and wait for a person.
func (s *Service) ReportsLeft(ctx context.Context) (int, error) {
	if err := accounts.Require(ctx, accounts.SeeMails); err != nil {
		return 0, err
	}
	return s.reports.Left(ctx)
}

// Mail finds a mail, or gives a NotFound fault.
func (s *Service) Mail(ctx context.Context, id int64) (mail.Mail, error) {
	if err := accounts.Require(ctx, accounts.SeeMails); err != nil {
		return mail.Mail{}, err
	}
	return s.outbox.ByID(ctx, id)
}

// signInMail says whether a mail holds a link by which whoever reads it could sign in as somebody else.
func signInMail(m mail.Mail) bool { return m.About == "staff" }

// secretMail says whether a mail holds a link by which whoever reads it could act for its reader in a way that staff who see
// mails may not: sign in, agree to letters or end them, answer a survey.
func (s *Service) secretMail(m mail.Mail) bool {
	return slices.Contains([]string{"staff", "subscription_requests", "contacts", "survey_invitations"}, m.About) ||
		strings.Contains(m.Content, strings.TrimRight(s.cfg.BaseURL, "/")+"/s/") // thanks for coming have a survey's link
}

// MailHTML is the text of a mail as its reader sees it: a page of its own. NotFound where it may not be seen.
func (s *Service) MailHTML(ctx context.Context, id int64) (string, error) {
	m, err := s.Mail(ctx, id)
	if err != nil {
		return "", err
	}
	if m.Emptied() || s.secretMail(m) {
		return "", fault.New(fault.NotFound, "The text of this email cannot be shown.")
	}
	var content struct {
		Blocks []mail.Block `json:"blocks"`
	}
	if err := json.Unmarshal([]byte(m.Content), &content); err != nil {
		return "", fmt.Errorf("read the text of mail %d: %w", id, err)
	}
	return mail.HTML(s.cfg, m.Subject, content.Blocks)
}

// mayResend says whether the actor can have a mail sent again.
func mayResend(ctx context.Context, m mail.Mail) bool {
	return accounts.May(audit.ActorFrom(ctx), accounts.ManageBookings) && m.State != mail.Queued && !m.Emptied() && !signInMail(m)
}

// SendAgain queues a copy of a mail and returns the copy's id. See mail.Outbox.SendAgain for the faults.
func (s *Service) SendAgain(ctx context.Context, id int64) (copied int64, err error) {
	if err := accounts.Require(ctx, accounts.ManageBookings); err != nil {
		return 0, err
	}
	m, err := s.Mail(ctx, id)
	if err != nil {
		return 0, err
	}
	if signInMail(m) {
		return 0, fault.New(fault.Forbidden, "A sign-in link is sent anew from the page of the person's account.")
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		copied, err = s.outbox.SendAgain(ctx, tx, id)
		return err
	})
	return copied, err
}

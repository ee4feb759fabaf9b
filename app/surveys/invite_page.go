package surveys

import (
	"context"
	"fmt"
	"net/url"
	"strconv"

	"conversations/app/audiences"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/mail"
	"conversations/app/sheet"
)

// Sendings are all invitations and reminders of a survey, the newest first.
func (s *Service) Sendings(ctx context.Context, surveyID int64) (list []Sending, err error) {
	if err := mayBuild(ctx); err != nil {
		return nil, err
	}
	if err := s.DB.Read(ctx).Raw("SELECT * FROM survey_sendings WHERE survey_id = ? ORDER BY id DESC", surveyID).Scan(&list).Error; err != nil {
		return nil, fmt.Errorf("list the invitations to survey %d: %w", surveyID, err)
	}
	return list, nil
}

// SendingPage is a sending as staff look at it.
type SendingPage struct {
	Sending  Sending
	Form     Form
	Rule     audiences.Rule
	Words    string // the rule in plain words
	List     audiences.List
	Made     bool // there is a list
	Counts   []audiences.Count
	Waiting  int           // to whom a draft would go now
	Progress mail.Progress // of its mailing
}

// SendingOf gives a sending with whom it goes to; NotFound where there is none.
func (s *Service) SendingOf(ctx context.Context, surveyID, id int64) (p SendingPage, err error) {
	if p.Sending, err = s.sending(ctx, surveyID, id); err != nil {
		return p, err
	}
	if p.Form, err = s.FormOf(ctx, surveyID, ""); err != nil {
		return p, err
	}
	if p.Sending.Kind == ToContacts {
		if err := s.addList(ctx, &p); err != nil {
			return p, err
		}
	}
	if p.Sending.State == SendingDraft {
		if p.Waiting, err = s.waiting(ctx, p.Form.Survey, p.Sending); err != nil {
			return p, err
		}
	}
	if p.Sending.MailingID != 0 {
		p.Progress, err = s.Outbox.MailingProgress(ctx, p.Sending.MailingID)
	}
	return p, err
}

func (s *Service) addList(ctx context.Context, p *SendingPage) (err error) {
	if p.Rule, err = audiences.ParseRule(p.Sending.Rule); err != nil {
		return err
	}
	if p.Sending.ListID == nil {
		return nil
	}
	if p.Words, err = s.Audiences.Words(ctx, p.Rule); err != nil {
		return err
	}
	if p.List, err = s.Audiences.ByID(ctx, *p.Sending.ListID); err != nil {
		return err
	}
	p.Made = true
	p.Counts, err = s.Audiences.Counts(ctx, p.List.ID)
	return err
}

// form is the form of a sending that is stored.
func (p SendingPage) form() SendingForm {
	return SendingForm{Subject: p.Sending.Subject, Body: p.Sending.Body, Purpose: p.Sending.Purpose, Version: p.Sending.Version,
		Any: audiences.Ticked(p.Rule.Any), All: audiences.Ticked(p.Rule.All), None: audiences.Ticked(p.Rule.None)}
}

// peopleHref is the address of a view of a list.
func peopleHref(path string, f audiences.RowFilter, page int) string {
	q := url.Values{}
	for name, value := range map[string]string{"show": string(f.Outcome), "q": f.Text, "sort": f.Sort} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// ExportInvited gives a view of the list of a sending, all pages of it, as a table on its way out. That it was taken out is
// in the audit log; the text looked for is not, for it may name somebody.
func (s *Service) ExportInvited(ctx context.Context, surveyID, id int64, f audiences.RowFilter, format sheet.Format) (sheet.Table, error) {
	p, err := s.SendingOf(ctx, surveyID, id)
	if err != nil {
		return sheet.Table{}, err
	}
	if !p.Made {
		return sheet.Table{}, fault.New(fault.NotFound, "There is no list yet.")
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		return audit.Record(ctx, tx, "survey.sending_export", "surveys", surveyID, audit.Details{"format": format, "sending": id, "show": f.Outcome, "searched": f.Text != ""})
	})
	if err != nil {
		return sheet.Table{}, err
	}
	rows := func(yield func([]any, error) bool) {
		for r, err := range s.Audiences.Each(ctx, p.List.ID, f) {
			if !yield([]any{r.ContactID, r.Name, r.Organisation, r.Email, string(r.Outcome), string(r.Reason)}, err) {
				return
			}
		}
	}
	return sheet.Table{Head: []string{"contact", "name", "organisation", "email", "outcome", "reason"}, Rows: rows,
		Options: sheet.Options{Name: "People", At: s.DB.Now(), By: audit.ActorFrom(ctx).Name, Zone: s.Config.Zone(),
			Filter: [][2]string{{"Survey", p.Form.Words.Title}, {"For", p.Words}, {"Shown", string(f.Outcome)}}}}, nil
}

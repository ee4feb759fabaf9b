package site

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"conversations/app/audit"
	"conversations/app/mail"
	pages "conversations/templates/site"
)

// cameBack says what to do about mails in the mailbox of delivery reports that the program could not understand.
func (s *Service) cameBack(ctx context.Context) (string, error) {
	left, err := s.ReportsLeft(ctx)
	if err != nil || left == 0 {
		return "", err
	}
	box := s.cfg.Mail.Bounces
	return fmt.Sprintf("%s and could not be understood. Look in the folder %s of %s: there is a flag on each. Take the flag off when you have looked.",
		counted(left, "email came back", "emails came back"), box.Folder, box.Address), nil
}

func mailPath(id int64) string { return fmt.Sprintf("%s/%d", mailsPath, id) }

// moment is a date and time on the programme's clocks, for lists.
func (s *Service) moment(t time.Time) string {
	return t.In(s.cfg.Zone()).Format("2 January 2006, 15:04")
}

var stateHeadings = map[mail.State]string{mail.Failed: "Emails that did not arrive", mail.Queued: "Emails that wait", mail.Sent: "Emails that were sent"}

// mailSection draws a page of mails; first says that the rest is shown elsewhere.
func (s *Service) mailSection(p MailPage, first bool) pages.MailSection {
	section := pages.MailSection{Heading: stateHeadings[p.State], Total: strconv.FormatInt(p.Total, 10)}
	if first && p.Total > int64(len(p.Mails)) {
		section.AllHref = mailsPath + "?state=" + string(p.State)
	}
	for _, m := range p.Mails {
		section.Rows = append(section.Rows, pages.MailRow{Href: mailPath(m.ID), Subject: m.Subject, To: m.ToAddress, Made: s.moment(m.CreatedAt), Words: s.mailWords(m)})
	}
	return section
}

// mailWords says what became of a mail, with the mail server's own words where it said something.
func (s *Service) mailWords(m mail.Mail) string {
	switch m.State {
	case mail.Sent:
		if m.SentAt != nil {
			return "Sent " + s.moment(*m.SentAt)
		}
		return "Sent"
	case mail.Failed:
		return "Failed. The mail server said: " + m.LastError
	case mail.Queued:
		if m.LastError != "" {
			return "Waits. The mail server said: " + m.LastError
		}
	}
	return "Waits"
}

func (s *Service) mailView(m mail.Mail, resend bool) pages.MailView {
	v := pages.MailView{Subject: m.Subject, Facts: []pages.MailFact{
		{Label: "To", Text: joinWords(m.ToName, m.ToAddress)}, {Label: "Made", Text: s.moment(m.CreatedAt)}, {Label: "What happened", Text: s.mailWords(m)},
	}}
	if m.State == mail.Queued {
		v.Facts = append(v.Facts, pages.MailFact{Label: "Next try", Text: s.moment(m.NextTryAt)})
	}
	if m.About == "bookings" {
		v.Facts = append(v.Facts, pages.MailFact{Label: "About", Text: "See the booking", Href: fmt.Sprintf("%s/%d", bookingsPath, m.AboutID)})
	}
	if resend {
		v.AgainHref = mailPath(m.ID) + "/again"
	}
	switch {
	case s.secretMail(m) && !signInMail(m):
		v.NoText = "This email has a link that is for its reader alone, so its text is shown to nobody else."
	case signInMail(m):
		v.NoText = "This email has a link that lets its reader sign in, so its text is shown to nobody else. To send a new link, go to the page of the person’s account."
	case m.Emptied():
		v.NoText = "We no longer keep the text of this email, so it cannot be sent again."
	default:
		v.TextHref = mailPath(m.ID) + "/text"
	}
	return v
}

func joinWords(name, address string) string {
	if name == "" {
		return address
	}
	return name + ", " + address
}

func (s *Service) logView(ctx context.Context, f LogFilter, page LogPage) (v pages.AuditView, err error) {
	people, err := s.logPeople(ctx)
	if err != nil {
		return v, fmt.Errorf("list the staff: %w", err)
	}
	query := f.query()
	v = pages.AuditView{Who: f.Who, From: f.From, To: f.To, Entity: f.Entity, ID: query.Get("id"), Action: f.Action, Entities: s.entities(), Query: query.Encode()}
	for _, p := range people {
		v.People = append(v.People, pages.AuditPerson{ID: strconv.FormatInt(p.ID, 10), Name: p.Name})
	}
	v.Newer, v.Older = neighbours(logPath, query, page.Page, page.More)
	for _, e := range page.Entries {
		v.Rows = append(v.Rows, pages.AuditRow{When: e.At.In(s.cfg.Zone()).Format("2 January 2006, 15:04:05"), Who: who(e), What: e.Action,
			On: e.Entity + " " + strconv.FormatInt(e.EntityID, 10), Details: details(e)})
	}
	return v, nil
}

func who(e LogEntry) string {
	switch {
	case e.ActorKind == audit.Staff && e.StaffName != "":
		return e.StaffName
	case e.ActorKind == audit.Staff:
		return "Staff " + strconv.FormatInt(e.ActorID, 10)
	case e.ActorKind == audit.Resident:
		return "A visitor"
	}
	return "The program"
}

func details(e LogEntry) string {
	if e.Details == "{}" {
		return ""
	}
	return e.Details
}

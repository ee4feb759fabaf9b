package accounts

import (
	"fmt"
	"time"

	"conversations/app/database"
	"conversations/app/mail"
)

// mailKind is one of the mails that carry a sign-in link.
type mailKind string

const (
	welcomeMail mailKind = "staff.welcome"
	resetMail   mailKind = "staff.reset"
)

// sendLink makes a one-time link, puts a mail with it into the outbox and returns it.
func (s *Service) sendLink(tx *database.Tx, person Staff, kind mailKind) (url string, err error) {
	id, url, err := s.newLink(tx, person.ID)
	if err != nil {
		return "", err
	}
	programme := s.cfg.Programme.Name
	subject := "Set your password for " + programme
	first := "Somebody, probably you, asked for a new password for your staff account."
	if kind == welcomeMail {
		subject = "Your staff account for " + programme
		first = "You have a staff account for " + programme + ". Press the button to choose a password."
	}
	return url, s.outbox.Enqueue(tx, mail.Message{
		Key: fmt.Sprintf("%s:%d", kind, id), Kind: string(kind), About: "staff", AboutID: person.ID,
		To: person.Email, ToName: person.Name, Subject: subject,
		Blocks: []mail.Block{
			mail.Heading(subject),
			mail.Paragraph("Dear " + person.Name + ","),
			mail.Paragraph(first),
			mail.Button("Choose a password", url),
			mail.Paragraph("The button works once, for " + lasting(s.cfg.Staff.LinkLifetime) + ". If you did not expect this email, do nothing: your account stays as it is."),
		},
	})
}

func lasting(d time.Duration) string {
	if d < 2*time.Hour {
		return fmt.Sprintf("%d minutes", int(d.Minutes()))
	}
	return fmt.Sprintf("%d hours", int(d.Hours()))
}

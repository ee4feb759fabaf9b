package contacts

import (
	"fmt"
	"time"

	"conversations/app/database"
	"conversations/app/mail"
)

// The mails of this file go to addresses that anybody may have typed. So they hold nothing that was typed but the
// address itself: nobody can use us to send words of their own to others.

// confirmMail asks the owner of an address whether they want updates.
func (s *Service) confirmMail(r SignUpRequest) mail.Message {
	link := s.links.URL(confirmPath(s.links.Token(SignUpPurpose, r.ID)))
	return mail.Message{
		Key: fmt.Sprintf("sign-up:%d:%d:%d", r.ID, r.CreatedAt.Unix(), r.Asks), Kind: "subscription.confirm", About: "subscription_requests", AboutID: r.ID, To: r.Email,
		Subject: "Do you want our updates? Please say yes",
		Blocks: []mail.Block{
			mail.Paragraph("Hello,"),
			mail.Paragraph("Somebody asked us to send updates from " + s.cfg.Programme.Name + " to this email address."),
			mail.Paragraph("If it was you, open the link below. Say yes on the page that comes, and you are signed up."),
			mail.Button("Yes, I want updates", link),
			mail.Table([2]string{"Areas", areasInWords(s.cfg, r.Slugs())}, [2]string{"What you agree to", r.Wording}),
			mail.Paragraph("The link works until " + s.day(r.ExpiresAt) + "."),
			mail.Paragraph("If it was not you, do nothing. You will get no updates."),
		},
	}
}

// tellSignedUp tells somebody who asks again that they are signed up: once an hour at the most.
func (s *Service) tellSignedUp(tx *database.Tx, id int64) error {
	return s.sendLink(tx, id, "subscription.known", tx.Now().Truncate(time.Hour), "You are signed up already", []string{
		"Somebody asked us to send updates from " + s.cfg.Programme.Name + " to this email address. You are signed up already, so nothing has changed.",
		"With this link you can choose the areas that you hear about, or stop it all.",
	})
}

// sendLink writes to a contact with the link to their page: once in the slot of time at the most. Who has no address, or
// is not there any more, is passed over.
func (s *Service) sendLink(tx *database.Tx, id int64, kind string, slot time.Time, subject string, words []string) error {
	var to string
	if err := tx.Row(`SELECT email FROM contacts WHERE id = ?`, id).Scan(&to); err != nil || to == "" {
		return err
	}
	m := mail.Message{
		Key: fmt.Sprintf("%s:%d:%d", kind, id, slot.Unix()), Kind: kind, About: "contacts", AboutID: id, To: to, Subject: subject,
		Blocks: []mail.Block{mail.Paragraph("Hello,")},
	}
	for _, sentence := range words {
		m.Blocks = append(m.Blocks, mail.Paragraph(sentence))
	}
	m.Blocks = append(m.Blocks, mail.Button("See and change what we send you", s.PreferencesURL(id)),
		mail.Paragraph("Please do not pass this link on. Whoever has it can change what we send you."))
	return s.outbox.Enqueue(tx, m)
}

func (s *Service) day(t time.Time) string {
	return t.In(s.cfg.Zone()).Format("3:04pm on Monday 2 January 2006")
}

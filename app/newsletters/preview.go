package newsletters

import (
	"context"
	"crypto/rand"
	"strings"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/mail"
)

// Preview is a letter as the member of staff who looks at it would get it.
type Preview struct {
	Subject string
	HTML    string // a page of its own
	Text    string
}

// Preview draws a letter as the signed-in member of staff would get it.
func (s *Service) Preview(ctx context.Context, id int64) (p Preview, err error) {
	u, c, err := s.Update(ctx, id)
	if err != nil {
		return p, err
	}
	blocks, err := s.Letter(ctx, u, c)
	if err != nil {
		return p, err
	}
	base := strings.TrimRight(s.Config.BaseURL, "/")
	values := mail.Values{Name: audit.ActorFrom(ctx).Name, Unsubscribe: base + "/unsubscribe/preview", Preferences: base + "/subscriptions/preview"}
	if values.Name == "" {
		values.Name = c.NamelessWords()
	}
	m := mail.NewMailing{Subject: c.Title, Blocks: mail.Filled(blocks, values), Because: s.because(u)}
	p = Preview{Subject: c.Title, Text: m.Text(s.Config, values)}
	p.HTML, err = m.HTML(s.Config, values)
	return p, err
}

// SendTest sends the letter as it is now to the signed-in member of staff alone, marked as a test. It needs no approval.
func (s *Service) SendTest(ctx context.Context, id int64) (to string, err error) {
	u, c, err := s.Update(ctx, id)
	if err != nil {
		return "", err
	}
	me := audit.ActorFrom(ctx)
	if me.Kind != audit.Staff || me.Email == "" {
		return "", fault.New(fault.Forbidden, "Sign in first.")
	}
	blocks, err := s.Letter(ctx, u, c)
	if err != nil {
		return "", err
	}
	blocks = mail.Filled(blocks, mail.Values{Name: me.Name})
	return me.Email, s.DB.Write(ctx, func(tx *database.Tx) error {
		if err := audit.Record(ctx, tx, "update.test", "updates", u.ID, audit.Details{"text": u.TextID}); err != nil {
			return err
		}
		return s.Outbox.Enqueue(tx, mail.Message{
			Key: "update.test:" + rand.Text(), Kind: "update.test", About: "updates", AboutID: u.ID,
			To: me.Email, ToName: me.Name, Subject: "[Test] " + c.Title, Blocks: blocks,
		})
	})
}

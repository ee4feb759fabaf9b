package surveys

import (
	"context"
	"fmt"
	"strings"

	"conversations/app/audit"
	"conversations/app/events"
	"conversations/app/mail"
)

// usualWords are what a sending says before staff change it.
func (s *Service) usualWords(ctx context.Context, form Form, kind SendingKind) (subject, body string) {
	title := form.Words.Title
	switch kind {
	case ToThoseWhoCame:
		name := "our event"
		if form.Survey.EventID != nil {
			if e, err := s.Events.ByID(ctx, *form.Survey.EventID); err == nil {
				name = e.Title
			}
		}
		return "Tell us what you thought: " + name, "Thank you for coming to " + name + ".\n\nPlease tell us what you thought of it. It takes a few minutes and helps us to do better."
	case ToRemind:
		return "A reminder: " + title, "Some days ago we asked you to answer a survey. We have not had your answers yet, and there is still time.\n\nThis is the only reminder."
	case ToContacts:
	}
	return title, "We would like to hear from you. Please answer our survey. It takes a few minutes, and what people say shapes what we do."
}

// blocks are what the mail says, with the fields for the name and the link. In each further language that the survey is in,
// as far as we have words of it, they say so and lead there.
func (s *Service) blocks(form Form, d Sending) []mail.Block {
	list := []mail.Block{mail.Heading(d.Subject), mail.Paragraph("Dear " + mail.NameField + ",")}
	for _, paragraph := range strings.Split(d.Body, "\n\n") {
		if text := strings.TrimSpace(paragraph); text != "" {
			list = append(list, mail.Prose(mail.Span{Text: text}))
		}
	}
	say := form.say.letter
	list = append(list, mail.Button(say.answer, mail.PersonalField))
	if at := form.Survey.ClosesAt; at != nil {
		list = append(list, mail.Paragraph("Please answer before "+events.Moment(at.In(s.Config.Zone()))+"."))
	}
	list = append(list, mail.Paragraph(say.ofLink(form.Survey)))
	for _, code := range form.Survey.LanguageList()[1:] {
		if more := phrasesIn(code); more.code != form.say.code {
			list = append(list, mail.Paragraph(more.letter.inThis+" "+more.letter.ofLink(form.Survey)).In(more.code),
				mail.Button(more.letter.answer, inLanguage(mail.PersonalField, code, false)).In(more.code))
		}
	}
	return list
}

// ofLink says whose the link is.
func (w letterWords) ofLink(survey Survey) string {
	if survey.Anonymous {
		return w.unseen
	}
	return w.alone
}

func (s *Service) mailingOf(form Form, d Sending) mail.NewMailing {
	kind := "survey.invitation"
	if d.Kind == ToRemind {
		kind = "survey.reminder"
	}
	m := mail.NewMailing{Key: fmt.Sprintf("%s:sending:%d", kind, d.ID), Kind: kind, About: "surveys", AboutID: form.Survey.ID,
		Subject: d.Subject, Blocks: s.blocks(form, d), ListID: "surveys", Purpose: d.Purpose}
	if p, known := s.Config.Purpose(d.Purpose); known {
		m.Because = "You get this because you are on the list of " + s.Config.Programme.Name + " for: " + p.Name + "."
	}
	return m
}

// LetterPreview is a mail as the member of staff who looks at it would get it.
type LetterPreview struct {
	Subject string
	HTML    string // a page of its own
	Text    string
}

// PreviewSending draws the mail of a sending.
func (s *Service) PreviewSending(ctx context.Context, surveyID, id int64) (p LetterPreview, err error) {
	d, err := s.sending(ctx, surveyID, id)
	if err != nil {
		return p, err
	}
	form, err := s.FormOf(ctx, surveyID, "")
	if err != nil {
		return p, err
	}
	values := mail.Values{Name: audit.ActorFrom(ctx).Name, Personal: s.Links.URL("/s/preview"), Unsubscribe: s.Links.URL("/unsubscribe/preview"), Preferences: s.Links.URL("/subscriptions/preview")}
	m := s.mailingOf(form, d)
	m.Blocks = mail.Filled(m.Blocks, values)
	p.Subject = d.Subject
	if d.Purpose == "" { // each is written to alone
		p.Text = mail.Text(s.Config, m.Blocks)
		p.HTML, err = mail.HTML(s.Config, d.Subject, m.Blocks)
		return p, err
	}
	p.Text = m.Text(s.Config, values)
	p.HTML, err = m.HTML(s.Config, values)
	return p, err
}

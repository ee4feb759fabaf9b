package feedback

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"conversations/app/accounts"
	"conversations/app/audiences"
	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/fault"
)

// raisedKind names the audience of those who raised a theme in rules.
const raisedKind = "raised"

// recontactPurpose is the purpose under which people agreed to hear from us about what they said.
const recontactPurpose = "recontact"

// RaisedSource is the audience "raised a theme and agreed to be contacted". A value is the id of a theme, with @ and a
// locality after it where only comments about that locality count.
func (s *Service) RaisedSource() audiences.Source {
	return audiences.Source{Kind: raisedKind, Label: "Raised a theme and agreed to be contacted", Says: "who raised %s and agreed to be contacted", Options: s.raisedOptions, Where: whoRaised}
}

// agreedPeople are the people p of comments c on a theme, or one below it, who agreed to be contacted; its arguments are the theme and twice
// the locality, "" for all.
const agreedPeople = `comment_people p JOIN comments c ON c.person_id = p.id JOIN codings k ON k.comment_id = c.id
	WHERE c.recontact AND c.set_aside = '' AND k.counts AND k.theme_id IN ` + downwards + ` AND (? = '' OR c.locality = ?) AND p.email_key <> ''`

// whoRaised is the SQL of RaisedSource.
func whoRaised(contact string, values []string) (string, []any) {
	var parts []string
	var args []any
	for _, value := range values {
		text, locality, _ := strings.Cut(value, "@")
		id, _ := strconv.ParseInt(text, 10, 64) // 0 is no theme, which nobody raised
		parts = append(parts, contact+`.email_key IN (SELECT p.email_key FROM `+agreedPeople+`)`)
		args = append(args, id, locality, locality)
	}
	return contact + ".email_key <> '' AND (" + strings.Join(parts, " OR ") + ")", args
}

func (s *Service) raisedOptions(ctx context.Context, chosen []string) (options []audiences.Option, err error) {
	themes, err := readThemes(s.DB.Read(ctx))
	if err != nil {
		return nil, err
	}
	for _, t := range themes {
		if t.Live() {
			options = append(options, audiences.Option{Value: strconv.FormatInt(t.ID, 10), Label: strings.Repeat("– ", t.Depth) + t.Name, Says: `"` + t.Name + `"`})
		}
	}
	for _, value := range chosen {
		text, locality, _ := strings.Cut(value, "@")
		id, _ := strconv.ParseInt(text, 10, 64)
		t := themeOf(themes, id)
		words := themeOf(themes, standing(themes, id)).Name
		if l, known := s.Config.Locality(locality); known {
			words += " in " + l.Name
		}
		if locality != "" || !t.Live() {
			options = append(options, audiences.Option{Value: value, Label: words, Says: `"` + words + `"`})
		}
	}
	return options, nil
}

// Reachable says how many people raised what an answer answers, and how many of them agreed to be contacted.
type Reachable struct {
	People int // whose comments we can tell apart by who said them
	Agreed int // and who left an address
}

// ReachableBy counts whom an answer could be told to.
func (s *Service) ReachableBy(ctx context.Context, d ActionDetail) (r Reachable, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return r, err
	}
	where, args := raisedIn(d.Theme.ID, d.Locality)
	if err := s.DB.Read(ctx).Raw(`SELECT count(DISTINCT c.person_id) FROM comments c WHERE `+where, args...).Scan(&r.People).Error; err != nil {
		return r, fmt.Errorf("count who raised answer %d: %w", d.ID, err)
	}
	err = s.DB.Read(ctx).Raw(`SELECT count(DISTINCT p.email_key) FROM `+agreedPeople, d.Theme.ID, d.Locality, d.Locality).Scan(&r.Agreed).Error
	if err != nil {
		return r, fmt.Errorf("count who agreed to hear of answer %d: %w", d.ID, err)
	}
	return r, nil
}

// Tell begins an update to everybody who raised what a published answer answers and agreed to be contacted. It notes their
// consent in contacts first, where nothing stands against it there. The update is a draft: it is written, approved and sent as
// every update is. The error is a Conflict fault where there is nobody, nothing published, or an earlier update not yet sent.
func (s *Service) Tell(ctx context.Context, id int64, version int) (letter int64, err error) {
	d, err := s.Action(ctx, id)
	if err != nil {
		return 0, err
	}
	if err := s.mayTell(ctx, d); err != nil {
		return 0, err
	}
	if err := s.noteAgreed(ctx, d); err != nil {
		return 0, err
	}
	answer, err := s.answer(ctx, d.Action, nil)
	if err != nil {
		return 0, err
	}
	_, err = s.alterAction(ctx, id, version, "action.tell", func(tx *database.Tx, a *Action, _ *actionText) error {
		if letter, err = s.beyond.BeginLetter(ctx, tx, s.letter(d, answer)); err != nil {
			return err
		}
		a.UpdateID = &letter
		return nil
	})
	return letter, err
}

func (s *Service) mayTell(ctx context.Context, d ActionDetail) error {
	if !d.Public() || s.beyond.BeginLetter == nil {
		return fault.New(fault.Conflict, "Publish the answer first. Then you can tell those who raised it.")
	}
	if d.UpdateID != nil {
		l, err := s.beyond.Letter(ctx, *d.UpdateID)
		if err != nil {
			return err
		}
		if l.SentAt == nil {
			return fault.New(fault.Conflict, "There is an update about this answer already, and it is not sent yet.")
		}
	}
	r, err := s.ReachableBy(ctx, d)
	if err != nil {
		return err
	}
	if r.Agreed == 0 {
		return fault.New(fault.Conflict, "Nobody who raised this left an address and agreed to be contacted.")
	}
	return nil
}

// letter is what the update says at first.
func (s *Service) letter(d ActionDetail, a Answer) NewLetter {
	value := strconv.FormatInt(d.ThemeID, 10) // whoRaised finds the theme that stands for it on the day of sending
	if d.Locality != "" {
		value += "@" + d.Locality
	}
	body := "You told us:\n\n" + a.Said + "\n\n" + a.State.Words() + ":\n\n" + a.Decided + "\n\n[All that people said, and what we did](" + s.Links.URL(saidHref(a.Locality)+"#"+a.Slug) + ")"
	return NewLetter{Title: "You said, we did: " + a.Title, Heading: a.Title, Body: body, Purpose: recontactPurpose,
		Rule: audiences.Rule{Any: []audiences.Condition{{Kind: raisedKind, Values: []string{value}}}}}
}

// agreedPerson is somebody who agreed to be contacted about what they said.
type agreedPerson struct {
	ID                   int64
	Name, Email, Wording string
	EmailKey             string
	Source               Source
	CreatedAt            time.Time
}

// noteAgreed notes in contacts, in chunks, that people agreed to be contacted: those of whom contacts know nothing about
// this purpose yet. Whoever said no there since is left alone.
func (s *Service) noteAgreed(ctx context.Context, d ActionDetail) error {
	const chunk = 200
	for after := int64(0); ; {
		var people []agreedPerson
		err := s.DB.Read(ctx).Raw(`SELECT p.id, p.name, p.email, p.email_key, p.wording, c.source, c.created_at FROM comments c JOIN comment_people p ON p.id = c.person_id
			WHERE c.id IN (SELECT min(c.id) FROM `+agreedPeople+` AND p.id > ?
				AND NOT EXISTS (SELECT 1 FROM contacts o JOIN consents n ON n.contact_id = o.id WHERE o.email_key = p.email_key AND n.purpose = ? AND n.channel = 'email') GROUP BY p.id)
			ORDER BY p.id LIMIT ?`, d.Theme.ID, d.Locality, d.Locality, after, recontactPurpose, chunk).Scan(&people).Error
		if err != nil {
			return fmt.Errorf("find who agreed to be contacted: %w", err)
		}
		if len(people) == 0 {
			return nil
		}
		after = people[len(people)-1].ID
		err = s.DB.Write(ctx, func(tx *database.Tx) error {
			for _, p := range people {
				if err := s.noteAgreedTx(ctx, tx, p); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

func (s *Service) noteAgreedTx(ctx context.Context, tx *database.Tx, p agreedPerson) error {
	contact, _, err := s.Contacts.FindOrCreateTx(ctx, tx, p.Email, p.Name)
	if err != nil {
		return err
	}
	_, err = s.Contacts.GiveTx(ctx, tx, contact, contacts.Said{Purpose: recontactPurpose, Channel: contacts.Email, Wording: p.Wording, At: p.CreatedAt, Source: consentSource(p.Source), Note: "with a comment"})
	return err
}

// consentSource is how a consent that came with a comment reached us.
func consentSource(s Source) contacts.Source {
	switch s {
	case FromQuestion:
		return contacts.FromBooking
	case FromTelephone:
		return contacts.FromTelephone
	case FromLetter:
		return contacts.FromLetter
	case FromEmail:
		return contacts.FromEmail
	case FromImport:
		return contacts.FromImport
	case FromMeeting, FromMinutes, FromSurvey, FromSocialMedia:
	}
	return contacts.FromMeeting
}

// Told is an update about an answer with whom it went to.
type Told struct {
	Letter
	List  audiences.List // the zero list while it is not settled
	Known bool           // there is a list
}

// ToldOf gives the updates about an answer, the newest first.
func (s *Service) ToldOf(ctx context.Context, d ActionDetail) (list []Told, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return nil, err
	}
	if s.beyond.Letter == nil {
		return nil, nil
	}
	for _, step := range d.History {
		if step.Letter == 0 {
			continue
		}
		t := Told{}
		if t.Letter, err = s.beyond.Letter(ctx, step.Letter); err != nil {
			return nil, err
		}
		if t.ListID != 0 {
			if t.List, err = s.Audiences.ByID(ctx, t.ListID); err != nil {
				return nil, err
			}
			t.Known = true
		}
		list = append(list, t)
	}
	return list, nil
}

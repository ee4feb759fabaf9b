package newsletters

import (
	"context"
	"fmt"
	"strconv"

	"conversations/app/accounts"
	"conversations/app/audiences"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// GotLetter is the kind of condition that is true of who was sent an update, or is written to on paper with it.
const GotLetter = "got"

// GotSource tells audiences who was sent an update.
func (s *Service) GotSource() audiences.Source {
	return audiences.Source{Kind: GotLetter, Label: "Were sent an update", Says: "who were sent %s", Options: s.sentOptions,
		Where: func(contact string, values []string) (string, []any) {
			ids := make([]int64, len(values))
			for i, value := range values {
				ids[i], _ = strconv.ParseInt(value, 10, 64) // what is no number is no update: 0
			}
			return gotLetter(contact), []any{ids, ids}
		}}
}

// gotLetter is true of a contact whose mail was sent, or is on its way, and of who is on paper.
func gotLetter(contact string) string {
	return `EXISTS (SELECT 1 FROM updates gu JOIN deliveries gd ON gd.mailing_id = gu.mailing_id WHERE gu.id IN ? AND gd.contact_id = ` + contact + `.id
			AND gd.state IN ('sent', 'queued', 'claimed', 'deferred'))
		OR EXISTS (SELECT 1 FROM updates gu JOIN audience_list_rows gr ON gr.list_id = gu.list_id WHERE gu.id IN ? AND gr.contact_id = ` + contact + `.id
			AND gr.outcome = 'post' AND gu.released_at IS NOT NULL)`
}

// sentOffered is how many sent updates an audience can be chosen by.
const sentOffered = 24

func (s *Service) sentOptions(ctx context.Context, chosen []string) ([]audiences.Option, error) {
	ids := []int64{0}
	for _, value := range chosen {
		id, _ := strconv.ParseInt(value, 10, 64)
		ids = append(ids, id)
	}
	var sent []Update
	err := s.DB.Read(ctx).Raw(`SELECT id, title, released_at FROM updates WHERE mailing_id <> 0 AND released_at IS NOT NULL AND (id IN ? OR id IN
		(SELECT id FROM updates WHERE mailing_id <> 0 AND released_at IS NOT NULL ORDER BY released_at DESC, id DESC LIMIT ?)) ORDER BY released_at DESC, id DESC`, ids, sentOffered).Scan(&sent).Error
	if err != nil {
		return nil, fmt.Errorf("list the updates that were sent: %w", err)
	}
	options := make([]audiences.Option, len(sent))
	for i, u := range sent {
		options[i] = audiences.Option{Value: strconv.FormatInt(u.ID, 10), Label: "\"" + u.Title + "\" of " + u.ReleasedAt.In(s.Config.Zone()).Format("2 January 2006")}
	}
	return options, nil
}

// Correct begins a correction of a letter that was sent: a draft with its words, for the same people, less those who may
// not be written to any more by then. It needs approval as every letter does.
func (s *Service) Correct(ctx context.Context, id int64) (Update, error) {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return Update{}, err
	}
	first, err := readUpdate(s.DB.Read(ctx), id)
	if err != nil {
		return Update{}, err
	}
	if first.ReleasedAt == nil || first.MailingID == 0 {
		return Update{}, fault.New(fault.Conflict, "Only a letter that was sent can be corrected. Change this one instead.")
	}
	u, err := s.Create(ctx, NewUpdate{Kind: first.Kind, Title: correctionTitle(first.Title), From: first.ID})
	if err != nil {
		return Update{}, err
	}
	rule := audiences.Rule{Any: []audiences.Condition{{Kind: GotLetter, Values: []string{strconv.FormatInt(first.ID, 10)}}}}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		err := tx.Exec(`UPDATE updates SET corrects = ?, rule = ?, purpose = ? WHERE id = ?`, first.ID, rule.JSON(), first.Purpose, u.ID).Error
		if err != nil {
			return fmt.Errorf("make update %d a correction: %w", u.ID, err)
		}
		return audit.Record(ctx, tx, "update.correct", updatesTable, first.ID, audit.Details{"correction": u.ID})
	})
	if err != nil {
		return Update{}, err
	}
	if _, err = s.RemakeList(ctx, u.ID); err != nil {
		return Update{}, err
	}
	return readUpdate(s.DB.Read(ctx), u.ID)
}

func correctionTitle(title string) string {
	letters := []rune("Correction: " + title)
	return string(letters[:min(len(letters), maxTitleCharacters)])
}

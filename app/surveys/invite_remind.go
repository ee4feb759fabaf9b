package surveys

import (
	"context"
	"fmt"
	"time"

	"conversations/app/database"
	"conversations/app/mail"
)

// remindAfter is how long people have to answer before they can be reminded.
const remindAfter = 24 * time.Hour

// unanswered is what follows SELECT for the invitations i that can be reminded of: not answered, not reminded of, and a
// day old, of people p who can be written to. Its arguments are the survey's id, the purpose, and the instant before which
// they were invited. Who was merged into another contact is reminded as that one.
var unanswered = ` FROM survey_invitations i LEFT JOIN survey_sendings d ON d.id = i.sending_id
	LEFT JOIN bookings b ON b.id = i.booking_id AND b.status <> 'cancelled'
	LEFT JOIN contacts o ON o.id = i.contact_id LEFT JOIN contacts k ON k.id = coalesce(o.merged_into, o.id)
	WHERE i.survey_id = ? AND coalesce(d.purpose, '') = ? AND i.invited_at <= ? AND i.reminded_at IS NULL AND coalesce(b.email, k.email, '') <> '' AND NOT ` + answered("i") + ` AND ` + stands

// Unreminded is how many people can be reminded, of those who were invited for a purpose.
type Unreminded struct {
	Purpose string // "" is those who came
	People  int
}

// Unreminded counts who was invited at least a day ago, has not answered and was not reminded.
func (s *Service) Unreminded(ctx context.Context, surveyID int64) (list []Unreminded, err error) {
	if err := mayBuild(ctx); err != nil {
		return nil, err
	}
	var purposes []string
	err = s.DB.Read(ctx).Raw(`SELECT DISTINCT coalesce(d.purpose, '') FROM survey_invitations i LEFT JOIN survey_sendings d ON d.id = i.sending_id WHERE i.survey_id = ? ORDER BY 1`, surveyID).Scan(&purposes).Error
	if err != nil {
		return nil, fmt.Errorf("find for what people were invited: %w", err)
	}
	for _, purpose := range purposes {
		n, err := s.unreminded(ctx, surveyID, purpose)
		if err != nil {
			return nil, err
		}
		list = append(list, Unreminded{purpose, n})
	}
	return list, nil
}

func (s *Service) unreminded(ctx context.Context, surveyID int64, purpose string) (n int, err error) {
	if err := s.DB.Read(ctx).Raw("SELECT count(*)"+unanswered, surveyID, purpose, s.DB.Now().Add(-remindAfter)).Scan(&n).Error; err != nil {
		return 0, fmt.Errorf("count who has not answered: %w", err)
	}
	return n, nil
}

// remindNext reminds the next people; each is marked in the same transaction, so nobody is reminded twice.
func (s *Service) remindNext(ctx context.Context, tx *database.Tx, form Form, d Sending) (people int, more bool, err error) {
	var next []struct {
		ID, ContactID int64
		Email, Name   string
	}
	err = tx.Raw("SELECT i.id, coalesce(b.email, k.email) AS email, coalesce(b.name, k.name, '') AS name, coalesce(k.id, 0) AS contact_id"+unanswered+" ORDER BY i.id LIMIT ?",
		form.Survey.ID, d.Purpose, tx.Now().Add(-remindAfter), invitedAtOnce).Scan(&next).Error
	if err != nil {
		return 0, false, fmt.Errorf("find who has not answered: %w", err)
	}
	var ids []int64
	var to []mail.Recipient
	for _, n := range next {
		ids = append(ids, n.ID)
		if d.MailingID != 0 {
			to = append(to, mail.Recipient{ContactID: n.ContactID, Address: n.Email, Name: n.Name, Personal: s.invitationURL(n.ID)})
			continue
		}
		if err := s.writeAlone(tx, form, d, addressee{n.ID, n.Email, n.Name}, n.ID); err != nil {
			return 0, false, err
		}
	}
	if len(to) > 0 {
		if _, err := s.Outbox.AddRecipients(ctx, tx, d.MailingID, to); err != nil {
			return 0, false, err
		}
	}
	if len(ids) == 0 {
		return 0, false, nil
	}
	marked := tx.Exec("UPDATE survey_invitations SET reminded_at = ? WHERE id IN ? AND reminded_at IS NULL", tx.Now(), ids)
	if marked.Error == nil && marked.RowsAffected != int64(len(ids)) {
		return 0, false, fmt.Errorf("%d of %d who were reminded are marked", marked.RowsAffected, len(ids))
	}
	return len(ids), true, marked.Error
}

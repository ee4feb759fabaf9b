package surveys

import (
	"context"
	"fmt"

	"conversations/app/bookings"
	"conversations/app/database"
	"conversations/app/events"
)

// AfterEvent gives the link in the mail that thanks somebody for coming: a personal link to the survey about the event, if
// one takes answers. It is called in the transaction that queues the mail, so that each is invited once.
func (s *Service) AfterEvent(_ context.Context, tx *database.Tx, e events.Event, b bookings.Booking) (bookings.AfterLink, error) {
	var list []Survey
	if err := tx.Raw("SELECT * FROM surveys WHERE event_id = ? AND state = 'open' ORDER BY id", e.ID).Scan(&list).Error; err != nil {
		return bookings.AfterLink{}, fmt.Errorf("find a survey about event %d: %w", e.ID, err)
	}
	for _, survey := range list {
		if !survey.Accepting(tx.Now()) {
			continue
		}
		id, fresh, err := inviteBooking(tx, survey, b.ID, nil)
		if err != nil || !fresh {
			return bookings.AfterLink{}, err
		}
		return bookings.AfterLink{Text: "Tell us what you thought", URL: s.invitationURL(id)}, nil
	}
	return bookings.AfterLink{}, nil
}

// inviteBooking invites who made a booking, unless they are invited already. Of an anonymous survey there is a ballot for
// them.
func inviteBooking(tx *database.Tx, survey Survey, bookingID int64, sendingID *int64) (id int64, fresh bool, err error) {
	var there bool
	if err := tx.Row(`SELECT EXISTS (SELECT 1 FROM bookings b WHERE b.id = ? AND `+invitedAlready+`)`, bookingID, survey.ID, survey.ID).Scan(&there); err != nil || there {
		return 0, false, err
	}
	if survey.Anonymous {
		missing, err := missingBallots(tx.DB, survey.ID, 1)
		if err == nil && missing > spareBallots { // nothing is left over: the job comes too late
			err = layBallots(tx, survey, ballotsAtOnce)
		}
		if err != nil {
			return 0, false, err
		}
	}
	id, err = tx.Insert(`INSERT INTO survey_invitations (survey_id, booking_id, sending_id, invited_at, created_at) VALUES (?, ?, ?, ?, ?) RETURNING id`,
		survey.ID, bookingID, sendingID, tx.Now(), tx.Now())
	if err != nil {
		return 0, false, fmt.Errorf("invite booking %d: %w", bookingID, err)
	}
	return id, true, nil
}

// invitedAlready is SQL that is true of a booking b that is invited, itself or as a contact with its address, or one that
// was merged with that. Its two arguments are the survey's id.
var invitedAlready = `(EXISTS (SELECT 1 FROM survey_invitations x WHERE x.booking_id = b.id AND x.survey_id = ?)
	OR b.email_key IN (SELECT p.email_key FROM survey_invitations x JOIN contacts p ON ` + samePerson("x.contact_id") + ` WHERE x.survey_id = ? AND p.email_key <> ''))`

// cameUninvited is what follows SELECT for the bookings of an event of which somebody came, who can be written to and are
// not invited. Its arguments are the event's id, and twice the survey's.
var cameUninvited = ` FROM bookings b WHERE b.event_id = ? AND b.status <> 'cancelled' AND b.email <> '' AND ` + bookings.SomebodyCame("b") + ` AND NOT ` + invitedAlready

// CameUninvited counts those who came to the event of a survey and are not invited yet.
func (s *Service) CameUninvited(ctx context.Context, survey Survey) (n int, err error) {
	if err := mayBuild(ctx); err != nil {
		return 0, err
	}
	if err := s.DB.Read(ctx).Raw("SELECT count(*)"+cameUninvited, survey.EventID, survey.ID, survey.ID).Scan(&n).Error; err != nil {
		return 0, fmt.Errorf("count who came and is not invited: %w", err)
	}
	return n, nil
}

package bookings

import (
	"context"
	"fmt"

	"conversations/app/accounts"
	"conversations/app/events"
)

// Questions gives what people asked the panel of an event when they booked, oldest first, without their names. Who
// cancelled is left out.
func (s *Service) Questions(ctx context.Context, eventID int64) (list []events.AskedQuestion, err error) {
	if err := accounts.Require(ctx, accounts.SeeBookings); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx).Raw(`SELECT id AS booking_id, question AS text, quote_ok FROM bookings
		WHERE event_id = ? AND question <> '' AND status <> 'cancelled' ORDER BY id`, eventID).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("read the questions for event %d: %w", eventID, err)
	}
	return list, nil
}

package bookings

import (
	"context"
	"fmt"

	"conversations/app/database"
	"conversations/app/fault"
)

// MayErase refuses to erase who has, or waits for, a place at an event that is still to come: the place would be kept
// for nobody, and nobody could be told. It is a Conflict fault that says what to do first.
func (s *Service) MayErase(_ context.Context, tx *database.Tx, ids []int64) error {
	var references []string
	err := tx.Raw(`SELECT b.reference FROM bookings b JOIN events e ON e.id = b.event_id
		WHERE b.id IN ? AND b.status <> 'cancelled' AND e.status NOT IN ('held', 'cancelled') AND (e.starts_at IS NULL OR coalesce(e.ends_at, e.starts_at) > ?)
		ORDER BY b.id`, ids, tx.Now()).Scan(&references).Error
	if err != nil {
		return fmt.Errorf("look for places at events to come: %w", err)
	}
	if len(references) == 0 {
		return nil
	}
	return fault.New(fault.Conflict, "They have a place at an event to come, or wait for one (booking "+Booking{Reference: references[0]}.Spoken()+"). Cancel it first")
}

// DropCalls takes calls off the list of people to telephone whose words are about to be erased.
func (s *Service) DropCalls(_ context.Context, tx *database.Tx, ids []int64) error {
	err := tx.Exec(`UPDATE calls SET state = 'done', result = 'not-needed', done_at = ? WHERE state = 'due' AND id IN ?`, tx.Now(), ids).Error
	if err != nil {
		return fmt.Errorf("close calls that are erased: %w", err)
	}
	return nil
}

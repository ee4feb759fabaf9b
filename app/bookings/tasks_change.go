package bookings

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/events"
	"conversations/app/fault"
)

// SetNeed records what became of an access need, and tells the booker once, in the same transaction. changed is how
// many needs were changed: more than one only with Others.
//
// The error is an Invalid fault with a message at each field, or Conflict where somebody else has changed the need
// since, or the event is over or cancelled.
func (s *Service) SetNeed(ctx context.Context, id int64, c NeedChange) (changed int, err error) {
	if err := accounts.Require(ctx, accounts.ManageBookings); err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		changed, err = s.setNeed(ctx, tx, id, c)
		return err
	})
	return changed, err
}

func (s *Service) setNeed(ctx context.Context, tx *database.Tx, id int64, c NeedChange) (changed int, err error) {
	n, b, e, err := lockNeed(tx, id)
	if err != nil {
		return 0, err
	}
	if err := sameVersion(n, c.Version); err != nil {
		return 0, err
	}
	if err := c.check(n); err != nil {
		return 0, err
	}
	if err := mayArrange(b.Booking, e, n, c.State, tx.Now()); err != nil {
		return 0, err
	}
	ids := []int64{id}
	if c.Others {
		others, err := needsAlike(tx, e.ID, n)
		if err != nil {
			return 0, err
		}
		ids = append(ids, others...)
	}
	for _, id := range ids {
		if err := s.decide(ctx, tx, id, c.State, c.Offer, whyStaff); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

// decide changes one need, tells its booker and records it.
func (s *Service) decide(ctx context.Context, tx *database.Tx, id int64, to NeedState, offer, why string) error {
	n, b, e, err := lockNeed(tx, id)
	if err != nil {
		return err
	}
	was := n.State
	if err := stepNeed(ctx, tx, &n, to, offer, why); err != nil {
		return err
	}
	for i := range b.needs {
		if b.needs[i].ID == n.ID {
			b.needs[i] = n
		}
	}
	told := notice{kind: NeedNews, key: fmt.Sprintf("need:%d:%d", n.ID, n.Version)}
	if err := s.send(ctx, tx, e, b, told, s.needLetter(e, b, n, why == whyUndo)); err != nil {
		return err
	}
	details := audit.Details{"booking": b.ID, "event": e.ID, "was": was, "state": to}
	if why == whyUndo {
		details["undo"] = true
	}
	return audit.Record(ctx, tx, "need.state", "access_needs", n.ID, details)
}

// UndoNeed takes back the last change that staff made to a need: it stands again where it stood, and the booker is told
// so. Only who made the change may, and administrators; the error is a Conflict where something else was done since.
func (s *Service) UndoNeed(ctx context.Context, id, stepID int64) error {
	if err := accounts.Require(ctx, accounts.ManageBookings); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		n, b, e, err := lockNeed(tx, id)
		if err != nil {
			return err
		}
		steps, err := stepsOf(tx.DB, id)
		if err != nil {
			return err
		}
		if len(steps) == 0 || steps[0].ID != stepID || steps[0].Became != n.State {
			return fault.New(fault.Conflict, "Something else was done about this since, so it cannot be undone any more.")
		}
		last := steps[0]
		if !mayUndo(audit.ActorFrom(ctx), last.StaffID) || last.Why != whyStaff {
			return fault.New(fault.Forbidden, "Only the person who did this, or an administrator, can undo it.")
		}
		if err := mayArrange(b.Booking, e, n, last.Was, tx.Now()); err != nil {
			return err
		}
		return s.decide(ctx, tx, id, last.Was, last.WasOffer, whyUndo)
	})
}

// mayUndo: what one did oneself; an administrator, and the program, everything.
func mayUndo(who audit.Actor, did *int64) bool {
	return who.Kind == audit.System || who.Role == string(accounts.Admin) || did != nil && *did == who.ID
}

// AssignNeed says who sees to a need; 0 is nobody. The error is a Conflict where somebody else has changed it since.
func (s *Service) AssignNeed(ctx context.Context, id, version, owner int64) error {
	if err := accounts.Require(ctx, accounts.ManageBookings); err != nil {
		return err
	}
	if err := s.mayOwn(ctx, owner); err != nil {
		return err
	}
	return s.alterNeed(ctx, id, version, "need.owner", audit.Details{"owner": owner}, func(n *AccessNeed) { n.OwnerID = nullable(owner) })
}

// CalledOff notes that whoever it was arranged with knows that it is not wanted, or not at that date and place.
func (s *Service) CalledOff(ctx context.Context, id, version int64) error {
	if err := accounts.Require(ctx, accounts.ManageBookings); err != nil {
		return err
	}
	return s.alterNeed(ctx, id, version, "need.called-off", nil, func(n *AccessNeed) { n.CallOff = false })
}

// alterNeed changes something of which the booker is not told.
func (s *Service) alterNeed(ctx context.Context, id, version int64, action string, details audit.Details, alter func(*AccessNeed)) error {
	return s.db.Write(ctx, func(tx *database.Tx) error {
		n, _, _, err := lockNeed(tx, id)
		if err != nil {
			return err
		}
		if err := sameVersion(n, version); err != nil {
			return err
		}
		alter(&n)
		if err := updateNeed(tx, &n); err != nil {
			return err
		}
		return audit.Record(ctx, tx, action, "access_needs", id, details)
	})
}

func (s *Service) mayOwn(ctx context.Context, id int64) error {
	if id == 0 {
		return nil
	}
	owners, err := s.needOwners(ctx)
	if err != nil {
		return err
	}
	for _, o := range owners {
		if o.ID == id {
			return nil
		}
	}
	return fault.Fields{{Name: "owner", Message: "Choose somebody who works here and looks after bookings"}}.Err()
}

// needOwners are the colleagues who may see to needs.
func (s *Service) needOwners(ctx context.Context) (owners []accounts.Colleague, err error) {
	all, err := accounts.Colleagues(ctx, s.db)
	for _, c := range all {
		if c.May(accounts.ManageBookings) {
			owners = append(owners, c)
		}
	}
	return owners, err
}

// sameVersion tells the second of two who change a need at once what the first has done.
func sameVersion(n AccessNeed, seen int64) error {
	if n.Version == seen {
		return nil
	}
	return fault.New(fault.Conflict, "Somebody else changed this while you were looking. Now it is: "+strings.ToLower(needState(n.State))+". Nothing of yours was saved, and nobody was told.")
}

// lockNeed locks the event of a need, and reads the need with its whole booking.
func lockNeed(tx *database.Tx, id int64) (n AccessNeed, b party, e events.Event, err error) {
	var bookingID int64
	err = tx.Row(`SELECT booking_id FROM access_needs WHERE id = ?`, id).Scan(&bookingID)
	if errors.Is(err, sql.ErrNoRows) {
		return n, b, e, noNeed()
	}
	if err != nil {
		return n, b, e, fmt.Errorf("find need %d: %w", id, err)
	}
	if b, e, err = lockBooking(tx, bookingID); err != nil {
		return n, b, e, err
	}
	for _, n := range b.needs {
		if n.ID == id {
			return n, b, e, nil
		}
	}
	return n, b, e, noNeed()
}

func noNeed() error {
	return fault.New(fault.NotFound, "This need is not on the list any more. What people need is deleted some time after the event.")
}

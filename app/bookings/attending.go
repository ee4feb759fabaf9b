package bookings

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"conversations/app/audit"
	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/events"
	"conversations/app/fault"
)

// mostPeople bounds a walk-in and a headcount: more is a slip of the finger.
const mostPeople = 5000

// deviceLetters is how much of a device's name is kept.
const deviceLetters = 40

// Press is one press at the door. ID is a UUID made by whoever presses, so that a press sent twice counts once.
type Press struct {
	ID     string
	Device string // which telephone or page it was; "" is not known
}

// NewPress makes a press with a fresh id.
func NewPress() Press { return Press{ID: newUUID()} }

// MarkPeople notes that people came or did not. Who was marked so already stays as is.
func (s *Service) MarkPeople(ctx context.Context, eventID int64, press Press, kind MarkKind, seats []Seat) (int, error) {
	return s.note(ctx, eventID, press, kind, func(tx *database.Tx) ([]AttendanceEvent, error) {
		list, now, err := doorOf(tx, eventID)
		if err != nil {
			return nil, err
		}
		expected := func(seat Seat) bool {
			return slices.ContainsFunc(list, func(p Expected) bool { return p.Seat == seat })
		}
		if !slices.ContainsFunc(seats, expected) {
			return nil, fault.New(fault.Conflict, "This person is not on the list any more. Look at the list again.")
		}
		return marks(slices.DeleteFunc(slices.Clone(seats), func(seat Seat) bool { return !expected(seat) || now.Mark(seat) == kind }), kind), nil
	})
}

// MarkRest notes the same of everybody who has a place and is not marked yet.
func (s *Service) MarkRest(ctx context.Context, eventID int64, press Press, kind MarkKind) (int, error) {
	return s.note(ctx, eventID, press, kind, func(tx *database.Tx) ([]AttendanceEvent, error) {
		list, now, err := doorOf(tx, eventID)
		var rest []Seat
		for _, p := range list {
			if p.Status == Confirmed && now.Mark(p.Seat) == "" {
				rest = append(rest, p.Seat)
			}
		}
		return marks(rest, kind), err
	})
}

// AddWalkIn notes people who came without a booking; the name may be empty.
func (s *Service) AddWalkIn(ctx context.Context, eventID int64, press Press, name string, people int) error {
	name = contacts.Tidy(name)
	var f fault.Fields
	if people < 1 || people > mostPeople {
		f.Add("people", "Enter how many people walked in, such as 1")
	}
	if letters(name) > nameLetters {
		f.Add("name", fmt.Sprintf("A name must be %d letters or fewer", nameLetters))
	}
	if err := f.Err(); err != nil {
		return err
	}
	_, err := s.note(ctx, eventID, press, WalkIn, func(*database.Tx) ([]AttendanceEvent, error) {
		return []AttendanceEvent{{Kind: WalkIn, Name: name, People: people}}, nil
	})
	return err
}

// Count notes how many people were counted in the room, everybody.
func (s *Service) Count(ctx context.Context, eventID int64, press Press, people int) error {
	if people < 0 || people > mostPeople {
		var f fault.Fields
		f.Add("headcount", "Enter how many people are in the room, such as 60")
		return f.Err()
	}
	_, err := s.note(ctx, eventID, press, Headcount, func(*database.Tx) ([]AttendanceEvent, error) {
		return []AttendanceEvent{{Kind: Headcount, People: people}}, nil
	})
	return err
}

// Undo takes a press back, or one entry of it. Nothing is deleted: for each person an entry is added that takes the
// other back. Who was marked again since stays as they are, and kept counts them.
//
// The error is a Conflict where nothing could be taken back.
func (s *Service) Undo(ctx context.Context, eventID int64, press Press, what string) (undone, kept int, err error) {
	undone, err = s.note(ctx, eventID, press, Undone, func(tx *database.Tx) ([]AttendanceEvent, error) {
		kept = 0
		_, now, err := doorOf(tx, eventID)
		if err != nil {
			return nil, err
		}
		var entries []AttendanceEvent
		for _, e := range now.find(what) {
			if now.builtOn(e) {
				kept++
				continue
			}
			entries = append(entries, AttendanceEvent{Kind: Undone, Undoes: e.ClientID, BookingID: e.BookingID, Position: e.Position})
		}
		switch {
		case len(entries) == 0 && kept > 0:
			return nil, fault.New(fault.Conflict, "Something was noted since about the same people, so this was not undone. Undo that first.")
		case len(entries) == 0:
			return nil, fault.New(fault.Conflict, "This was undone already.")
		}
		return entries, nil
	})
	return undone, kept, err
}

// note adds what was noted in one press, in one transaction with its line in the audit log. The same press again adds
// nothing.
func (s *Service) note(ctx context.Context, eventID int64, press Press, kind MarkKind, entries func(tx *database.Tx) ([]AttendanceEvent, error)) (added int, err error) {
	e, err := s.events.ByID(ctx, eventID)
	if err != nil {
		return 0, err
	}
	if err := s.maySeeDoor(ctx, e); err != nil {
		return 0, err
	}
	if !uuidForm.MatchString(press.ID) {
		return 0, fault.New(fault.Invalid, "This page is too old. Open it again, and press once more.")
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		added = 0
		locked, err := events.LockForBooking(tx, eventID)
		if err != nil {
			return err
		}
		if err := s.mayMark(locked); err != nil {
			return err
		}
		list, err := entries(tx)
		if err != nil {
			return err
		}
		if added, err = addEntries(ctx, tx, eventID, press, list); err != nil || added == 0 {
			return err
		}
		return audit.Record(ctx, tx, "attendance."+string(kind), "events", eventID, audit.Details{"step": press.ID, "entries": added})
	})
	return added, err
}

func addEntries(ctx context.Context, tx *database.Tx, eventID int64, press Press, list []AttendanceEvent) (added int, err error) {
	for _, e := range list {
		e.Step, e.EventID, e.Device = press.ID, eventID, shortened(press.Device)
		e.ClientID = uuidWithin(press.ID, fmt.Sprint(e.Kind, e.seat(), e.Undoes, e.People, e.Name))
		e.At, e.ReceivedAt, e.StaffID = tx.Now(), tx.Now(), nullable(audit.ActorFrom(ctx).ID)
		fresh, err := insertAttendance(tx, e)
		if err != nil {
			return 0, err
		}
		if fresh {
			added++
		}
	}
	return added, nil
}

func shortened(device string) string {
	letters := []rune(contacts.Tidy(device))
	return string(letters[:min(len(letters), deviceLetters)])
}

func doorOf(tx *database.Tx, eventID int64) ([]Expected, Attendance, error) {
	list, err := expectedAt(tx.DB, eventID)
	if err != nil {
		return nil, Attendance{}, err
	}
	all, err := attendanceEvents(tx.DB, eventID)
	return list, attendanceOf(all), err
}

func marks(seats []Seat, kind MarkKind) []AttendanceEvent {
	out := make([]AttendanceEvent, len(seats))
	for i, seat := range seats {
		out[i] = AttendanceEvent{Kind: kind, BookingID: &seat.BookingID, Position: seat.Position}
	}
	return out
}

func sortExpected(list []Expected, order map[int64]string) {
	slices.SortStableFunc(list, func(a, b Expected) int {
		return strings.Compare(order[a.BookingID], order[b.BookingID])
	})
}

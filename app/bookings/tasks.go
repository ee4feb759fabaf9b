package bookings

import (
	"slices"
	"strings"
	"time"

	"conversations/app/events"
	"conversations/app/fault"
)

// An access need is a task from the moment it is asked for: somebody sees to it by a day that is worked back from the
// event. It is open while it is asked for and the event is still to come, and late when that day is over.

// offerLetters is how long the words may be that say what is offered instead.
const offerLetters = 500

// Why the state of a need changed.
const (
	whyStaff            = "staff"
	whyUndo             = "undo"
	whyBooker           = "booker" // the booking was changed
	whyBookingCancelled = "booking-cancelled"
	whyBookingMoved     = "booking-moved"    // to another event
	whyBookingRestored  = "booking-restored" // its cancellation was undone
	whyEventCancelled   = "event-cancelled"
	whyEventMoved       = "event-moved" // or postponed: what was arranged for the old date or place does not hold
)

// NeedStep is one change of a need's state: a row of the table access_steps. Rows are only ever added.
type NeedStep struct {
	ID        int64
	NeedID    int64
	BookingID int64
	Was       NeedState
	Became    NeedState
	Why       string
	WasOffer  string
	Version   int64 // of the need after the step
	StaffID   *int64
	CreatedAt time.Time
}

// TableName is the table that steps live in.
func (NeedStep) TableName() string { return "access_steps" }

// NeedChange is what a member of staff decides about a need.
type NeedChange struct {
	Version int64 // of the need as they saw it
	State   NeedState
	Offer   string // what is offered instead; must be given with NotPossible
	// Others does the same for everybody else at the event who asked for the same and stands where this need stood.
	Others bool
}

func (c *NeedChange) check(now AccessNeed) error {
	var f fault.Fields
	c.Offer = strings.TrimSpace(c.Offer)
	if !slices.Contains(NeedStates(), c.State) {
		f.Add("state", "Choose how it stands now")
	}
	if c.State != NotPossible {
		c.Offer = ""
	} else if c.Offer == "" {
		f.Add("offer", "Say what you offer instead. The booker will read it")
	} else if letters(c.Offer) > offerLetters {
		f.Add("offer", "What you offer instead must be 500 letters or fewer")
	}
	if len(f) == 0 && c.State == now.State && c.Offer == now.Offer {
		f.Add("state", "This is how it stands already. Nobody was told again")
	}
	return f.Err()
}

// NeedStates are the states in the order of life.
func NeedStates() []NeedState { return []NeedState{Asked, Arranged, NotPossible, NoLongerNeeded} }

// holdsAnywhere says whether what was arranged for a need still holds when the event has another date or place: papers
// do; a person or a room does not.
func holdsAnywhere(need string) bool { return need == "large-print" || need == "easy-read" }

// mayArrange says why nothing can be decided about a need any more, or not yet.
func mayArrange(b Booking, e events.Event, n AccessNeed, to NeedState, now time.Time) error {
	switch {
	case !b.Active():
		return fault.New(fault.Conflict, "This booking was cancelled, so nothing has to be arranged for it.")
	case e.Status == events.Cancelled:
		return fault.New(fault.Conflict, "This event was cancelled, so nothing has to be arranged for it.")
	case e.Past(now):
		return fault.New(fault.Conflict, "This event is over, so there is nothing to arrange any more.")
	case to == Arranged && !e.Dated() && !holdsAnywhere(n.Need):
		return fault.New(fault.Conflict, "This event has no date now, so this cannot be arranged yet.")
	}
	return nil
}

// dueOn is the local day by which a need must be arranged; "" while the event has no date.
func (s *Service) dueOn(e events.Event, need string) string {
	if !e.Dated() {
		return ""
	}
	return s.work.due(e.LocalStart(), s.cfg.Access.LeadDays.Of(need)).Format(time.DateOnly)
}

// today is the day that it is for the programme.
func (s *Service) today() string { return s.db.Now().In(s.cfg.Zone()).Format(time.DateOnly) }

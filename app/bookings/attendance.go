package bookings

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// MarkKind is what was noted at the door.
type MarkKind string

// What can be noted.
const (
	Came      MarkKind = "came"
	NotCame   MarkKind = "not-came"
	WalkIn    MarkKind = "walk-in"   // people without a booking
	Headcount MarkKind = "headcount" // people counted in the room, everybody
	Undone    MarkKind = "undo"      // takes another entry back
)

// Seat is one person of a booking: somebody who is expected.
type Seat struct {
	BookingID int64
	Position  int // from 1
}

// AttendanceEvent is one thing noted at the door: a row of attendance_events, which is only ever added to. Its
// ClientID is made by whoever notes it, so that what is sent twice is kept once, and what several telephones noted
// can be merged.
type AttendanceEvent struct {
	ID         int64
	ClientID   string
	Step       string // of the one press that this belongs to
	EventID    int64
	BookingID  *int64
	Position   int
	Kind       MarkKind
	People     int
	Name       string
	Undoes     string // ClientID of what an undo takes back
	At         time.Time
	ReceivedAt time.Time
	StaffID    *int64
	Device     string
}

// TableName is the table that these live in.
func (AttendanceEvent) TableName() string { return "attendance_events" }

func (a AttendanceEvent) seat() Seat {
	if a.BookingID == nil {
		return Seat{}
	}
	return Seat{*a.BookingID, a.Position}
}

// Attendance is how things stand: what follows from all entries of an event, in whatever order they came.
type Attendance struct {
	WalkIns []AttendanceEvent // those that were not undone, oldest first
	Counted *int              // the last headcount; nil is none
	Steps   []Step            // presses of which something still stands, newest first

	marks        map[Seat]AttendanceEvent // the last word on each person
	lastReceived time.Time
}

// Step is one press and what still stands of it.
type Step struct {
	ID      string
	Kind    MarkKind
	At      time.Time
	StaffID int64
	Entries []AttendanceEvent
}

// attendanceOf derives how things stand. An undone entry is as if it had never been; of the others the latest counts,
// by the clocks of those who noted them.
func attendanceOf(all []AttendanceEvent) Attendance {
	a := Attendance{marks: map[Seat]AttendanceEvent{}}
	undone := map[string]bool{}
	for _, e := range all {
		if e.Kind == Undone {
			undone[e.Undoes] = true
		}
		if e.ReceivedAt.After(a.lastReceived) {
			a.lastReceived = e.ReceivedAt
		}
	}
	for _, e := range inOrder(all) {
		if e.Kind != Undone && !undone[e.ClientID] {
			a.take(e)
		}
	}
	slices.Reverse(a.Steps)
	return a
}

func inOrder(all []AttendanceEvent) []AttendanceEvent {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b AttendanceEvent) int {
		if order := a.At.Compare(b.At); order != 0 {
			return order
		}
		return int(a.ID - b.ID)
	})
	return all
}

func (a *Attendance) take(e AttendanceEvent) {
	switch e.Kind {
	case Came, NotCame:
		a.marks[e.seat()] = e
	case WalkIn:
		a.WalkIns = append(a.WalkIns, e)
	case Headcount:
		a.Counted = &e.People
	case Undone:
	}
	i := slices.IndexFunc(a.Steps, func(s Step) bool { return s.ID == e.Step })
	if i < 0 {
		i = len(a.Steps)
		a.Steps = append(a.Steps, Step{ID: e.Step, Kind: e.Kind, At: e.At})
		if e.StaffID != nil {
			a.Steps[i].StaffID = *e.StaffID
		}
	}
	a.Steps[i].Entries = append(a.Steps[i].Entries, e)
}

// Mark is what was last noted of a person: Came, NotCame, or "" for nothing.
func (a Attendance) Mark(seat Seat) MarkKind { return a.marks[seat].Kind }

func (a Attendance) came() (people int) {
	for _, mark := range a.marks {
		if mark.Kind == Came {
			people++
		}
	}
	return people
}

func (a Attendance) walkedIn() (people int) {
	for _, w := range a.WalkIns {
		people += w.People
	}
	return people
}

// People is how many came: as counted in the room where somebody counted, else those who were marked and walked in.
// known is false where nothing was noted.
func (a Attendance) People() (people int, known bool) {
	if a.Counted != nil {
		return *a.Counted, true
	}
	people = a.came() + a.walkedIn()
	return people, people > 0
}

// builtOn says whether something was noted since on top of an entry, so that taking it back would change nothing or
// the wrong thing.
func (a Attendance) builtOn(e AttendanceEvent) bool {
	switch e.Kind {
	case Came, NotCame:
		return a.marks[e.seat()].ClientID != e.ClientID
	case Headcount:
		return slices.ContainsFunc(a.Steps, func(s Step) bool {
			return s.Kind == Headcount && s.ID != e.Step && (s.At.After(e.At) || s.At.Equal(e.At) && s.Entries[0].ID > e.ID)
		})
	default:
		return false
	}
}

// find gives what still stands of a press, or the one entry of that id.
func (a Attendance) find(id string) (found []AttendanceEvent) {
	for _, s := range a.Steps {
		for _, e := range s.Entries {
			if s.ID == id || e.ClientID == id {
				found = append(found, e)
			}
		}
	}
	return found
}

var uuidForm = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// newUUID is a random UUID (RFC 9562, version 4).
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return writeUUID(b, 4)
}

// uuidWithin is the UUID (version 8) of one entry of a press: the same press sent twice gives the same.
func uuidWithin(step, entry string) string {
	sum := sha256.Sum256([]byte(step + " " + entry))
	return writeUUID([16]byte(sum[:16]), 8)
}

func writeUUID(b [16]byte, version byte) string {
	b[6] = b[6]&0x0f | version<<4
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

package bookings

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"conversations/app/database"
	"conversations/app/database/databasetest"
)

// Whatever was noted at the door, in whatever order, and taken back: the database finds the same people as the door does.
func TestWhoBookedAndWhoCameAreFoundByTheirAddress(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		e, random := w.openEvent(60, 4), rand.New(rand.NewPCG(2, 3))
		var list []Booking
		for i := range 12 {
			list = append(list, w.book(e, resident(i, 1+i%3)))
		}
		must(w.bookings.Cancel(w.ctx, ByBooker, list[11].ID))(t)
		other := w.openEvent(10, 4)
		w.book(other, resident(50, 1))
		for range 25 {
			w.noteAtDoor(list, random)
			a := w.attendance(e)
			var came []string
			for _, b := range list {
				if a.verdict(b) == ThankYou {
					came = append(came, b.EmailKey)
				}
			}
			if got := w.addresses(WhoCame("k.email_key"), e.Slug); !slices.Equal(got, sorted(came)) {
				t.Fatalf("came: %v, and at the door %v", got, came)
			}
		}
		var booked []string
		for _, b := range list[:11] {
			booked = append(booked, b.EmailKey)
		}
		if got := w.addresses(WhoBooked("k.email_key"), e.Slug); !slices.Equal(got, sorted(booked)) {
			t.Errorf("booked: %v", got)
		}
		if got := w.addresses(WhoBooked("k.email_key"), e.Slug, other.Slug); len(got) != 12 {
			t.Errorf("for one of two events: %v", got)
		}
	})
}

// noteAtDoor notes a few things at random: marks whose clocks differ, and undos.
func (w *world) noteAtDoor(list []Booking, random *rand.Rand) {
	w.t.Helper()
	err := w.db.Write(w.ctx, func(tx *database.Tx) error {
		for range 4 {
			b := list[random.IntN(len(list))]
			kind, undoes := []MarkKind{Came, Came, NotCame, Undone}[random.IntN(4)], ""
			if kind == Undone {
				all := w.notedAtDoor(tx, b.EventID)
				if len(all) == 0 {
					continue
				}
				of := all[random.IntN(len(all))]
				undoes = of.ClientID
			}
			id := newUUID()
			err := tx.Exec(`INSERT INTO attendance_events (client_id, step, event_id, booking_id, position, people, kind, name, undoes, at, received_at, device)
				VALUES (?, ?, ?, ?, ?, 1, ?, '', ?, ?, ?, '')`, id, id, b.EventID, b.ID, 1+random.IntN(b.People), string(kind), undoes,
				theEvening.Add(time.Duration(random.IntN(5))*time.Minute), tx.Now()).Error
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) notedAtDoor(tx *database.Tx, eventID int64) []AttendanceEvent {
	w.t.Helper()
	return must(attendanceEvents(tx.DB, eventID))(w.t)
}

func (w *world) addresses(condition string, slugs ...string) (keys []string) {
	w.t.Helper()
	query := fmt.Sprintf(`SELECT DISTINCT k.email_key FROM bookings k WHERE %s ORDER BY k.email_key`, condition)
	if err := w.db.Read(w.ctx).Raw(query, slugs).Scan(&keys).Error; err != nil {
		w.t.Fatal(err)
	}
	return sorted(keys)
}

func sorted(keys []string) []string {
	keys = slices.Clone(keys)
	slices.SortFunc(keys, strings.Compare)
	return keys
}

package bookings

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"testing"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/events"
)

// tellingVariable names a database: this process tells everybody in it what is to be told, and ends.
const tellingVariable = "TEST_TELLING"

func tellingChild(address string) error {
	c := &clock{now: start}
	db, err := database.Open(context.Background(), address, c.Now)
	if err != nil {
		return err
	}
	w, err := assemble(db)
	if err != nil {
		return err
	}
	return w.bookings.Announce(w.ctx)
}

// Telephone-only parties that wait, are promoted, moved and cancelled are due one call for each, whatever is killed
// while they are being told.
func TestNoCallIsLostOrDoubledWhenTellingIsKilled(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		const parties = 3*announcementChunk + 20
		e := w.openEvent(parties, 1)
		holder := w.book(e, resident(999, 1))
		var phoned []Booking
		for i := range parties {
			phoned = append(phoned, w.book(e, byTelephone(i, 1)))
		}
		last := phoned[len(phoned)-1]
		must(w.bookings.Cancel(w.ctx, ByBooker, holder.ID))(t) // promotes the last

		f := events.FormOf(must(w.events.ByID(w.ctx, e.ID))(t))
		f.StartsTime, f.EndsTime = "6pm", "8pm"
		must(w.events.Move(w.ctx, e.ID, f))(t)
		w.tellAndKill(address, "moved")
		must(w.events.Cancel(w.ctx, e.ID, "The hall is closed."))(t)
		w.tellAndKill(address, "event-cancelled")

		for _, b := range phoned {
			want := []string{"booked", "moved", "event-cancelled"}
			if b.ID == last.ID {
				want = []string{"waiting", "promoted", "moved", "event-cancelled"}
			}
			if got := w.calls(b); !slices.Equal(got, want) {
				t.Fatalf("%s: calls %v, want %v", b.Name, got, want)
			}
		}
	})
}

// tellAndKill has a process tell people, kills it as soon as it has begun, and again, and then lets one finish.
func (w *world) tellAndKill(address, kind string) {
	w.t.Helper()
	told := func() (n int) {
		if err := w.db.Read(w.ctx).Raw(`SELECT count(*) FROM calls WHERE kind = ?`, kind).Scan(&n).Error; err != nil {
			w.t.Fatal(err)
		}
		return n
	}
	killed := 0
	for _, enough := range []int{1, announcementChunk + 1, 2*announcementChunk + 1} {
		cmd := w.tell(address)
		ended := make(chan struct{})
		go func() { _ = cmd.Wait(); close(ended) }()
		for waiting := true; waiting && told() < enough; {
			select {
			case <-ended:
				waiting = false
			default:
			}
		}
		_ = cmd.Process.Kill()
		<-ended
		if !cmd.ProcessState.Success() {
			killed++
		}
	}
	if killed == 0 {
		w.t.Log("every process had finished before it could be killed")
	}
	cmd := w.tell(address)
	if err := cmd.Wait(); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) tell(address string) *exec.Cmd {
	w.t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s", tellingVariable, address))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd
}

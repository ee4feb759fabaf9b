package bookings

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"

	"conversations/app/audit"
	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/events"
)

const (
	rounds        = 10
	residents     = 200
	places        = 50
	childVariable = "TEST_STAMPEDE" // address|event|from|count|seed: this process is one of two
)

func TestMain(m *testing.M) {
	if plan := os.Getenv(childVariable); plan != "" {
		if err := stampedeChild(plan, os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if address := os.Getenv(tellingVariable); address != "" {
		if err := tellingChild(address); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if address := os.Getenv(remindVariable); address != "" {
		if err := remindChild(address, os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestAStampedeNeverOversellsAndKeepsTheOrder(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		w := newWorld(t, databasetest.SQLite(t))
		for round := range rounds {
			e := w.openEvent(places, 4, func(f *events.Form) { f.Slug = fmt.Sprintf("round-%d", round) })
			if err := stampede(w, e.ID, round*1000, residents, uint64(round)); err != nil {
				t.Fatal(err)
			}
			expectLedger(t, w, e, residents)
		}
	})
	t.Run("postgres, two processes", func(t *testing.T) {
		address := databasetest.Postgres(t)
		w := newWorld(t, address)
		for round := range rounds {
			e := w.openEvent(places, 4, func(f *events.Form) { f.Slug = fmt.Sprintf("round-%d", round) })
			twoProcesses(t, address, e.ID, round)
			expectLedger(t, w, e, residents)
		}
	})
}

func expectLedger(t *testing.T, w *world, e events.Event, all int) {
	t.Helper()
	if wrong := replay(t, w, e); len(wrong) > 0 {
		t.Fatalf("event %d:\n%s", e.ID, strings.Join(wrong, "\n"))
	}
	var booked, told int
	row := w.db.Read(w.ctx).Raw(`SELECT count(*), (SELECT count(*) FROM mails m JOIN bookings x ON x.id = m.about_id AND m.about = 'bookings'
		WHERE x.event_id = ? AND m.kind IN ('booking.booked', 'booking.waiting')) FROM bookings WHERE event_id = ?`, e.ID, e.ID).Row()
	if err := row.Scan(&booked, &told); err != nil || booked != all || told != all {
		t.Fatalf("%d of %d are booked and %d told (%v)", booked, all, told, err)
	}
	if places := must(w.bookings.Places(w.ctx, []int64{e.ID}))(t)[e.ID]; places.Taken < e.Capacity-3 || places.Waiting == 0 {
		t.Fatalf("not a stampede: %+v", places)
	}
}

// stampede has residents book at once, each in a party of 1 to 4; a quarter of them cancel as soon as they can.
func stampede(w *world, eventID int64, from, count int, seed uint64) error {
	begin := make(chan struct{})
	failed := make([]error, count)
	var all sync.WaitGroup
	for i := range count {
		all.Go(func() {
			random := rand.New(rand.NewPCG(seed, uint64(from+i)))
			<-begin
			failed[i] = func() error {
				out, err := w.bookings.Book(w.ctx, eventID, resident(from+i, 1+random.IntN(4)))
				if err != nil || random.IntN(4) > 0 {
					return err
				}
				_, err = w.bookings.Cancel(w.ctx, ByBooker, out.Booking.ID)
				return err
			}()
		})
	}
	close(begin)
	all.Wait()
	return errors.Join(failed...)
}

// twoProcesses has each of two processes of its own send half of the residents, from the same moment.
func twoProcesses(t *testing.T, address string, eventID int64, round int) {
	t.Helper()
	const each = residents / 2
	var children []*exec.Cmd
	var begins []io.WriteCloser
	for child := range 2 {
		cmd := exec.Command(os.Args[0], "-test.run=^$")
		plan := fmt.Sprintf("%s|%d|%d|%d|%d", address, eventID, round*1000+child*each, each, round)
		cmd.Env = append(os.Environ(), childVariable+"="+plan)
		cmd.Stderr = os.Stderr
		in := must(cmd.StdinPipe())(t)
		out := must(cmd.StdoutPipe())(t)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
			t.Fatalf("the child said %q (%v)", line, err)
		}
		children, begins = append(children, cmd), append(begins, in)
	}
	for _, in := range begins {
		_ = in.Close()
	}
	for _, cmd := range children {
		if err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
	}
}

// stampedeChild is one of the two processes: it opens the database, says that it is ready, and begins when its
// standard input is closed.
func stampedeChild(plan string, in io.Reader, out io.Writer) error {
	parts := strings.Split(plan, "|")
	if len(parts) != 5 {
		return fmt.Errorf("cannot read the plan %q", plan)
	}
	var numbers [4]int
	for i, text := range parts[1:] {
		var err error
		if numbers[i], err = strconv.Atoi(text); err != nil {
			return err
		}
	}
	c := &clock{now: start}
	db, err := database.Open(context.Background(), parts[0], c.Now)
	if err != nil {
		return err
	}
	w, err := assemble(db)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "ready")
	if _, err := io.Copy(io.Discard, in); err != nil {
		return err
	}
	return errors.Join(stampede(w, int64(numbers[0]), numbers[1], numbers[2], uint64(numbers[3])), db.Close())
}

// Negative controls: with the protection left out the same check finds a place too many, every time.

func TestTheCheckFindsAPlaceTooManyOnPostgresWithoutTheRowLock(t *testing.T) {
	w := newWorld(t, databasetest.Postgres(t))
	e := w.openEvent(1, 1)
	both := newBarrier(2)
	racing(t, func(i int) error {
		return w.db.Write(w.ctx, func(tx *database.Tx) error {
			room, err := countPlacesOf(tx, e) // the event is not locked
			if err != nil {
				return err
			}
			both.wait()
			return insertAs(tx, e, i, placeFor(1, room.free(), room.queue))
		})
	})
	expectOversold(t, w, e)
}

func TestTheCheckFindsAPlaceTooManyOnSQLiteWhenCountedBeforeWrite(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(1, 1)
	both := newBarrier(2)
	racing(t, func(i int) error {
		before := must(w.bookings.Places(w.ctx, []int64{e.ID}))(t)[e.ID] // counted outside
		both.wait()
		return w.db.Write(w.ctx, func(tx *database.Tx) error {
			return insertAs(tx, e, i, placeFor(1, e.Capacity-before.Taken, nil))
		})
	})
	expectOversold(t, w, e)
}

func racing(t *testing.T, do func(i int) error) {
	t.Helper()
	var all sync.WaitGroup
	failed := make([]error, 2)
	for i := range failed {
		all.Go(func() { failed[i] = do(i) })
	}
	all.Wait()
	if err := errors.Join(failed...); err != nil {
		t.Fatal(err)
	}
}

func insertAs(tx *database.Tx, e events.Event, i int, status Status) error {
	r := resident(i, 1)
	b := newBooking(tx, e, person{name: r.Name, nameKey: contacts.NameKey(r.Name), email: r.Email, emailKey: r.Email}, r, status)
	if err := insertBooking(tx, &b); err != nil {
		return err
	}
	return audit.Record(audit.AsSystem(context.Background()), tx, "booking.create", "bookings", b.ID,
		audit.Details{"event": e.ID, "people": b.People, "status": b.Status})
}

func expectOversold(t *testing.T, w *world, e events.Event) {
	t.Helper()
	if wrong := strings.Join(sold(t, w, e), "\n"); !strings.Contains(wrong, "OVERSOLD") {
		t.Fatalf("without the protection the check found nothing: %q", wrong)
	}
	if wrong := replay(t, w, e); len(wrong) == 0 {
		t.Fatal("without the protection the replay found nothing")
	}
}

// barrier lets its callers go on only when all of them are there.
type barrier struct{ all sync.WaitGroup }

func newBarrier(n int) *barrier {
	b := &barrier{}
	b.all.Add(n)
	return b
}

func (b *barrier) wait() { b.all.Done(); b.all.Wait() }

package bookings

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/mail"
)

// remindVariable names a database: this process reminds people in it at each time that it is told, and says when it
// has done so.
const remindVariable = "TEST_REMIND"

func remindChild(address string, in io.Reader, out io.Writer) error {
	c := &clock{now: start}
	db, err := database.Open(context.Background(), address, c.Now)
	if err != nil {
		return err
	}
	w, err := assemble(db)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "ready")
	for lines := bufio.NewScanner(in); lines.Scan(); {
		unix, err := strconv.ParseInt(lines.Text(), 10, 64)
		if err != nil {
			return err
		}
		c.set(time.Unix(unix, 0))
		if err := w.bookings.Remind(w.ctx); err != nil {
			return err
		}
		fmt.Fprintln(out, "done")
	}
	return db.Close()
}

// tickEvery is how often the simulated programs remind people.
const tickEvery = 3 * time.Hour

// A quarter of a year with twelve events, that go on as planned, move, are postponed and set anew, or are cancelled,
// while programs remind people, are killed and start again. In the end each person has had each reminder once, at the
// time that a second, plainer reading of the rules gives.
func TestInAQuarterWithRestartsEachPersonGetsEachReminderOnce(t *testing.T) {
	spans := map[string]time.Time{
		"spring, the clocks go forward": time.Date(2017, 2, 20, 9, 0, 0, 0, time.UTC),
		"autumn, the clocks go back":    time.Date(2017, 9, 18, 9, 0, 0, 0, time.UTC),
	}
	for name, from := range spans {
		t.Run(name, func(t *testing.T) {
			t.Run("sqlite, one process at a time", func(t *testing.T) { quarter(t, databasetest.SQLite(t), from, 1) })
			t.Run("postgres, two processes", func(t *testing.T) { quarter(t, databasetest.Postgres(t), from, 2) })
		})
	}
}

func quarter(t *testing.T, address string, from time.Time, processes int) {
	season := newSeason(t, newWorld(t, address), from)
	season.programs = make([]*program, processes)
	for i := range season.programs {
		season.programs[i] = startProgram(t, address)
	}
	season.run(91)
	if season.killed == 0 {
		t.Error("nothing was killed")
	}
	if wrong := season.wrong(); len(wrong) > 0 {
		t.Fatal(strings.Join(wrong, "\n"))
	}
	if total := season.reminded(); total < 60 {
		t.Fatalf("only %d reminders: the season shows nothing", total)
	}
}

// program is a process that reminds people when it is told to.
type program struct {
	t       *testing.T
	address string
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

func startProgram(t *testing.T, address string) *program {
	t.Helper()
	p := &program{t: t, address: address, cmd: exec.Command(os.Args[0], "-test.run=^$")}
	p.cmd.Env = append(os.Environ(), remindVariable+"="+address)
	p.cmd.Stderr = os.Stderr
	p.in = must(p.cmd.StdinPipe())(t)
	p.out = bufio.NewReader(must(p.cmd.StdoutPipe())(t))
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.in.Close(); _ = p.cmd.Process.Kill(); _ = p.cmd.Wait() })
	p.wait("ready")
	return p
}

func (p *program) send(now time.Time) {
	if _, err := fmt.Fprintln(p.in, now.Unix()); err != nil {
		p.t.Fatal(err)
	}
}

func (p *program) wait(word string) {
	p.t.Helper()
	if line, err := p.out.ReadString('\n'); line != word+"\n" {
		p.t.Fatalf("the program said %q (%v)", line, err)
	}
}

func (p *program) replace() *program {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	return startProgram(p.t, p.address)
}

// The negative control: two who look without the lock and queue without the key remind somebody twice, and the check
// says so.
func TestTheCheckFindsAReminderGivenTwice(t *testing.T) {
	w := newWorld(t, databasetest.Postgres(t))
	s := newSeason(t, w, start)
	f := s.fairs[0]
	e := must(w.events.ByID(w.ctx, f.id))(t)
	s.ticks = []time.Time{e.StartsAt.Add(-7 * 24 * time.Hour)}
	w.clock.set(s.ticks[0])
	week := slots(*e.StartsAt, w.bookings.cfg.Bookings.Reminders)[0]
	both := newBarrier(2)
	racing(t, func(i int) error {
		return w.db.Write(w.ctx, func(tx *database.Tx) error {
			due, err := w.bookings.dueFor(tx.DB, e, week) // the event is not locked
			if err != nil {
				return err
			}
			both.wait()
			for _, b := range due {
				m := mail.Message{Key: fmt.Sprint("again", i, b.ID), Kind: "booking.reminder", About: "bookings", AboutID: b.ID, To: b.Email, Subject: "Soon"}
				if err := w.outbox.Enqueue(tx, m); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if wrong := strings.Join(s.wrong(), "\n"); strings.Count(wrong, "got") < 3 {
		t.Fatalf("people were reminded twice, and the check found: %s", wrong)
	}
}

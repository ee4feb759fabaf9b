package newsletters_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"conversations/app/database"
	"conversations/app/database/databasetest"
)

// Variables that make a process of this test send what is due in a database, at an instant, until it is through.
const (
	sendingVariable = "TEST_SENDING"
	instantVariable = "TEST_SENDING_AT"
)

func TestMain(m *testing.M) {
	if address := os.Getenv(sendingVariable); address != "" {
		if err := sendingChild(address, os.Getenv(instantVariable)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func sendingChild(address, instant string) error {
	at, err := time.Parse(time.RFC3339, instant)
	if err != nil {
		return err
	}
	db, err := database.Open(context.Background(), address, func() time.Time { return at })
	if err != nil {
		return err
	}
	o, err := assemble(db)
	if err != nil {
		return err
	}
	return o.SendDue(o.system())
}

// However often the process that hands a letter on is killed, and wherever: everybody on the list is handed on once,
// who withdrew meanwhile is not, and the letter leaves when all are there.
func TestNobodyIsLostOrDoubledWhenHandingOnIsKilled(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		o := openOffice(t, address)
		const readers = 2300
		o.fill(readers)
		u := o.sent(o.approved(o.update("Stakeholder update")))
		o.withdraw(700)
		killed := 0
		for _, enough := range []int{0, 1, 501, 502, 1001, 1501, 2001} {
			if o.sendAndKill(address, enough) {
				killed++
			}
			if now := o.reread(u); now.ReleasedAt == nil && now.MailingID != 0 {
				if m, err := o.outbox.Mailing(o.system(), now.MailingID); err != nil || m.State != "filling" {
					t.Fatalf("the letter is %q before all are there (%v)", m.State, err)
				}
			}
		}
		if killed < 3 {
			t.Errorf("only %d processes were killed while they handed on", killed)
		}
		must(t, o.child(address).Wait())
		now := o.reread(u)
		got := o.deliveries(now.MailingID)
		for id := int64(1); id <= readers; id++ {
			if want := map[bool]string{true: "queued", false: ""}[id != 700]; got[id] != want {
				t.Fatalf("contact %d: %q, want %q", id, got[id], want)
			}
		}
		if len(got) != readers-1 || now.ReleasedAt == nil {
			t.Errorf("%d were handed on: %+v", len(got), now)
		}
		m, err := o.outbox.Mailing(o.system(), now.MailingID)
		must(t, err)
		if m.Recipients != readers-1 || m.State != "sending" {
			t.Errorf("the mailing: %+v", m)
		}
		if recorded := o.recorded(); strings.Count(recorded, "update.begin") != 1 || strings.Count(recorded, "update.release") != 1 {
			t.Errorf("recorded: %s", recorded)
		}
	})
}

// fill adds many contacts who get updates by email, with the ids from 1 on.
func (o *office) fill(n int) {
	o.t.Helper()
	const numbers = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) `
	for _, statement := range []string{
		`INSERT INTO contacts (id, name, sort_key, email, email_key, created_at, updated_at)
			` + numbers + `SELECT i, 'Reader ' || i, 'reader ' || i, 'r' || i || '@readers.example', 'r' || i || '@readers.example', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP FROM n`,
		`INSERT INTO consents (contact_id, purpose, channel, entry, basis, at, recorded_at, source)
			` + numbers + `SELECT i, 'updates', 'email', 'given', 'consent', '2016-01-01', '2016-01-01', 'staff' FROM n`,
	} {
		o.write(func(tx *database.Tx) error { return tx.DB.Exec(statement, n).Error })
	}
}

// sendAndKill has a process hand on, and kills it as soon as so many are there, or, with 0, the mailing is. killed is
// false where it was through before.
func (o *office) sendAndKill(address string, enough int) (killed bool) {
	o.t.Helper()
	there := func() (n int) {
		query := `SELECT count(*) FROM deliveries`
		if enough == 0 {
			query = `SELECT count(*) - 1 FROM mailings`
		}
		must(o.t, o.db.Read(o.system()).Raw(query).Scan(&n).Error)
		return n
	}
	cmd := o.child(address)
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	for waiting := true; waiting && there() < enough; {
		select {
		case <-ended:
			waiting = false
		default:
		}
	}
	_ = cmd.Process.Kill()
	<-ended
	return !cmd.ProcessState.Success()
}

func (o *office) child(address string) *exec.Cmd {
	o.t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), sendingVariable+"="+address, instantVariable+"="+o.clock.Now().Format(time.RFC3339))
	cmd.Stderr = os.Stderr
	must(o.t, cmd.Start())
	o.t.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd
}

// Two instances that hand the same letter on at the same time share the work: nobody is handed on twice, and it is
// begun and let go once.
func TestTwoInstancesHandOnTogether(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		o := openOffice(t, address)
		const readers = 1800
		o.fill(readers)
		u := o.sent(o.approved(o.update("Stakeholder update")))
		one, other := o.child(address), o.child(address)
		must(t, one.Wait())
		must(t, other.Wait())
		o.work() // whoever saw the other's step stopped there
		now := o.reread(u)
		m, err := o.outbox.Mailing(o.system(), now.MailingID)
		must(t, err)
		if got := len(o.deliveries(now.MailingID)); got != readers || m.Recipients != readers || m.State != "sending" {
			t.Errorf("%d were handed on: %+v", got, m)
		}
		if recorded := o.recorded(); strings.Count(recorded, "update.begin") != 1 || strings.Count(recorded, "update.release") != 1 {
			t.Errorf("recorded: %s", recorded)
		}
	})
}

package mail_test

import (
	"net"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"conversations/app/database/databasetest"
)

// The sender of TestASenderThatIsKilled runs as a process of its own, told by these what to do.
const (
	senderDatabase = "MAIL_TEST_SENDER_DATABASE"
	senderServer   = "MAIL_TEST_SENDER_SERVER"
	senderRun      = "MAIL_TEST_SENDER_RUN" // its clock is so many hours after noon
)

func TestASenderThatIsKilledLosesNothingAndRepeatsAtMostWhatItHadInHand(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		const mails, kills = 300, 5
		w := newWorldOn(t, address)
		all := names(mails)
		w.queue(all...)

		for i := range kills {
			sender := w.startSender(address, i)
			until(t, "it is in the midst of its work", func() bool { return len(w.server.mails()) >= (i+1)*mails/(kills+1) })
			_ = sender.Process.Kill()
			_ = sender.Wait()
		}
		w.clock.Advance((kills + 1) * time.Hour)
		until(t, "nothing is queued", func() bool { // PostgreSQL may still be at work for the process that is gone
			if _, err := w.outbox.SendDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			return w.summary().Queued == 0
		})
		w.wantEachOnceBut(all, kills*w.cfg.Mail.Connections)
	})
}

// wantEachOnceBut wants every mail to have come, and no more than so many to have come again, under their own ids.
func (w *world) wantEachOnceBut(names []string, repeats int) {
	w.t.Helper()
	ids := map[string]string{}
	again := 0
	for _, m := range w.server.mails() {
		if id, ok := ids[m.to]; ok {
			again++
			if id != m.id {
				w.t.Errorf("the mail to %s came again under another id", m.to)
			}
		}
		ids[m.to] = m.id
	}
	if len(ids) != len(names) || w.summary().Queued != 0 {
		w.t.Errorf("%d of %d mails came, %d are still queued", len(ids), len(names), w.summary().Queued)
	}
	w.t.Logf("%d mails came again", again)
	if again > repeats {
		w.t.Errorf("%d mails came again, want at most %d", again, repeats)
	}
}

func (w *world) startSender(address string, run int) *exec.Cmd {
	w.t.Helper()
	sender := exec.Command(os.Args[0], "-test.run=^TestSenderProcess$")
	sender.Env = append(os.Environ(), senderDatabase+"="+address, senderServer+"="+w.server.address, senderRun+"="+strconv.Itoa(run))
	if err := sender.Start(); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = sender.Process.Kill() })
	return sender
}

// TestSenderProcess is not a test but the process that is killed.
func TestSenderProcess(t *testing.T) {
	address := os.Getenv(senderDatabase)
	if address == "" {
		return
	}
	run, err := strconv.Atoi(os.Getenv(senderRun))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, clock: &clock{now: noon.Add(time.Duration(run) * time.Hour)}, cfg: settings()}
	w.db = databasetest.Open(t, address, w.clock.Now)
	host, port, _ := net.SplitHostPort(os.Getenv(senderServer))
	w.cfg.Mail.Host = host
	if w.cfg.Mail.Port, err = strconv.Atoi(port); err != nil {
		t.Fatal(err)
	}
	w.another("sender " + strconv.Itoa(run)).Run(t.Context())
}

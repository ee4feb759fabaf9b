package mail_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"conversations/app/database/databasetest"
	"conversations/app/mail"
	"conversations/app/mail/sinktest"
)

func TestAMoodyServerThatIsGoneForTenMinutesLosesNobody(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		mood := &sinktest.Moody{CloseEach: 701, LeaveAt: 2000}
		options := sinktest.Options{Pipelining: true, Chunking: true, Answer: mood.Answer}
		w, sink := sinkWorld(t, address, options)
		w.cfg.Mail.Updates.Connections = 10
		w.outbox = w.another("first")
		to := residents(2000)
		id := w.mailingOf(letter("update:1"), to...)
		w.release(id)

		mood.Leave = sink.Close
		w.pump(10*time.Minute, func() bool { return false })
		p := w.progress(id)
		if !strings.Contains(p.Trouble, "connect to") || p.Sent == 0 || p.Waiting() < 500 {
			t.Errorf("while the server is gone %d wait, %d are sent, staff read %q", p.Waiting(), p.Sent, p.Trouble)
		}
		options.Addr = sink.Addr
		back := startSink(t, options)
		w.pump(2*time.Hour, func() bool { return w.progress(id).State == mail.Finished })

		w.wantFates(id, to, sink, back)
	})
}

// pump lets time pass, with a pass each five seconds where sending does not pause, until it is enough or so much has gone.
func (w *world) pump(most time.Duration, enough func() bool) {
	w.t.Helper()
	for end := w.clock.Now().Add(most); w.clock.Now().Before(end) && !enough(); w.clock.Advance(5 * time.Second) {
		if !w.outbox.MailingsPaused() {
			_, _ = w.outbox.SendMailings(w.t.Context())
		}
	}
}

// residents are recipients in some domains.
func residents(n int) (to []mail.Recipient) {
	for i := range n {
		to = append(to, mail.Recipient{ContactID: int64(i + 1), Address: fmt.Sprintf("resident%d@domain%d.example", i, i%9), Name: fmt.Sprintf("Resident Example %d", i)})
	}
	return to
}

// wantFates wants each recipient to have met what their temper says: once, and with the server's words. A letter whose
// answer was lost when the server went may have come twice, under its Message-ID; there is one such for a connection.
func (w *world) wantFates(id int64, to []mail.Recipient, sinks ...*sinktest.Server) {
	w.t.Helper()
	times, ids := map[string]int{}, map[string]string{}
	doubtful := w.cfg.Mail.Updates.Connections
	for _, sink := range sinks {
		for _, l := range sink.Letters() {
			if ids[l.To] == l.MessageID && doubtful > 0 {
				doubtful--
				continue
			}
			times[l.To]++
			ids[l.To] = l.MessageID
		}
		if faults := sink.Faults(); len(faults) > 0 {
			w.t.Errorf("the server saw %v", faults)
		}
	}
	list, total, err := w.outbox.Deliveries(w.t.Context(), mail.DeliveryFilter{MailingID: id, Limit: len(to)})
	if err != nil || total != len(to) {
		w.t.Fatalf("there are %d deliveries (%v)", total, err)
	}
	for _, d := range list {
		temper := sinktest.TemperOf(d.Address)
		state, words := temper.WantedState()
		came := 0
		if state == "sent" {
			came = 1
		}
		if string(d.State) != state || times[d.Address] != came || !strings.HasPrefix(d.Words, words) {
			w.t.Errorf("%s (%q) is %s: %q after %d tries, and got %d letters", d.Address, temper, d.State, d.Words, d.Attempts, times[d.Address])
		}
	}
}

package app_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"conversations"
	"conversations/app/apptest"
	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/links"
	"conversations/app/mail"
	"conversations/app/mail/sinktest"
)

const letterConnections = 10

// quickLetters has what a killed process held taken over, and what was put off tried again, within seconds.
var quickLetters = append([]string{
	"CONVERSATIONS_MAIL_UPDATES_CONNECTIONS=10", "CONVERSATIONS_MAIL_UPDATES_RETRY_AFTER=1s", "CONVERSATIONS_BACKUP_FOLDER=",
}, quickLease...)

// press is a letter to many that processes send, on a database that the test looks into as well.
type press struct {
	t       *testing.T
	address string
	sink    *sinktest.Server
	db      *database.DB
	outbox  *mail.Outbox
	running []*apptest.Process
}

func newPress(t *testing.T, address string, options sinktest.Options) *press {
	t.Helper()
	options.Pipelining, options.Chunking = true, true
	sink, err := sinktest.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sink.Close)
	cfg, err := config.Parse(conversations.Config, nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &press{t: t, address: address, sink: sink, db: databasetest.Open(t, address, nil)}
	p.outbox = mail.New(p.db, cfg, "test", slog.New(slog.DiscardHandler))
	if p.outbox.Links, err = links.New(t.Context(), p.db, "https://conversations.example", ""); err != nil {
		t.Fatal(err)
	}
	return p
}

// letter makes a letter to so many contacts that want it, and lets it go.
func (p *press) letter(key string, recipients int) (id int64) {
	p.t.Helper()
	p.write(func(tx *database.Tx) error {
		const people = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) `
		done := tx.Exec(`INSERT INTO contacts (id, name, email, created_at, updated_at) `+people+`SELECT i, 'Resident Example', '', ?, ? FROM n WHERE NOT EXISTS
			(SELECT 1 FROM contacts WHERE id = i)`, recipients, tx.Now(), tx.Now())
		if done.Error != nil || done.RowsAffected == 0 {
			return done.Error
		}
		return tx.Exec(`INSERT INTO consents (contact_id, purpose, channel, entry, at, recorded_at, source) `+people+`SELECT i, 'updates', 'email', 'given', ?, ?, 'subscribe' FROM n`,
			recipients, tx.Now(), tx.Now()).Error
	})
	p.write(func(tx *database.Tx) (err error) {
		id, err = p.outbox.CreateMailing(p.t.Context(), tx, mail.NewMailing{
			Key: key, Kind: "update", About: "updates", Subject: "Stakeholder update", ListID: "updates", Purpose: "updates",
			Blocks: []mail.Block{mail.Heading("Stakeholder update"), mail.Paragraph("Dear " + mail.NameField + ", we write to you.")},
		})
		return err
	})
	for first := 1; first <= recipients; first += 1000 {
		var to []mail.Recipient
		for i := first; i < first+1000; i++ {
			to = append(to, mail.Recipient{ContactID: int64(i), Address: fmt.Sprintf("resident%d@%s.domain%d.example", i, key, i%9), Name: "Resident Example"})
		}
		p.write(func(tx *database.Tx) error {
			_, err := p.outbox.AddRecipients(p.t.Context(), tx, id, to)
			return err
		})
	}
	p.write(func(tx *database.Tx) error { return p.outbox.ReleaseMailing(p.t.Context(), tx, id, tx.Now()) })
	return id
}

func (p *press) write(fn func(tx *database.Tx) error) {
	p.t.Helper()
	if err := p.db.Write(audit.AsSystem(context.Background()), fn); err != nil {
		p.t.Fatal(err)
	}
}

// start has one more process send.
func (p *press) start() {
	p.running = append(p.running, apptest.Serve(p.t, apptest.FreeAddress(p.t), p.address, p.sink.Port(), quickLetters...))
}

// end ends the process that has run longest.
func (p *press) end(how func(*apptest.Process)) {
	how(p.running[0])
	p.running = p.running[1:]
}

func (p *press) until(what string, taken int) {
	p.t.Helper()
	apptest.Eventually(p.t, what, func() bool { return p.sink.Taken() >= taken })
}

// finished waits until the letter is finished, and wants so many to have been sent.
func (p *press) finished(id int64, sent int) {
	p.t.Helper()
	var at mail.Progress
	apptest.Eventually(p.t, "the letter is finished", func() bool {
		var err error
		if at, err = p.outbox.MailingProgress(p.t.Context(), id); err != nil {
			p.t.Fatal(err)
		}
		return at.State == mail.Finished
	})
	if at.Sent != sent {
		p.t.Errorf("%d are sent, want %d: %+v", at.Sent, sent, at)
	}
}

// wantEach wants a letter of this key to have come to so many, and no more than some to have come again, under their own
// Message-ID.
func (p *press) wantEach(key string, recipients, again int) {
	p.t.Helper()
	ids := map[string]string{}
	twice := 0
	for _, l := range p.sink.Letters() {
		if !strings.Contains(l.To, "@"+key+".") {
			continue
		}
		if before, is := ids[l.To]; is {
			twice++
			if before != l.MessageID {
				p.t.Errorf("to %s came %s and then %s", l.To, before, l.MessageID)
			}
		}
		ids[l.To] = l.MessageID
	}
	p.t.Logf("%d of %d were written to, %d of them twice", len(ids), recipients, twice)
	if len(ids) != recipients || twice > again {
		p.t.Errorf("%d of %d were written to, %d of them twice; want all, and at most %d twice", len(ids), recipients, twice, again)
	}
	if faults := p.sink.Faults(); len(faults) > 0 {
		p.t.Errorf("the mail server saw %v", faults)
	}
}

// Killed three times in the midst of a letter to 20,000: nobody is missed, and at most the ten mails that were in hand
// come again, under their Message-ID. Asked to end: nobody is missed, nobody written to twice. On PostgreSQL two
// processes share the work.
func TestKilledWhileALetterGoesToMany(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		const recipients, kills, fewer = 20_000, 3, 6_000
		p := newPress(t, address, sinktest.Options{Delay: 5 * time.Millisecond})
		p.start()
		if strings.HasPrefix(address, "postgres") {
			p.start()
		}
		id := p.letter("killed", recipients)
		for kill := range kills {
			p.until("the letter is on its way", (kill+1)*2000)
			p.end((*apptest.Process).Kill)
			p.start()
		}
		p.finished(id, recipients)
		p.wantEach("killed", recipients, kills*letterConnections)

		before := p.sink.Taken()
		id = p.letter("ended", fewer)
		for stop := range 2 {
			p.until("the next letter is on its way", before+(stop+1)*1500)
			p.end(func(one *apptest.Process) { one.Stop() })
			p.start()
		}
		p.finished(id, fewer)
		p.wantEach("ended", fewer, 0)
	})
}

// Two processes and a mail server that is moody, and gone for some seconds: everybody who was put off gets the letter,
// each refusal is on record with the server's words, and nobody did anything for it.
func TestAMoodyMailServerLosesNobodyBetweenTwoProcesses(t *testing.T) {
	const recipients = 2000
	mood := &sinktest.Moody{CloseEach: 701, LeaveAt: 3000}
	p := newPress(t, databasetest.Postgres(t), sinktest.Options{Answer: mood.Answer})
	mood.Leave = p.sink.Close
	p.start()
	p.start()
	id := p.letter("moody", recipients)
	trouble := func() string {
		m, err := p.outbox.Mailing(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return m.Trouble
	}
	apptest.Eventually(t, "staff are told that the server is gone", func() bool { return strings.Contains(trouble(), "connect to") })
	back, err := sinktest.Start(sinktest.Options{Addr: p.sink.Addr, Pipelining: true, Chunking: true, Answer: mood.Answer})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(back.Close)
	apptest.Eventually(t, "the letter is finished", func() bool {
		m, err := p.outbox.Mailing(t.Context(), id)
		return err == nil && m.State == mail.Finished
	})

	list, _, err := p.outbox.Deliveries(t.Context(), mail.DeliveryFilter{MailingID: id, Limit: recipients})
	if err != nil || len(list) != recipients {
		t.Fatalf("there are %d deliveries (%v)", len(list), err)
	}
	came := map[string]bool{}
	for _, l := range append(p.sink.Letters(), back.Letters()...) {
		came[l.To] = true
	}
	for _, d := range list {
		state, words := sinktest.TemperOf(d.Address).WantedState()
		if string(d.State) != state || came[d.Address] != (state == "sent") || !strings.HasPrefix(d.Words, words) {
			t.Errorf("%s (%q) is %s: %q; a letter came: %v", d.Address, sinktest.TemperOf(d.Address), d.State, d.Words, came[d.Address])
		}
	}
}

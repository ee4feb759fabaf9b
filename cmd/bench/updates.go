package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/links"
	"conversations/app/mail"
)

const (
	updateRecipients = 100_000
	updateFew        = 10_000
	updateRounds     = 3
	loopRecipients   = 40_000 // of the limit, which is slower
	memoryLimitMB    = 80
	memoryGrowthMB   = 10

	slowConnections = 50
	slowAnswer      = 20 * time.Millisecond
	slowRecipients  = 30_000
)

// updates compares a letter to many with a bare loop around go-mail's Send, over as many connections to the same mail
// server, which stands in another process. Ours claims every recipient, asks whether they may be written to, and has
// each result on the disk before its connection takes the next mail; the loop does nothing of this.
func updates(ctx context.Context) ([]row, error) {
	sink, err := startSink(ctx, 0)
	if err != nil {
		return nil, err
	}
	defer sink.stop()
	o, err := startPostroom(ctx, sink.port, 10)
	if err != nil {
		return nil, err
	}
	defer o.stop()
	few, err := o.send(ctx, updateFew)
	if err != nil {
		return nil, err
	}
	var ours, loops []sending
	for range updateRounds {
		a, err := o.send(ctx, updateRecipients)
		if err != nil {
			return nil, err
		}
		b, err := runLoop(ctx, sink.port, loopRecipients, o.letter)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(os.Stderr, "  %.0f/s at %.0f µs, peak %.0f MB, beside %.0f/s at %.0f µs: %.2f at %.2f\n", a.rate, a.micros, a.peakMB, b.rate, b.micros, a.rate/b.rate, a.micros/b.micros)
		ours, loops = append(ours, a), append(loops, b)
	}
	return updateRows(few, ours, loops), nil
}

func updateRows(few sending, ours, loops []sending) []row {
	of := func(list []sending, f func(sending) float64) []float64 {
		out := make([]float64, len(list))
		for i, s := range list {
			out[i] = f(s)
		}
		return out
	}
	rate, micros := func(s sending) float64 { return s.rate }, func(s sending) float64 { return s.micros }
	ratios := func(f func(sending) float64) []float64 {
		out := of(ours, f)
		for i := range out {
			out[i] /= f(loops[i])
		}
		return out
	}
	peak := ours[len(ours)-1].peakMB
	return []row{
		{what: "a letter to 100,000 beside a bare go-mail loop, mails", ours: fmt.Sprintf("%.0f/s", median(of(ours, rate))),
			limit: fmt.Sprintf("%.0f/s", median(of(loops, rate))), ratio: median(ratios(rate)), goal: 2},
		{what: "  its processor time for each mail", ours: fmt.Sprintf("%.0f µs", median(of(ours, micros))),
			limit: fmt.Sprintf("%.0f µs", median(of(loops, micros))), ratio: median(ratios(micros)), goal: 0.5, direction: atMost},
		{what: "  its peak memory", ours: fmt.Sprintf("%.0f MB", peak), limit: fmt.Sprintf("%d MB", memoryLimitMB), ratio: peak / memoryLimitMB, goal: 1, direction: atMost},
		{what: "  what that is more than for 10,000", ours: fmt.Sprintf("%.0f MB", peak-few.peakMB), limit: fmt.Sprintf("%d MB", memoryGrowthMB),
			ratio: (peak - few.peakMB) / memoryGrowthMB, goal: 1, direction: atMost},
	}
}

// slowServer measures with a server that thinks about each mail. The limit is what so many connections can do that are
// never without a mail, by the time that the server really took: it sleeps, and a sleep ends late. The median round counts.
func slowServer(ctx context.Context) (row, error) {
	var measured []row
	for range updateRounds {
		r, err := slowRound(ctx)
		if err != nil {
			return row{}, err
		}
		fmt.Fprintf(os.Stderr, "  %s beside %s: %.2f\n", r.ours, r.limit, r.ratio)
		measured = append(measured, r)
	}
	slices.SortFunc(measured, func(a, b row) int { return cmp.Compare(a.ratio, b.ratio) })
	return measured[len(measured)/2], nil
}

func slowRound(ctx context.Context) (row, error) {
	sink, err := startSink(ctx, slowAnswer)
	if err != nil {
		return row{}, err
	}
	defer sink.stop()
	o, err := startPostroom(ctx, sink.port, slowConnections)
	if err != nil {
		return row{}, err
	}
	defer o.stop()
	a, err := o.send(ctx, slowRecipients)
	if err != nil {
		return row{}, err
	}
	latency, err := sink.latency()
	limit := slowConnections / latency.Seconds()
	return row{
		what: fmt.Sprintf("a letter by 50 connections to a server that takes %.1f ms", 1000*latency.Seconds()),
		ours: fmt.Sprintf("%.0f/s", a.rate), limit: fmt.Sprintf("%.0f/s", limit), ratio: a.rate / limit, goal: 0.9,
	}, err
}

// sending is what it took to send a letter.
type sending struct {
	rate   float64 // mails per second
	micros float64 // processor time for each mail, in microseconds
	peakMB float64 // of the process, from its start
}

// postroom is the whole program as a process of its own, and a second way into its database.
type postroom struct {
	*site
	db       *database.DB
	outbox   *mail.Outbox
	letter   mail.NewMailing
	contacts int
}

func startPostroom(ctx context.Context, mailPort, connections int) (*postroom, error) {
	s, err := startSite(ctx, nil, 1, "CONVERSATIONS_MAIL_HOST=127.0.0.1", "CONVERSATIONS_MAIL_TLS=none",
		"CONVERSATIONS_MAIL_PORT="+strconv.Itoa(mailPort), "CONVERSATIONS_MAIL_UPDATES_CONNECTIONS="+strconv.Itoa(connections))
	if err != nil {
		return nil, err
	}
	o := &postroom{site: s}
	if o.db, err = database.Open(ctx, s.cfg.Database.URL, nil); err != nil {
		return nil, err
	}
	o.outbox = mail.New(o.db, s.cfg, "bench", slog.New(slog.DiscardHandler))
	o.outbox.Links, err = links.New(ctx, o.db, s.cfg.BaseURL, "")
	o.letter = benchLetter(s.cfg)
	return o, err
}

func (o *postroom) stop() {
	_ = o.db.Close()
	o.site.stop()
}

// send makes a letter to so many, lets it go, and measures until the program says that it is finished.
func (o *postroom) send(ctx context.Context, recipients int) (sending, error) {
	id, err := o.fill(audit.AsSystem(ctx), recipients)
	if err != nil {
		return sending{}, err
	}
	before, err := processorTime(o.cmd.Process.Pid)
	if err != nil {
		return sending{}, err
	}
	if err := o.db.Write(ctx, func(tx *database.Tx) error { return o.outbox.ReleaseMailing(ctx, tx, id, tx.Now()) }); err != nil {
		return sending{}, err
	}
	m, err := o.waitFor(ctx, id)
	if err != nil {
		return sending{}, err
	}
	after, err := processorTime(o.cmd.Process.Pid)
	if err != nil {
		return sending{}, err
	}
	peak, err := peakMemoryMB(o.cmd.Process.Pid)
	return sending{
		rate: perSecond(recipients, m.EndedAt.Sub(*m.BegunAt)), micros: float64((after - before).Microseconds()) / float64(recipients), peakMB: peak,
	}, err
}

// fill makes contacts that asked for updates, and a letter to them.
func (o *postroom) fill(ctx context.Context, recipients int) (id int64, err error) {
	if err := o.makeContacts(ctx, recipients); err != nil {
		return 0, err
	}
	m := o.letter
	m.Key = fmt.Sprintf("bench:%d", time.Now().UnixNano())
	err = o.db.Write(ctx, func(tx *database.Tx) (err error) {
		id, err = o.outbox.CreateMailing(ctx, tx, m)
		return err
	})
	const chunk = 500
	for first := 1; first <= recipients && err == nil; first += chunk {
		list := make([]mail.Recipient, chunk)
		for i := range list {
			list[i] = mail.Recipient{ContactID: int64(first + i), Address: fmt.Sprintf("resident%d@residents.example", first+i), Name: fmt.Sprintf("Resident Example %d", first+i)}
		}
		err = o.db.Write(ctx, func(tx *database.Tx) error {
			_, err := o.outbox.AddRecipients(ctx, tx, id, list)
			return err
		})
	}
	return id, err
}

func (o *postroom) makeContacts(ctx context.Context, n int) error {
	if n <= o.contacts {
		return nil
	}
	from := o.contacts
	o.contacts = n
	return o.db.Write(ctx, func(tx *database.Tx) error {
		const numbers = `WITH RECURSIVE n(i) AS (SELECT ? + 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) `
		err := tx.Exec(numbers+`INSERT INTO contacts (id, name, email, email_key, created_at, updated_at)
			SELECT i, 'Resident Example ' || i, 'resident' || i || '@residents.example', 'resident' || i || '@residents.example', ?, ? FROM n`, from, n, tx.Now(), tx.Now()).Error
		if err != nil {
			return err
		}
		return tx.Exec(numbers+`INSERT INTO consents (contact_id, purpose, channel, entry, basis, at, recorded_at, source)
			SELECT i, 'updates', 'email', 'given', 'consent', ?, ?, 'subscribe' FROM n`, from, n, tx.Now(), tx.Now()).Error
	})
}

func (o *postroom) waitFor(ctx context.Context, id int64) (m mail.Mailing, err error) {
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for deadline := time.Now().Add(5 * time.Minute); time.Now().Before(deadline); {
		if m, err = o.outbox.Mailing(ctx, id); err != nil || m.EndedAt != nil {
			return m, err
		}
		select {
		case <-ctx.Done():
			return m, ctx.Err()
		case <-look.C:
		}
	}
	return m, fmt.Errorf("the letter is not finished: %+v", m)
}

// benchLetter is a letter of nine sections, about 8 KB of HTML.
func benchLetter(cfg *config.Config) mail.NewMailing {
	blocks := []mail.Block{mail.Heading("Stakeholder update"), mail.Paragraph("Dear " + mail.NameField + ",")}
	for i := range 9 {
		blocks = append(blocks, mail.Subheading(2, fmt.Sprintf("Section %d – what people told us", i+1)),
			mail.Paragraph(strings.Repeat("Residents, councillors and local doctors met to talk about care close to home, and how to get there. ", 4)))
	}
	blocks = append(blocks, mail.Paragraph("Yours,\nThe programme team at "+cfg.Programme.Name))
	return mail.NewMailing{Kind: "update", About: "updates", Subject: "Stakeholder update – February", Blocks: blocks, ListID: "updates", Purpose: "updates",
		Because: "You get this because you asked us for updates."}
}

package app_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	netmail "net/mail"
	"strconv"
	"strings"
	"testing"
	"time"

	"conversations/app/apptest"
	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/mail"
	"conversations/app/mail/sinktest"
)

const (
	readers  = 300
	stopping = 50                    // of them have an earlier letter, and unsubscribe by its link
	perMail  = 20 * time.Millisecond // what the mail server takes for each, so that sending lasts some seconds
	grace    = time.Second           // what may begin until then was under way
)

// While a letter goes out, people unsubscribe by the link in an earlier one: those who are next, and those who are far
// from it.
func TestNoLetterBeginsMoreThanASecondAfterItsReaderUnsubscribed(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		sink, err := sinktest.Start(sinktest.Options{Pipelining: true, Chunking: true, Delay: perMail})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(sink.Close)
		site := apptest.StartOn(t, address, "CONVERSATIONS_MAIL_PORT="+strconv.Itoa(sink.Port()), "CONVERSATIONS_MAIL_UPDATES_CONNECTIONS=2")
		people := subscribe(t, site, readers)
		var some []mail.Recipient
		for i := range stopping {
			some = append(some, people[i*readers/stopping])
		}
		send(t, site, "update:1", some)
		apptest.Eventually(t, "the first letter is with those who get it", func() bool { return sink.Taken() == stopping })
		links := oneClickLinks(t, sink.Letters())

		send(t, site, "update:2", people)
		answered := map[string]time.Time{}
		for i := 0; len(answered) < stopping/2; i++ {
			apptest.Eventually(t, "some more have the second letter", func() bool { return sink.Taken() >= stopping+8*i })
			who := nextToStop(sink.Letters()[stopping:], some, answered, i%2 == 0)
			if who == "" {
				break
			}
			pressOneClick(t, site, links[who])
			answered[who] = time.Now()
		}
		apptest.Eventually(t, "the second letter has been sent", func() bool {
			return count(t, site.App.DB, `SELECT count(*) FROM mailings WHERE ended_at IS NULL`) == 0
		})
		expectNothingLate(t, site, sink.Letters()[stopping:], answered)
		if faults := sink.Faults(); len(faults) > 0 {
			t.Errorf("the mail server was spoken to wrongly: %v", faults)
		}
	})
}

// A list that was made before somebody unsubscribed, and sent afterwards, does not reach them.
func TestAListFromBeforeReachesNobodyWhoHasUnsubscribedSince(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		sink, err := sinktest.Start(sinktest.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(sink.Close)
		site := apptest.StartOn(t, address, "CONVERSATIONS_MAIL_PORT="+strconv.Itoa(sink.Port()))
		people := subscribe(t, site, 3)
		send(t, site, "update:1", people)
		apptest.Eventually(t, "the first letter is with everybody", func() bool { return sink.Taken() == 3 })
		pressOneClick(t, site, oneClickLinks(t, sink.Letters())[people[1].Address])
		send(t, site, "update:2", people)
		apptest.Eventually(t, "the second letter has been sent", func() bool {
			return count(t, site.App.DB, `SELECT count(*) FROM mailings WHERE ended_at IS NULL`) == 0
		})
		for _, l := range sink.Letters()[3:] {
			if l.To == people[1].Address {
				t.Errorf("%s has unsubscribed and got another letter", l.To)
			}
		}
		if n := sink.Taken(); n != 5 {
			t.Errorf("%d letters arrived, want 3 and then 2", n)
		}
	})
}

// subscribe makes people who let us send them updates.
func subscribe(t *testing.T, site *apptest.Site, n int) (people []mail.Recipient) {
	t.Helper()
	err := site.App.DB.Write(site.Ctx(), func(tx *database.Tx) error {
		people = nil
		for i := range n {
			r := mail.Recipient{Address: fmt.Sprintf("reader%d@residents.example", i), Name: fmt.Sprintf("Reader %d", i)}
			id, _, err := site.App.Contacts.FindOrCreateTx(site.Ctx(), tx, r.Address, r.Name)
			if err != nil {
				return err
			}
			if _, err := site.App.Contacts.GiveTx(site.Ctx(), tx, id, contacts.Said{Purpose: contacts.Updates, Channel: contacts.Email, Source: contacts.FromMeeting}); err != nil {
				return err
			}
			r.ContactID = id
			people = append(people, r)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return people
}

// send has a letter leave to people.
func send(t *testing.T, site *apptest.Site, key string, people []mail.Recipient) {
	t.Helper()
	err := site.App.DB.Write(site.Ctx(), func(tx *database.Tx) error {
		id, err := site.App.Outbox.CreateMailing(site.Ctx(), tx, mail.NewMailing{Key: key, Kind: "update", About: "updates", AboutID: 1, Subject: "News of February",
			Blocks: []mail.Block{mail.Paragraph("This is what happened."), mail.Button("Read it on our website", site.URL+"/updates")}, ListID: "updates", Purpose: contacts.Updates})
		if err != nil {
			return err
		}
		if _, err := site.App.Outbox.AddRecipients(site.Ctx(), tx, id, people); err != nil {
			return err
		}
		return site.App.Outbox.ReleaseMailing(site.Ctx(), tx, id, tx.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
	site.App.Outbox.Wake()
}

// oneClickLinks are the addresses in List-Unsubscribe, by recipient.
func oneClickLinks(t *testing.T, letters []sinktest.Letter) map[string]string {
	t.Helper()
	links := map[string]string{}
	for _, l := range letters {
		m, err := netmail.ReadMessage(strings.NewReader(l.Raw))
		if err != nil {
			t.Fatal(err)
		}
		link := strings.Trim(m.Header.Get("List-Unsubscribe"), "<>")
		if !strings.HasPrefix(link, "http") || m.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
			t.Fatalf("the letter cannot be stopped by one click: %v", m.Header)
		}
		links[l.To] = link
	}
	return links
}

// nextToStop is who has not got the letter and has not unsubscribed: the first in the queue, or the last.
func nextToStop(letters []sinktest.Letter, some []mail.Recipient, answered map[string]time.Time, first bool) (who string) {
	has := map[string]bool{}
	for _, l := range letters {
		has[l.To] = true
	}
	for _, r := range some {
		if _, done := answered[r.Address]; !done && !has[r.Address] {
			if who = r.Address; first {
				return who
			}
		}
	}
	return who
}

// pressOneClick does what a mail provider does (RFC 8058): from another site, with no cookie.
func pressOneClick(t *testing.T, site *apptest.Site, link string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, link, strings.NewReader("List-Unsubscribe=One-Click"))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"} {
		request.Header.Set(name, value)
	}
	response, err := site.Client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	page, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK || !bytes.Contains(page, []byte("You have unsubscribed")) || len(response.Cookies()) > 0 {
		t.Fatalf("one click was answered %d (%v):\n%s", response.StatusCode, err, page)
	}
}

// expectNothingLate compares what the mail server saw, by its clock, with when people were told that it stops.
func expectNothingLate(t *testing.T, site *apptest.Site, letters []sinktest.Letter, answered map[string]time.Time) {
	t.Helper()
	got := map[string]int{}
	for _, l := range letters {
		got[l.To]++
		if at, stopped := answered[l.To]; stopped && l.Began.After(at.Add(grace)) {
			t.Errorf("a letter to %s began %s after they unsubscribed", l.To, l.Began.Sub(at))
		}
	}
	spared := 0
	for i := range readers {
		address := fmt.Sprintf("reader%d@residents.example", i)
		_, stopped := answered[address]
		switch {
		case got[address] > 1:
			t.Errorf("%s got the letter %d times", address, got[address])
		case got[address] == 0 && !stopped:
			t.Errorf("%s did not get the letter and had not unsubscribed", address)
		case got[address] == 0:
			spared++
		}
	}
	if len(answered) < 10 || spared < len(answered)/2 {
		t.Errorf("of %d who unsubscribed only %d were spared: the test shows nothing", len(answered), spared)
	}
	if n := count(t, site.App.DB, `SELECT count(*) FROM deliveries WHERE state = 'withdrawn'`); n != spared {
		t.Errorf("%d letters are noted as kept back, and %d were", n, spared)
	}
	if n := count(t, site.App.DB, `SELECT count(*) FROM consents WHERE entry = 'withdrawn' AND source = 'unsubscribe'`); n != len(answered) {
		t.Errorf("the ledger has %d who unsubscribed, and there are %d", n, len(answered))
	}
	t.Logf("%d unsubscribed, %d of them before their letter began", len(answered), spared)
}

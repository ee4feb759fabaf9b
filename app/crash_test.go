package app_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"conversations"
	"conversations/app/apptest"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/events"
)

const kills = 20

// quickLease has a mail that a killed process held taken over within seconds: a lease outlives six time-outs.
var quickLease = []string{"CONVERSATIONS_MAIL_LEASE=10s", "CONVERSATIONS_MAIL_TIMEOUT=1s"}

// A booking that was answered is there after kill -9, with exactly one confirmation or call, and nothing is half made.
func TestKilledInABookingStampede(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		sink := apptest.NewSink(t)
		db := databasetest.Open(t, address, nil)
		cfg, err := config.Parse(conversations.Config, nil)
		if err != nil {
			t.Fatal(err)
		}
		apptest.OpenEvent(t, events.New(cfg, db), "stampede", 400, 3)
		addr := apptest.FreeAddress(t)
		answered := newAnswers()
		for round := range kills {
			p := apptest.Serve(t, addr, address, sink.Port, quickLease...)
			stampede(t, p, round, answered)
		}
		p := apptest.Serve(t, addr, address, sink.Port, quickLease...)
		apptest.Eventually(t, "every mail is sent", func() bool {
			return count(t, db, `SELECT count(*) FROM mails WHERE state <> 'sent'`) == 0
		})
		p.Kill()
		answered.expect(t, db)
		expectNothingHalfMade(t, db)
		expectDelivered(t, db, sink.Received())
	})
}

// answers are the residents whose booking was answered, by name.
type answers struct {
	mu   sync.Mutex
	sent int
	ok   map[string]bool
}

func newAnswers() *answers { return &answers{ok: map[string]bool{}} }

// stampede has many residents book until the process is killed in the middle of it.
func stampede(t *testing.T, p *apptest.Process, round int, a *answers) {
	t.Helper()
	client := apptest.NewClient()
	defer client.CloseIdleConnections()
	var all sync.WaitGroup
	enough := make(chan struct{})
	var once sync.Once
	killAfter := 5 + rand.IntN(60) // answers
	answered := 0
	for worker := range 32 {
		all.Go(func() {
			for i := 0; ; i++ {
				name := fmt.Sprintf("Resident Example %d-%d-%d", round, worker, i)
				response, err := client.PostForm(p.URL+"/events/stampede/book", residentForm(name, i))
				if err != nil {
					return // killed
				}
				_ = response.Body.Close()
				a.mu.Lock()
				a.sent++
				if response.StatusCode == http.StatusSeeOther {
					a.ok[name] = true
				}
				if answered++; answered >= killAfter {
					once.Do(func() { close(enough) })
				}
				a.mu.Unlock()
			}
		})
	}
	select {
	case <-enough:
	case <-time.After(time.Minute):
		t.Error("the program gave too few answers in a minute")
	}
	p.Kill()
	all.Wait()
}

func residentForm(name string, i int) url.Values {
	form := url.Values{"name": {name}, "party_size": {fmt.Sprint(1 + i%3)}}
	if i%5 == 4 {
		form.Set("phone", "01632 960123")
	} else {
		form.Set("email", strings.ToLower(strings.ReplaceAll(name, " ", "."))+"@residents.example")
	}
	if i%3 == 1 {
		form.Add("access_needs", "hearing-loop")
		form.Add("access_needs", "large-print")
	}
	return form
}

func (a *answers) expect(t *testing.T, db *database.DB) {
	t.Helper()
	if len(a.ok) < kills*5 {
		t.Fatalf("only %d of %d were answered with a booking", len(a.ok), a.sent)
	}
	var names []string
	if err := db.Read(context.Background()).Raw(`SELECT name FROM bookings`).Scan(&names).Error; err != nil {
		t.Fatal(err)
	}
	stored := map[string]int{}
	for _, name := range names {
		stored[name]++
	}
	for name := range a.ok {
		if stored[name] != 1 {
			t.Errorf("%s was answered, and is stored %d times", name, stored[name])
		}
	}
	t.Logf("%d answered, %d stored after %d kills", len(a.ok), len(names), kills)
}

func count(t *testing.T, db *database.DB, query string) (n int) {
	t.Helper()
	if err := db.Read(context.Background()).Raw(query).Scan(&n).Error; err != nil {
		t.Fatal(err)
	}
	return n
}

func expectNothingHalfMade(t *testing.T, db *database.DB) {
	t.Helper()
	for what, query := range map[string]string{
		"bookings without exactly one mail or call": `SELECT count(*) FROM bookings b WHERE 1 <>
			(SELECT count(*) FROM mails m WHERE m.about = 'bookings' AND m.about_id = b.id AND m.kind IN ('booking.booked', 'booking.waiting')) +
			(SELECT count(*) FROM calls c WHERE c.booking_id = b.id AND c.kind IN ('booked', 'waiting'))`,
		"bookings with too few or many people":     `SELECT count(*) FROM bookings b WHERE people <> (SELECT count(*) FROM attendees a WHERE a.booking_id = b.id)`,
		"bookings without their line in the audit": `SELECT count(*) FROM bookings b WHERE 1 <> (SELECT count(*) FROM audit_entries a WHERE a.entity = 'bookings' AND a.entity_id = b.id AND a.action = 'booking.create')`,
		"audit lines without their booking":        `SELECT count(*) FROM audit_entries a WHERE a.entity = 'bookings' AND NOT EXISTS (SELECT 1 FROM bookings b WHERE b.id = a.entity_id)`,
		"bookings with half of their needs":        `SELECT count(*) FROM bookings b WHERE (SELECT count(*) FROM access_needs n WHERE n.booking_id = b.id) NOT IN (0, 2)`,
		"places too many":                          `SELECT count(*) FROM events e WHERE capacity < (SELECT coalesce(sum(people), 0) FROM bookings b WHERE b.event_id = e.id AND b.status = 'confirmed')`,
	} {
		if n := count(t, db, query); n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
}

// expectDelivered: every mail reached the mail server under its one id; twice at most as often as connections were
// cut by a kill.
func expectDelivered(t *testing.T, db *database.DB, received map[string]int) {
	t.Helper()
	var ids []string
	if err := db.Read(context.Background()).Raw(`SELECT message_id FROM mails`).Scan(&ids).Error; err != nil {
		t.Fatal(err)
	}
	delivered := map[string]int{}
	for id, times := range received {
		delivered[strings.Trim(id, "<>")] = times
	}
	twice := 0
	for _, id := range ids {
		n := delivered[strings.Trim(id, "<>")]
		if n == 0 {
			t.Errorf("mail %s never arrived", id)
		}
		twice += max(n-1, 0)
	}
	if most := kills * 4; twice > most {
		t.Errorf("%d mails came twice; at most %d connections were cut", twice, most)
	}
	t.Logf("%d mails, %d of them twice under the same id", len(ids), twice)
}

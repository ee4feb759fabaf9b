package site_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/events"
	"conversations/app/mail"
)

func withMailServer(c *config.Config) { c.Mail.Host = "mail.example" }

func TestEachStaffPageIsForTheRolesThatTheTableNames(t *testing.T) {
	w := newWorld(t)
	id := w.queue(confirmation("one"))
	pages := map[string]accounts.Action{
		"/staff": accounts.UseStaffPages, "/staff/mails": accounts.SeeMails, fmt.Sprintf("/staff/mails/%d", id): accounts.SeeMails,
		fmt.Sprintf("/staff/mails/%d/text", id): accounts.SeeMails, "/staff/settings": accounts.SeeSettings, "/staff/audit": accounts.SeeAudit,
	}
	for _, role := range accounts.Roles() {
		who := w.staff(role)
		for path, action := range pages {
			want := http.StatusForbidden
			if accounts.May(audit.Actor{Kind: audit.Staff, Role: string(role)}, action) {
				want = http.StatusOK
			}
			if got := who.get(path).status; got != want {
				t.Errorf("%s got %d from %s, want %d", role, got, path, want)
			}
		}
	}
	for path := range pages {
		if p := w.anybody().get(path); p.status != http.StatusSeeOther || !strings.HasPrefix(p.header.Get("Location"), "/staff/sign-in") {
			t.Errorf("%s answered a visitor with %d", path, p.status)
		}
	}
}

func TestWithNothingToDoTheStaffsHomeSaysSo(t *testing.T) {
	w := newWorld(t, withMailServer)
	w.staff(accounts.Engagement).get("/staff").answers(http.StatusOK).says("Nothing. All is done for the moment.", "There are no events today.")
}

func TestTheStaffsHomeNamesWhatNeedsDoingInOrderOfUrgency(t *testing.T) {
	w := newWorld(t)
	over := w.publish(evening("Over and open", "dacorum", feb(14)))
	nowhere := evening("Nowhere yet", "hertsmere", feb(27))
	nowhere.Venue = events.Venue{}
	placeless := w.publish(nowhere)
	dateless := w.publish(evening("No date yet", "hertsmere", time.Time{}))
	w.call(over.ID)
	w.fail(w.queue(confirmation("lost")), "550 no such person")
	w.queue(confirmation("waits"))
	w.clock.set(feb(20))
	w.staff(accounts.Engagement).get("/staff").answers(http.StatusOK).
		inOrder("Telephone 1 person", "Urgent", "The first has waited since 9am on Friday 10 February 2017", "Emails are not leaving", "1 email waits", "No mail server is named",
			"Look at 1 email that did not arrive", "Mark as held: Over and open", "Say where it is: Nowhere yet", "Set the date: No date yet", "Events today").
		linksTo("/staff/calls", "/staff/mails?state=queued", "/staff/mails?state=failed", fmt.Sprintf("/staff/events/%d/hold", over.ID),
			fmt.Sprintf("/staff/events/%d/move", placeless.ID), fmt.Sprintf("/staff/events/%d/set-date", dateless.ID))
}

func (w *world) call(eventID int64) {
	w.t.Helper()
	w.write(func(tx *database.Tx) error {
		return tx.Exec(`INSERT INTO calls (unique_key, event_id, kind, name, phone, say, state, created_at)
			VALUES ('one', ?, 'booked', 'Ada Fictional', '01632 960000', 'Say that it is booked.', 'due', ?)`, eventID, tx.Now()).Error
	})
}

func TestMailsThatWaitTooLongAreNamedOnceTheServerAnswers(t *testing.T) {
	w := newWorld(t, withMailServer)
	w.queue(confirmation("slow"))
	w.clock.set(friday.Add(11 * time.Minute))
	w.staff(accounts.Admin).get("/staff").says("Look at 1 email that waits").doesNotSay("Emails are not leaving")
}

func TestTodaysEventsAreThoseOfTheProgrammesDay(t *testing.T) {
	w := newWorld(t, withMailServer)
	today := w.publish(evening("This evening", "dacorum", feb(15)))
	w.publish(evening("Tomorrow evening", "dacorum", feb(16)))
	w.clock.set(time.Date(2017, 2, 15, 0, 30, 0, 0, time.UTC))
	w.staff(accounts.Door).get("/staff").says("Events today", "This evening", "7pm to 9pm", "The Hall").doesNotSay("Tomorrow evening").linksTo("/staff/door/" + today.Slug)
	w.staff(accounts.Admin).get("/staff").linksTo("/staff/door/" + today.Slug)
	w.clock.set(time.Date(2017, 2, 15, 23, 30, 0, 0, time.UTC))
	w.staff(accounts.Door).get("/staff").says("This evening")
	w.clock.set(time.Date(2017, 2, 16, 0, 30, 0, 0, time.UTC))
	w.staff(accounts.Door).get("/staff").doesNotSay("This evening").says("Tomorrow evening")
}

func TestNobodyIsToldOfWorkThatTheirRoleDoesNotInclude(t *testing.T) {
	w := newWorld(t)
	w.call(w.publish(evening("Over and open", "dacorum", feb(14))).ID)
	w.queue(confirmation("waits"))
	w.clock.set(feb(20))
	w.staff(accounts.Comms).get("/staff").answers(http.StatusOK).says("Nothing. All is done").doesNotSay("Telephone", "Emails", "Over and open", "Events today")
	w.staff(accounts.Door).get("/staff").doesNotSay("Telephone", "Emails", "Over and open").says("Events today")
}

func TestTheListOfMailsShowsWhatFailedAndWaitsWithTheServersWords(t *testing.T) {
	w := newWorld(t)
	w.fail(w.queue(confirmation("lost")), "550 no such person")
	w.queue(confirmation("waits"))
	who := w.staff(accounts.Engagement)
	who.get("/staff/mails").answers(http.StatusOK).
		says("No mail server is named").inOrder("Emails that did not arrive (1)", "lost@example.org", "The mail server said: 550 no such person", "Emails that wait (1)", "waits@example.org")
	who.get("/staff/mails?state=failed").says("lost@example.org").doesNotSay("waits@example.org")
	who.get("/staff/mails?state=sent").says("Emails that were sent (0)", "There are none.")
}

func TestMailsThatCameBackAndNobodyUnderstoodAreNamedToStaff(t *testing.T) {
	w := newWorld(t, withMailServer, func(cfg *config.Config) { cfg.Mail.Bounces.Host = "imap.example" })
	who := w.staff(accounts.Engagement)
	who.get("/staff").doesNotSay("came back")
	who.get("/staff/mails").doesNotSay("came back")
	w.write(func(tx *database.Tx) error {
		return tx.Exec(`INSERT INTO report_folders (folder, unclear, looked_at) VALUES ('INBOX', 2, ?)`, tx.Now()).Error
	})
	who.get("/staff").says("Look at 2 emails that came back").linksTo("/staff/mails")
	who.get("/staff/mails").says("2 emails came back and could not be understood. Look in the folder INBOX of bounces@yourcareyourfuture.example")
	w.staff(accounts.Comms).get("/staff").doesNotSay("came back")
}

func TestLongListsOfMailsHavePages(t *testing.T) {
	w := newWorld(t)
	for i := range 51 {
		w.queue(confirmation(fmt.Sprintf("mail-%02d", i)))
	}
	who := w.staff(accounts.Admin)
	who.get("/staff/mails").linksTo("/staff/mails?state=queued")
	who.get("/staff/mails?state=queued").says("mail-50@", "mail-01@").doesNotSay("mail-00@").linksTo("/staff/mails?page=2&state=queued")
	who.get("/staff/mails?state=queued&page=2").says("mail-00@").doesNotSay("mail-01@").linksTo("/staff/mails?page=1&state=queued")
}

func TestAMailIsShownInASandboxUnderAPolicyOfItsOwn(t *testing.T) {
	w := newWorld(t)
	id := w.queue(confirmation("one"))
	who := w.staff(accounts.Engagement)
	p := who.get(fmt.Sprintf("/staff/mails/%d", id)).answers(http.StatusOK).says("Your place is booked", "Ada Fictional, one@example.org", "Waits").linksTo("/staff/bookings/7")
	if !strings.Contains(p.html, fmt.Sprintf(`src="/staff/mails/%d/text" sandbox=""`, id)) {
		t.Error("the text is not in a sandboxed frame")
	}
	text := who.get(fmt.Sprintf("/staff/mails/%d/text", id)).answers(http.StatusOK).says("We look forward to seeing you.")
	for _, part := range []string{"default-src 'none'", "frame-ancestors 'self'", "sandbox", "style-src 'unsafe-inline'"} {
		if !strings.Contains(text.header.Get("Content-Security-Policy"), part) {
			t.Errorf("the policy of the text lacks %s: %s", part, text.header.Get("Content-Security-Policy"))
		}
	}
	if strings.Contains(p.header.Get("Content-Security-Policy"), "unsafe-inline") {
		t.Error("the page around the frame allows what only a mail needs")
	}
	who.get("/staff/mails/999").answers(http.StatusNotFound)
	who.get("/staff/mails/x").answers(http.StatusNotFound)
}

func TestAMailThatFailedIsSentAgainAsANewOne(t *testing.T) {
	w := newWorld(t)
	id := w.queue(confirmation("lost"))
	again := fmt.Sprintf("/staff/mails/%d/again", id)
	who := w.staff(accounts.Engagement)
	who.get(fmt.Sprintf("/staff/mails/%d", id)).doesNotSay("Send this email again")
	who.post(again, nil).answers(http.StatusConflict)
	w.fail(id, "550 no such person")
	who.get(fmt.Sprintf("/staff/mails/%d", id)).says("Send this email again")
	w.staff(accounts.Comms).post(again, nil).answers(http.StatusForbidden)
	p := who.post(again, nil).answers(http.StatusSeeOther)
	who.get(p.header.Get("Location")).answers(http.StatusOK).says("lost@example.org", "Waits")
	if got := len(w.mails()); got != 2 {
		t.Errorf("there are %d mails, want 2", got)
	}
}

func (w *world) mails() (all []mail.Mail) {
	w.t.Helper()
	all, _, err := w.outbox.List(w.system, mail.Filter{})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func TestASignInLinkInAMailIsShownToNobodyElse(t *testing.T) {
	w := newWorld(t)
	m := confirmation("staff")
	m.Kind, m.About, m.Blocks = "staff.reset", "staff", []mail.Block{mail.Button("Choose a password", "http://127.0.0.1:8080/staff/sign-in/SECRET")}
	id := w.queue(m)
	w.fail(id, "550 no such person")
	who := w.staff(accounts.Admin)
	p := who.get(fmt.Sprintf("/staff/mails/%d", id)).answers(http.StatusOK).says("its text is shown to nobody else").doesNotSay("Send this email again")
	text := who.get(fmt.Sprintf("/staff/mails/%d/text", id)).answers(http.StatusNotFound)
	if strings.Contains(p.html+text.html, "SECRET") {
		t.Error("the link is shown")
	}
	who.post(fmt.Sprintf("/staff/mails/%d/again", id), nil).answers(http.StatusForbidden)
}

// Staff who see mails may not agree to letters for anybody, nor answer a survey in their place.
func TestALinkByWhichStaffCouldActForAResidentIsShownToNobodyElse(t *testing.T) {
	w := newWorld(t, withMailServer)
	who := w.staff(accounts.Engagement)
	for i, about := range []string{"subscription_requests", "contacts", "survey_invitations"} {
		m := confirmation(fmt.Sprint("secret", i))
		m.About, m.Blocks = about, []mail.Block{mail.Button("Yes, sign me up", "https://conversations.example/subscribe/confirm/secret")}
		id := w.queue(m)
		who.get(fmt.Sprintf("/staff/mails/%d", id)).answers(http.StatusOK).says("for its reader alone").doesNotSay("confirm/secret")
		who.get(fmt.Sprintf("/staff/mails/%d/text", id)).answers(http.StatusNotFound).doesNotSay("confirm/secret")
	}
	thanks := confirmation("thanks")
	thanks.Blocks = []mail.Block{mail.Button("Tell us what you thought", "http://127.0.0.1:8080/s/secret")}
	who.get(fmt.Sprintf("/staff/mails/%d/text", w.queue(thanks))).answers(http.StatusNotFound)
}

func TestTheTextOfAnOldMailIsGoneAndThePageSaysSo(t *testing.T) {
	w := newWorld(t)
	id := w.queue(confirmation("old"))
	w.fail(id, "550 no such person")
	w.write(func(tx *database.Tx) error { return tx.Exec(`UPDATE mails SET content = ''`).Error })
	who := w.staff(accounts.Admin)
	who.get(fmt.Sprintf("/staff/mails/%d", id)).says("We no longer keep the text").doesNotSay("Send this email again")
	who.get(fmt.Sprintf("/staff/mails/%d/text", id)).answers(http.StatusNotFound)
}

func TestSettingsAreShownWithWhereToChangeThemAndNoSecrets(t *testing.T) {
	w := newWorld(t, func(c *config.Config) {
		c.Mail.Password, c.Mail.Host, c.Database.Key = "hunter2-mail", "mail.example", "hunter2-key-of-32-letters-or-more"
		c.Database.URL = "postgres://someone:hunter2-db@db.example/conversations?sslpassword=hunter2-ssl"
	})
	p := w.staff(accounts.Admin).get("/staff/settings").answers(http.StatusOK).
		inOrder("base_url", "CONVERSATIONS_BASE_URL", "programme.name", "Your Care, Your Future", "CONVERSATIONS_PROGRAMME_NAME").
		says("postgres://db.example/conversations", "mail.host mail.example CONVERSATIONS_MAIL_HOST", "mail.password Set, and not shown", "database.key Set, and not shown",
			"retention.bookings 2 years", "localities[0].slug dacorum Only in the file", "config.yaml", "staff.require_code Yes", "metrics.addr Not set")
	if strings.Contains(p.html, "hunter2") {
		t.Error("a secret is shown")
	}
}

func TestTheLogSaysWhoDidWhatAndCanBeFilteredAndPaged(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) { theLogIsFilteredAndPaged(t, newWorldOn(t, address)) })
}

func theLogIsFilteredAndPaged(t *testing.T, w *world) {
	t.Helper()
	w.write(func(tx *database.Tx) error {
		return tx.Exec(`INSERT INTO staff (email, name, role, created_at, updated_at) VALUES ('admin@example.org', 'Grace Invented', 'admin', ?, ?)`, tx.Now(), tx.Now()).Error
	})
	staff := audit.WithActor(w.system, audit.Actor{Kind: audit.Staff, ID: 1, Role: "admin"})
	w.write(func(tx *database.Tx) error {
		return audit.Record(staff, tx, "event.cancel", "events", 7, audit.Details{"people": 3})
	})
	w.write(func(tx *database.Tx) error {
		return audit.Record(t.Context(), tx, "booking.create", "bookings", 8, nil)
	})
	who := w.staff(accounts.Admin)
	who.get("/staff/audit").answers(http.StatusOK).
		inOrder("10 February 2017, 09:00:00 A visitor booking.create bookings 8", "Grace Invented event.cancel events 7", `{"people":3}`)
	who.get("/staff/audit?entity=events").says("event.cancel").doesNotSay("booking.create")
	who.get("/staff/audit?action=booking").says("booking.create").doesNotSay("event.cancel")
	who.get("/staff/audit?action=event.cancel&id=7&entity=events").says("event.cancel")
	who.get("/staff/audit?id=9").says("There are no entries that fit.")
	for i := range 51 {
		w.write(func(tx *database.Tx) error { return audit.Record(w.system, tx, "job.run", "jobs", int64(100+i), nil) })
	}
	who.get("/staff/audit?entity=jobs").says("The program job.run jobs 150", "jobs 101").doesNotSay("jobs 100").linksTo("/staff/audit?entity=jobs&page=2")
	who.get("/staff/audit?entity=jobs&page=2").says("jobs 100").linksTo("/staff/audit?entity=jobs&page=1")
}

func TestTheLogIsFilteredByWhoAndWhenAndTakenOut(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorldOn(t, address)
		w.write(func(tx *database.Tx) error {
			return tx.Exec(`INSERT INTO staff (email, name, role, created_at, updated_at) VALUES ('admin@example.org', 'Grace Invented', 'admin', ?, ?)`, tx.Now(), tx.Now()).Error
		})
		staff := audit.WithActor(w.system, audit.Actor{Kind: audit.Staff, ID: 1, Role: "admin"})
		record := func(ctx context.Context, action string) {
			w.write(func(tx *database.Tx) error {
				return audit.Record(ctx, tx, action, "events", 7, audit.Details{"why": "=1+1"})
			})
		}
		record(staff, "event.first")
		w.clock.set(friday.AddDate(0, 0, 1))
		record(w.system, "event.second")
		who := w.staff(accounts.Admin)
		who.get("/staff/audit?who=1").says("event.first", "Grace Invented").doesNotSay("event.second")
		who.get("/staff/audit?who=system").says("event.second").doesNotSay("event.first")
		who.get("/staff/audit?from=2017-02-11").says("event.second").doesNotSay("event.first")
		who.get("/staff/audit?to=2017-02-10").says("event.first").doesNotSay("event.second").linksTo("/staff/audit.csv?to=2017-02-10")
		file := who.get("/staff/audit.csv?to=2017-02-10").answers(http.StatusOK)
		if !strings.Contains(file.html, "event.first") || strings.Contains(file.html, "event.second") {
			t.Errorf("the file has %s", file.html)
		}
		who.get("/staff/audit?action=audit.export").says("audit.export", "2017-02-10")
		w.staff(accounts.Engagement).get("/staff/audit.csv").answers(http.StatusForbidden)
	})
}

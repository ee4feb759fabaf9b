package contacts

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"conversations/app/database"
	"conversations/app/mail"
)

// fromProvider is how the one-click POST of a mail provider comes (RFC 8058): from another site, with no cookie.
func fromProvider(r *http.Request) {
	r.Header.Set("Origin", "https://mail.example")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	r.Header.Set("User-Agent", "Example-Mail/1.0")
}

func oneClick() url.Values { return url.Values{"List-Unsubscribe": {"One-Click"}} }

func TestOneClickUnsubscribesFromAnywhereAtOnceAndOnlyOnce(t *testing.T) {
	each(t, func(t *testing.T, s *publicSite) {
		id, other := s.signedUp(ada), s.signedUp("ben@residents.example")
		paths := s.letter(Updates, id, other)
		waiting := s.letter(Updates, id, other)
		recontact := s.letter("recontact", id)
		s.write(func(tx *database.Tx) error { // a mail about a booking that has not left
			return s.outbox.Enqueue(tx, mail.Message{Key: "booking:1:confirmed", Kind: "booking.confirmed", About: "bookings", AboutID: 1, To: ada, Subject: "You are booked"})
		})
		single := s.number(`SELECT count(*) FROM mails WHERE state = 'queued'`)
		s.clock.set(start.Add(time.Hour))
		for range 2 {
			p := s.ask(http.MethodPost, paths[0], oneClick(), fromProvider).is(http.StatusOK).says("You have unsubscribed", "we still write to you about that booking")
			if p.location != "" {
				t.Errorf("a mail provider is led to %s", p.location)
			}
		}
		s.expect(id, "given email subscribe, withdrawn email unsubscribe")
		s.expect(other, "given email subscribe")
		if last := s.ledger(id)[1]; last.Purpose != Updates || !last.At.Equal(start.Add(time.Hour)) {
			t.Errorf("the ledger says %+v", last)
		}
		for path, want := range map[string]mail.DeliveryState{paths[0]: mail.DeliveryWithdrawn, waiting[0]: mail.DeliveryWithdrawn,
			recontact[0]: mail.DeliveryQueued, paths[1]: mail.DeliveryQueued, waiting[1]: mail.DeliveryQueued} {
			if got := s.delivery(path); got.State != want {
				t.Errorf("delivery %d is %s, want %s", got.ID, got.State, want)
			}
		}
		if at := s.delivery(paths[0]).UnsubscribedAt; at == nil || s.delivery(waiting[0]).UnsubscribedAt != nil {
			t.Error("the report does not count the letter by which they unsubscribed, or counts another")
		}
		if n := s.number(`SELECT count(*) FROM mails WHERE state = 'queued'`); n != single {
			t.Errorf("%d single mails wait, want %d as before", n, single)
		}
		if n := s.number(`SELECT count(*) FROM audit_entries WHERE action = 'subscription.unsubscribe'`); n != 1 {
			t.Errorf("the log has it %d times", n)
		}
	})
}

func (s *publicSite) delivery(path string) mail.Delivery {
	s.t.Helper()
	return need(s.outbox.OpenUnsubscribe(s.ctx, strings.TrimPrefix(path, "/unsubscribe/")))(s.t)
}

func TestWhateverTheBodyWhoPostsToTheLinkUnsubscribes(t *testing.T) {
	for name, body := range map[string][2]string{
		"nothing":              {"", ""},
		"one click":            {"application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"},
		"one click, multipart": {"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n"},
		"broken multipart":     {"multipart/form-data; boundary=b", "--b\r\nContent-Dis"},
		"a broken form":        {"application/x-www-form-urlencoded", "%zz=%"},
		"JSON":                 {"application/json", `{"a":1}`},
	} {
		t.Run(name, func(t *testing.T) {
			s := newPublicSite(t, sqliteAddress(t))
			id := s.signedUp(ada)
			path := s.letter(Updates, id)[0]
			s.clock.set(start.Add(time.Hour))
			p := s.ask(http.MethodPost, path, nil, fromProvider, func(r *http.Request) {
				r.Body, r.ContentLength = http.NoBody, 0
				if body[1] != "" {
					r.Body, r.ContentLength = readCloser(body[1]), int64(len(body[1]))
				}
				r.Header.Set("Content-Type", body[0])
			})
			if s.stands(id) != Withdrawn {
				t.Errorf("answered %d, and the contact stands %s", p.status, s.stands(id))
			}
			if strings.HasPrefix(name, "one click") && p.status != http.StatusOK {
				t.Errorf("answered %d", p.status)
			}
		})
	}
}

func TestUnsubscribingManyTimesAtOnceIsOneEntry(t *testing.T) {
	each(t, func(t *testing.T, s *publicSite) {
		id := s.signedUp(ada)
		path := s.letter(Updates, id)[0]
		s.clock.set(start.Add(time.Hour))
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() { s.ask(http.MethodPost, path, oneClick(), fromProvider).is(http.StatusOK) })
		}
		all.Wait()
		s.expect(id, "given email subscribe, withdrawn email unsubscribe")
	})
}

func TestLookingAtTheLinkUnsubscribesNobody(t *testing.T) {
	each(t, func(t *testing.T, s *publicSite) {
		id := s.signedUp(ada)
		path := s.letter(Updates, id)[0]
		before := s.rows()
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			s.ask(method, path, nil).is(http.StatusOK)
			s.ask(method, path+"?List-Unsubscribe=One-Click", nil, fromProvider).is(http.StatusOK)
		}
		s.get(path).says("Unsubscribe", "Updates, by email", "Too many emails?")
		if after := s.rows(); !maps.Equal(before, after) || s.delivery(path).State != mail.DeliveryQueued {
			t.Errorf("looking changed %v to %v", before, after)
		}
	})
}

func TestAPersonUnsubscribesReadsWhatStopsAndTakesItBack(t *testing.T) {
	each(t, func(t *testing.T, s *publicSite) {
		id := s.signedUp(ada)
		path := s.letter(Updates, id)[0]
		s.clock.set(start.Add(time.Hour))
		done := s.follow(path, nil).says("You have unsubscribed", "Updates, by email", "we still write to you about that booking", s.contacts.updatesPurpose().Wording)
		if !strings.Contains(done.body, `href="/subscriptions/`) {
			t.Error("nothing leads to choosing fewer areas")
		}
		s.clock.set(start.Add(2 * time.Hour))
		for range 2 {
			s.follow(path+"/undo", nil).says("You get our updates again.", "What we send you")
		}
		s.expect(id, "given email subscribe, withdrawn email unsubscribe, given email preferences")
		if again := s.ledger(id)[2]; again.Wording != s.contacts.updatesPurpose().Wording || again.Basis != Consent {
			t.Errorf("the new consent is %+v", again)
		}
		if d := s.delivery(path); d.State != mail.DeliveryWithdrawn || d.UnsubscribedAt == nil {
			t.Errorf("taking it back changed the report: %+v", d)
		}
		s.get(path).says("Unsubscribe", "Press the button")
	})
}

func TestOnlyUnsubscribingComesFromElsewhere(t *testing.T) {
	s := newPublicSite(t, sqliteAddress(t))
	id := s.signedUp(ada)
	path := s.letter(Updates, id)[0]
	before := s.rows()
	for _, own := range []string{"/subscribe", "/subscribe/link", path + "/undo", s.preferences(id), s.preferences(id) + "/stop", s.preferences(id) + "/start"} {
		s.ask(http.MethodPost, own, url.Values{"email": {"ben@residents.example"}}, fromProvider).is(http.StatusForbidden)
	}
	if after := s.rows(); !maps.Equal(before, after) {
		t.Errorf("a form from elsewhere changed %v to %v", before, after)
	}
}

func TestALinkWorksAfterItsContactIsMergedOrGone(t *testing.T) {
	each(t, func(t *testing.T, s *publicSite) {
		old, now, gone := s.signedUp("old@residents.example"), s.signedUp(ada), s.signedUp("gone@residents.example")
		paths := s.letter(Updates, old, gone)
		s.clock.set(start.Add(time.Hour))
		s.write(func(tx *database.Tx) error {
			if err := tx.Exec(`UPDATE contacts SET merged_into = ? WHERE id = ?`, now, old).Error; err != nil {
				return err
			}
			for _, text := range []string{`DELETE FROM contact_localities WHERE contact_id = ?`, `DELETE FROM consents WHERE contact_id = ?`,
				`DELETE FROM subscription_requests WHERE contact_id = ?`, `DELETE FROM contacts WHERE id = ?`} {
				if err := tx.Exec(text, gone).Error; err != nil {
					return err
				}
			}
			return nil
		})
		s.get(s.preferences(old)).is(http.StatusOK).says("What we send you", ada)
		s.follow(paths[0], nil).says("You have unsubscribed")
		if s.stands(now) != Withdrawn || s.delivery(paths[0]).State != mail.DeliveryWithdrawn {
			t.Errorf("the contact stands %s, and the letter is %s", s.stands(now), s.delivery(paths[0]).State)
		}
		s.get(paths[1]).is(http.StatusOK).says("You have unsubscribed")
		s.follow(paths[1], nil).says("You have unsubscribed")
		if s.delivery(paths[1]).State != mail.DeliveryWithdrawn {
			t.Error("a letter to somebody who is gone is still on its way")
		}
	})
}

func TestWhoIsWrittenToWithoutConsentObjects(t *testing.T) {
	each(t, func(t *testing.T, s *publicSite) {
		councillor := s.person(7)
		s.write(func(tx *database.Tx) error {
			_, err := s.contacts.GiveTx(s.ctx, tx, councillor, Said{Purpose: Updates, Channel: Email, Basis: PublicTask, Source: FromMeeting})
			return err
		})
		path := s.letter(Updates, councillor)[0]
		s.clock.set(start.Add(time.Hour))
		s.ask(http.MethodPost, path, oneClick(), fromProvider).is(http.StatusOK)
		s.expect(councillor, "given email meeting, objected email unsubscribe")
	})
}

func TestAComplaintIsANoToEverythingByEmail(t *testing.T) {
	each(t, func(t *testing.T, s *publicSite) {
		id := s.signedUp(ada)
		s.write(func(tx *database.Tx) error {
			_, err := s.contacts.GiveTx(s.ctx, tx, id, Said{Purpose: "recontact", Channel: Email, Source: FromMeeting})
			return err
		})
		path := s.letter(Updates, id)[0]
		s.outbox.OnComplaint(s.contacts.Complained)
		s.clock.set(start.Add(time.Hour))
		for range 2 {
			s.write(func(tx *database.Tx) error {
				_, err := s.outbox.RecordComplaint(s.ctx, tx, s.delivery(path).ID)
				return err
			})
		}
		s.expect(id, "given email subscribe, given email meeting, withdrawn email complaint, withdrawn email complaint")
		if len(s.suppressed("letter1@residents.example")) != 1 || s.delivery(path).State != mail.DeliveryWithdrawn {
			t.Errorf("the letter is %s", s.delivery(path).State)
		}
	})
}

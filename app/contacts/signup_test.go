package contacts

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"conversations/app/database"
	"conversations/app/mail"
)

const ada = "ada@residents.example"

func TestNobodyIsSignedUpBeforeTheySayYesOnThePage(t *testing.T) {
	each(t, func(t *testing.T, s *publicSite) {
		asked := s.contacts.updatesPurpose()
		s.get("/subscribe").is(http.StatusOK).says("Get updates by email", asked.Wording)
		s.follow("/subscribe", url.Values{"email": {ada}, "name": {"Ada Example"}, "localities": {"dacorum", "hertsmere"}}).says("Now look at your emails", "7 days")
		link := s.link(ada, "/subscribe/confirm/")
		before := s.rows()
		for range 3 {
			s.ask(http.MethodGet, link, nil).is(http.StatusOK).says("Do you want our updates?", ada, "Ada Example", "Dacorum and Hertsmere", asked.Wording)
			s.ask(http.MethodHead, link, nil).is(http.StatusOK)
		}
		if after := s.rows(); !maps.Equal(before, after) || after["contacts"]+after["consents"] != 0 {
			t.Fatalf("looking at the link changed %v to %v", before, after)
		}

		s.clock.set(start.Add(time.Hour))
		s.follow(link, nil).says("You are signed up", ada, "Dacorum and Hertsmere")
		id := s.contact(ada)
		ledger := s.ledger(id)
		if len(ledger) != 1 {
			t.Fatalf("the ledger has %d entries", len(ledger))
		}
		got := ledger[0]
		got.At, got.RecordedAt = got.At.UTC(), got.RecordedAt.UTC()
		want := ConsentEntry{ID: got.ID, ContactID: id, Purpose: Updates, Channel: Email, Entry: Given, Basis: Consent, Wording: asked.Wording, WordingVersion: asked.Version,
			At: start.Add(time.Hour), RecordedAt: start.Add(time.Hour), Source: FromSubscribe}
		if got != want {
			t.Errorf("the ledger says %+v, want %+v", got, want)
		}
		if got := need(localitiesOf(s.db.Read(s.ctx), id))(t); !slices.Equal(got, []string{"dacorum", "hertsmere"}) {
			t.Errorf("the localities are %v", got)
		}
		before = s.rows()
		s.follow(link, nil).says("You are signed up")
		if after := s.rows(); !maps.Equal(before, after) {
			t.Errorf("saying yes twice changed %v to %v", before, after)
		}
	})
}

func TestTheAnswerDoesNotTellWhetherAnAddressIsKnown(t *testing.T) {
	each(t, func(t *testing.T, s *publicSite) {
		stopped, objected, bounced := s.signedUp("stopped@residents.example"), s.signedUp("objected@residents.example"), s.signedUp("bounced@residents.example")
		s.signedUp("known@residents.example")
		s.signUp("pending@residents.example")
		s.clock.set(start.Add(time.Minute))
		s.write(func(tx *database.Tx) error {
			if err := s.contacts.WithdrawTx(s.ctx, tx, stopped, Said{Purpose: Updates, Source: FromTelephone}); err != nil {
				return err
			}
			return s.contacts.ObjectTx(s.ctx, tx, objected, Said{Purpose: Updates, Source: FromTelephone})
		})
		s.suppress("bounced@residents.example", mail.SuppressedBounced)
		for _, form := range []string{"/subscribe", "/subscribe/link"} {
			var first seen
			for i, who := range []string{"unknown", "pending", "known", "stopped", "objected", "bounced"} {
				answer := s.post(form, url.Values{"email": {who + "@residents.example"}}).is(http.StatusSeeOther)
				page := s.get(answer.location).is(http.StatusOK)
				if i == 0 {
					first = page
				}
				if page.body != first.body || answer.location != form+"/done" {
					t.Errorf("%s: who is %s is led to %s:\n%s", form, who, answer.location, page.words())
				}
			}
		}
		if s.stands(stopped) != Withdrawn || s.stands(objected) != Objected || s.stands(bounced) != Given {
			t.Error("typing an address changed how its owner stands")
		}
	})
}

func TestOneAddressGetsFewMailsHoweverOftenItIsTyped(t *testing.T) {
	each(t, func(t *testing.T, s *publicSite) {
		var all sync.WaitGroup
		for range 30 {
			all.Go(func() { s.signUp(ada) })
		}
		all.Wait()
		if n := len(s.mails(ada)); n != 3 {
			t.Errorf("%d mails in the first hour, want 3", n)
		}
		if n := s.number(`SELECT count(*) FROM subscription_requests`); n != 1 {
			t.Errorf("%d sign-ups are kept for one address", n)
		}
		s.clock.set(start.Add(time.Hour))
		s.signUp(strings.ToUpper(ada))
		if n := len(s.mails(ada)); n != 4 {
			t.Errorf("%d mails after an hour, want one more than 3", n)
		}
		s.post(s.link(ada, "/subscribe/confirm/"), nil)
		for range 10 {
			s.signUp(ada)
			s.post("/subscribe/link", url.Values{"email": {ada}})
		}
		if n := len(s.mails(ada)); n != 6 {
			t.Errorf("%d mails, want one more that says so and one with the link", n)
		}
	})
}

func TestWhoIsSignedUpAlreadyIsToldSoByMailAndLedToTheirChoices(t *testing.T) {
	each(t, func(t *testing.T, s *publicSite) {
		id := s.signedUp(ada, "localities", "dacorum")
		s.signUp(ada, "localities", "hertsmere")
		if m := s.mails(ada)[1]; m.Subject != "You are signed up already" || m.Kind != "subscription.known" {
			t.Errorf("the mail is %q", m.Subject)
		}
		s.expect(id, "given email subscribe")
		s.get(s.link(ada, "/subscriptions/")).is(http.StatusOK).says("What we send you", "Dacorum")
		if got := need(localitiesOf(s.db.Read(s.ctx), id))(t); !slices.Equal(got, []string{"dacorum"}) {
			t.Errorf("a stranger changed the localities to %v", got)
		}
	})
}

func TestWhatIsAskedLastIsWhatIsConfirmed(t *testing.T) {
	each(t, func(t *testing.T, s *publicSite) {
		s.signUp(ada, "localities", "dacorum", "name", "Ada")
		first := s.link(ada, "/subscribe/confirm/")
		s.signUp(ada, "localities", "hertsmere", "name", "Ada Example")
		s.get(first).says("Ada Example", "Hertsmere").silentOn("Dacorum</dd>")
		s.post(first, nil).is(http.StatusSeeOther)
		if got := need(localitiesOf(s.db.Read(s.ctx), s.contact(ada)))(t); !slices.Equal(got, []string{"hertsmere"}) {
			t.Errorf("the localities are %v", got)
		}
	})
}

func TestASignUpThatNobodyConfirmsLapses(t *testing.T) {
	each(t, func(t *testing.T, s *publicSite) {
		s.signUp(ada)
		link := s.link(ada, "/subscribe/confirm/")
		s.clock.set(start.Add(7*24*time.Hour - time.Second))
		s.get(link).is(http.StatusOK).says("Do you want our updates?")
		s.clock.set(start.Add(7 * 24 * time.Hour))
		s.get(link).is(http.StatusNotFound).says("This link is too old", "Sign up again")
		s.post(link, nil).is(http.StatusNotFound).says("This link is too old")
		if s.contact(ada) != 0 {
			t.Error("a lapsed sign-up made a contact")
		}
		s.signUp(ada)
		s.follow(s.link(ada, "/subscribe/confirm/"), nil).says("You are signed up")
	})
}

func TestALinkThatIsNoneOfOursIsNotFound(t *testing.T) {
	s := newPublicSite(t, sqliteAddress(t))
	for _, path := range []string{"/subscribe/confirm/nonsense", "/subscriptions/nonsense", "/unsubscribe/nonsense",
		confirmPath(s.contacts.links.Token(PreferencesPurpose, 1)), preferencesPath(s.contacts.links.Token(SignUpPurpose, 1)), preferencesPath(s.contacts.links.Token(PreferencesPurpose, 99))} {
		s.get(path).is(http.StatusNotFound).says("Page not found")
		s.post(path, nil).is(http.StatusNotFound).says("Page not found")
	}
}

func TestConfirmingEndsWhateverKeptLettersAway(t *testing.T) {
	each(t, func(t *testing.T, s *publicSite) {
		id := s.signedUp(ada)
		s.clock.set(start.Add(time.Hour))
		s.write(func(tx *database.Tx) error {
			return s.contacts.ObjectTx(s.ctx, tx, id, Said{Purpose: Updates, Source: FromTelephone})
		})
		for i, reason := range []mail.SuppressionReason{mail.SuppressedBounced, mail.SuppressedComplained, mail.SuppressedAsked} {
			s.clock.set(start.Add(time.Duration(2+i) * time.Hour))
			s.suppress(ada, reason)
			s.signUp(ada)
			if len(s.suppressed(ada)) == 0 {
				t.Fatalf("%s: typing the address was enough to lift the suppression", reason)
			}
			s.post(s.link(ada, "/subscribe/confirm/"), nil).is(http.StatusSeeOther)
			if s.stands(id) != Given || len(s.suppressed(ada)) != 0 {
				t.Errorf("%s: after the confirmation the contact stands %s and is suppressed: %v", reason, s.stands(id), s.suppressed(ada))
			}
		}
		if n := s.number(`SELECT count(*) FROM audit_entries WHERE action = 'mail.lift_suppression' AND entity_id = ?`, id); n != 3 {
			t.Errorf("the log has %d lifted suppressions, want 3", n)
		}
	})
}

func TestWhoTicksNoAreaIsInTheListOfEach(t *testing.T) {
	s := newPublicSite(t, sqliteAddress(t))
	id := s.signedUp(ada)
	every := []string{"dacorum", "hertsmere", "st-albans-and-harpenden", "watford-and-three-rivers"}
	if got := need(localitiesOf(s.db.Read(s.ctx), id))(t); !slices.Equal(got, every) {
		t.Errorf("the localities are %v", got)
	}
	s.get(s.link(ada, "/subscribe/confirm/")).says("You asked to hear about: All areas.")
	s.follow(s.preferences(id), url.Values{"how": {"email"}})
	if got := need(localitiesOf(s.db.Read(s.ctx), id))(t); !slices.Equal(got, every) {
		t.Errorf("after saving with none ticked the localities are %v", got)
	}
}

func TestSigningUpWithAnAddressOfAMergedContactIsForTheOneItBecame(t *testing.T) {
	each(t, func(t *testing.T, s *publicSite) {
		old, now := s.person(1), s.person(2)
		s.write(func(tx *database.Tx) error {
			return tx.Exec(`UPDATE contacts SET merged_into = ? WHERE id = ?`, now, old).Error
		})
		s.signUp("person1@residents.example")
		s.post(s.link("person1@residents.example", "/subscribe/confirm/"), nil).is(http.StatusSeeOther)
		if s.stands(now) != Given || s.number(`SELECT count(*) FROM contacts`) != 2 {
			t.Errorf("the contact stands %q", s.stands(now))
		}
	})
}

package contacts

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"conversations/app/database"
	"conversations/app/mail"
)

func TestChoosingAreasAndANameChangesNoConsent(t *testing.T) {
	each(t, func(t *testing.T, s *publicSite) {
		id := s.signedUp(ada, "localities", "dacorum")
		s.follow(s.preferences(id), url.Values{"name": {"Ada Example"}, "localities": {"hertsmere", "dacorum"}, "how": {"email"}}).says("Your choices are saved.")
		if got := need(localitiesOf(s.db.Read(s.ctx), id))(t); !slices.Equal(got, []string{"dacorum", "hertsmere"}) {
			t.Errorf("the localities are %v", got)
		}
		if c := need(contactByID(s.db.Read(s.ctx), id))(t); c.Name != "Ada Example" {
			t.Errorf("the name is %q", c.Name)
		}
		s.expect(id, "given email subscribe")
		before := s.rows()
		s.follow(s.preferences(id), url.Values{"name": {"Ada Example"}, "localities": {"hertsmere", "dacorum"}, "how": {"email"}})
		if after := s.rows(); !maps.Equal(before, after) {
			t.Errorf("saving what was there changed %v to %v", before, after)
		}
	})
}

func TestFromEmailToPostAndBackIsAnEntryForEach(t *testing.T) {
	each(t, func(t *testing.T, s *publicSite) {
		id := s.signedUp(ada)
		path, page := s.letter(Updates, id)[0], s.preferences(id)
		s.clock.set(start.Add(time.Hour))
		s.post(page, url.Values{"how": {"post"}, "postcode": {"HP1"}}).is(http.StatusUnprocessableEntity).
			says("Enter the address that we should write to", "Enter a full postcode")
		s.expect(id, "given email subscribe")
		s.follow(page, url.Values{"how": {"post"}, "post_address": {"1 Example Street\nHemel Hempstead"}, "postcode": {"hp1 1aa"}, "large_print": {"yes"}}).
			says("Your choices are saved.", "We have an address for you. We do not show it here.").silentOn("1 Example Street")
		s.expect(id, "given email subscribe, given post preferences, withdrawn email preferences")
		c := need(contactByID(s.db.Read(s.ctx), id))(t)
		if c.Channel != Post || c.Postcode != "HP1 1AA" || !c.LargePrint || c.PostAddress != "1 Example Street\nHemel Hempstead" {
			t.Errorf("the contact is %+v", c)
		}
		if s.delivery(path).State != mail.DeliveryWithdrawn {
			t.Error("an email still leaves")
		}
		s.clock.set(start.Add(2 * time.Hour))
		s.follow(page, url.Values{"how": {"post"}, "localities": {"dacorum"}, "large_print": {"yes"}}) // the address that is there stays
		if c := need(contactByID(s.db.Read(s.ctx), id))(t); c.PostAddress == "" {
			t.Error("the address is lost")
		}
		s.follow(page, url.Values{"how": {"email"}})
		s.expect(id, "given email subscribe, given post preferences, withdrawn email preferences, given email preferences, withdrawn post preferences")
	})
}

func TestStoppingEverythingEndsEachBasisInItsOwnWay(t *testing.T) {
	each(t, func(t *testing.T, s *publicSite) {
		id := s.signedUp(ada)
		s.write(func(tx *database.Tx) error {
			_, err := s.contacts.GiveTx(s.ctx, tx, id, Said{Purpose: "recontact", Channel: Email, Basis: PublicTask, Source: FromMeeting})
			return err
		})
		update, survey := s.letter(Updates, id)[0], s.letter("recontact", id)[0]
		s.clock.set(start.Add(time.Hour))
		s.get(s.preferences(id)).says("Stop everything", "Updates, by email", "Getting in touch about what I said, by email")
		for range 2 {
			s.follow(s.preferences(id)+"/stop", nil).says("We have stopped everything.", "You get no updates from us.", "we still write to you about that booking")
		}
		s.expect(id, "given email subscribe, given email meeting, objected email preferences, withdrawn email preferences")
		if s.delivery(update).State != mail.DeliveryWithdrawn || s.delivery(survey).State != mail.DeliveryWithdrawn {
			t.Error("something still leaves")
		}
		s.clock.set(start.Add(2 * time.Hour))
		s.post(s.preferences(id)+"/start", url.Values{"localities": {"atlantis"}}).is(http.StatusUnprocessableEntity).says("Choose areas from the list")
		s.follow(s.preferences(id)+"/start", url.Values{"localities": {"hertsmere"}}).says("You get our updates again.")
		if got := need(localitiesOf(s.db.Read(s.ctx), id))(t); s.stands(id) != Given || !slices.Equal(got, []string{"hertsmere"}) {
			t.Errorf("the contact stands %s with %v", s.stands(id), got)
		}
	})
}

func TestWhoseMailCameBackConfirmsBeforeItStartsAgain(t *testing.T) {
	each(t, func(t *testing.T, s *publicSite) {
		id := s.signedUp(ada)
		s.clock.set(start.Add(time.Hour))
		s.suppress(ada, mail.SuppressedBounced)
		s.post(s.preferences(id)+"/stop", nil)
		s.clock.set(start.Add(2 * time.Hour))
		s.follow(s.preferences(id)+"/start", nil).says("We have sent you an email.", "You get no updates from us.")
		if s.stands(id) != Withdrawn || len(s.suppressed(ada)) != 1 {
			t.Fatalf("the link was enough: %s", s.stands(id))
		}
		s.follow(s.link(ada, "/subscribe/confirm/"), nil).says("You are signed up")
		if s.stands(id) != Given || len(s.suppressed(ada)) != 0 {
			t.Errorf("after the confirmation the contact stands %s", s.stands(id))
		}
		s.expect(id, "given email subscribe, withdrawn email preferences, given email preferences")
	})
}

func TestTheLinkComesByMailOnlyToWhoIsKnown(t *testing.T) {
	each(t, func(t *testing.T, s *publicSite) {
		id := s.signedUp(ada)
		s.follow("/subscribe/link", url.Values{"email": {" ADA@residents.example "}}).says("Now look at your emails")
		if got, want := s.link(ada, "/subscriptions/"), s.preferences(id); got != want {
			t.Errorf("the link is %s, want %s", got, want)
		}
		s.follow("/subscribe/link", url.Values{"email": {"nobody@residents.example"}}).says("Now look at your emails")
		if n := len(s.mails("nobody@residents.example")); n != 0 {
			t.Errorf("somebody whom we do not know got %d mails", n)
		}
	})
}

func TestARefusedChoiceKeepsWhatWasTyped(t *testing.T) {
	s := newPublicSite(t, sqliteAddress(t))
	id := s.signedUp(ada)
	p := s.post(s.preferences(id), url.Values{"name": {strings.Repeat("long ", 30)}, "how": {"post"}, "post_address": {"1 Example Street"}, "postcode": {"nowhere"}, "localities": {"hertsmere"}}).
		is(http.StatusUnprocessableEntity).says("There is a problem", "Your name must be 120 letters or fewer", "Enter a full postcode")
	for _, kept := range []string{"long long", "1 Example Street", `value="nowhere"`, `value="hertsmere" checked`, `value="post" checked`} {
		if !strings.Contains(p.body, kept) {
			t.Errorf("lost %s", kept)
		}
	}
	for _, how := range []string{"", "owl", "telephone"} {
		s.post(s.preferences(id), url.Values{"how": {how}}).is(http.StatusUnprocessableEntity).says("Choose how we should send our updates")
	}
}

func TestPagesOfALinkStayOutOfEveryCacheAndSearch(t *testing.T) {
	s := newPublicSite(t, sqliteAddress(t))
	id := s.signedUp(ada)
	for _, path := range []string{s.preferences(id), s.letter(Updates, id)[0], s.link(ada, "/subscribe/confirm/")} {
		p := s.get(path).is(http.StatusOK)
		if p.header.Get("Cache-Control") != "no-store" || !strings.Contains(p.body, "noindex") {
			t.Errorf("%s: %s", path, p.header.Get("Cache-Control"))
		}
	}
}

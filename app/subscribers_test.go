package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"conversations/app/apptest"
	"conversations/app/contacts"
	"conversations/app/database/databasetest"
)

// The box for updates on the booking form, ticked online or by staff for a caller, books the same and signs nobody up:
// it leads into the same mail and the same page as the form of its own.
func TestTheBoxOnTheBookingFormLeadsToTheSameConfirmation(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		site := apptest.StartOn(t, address)
		site.OpenEvent("talk", 40, 4)
		asked, _ := site.App.Config.Purpose(contacts.Updates)
		form := site.Get("/events/talk/book").Body
		box := regexp.MustCompile(`<input[^>]*name="updates"[^>]*>`).FindString(form)
		if box == "" || strings.Contains(box, "checked") || !strings.Contains(form, asked.Wording) {
			t.Fatalf("the box is %q, or the form does not say %q", box, asked.Wording)
		}
		staff := signedInStaff(t, site, "engagement")
		online := func(f url.Values) int { return site.Post("/events/talk/book", f).Status }
		telephone := func(f url.Values) int {
			f.Set("channel", "telephone")
			return staff.post("/staff/bookings/new?event=talk", f)
		}
		for i, c := range []struct {
			what    string
			book    func(url.Values) int
			ticked  bool
			email   bool
			signUps int
		}{
			{"online, ticked", online, true, true, 1},
			{"online, not ticked", online, false, true, 0},
			{"online, ticked, without an address", online, true, false, 0},
			{"by telephone, ticked", telephone, true, true, 1},
			{"by telephone, not ticked", telephone, false, true, 0},
			{"by telephone, ticked, without an address", telephone, true, false, 0},
		} {
			email := fmt.Sprintf("resident%d@residents.example", i)
			f := url.Values{"name": {fmt.Sprintf("Resident Example %d", i)}, "party_size": {"1"}, "phone": {fmt.Sprintf("01632 96000%d", i)}}
			if c.ticked {
				f.Set("updates", "yes")
			}
			if c.email {
				f.Set("email", email)
			}
			if status := c.book(f); status != http.StatusSeeOther {
				t.Fatalf("%s: the booking was answered %d", c.what, status)
			}
			if n := count(t, site.App.DB, `SELECT count(*) FROM bookings WHERE name = '`+f.Get("name")+`' AND status = 'confirmed'`); n != 1 {
				t.Errorf("%s: %d bookings", c.what, n)
			}
			if n := count(t, site.App.DB, `SELECT count(*) FROM subscription_requests WHERE email_key = '`+email+`' AND source = 'booking' AND booking_id IS NOT NULL`); n != c.signUps {
				t.Errorf("%s: %d sign-ups, want %d", c.what, n, c.signUps)
			}
			if n := count(t, site.App.DB, `SELECT count(*) FROM consents`); n != 0 {
				t.Fatalf("%s: a consent was noted that nobody confirmed", c.what)
			}
		}
		for _, email := range []string{"resident0@residents.example", "resident3@residents.example"} {
			link := linkTo(t, site, email, "/subscribe/confirm/")
			if page := site.Get(link).Body; !strings.Contains(page, "St Albans and Harpenden") || !strings.Contains(page, asked.Wording) {
				t.Errorf("the page to confirm does not name the event's area and what is agreed to:\n%s", page)
			}
			if answer := site.Post(link, nil); answer.Status != http.StatusSeeOther {
				t.Fatalf("saying yes was answered %d", answer.Status)
			}
		}
		if n := count(t, site.App.DB, `SELECT count(*) FROM consents WHERE entry = 'given' AND source = 'booking' AND basis = 'consent' AND channel = 'email'`); n != 2 {
			t.Errorf("%d consents from bookings, want 2", n)
		}
	})
}

// Who books again with the box ticked is asked, though nothing is booked a second time.
func TestTheBoxCountsForWhoHadBookedBefore(t *testing.T) {
	site := apptest.Start(t)
	site.OpenEvent("talk", 40, 4)
	f := url.Values{"name": {"Ada Example"}, "email": {"ada@residents.example"}, "party_size": {"1"}}
	site.Post("/events/talk/book", f)
	f.Set("updates", "yes")
	site.Post("/events/talk/book", f)
	if n := count(t, site.App.DB, `SELECT count(*) FROM subscription_requests`); n != 1 {
		t.Errorf("%d sign-ups", n)
	}
}

// signedInStaff is a new member of staff in a browser.
func signedInStaff(t *testing.T, site *apptest.Site, role string) *staffBrowser {
	t.Helper()
	email := role + "@staff.example"
	link, err := site.App.Accounts.Add(site.Ctx(), email, "Somebody Example", role)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := site.App.Accounts.SetPassword(site.Ctx(), link[strings.LastIndexByte(link, '/')+1:], "talking about care"); err != nil {
		t.Fatal(err)
	}
	b := newStaff(t, site.URL)
	b.signInAs(email)
	return b
}

// linkTo is the link that begins so in the newest mail to somebody that has one.
func linkTo(t *testing.T, site *apptest.Site, email, path string) (link string) {
	t.Helper()
	apptest.Eventually(t, "a mail to "+email+" with a link to "+path, func() bool {
		messages, err := site.Mail.List()
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range messages {
			for _, word := range strings.Fields(m.Text) {
				if strings.Contains(m.To, email) && strings.HasPrefix(word, site.URL+path) {
					link = word
					return true
				}
			}
		}
		return false
	})
	return link
}

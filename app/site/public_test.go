package site_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"conversations/app/config"
	"conversations/app/site"
)

func feb(d int) time.Time { return time.Date(2017, 2, d, 0, 0, 0, 0, time.UTC) }

func TestTheHomePageShowsTheNextEventsOfEachAreaSoonestFirstAndThenThoseWithNoDate(t *testing.T) {
	w := newWorld(t)
	w.publish(evening("Hertsmere talk", "hertsmere", time.Time{}))
	w.publish(evening("St Albans later", "st-albans-and-harpenden", feb(28)))
	w.publish(evening("St Albans sooner", "st-albans-and-harpenden", feb(20)))
	w.publish(evening("Watford talk", "watford-and-three-rivers", feb(22)))
	w.anybody().get("/").answers(http.StatusOK).
		says("Your Care, Your Future", "Health and care in west Hertfordshire", "Herts Valleys Clinical Commissioning Group", "01442 898867", "Monday to Friday, 9am to 5pm").
		inOrder("Next events in St Albans and Harpenden", "St Albans sooner", "St Albans later", "Next events in Watford and Three Rivers", "Watford talk",
			"Next events in Hertsmere", "Hertsmere talk", "Date to be announced", "Next events in Dacorum", "No events are planned here yet").
		linksTo("/events", "/events?when=past", "/localities/dacorum", "/localities/hertsmere")
}

func TestATownOrAPostcodeLeadsToItsArea(t *testing.T) {
	w := newWorld(t)
	w.publish(evening("St Albans talk", "st-albans-and-harpenden", feb(20)))
	w.publish(evening("Dacorum talk", "dacorum", feb(28)))
	for _, c := range []struct {
		name, near string
		says       []string
		area       string // whose events come first
	}{
		{"a town", "Tring", []string{"Your area is:", "Dacorum"}, "Dacorum"},
		{"a town spelt otherwise", "Berkhampsted", []string{"We think you mean Berkhamsted"}, "Dacorum"},
		{"a whole postcode", "hp23+5aa", []string{"Your area is:", "Dacorum"}, "Dacorum"},
		{"a postcode in two areas", "WD4", []string{"more than one area", "Dacorum", "Watford and Three Rivers"}, "Dacorum"},
		{"a place that is not known", "Luton", []string{"We do not know that place", "Hemel Hempstead", "Rickmansworth", "Harpenden", "Borehamwood"}, "St Albans and Harpenden"},
		{"a postcode outside", "LU1", []string{"not in our area", "Dacorum", "Hertsmere"}, "St Albans and Harpenden"},
		{"nothing", "", []string{"Enter a town or a postcode"}, "St Albans and Harpenden"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := w.anybody().get("/?near=" + c.near).answers(http.StatusOK)
			p.t = t
			p.says(c.says...).inOrder(append(c.says[len(c.says)-1:], "Next events in "+c.area)...)
			if _, rest, _ := strings.Cut(p.words(), "Next events in "); !strings.HasPrefix(rest, c.area) {
				t.Errorf("the first events are not those of %s: %s", c.area, rest)
			}
		})
	}
}

func TestTheHomePageKeepsWhatWasTypedAndLeadsToTheAreasPage(t *testing.T) {
	w := newWorld(t)
	p := w.anybody().get("/?near=%3Cb%3ETring").answers(http.StatusOK)
	if !strings.Contains(p.html, `value="&lt;b&gt;Tring"`) || strings.Contains(p.html, "<b>Tring") {
		t.Error("what was typed is not shown again, escaped")
	}
	w.anybody().get("/?near=Tring").linksTo("/localities/dacorum")
}

func TestTheHomePageIsCachedByWhatWasTyped(t *testing.T) {
	w := newWorld(t)
	w.shell.CacheFor = time.Hour
	w.anybody().get("/?near=Tring").says("Your area is:")
	w.anybody().get("/?near=Luton").says("We do not know that place")
	w.anybody().get("/").doesNotSay("Your area is:")
}

func TestTheHomePageKnowsNoOtherProgrammeThanTheConfigured(t *testing.T) {
	w := newWorld(t, func(c *config.Config) {
		c.Programme.Name, c.Programme.Organisation, c.Programme.Tagline, c.Programme.Telephone = "Talk To Us", "Northshire Board", "", "01234 567890"
		c.Programme.Post, c.Programme.Complaints = "1 North Road", config.Contact{}
		c.Localities = []config.Locality{{Slug: "north", Name: "North End", Towns: []string{"Northtown"}, Postcodes: []string{"ZZ1"}, Telephone: "01234 567890", Hours: "always", Email: "n@north.example"}}
	})
	for _, path := range []string{"/", "/contact", "/privacy", "/accessibility", "/localities/north", "/cookies"} {
		w.anybody().get(path).answers(http.StatusOK).doesNotSay("Hert", "Dacorum", "Hemel")
	}
}

func TestALocalityPageSaysHowToReachItAndWhatIsOnThere(t *testing.T) {
	w := newWorld(t)
	held := w.publish(evening("The one before", "dacorum", feb(15)))
	w.publish(evening("The one to come", "dacorum", feb(28)))
	w.publish(evening("With no date", "dacorum", time.Time{}))
	w.publish(evening("Elsewhere", "hertsmere", feb(28)))
	w.clock.set(feb(20))
	w.anybody().get("/localities/dacorum").answers(http.StatusOK).
		says("Dacorum", "Hemel Hempstead, Berkhamsted", "HP1", "01442 898867", "Monday to Friday, 9am to 5pm", "Show the email address of Dacorum").
		inOrder("Events to come", "The one to come", "With no date", "Past events", "The one before").
		doesNotSay("Elsewhere").
		linksTo("/localities/dacorum.ics", "/events/"+held.Slug, "/events?when=past&locality=dacorum")
}

func TestAnUnknownLocalityIsNotFound(t *testing.T) {
	w := newWorld(t)
	w.anybody().get("/localities/atlantis").answers(http.StatusNotFound).says("Page not found")
}

func TestNoEmailAddressIsInAPublicPageUntilItIsAskedFor(t *testing.T) {
	w := newWorld(t)
	paths := []string{"/", "/?near=Tring", "/contact", "/accessibility", "/privacy", "/cookies", "/no-such-page"}
	for _, l := range w.cfg.Localities {
		paths = append(paths, "/localities/"+l.Slug, "/contact/email/"+l.Slug)
	}
	for _, path := range paths {
		whole := w.anybody().get(path).html
		if whole == "" || strings.Contains(whole, "mailto:") || strings.Contains(whole, "yourcareyourfuture.example") {
			t.Errorf("%s shows an email address to those who did not ask", path)
		}
	}
}

func TestPressingTheButtonShowsTheAddressForPressingAndCopying(t *testing.T) {
	w := newWorld(t)
	shown := 0
	for _, o := range site.Offices(w.cfg) {
		if o.Email == "" {
			w.anybody().post("/contact/email/"+o.ID, nil).answers(http.StatusNotFound)
			continue
		}
		p := w.anybody().post("/contact/email/"+o.ID, nil).answers(http.StatusOK).says(o.Name, o.Email).linksTo("mailto:"+o.Email, "/contact")
		if p.header.Get("Cache-Control") != "no-store" || !strings.Contains(p.html, "noindex") {
			t.Errorf("the address of %s may be kept by caches or search engines", o.Name)
		}
		shown++
	}
	if shown != len(w.cfg.Localities)+4 {
		t.Errorf("%d addresses were shown", shown)
	}
}

func TestEveryButtonForAnAddressLeadsToOne(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/contact", "/privacy", "/accessibility", "/localities/hertsmere"} {
		parts := strings.Split(w.anybody().get(path).main(), `action="`)[1:]
		if len(parts) == 0 {
			t.Errorf("%s has no button for an address", path)
		}
		for _, part := range parts {
			action, _, _ := strings.Cut(part, `"`)
			w.anybody().post(action, nil).answers(http.StatusOK)
			w.anybody().get(action).answers(http.StatusOK).says("Press the button")
		}
	}
}

func TestAskingForAddressesIsLimitedAndAnUnknownOneIsNotFound(t *testing.T) {
	w := newWorld(t, func(c *config.Config) { c.HTTP.RateLimits.BookingsPerHour = 2 })
	w.anybody().post("/contact/email/nobody", nil).answers(http.StatusNotFound)
	w.anybody().post("/contact/email/dacorum", nil).answers(http.StatusOK)
	w.anybody().post("/contact/email/dacorum", nil).answers(http.StatusOK)
	p := w.anybody().post("/contact/email/dacorum", nil).answers(http.StatusTooManyRequests)
	if p.header.Get("Retry-After") == "" {
		t.Error("nothing says when to try again")
	}
}

func TestTheContactPageNamesTheProgrammeEveryAreaAndWhereToComplain(t *testing.T) {
	w := newWorld(t)
	p := w.anybody().get("/contact").answers(http.StatusOK).
		says("The Forum, Marlowes, Hemel Hempstead, HP1 1DN", "Patient Advice and Liaison Service", "01442 898865", "call 111", "call 999").linksTo("tel:01442898867")
	for _, l := range w.cfg.Localities {
		p.says(l.Name, l.Telephone, l.Hours, "Show the email address of "+l.Name)
	}
}

func TestTheAccessibilityStatementHasWhatTheLawAsksFor(t *testing.T) {
	w := newWorld(t)
	w.anybody().get("/accessibility").answers(http.StatusOK).
		says("Herts Valleys Clinical Commissioning Group is committed to making its website accessible",
			"Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018",
			"partially compliant", "version 2.2 AA", "large print, easy read, braille, audio", "Patient Advice and Liaison Service",
			"Equality and Human Rights Commission (EHRC)", "Equality Advisory and Support Service (EASS)", "axe", "keyboard", "400%", "We wrote this statement on").
		linksTo("https://www.equalityadvisoryservice.com/")
}

func TestTheCookiesPageNamesTheOneCookieAsItIsSet(t *testing.T) {
	w := newWorld(t)
	w.anybody().get("/cookies").answers(http.StatusOK).says("it keeps no cookies on your device", w.staff("admin").cookie.Name, "2 hours without use", "12 hours in any case")
}

func TestVisitorsGetNoCookie(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/", "/contact", "/privacy", "/localities/dacorum", "/contact/email/dacorum"} {
		if c := w.anybody().get(path).header.Get("Set-Cookie"); c != "" {
			t.Errorf("%s sets %s", path, c)
		}
	}
}

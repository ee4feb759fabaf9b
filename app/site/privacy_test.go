package site_test

import (
	"net/http"
	"testing"
	"time"

	"conversations/app/config"
	"conversations/app/site"
)

func TestThePrivacyPageTellsOfEveryPersonalColumn(t *testing.T) {
	p := newWorld(t).anybody().get("/privacy").answers(http.StatusOK)
	personal := 0
	for _, table := range tables() {
		for _, c := range table.Columns {
			if c.Personal != nil {
				personal++
				p.says(table.What, c.Personal.What, sentence(c.Personal.Purpose), sentence(string(c.Personal.Basis)))
			}
		}
	}
	if personal < 20 {
		t.Errorf("only %d columns are declared as personal", personal)
	}
}

func sentence(text string) string { return string(text[0]-'a'+'A') + text[1:] }

func TestThePrivacyPageSaysForHowLongByTheConfiguration(t *testing.T) {
	day := 24 * time.Hour
	w := newWorld(t, func(c *config.Config) {
		c.Retention = config.Retention{MailBodies: 11 * day, AccessNeeds: 12 * day, Bookings: 3 * 365 * day, Interest: 13 * day, Calls: 15 * day,
			Quotes: 7 * 365 * day, Audit: 6 * 365 * day, Deliveries: 2 * 365 * day, Sessions: 5 * time.Hour, StaffLeft: 16 * day}
	})
	p := w.anybody().get("/privacy").says("11 days after we sent it", "12 days after the event", "3 years after the event", "3 years after we sent it",
		"13 days after we told you the date", "7 years after the event", "15 days after the event", "5 hours after it ended", "16 days after you left", "6 years after it happened")
	p.doesNotSay("after it was written down", " 0s ")
}

func TestEveryKeepingTimeIsASettingAndHasWords(t *testing.T) {
	w := newWorld(t)
	for _, table := range tables() {
		for _, c := range table.Columns {
			if c.Personal == nil {
				continue
			}
			if !site.HasSetting(w.cfg.Retention, c.Personal.Keep) {
				t.Errorf("%s.%s is kept for %q, which is no key under retention", table.Name, c.Name, c.Personal.Keep)
			}
		}
	}
}

func TestThePrivacyPageNamesRightsTheOfficerAndTheRegulatorAndThatNobodyIsTracked(t *testing.T) {
	newWorld(t).anybody().get("/privacy").answers(http.StatusOK).
		says("We do not track you", "Visitors get no cookies", "no tracking pixels", "We do not rewrite links", "Your rights",
			"Data protection officer", "Information Commissioner's Office", "0303 123 1113", "internet (IP) address",
			"Nobody: it is kept so that only the computer can use it", "the people who welcome you at the door").
		linksTo("https://ico.org.uk", "/cookies")
}

func TestATableWithNothingPersonalHasNoSection(t *testing.T) {
	newWorld(t).anybody().get("/privacy").doesNotSay("Something that everybody with a booking has to be told")
}

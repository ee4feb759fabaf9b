package contacts

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestARefusedSignUpSaysWhatToMendAndKeepsWhatWasTyped(t *testing.T) {
	s := newPublicSite(t, sqliteAddress(t))
	long := strings.Repeat("long ", 40)
	for _, c := range []struct {
		name   string
		form   url.Values
		says   string
		keeps  []string
		taken  bool
		absent string
	}{
		{"no address", url.Values{"name": {"Ada"}, "localities": {"dacorum"}}, "Enter your email address", []string{`value="Ada"`, `value="dacorum" checked`}, false, ""},
		{"no address at all", url.Values{}, "Enter your email address", nil, false, ""},
		{"half an address", url.Values{"email": {"ada@"}}, "in the right form", []string{`value="ada@"`}, false, ""},
		{"two addresses", url.Values{"email": {"a@b.example, c@d.example"}}, "in the right form", nil, false, ""},
		{"a slip", url.Values{"email": {"ada@gmial.com"}}, "Did you mean ada@gmail.com?", []string{`name="email_checked" value="ada@gmial.com"`}, false, ""},
		{"a slip that is meant", url.Values{"email": {"ada@gmial.com"}, "email_checked": {"ada@gmial.com"}}, "", nil, true, ""},
		{"a long name", url.Values{"email": {ada}, "name": {long}}, "Your name must be 120 letters or fewer", []string{`value="` + ada + `"`}, false, ""},
		{"an area that is none", url.Values{"email": {ada}, "localities": {"atlantis"}}, "Choose areas from the list", nil, false, ""},
		{"markup", url.Values{"email": {"x"}, "name": {"<b>Ada</b>"}}, "in the right form", []string{"&lt;b&gt;Ada"}, false, "<b>Ada</b>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := s.rows()
			p := s.post("/subscribe", c.form)
			if c.taken {
				p.is(http.StatusSeeOther)
				return
			}
			p.is(http.StatusUnprocessableEntity).says("There is a problem", c.says)
			if !strings.Contains(p.body, "<title>Error: ") {
				t.Error("the title does not say that there is an error")
			}
			for _, kept := range c.keeps {
				if !strings.Contains(p.body, kept) {
					t.Errorf("lost %s:\n%s", kept, p.body)
				}
			}
			if c.absent != "" {
				p.silentOn(c.absent)
			}
			if after := s.rows(); !maps.Equal(before, after) {
				t.Errorf("changed %v to %v", before, after)
			}
		})
	}
	s.post("/subscribe/link", url.Values{"email": {"ada"}}).is(http.StatusUnprocessableEntity).says("There is a problem", "in the right form")
	s.post("/subscribe/link", nil).is(http.StatusUnprocessableEntity).says("Enter your email address")
}

func TestAProgramThatFillsInEveryFieldSignsNobodyUp(t *testing.T) {
	s := newPublicSite(t, sqliteAddress(t))
	before := s.rows()
	person := s.signUp("known@residents.example")
	robot := s.signUp(ada, "leave_empty", "http://spam.example")
	if robot.status != person.status || robot.location != person.location {
		t.Errorf("a program is answered %d %s, a person %d %s", robot.status, robot.location, person.status, person.location)
	}
	s.post("/subscribe/link", url.Values{"email": {ada}, "leave_empty": {"x"}}).is(http.StatusSeeOther)
	if len(s.mails(ada)) != 0 || s.rows()["subscription_requests"] != before["subscription_requests"]+1 {
		t.Error("a program had a mail sent")
	}
}

func TestNobodyCanSendWordsOfTheirOwnThroughUs(t *testing.T) {
	s := newPublicSite(t, sqliteAddress(t))
	s.signUp(ada, "name", "Buy pills at http://pills.example")
	m := s.mails(ada)[0]
	if strings.Contains(m.Content+m.Subject+m.ToName, "pills") {
		t.Errorf("the mail says what a stranger typed: %q %s", m.ToName, m.Content)
	}
}

func TestTooManySignUpsFromOneNetworkAreAskedToWait(t *testing.T) {
	s := newPublicSite(t, sqliteAddress(t))
	for i := range 1001 {
		p := s.signUp("", "name", "x")
		if i < 1000 && p.status == http.StatusTooManyRequests {
			t.Fatalf("the %dth form was refused", i)
		}
		if i == 1000 && (p.status != http.StatusTooManyRequests || p.header.Get("Retry-After") == "") {
			t.Fatalf("the form after the limit was answered %d", p.status)
		}
	}
	s.get("/subscribe").is(http.StatusOK)
}

func TestALinkFromALocalitysPageHasItTicked(t *testing.T) {
	s := newPublicSite(t, sqliteAddress(t))
	if p := s.get("/subscribe?locality=hertsmere"); !strings.Contains(p.body, `value="hertsmere" checked`) || strings.Contains(p.body, `value="dacorum" checked`) {
		t.Error("the locality is not ticked, or another is")
	}
	s.get("/subscribe?locality=%22%3E%3Cscript%3E").is(http.StatusOK).silentOn("<script>alert", `""><script`)
	if p := s.get("/subscribe"); strings.Contains(p.body, " checked") {
		t.Error("something is ticked that nobody ticked")
	}
}

package browsertest_test

import (
	"net/url"
	"strings"
	"testing"

	"conversations/app/apptest"
	"conversations/app/browsertest"
)

// The pages of a first sign-in are seen once only, so they have a site of their own, where codes are asked for.
func TestThePagesOfAFirstSignInAreFitForEverybody(t *testing.T) {
	site := apptest.Start(t, "CONVERSATIONS_STAFF_REQUIRE_CODE=true")
	link, err := site.App.Accounts.Add(site.Ctx(), "admin@example.org", "Alma Example", "admin")
	must(t, err)
	link = strings.TrimPrefix(link, site.URL)
	for name, mode := range map[string]browsertest.Mode{"with our scripts": browsertest.WithScript, "with our scripts blocked": browsertest.ScriptBlocked} {
		t.Run(name, func(t *testing.T) {
			p := browsertest.Open(t, site, mode)
			for _, s := range []sight{
				{path: "/staff/sign-in", status: 200},
				{path: link, status: 200},
				{path: link, from: link, send: url.Values{"password": {"short"}}, status: 422},
			} {
				s.visit(t, p)
				check(t, p, checks[mode])
			}
		})
	}
	t.Run("the authenticator app", func(t *testing.T) {
		p := browsertest.Open(t, site, browsertest.WithScript)
		p.Go(link)
		if status := p.Send(link, url.Values{"password": {"talking about care"}}); status != 200 || p.Path() != "/staff/authenticator" {
			t.Fatalf("a new password was answered with %d and led to %s", status, p.Path())
		}
		check(t, p, checks[browsertest.WithScript])
		p.Send("/staff/authenticator", url.Values{"code": {"000000"}})
		p.Shows("There is a problem")
		check(t, p, checks[browsertest.WithScript])
	})
}

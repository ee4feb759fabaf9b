package app_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"conversations/app/accounts"
	"conversations/app/apptest"
	"conversations/app/audit"
	"conversations/app/web"
)

var parameter = regexp.MustCompile(`:[a-z_]+`)

// Every staff route of the whole program is refused to each role that may not do its action, and to whoever is not
// signed in; the table of roles and actions in accounts is the only source of who may.
func TestEveryActionIsRefusedToEachRoleThatMayNotDoIt(t *testing.T) {
	site := apptest.Start(t)
	type visitor struct {
		browser *staffBrowser
		actor   audit.Actor
	}
	visitors := map[string]visitor{"signed out": {browser: newStaff(t, site.URL)}}
	for _, role := range accounts.Roles() {
		email := string(role) + "@staff.example"
		link, err := site.App.Accounts.Add(site.Ctx(), email, "Somebody Example", string(role))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := site.App.Accounts.SetPassword(site.Ctx(), link[strings.LastIndexByte(link, '/')+1:], "talking about care"); err != nil {
			t.Fatal(err)
		}
		b := newStaff(t, site.URL)
		b.signInAs(email)
		visitors[string(role)] = visitor{b, audit.Actor{Kind: audit.Staff, ID: 1, Role: string(role)}}
	}
	tried, refused := 0, 0
	for _, route := range site.App.Shell.Routes() {
		if route.Access == web.Everybody {
			if strings.HasPrefix(route.Path, "/staff/") && !strings.HasPrefix(route.Path, "/staff/sign-") && !strings.HasPrefix(route.Path, "/staff/forgotten") &&
				!strings.HasPrefix(route.Path, "/staff/authenticator") {
				t.Errorf("%s %s is below /staff and open to everybody", route.Method, route.Path)
			}
			continue
		}
		path := parameter.ReplaceAllString(route.Path, "999999")
		for name, v := range visitors {
			status := v.browser.ask(route.Method, path)
			tried++
			may := accounts.May(v.actor, route.Access)
			switch {
			case name == "signed out" && status != http.StatusSeeOther:
				t.Errorf("%s %s, signed out: %d", route.Method, route.Path, status)
			case name != "signed out" && !may && status != http.StatusForbidden:
				t.Errorf("%s %s as %s: %d, and they may not", route.Method, route.Path, name, status)
			case may && status == http.StatusForbidden:
				t.Errorf("%s %s as %s: refused, and they may", route.Method, route.Path, name)
			case may && status >= 500:
				t.Errorf("%s %s as %s: %d", route.Method, route.Path, name, status)
			}
			if name != "signed out" && !may {
				refused++
			}
		}
	}
	if tried < 100 || refused < 40 {
		t.Fatalf("only %d tried, %d refused", tried, refused)
	}
	t.Logf("%d tried, %d of them refused", tried, refused)
}

func (s *staffBrowser) ask(method, path string) int {
	s.t.Helper()
	if method == http.MethodPost {
		return s.post(path, nil)
	}
	response, err := s.client.Get(s.base + path)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}

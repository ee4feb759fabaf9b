package accounts_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
)

func TestEachRoleMayDoWhatTheContractSays(t *testing.T) {
	var all []accounts.Action
	for action := range accounts.Permissions() {
		all = append(all, action)
	}
	want := map[accounts.Role][]accounts.Action{
		accounts.Admin: all,
		accounts.Engagement: {accounts.UseStaffPages, accounts.SeeEvents, accounts.ManageEvents, accounts.SeeBookings, accounts.ManageBookings,
			accounts.MakeCalls, accounts.SeeDoor, accounts.SeeMails, accounts.ManageSurveys, accounts.ManageFeedback, accounts.SeeReports},
		accounts.Comms: {accounts.UseStaffPages, accounts.ManageContacts, accounts.WriteUpdates, accounts.ManageDocuments},
		accounts.Door:  {accounts.UseStaffPages, accounts.SeeDoor},
		"":             nil,
		"invented":     nil,
	}
	for role, actions := range want {
		actor := audit.Actor{Kind: audit.Staff, ID: 1, Role: string(role)}
		for _, action := range all {
			may := slices.Contains(actions, action)
			if accounts.May(actor, action) != may {
				t.Errorf("%q and %s: %v, want %v", role, action, !may, may)
			}
			err := accounts.Require(audit.WithActor(t.Context(), actor), action)
			if (err == nil) != may || err != nil && fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%q is told about %s: %v", role, action, err)
			}
		}
	}
	for _, action := range append(all, "invented") {
		if accounts.May(audit.Actor{}, action) || fault.KindOf(accounts.Require(t.Context(), action)) != fault.SignIn {
			t.Errorf("a resident may do %s", action)
		}
		if accounts.Require(audit.AsSystem(t.Context()), action) != nil {
			t.Errorf("the program may not do %s", action)
		}
	}
	if accounts.May(audit.Actor{Kind: audit.Staff, Role: "admin"}, "invented") {
		t.Error("an administrator may do what nobody declared")
	}
}

func TestEveryStaffRouteRefusesWhoMayNot(t *testing.T) {
	h := newHouse(t, "CONVERSATIONS_STAFF_REQUIRE_CODE=false", "CONVERSATIONS_HTTP_RATE_LIMITS_SIGN_INS_PER_HOUR=1000")
	for _, role := range append(accounts.Roles(), "") {
		b := h.browser()
		if role != "" {
			b = h.signedIn(string(role)+"@staff.example", string(role))
		}
		for _, route := range h.shell.Routes() {
			if route.Access == "" {
				continue
			}
			w := b.do(route.Method, strings.ReplaceAll(route.Path, ":id", "999"), nil)
			may := accounts.May(audit.Actor{Kind: audit.Staff, Role: string(role)}, route.Access)
			switch {
			case role == "" && (w.Code != 303 || !strings.HasPrefix(w.Header().Get("Location"), "/staff/sign-in")):
				t.Errorf("a stranger gets %d from %s %s", w.Code, route.Method, route.Path)
			case role != "" && may != (w.Code != 403):
				t.Errorf("%s gets %d from %s %s", role, w.Code, route.Method, route.Path)
			}
		}
	}
}

// signedIn adds somebody and signs them in; codes must be waived.
func (h *house) signedIn(email, role string) *browser {
	h.t.Helper()
	h.leads(h.browser().post(h.add(email, role), "password", password), "/staff/sign-in")
	b := h.browser()
	h.leads(b.post("/staff/sign-in", "email", email, "password", password), "/staff")
	return b
}

func TestAnAdministratorLooksAfterAccounts(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		h := houseOn(t, address, "CONVERSATIONS_STAFF_REQUIRE_CODE=false")
		admin := h.signedIn("admin@staff.example", "admin")
		h.expect(admin.post("/staff/people/new", "email", "no", "name", ""), 422, "Enter an email address", "Enter their name", "Choose what they do")
		h.expect(admin.post("/staff/people/new", "email", "admin@staff.example", "name", "Again", "role", "door"), 422, "already")
		h.expect(admin.post("/staff/people/new", "email", anna, "name", "Anna Example", "role", "door"), 200, "Account added", h.mailedLink(anna))
		h.expect(admin.get("/staff/people"), 200, anna, "Never")

		h.leads(h.browser().post(h.mailedLink(anna), "password", password), "/staff/sign-in")
		b := h.browser()
		h.leads(b.post("/staff/sign-in", "email", anna, "password", password), "/staff")
		h.expect(b.get("/staff/people"), 403)
		person := h.person(anna)
		h.leads(admin.post(person+"/role", "role", "admin"), person)
		h.expect(b.get("/staff/people"), 200)
		h.expect(admin.post(person+"/role", "role", "queen"), 422, "Choose what they do")

		h.leads(admin.post(person+"/deactivate"), person)
		h.leads(b.get("/staff"), "/staff/sign-in")
		h.expect(b.post("/staff/sign-in", "email", anna, "password", password), 422)
		h.expect(admin.get(person), 200, "Ended")

		h.expect(admin.post(person+"/reset"), 200, "New sign-in link sent", h.mailedLink(anna))
		h.expect(h.browser().get(h.mailedLink(anna)), 200)
		h.expect(admin.get("/staff/people/999"), 404)
		h.expect(admin.get("/staff/people/x"), 404)
	})
}

// person is the path of somebody's page.
func (h *house) person(email string) string {
	h.t.Helper()
	var id int64
	h.db.Read(h.t.Context()).Raw(`SELECT id FROM staff WHERE email = ?`, email).Scan(&id)
	return fmt.Sprintf("/staff/people/%d", id)
}

func TestTheLastAdministratorStays(t *testing.T) {
	h := newHouse(t, "CONVERSATIONS_STAFF_REQUIRE_CODE=false")
	admin := h.signedIn("admin@staff.example", "admin")
	h.expect(admin.post("/staff/people/1/deactivate"), 422, "Make somebody else an administrator first")
	h.expect(admin.post("/staff/people/1/role", "role", "door"), 422, "Make somebody else an administrator first")
	h.expect(admin.get("/staff/people"), 200)
}

func TestALostPhoneIsReplacedByTheAdministrator(t *testing.T) {
	h := newHouse(t)
	_, admin := h.setUp(h.add("admin@staff.example", "admin"))
	old, b := h.setUp(h.add(anna, "engagement"))
	h.expect(admin.post("/staff/people/2/reset"), 200)
	h.leads(b.get("/staff"), "/staff/sign-in")
	h.expect(b.post("/staff/sign-in", "email", anna, "password", password, "code", h.code(old)), 422)
	fresh, b := h.setUp(h.mailedLink(anna))
	if fresh == old {
		t.Error("the authenticator's key is the old one")
	}
	h.expect(b.get("/staff"), 200)
}

func TestEveryColumnOfAccountsIsDeclared(t *testing.T) {
	h := newHouse(t)
	differences, err := h.db.Undeclared(t.Context(), accounts.Columns())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range differences {
		for _, table := range accounts.Columns() {
			if strings.HasPrefix(d, table.Name+".") {
				t.Error(d)
			}
		}
	}
}

package accounts_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/web"
)

func (h *house) home(c echo.Context) error {
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Staff", Body: templ.Raw("<h1>Staff home</h1>")})
}

func TestStaffSetUpTheirSignInAndSignInWithIt(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		h := houseOn(t, address)
		link := h.add("Anna@Staff.example", "engagement")
		if link != h.mailedLink(anna) {
			t.Error("the mail carries another link than the one returned")
		}
		h.expect(h.browser().get(link), 200, "Choose a password", anna)
		secret, b := h.setUp(link)
		h.expect(b.get("/staff"), 200, "Staff home", "Anna Example")

		b = h.browser()
		h.expect(b.get("/staff/sign-in"), 200, `autocomplete="username"`, `autocomplete="current-password"`, `autocomplete="one-time-code"`)
		h.leads(b.post("/staff/sign-in", "email", "ANNA@staff.example ", "password", password, "code", h.code(secret), "next", "/staff/account"), "/staff/account")
		h.expect(b.get("/staff/account"), 200, "This is the one you are using now")
		h.leads(b.get("/staff/sign-in"), "/staff")
		h.leads(b.post("/staff/sign-out"), "/staff/sign-in")
		h.leads(b.get("/staff"), "/staff/sign-in")
		for _, action := range []string{"staff.add", "staff.password_set", "staff.authenticator_set", "staff.sign_in", "staff.sign_out"} {
			if h.recorded(action) != 1 {
				t.Errorf("%s is recorded %d times, want once", action, h.recorded(action))
			}
		}
	})
}

func TestAWrongSignInDoesNotSayWhatWasWrong(t *testing.T) {
	h := newHouse(t)
	secret, _ := h.setUp(h.add(anna, "engagement"))
	var said []string
	for _, typed := range [][3]string{
		{"nobody@staff.example", password, h.code(secret)}, {anna, "another password", h.code(secret)}, {anna, password, "000000"},
	} {
		b := h.browser()
		w := b.post("/staff/sign-in", "email", typed[0], "password", typed[1], "code", typed[2])
		h.expect(w, 422, "There is a problem", "<title>Error: ", typed[0])
		if strings.Contains(w.Body.String(), typed[1]) || b.cookie != nil {
			t.Error("the password is shown again, or a session begun")
		}
		said = append(said, strings.ReplaceAll(w.Body.String(), typed[0], ""))
	}
	if said[0] != said[1] || said[1] != said[2] {
		t.Error("the pages differ")
	}
	if h.recorded("staff.sign_in_refused") != 3 {
		t.Errorf("%d refusals are recorded, want 3", h.recorded("staff.sign_in_refused"))
	}
	h.expect(h.browser().post("/staff/sign-in"), 422, "Enter your email address", "Enter your password", "Enter the code")
}

func TestACodeIsGoodOnceAndForHalfAMinuteEitherSide(t *testing.T) {
	h := newHouse(t)
	secret, _ := h.setUp(h.add(anna, "engagement"))
	signIn := func(code string) int {
		return h.browser().post("/staff/sign-in", "email", anna, "password", password, "code", code).Code
	}
	code := h.code(secret)
	if signIn(code) != 303 || signIn(code) != 422 {
		t.Error("a code is good other than once")
	}
	old := h.code(secret)
	h.now = h.now.Add(90 * time.Second)
	if signIn(old) != 422 {
		t.Error("a code of 90 seconds ago is good")
	}
	old = h.code(secret)
	h.now = h.now.Add(30 * time.Second)
	if signIn(old[:3]+" "+old[3:]) != 303 {
		t.Error("the code before is not good, or a space in it spoils it")
	}
	next := h.now.Add(30 * time.Second)
	was := h.now
	h.now = next
	code = h.code(secret)
	h.now = was
	if signIn(code) != 303 {
		t.Error("the code after is not good")
	}
	if signIn(h.code(secret)) != 422 {
		t.Error("a code from before the last one used is good")
	}
}

func TestACodeThatIsSentTwiceAtOnceIsGoodOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		h := houseOn(t, address)
		secret, _ := h.setUp(h.add(anna, "engagement"))
		code, codes := h.code(secret), make(chan int, 4)
		for range 4 {
			go func() {
				codes <- h.browser().post("/staff/sign-in", "email", anna, "password", password, "code", code).Code
			}()
		}
		good := 0
		for range 4 {
			if <-codes == 303 {
				good++
			}
		}
		if good != 1 {
			t.Errorf("%d sign-ins with one code, want 1", good)
		}
	})
}

func TestWhereTheCodeIsWaivedThePasswordIsEnough(t *testing.T) {
	h := newHouse(t, "CONVERSATIONS_STAFF_REQUIRE_CODE=false")
	link := h.add(anna, "engagement")
	h.leads(h.browser().post(link, "password", password), "/staff/sign-in")
	b := h.browser()
	if strings.Contains(b.get("/staff/sign-in").Body.String(), "one-time-code") {
		t.Error("the code is asked for")
	}
	h.leads(b.post("/staff/sign-in", "email", anna, "password", password), "/staff")
	h.expect(b.get("/staff"), 200)
}

func TestALinkIsUsedUpByThePostAloneAndOnce(t *testing.T) {
	h := newHouse(t)
	link := h.add(anna, "engagement")
	for range 3 {
		h.expect(h.browser().get(link), 200, "Choose a password")
	}
	h.expect(h.browser().post(link, "password", "short"), 422, "12 characters or more", anna)
	h.setUp(link)
	h.expect(h.browser().get(link), 404, "has been used or is too old")
	h.expect(h.browser().post(link, "password", password), 404)
	h.expect(h.browser().get("/staff/sign-in/invented"), 404)

	link = h.add("late@staff.example", "door")
	h.now = h.now.Add(25 * time.Hour)
	h.expect(h.browser().get(link), 404, "too old")
	h.expect(h.browser().post(link, "password", password), 404)
}

func TestBeforeTheAuthenticatorIsSetUpNothingElseOpens(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	h.leads(b.post(h.add(anna, "admin"), "password", password), "/staff/authenticator")
	h.expect(b.get("/staff"), 403, "Finish setting up your sign-in first")
	h.expect(b.get("/staff/people"), 403)
	h.expect(b.post("/staff/authenticator", "code", "000000"), 422, "Enter the code that the app shows now")
	picture := b.get("/staff/authenticator/qr.png")
	h.expect(picture, 200)
	if picture.Header().Get("Content-Type") != "image/png" || picture.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("the picture: %v", picture.Header())
	}
	h.expect(h.browser().get("/staff/authenticator/qr.png"), 404)
	h.expect(h.browser().get("/staff/authenticator"), 404)
	h.expect(h.browser().post("/staff/sign-in", "email", anna, "password", password, "code", "123456"), 422, "authenticator app is not set up")
}

func TestAPasswordIsResetByMailAndEndsEverySession(t *testing.T) {
	h := newHouse(t)
	secret, b := h.setUp(h.add(anna, "engagement"))
	known := h.browser().post("/staff/forgotten", "email", anna)
	unknown := h.browser().post("/staff/forgotten", "email", "else@staff.example")
	h.expect(known, 200, "Check your email")
	if strings.ReplaceAll(known.Body.String(), anna, "") != strings.ReplaceAll(unknown.Body.String(), "else@staff.example", "") {
		t.Error("the answer tells whether somebody works here")
	}
	if h.mailedLink("else@staff.example") != "" {
		t.Error("a stranger got a mail")
	}
	h.leads(h.browser().post(h.mailedLink(anna), "password", "quite another password"), "/staff/sign-in")
	h.leads(b.get("/staff"), "/staff/sign-in")
	h.expect(h.browser().post("/staff/sign-in", "email", anna, "password", password, "code", h.code(secret)), 422)
	h.leads(h.browser().post("/staff/sign-in", "email", anna, "password", "quite another password", "code", h.code(secret)), "/staff")
}

func TestResetMailsToOneAccountAreFew(t *testing.T) {
	h := newHouse(t)
	h.add(anna, "engagement")
	for range 10 {
		h.expect(h.browser().post("/staff/forgotten", "email", anna), 200, "Check your email")
	}
	var mails int
	h.db.Read(t.Context()).Raw(`SELECT count(*) FROM mails WHERE kind = 'staff.reset'`).Scan(&mails)
	if mails != 3 {
		t.Errorf("%d mails, want 3", mails)
	}
}

func TestTooManyWrongSignInsAreAskedToWait(t *testing.T) {
	h := newHouse(t, "CONVERSATIONS_HTTP_RATE_LIMITS_SIGN_INS_PER_HOUR=3", "CONVERSATIONS_STAFF_REQUIRE_CODE=false")
	h.leads(h.browser().post(h.add(anna, "engagement"), "password", password), "/staff/sign-in")
	wrong := func(from, email string) *browser {
		b := h.browser()
		b.from = from
		h.expect(b.post("/staff/sign-in", "email", email, "password", "a wrong password"), 422)
		return b
	}
	for range 3 {
		wrong("192.0.2.7:1", "somebody@staff.example")
	}
	b := h.browser()
	b.from = "192.0.2.7:1"
	w := b.post("/staff/sign-in", "email", anna, "password", password)
	h.expect(w, 429, "Please wait")
	if w.Header().Get("Retry-After") != "1200" {
		t.Errorf("Retry-After is %q, want 1200", w.Header().Get("Retry-After"))
	}
	for _, from := range []string{"198.51.100.1:1", "198.51.100.2:1", "198.51.100.3:1"} {
		wrong(from, anna)
	}
	h.expect(h.browser().post("/staff/sign-in", "email", anna, "password", password), 429)
	h.now = h.now.Add(20 * time.Minute)
	h.leads(h.browser().post("/staff/sign-in", "email", anna, "password", password), "/staff")
}

func TestAnotherSessionCanBeEnded(t *testing.T) {
	h := newHouse(t, "CONVERSATIONS_STAFF_REQUIRE_CODE=false")
	h.leads(h.browser().post(h.add(anna, "engagement"), "password", password), "/staff/sign-in")
	var browsers []*browser
	for range 2 {
		b := h.browser()
		h.leads(b.post("/staff/sign-in", "email", anna, "password", password), "/staff")
		browsers = append(browsers, b)
		h.now = h.now.Add(time.Second)
	}
	page := browsers[0].get("/staff/account").Body.String()
	_, id, _ := strings.Cut(page, `name="session" value="`)
	id, _, _ = strings.Cut(id, `"`)
	h.leads(browsers[0].post("/staff/account/sessions", "session", id), "/staff/account")
	h.expect(browsers[0].get("/staff"), 200)
	h.leads(browsers[1].get("/staff"), "/staff/sign-in")
}

func TestTheLogHoldsNoLinkNoPasswordAndNoCode(t *testing.T) {
	h := newHouse(t)
	link := h.add(anna, "engagement")
	h.browser().get(link)
	h.browser().get(link + "/oops")
	secret, b := h.setUp(link)
	b.post("/staff/sign-in", "email", anna, "password", password, "code", h.code(secret))
	log := h.log.b.String()
	for _, unwanted := range []string{strings.TrimPrefix(link, "/staff/sign-in/"), password, secret, b.cookie.Value, anna} {
		if strings.Contains(log, unwanted) {
			t.Errorf("the log holds %q", unwanted)
		}
	}
	if !strings.Contains(log, "/staff/sign-in/:token") {
		t.Error("the log lacks the pattern")
	}
}

func TestPasswordsThatAreGuessedFirstAreRefused(t *testing.T) {
	h := newHouse(t)
	link := h.add("anna.longname@staff.example", "engagement")
	for _, guess := range []string{"short", "anna.longname@staff.example", "Anna Example 2017", "Your Care, Your Future", "Password123456", "aaaaaaaaaaaaaaa", "123456789012", "elevenchars"} {
		if w := h.browser().post(link, "password", guess); w.Code != 422 {
			t.Errorf("%q is taken: %d", guess, w.Code)
		}
	}
	h.leads(h.browser().post(link, "password", "aardvark trams"), "/staff/authenticator")
}

func TestOldSessionsAndLinksAreForgotten(t *testing.T) {
	h := newHouse(t)
	h.setUp(h.add(anna, "engagement"))
	h.now = h.now.Add(72 * time.Hour)
	if err := h.service.Forget(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"sessions", "sign_in_links"} {
		var n int
		h.db.Read(t.Context()).Raw(`SELECT count(*) FROM ` + table).Scan(&n)
		if n != 0 {
			t.Errorf("%d rows are left in %s", n, table)
		}
	}
}

func TestTheServiceAsksForTheRight(t *testing.T) {
	h := newHouse(t)
	if _, err := h.service.Add(t.Context(), anna, "Anna Example", "admin"); fault.KindOf(err) != fault.SignIn {
		t.Errorf("a resident adds an account: %v", err)
	}
}

package browsertest_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"conversations/app/apptest"
	"conversations/app/browsertest"
	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/mail"
)

// subscribers are the links of people who sign up, get updates and stop them.
type subscribers struct {
	pending, confirmed string // /subscribe/confirm/…
	gets, post, none   string // /subscriptions/…
	letter, ended      string // /unsubscribe/…
}

func (w *world) makeSubscribers() {
	s := &w.subscribers
	s.confirmed, s.gets = w.signUp("nia@residents.example")
	_, s.post = w.signUp("olu@residents.example")
	w.led(s.post, url.Values{"name": {"Olu Example"}, "how": {"post"}, "post_address": {"1 Example Street\nHemel Hempstead"}, "postcode": {"HP1 1AA"}, "large_print": {"yes"}})
	_, s.none = w.signUp("pia@residents.example")
	w.led(s.none+"/stop", nil)
	w.led("/subscribe", url.Values{"email": {"quin@residents.example"}, "name": {"Quin Example"}, "localities": {"dacorum", "hertsmere"}})
	s.pending = w.path(linkTo(w.t, w.Site, "quin@residents.example", "/subscribe/confirm/"))
	_, gets := w.signUp("rae@residents.example")
	s.letter, s.ended = w.letter(s.gets), w.letter(gets)
	w.led(s.ended, nil)
}

// signUp has somebody sign up and say yes; it gives the link that they confirmed by, and their page.
func (w *world) signUp(email string) (confirmed, preferences string) {
	w.t.Helper()
	w.led("/subscribe", url.Values{"email": {email}, "localities": {"dacorum"}})
	confirmed = w.path(linkTo(w.t, w.Site, email, "/subscribe/confirm/"))
	w.led(confirmed, nil)
	w.led("/subscribe/link", url.Values{"email": {email}})
	return confirmed, w.path(linkTo(w.t, w.Site, email, "/subscriptions/"))
}

// letter is the link to unsubscribe in a letter to somebody, given their page. The letter itself does not leave.
func (w *world) letter(preferences string) string {
	w.t.Helper()
	p, err := w.App.Contacts.PreferencesByToken(w.Ctx(), strings.TrimPrefix(preferences, "/subscriptions/"))
	must(w.t, err)
	must(w.t, w.App.DB.Write(w.Ctx(), func(tx *database.Tx) error {
		id, err := w.App.Outbox.CreateMailing(w.Ctx(), tx, mail.NewMailing{Key: "update:1", Kind: "update", About: "updates", AboutID: 1, Subject: "News of February",
			Blocks: []mail.Block{mail.Paragraph("Hello")}, ListID: "updates", Purpose: contacts.Updates})
		if err != nil {
			return err
		}
		_, err = w.App.Outbox.AddRecipients(w.Ctx(), tx, id, []mail.Recipient{{ContactID: p.Contact.ID, Address: p.Contact.Email}})
		return err
	}))
	list, _, err := w.App.Outbox.Deliveries(w.Ctx(), mail.DeliveryFilter{ContactID: p.Contact.ID})
	must(w.t, err)
	return w.path(w.App.Outbox.UnsubscribeURL(list[0].ID))
}

func (w *world) path(address string) string { return strings.TrimPrefix(address, w.URL) }

func (w *world) subscriberPaths() map[string][]string {
	s := w.subscribers
	return map[string][]string{
		"/subscribe":                {"/subscribe", "/subscribe?locality=dacorum"},
		"/subscribe/done":           {"/subscribe/done"},
		"/subscribe/link":           {"/subscribe/link"},
		"/subscribe/link/done":      {"/subscribe/link/done"},
		"/subscribe/confirm/:token": {s.pending, s.confirmed},
		"/subscriptions/:token":     {s.gets, s.gets + "?saved=choices", s.post, s.none, s.none + "?saved=stopped"},
		"/unsubscribe/:token":       {s.letter, s.ended},
	}
}

// subscriberForms are forms of theirs that were filled in wrongly, links that are too old, and the answer to one click.
func (w *world) subscriberForms() []sight {
	s := w.subscribers
	return []sight{
		{path: "/subscribe", from: "/subscribe", send: url.Values{"email": {"nobody"}, "name": {strings.Repeat("long ", 40)}, "localities": {"atlantis"}}, status: 422},
		{path: "/subscribe?mistyped", from: "/subscribe", send: url.Values{"email": {"ada@gmial.com"}}, status: 422},
		{path: "/subscribe/link", from: "/subscribe/link", send: url.Values{"email": {""}}, status: 422},
		{path: s.gets, from: s.gets, send: url.Values{"name": {strings.Repeat("long ", 40)}, "how": {"post"}, "postcode": {"here"}}, status: 422},
		{path: "/subscribe/confirm/" + w.App.Links.Token(contacts.SignUpPurpose, 999999), status: 404},
		{path: s.ended, from: s.gets, send: url.Values{"List-Unsubscribe": {"One-Click"}}, status: 200},
	}
}

func TestAResidentWithoutScriptSignsUpChoosesAndStops(t *testing.T) {
	site := apptest.Start(t)
	p := browsertest.Open(t, site, browsertest.ScriptDisabled)
	p.Go("/")
	p.Click("Sign up for updates")
	p.Fill("Email address", "ada@residents.example")
	p.Fill("Your name (optional)", "Ada Example")
	p.Tick("Dacorum")
	p.Click("Sign up")
	p.Shows("Now look at your emails")

	p.Go(linkTo(t, site, "ada@residents.example", "/subscribe/confirm/"))
	p.Shows("Do you want our updates?", "ada@residents.example", "Ada Example", "Dacorum")
	p.Click("Yes, sign me up")
	p.Shows("You are signed up", "You asked to hear about: Dacorum.")
	p.Click("Change what we send you, or stop it")
	if p.Value("Dacorum") != "true" || p.Value("Hertsmere") != "false" || p.Value("By email") != "true" {
		t.Fatalf("the page has forgotten what was chosen:\n%s", p.Text())
	}
	p.Tick("Hertsmere")
	p.Tick("By post")
	p.Fill("Address", "1 Example Street")
	p.Click("Save")
	p.Shows("There is a problem", "Enter a full postcode")
	p.Fill("Postcode", "hp11aa")
	p.Tick("In large print")
	p.Click("Save")
	p.Shows("Your choices are saved.")
	if p.Value("By post") != "true" || strings.Contains(p.Text(), "1 Example Street") || p.Value("Address") != "" {
		t.Fatalf("a postal address is shown to whoever has the link:\n%s", p.Text())
	}
	p.Click("Stop everything")
	p.Shows("We have stopped everything.", "You get no updates from us.")
	p.Click("Sign me up")
	p.Shows("You get our updates again.")
}

func TestSigningUpByKeyboardAlone(t *testing.T) {
	site := apptest.Start(t)
	p := browsertest.Open(t, site, browsertest.WithScript)
	p.Go("/subscribe")
	tabTo(t, p, "Email address")
	p.Keys("ada@residents.example")
	tabTo(t, p, "Hertsmere")
	p.Keys(" ")
	tabTo(t, p, "Sign up")
	p.KeysLoad(kb.Enter)
	p.Shows("Now look at your emails")
	p.Go(linkTo(t, site, "ada@residents.example", "/subscribe/confirm/"))
	tabTo(t, p, "Yes, sign me up")
	p.KeysLoad(kb.Enter)
	p.Shows("You are signed up", "Hertsmere")
	p.Press("Change what we send you, or stop it")
}

package contacts

import (
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/mail"
	"conversations/app/web"
)

// publicSite is a world with the pages of people who get updates, as a browser without a cookie reaches them.
type publicSite struct {
	*world
	handler http.Handler
	keys    int
}

func newPublicSite(t testing.TB, address string) *publicSite {
	t.Helper()
	w := newWorld(t, address)
	cfg, err := config.Load("../../config.yaml", []string{"CONVERSATIONS_HTTP_RATE_LIMITS_BOOKINGS_PER_HOUR=1000"})
	if err != nil {
		t.Fatal(err)
	}
	shell := web.New(cfg, w.db, slog.New(slog.DiscardHandler))
	shell.CacheFor = 0
	signUpRoutes(shell, w.contacts)
	return &publicSite{world: w, handler: shell.Handler()}
}

// each runs a test on both databases.
func each(t *testing.T, test func(t *testing.T, s *publicSite)) {
	t.Helper()
	databasetest.Each(t, func(t *testing.T, address string) { test(t, newPublicSite(t, address)) })
}

// seen is an answer.
type seen struct {
	t        testing.TB
	status   int
	location string
	header   http.Header
	body     string
}

func (s *publicSite) get(path string) seen { return s.ask(http.MethodGet, path, nil) }

// post sends a form as a browser does from a page of the site.
func (s *publicSite) post(path string, form url.Values) seen {
	return s.ask(http.MethodPost, path, form)
}

// follow posts a form that must be taken, and shows the page that it leads to.
func (s *publicSite) follow(path string, form url.Values) seen {
	s.t.Helper()
	p := s.post(path, form).is(http.StatusSeeOther)
	return s.get(p.location)
}

func (s *publicSite) ask(method, path string, form url.Values, alter ...func(*http.Request)) seen {
	s.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, change := range alter {
		change(r)
	}
	rec := httptest.NewRecorder()
	s.handler.ServeHTTP(rec, r)
	if len(rec.Result().Cookies()) > 0 {
		s.t.Errorf("%s %s sets a cookie", method, path)
	}
	return seen{s.t, rec.Code, rec.Header().Get("Location"), rec.Header(), rec.Body.String()}
}

func (p seen) is(status int) seen {
	p.t.Helper()
	if p.status != status {
		p.t.Fatalf("answered %d, want %d:\n%s", p.status, status, p.words())
	}
	return p
}

func (p seen) says(texts ...string) seen {
	p.t.Helper()
	for _, text := range texts {
		if !strings.Contains(p.words(), text) {
			p.t.Fatalf("the page does not say %q:\n%s", text, p.words())
		}
	}
	return p
}

func (p seen) silentOn(texts ...string) seen {
	p.t.Helper()
	for _, text := range texts {
		if strings.Contains(p.body, text) {
			p.t.Errorf("the page says %q:\n%s", text, p.words())
		}
	}
	return p
}

var tag = regexp.MustCompile(`<[^>]*>`)

// words is what can be read in the main part of the page.
func (p seen) words() string {
	_, main, _ := strings.Cut(p.body, "<main")
	return strings.Join(strings.Fields(html.UnescapeString(tag.ReplaceAllString("<main"+main, " "))), " ")
}

// signUp types an address into the form.
func (s *publicSite) signUp(email string, more ...string) seen {
	s.t.Helper()
	form := url.Values{"email": {email}}
	for i := 0; i+1 < len(more); i += 2 {
		form.Add(more[i], more[i+1])
	}
	return s.post("/subscribe", form)
}

// signedUp is somebody who has signed up and said yes.
func (s *publicSite) signedUp(email string, more ...string) (id int64) {
	s.t.Helper()
	s.signUp(email, more...).is(http.StatusSeeOther)
	s.post(s.link(email, "/subscribe/confirm/"), nil).is(http.StatusSeeOther)
	return s.contact(email)
}

func (s *publicSite) contact(email string) (id int64) {
	return int64(s.number(`SELECT coalesce(max(id), 0) FROM contacts WHERE email_key = ? AND merged_into IS NULL`, NormaliseEmail(email)))
}

// mails are the single mails to an address, oldest first.
func (s *publicSite) mails(email string) (list []mail.Mail) {
	s.t.Helper()
	if err := s.db.Read(s.ctx).Raw(`SELECT * FROM mails WHERE lower(to_address) = ? ORDER BY id`, NormaliseEmail(email)).Scan(&list).Error; err != nil {
		s.t.Fatal(err)
	}
	return list
}

// link is the path of the link that begins so in the newest mail to an address.
func (s *publicSite) link(email, begins string) string {
	s.t.Helper()
	mails := s.mails(email)
	for i := len(mails) - 1; i >= 0; i-- {
		if found := regexp.MustCompile(regexp.QuoteMeta(begins) + `[\w-]+`).FindString(mails[i].Content); found != "" {
			return found
		}
	}
	s.t.Fatalf("no mail to %s has a link to %s: %v", email, begins, mails)
	return ""
}

// letter makes a letter to many, on its way, and gives the path to unsubscribe in the one to each contact.
func (s *publicSite) letter(purpose string, contacts ...int64) (paths []string) {
	s.t.Helper()
	s.keys++
	s.write(func(tx *database.Tx) error {
		id, err := s.outbox.CreateMailing(s.ctx, tx, mail.NewMailing{
			Key: fmt.Sprintf("update:%d", s.keys), Kind: "update", About: "updates", AboutID: int64(s.keys), Subject: "News of February",
			Blocks: []mail.Block{mail.Paragraph("Hello")}, ListID: "updates", Purpose: purpose,
		})
		if err != nil {
			return err
		}
		for _, contact := range contacts {
			if _, err := s.outbox.AddRecipients(s.ctx, tx, id, []mail.Recipient{{ContactID: contact, Address: fmt.Sprintf("letter%d@residents.example", contact)}}); err != nil {
				return err
			}
		}
		return s.outbox.ReleaseMailing(s.ctx, tx, id, tx.Now())
	})
	for _, contact := range contacts {
		id := s.number(`SELECT max(id) FROM deliveries WHERE contact_id = ?`, contact)
		paths = append(paths, strings.TrimPrefix(s.outbox.UnsubscribeURL(int64(id)), s.contacts.links.URL("")))
	}
	return paths
}

// ledger is what the ledger says of a contact, oldest first.
func (s *publicSite) ledger(id int64) (list []ConsentEntry) {
	s.t.Helper()
	if err := s.db.Read(s.ctx).Raw(`SELECT * FROM consents WHERE contact_id = ? ORDER BY id`, id).Scan(&list).Error; err != nil {
		s.t.Fatal(err)
	}
	return list
}

// brief is the ledger in one line: "given email subscribe, withdrawn email unsubscribe".
func (s *publicSite) brief(id int64) string {
	s.t.Helper()
	var words []string
	for _, e := range s.ledger(id) {
		words = append(words, fmt.Sprintf("%s %s %s", e.Entry, e.Channel, e.Source))
	}
	return strings.Join(words, ", ")
}

func (s *publicSite) expect(id int64, ledger string) {
	s.t.Helper()
	if got := s.brief(id); got != ledger {
		s.t.Fatalf("the ledger says %q, want %q", got, ledger)
	}
}

// rows counts what signing up can change.
func (s *publicSite) rows() map[string]int {
	out := map[string]int{}
	for _, table := range []string{"subscription_requests", "contacts", "consents", "contact_localities", "mails", "suppressions", "audit_entries"} {
		out[table] = s.number(`SELECT count(*) FROM ` + table)
	}
	return out
}

// preferences is the path of a contact's own page.
func (s *publicSite) preferences(id int64) string {
	return preferencesPath(s.contacts.links.Token(PreferencesPurpose, id))
}

func (s *publicSite) suppress(email string, reason mail.SuppressionReason) {
	s.t.Helper()
	s.write(func(tx *database.Tx) error { return s.outbox.Suppress(s.ctx, tx, email, reason) })
}

func (s *publicSite) suppressed(email string) map[string]mail.SuppressionReason {
	s.t.Helper()
	return need(s.outbox.Suppressed(s.ctx, email))(s.t)
}

func sqliteAddress(t testing.TB) string { return databasetest.SQLite(t) }

// need gives the value of a call that may not fail.
func need[T any](value T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func readCloser(text string) io.ReadCloser { return io.NopCloser(strings.NewReader(text)) }

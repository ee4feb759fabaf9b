package accounts_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/mail"
	"conversations/app/web"
)

const (
	anna     = "anna@staff.example"
	password = "three odd words here"
)

// house is accounts on a shell with a fresh database and a clock that tests drive.
type house struct {
	t       *testing.T
	db      *database.DB
	shell   *web.Shell
	service *accounts.Service
	now     time.Time
	log     *logged
}

type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func newHouse(t *testing.T, environ ...string) *house {
	return houseOn(t, databasetest.SQLite(t), environ...)
}

func houseOn(t *testing.T, address string, environ ...string) *house {
	t.Helper()
	text, err := os.ReadFile("../../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Parse(text, environ)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, now: time.Date(2017, 2, 1, 9, 0, 0, 0, time.UTC), log: &logged{}}
	h.db = databasetest.Open(t, address, func() time.Time { return h.now })
	log := slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	h.shell = web.New(cfg, h.db, log)
	h.service = accounts.New(cfg, h.db, mail.New(h.db, cfg, "test", log))
	accounts.Routes(h.shell, h.service)
	h.shell.Staff.GET("/staff", accounts.UseStaffPages, h.home)
	return h
}

// browser keeps cookies and follows nothing.
type browser struct {
	h      *house
	from   string
	cookie *http.Cookie
}

func (h *house) browser() *browser { return &browser{h: h, from: "192.0.2.1:1"} }

func (b *browser) get(path string) *httptest.ResponseRecorder { return b.do("GET", path, nil) }

func (b *browser) post(path string, pairs ...string) *httptest.ResponseRecorder {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return b.do("POST", path, values)
}

func (b *browser) do(method, path string, values url.Values) *httptest.ResponseRecorder {
	var body io.Reader
	if values != nil {
		body = strings.NewReader(values.Encode())
	}
	r := httptest.NewRequestWithContext(context.Background(), method, path, body)
	r.RemoteAddr = b.from
	if values != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if b.cookie != nil {
		r.AddCookie(b.cookie)
	}
	w := httptest.NewRecorder()
	b.h.shell.Handler().ServeHTTP(w, r)
	for _, cookie := range w.Result().Cookies() {
		b.cookie = cookie
	}
	return w
}

func (h *house) expect(w *httptest.ResponseRecorder, status int, texts ...string) {
	h.t.Helper()
	if w.Code != status {
		h.t.Fatalf("status %d, want %d; to %q: %s", w.Code, status, w.Header().Get("Location"), w.Body)
	}
	for _, text := range texts {
		if !strings.Contains(w.Body.String(), text) {
			h.t.Errorf("the page does not say %q: %s", text, w.Body)
		}
	}
}

// leads checks a redirect.
func (h *house) leads(w *httptest.ResponseRecorder, to string) {
	h.t.Helper()
	if w.Code != 303 || w.Header().Get("Location") != to {
		h.t.Fatalf("%d to %q, want 303 to %q: %s", w.Code, w.Header().Get("Location"), to, w.Body)
	}
}

// add makes an account and returns the path of its sign-in link.
func (h *house) add(email, role string) string {
	h.t.Helper()
	link, err := h.service.Add(audit.AsSystem(h.t.Context()), email, "Anna Example", role)
	if err != nil {
		h.t.Fatal(err)
	}
	return path(h.t, link)
}

func path(t *testing.T, link string) string {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil || u.Host != "127.0.0.1:8080" {
		t.Fatalf("the link is %q", link)
	}
	return u.Path
}

var keyOnPage = regexp.MustCompile(`Key: <strong[^>]*>([A-Z2-7 ]+)<`)

// setUp follows a link to the end and returns the authenticator's secret and the browser that is signed in.
func (h *house) setUp(link string) (secret string, b *browser) {
	h.t.Helper()
	b = h.browser()
	h.leads(b.post(link, "password", password), "/staff/authenticator")
	page := b.get("/staff/authenticator")
	h.expect(page, 200, "qr.png")
	secret = strings.ReplaceAll(keyOnPage.FindStringSubmatch(page.Body.String())[1], " ", "")
	h.leads(b.post("/staff/authenticator", "code", h.code(secret)), "/staff")
	h.now = h.now.Add(time.Minute)
	return secret, b
}

func (h *house) code(secret string) string {
	h.t.Helper()
	code, err := totp.GenerateCode(secret, h.now)
	if err != nil {
		h.t.Fatal(err)
	}
	return code
}

// mailedLink is the path of the link in the latest mail to an address, "" where there is no mail.
func (h *house) mailedLink(to string) string {
	h.t.Helper()
	var content string
	h.db.Read(h.t.Context()).Raw(`SELECT content FROM mails WHERE to_address = ? ORDER BY id DESC LIMIT 1`, to).Scan(&content)
	return regexp.MustCompile(`/staff/sign-in/[\w-]+`).FindString(content)
}

func (h *house) recorded(action string) (n int64) {
	h.t.Helper()
	h.db.Read(h.t.Context()).Raw(`SELECT count(*) FROM audit_entries WHERE action = ?`, action).Scan(&n)
	return n
}

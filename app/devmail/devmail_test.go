package devmail_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/devmail"
	"conversations/app/fault"
	"conversations/app/mail"
	"conversations/app/web"
)

func openBox(t *testing.T) (*devmail.Box, string) {
	t.Helper()
	dir := t.TempDir() + "/mails"
	box, err := devmail.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return box, dir
}

// site is a shell with the box's pages, and a mail in the box that came the real way.
func site(t *testing.T, m mail.Message) (http.Handler, *devmail.Box) {
	t.Helper()
	cfg, err := config.Load("../../config.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	box, _ := openBox(t)
	server, err := box.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	cfg.Mail.Host, cfg.Mail.Port = server.Host, server.Port
	db := databasetest.Open(t, databasetest.SQLite(t), nil)
	log := slog.New(slog.DiscardHandler)
	outbox := mail.New(db, cfg, "test", log)
	if err := db.Write(t.Context(), func(tx *database.Tx) error { return outbox.Enqueue(tx, m) }); err != nil {
		t.Fatal(err)
	}
	if sent, err := outbox.SendDue(t.Context()); err != nil || sent != 1 {
		t.Fatalf("sent %d, %v", sent, err)
	}
	shell := web.New(cfg, db, log)
	devmail.Routes(shell, box)
	return shell.Handler(), box
}

func confirmation() mail.Message {
	return mail.Message{
		Key: "1", Kind: "booking.confirmed", About: "bookings", AboutID: 1, To: "zoe@example.org", ToName: "Zoë Fictional",
		Subject: "Your place – booked", Blocks: []mail.Block{mail.Heading("Your place <script>alert(1)</script>"), mail.Button("Manage", "http://127.0.0.1:8080/bookings/x")},
		Calendar: &mail.Calendar{Method: mail.CalendarRequest, Body: "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"},
	}
}

func TestAMailThatCameIsReadWithAllItsParts(t *testing.T) {
	_, box := site(t, confirmation())

	all, err := box.List()
	if err != nil || len(all) != 1 {
		t.Fatalf("%d mails, %v", len(all), err)
	}
	m, err := box.Get(all[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if m.Subject != "Your place – booked" || !strings.Contains(m.To, "Zoë Fictional") || !strings.Contains(m.From, "events@") || m.Date.IsZero() || m.MessageID == "" {
		t.Errorf("the head is %+v", m)
	}
	if !strings.Contains(m.Text, "Manage:\nhttp://127.0.0.1:8080/bookings/x") || !strings.Contains(m.HTML, "&lt;script&gt;") || m.Calendar != "BEGIN:VCALENDAR\nEND:VCALENDAR\n" {
		t.Errorf("the parts are %q, %q, %q", m.Text, m.HTML, m.Calendar)
	}
}

func get(t *testing.T, site http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	answer := httptest.NewRecorder()
	site.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
	return answer
}

func TestThePagesShowTheMailAndTheFrameHasAPolicyOfItsOwn(t *testing.T) {
	handler, _ := site(t, confirmation())
	for _, test := range []struct {
		path         string
		status       int
		has, lacks   string
		policy, kind string
	}{
		{"/dev/mail", 200, `<a href="/dev/mail/1">Your place – booked</a>`, "unsafe-inline", "script-src 'self'", "text/html"},
		{"/dev/mail/1", 200, `src="/dev/mail/1/html"`, " style=", "frame-src 'self'", "text/html"},
		{"/dev/mail/1", 200, `<a href="http://127.0.0.1:8080/bookings/x">`, "<script>alert", "default-src 'none'", "text/html"},
		{"/dev/mail/1/html", 200, `<base target="_blank">`, "<script>alert", "sandbox allow-popups", "text/html"},
		{"/dev/mail/1/html", 200, "Manage", "nhsuk", "frame-ancestors 'self'", "text/html"},
		{"/dev/mail/1/raw", 200, "text/calendar; method=REQUEST", "<html class", "default-src 'none'", "text/plain"},
		{"/dev/mail/2", 404, "Page not found", "", "default-src 'none'", "text/html"},
		{"/dev/mail/..%2f1", 404, "Page not found", "", "default-src 'none'", "text/html"},
	} {
		answer := get(t, handler, test.path)
		body, header := answer.Body.String(), answer.Header()
		if answer.Code != test.status || !strings.Contains(body, test.has) || (test.lacks != "" && strings.Contains(body, test.lacks)) {
			t.Errorf("%s: %d\n%s\nwant %d with %q and without %q", test.path, answer.Code, body, test.status, test.has, test.lacks)
		}
		if !strings.Contains(header.Get("Content-Security-Policy"), test.policy) || !strings.HasPrefix(header.Get("Content-Type"), test.kind) {
			t.Errorf("%s: headers %v", test.path, header)
		}
	}
}

func TestAnEmptyBoxSaysSo(t *testing.T) {
	handler, box := site(t, confirmation())
	box.Keep(0)
	if _, err := box.Store([]byte("Subject: x\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	if answer := get(t, handler, "/dev/mail"); !strings.Contains(answer.Body.String(), "There are no emails yet") {
		t.Error(answer.Body)
	}
}

func TestOnlyTheNewestMailsAreKeptAndAreThereAfterARestart(t *testing.T) {
	box, dir := openBox(t)
	box.Keep(10)
	for i := range 12 {
		if _, err := box.Store(fmt.Appendf(nil, "Subject: mail %d\r\n\r\nbody\r\n", i)); err != nil {
			t.Fatal(err)
		}
	}
	box, err := devmail.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if id, err := box.Store([]byte("Subject: later\r\n\r\n")); err != nil || id != "13" {
		t.Fatalf("stored as %s, %v", id, err)
	}

	all, err := box.List()
	if err != nil || len(all) != 11 || all[0].Subject != "later" || all[1].Subject != "mail 11" || all[10].Subject != "mail 2" {
		t.Errorf("the box holds %d: %+v, %v", len(all), all, err)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 11 {
		t.Errorf("the folder holds %d files, %v", len(files), err)
	}
	if _, err := box.Get("1"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a mail that made room gives %v", err)
	}
}

func TestAMailThatCannotBeKeptIsNotAccepted(t *testing.T) {
	box, dir := openBox(t)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := box.Store([]byte("x")); err == nil {
		t.Error("it was accepted")
	}
}

func TestTheServerIsOpenToThisMachineOnly(t *testing.T) {
	box, _ := openBox(t)
	if server, err := box.Listen("0.0.0.0:0"); err == nil {
		_ = server.Close()
		t.Error("it listens for other machines")
	}
}

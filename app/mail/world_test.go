package mail_test

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	netmail "net/mail"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/mail"
)

// noon is when every test begins.
var noon = time.Date(2017, 2, 6, 12, 0, 0, 0, time.UTC)

// world is an outbox on a fresh database, a mail server that does as it is told, and a clock that is driven.
type world struct {
	t      *testing.T
	db     *database.DB
	server *server
	outbox *mail.Outbox
	cfg    *config.Config
	clock  *clock
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newWorld(t *testing.T) *world { return newWorldOn(t, databasetest.SQLite(t)) }

// onEach runs a test on both databases.
func onEach(t *testing.T, test func(t *testing.T, w *world)) {
	databasetest.Each(t, func(t *testing.T, address string) { test(t, newWorldOn(t, address)) })
}

func newWorldOn(t *testing.T, address string) *world {
	w := &world{t: t, clock: &clock{now: noon}, server: newServer(t)}
	w.db = databasetest.Open(t, address, w.clock.Now)
	w.cfg = settings()
	w.cfg.Mail.Host, w.cfg.Mail.Port = w.server.hostPort()
	w.outbox = w.another("first")
	return w
}

// another is one more instance on the same database.
func (w *world) another(owner string) *mail.Outbox {
	o := mail.New(w.db, w.cfg, owner, slog.New(slog.DiscardHandler))
	w.t.Cleanup(o.CloseIdle)
	return o
}

func settings() *config.Config {
	return &config.Config{
		Programme: config.Programme{
			Name: "Your Care, Your Future", Organisation: "Herts Valleys Clinical Commissioning Group",
			Telephone: "01442 898867", Hours: "Monday to Friday, 9am to 5pm", Timezone: "Europe/London",
			Post: "The Forum, Marlowes, Hemel Hempstead, HP1 1DN",
		},
		Mail: config.Mail{
			TLS: "none", From: "events@yourcare.example", FromName: "Your Care, Your Future", ReplyTo: "enquiries@yourcare.example",
			Connections: 3, Timeout: 10 * time.Second, Lease: 2 * time.Minute, GiveUpAfter: 72 * time.Hour,
		},
		Retention: config.Retention{MailBodies: 30 * 24 * time.Hour},
	}
}

// message is a mail to somebody at example.org.
func message(name string) mail.Message {
	return mail.Message{
		Key: "booking:" + name + ":confirmed", Kind: "booking.confirmed", About: "bookings", AboutID: 7,
		To: name + "@example.org", ToName: "Ada Fictional", Subject: "Your place is booked",
		Blocks: []mail.Block{mail.Heading("Your place is booked"), mail.Paragraph("We look forward to seeing you.")},
	}
}

func (w *world) queue(names ...string) {
	w.t.Helper()
	for _, name := range names {
		w.enqueue(message(name))
	}
}

func (w *world) enqueue(m mail.Message) {
	w.t.Helper()
	w.write(func(tx *database.Tx) error { return w.outbox.Enqueue(tx, m) })
}

func (w *world) write(fn func(tx *database.Tx) error) {
	w.t.Helper()
	if err := w.db.Write(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// pass sends all that is due and wants so many to be taken.
func (w *world) pass(want int) {
	w.t.Helper()
	sent, err := w.outbox.SendDue(w.t.Context())
	if err != nil || sent != want {
		w.t.Fatalf("a pass sent %d mails with error %v, want %d", sent, err, want)
	}
}

// blockedPass wants the pass to end in trouble with the server.
func (w *world) blockedPass() {
	w.t.Helper()
	if _, err := w.outbox.SendDue(w.t.Context()); !errors.Is(err, mail.ErrServer) {
		w.t.Fatalf("a pass ended with %v, want %v", err, mail.ErrServer)
	}
}

// row is the one mail to name.
func (w *world) row(name string) mail.Mail {
	w.t.Helper()
	var m mail.Mail
	if err := database.First(w.db.Read(w.t.Context()).Raw(`SELECT * FROM mails WHERE to_address = ? ORDER BY id DESC LIMIT 1`,
		name+"@example.org"), &m); err != nil {
		w.t.Fatal(err)
	}
	return m
}

func (w *world) summary() mail.Summary {
	w.t.Helper()
	s, err := w.outbox.Summary(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// server is an SMTP server on loopback. Its hooks say what it answers; nil accepts.
type server struct {
	t       *testing.T
	address string
	smtp    *smtp.Server
	setUp   func(*smtp.Server)
	secure  *tls.Config // encrypted from the first byte; nil: not
	onConn  func(*smtp.Conn)
	onReset func()
	login   func(user, password string) error

	mu       sync.Mutex
	onMail   func(from string) error
	onRcpt   func(to string) error
	onData   func(to string) error
	received []received
	sessions int
	open     map[*smtp.Conn]bool
}

// received is a mail that the server has read to its end, whatever it answered then.
type received struct {
	to, id string
	raw    string
	utf8   bool // announced as having letters beyond a to z in its addresses
}

func newServer(t *testing.T) *server {
	s := &server{t: t, open: map[*smtp.Conn]bool{}}
	s.start()
	t.Cleanup(s.stop)
	return s
}

func (s *server) start() {
	s.t.Helper()
	if s.address == "" {
		s.address = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	s.address = listener.Addr().String()
	if s.secure != nil {
		listener = tls.NewListener(listener, s.secure)
	}
	s.smtp = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.sessions++
		s.open[c] = true
		return &session{server: s, conn: c}, nil
	}))
	s.smtp.Domain, s.smtp.ErrorLog = "server.example", nowhere{}
	if s.setUp != nil {
		s.setUp(s.smtp)
	}
	go func(running *smtp.Server) { _ = running.Serve(listener) }(s.smtp)
}

func (s *server) stop() { _ = s.smtp.Close() }

// restart is start after a change of setUp.
func (s *server) restart() {
	s.stop()
	s.start()
}

// hangUp closes the connections that are open.
func (s *server) hangUp() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.open {
		_ = c.Conn().Close()
	}
}

func (s *server) hostPort() (string, int) {
	host, text, _ := net.SplitHostPort(s.address)
	port, _ := strconv.Atoi(text)
	return host, port
}

// answer sets the hooks.
func (s *server) answer(onMail, onRcpt, onData func(string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onMail, s.onRcpt, s.onData = onMail, onRcpt, onData
}

func (s *server) mails() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]received{}, s.received...)
}

func (s *server) sessionCount() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions
}

// wantOnce wants each mail to have come exactly once, and no other.
func (s *server) wantOnce(names ...string) {
	s.t.Helper()
	times := map[string]int{}
	for _, m := range s.mails() {
		times[m.to]++
	}
	for _, name := range names {
		if n := times[name+"@example.org"]; n != 1 {
			s.t.Errorf("the mail to %s came %d times, want once", name, n)
		}
	}
	if len(times) != len(names) {
		s.t.Errorf("mails came to %d addresses, want %d: %v", len(times), len(names), times)
	}
}

type session struct {
	server *server
	conn   *smtp.Conn
	to     string
	utf8   bool
}

func (s *session) hook(f func(*server) func(string) error, argument string) error {
	s.server.mu.Lock()
	hook := f(s.server)
	s.server.mu.Unlock()
	if hook == nil {
		return nil
	}
	err := hook(argument)
	if errors.Is(err, errDrop) {
		_ = s.conn.Conn().Close()
	}
	return err
}

func (s *session) Mail(from string, options *smtp.MailOptions) error {
	s.utf8 = options.UTF8
	if s.server.onConn != nil {
		s.server.onConn(s.conn)
	}
	return s.hook(func(s *server) func(string) error { return s.onMail }, from)
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return s.hook(func(s *server) func(string) error { return s.onRcpt }, to)
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	head, err := netmail.ReadMessage(strings.NewReader(string(raw)))
	if err != nil {
		return err
	}
	s.server.mu.Lock()
	s.server.received = append(s.server.received, received{to: s.to, id: head.Header.Get("Message-ID"), raw: string(raw), utf8: s.utf8})
	s.server.mu.Unlock()
	return s.hook(func(s *server) func(string) error { return s.onData }, s.to)
}

func (s *session) Reset() {
	s.to = ""
	if s.server.onReset != nil {
		s.server.onReset()
	}
}

func (s *session) Logout() error {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	delete(s.server.open, s.conn)
	return nil
}

// errDrop has the server close the connection without a word.
var errDrop = errors.New("drop")

// says is an answer of the server.
func says(code int, words string) error { return &smtp.SMTPError{Code: code, Message: words} }

// always is a hook that gives one answer; only gives it for one address.
func always(err error) func(string) error { return func(string) error { return err } }

func only(name string, err error) func(string) error {
	return func(to string) error {
		if to == name+"@example.org" {
			return err
		}
		return nil
	}
}

// once is a hook that gives its answer the first time only.
func once(err error) func(string) error {
	var first sync.Once
	return func(string) (answer error) {
		first.Do(func() { answer = err })
		return answer
	}
}

type nowhere struct{}

func (nowhere) Printf(string, ...any) {}
func (nowhere) Println(...any)        {}

// until waits for a condition, at most ten seconds.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	for !holds() {
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain until %s", what)
		case <-look.C:
		}
	}
}

func names(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("resident-%03d-%s", i, strings.ToLower(rand.Text()[:4]))
	}
	return out
}

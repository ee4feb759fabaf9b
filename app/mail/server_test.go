package mail_test

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	netmail "net/mail"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// server is an SMTP server on loopback. Its hooks say what it answers; nil accepts.
type server struct {
	t        *testing.T
	address  string
	listener net.Listener
	smtp     *smtp.Server
	setUp    func(*smtp.Server)
	secure   *tls.Config // encrypted from the first byte; nil: not
	onConn   func(*smtp.Conn)
	onReset  func()
	login    func(user, password string) error

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
	s.address, s.listener = listener.Addr().String(), listener
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

func (s *server) stop() {
	_ = s.smtp.Close()
	_ = s.listener.Close() // where nobody serves on it yet
}

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

func (s *session) AuthMechanisms() []string {
	if s.server.login == nil {
		return nil
	}
	return []string{sasl.Plain}
}

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error { return s.server.login(user, password) }), nil
}

package devmail

import (
	"fmt"
	"io"
	"net"
	"time"

	"github.com/emersion/go-smtp"
)

const (
	largestMessageBytes = 10 << 20
	serverTimeout       = time.Minute
)

// Server is a mail server that puts what it is given into a box.
type Server struct {
	Host string
	Port int

	smtp *smtp.Server
	done chan struct{}
}

// Listen starts a mail server for the box. addr must be on loopback ("127.0.0.1:0" for any free port): whoever
// reaches it can fill the box.
func (b *Box) Listen(addr string) (*Server, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("start the demo's mail server: %w", err)
	}
	at := listener.Addr().(*net.TCPAddr)
	if !at.IP.IsLoopback() {
		_ = listener.Close()
		return nil, fmt.Errorf("start the demo's mail server: %s is open to other machines", at)
	}
	s := &Server{Host: at.IP.String(), Port: at.Port, done: make(chan struct{})}
	s.smtp = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return session{b}, nil }))
	s.smtp.Domain, s.smtp.MaxMessageBytes, s.smtp.EnableSMTPUTF8 = "demo.example", largestMessageBytes, true
	s.smtp.ReadTimeout, s.smtp.WriteTimeout = serverTimeout, serverTimeout
	go func() {
		defer close(s.done)
		_ = s.smtp.Serve(listener) // ends with Close
	}()
	return s, nil
}

// Close stops the server.
func (s *Server) Close() error {
	err := s.smtp.Close()
	<-s.done
	return err
}

// session takes any sender and any recipient: nothing goes further than the box.
type session struct{ box *Box }

func (session) Mail(string, *smtp.MailOptions) error { return nil }
func (session) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (session) Reset()                               {}
func (session) Logout() error                        { return nil }

// Data accepts a message once it is durable.
func (s session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if _, err := s.box.Store(raw); err != nil {
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "the mail could not be kept"}
	}
	return nil
}

package mail_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"conversations/app/mail"
)

// certificate is one for 127.0.0.1 and the roots that vouch for it.
func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	web := httptest.NewTLSServer(nil)
	defer web.Close()
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())
	return web.TLS.Certificates[0], roots
}

func TestEncryptionIsUsedAsConfigured(t *testing.T) {
	pair, roots := certificate(t)
	tests := map[string]struct {
		tls           string
		offers, knows bool
		sent          bool
	}{
		"mandatory with a known certificate":          {"mandatory", true, true, true},
		"mandatory refuses an unknown certificate":    {"mandatory", true, false, false},
		"mandatory refuses a server without":          {"mandatory", false, true, false},
		"opportunistic with a known certificate":      {"opportunistic", true, true, true},
		"opportunistic with an unknown certificate":   {"opportunistic", true, false, true},
		"opportunistic with a server without":         {"opportunistic", false, false, true},
		"none does not ask for it":                    {"none", true, false, true},
		"implicit does not speak with a plain server": {"implicit", false, true, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			if test.offers {
				w.server.setUp = func(s *smtp.Server) { s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}} }
				w.server.restart()
			}
			encrypted := false
			w.server.onConn = func(c *smtp.Conn) { _, encrypted = c.TLSConnectionState() }
			w.cfg.Mail.TLS, w.cfg.Mail.Timeout = test.tls, 2*time.Second
			w.outbox = w.another(test.tls)
			if test.knows {
				w.outbox.Trust(roots)
			}
			w.queue("ada")

			if !test.sent {
				w.blockedPass()
				w.server.wantOnce()
				return
			}
			w.pass(1)
			if want := test.offers && test.tls != "none"; encrypted != want {
				t.Errorf("encrypted: %v, want %v", encrypted, want)
			}
		})
	}
}

func TestImplicitEncryptionAndAPassword(t *testing.T) {
	pair, roots := certificate(t)
	for name, test := range map[string]struct {
		password string
		sent     bool
	}{"the right password": {"open", true}, "the wrong password": {"shut", false}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.server.secure = &tls.Config{Certificates: []tls.Certificate{pair}}
			w.server.login = func(user, password string) error {
				if user != "sender" || password != "open" {
					return smtp.ErrAuthFailed
				}
				return nil
			}
			w.server.restart()
			w.cfg.Mail.TLS, w.cfg.Mail.Username, w.cfg.Mail.Password = "implicit", "sender", test.password
			w.outbox = w.another("known")
			w.outbox.Trust(roots)
			w.queue("ada")

			if test.sent {
				w.pass(1)
				w.server.wantOnce("ada")
				return
			}
			w.blockedPass()
			s := w.summary()
			if !strings.Contains(s.ServerDown, "535") || strings.Contains(s.ServerDown, "shut") {
				t.Errorf("staff read: %s", s.ServerDown)
			}
			if m := w.row("ada"); m.State != mail.Queued || m.Attempts != 0 {
				t.Errorf("the mail is %+v", m)
			}
		})
	}
}

func TestAPasswordIsNeverToldToAServerThatCannotBeChecked(t *testing.T) {
	pair, _ := certificate(t)
	for _, mode := range []string{"none", "opportunistic"} {
		t.Run(mode, func(t *testing.T) {
			w := newWorld(t)
			told := errors.New("told")
			w.server.login = func(string, string) error { t.Error("the password was told"); return told }
			w.server.setUp = func(s *smtp.Server) {
				s.AllowInsecureAuth = true
				if mode == "opportunistic" {
					s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}}
				}
			}
			w.server.restart()
			w.cfg.Mail.TLS, w.cfg.Mail.Username, w.cfg.Mail.Password = mode, "sender", "open"
			w.outbox = w.another(mode)
			w.queue("ada")

			w.blockedPass()
		})
	}
}

func TestAKeptConnectionIsUsedForTheNextMailAndOpenedAnewWhenTheServerClosedIt(t *testing.T) {
	w := newWorld(t)
	w.cfg.Mail.Connections = 1
	w.outbox = w.another("single")
	w.queue("ada", "ben")
	w.pass(2)
	w.queue("cara")
	w.pass(1)
	if n := w.server.sessionCount(); n != 1 {
		t.Errorf("three mails took %d connections, want 1", n)
	}

	w.server.hangUp()
	w.queue("dan")
	w.pass(1)

	w.server.wantOnce("ada", "ben", "cara", "dan")
	if n := w.server.sessionCount(); n != 2 {
		t.Errorf("after the server hung up there were %d connections, want 2", n)
	}
}

func TestAnAddressWithLettersBeyondAToZ(t *testing.T) {
	w := newWorld(t)
	m := message("ada")
	m.To = "ada@bücher.example"
	w.enqueue(m)
	w.pass(1)
	if came := w.server.mails(); came[0].to != "ada@xn--bcher-kva.example" {
		t.Errorf("it was sent to %s", came[0].to)
	}

	local := message("local")
	local.To = "zoë@example.org"
	w.enqueue(local)
	w.pass(0)
	if s := w.summary(); s.Failed != 1 || s.ServerDown != "" {
		t.Errorf("a server that cannot write to it: %+v", s)
	}

	w.server.setUp = func(s *smtp.Server) { s.EnableSMTPUTF8 = true }
	w.server.restart()
	local.Key = "another"
	w.enqueue(local)
	w.queue("ben")
	w.pass(2)
	for _, m := range w.server.mails() {
		if m.utf8 != (m.to == "zoë@example.org") {
			t.Errorf("the mail to %s was announced with letters beyond a to z: %v", m.to, m.utf8)
		}
	}
}

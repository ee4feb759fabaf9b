package postfixtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

const dovecotProgram = "/usr/sbin/dovecot"

// Mailboxes is a Dovecot that shows the mailboxes of a Postfix over IMAP, with a certificate of its own.
type Mailboxes struct {
	Host     string
	Port     int            // in the clear, and with STARTTLS
	TLSPort  int            // with TLS from the start
	Password string         // of every mailbox
	Roots    *x509.CertPool // who vouches for the certificate
}

// Dovecot starts a Dovecot; each mailbox's address is its user name. Settings are lines of its configuration that
// come last. It is stopped after the test. Where it cannot be run the test is skipped, or, with CI=true, fails.
func (s *Server) Dovecot(t testing.TB, settings ...string) *Mailboxes {
	t.Helper()
	require(t, "Dovecot", dovecotProgram)
	m := &Mailboxes{Host: "127.0.0.1", Port: freePort(t), TLSPort: freePort(t), Password: "secret-of-the-test", Roots: s.certificate(t)}
	uid, gid := account(t)
	base, err := os.MkdirTemp(s.dir, "imap")
	must(t, err)
	must(t, os.Chmod(base, 0o755)) //nolint:gosec // its processes pass through here as other users
	text := strings.NewReplacer("BASE", base, "DIR", s.dir, "UID", strconv.Itoa(uid), "GID", strconv.Itoa(gid), "TLSPORT", strconv.Itoa(m.TLSPort),
		"PORT", strconv.Itoa(m.Port), "PASSWORD", m.Password).Replace(dovecotConf)
	file := filepath.Base(base) + ".conf"
	s.write(t, file, text+strings.Join(settings, "\n")+"\n")
	cmd := exec.Command(dovecotProgram, "-F", "-c", filepath.Join(s.dir, file)) //nolint:gosec // our own folder
	must(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
	s.awaitDovecot(t, m)
	return m
}

// dovecotConf is for Dovecot 2.3.
const dovecotConf = `base_dir = BASE
state_dir = BASE/state
log_path = DIR/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <DIR/cert.pem
ssl_key = <DIR/key.pem
disable_plaintext_auth = no
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:DIR/boxes/%u
passdb {
  driver = static
  args = password=PASSWORD
}
userdb {
  driver = static
  args = uid=UID gid=GID home=DIR/boxes/%u
}
namespace inbox {
  inbox = yes
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap-login {
  chroot =
  inet_listener imap {
    port = PORT
  }
  inet_listener imaps {
    port = TLSPORT
    ssl = yes
  }
}
`

// certificate makes a certificate for this machine and gives who vouches for it.
func (s *Server) certificate(t testing.TB) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail.test.example"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	must(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	must(t, err)
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	s.write(t, "cert.pem", string(certificate))
	s.write(t, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})))
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(certificate)
	return roots
}

// awaitDovecot waits until it answers, at most ten seconds.
func (s *Server) awaitDovecot(t testing.TB, m *Mailboxes) {
	t.Helper()
	deadline := time.After(10 * time.Second)
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for !greets(fmt.Sprintf("%s:%d", m.Host, m.Port)) {
		select {
		case <-deadline:
			text, _ := os.ReadFile(filepath.Join(s.dir, "dovecot.log"))
			t.Fatalf("Dovecot does not answer (it must be of version 2.3)\n%s", text)
		case <-look.C:
		}
	}
}

func greets(address string) bool {
	conn, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	n, err := conn.Read(make([]byte, 4))
	return err == nil && n > 0
}

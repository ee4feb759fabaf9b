// Package postfixtest runs a Postfix of a test's own: its own configuration, queue and port on loopback, mailboxes
// in a folder, and no way out of this machine.
package postfixtest

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const program = "/usr/sbin/postfix"

// Server is a running Postfix.
type Server struct {
	Host string
	Port int

	dir string
}

// Start starts a Postfix that has a mailbox for each address and refuses any other address of their domains with
// 550. It is stopped after the test. Where Postfix cannot be run the test is skipped, or, with CI=true, fails.
func Start(t testing.TB, mailboxes ...string) *Server {
	t.Helper()
	require(t)
	dir, err := os.MkdirTemp("/tmp", "postfix") // short: the names of sockets have a limit
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s := &Server{Host: "127.0.0.1", Port: freePort(t), dir: dir}
	s.furnish(t, mailboxes)
	s.command(t, "start")
	t.Cleanup(func() { s.command(t, "stop") })
	return s
}

// require: the master of Postfix starts processes as other users, so only root can run it.
func require(t testing.TB) {
	t.Helper()
	why := ""
	if _, err := os.Stat(program); err != nil {
		why = "it is not installed"
	} else if os.Geteuid() != 0 {
		why = "only root can start it"
	}
	switch {
	case why == "":
	case os.Getenv("CI") == "true":
		t.Fatal("Postfix is missing: " + why)
	default:
		t.Skip("LEFT OUT: Postfix, because " + why)
	}
}

func freePort(t testing.TB) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer func() { _ = listener.Close() }()
	return listener.Addr().(*net.TCPAddr).Port
}

// furnish writes the configuration and makes the folders, with the owners that Postfix insists on.
func (s *Server) furnish(t testing.TB, mailboxes []string) {
	t.Helper()
	uid, gid := account(t)
	for _, folder := range []struct {
		name string
		uid  int
		gid  int
	}{{"", 0, 0}, {"queue", 0, 0}, {"data", uid, gid}, {"boxes", uid, gid}} {
		path := filepath.Join(s.dir, folder.name)
		must(t, os.MkdirAll(path, 0o755)) //nolint:gosec // the processes of Postfix pass through here as other users
		must(t, os.Chmod(path, 0o755))    //nolint:gosec // see above
		must(t, os.Chown(path, folder.uid, folder.gid))
	}
	var boxes strings.Builder
	domains := map[string]bool{}
	for _, address := range mailboxes {
		fmt.Fprintf(&boxes, "%s %s/\n", address, address)
		_, domain, _ := strings.Cut(address, "@")
		domains[domain] = true
	}
	var names []string
	for domain := range domains {
		names = append(names, domain)
	}
	s.write(t, "boxes.map", boxes.String())
	s.write(t, "main.cf", strings.NewReplacer(
		"DIR", s.dir, "UID", strconv.Itoa(uid), "GID", strconv.Itoa(gid), "DOMAINS", strings.Join(names, " ")).Replace(mainCF))
	s.write(t, "master.cf", strings.ReplaceAll(masterCF, "PORT", strconv.Itoa(s.Port)))
}

const mainCF = `compatibility_level = 3.6
queue_directory = DIR/queue
data_directory = DIR/data
maillog_file = DIR/log
maillog_file_prefixes = DIR
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.test.example
mydestination =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_client_connection_count_limit = 0
smtpd_peername_lookup = no
default_transport = error:5.1.2 no mail leaves this test
relay_transport = error:5.1.2 no mail leaves this test
virtual_mailbox_domains = DOMAINS
virtual_mailbox_base = DIR/boxes
virtual_mailbox_maps = texthash:DIR/boxes.map
virtual_minimum_uid = 1
virtual_uid_maps = static:UID
virtual_gid_maps = static:GID
`

const masterCF = `127.0.0.1:PORT inet n - n - - smtpd
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
pickup    unix  n - n 60 1 pickup
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
verify    unix  - - n - 1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n - - proxymap
error     unix  - - n - - error
retry     unix  - - n - - error
discard   unix  - - n - - discard
virtual   unix  - n n - - virtual
showq     unix  n - n - - showq
anvil     unix  - - n - 1 anvil
postlog   unix-dgram n - n - 1 postlogd
`

// account is the user that owns the data and the mailboxes.
func account(t testing.TB) (uid, gid int) {
	t.Helper()
	u, err := user.Lookup("postfix")
	must(t, err)
	uid, err = strconv.Atoi(u.Uid)
	must(t, err)
	gid, err = strconv.Atoi(u.Gid)
	must(t, err)
	return uid, gid
}

func (s *Server) write(t testing.TB, name, text string) {
	t.Helper()
	must(t, os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o644)) //nolint:gosec // read by other users
}

func (s *Server) command(t testing.TB, verb string) {
	t.Helper()
	output, err := exec.Command(program, "-c", s.dir, verb).CombinedOutput() //nolint:gosec // our own folder
	if err != nil {
		t.Errorf("postfix %s: %v\n%s\n%s", verb, err, output, s.Log())
	}
}

// Delivered gives the raw mails in a mailbox.
func (s *Server) Delivered(t testing.TB, address string) (mails []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(s.dir, "boxes", address, "new", "*"))
	must(t, err)
	for _, file := range files {
		raw, err := os.ReadFile(file) //nolint:gosec // our own folder
		must(t, err)
		mails = append(mails, string(raw))
	}
	return mails
}

// Log is what Postfix wrote down, for when a test fails.
func (s *Server) Log() string {
	text, err := os.ReadFile(filepath.Join(s.dir, "log"))
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

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
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

const program = "/usr/sbin/postfix"

// Server is a running Postfix.
type Server struct {
	Host string
	Port int

	dir string
}

// Options say what a Postfix does with mail. A + and what follows it before the @ is part of no mailbox's name.
type Options struct {
	Mailboxes []string
	// TakesAll has it take mail for any address of the mailboxes' domains, and send a report back where there is no such
	// mailbox, as a server does that stands before another. Without it such an address is refused with 550.
	TakesAll bool
	Full     []string // addresses whose mail comes back at once because the mailbox is full
}

// Start starts a Postfix that has a mailbox for each address and refuses any other address of their domains with
// 550. It is stopped after the test. Where Postfix cannot be run the test is skipped, or, with CI=true, fails.
func Start(t testing.TB, mailboxes ...string) *Server {
	t.Helper()
	return StartWith(t, Options{Mailboxes: mailboxes})
}

// StartWith is Start with more to say.
func StartWith(t testing.TB, o Options) *Server {
	t.Helper()
	require(t, "Postfix", program)
	dir, err := os.MkdirTemp("/tmp", "postfix") // short: the names of sockets have a limit
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s := &Server{Host: "127.0.0.1", Port: freePort(t), dir: dir}
	s.furnish(t, o)
	s.command(t, "start")
	t.Cleanup(func() { s.command(t, "stop") })
	return s
}

// require: the masters of Postfix and Dovecot start processes as other users, so only root can run them.
func require(t testing.TB, name, program string) {
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
		t.Fatal(name + " is missing: " + why)
	default:
		t.Skip("LEFT OUT: " + name + ", because " + why)
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
func (s *Server) furnish(t testing.TB, o Options) {
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
	for _, address := range o.Mailboxes {
		fmt.Fprintf(&boxes, "%s %s/\n", address, address)
		_, domain, _ := strings.Cut(address, "@")
		domains[domain] = true
	}
	var names []string
	for domain := range domains {
		names = append(names, domain)
	}
	s.write(t, "boxes.map", boxes.String())
	var full strings.Builder
	for _, address := range o.Full {
		fmt.Fprintf(&full, "%s retry:4.2.2 the mailbox is full\n", address)
	}
	s.write(t, "full.map", full.String())
	refuse := "yes"
	if o.TakesAll {
		refuse = "no"
	}
	s.write(t, "main.cf", strings.NewReplacer("DIR", s.dir, "UID", strconv.Itoa(uid), "GID", strconv.Itoa(gid),
		"DOMAINS", strings.Join(names, " "), "REFUSE", refuse).Replace(mainCF))
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
recipient_delimiter = +
smtpd_reject_unlisted_recipient = REFUSE
transport_maps = texthash:DIR/full.map
maximal_queue_lifetime = 0
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

// Put puts a mail into a mailbox by hand.
func (s *Server) Put(t testing.TB, address, raw string) {
	t.Helper()
	uid, gid := account(t)
	box := filepath.Join(s.dir, "boxes", address)
	for _, folder := range []string{box, filepath.Join(box, "cur"), filepath.Join(box, "tmp"), filepath.Join(box, "new")} {
		must(t, os.MkdirAll(folder, 0o755)) //nolint:gosec // read by other users
		must(t, os.Chown(folder, uid, gid))
	}
	file, err := os.CreateTemp(filepath.Join(box, "tmp"), fmt.Sprintf("%d.by-hand.", time.Now().Unix()))
	must(t, err)
	_, err = file.WriteString(raw)
	must(t, err)
	must(t, file.Close())
	must(t, os.Chown(file.Name(), uid, gid))
	must(t, os.Rename(file.Name(), filepath.Join(box, "new", filepath.Base(file.Name()))))
}

// Flags gives the flags of each mail in a folder of a mailbox, in letters as a Maildir has them (S: read, F: with a
// flag), in order; "" is a mail that nobody has seen. The folder "" is the inbox.
func (s *Server) Flags(t testing.TB, address, folder string) (flags []string) {
	t.Helper()
	if folder != "" {
		folder = "." + folder
	}
	for _, part := range []string{"new", "cur"} {
		files, err := filepath.Glob(filepath.Join(s.dir, "boxes", address, folder, part, "*"))
		must(t, err)
		for _, file := range files {
			_, letters, _ := strings.Cut(filepath.Base(file), ":2,")
			flags = append(flags, letters)
		}
	}
	slices.Sort(flags)
	return flags
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

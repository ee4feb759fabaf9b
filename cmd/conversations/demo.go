package main

import (
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strconv"

	"conversations"
	"conversations/app"
	"conversations/app/config"
	"conversations/app/demo"
	"conversations/app/devmail"
	"conversations/app/fault"
	"conversations/static"
)

type demoCommand struct {
	Addr string `help:"Address to serve on; on this machine only." default:"127.0.0.1:8080"`
	Data string `help:"Folder for the demo's database and mailbox." default:"data/demo" placeholder:"DIR"`
}

// Run makes the demo's database where there is none, and serves it with a mailbox of its own.
func (c demoCommand) Run(w *world) (err error) {
	if err := static.Ready(); err != nil {
		return err
	}
	listener, err := listenHere(c.Addr)
	if err != nil {
		return err
	}
	folder, err := filepath.Abs(c.Data)
	if err != nil {
		return err
	}
	box, err := devmail.Open(filepath.Join(folder, "mailbox"))
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	server, err := box.Listen("127.0.0.1:0")
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer func() { err = errors.Join(err, server.Close()) }()

	base := "http://" + listener.Addr().String()
	cfg, err := config.Parse(conversations.Config, []string{
		"CONVERSATIONS_BASE_URL=" + base, "CONVERSATIONS_DATABASE_URL=sqlite:///" + filepath.Join(folder, "conversations.db"),
		"CONVERSATIONS_MAIL_HOST=" + server.Host, "CONVERSATIONS_MAIL_PORT=" + strconv.Itoa(server.Port), "CONVERSATIONS_MAIL_TLS=none",
		"CONVERSATIONS_STAFF_REQUIRE_CODE=false",
	})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	people, err := demo.Fill(w, cfg, w.log)
	if err != nil {
		return errors.Join(fmt.Errorf("make the demo's data: %w", err), listener.Close())
	}
	a, err := app.New(w, cfg, w.log, nil)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	devmail.Routes(a.Shell, box)
	c.greet(w, base, people)
	return errors.Join(a.RunOn(w, listener), a.Close())
}

// listenHere refuses an address that others can reach: the demo's sign-ins are known to everybody.
func listenHere(addr string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("the demo cannot listen on %s: %w (another one may be running; try --addr 127.0.0.1:8081)", addr, err)
	}
	if !listener.Addr().(*net.TCPAddr).IP.IsLoopback() {
		_ = listener.Close()
		return nil, fault.New(fault.Invalid, addr+" can be reached from other machines, and the demo's sign-ins are known to everybody. Use 127.0.0.1")
	}
	return listener, nil
}

func (c demoCommand) greet(w *world, base string, people []demo.SignIn) {
	fmt.Fprintf(w.out, "\nThe demo is at       %s\nIts mailbox is at    %s/dev/mail\nStaff sign in at     %s/staff/sign-in\n\n", base, base, base)
	for _, p := range people {
		fmt.Fprintf(w.out, "  %-12s %-32s %s\n", p.Role, p.Email, p.Password)
	}
	fmt.Fprintf(w.out, "\nAll bookings are made up. The data is in %s; stop with Ctrl-C.\n\n", c.Data)
}

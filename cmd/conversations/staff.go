package main

import (
	"errors"
	"fmt"

	"conversations/app"
	"conversations/app/audit"
)

type staffCommand struct {
	Add staffAddCommand `cmd:"" help:"Make an account and print a one-time link to sign in with."`
}

type staffAddCommand struct {
	Email string `arg:"" help:"E-mail address to sign in with."`
	Name  string `required:"" help:"Full name."`
	Role  string `required:"" help:"admin, engagement, comms or door." enum:"admin,engagement,comms,door"`
}

// Run makes the account.
func (c staffAddCommand) Run(w *world) error {
	cfg, err := w.load()
	if err != nil {
		return err
	}
	a, err := app.New(w, cfg, w.log, nil)
	if err != nil {
		return err
	}
	link, err := a.Accounts.Add(audit.AsSystem(w), c.Email, c.Name, c.Role)
	if err = errors.Join(err, a.Close()); err != nil {
		return err
	}
	fmt.Fprintf(w.out, "%s can sign in once with this link, and then chooses a password:\n%s\n", c.Email, link)
	return nil
}

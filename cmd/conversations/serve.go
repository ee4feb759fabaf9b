package main

import (
	"errors"
	"fmt"

	"conversations/app"
	"conversations/static"
)

type serveCommand struct{}

// Run serves until the context ends.
func (serveCommand) Run(w *world) error {
	if err := static.Ready(); err != nil {
		return err
	}
	cfg, err := w.load()
	if err != nil {
		return err
	}
	a, err := app.New(w, cfg, w.log, nil)
	if err != nil {
		return err
	}
	if cfg.Mail.Host == "" {
		fmt.Fprintln(w.errors, "No mail server is named (mail.host): mails wait until one is.")
	}
	return errors.Join(a.Run(w), a.Close())
}

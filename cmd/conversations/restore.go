package main

import (
	"fmt"

	"conversations/app"
)

type restoreCommand struct {
	File    string `arg:"" help:"Backup to read."`
	Replace bool   `help:"Put it in the place of a database that is not empty."`
}

// Run restores a backup.
func (c restoreCommand) Run(w *world) error {
	cfg, err := w.load()
	if err != nil {
		return err
	}
	done, err := app.Restore(w, cfg, c.File, c.Replace, w.log)
	if err != nil {
		return err
	}
	fmt.Fprintln(w.out, "The database is restored.")
	if done.Aside != "" {
		fmt.Fprintf(w.out, "What was there before is in %s. It holds personal data: delete it when you no longer need it.\n", done.Aside)
	}
	if done.ErasedAgain > 0 {
		fmt.Fprintf(w.out, "%d people who were erased after the backup was made were erased again.\n", done.ErasedAgain)
	}
	if done.Waiting > 0 {
		fmt.Fprintf(w.out, "%d emails wait in it. They may have left after the backup was made; they are sent when the program starts.\n", done.Waiting)
	}
	return nil
}

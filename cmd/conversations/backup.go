package main

import (
	"fmt"
	"os"

	"conversations/app/database"
)

type backupCommand struct {
	File string `arg:"" help:"New file to write."`
}

// Run backs the database up.
func (c backupCommand) Run(w *world) error {
	cfg, err := w.load()
	if err != nil {
		return err
	}
	if err := database.Backup(w, cfg.Database.URL, c.File); err != nil {
		return err
	}
	info, err := os.Stat(c.File)
	if err != nil {
		return err
	}
	fmt.Fprintf(w.out, "The backup is in %s (%d KB).\n", c.File, (info.Size()+1023)/1024)
	return nil
}

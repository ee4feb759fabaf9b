package main

import (
	"fmt"

	"conversations/app/database"
)

type migrateCommand struct{}

// Run opens the database, which brings its tables up to date.
func (migrateCommand) Run(w *world) error {
	cfg, err := w.load()
	if err != nil {
		return err
	}
	db, err := database.Open(w, cfg.Database.URL, nil)
	if err != nil {
		return err
	}
	fmt.Fprintln(w.out, "The database is up to date.")
	return db.Close()
}

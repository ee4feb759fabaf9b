package main

import (
	"errors"
	"fmt"

	"conversations/app"
)

type checkCommand struct{}

var errWrong = errors.New("something is wrong")

// Run looks whether all is well and says so in plain words.
func (checkCommand) Run(w *world) error {
	cfg, err := w.load()
	if err != nil {
		return err
	}
	wrong := false
	for _, f := range app.Check(w, cfg, w.log) {
		mark := "ok     "
		switch {
		case f.Wrong:
			mark, wrong = "WRONG  ", true
		case f.Note:
			mark = "note   "
		}
		fmt.Fprintf(w.out, "%s%s: %s\n", mark, f.What, f.Words)
	}
	if wrong {
		return errWrong
	}
	return nil
}

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"conversations/app"
	"conversations/app/fault"
	"conversations/app/mail/reports"
)

type reportCommand struct{}

// resultWords say what came of a mail.
var resultWords = map[reports.Result]string{
	reports.Noted:   "It is noted at the letter that it is about.",
	reports.Known:   "It was noted before.",
	reports.Nothing: "There is nothing to note.",
	reports.Unclear: "It is not understood, or is about no letter of ours. Nothing was changed.",
}

// Run reads the mail to its end, so that whoever passes it on is not cut short.
func (reportCommand) Run(w *world) error {
	if terminal(os.Stdin) {
		return fault.New(fault.Invalid, "give the mail on standard input: conversations delivery-report < FILE")
	}
	mail := bufio.NewReader(os.Stdin)
	if _, err := mail.Peek(1); errors.Is(err, io.EOF) {
		return fault.New(fault.Invalid, "there is nothing on standard input")
	}
	cfg, err := w.load()
	if err != nil {
		return err
	}
	a, err := app.New(w, cfg, w.log, nil)
	if err != nil {
		return err
	}
	result, err := a.Reports.Take(w, mail)
	if err == nil {
		_, err = io.Copy(io.Discard, mail)
	}
	if err = errors.Join(err, a.Close()); err != nil {
		return err
	}
	fmt.Fprintln(w.out, resultWords[result])
	return nil
}

func terminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"conversations/app"
	"conversations/app/audit"
	"conversations/app/feedback"
	"conversations/app/sheet"
)

type importCommentsCommand struct {
	File    string `arg:"" help:"File to read. Its first row names the columns: comment, and if you like id, source, event, locality, service, date, themes, about, quote_ok, recontact."`
	DryRun  bool   `help:"Only check."`
	SkipBad bool   `help:"Leave bad rows out. Without it nothing is imported while there is one."`
}

// Run brings the comments in.
func (c importCommentsCommand) Run(w *world) (err error) {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	about, err := file.Stat()
	if err != nil {
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
	out, err := a.Feedback.ImportComments(audit.AsSystem(w), feedback.ImportOrder{
		File: feedback.ImportFile{Name: filepath.Base(c.File), Data: file, Size: about.Size()}, DryRun: c.DryRun, SkipBad: c.SkipBad,
		Bad: func(line int, why string) { fmt.Fprintf(w.errors, "line %d: %s\n", line, why) }, Progress: rowsOn(w.out),
	})
	if err = errors.Join(err, a.Close()); err != nil {
		return err
	}
	return c.report(w, out)
}

// report says what was done; an error where rows kept it from being done.
func (c importCommentsCommand) report(w *world, out feedback.Imported) error {
	say := message.NewPrinter(language.BritishEnglish)
	if len(out.Unknown) > 0 {
		fmt.Fprintf(w.errors, "These columns are left out: %s.\n", strings.Join(out.Unknown, ", "))
	}
	fmt.Fprintln(w.out, say.Sprintf("%d new, %d here already, %d bad.", out.New, out.Same, out.Bad))
	switch {
	case out.Bad > 0 && !c.SkipBad:
		return errors.New(say.Sprintf("Rows that cannot be used: %d. Nothing was imported. Mend them, or leave them out with --skip-bad", out.Bad))
	case c.DryRun:
		fmt.Fprintln(w.out, "Nothing was imported: this was a check.")
	case out.Import.ID != 0:
		fmt.Fprintf(w.out, "The comments are imported. It can be undone on the page /staff/feedback/imports/%d.\n", out.Import.ID)
	default:
		fmt.Fprintln(w.out, "There was nothing new to import.")
	}
	return nil
}

// rowsShown is after how many rows a terminal is told again.
const rowsShown = 500

// rowsOn shows how far it is where somebody looks: on a terminal.
func rowsOn(out io.Writer) func(done int) {
	terminal, is := out.(*os.File)
	if is {
		about, err := terminal.Stat()
		is = err == nil && about.Mode()&os.ModeCharDevice != 0
	}
	return func(done int) {
		if is && done%rowsShown == 0 {
			fmt.Fprintf(out, "\r%d rows\033[K\r", done)
		}
	}
}

type exportCommentsCommand struct {
	File     string `arg:"" help:"File to write; its name ends in .csv or .xlsx. One that is there is replaced when the new one is whole."`
	Locality string `help:"Only of this locality." placeholder:"SLUG"`
	Source   string `help:"Only from this source." placeholder:"SOURCE"`
	BOM      bool   `name:"bom" help:"Begin a CSV with a byte order mark, by which Excel knows UTF-8."`
}

// Run writes the file.
func (c exportCommentsCommand) Run(w *world) error {
	format, err := sheet.FormatOf(c.File)
	if err != nil {
		return err
	}
	return w.export(c.File, format, func(ctx context.Context, a *app.App) (sheet.Table, error) {
		table, err := a.Feedback.ExportComments(ctx, feedback.Filter{Locality: c.Locality, Source: feedback.Source(c.Source)}, format)
		table.Options.BOM = c.BOM
		return table, err
	})
}

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"conversations/app"
	"conversations/app/audit"
	"conversations/app/feedback"
)

type importThemesCommand struct {
	File    string `arg:"" help:"File to read: a CSV or XLSX whose first row names the columns code, name, parent, definition and others, or a codebook (.qdc) or project (.qdpx) of another program."`
	DryRun  bool   `help:"Only check."`
	SkipBad bool   `help:"Leave bad rows out. Without it nothing is imported while there is one."`
}

// Run brings the codebook in.
func (c importThemesCommand) Run(w *world) (err error) {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	about, err := file.Stat()
	if err != nil {
		return err
	}
	book, err := readThemes(file, about.Size())
	if err != nil {
		return err
	}
	if len(book.Unknown) > 0 {
		fmt.Fprintf(w.errors, "These columns are left out: %s.\n", strings.Join(book.Unknown, ", "))
	}
	if len(book.LeftOut) > 0 {
		fmt.Fprintf(w.errors, "This is left out: %s.\n", strings.Join(book.LeftOut, ", "))
	}
	cfg, err := w.load()
	if err != nil {
		return err
	}
	a, err := app.New(w, cfg, w.log, nil)
	if err != nil {
		return err
	}
	i, err := a.Feedback.ImportThemes(audit.AsSystem(w), book, feedback.ThemeImportOptions{DryRun: c.DryRun, SkipBad: c.SkipBad})
	if err = errors.Join(err, a.Close()); err != nil {
		return err
	}
	return c.report(w, i)
}

// readThemes reads a file of any of the kinds, by the ending of its name.
func readThemes(file *os.File, size int64) (feedback.ThemeFile, error) {
	name := filepath.Base(file.Name())
	switch strings.ToLower(filepath.Ext(name)) {
	case ".qdc", ".qdpx":
		return feedback.ReadThemeExchange(name, file, size)
	}
	return feedback.ReadThemeSheet(name, file, size)
}

// report says what was done; an error where rows kept it from being done.
func (c importThemesCommand) report(w *world, i feedback.ThemeImport) error {
	for _, t := range i.Themes {
		if t.What == "bad" {
			fmt.Fprintf(w.errors, "line %d (%s): %s\n", t.Line, t.Name, t.Why)
		}
	}
	fmt.Fprintf(w.out, "%d new, %d changed, %d with nothing new, %d bad.\n", i.Added, i.Changed, i.Same, i.Bad)
	switch {
	case i.Bad > 0 && !c.SkipBad:
		return errors.New("there are rows that cannot be used, so nothing was imported. Mend them, or leave them out with --skip-bad")
	case c.DryRun:
		fmt.Fprintln(w.out, "Nothing was imported: this was a check.")
	case i.Entry.ID == 0:
		fmt.Fprintln(w.out, "There was nothing new to import.")
	default:
		fmt.Fprintln(w.out, "The codebook is imported. It can be undone on the page /staff/themes/history.")
	}
	return nil
}

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"conversations/app"
	"conversations/app/audit"
	"conversations/app/sheet"
)

type exportThemesCommand struct {
	File string `arg:"" help:"File to write; its name ends in .csv or .xlsx, or for other programs in .qdc (the codebook) or .qdpx (with comments and codings). One that is there is replaced when the new one is whole."`
	BOM  bool   `name:"bom" help:"Begin a CSV with a byte order mark, by which Excel knows UTF-8."`
}

// Run writes the file.
func (c exportThemesCommand) Run(w *world) error {
	switch strings.ToLower(filepath.Ext(c.File)) {
	case ".qdc":
		return w.exportMade(c.File, func(ctx context.Context, a *app.App, out io.Writer) error {
			return a.Feedback.WriteThemeExchange(ctx, out)
		})
	case ".qdpx":
		return w.exportMade(c.File, func(ctx context.Context, a *app.App, out io.Writer) error { return a.Feedback.WriteProject(ctx, out) })
	}
	format, err := sheet.FormatOf(c.File)
	if err != nil {
		return err
	}
	return w.export(c.File, format, func(ctx context.Context, a *app.App) (sheet.Table, error) {
		table, err := a.Feedback.ExportThemes(ctx, format)
		table.Options.BOM = c.BOM
		return table, err
	})
}

// exportMade opens the program and has it write a file, beside its place until it is whole. Only its owner can read it.
func (w *world) exportMade(file string, write func(context.Context, *app.App, io.Writer) error) (err error) {
	cfg, err := w.load()
	if err != nil {
		return err
	}
	a, err := app.New(w, cfg, w.log, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	part, err := os.CreateTemp(filepath.Dir(file), ".export-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(part.Name()) }() // gone already where all went well
	out := bufio.NewWriter(part)
	if err = write(audit.AsSystem(w), a, out); err == nil {
		err = out.Flush()
	}
	if err = errors.Join(err, part.Close()); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	if err := os.Rename(part.Name(), file); err != nil {
		return err
	}
	fmt.Fprintf(w.out, "%s is written.\n", file)
	return nil
}

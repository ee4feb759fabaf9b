package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"conversations/app"
	"conversations/app/audit"
	"conversations/app/bookings"
	"conversations/app/contacts"
	"conversations/app/sheet"
)

type exportCommand struct {
	Bookings  exportBookingsCommand  `cmd:"" help:"Write bookings to a CSV or XLSX file."`
	Contacts  exportContactsCommand  `cmd:"" help:"Write contacts to a CSV or XLSX file, which can be imported again."`
	Responses exportResponsesCommand `cmd:"" help:"Write the answers to a survey to a CSV or XLSX file, one row for each response."`
	Themes    exportThemesCommand    `cmd:"" help:"Write the codebook to a CSV, XLSX or .qdc file, which can be imported again, or to a .qdpx file with what was coded."`
	Comments  exportCommentsCommand  `cmd:"" help:"Write what people said to a CSV or XLSX file, which can be imported again. What tells who somebody is is struck out."`
}

type exportBookingsCommand struct {
	File  string `arg:"" help:"File to write; its name ends in .csv or .xlsx. One that is there is replaced when the new one is whole."`
	Event string `help:"Only of this event." placeholder:"SLUG"`
	BOM   bool   `name:"bom" help:"Begin a CSV with a byte order mark, by which Excel knows UTF-8."`
}

// Run writes the file.
func (c exportBookingsCommand) Run(w *world) error {
	format, err := sheet.FormatOf(c.File)
	if err != nil {
		return err
	}
	return w.export(c.File, format, func(ctx context.Context, a *app.App) (sheet.Table, error) {
		table, err := a.Bookings.Export(ctx, bookings.ListFilter{Event: c.Event}, format)
		table.Options.BOM = c.BOM
		return table, err
	})
}

type exportContactsCommand struct {
	File     string `arg:"" help:"File to write; its name ends in .csv or .xlsx. One that is there is replaced when the new one is whole."`
	Group    string `help:"Only who is in this group." placeholder:"SLUG"`
	Locality string `help:"Only who belongs to this locality." placeholder:"SLUG"`
	BOM      bool   `name:"bom" help:"Begin a CSV with a byte order mark, by which Excel knows UTF-8."`
}

// Run writes the file.
func (c exportContactsCommand) Run(w *world) error {
	format, err := sheet.FormatOf(c.File)
	if err != nil {
		return err
	}
	return w.export(c.File, format, func(ctx context.Context, a *app.App) (sheet.Table, error) {
		table, err := a.Contacts.Export(ctx, contacts.ListFilter{Group: c.Group, Locality: c.Locality}, format)
		table.Options.BOM = c.BOM
		return table, err
	})
}

// export opens the program, takes a table out of it and writes it to a file.
func (w *world) export(file string, format sheet.Format, take func(context.Context, *app.App) (sheet.Table, error)) error {
	cfg, err := w.load()
	if err != nil {
		return err
	}
	a, err := app.New(w, cfg, w.log, nil)
	if err != nil {
		return err
	}
	table, err := take(audit.AsSystem(w), a)
	if err == nil {
		err = writeWhole(file, format, table)
	}
	if err = errors.Join(err, a.Close()); err != nil {
		return err
	}
	fmt.Fprintf(w.out, "%s is written.\n", file)
	return nil
}

// writeWhole writes beside the file and puts the new one in its place when it is whole. Only its owner can read it: it
// holds what people told us.
func writeWhole(file string, format sheet.Format, table sheet.Table) error {
	part, err := os.CreateTemp(filepath.Dir(file), ".export-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(part.Name()) }() // gone already where all went well
	out := bufio.NewWriter(part)
	err = sheet.Write(out, format, table)
	if err == nil {
		err = out.Flush()
	}
	if err = errors.Join(err, part.Close()); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	return os.Rename(part.Name(), file)
}

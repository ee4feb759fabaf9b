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
	"conversations/app/contacts"
	"conversations/app/sheet"
)

type importCommand struct {
	Contacts  importContactsCommand  `cmd:"" help:"Bring in a list of contacts from a CSV or XLSX file."`
	Responses importResponsesCommand `cmd:"" help:"Bring in answers to a survey from a CSV or XLSX file."`
	Themes    importThemesCommand    `cmd:"" help:"Bring in a codebook from a CSV, XLSX, .qdc or .qdpx file."`
	Comments  importCommentsCommand  `cmd:"" help:"Bring in what people said from a CSV or XLSX file."`
}

type importContactsCommand struct {
	File       string   `arg:"" help:"File to read. Its first row names the columns: email, name, organisation, groups, localities, consent, consent_date, consent_source and others."`
	DryRun     bool     `help:"Only check."`
	SkipBad    bool     `help:"Leave bad rows out. Without it nothing is imported while there is one."`
	Bad        string   `help:"Write the bad rows, each with its reason, to this CSV or XLSX file." placeholder:"FILE"`
	Group      []string `help:"Put everybody into this group. Can be given again." placeholder:"SLUG"`
	Locality   []string `help:"Give everybody this locality. Can be given again." placeholder:"SLUG"`
	MakeGroups bool     `help:"Make the groups that rows name and that are not there."`
	Everybody  bool     `help:"Count rows that say neither yes nor no as a yes."`
	Purpose    string   `help:"What they said yes or no to." default:"updates" placeholder:"SLUG"`
	Basis      string   `help:"Why we may write to those with a yes: consent, public-task or legitimate-interest." default:"consent"`
	Wording    string   `help:"What they were asked, word for word, where it was not what the configuration says."`
	Date       string   `help:"When they said so, for rows that do not say: 2017-01-31." placeholder:"DATE"`
	Source     string   `help:"Where they said so, for rows that do not say."`
}

// Run brings the list in.
func (c importContactsCommand) Run(w *world) (err error) {
	if c.Bad != "" {
		if _, err := sheet.FormatOf(c.Bad); err != nil {
			return err
		}
	}
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
	i, err := a.Contacts.ImportWhole(audit.AsSystem(w), c.order(w, a, contacts.ImportFile{Name: filepath.Base(c.File), Data: file, Size: about.Size()}))
	if err = errors.Join(err, a.Close()); err != nil {
		return err
	}
	return c.report(w, i)
}

func (c importContactsCommand) order(w *world, a *app.App, file contacts.ImportFile) contacts.WholeImport {
	order := contacts.WholeImport{File: file, Settings: c.settings, DryRun: c.DryRun, SkipBad: c.SkipBad, MakeGroups: c.MakeGroups, Progress: progressOn(w.out)}
	order.Bad = func(line int, who, why string) {
		if who != "" {
			who = " (" + who + ")"
		}
		fmt.Fprintf(w.errors, "line %d%s: %s\n", line, who, why)
	}
	order.Checked = func(_ contacts.Import, set contacts.ImportSettings) {
		if unknown := set.Unknown(); len(unknown) > 0 {
			fmt.Fprintf(w.errors, "These columns are left out: %s.\n", strings.Join(unknown, ", "))
		}
	}
	if c.Bad != "" {
		order.Keep = func(ctx context.Context, id int64) error { return c.writeBad(ctx, a, id) }
	}
	return order
}

// settings are what the file does not say. What the columns mean is taken from their headings.
func (c importContactsCommand) settings(set *contacts.ImportSettings) {
	set.Groups, set.Localities, set.Everybody = c.Group, c.Locality, c.Everybody
	set.Basis, set.Date = contacts.Basis(c.Basis), c.Date
	if set.Purpose != c.Purpose {
		set.Purpose, set.Wording = c.Purpose, ""
	}
	if c.Wording != "" {
		set.Wording = c.Wording
	}
	if c.Source != "" {
		set.Source = c.Source
	}
}

func (c importContactsCommand) writeBad(ctx context.Context, a *app.App, id int64) error {
	format, err := sheet.FormatOf(c.Bad)
	if err != nil {
		return err
	}
	table, err := a.Contacts.ExportImportRows(ctx, id, contacts.RowFilter{Show: string(contacts.RowBad)}, format)
	if err != nil {
		return err
	}
	table.Options.BOM = true
	return writeWhole(c.Bad, format, table)
}

// report says what was done; an error where rows kept it from being done.
func (c importContactsCommand) report(w *world, i contacts.Import) error {
	say := message.NewPrinter(language.BritishEnglish)
	lines := say.Sprintf("%d new, %d changed, %d with nothing new, %d more than once, %d bad, %d kept as unsubscribed.", i.Created, i.Changed, i.Same, i.Doubles, i.Bad, i.Unsubscribed)
	fmt.Fprintln(w.out, lines)
	switch {
	case i.Bad > 0 && !c.SkipBad:
		rows := "rows cannot"
		if i.Bad == 1 {
			rows = "row cannot"
		}
		return errors.New(say.Sprintf("%d %s be used, so nothing was imported. Mend them, or leave them out with --skip-bad", i.Bad, rows))
	case c.DryRun:
		fmt.Fprintln(w.out, "Nothing was imported: this was a check.")
	case i.State == contacts.ImportDone:
		fmt.Fprintf(w.out, "The list is imported. It can be undone on the page /staff/contacts/imports/%d.\n", i.ID)
	default:
		fmt.Fprintln(w.out, "There was nothing new to import.")
	}
	return nil
}

// progressOn shows how far it is where somebody looks: on a terminal.
func progressOn(out io.Writer) func(contacts.Import) {
	terminal, is := out.(*os.File)
	if is {
		about, err := terminal.Stat()
		is = err == nil && about.Mode()&os.ModeCharDevice != 0
	}
	return func(i contacts.Import) {
		if is && i.State.Working() {
			fmt.Fprintf(out, "\r%s: %d of %d rows\033[K\r", i.State, i.Worked, i.Total)
		}
	}
}

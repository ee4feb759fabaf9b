package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"conversations/app"
	"conversations/app/audit"
	"conversations/app/sheet"
	"conversations/app/surveys"
)

type exportResponsesCommand struct {
	File   string `arg:"" help:"File to write; its name ends in .csv or .xlsx. One that is there is replaced when the new one is whole."`
	Survey string `required:"" help:"Whose answers: the last part of the survey's address." placeholder:"SLUG"`
	BOM    bool   `name:"bom" help:"Begin a CSV with a byte order mark, by which Excel knows UTF-8."`
}

// Run writes the file.
func (c exportResponsesCommand) Run(w *world) error {
	format, err := sheet.FormatOf(c.File)
	if err != nil {
		return err
	}
	return w.export(c.File, format, func(ctx context.Context, a *app.App) (sheet.Table, error) {
		id, err := a.Surveys.SurveyID(ctx, c.Survey)
		if err != nil {
			return sheet.Table{}, err
		}
		table, err := a.Surveys.ExportResponses(ctx, id, format)
		table.Options.BOM = c.BOM
		return table, err
	})
}

type importResponsesCommand struct {
	File    string `arg:"" help:"File to read. Its first row names the columns as an export of responses does, or with the words of the questions."`
	Survey  string `required:"" help:"To which survey: the last part of its address." placeholder:"SLUG"`
	DryRun  bool   `help:"Only check."`
	SkipBad bool   `help:"Leave bad rows out. Without it nothing is imported while there is one."`
}

// Run brings the answers in.
func (c importResponsesCommand) Run(w *world) (err error) {
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
	batch, check, err := a.Surveys.IntakeWhole(audit.AsSystem(w), surveys.WholeIntake{
		Survey: c.Survey, DryRun: c.DryRun, LeaveOut: c.SkipBad,
		File: surveys.IntakeFile{Name: filepath.Base(c.File), Data: file, Size: about.Size()},
		Unknown: func(headings []string) {
			fmt.Fprintf(w.errors, "These columns are left out: %s.\n", strings.Join(headings, ", "))
		},
		Bad: func(row surveys.BadRow) {
			fmt.Fprintf(w.errors, "line %d: %s\n", row.Line, strings.Join(row.Reasons, " "))
		},
	})
	if err = errors.Join(err, a.Close()); err != nil {
		return err
	}
	return c.report(w, batch, check)
}

// report says what was done; an error where rows kept it from being done.
func (c importResponsesCommand) report(w *world, batch *surveys.Batch, check surveys.IntakeCheck) error {
	say := message.NewPrinter(language.BritishEnglish)
	fmt.Fprintln(w.out, say.Sprintf("%d rows: %d new, %d here already, %d bad.", check.Total, check.Fresh, check.There, check.Bad))
	switch {
	case check.Bad > 0 && !c.SkipBad:
		rows := "rows cannot"
		if check.Bad == 1 {
			rows = "row cannot"
		}
		return errors.New(say.Sprintf("%d %s be used, so nothing was imported. Mend them, or leave them out with --skip-bad", check.Bad, rows))
	case c.DryRun:
		fmt.Fprintln(w.out, "Nothing was imported: this was a check.")
	case batch == nil:
		fmt.Fprintln(w.out, "There was nothing new to import.")
	default:
		fmt.Fprintf(w.out, "The answers are imported. They can be set aside on the page /staff/surveys/%d/paper/%d.\n", batch.SurveyID, batch.ID)
	}
	return nil
}

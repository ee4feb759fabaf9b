// Command conversations serves the events, bookings and mails of a public-engagement programme.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // so that the binary runs alone, also where a machine has no time zone files

	"conversations/app/config"
	"conversations/app/fault"

	"github.com/alecthomas/kong"
)

// version is set by the build (-ldflags -X main.version=…).
var version = "development"

// Exit codes.
const (
	done    = 0
	failed  = 1
	misused = 2
)

// command is the whole command line. Each command has a file of its own.
type command struct {
	Config string `help:"Configuration file. CONVERSATIONS_* environment variables overlay it." default:"config.yaml" placeholder:"FILE"`

	Serve    serveCommand    `cmd:"" help:"Serve the site, send mails and run the jobs, until told to stop."`
	Demo     demoCommand     `cmd:"" help:"Serve a demonstration with made-up bookings and a mailbox of its own."`
	Migrate  migrateCommand  `cmd:"" help:"Bring the database's tables up to date, and stop."`
	Staff    staffCommand    `cmd:"" help:"Accounts of people who work here."`
	Import   importCommand   `cmd:"" help:"Bring in what is in a file from a spreadsheet."`
	Export   exportCommand   `cmd:"" help:"Write what is in the database to a file for a spreadsheet."`
	Feedback feedbackCommand `cmd:"" help:"What people said: suggestions of themes."`
	Backup   backupCommand   `cmd:"" help:"Write everything in the database into a new file, while the program runs."`
	Restore  restoreCommand  `cmd:"" help:"Fill an empty database from a backup."`
	Check    checkCommand    `cmd:"" help:"Look whether all is well; ends with 1 when something is wrong."`
	Report   reportCommand   `cmd:"" name:"delivery-report" help:"Read on standard input a mail that came back of a letter, and note what it says."`
	Version  versionCommand  `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// world is what a command is given: where to write, and how to read the configuration.
type world struct {
	context.Context
	out, errors io.Writer
	environ     []string
	file        string
	log         *slog.Logger
}

// run is main without the process: arguments and environment in, exit code out.
func run(ctx context.Context, args, environ []string, out, errs io.Writer) (code int) {
	var c command
	stopped := -1
	parser, err := kong.New(&c, kong.Name("conversations"), kong.Writers(out, errs), kong.UsageOnError(),
		kong.Description("Conversation events: bookings, surveys, stakeholder updates, and what people said."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.Exit(func(code int) { stopped = code }))
	if err != nil {
		fmt.Fprintln(errs, err)
		return failed
	}
	asked := len(args) > 0
	if !asked {
		args, parser.Stdout = []string{"--help"}, errs
	}
	parsed, err := parser.Parse(args)
	if stopped >= 0 { // help was printed
		if asked {
			return done
		}
		return misused
	}
	if err != nil {
		fmt.Fprintf(errs, "conversations: %v\nTry: conversations --help\n", err)
		return misused
	}
	w := &world{Context: ctx, out: out, errors: errs, environ: environ, file: c.Config, log: slog.New(slog.NewTextHandler(errs, nil))}
	if err := parsed.Run(w); err != nil {
		fmt.Fprintf(errs, "conversations: %s\n", words(err))
		if fault.KindOf(err) == fault.Invalid {
			return misused
		}
		return failed
	}
	return done
}

// words is an error as a person at a terminal reads it.
func words(err error) string {
	if missing := new(noConfiguration); errors.As(err, &missing) {
		return err.Error() + "\nName the configuration with --config FILE, or try: conversations demo"
	}
	return err.Error()
}

// noConfiguration is that the file with the settings is not there.
type noConfiguration struct{ error }

// Unwrap gives the cause.
func (e *noConfiguration) Unwrap() error { return e.error }

// load reads the configuration.
func (w *world) load() (*config.Config, error) {
	cfg, err := config.Load(w.file, w.environ)
	if errors.Is(err, fs.ErrNotExist) {
		err = &noConfiguration{err}
	}
	return cfg, err
}

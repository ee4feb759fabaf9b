// Command bench measures how fast the program is, each figure as a ratio to a limit measured in the same run on the
// same machine: so a slow disk or a busy neighbour moves both.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"time"
)

// rounds is how often each pair is measured, one after the other; the median ratio counts.
const rounds = 5

// row is one line of the table.
type row struct {
	what      string
	ours      string // figure of the program
	limit     string // figure of the limit
	ratio     float64
	goal      float64
	direction string // of the goal: atMost, or at least where it is empty
}

// atMost is the direction of a row whose ratio is better the smaller it is.
const atMost = "at most"

func (r row) verdict() (direction, verdict string) {
	holds := r.ratio >= r.goal
	if direction = "at least"; r.direction == atMost {
		direction, holds = atMost, r.ratio <= r.goal
	}
	if holds {
		return direction, "holds"
	}
	return direction, "FALLS SHORT"
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// parts are what is measured, by the names that can be given on the command line.
func parts() []part {
	return []part{{"bookings", one(bookings)}, {"signups", one(signUps)}, {"pages", one(eventsPage)}, {"lists", one(lists)}, {"contacts", one(contactLists)}, {"imports", one(imports)}, {"updates", updates}, {"slow-server", one(slowServer)}, {"themes", themes}, {"surveys", surveyResults}, {"coding", codingKeys}, {"reports", feedbackReports}}
}

type part struct {
	name    string
	measure func(context.Context) ([]row, error)
}

func one(measure func(context.Context) (row, error)) func(context.Context) ([]row, error) {
	return func(ctx context.Context) ([]row, error) {
		r, err := measure(ctx)
		return []row{r}, err
	}
}

// run measures, or is a second process of this program: the limit for pages, the mail server, or the limit for mails.
func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return measure(ctx, nil)
	}
	switch args[0] {
	case "bare":
		return serveBare(args[1])
	case "sink":
		return serveSink(args[1:])
	case "loop":
		return sendInALoop(args[1:])
	}
	return measure(ctx, args)
}

// measure prints the table of the parts that are named; without a name, of all.
func measure(ctx context.Context, names []string) error {
	var table []row
	for _, p := range parts() {
		if len(names) > 0 && !slices.Contains(names, p.name) {
			continue
		}
		rows, err := p.measure(ctx)
		if err != nil {
			return err
		}
		table = append(table, rows...)
	}
	fmt.Printf("\n%-58s %14s %14s %7s  %s\n", "", "ours", "limit", "ratio", "goal")
	for _, r := range table {
		direction, verdict := r.verdict()
		fmt.Printf("%-58s %14s %14s %7.2f  %s %.2f: %s\n", r.what, r.ours, r.limit, r.ratio, direction, r.goal, verdict)
	}
	return nil
}

// paired measures ours and the limit in turn and gives the medians.
func paired(ours, limit func() (perSecond float64, err error)) (a, b, ratio float64, err error) {
	var as, bs, ratios []float64
	for range rounds {
		x, err := ours()
		if err != nil {
			return 0, 0, 0, err
		}
		y, err := limit()
		if err != nil {
			return 0, 0, 0, err
		}
		fmt.Fprintf(os.Stderr, "  %.0f/s beside %.0f/s: %.2f\n", x, y, x/y)
		as, bs, ratios = append(as, x), append(bs, y), append(ratios, x/y)
	}
	return median(as), median(bs), median(ratios), nil
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

func perSecond(n int, took time.Duration) float64 { return float64(n) / took.Seconds() }

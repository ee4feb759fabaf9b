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
	if len(os.Args) == 3 && os.Args[1] == "bare" { // a second process of this program: the limit for pages
		if err := serveBare(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := measure(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func measure(ctx context.Context) error {
	var table []row
	for _, one := range []func(context.Context) (row, error){bookings, signUps, eventsPage, lists} {
		r, err := one(ctx)
		if err != nil {
			return err
		}
		table = append(table, r)
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

package mail

import (
	"fmt"
	"math"
	"strings"
	"time"

	"conversations/app/config"
	"conversations/app/database"
)

// burst is how long a bucket fills at the most: so long may mails leave faster than its rate says, and no longer.
const burst = 250 * time.Millisecond

// buckets are the limits of rate while deliveries are claimed. They are rows, locked until the commit, so that all
// instances together stay below each limit.
type buckets struct {
	tx    *database.Tx
	all   *bucket // nil without a limit
	lane  map[string]*bucket
	lanes []string  // those with a limit first: the others would take every turn
	open  []*bucket // all of them
}

// bucket holds a token for each mail that may leave.
type bucket struct {
	name   string
	rate   float64 // tokens per second
	tokens float64
}

// openBuckets reads the buckets that have a limit and fills in what came since they were counted.
func (o *Outbox) openBuckets(tx *database.Tx) (*buckets, error) {
	u := o.cfg.Mail.Updates
	b := &buckets{tx: tx, lane: map[string]*bucket{}}
	var err error
	if u.PerSecond > 0 {
		if b.all, err = b.fill("", u.PerSecond); err != nil {
			return nil, err
		}
	}
	for _, limit := range u.PerDomain {
		name := laneOf(limit)
		if b.lane[name], err = b.fill(name, limit.PerSecond); err != nil {
			return nil, err
		}
		b.lanes = append(b.lanes, name)
	}
	b.lanes = append(b.lanes, "")
	return b, nil
}

func laneOf(limit config.DomainRate) string { return strings.ToLower(limit.Domains[0]) }

// fill opens one bucket.
func (b *buckets) fill(name string, rate float64) (*bucket, error) {
	one := &bucket{name: name, rate: rate}
	now := b.tx.Now()
	err := b.tx.Exec(`INSERT INTO rate_buckets (name, tokens, at) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING`, name, one.most(), now).Error
	if err != nil {
		return nil, fmt.Errorf("make the bucket %q: %w", name, err)
	}
	var at time.Time
	if err := b.tx.Row(`SELECT tokens, at FROM rate_buckets WHERE name = ?`+b.tx.ForUpdate(), name).Scan(&one.tokens, &at); err != nil {
		return nil, fmt.Errorf("open the bucket %q: %w", name, err)
	}
	one.tokens = min(one.tokens+max(now.Sub(at).Seconds(), 0)*rate, one.most())
	b.open = append(b.open, one)
	return one, nil
}

// most is how many tokens the bucket holds: one at least.
func (b *bucket) most() float64 { return max(1, b.rate*burst.Seconds()) }

// allow says how many of n may leave in a lane.
func (b *buckets) allow(lane string, n int) int {
	for _, one := range []*bucket{b.all, b.lane[lane]} {
		if one != nil {
			n = min(n, int(math.Floor(one.tokens)))
		}
	}
	return max(n, 0)
}

// take takes the tokens of n mails.
func (b *buckets) take(lane string, n int) {
	for _, one := range []*bucket{b.all, b.lane[lane]} {
		if one != nil {
			one.tokens -= float64(n)
		}
	}
}

// close writes down what is left.
func (b *buckets) close() error {
	for _, one := range b.open {
		if err := b.tx.Exec(`UPDATE rate_buckets SET tokens = ?, at = ? WHERE name = ?`, one.tokens, b.tx.Now(), one.name).Error; err != nil {
			return fmt.Errorf("close the bucket %q: %w", one.name, err)
		}
	}
	return nil
}

// Package jobs runs work on a schedule, each piece by exactly one instance at a time: an instance holds a job's
// lease in the database while it runs, and another takes over when the lease has run out.
package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"conversations/app/audit"
	"conversations/app/database"
)

// Job is a piece of work that can be run again at any point: whatever it did before a crash it must recognise.
type Job struct {
	Name  string
	Every time.Duration
	Lease time.Duration // how long a run may take before another instance takes over; at least a minute
	// Shared lets several instances run it at once, and lets it go on at once after a crash: for work that locks
	// each piece by itself.
	Shared bool
	Run    func(ctx context.Context) error
}

// State is how a job stands, for staff and for `check`.
type State struct {
	Name           string
	NextRunAt      time.Time
	LastStartedAt  *time.Time
	LastFinishedAt *time.Time
	LastError      string
}

// tick is how often a runner looks whether something is due.
const tick = time.Second

// Runner runs the jobs of one instance.
type Runner struct {
	db    *database.DB
	owner string
	log   *slog.Logger
	jobs  []Job
	wake  map[string]chan struct{}
}

// New returns a runner; owner names this instance and must differ from every other's.
func New(db *database.DB, owner string, log *slog.Logger) *Runner {
	return &Runner{db: db, owner: owner, log: log, wake: map[string]chan struct{}{}}
}

// Add registers a job. It must come before Run.
func (r *Runner) Add(j Job) {
	j.Lease = max(j.Lease, time.Minute)
	r.jobs = append(r.jobs, j)
	r.wake[j.Name] = make(chan struct{}, 1)
}

// Wake has a job run now rather than at its next time, on this instance, if no other is at it.
func (r *Runner) Wake(name string) {
	select {
	case r.wake[name] <- struct{}{}:
	default:
	}
}

// Run runs the jobs until ctx ends, then waits for those under way.
func (r *Runner) Run(ctx context.Context) {
	var running sync.WaitGroup
	for _, j := range r.jobs {
		running.Go(func() { r.keep(ctx, j) })
	}
	running.Wait()
}

// keep runs one job whenever it is due or woken.
func (r *Runner) keep(ctx context.Context, j Job) {
	clock := time.NewTicker(tick)
	defer clock.Stop()
	if j.Shared {
		r.Wake(j.Name) // a crash may have left something half told
	}
	for {
		woken := false
		select {
		case <-ctx.Done():
			return
		case <-clock.C:
		case <-r.wake[j.Name]:
			woken = true
		}
		if err := r.RunDue(ctx, j.Name, woken); err != nil && ctx.Err() == nil {
			r.log.Error("job failed", "job", j.Name, "error", err)
		}
	}
}

// RunDue runs the named job once if it is due (or force is given) and nobody else is at it.
func (r *Runner) RunDue(ctx context.Context, name string, force bool) error {
	for _, j := range r.jobs {
		if j.Name != name {
			continue
		}
		if mine, err := r.claim(ctx, j, force); err != nil || !mine {
			return err
		}
		err := guarded(audit.AsSystem(ctx), j)
		return r.finish(ctx, j, err)
	}
	return fmt.Errorf("there is no job %q", name)
}

// claim takes the lease. Looking first keeps the writer free of a write a second for every job.
func (r *Runner) claim(ctx context.Context, j Job, force bool) (mine bool, err error) {
	var due int64
	err = r.db.Read(ctx).Raw(`SELECT count(*) FROM jobs WHERE name = ? AND (next_run_at > ? OR lease_expires_at > ?)`,
		j.Name, unless(force, r.db.Now()), unless(j.Shared, r.db.Now())).Scan(&due).Error
	if err != nil || due > 0 {
		return false, err
	}
	err = r.db.Write(ctx, func(tx *database.Tx) error {
		now := tx.Now()
		if err := tx.Exec(`INSERT INTO jobs (name, next_run_at) VALUES (?, ?) ON CONFLICT (name) DO NOTHING`, j.Name, now).Error; err != nil {
			return err
		}
		got := tx.Exec(`UPDATE jobs SET lease_owner = ?, lease_expires_at = ?, last_started_at = ?
			WHERE name = ? AND next_run_at <= ? AND (lease_expires_at IS NULL OR lease_expires_at <= ?)`,
			r.owner, now.Add(j.Lease), now, j.Name, unless(force, now), unless(j.Shared, now))
		mine = got.RowsAffected == 1
		return got.Error
	})
	return mine, err
}

// unless gives now, or where it does not matter a time so late that everything is due and every lease has run out.
func unless(ignored bool, now time.Time) time.Time {
	if ignored {
		return now.AddDate(100, 0, 0)
	}
	return now
}

func (r *Runner) finish(ctx context.Context, j Job, failed error) error {
	text := ""
	if failed != nil {
		text = failed.Error()
	}
	err := r.db.Write(context.WithoutCancel(ctx), func(tx *database.Tx) error {
		return tx.Exec(`UPDATE jobs SET lease_owner = '', lease_expires_at = NULL, last_finished_at = ?, next_run_at = ?, last_error = ?
			WHERE name = ? AND lease_owner = ?`, tx.Now(), tx.Now().Add(j.Every), text, j.Name, r.owner).Error
	})
	if failed != nil {
		return failed
	}
	return err
}

// States lists every job that has run, for staff and for `check`.
func (r *Runner) States(ctx context.Context) (states []State, err error) {
	err = r.db.Read(ctx).Raw(`SELECT name, next_run_at, last_started_at, last_finished_at, last_error FROM jobs ORDER BY name`).Scan(&states).Error
	return states, err
}

func guarded(ctx context.Context, j Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("job %s panicked: %v", j.Name, p)
		}
	}()
	return j.Run(ctx)
}

package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"conversations/app/database/databasetest"
	"conversations/app/jobs"
)

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.at }

func (c *clock) pass(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.at = c.at.Add(d) }

func TestAJobRunsWhenItIsDueAndOnOneInstanceAtATime(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		c := &clock{at: time.Date(2017, 2, 20, 9, 0, 0, 0, time.UTC)}
		db := databasetest.Open(t, address, c.now)
		var runs atomic.Int32
		begun, end := make(chan struct{}, 1), make(chan struct{})
		slow := jobs.Job{Name: "slow", Every: time.Hour, Lease: time.Minute, Run: func(context.Context) error {
			runs.Add(1)
			begun <- struct{}{}
			<-end
			return nil
		}}
		one, two := jobs.New(db, "one", slog.Default()), jobs.New(db, "two", slog.Default())
		one.Add(slow)
		two.Add(slow)
		var all sync.WaitGroup
		all.Go(func() {
			if err := one.RunDue(t.Context(), "slow", false); err != nil {
				t.Error(err)
			}
		})
		<-begun
		if err := two.RunDue(t.Context(), "slow", true); err != nil || runs.Load() != 1 {
			t.Fatalf("a second instance ran it beside the first: %d runs, %v", runs.Load(), err)
		}
		c.pass(2 * time.Minute) // the first is taken for dead
		all.Go(func() {
			if err := two.RunDue(t.Context(), "slow", false); err != nil {
				t.Error(err)
			}
		})
		<-begun
		close(end)
		all.Wait()
		if err := one.RunDue(t.Context(), "slow", false); err != nil || runs.Load() != 2 {
			t.Fatalf("it ran before it was due again: %d runs, %v", runs.Load(), err)
		}
		c.pass(time.Hour)
		if err := one.RunDue(t.Context(), "slow", false); err != nil || runs.Load() != 3 {
			t.Fatalf("it did not run when it was due: %d runs, %v", runs.Load(), err)
		}
	})
}

func TestASharedJobDoesNotWaitForTheLeaseOfAnotherInstance(t *testing.T) {
	c := &clock{at: time.Date(2017, 2, 20, 9, 0, 0, 0, time.UTC)}
	db := databasetest.Open(t, databasetest.SQLite(t), c.now)
	ran := false
	other := jobs.New(db, "other", slog.Default())
	other.Add(jobs.Job{Name: "tell", Every: time.Hour, Shared: true, Run: func(context.Context) error { ran = true; return nil }})
	dying := jobs.New(db, "dying", slog.Default())
	dying.Add(jobs.Job{Name: "tell", Every: time.Hour, Shared: true, Run: func(ctx context.Context) error {
		return other.RunDue(ctx, "tell", false) // while this one holds the lease
	}})
	if err := dying.RunDue(t.Context(), "tell", false); err != nil || !ran {
		t.Fatalf("ran: %v, %v", ran, err)
	}
}

func TestAFailedOrPanickingJobIsTriedAgainAndItsWordsAreKept(t *testing.T) {
	c := &clock{at: time.Date(2017, 2, 20, 9, 0, 0, 0, time.UTC)}
	db := databasetest.Open(t, databasetest.SQLite(t), c.now)
	r := jobs.New(db, "one", slog.Default())
	r.Add(jobs.Job{Name: "fails", Every: time.Minute, Run: func(context.Context) error { return errors.New("the disk is full") }})
	r.Add(jobs.Job{Name: "panics", Every: time.Minute, Run: func(context.Context) error { panic("oh") }})
	for _, name := range []string{"fails", "panics"} {
		if err := r.RunDue(t.Context(), name, false); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	states, err := r.States(t.Context())
	if err != nil || len(states) != 2 || states[0].LastError != "the disk is full" || states[1].LastError == "" {
		t.Fatalf("%+v, %v", states, err)
	}
}

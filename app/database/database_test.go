package database_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"conversations/app/database"
	"conversations/app/database/databasetest"

	"pgregory.net/rapid"
)

// ledger opens a fresh database with a small table of the test's own: account balances that may not go below nought.
func ledger(t *testing.T, address string) *database.DB {
	t.Helper()
	db := databasetest.Open(t, address, nil)
	err := db.Write(context.Background(), func(tx *database.Tx) error {
		return tx.Exec(`CREATE TABLE ledger (name TEXT PRIMARY KEY, balance INTEGER NOT NULL CHECK (balance >= 0))`).Error
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func put(name string, balance int) func(*database.Tx) error {
	return func(tx *database.Tx) error {
		return tx.Exec(`INSERT INTO ledger (name, balance) VALUES (?, ?)`, name, balance).Error
	}
}

func names(t *testing.T, db *database.DB) string {
	t.Helper()
	var all []string
	if err := db.Read(context.Background()).Raw(`SELECT name FROM ledger ORDER BY name`).Scan(&all).Error; err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, " ")
}

// together has all the writes wait in one group: the first holds the writer until the rest have queued.
func together(db *database.DB, writes ...func(context.Context) error) []error {
	errs := make([]error, len(writes))
	hold, held := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		_ = db.Write(context.Background(), func(*database.Tx) error { close(held); <-hold; return nil })
	})
	<-held
	for i, write := range writes {
		queued := db.Queued()
		all.Go(func() { errs[i] = write(context.Background()) })
		for db.Queued() == queued {
			runtime.Gosched()
		}
	}
	close(hold)
	all.Wait()
	return errs
}

func TestAMemberThatGoesWrongHarmsNobodyElseInItsGroup(t *testing.T) {
	gone, goAway := context.WithCancel(context.Background())
	cases := map[string]struct {
		bad  func(tx *database.Tx) error
		want func(error) bool
	}{
		"fails": {
			func(tx *database.Tx) error {
				_ = put("bad", 1)(tx)
				return errors.New("no")
			},
			func(err error) bool { return err.Error() == "no" },
		},
		"panics": {
			func(tx *database.Tx) error {
				_ = put("bad", 1)(tx)
				panic("at the disco")
			},
			func(err error) bool { return strings.Contains(err.Error(), "at the disco") },
		},
		"breaks a constraint and says so": {
			func(tx *database.Tx) error {
				_ = put("bad", 1)(tx)
				return put("first", 1)(tx)
			},
			database.IsDuplicate,
		},
		"is cancelled by its client in the middle": {
			func(tx *database.Tx) error {
				_ = put("bad", 1)(tx)
				goAway()
				if err := put("cancelled", 1)(tx); err != nil {
					return err
				}
				return gone.Err()
			},
			func(err error) bool { return errors.Is(err, context.Canceled) },
		},
		"has the database give up the transaction": {
			func(tx *database.Tx) error {
				_ = put("bad", 1)(tx)
				return tx.Exec(`INSERT OR ROLLBACK INTO ledger (name, balance) VALUES ('bad', 1)`).Error
			},
			func(err error) bool { return errors.Is(err, database.ErrLost) },
		},
		"tries to commit for everybody": {
			func(tx *database.Tx) error { return tx.Exec("COMMIT").Error },
			func(err error) bool { return errors.Is(err, database.ErrControl) },
		},
		"tries to leave its savepoint": {
			func(tx *database.Tx) error { return tx.Exec(" release member").Error },
			func(err error) bool { return errors.Is(err, database.ErrControl) },
		},
		"breaks a constraint that is looked at only by the commit": {
			func(tx *database.Tx) error {
				if err := tx.Exec("PRAGMA defer_foreign_keys = ON").Error; err != nil {
					return err
				}
				return tx.Exec(`INSERT INTO sign_in_links (staff_id, token_hash, created_at, expires_at) VALUES (99, 'x', ?, ?)`, tx.Now(), tx.Now()).Error
			},
			func(err error) bool { return strings.Contains(err.Error(), "FOREIGN KEY") },
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			db := ledger(t, databasetest.SQLite(t))
			write := func(fn func(*database.Tx) error) func(context.Context) error {
				return func(ctx context.Context) error { return db.Write(ctx, fn) }
			}
			badCtx := func(context.Context) error { return db.Write(gone, c.bad) }
			if !strings.Contains(name, "client") {
				badCtx = write(c.bad)
			}
			errs := together(db, write(put("first", 1)), badCtx, write(put("last", 1)))
			if errs[0] != nil || errs[2] != nil {
				t.Fatalf("the neighbours failed: %v, %v", errs[0], errs[2])
			}
			if errs[1] == nil || !c.want(errs[1]) {
				t.Fatalf("the bad one was told %v", errs[1])
			}
			if got := names(t, db); got != "first last" {
				t.Fatalf("the table holds %q", got)
			}
			if err := db.Write(context.Background(), put("later", 1)); err != nil {
				t.Fatalf("writing stopped: %v", err)
			}
		})
	}
}

func TestAWriteWhoseClientLeftBeforeItsTurnIsNotDone(t *testing.T) {
	db := ledger(t, databasetest.SQLite(t))
	ctx, leave := context.WithCancel(context.Background())
	errs := together(db,
		func(context.Context) error {
			return db.Write(context.Background(), func(tx *database.Tx) error { leave(); return nil })
		},
		func(context.Context) error { return db.Write(ctx, put("gone", 1)) },
		func(context.Context) error { return db.Write(context.Background(), put("here", 1)) })
	if !errors.Is(errs[1], context.Canceled) || errs[2] != nil || names(t, db) != "here" {
		t.Fatalf("answers %v, table %q", errs, names(t, db))
	}
}

func TestAWriteInsideAWriteIsRefusedRatherThanWaitingForItself(t *testing.T) {
	db := ledger(t, databasetest.SQLite(t))
	err := db.Write(context.Background(), func(*database.Tx) error { return db.Write(context.Background(), put("inner", 1)) })
	if err == nil || !strings.Contains(err.Error(), "inside a Write") {
		t.Fatalf("nested write was told %v", err)
	}
}

func TestAfterCommitComesOnlyAfterACommit(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		db := ledger(t, address)
		var called atomic.Int32
		write := func(end error) error {
			return db.Write(context.Background(), func(tx *database.Tx) error {
				tx.AfterCommit(func() { called.Add(1) })
				return end
			})
		}
		if err := write(errors.New("no")); err == nil || called.Load() != 0 {
			t.Fatalf("called %d times after %v", called.Load(), err)
		}
		if err := write(nil); err != nil || called.Load() != 1 {
			t.Fatalf("called %d times after %v", called.Load(), err)
		}
	})
}

func TestThePoolForReadingCannotWrite(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		db := ledger(t, address)
		if err := db.Read(context.Background()).Exec(`INSERT INTO ledger (name, balance) VALUES ('x', 1)`).Error; err == nil {
			t.Fatal("a reader wrote")
		}
	})
}

func TestAPanicInAWriteIsAnErrorAndUndone(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		db := ledger(t, address)
		err := db.Write(context.Background(), func(tx *database.Tx) error { _ = put("x", 1)(tx); panic("oh") })
		if err == nil || !strings.Contains(err.Error(), "oh") || names(t, db) != "" {
			t.Fatalf("told %v, table %q", err, names(t, db))
		}
	})
}

// step is one write of the property test: move an amount from one account to another, perhaps misbehaving at the end.
type step struct {
	From, To, Amount int
	End              string
}

func (s step) run(tx *database.Tx) error {
	if s.End == "rollback" {
		_ = tx.Exec(`UPDATE ledger SET balance = balance + 1000 WHERE name = ?`, account(s.To)).Error
		return tx.Exec(`INSERT OR ROLLBACK INTO ledger (name, balance) VALUES ('a', 1)`).Error
	}
	if err := tx.Exec(`UPDATE ledger SET balance = balance + ? WHERE name = ?`, s.Amount, account(s.To)).Error; err != nil {
		return err
	}
	if err := tx.Exec(`UPDATE ledger SET balance = balance - ? WHERE name = ?`, s.Amount, account(s.From)).Error; err != nil {
		return err // below nought
	}
	switch s.End {
	case "fail":
		return errors.New("no")
	case "panic":
		panic("no")
	}
	return nil
}

func account(i int) string { return string(rune('a' + i)) }

func TestAnyGroupingGivesWhatOneAtATimeGives(t *testing.T) {
	steps := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
		return step{
			From: rapid.IntRange(0, 3).Draw(t, "from"), To: rapid.IntRange(0, 3).Draw(t, "to"), Amount: rapid.IntRange(0, 60).Draw(t, "amount"),
			End: rapid.SampledFrom([]string{"", "", "", "", "fail", "panic", "rollback"}).Draw(t, "end"),
		}
	}), 1, 80)
	grouped, alone := ledger(t, databasetest.SQLite(t)), ledger(t, databasetest.SQLite(t))
	rapid.Check(t, func(r *rapid.T) {
		plan := steps.Draw(r, "steps")
		reset(t, grouped)
		reset(t, alone)
		var writes []func(context.Context) error
		for _, s := range plan {
			writes = append(writes, func(ctx context.Context) error { return grouped.Write(ctx, s.run) })
		}
		got := together(grouped, writes...)
		for i, s := range plan {
			want := alone.Write(context.Background(), s.run)
			if (want == nil) != (got[i] == nil) {
				r.Fatalf("step %d (%+v): alone %v, grouped %v", i, s, want, got[i])
			}
		}
		if a, b := balances(t, alone), balances(t, grouped); a != b {
			r.Fatalf("alone %s, grouped %s", a, b)
		}
	})
}

func reset(t *testing.T, db *database.DB) {
	t.Helper()
	err := db.Write(context.Background(), func(tx *database.Tx) error {
		if err := tx.Exec(`DELETE FROM ledger`).Error; err != nil {
			return err
		}
		for i := range 4 {
			if err := put(account(i), 100)(tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func balances(t *testing.T, db *database.DB) string {
	t.Helper()
	var all []string
	if err := db.Read(context.Background()).Raw(`SELECT name || '=' || balance FROM ledger ORDER BY name`).Scan(&all).Error; err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, " ")
}

func TestManyWritersAtOnceAreAllKept(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		db := ledger(t, address)
		if err := db.Write(context.Background(), put("a", 0)); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		var failed atomic.Int32
		for range 64 {
			all.Go(func() {
				for range 10 {
					err := db.Write(context.Background(), func(tx *database.Tx) error {
						return tx.Exec(`UPDATE ledger SET balance = balance + 1 WHERE name = 'a'`).Error
					})
					if err != nil {
						failed.Add(1)
					}
				}
			})
		}
		all.Wait()
		if got := balances(t, db); got != "a=640" || failed.Load() != 0 {
			t.Fatalf("%s, %d failed", got, failed.Load())
		}
	})
}

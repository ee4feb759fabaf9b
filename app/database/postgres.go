package database

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

const (
	postgresWriters = 32
	postgresReaders = 16
	deadlockTries   = 5
)

// openPostgres opens a pool that writes and a pool that can only read.
func openPostgres(ctx context.Context, address string, now func() time.Time) (*DB, error) {
	write, closeWrite, err := postgresPool(address, "off", postgresWriters, now)
	if err != nil {
		return nil, err
	}
	pool, err := write.DB()
	if err == nil {
		err = migrate(ctx, pool, Postgres)
	}
	if err != nil {
		return nil, errors.Join(err, closeWrite())
	}
	read, closeRead, err := postgresPool(address, "on", postgresReaders, now)
	if err != nil {
		return nil, errors.Join(err, closeWrite())
	}
	return &DB{
		Dialect: Postgres, read: read, now: now,
		write: func(ctx context.Context, fn func(*Tx) error) error { return transact(ctx, write, now, fn) },
		clean: func(context.Context) error { return nil },
		close: func() error { return errors.Join(closeRead(), closeWrite()) },
	}, nil
}

func postgresPool(address, readOnly string, size int, now func() time.Time) (*gorm.DB, func() error, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, nil, errors.New("the database address cannot be read") // the cause would show its password
	}
	q := u.Query()
	q.Set("timezone", "UTC")
	q.Set("default_transaction_read_only", readOnly)
	q.Set("jit", "off") // for a chunk of 5,000 contacts it compiled for 6 s what ran in 0.6 s
	u.RawQuery = q.Encode()
	db, err := gorm.Open(postgres.Open(u.String()), gormConfig(now, false))
	if err != nil {
		return nil, nil, fmt.Errorf("open PostgreSQL at %s: %w", u.Host, err)
	}
	pool, err := db.DB()
	if err != nil {
		return nil, nil, err
	}
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	return db, pool.Close, nil
}

// transact runs fn in a transaction at READ COMMITTED, again where PostgreSQL broke a deadlock at its expense.
func transact(ctx context.Context, db *gorm.DB, now func() time.Time, fn func(*Tx) error) error {
	var after []func()
	var err error
	for range deadlockTries {
		err = guarded(func() error {
			return db.WithContext(ctx).Transaction(func(g *gorm.DB) error {
				tx := &Tx{DB: g.Session(&gorm.Session{NewDB: true, Context: context.WithoutCancel(ctx)}), dialect: Postgres, now: now}
				err := fn(tx)
				after = tx.after
				return err
			})
		})
		if !isDeadlock(err) {
			break
		}
	}
	if err != nil {
		return err
	}
	for _, f := range after {
		f()
	}
	return nil
}

// isDeadlock: SQLSTATE 40P01 (deadlock detected) and 40001 (serialization failure).
func isDeadlock(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pg.Code == "40P01" || pg.Code == "40001")
}

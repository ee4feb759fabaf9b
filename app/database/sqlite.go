package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
)

// openSQLite opens a file with one connection that writes and a few that can only read.
func openSQLite(ctx context.Context, path string, now func() time.Time) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make a folder for the database: %w", err)
	}
	writing, err := sql.Open("sqlite3", sqliteDSN(path, false))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	writing.SetMaxOpenConns(1)
	if err := prepareSQLite(ctx, writing, path); err != nil {
		return nil, errors.Join(err, writing.Close())
	}
	w, err := newWriter(ctx, writing, now)
	if err != nil {
		return nil, errors.Join(err, writing.Close())
	}
	read, err := gorm.Open(sqlite.Open(sqliteDSN(path, true)), gormConfig(now, true))
	if err != nil {
		w.close()
		return nil, errors.Join(fmt.Errorf("open %s for reading: %w", path, err), writing.Close())
	}
	pool, err := read.DB()
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(max(4, 2*runtime.NumCPU()))
	pool.SetMaxIdleConns(max(4, 2*runtime.NumCPU()))
	return &DB{
		Dialect: SQLite, Path: path, read: read, write: w.write, clean: w.clean, now: now, queued: func() int { return len(w.queue) },
		close: func() error {
			w.close()
			return errors.Join(pool.Close(), writing.Close())
		},
	}, nil
}

func prepareSQLite(ctx context.Context, db *sql.DB, path string) error {
	var fts bool
	if err := db.QueryRowContext(ctx, "SELECT sqlite_compileoption_used('ENABLE_FTS5')").Scan(&fts); err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	if !fts {
		return errors.New("this program was built without full-text search: build it with `make build`, or with -tags sqlite_fts5")
	}
	return migrate(ctx, db, SQLite)
}

// sqliteDSN: WAL so that readers never wait for the writer; synchronous=FULL so that a commit that was answered
// survives a power cut; immediate, because a transaction that starts reading and then writes fails when busy;
// secure_delete so that what was erased is overwritten in the file. A connection that reads keeps 8 MB of pages, for lists
// of staff; the one that writes SQLite's own 2 MB.
func sqliteDSN(path string, readOnly bool) string {
	q := url.Values{
		"_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_foreign_keys": {"on"},
		"_busy_timeout": {"10000"}, "_txlock": {"immediate"}, "_secure_delete": {"on"},
	}
	if readOnly {
		q.Set("_query_only", "on")
		q.Set("_cache_size", "-8192")
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// resolve reads the path of a sqlite:/// address: absolute where its first folder stands at the root of this
// machine, else below the working folder, so that both sqlite:///data/x.db and sqlite:///srv/x.db do what they say.
func resolve(path string) string {
	first, _, nested := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if nested {
		if info, err := os.Stat("/" + first); err == nil && info.IsDir() {
			return path
		}
	}
	return strings.TrimPrefix(path, "/")
}

func stack() string { return string(debug.Stack()) }

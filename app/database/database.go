// Package database opens SQLite or PostgreSQL and gives the program two ways in: Read, from a pool that cannot
// write, and Write, a transaction. Which of the two databases it is shows in one place only, ForUpdate.
//
// Times are kept in UTC to the microsecond, which is what both databases can hold.
package database

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Dialect names the database in use.
type Dialect string

// The two databases.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// DB is an open database. It is safe for use by many goroutines.
type DB struct {
	Dialect Dialect
	Path    string // of the file; "" on PostgreSQL

	read  *gorm.DB
	write func(ctx context.Context, fn func(*Tx) error) error
	clean func(ctx context.Context) error
	close func() error
	now   func() time.Time
	// queued is how many writes wait for their turn; nil where writes do not queue.
	queued func() int
}

// Tx is a transaction that can be written in. It must not be used after its function has returned, nor may
// that function call Write, reach the network, or change anything outside itself that a second run would
// spoil: a group that is lost, or a deadlock, runs it again.
type Tx struct {
	*gorm.DB
	dialect Dialect
	now     func() time.Time
	after   []func()
}

// Open opens the database named by a URL (sqlite:///path/file.db or postgres://…) and brings its tables up to
// date. now is the clock; nil means the real one.
func Open(ctx context.Context, url string, now func() time.Time) (*DB, error) {
	if now == nil {
		now = time.Now
	}
	clock := func() time.Time { return now().UTC().Truncate(time.Microsecond) }
	if path, ok := strings.CutPrefix(url, "sqlite://"); ok {
		return openSQLite(ctx, sqlitePath(path), clock)
	}
	if strings.HasPrefix(url, "postgres://") {
		return openPostgres(ctx, url, clock)
	}
	return nil, errors.New("the database must be sqlite:///path/file.db or postgres://…")
}

// sqlitePath takes sqlite:///data/x.db as data/x.db below the working folder, and sqlite:////srv/x.db or any
// path whose first folder exists at the root as absolute.
func sqlitePath(path string) string {
	if strings.HasPrefix(path, "//") {
		return path[1:]
	}
	return resolve(path)
}

// Now is the present instant by the program's clock: UTC, whole microseconds.
func (db *DB) Now() time.Time { return db.now() }

// Read gives a session that can only read. It sees what was committed before each of its queries.
func (db *DB) Read(ctx context.Context) *gorm.DB { return db.read.WithContext(ctx) }

// Write runs fn in a transaction and returns after the commit is durable. If fn returns an error or panics,
// nothing of it remains and that error (for a panic, one that tells of it) is returned. A ctx that ends while fn
// waits its turn stops it from starting; once started it is not interrupted.
func (db *DB) Write(ctx context.Context, fn func(tx *Tx) error) error { return db.write(ctx, fn) }

// Close waits for what is being written and closes the database.
func (db *DB) Close() error { return db.close() }

// Now is the present instant by the program's clock: UTC, whole microseconds.
func (tx *Tx) Now() time.Time { return tx.now() }

// AfterCommit has f called once the transaction is durable; not at all if it is rolled back. f must be quick.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }

// ForUpdate is what a SELECT ends with to lock its rows until the commit. On SQLite it is empty: a Write is the
// only one there.
func (tx *Tx) ForUpdate() string { return forUpdate(tx.dialect, " FOR UPDATE") }

// SkipLocked is ForUpdate for takers who share out rows among them: rows that another holds are passed over.
func (tx *Tx) SkipLocked() string { return forUpdate(tx.dialect, " FOR UPDATE SKIP LOCKED") }

func forUpdate(d Dialect, clause string) string {
	if d == Postgres {
		return clause
	}
	return ""
}

// translate gives the database's own words for a broken unique constraint gorm's name, which both databases share.
func (tx *Tx) translate(err error) error {
	if err == nil {
		return nil
	}
	if t, ok := tx.Dialector.(gorm.ErrorTranslator); ok {
		return t.Translate(err)
	}
	return err
}

// IsDuplicate says whether err comes of a unique constraint: the row is there already.
func IsDuplicate(err error) bool { return errors.Is(err, gorm.ErrDuplicatedKey) }

// IsNotFound says whether err means that no row fits.
func IsNotFound(err error) bool { return errors.Is(err, gorm.ErrRecordNotFound) }

// First scans the one row a query gives into dest, a pointer to a struct, and returns gorm.ErrRecordNotFound where
// there is none: not found is an error, never an empty struct.
func First(query *gorm.DB, dest any) error {
	result := query.Scan(dest)
	if result.Error != nil {
		return result.Error
	}
	if result.RowsAffected == 0 {
		return gorm.ErrRecordNotFound
	}
	return nil
}

func gormConfig(now func() time.Time, prepare bool) *gorm.Config {
	return &gorm.Config{
		NowFunc:                now,
		PrepareStmt:            prepare,
		SkipDefaultTransaction: true,
		TranslateError:         true,
		Logger:                 logger.Discard, // errors are returned, and logged once at the edge
		QueryFields:            true,
	}
}

// guarded runs fn and turns a panic into an error, so that it can be rolled back and told to its caller alone.
func guarded(fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked(p)
		}
	}()
	return fn()
}

func panicked(p any) error { return fmt.Errorf("panic in a write: %v\n%s", p, stack()) }

// Package databasetest gives tests a fresh database of each kind: a real SQLite file, and a real PostgreSQL
// database in the server that TEST_POSTGRES names (`make test` starts one).
package databasetest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"conversations/app/database"
)

// Each runs a test on SQLite and on PostgreSQL. It is given the address of a database with all tables and nothing in
// them; what is opened with Open is closed after the test.
func Each(t *testing.T, test func(t *testing.T, address string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// SQLite returns the address of a file with all tables and nothing in them, in a folder that goes with the test.
func SQLite(t testing.TB) string {
	t.Helper()
	address := NewSQLite(t)
	if err := os.WriteFile(strings.TrimPrefix(address, "sqlite:///"), tables(t), 0o600); err != nil {
		t.Fatal(err)
	}
	return address
}

// NewSQLite returns the address of a file that does not exist yet, in a folder that goes with the test.
func NewSQLite(t testing.TB) string {
	t.Helper()
	return "sqlite:///" + filepath.Join(t.TempDir(), "test.db")
}

var made struct {
	once sync.Once
	file []byte
}

// tables is a file with all tables: they are made once, and copied.
func tables(t testing.TB) []byte {
	t.Helper()
	made.once.Do(func() {
		address := NewSQLite(t)
		db, err := database.Open(context.Background(), address, nil)
		if err == nil {
			err = db.Close()
		}
		if err == nil {
			made.file, err = os.ReadFile(strings.TrimPrefix(address, "sqlite:///"))
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	return made.file
}

// Open opens the database at address by the given clock (nil: the real one) and closes it after the test.
func Open(t testing.TB, address string, now func() time.Time) *database.DB {
	t.Helper()
	db, err := database.Open(context.Background(), address, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

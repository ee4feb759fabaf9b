// Package databasetest gives tests a fresh database of each kind: a real SQLite file, and a real PostgreSQL
// database in the server that TEST_POSTGRES names (`make test` starts one).
package databasetest

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"conversations/app/database"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// ServerVariable names the environment variable with the address of a PostgreSQL server that tests may make
// databases in.
const ServerVariable = "TEST_POSTGRES"

// Each runs a test on SQLite and on PostgreSQL. It is given the address of a new, empty database; what is opened
// with Open is closed after the test.
func Each(t *testing.T, test func(t *testing.T, address string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// SQLite returns the address of a file that does not exist yet, in a folder that goes with the test.
func SQLite(t testing.TB) string {
	t.Helper()
	return "sqlite:///" + filepath.Join(t.TempDir(), "test.db")
}

// Postgres makes a database and returns its address; it is dropped after the test. Where there is no server the
// test is skipped, or, with CI=true, fails.
func Postgres(t testing.TB) string {
	t.Helper()
	server := os.Getenv(ServerVariable)
	if server == "" {
		const why = "LEFT OUT: PostgreSQL, because " + ServerVariable + " names no server (`make test` starts one)"
		if os.Getenv("CI") == "true" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	admin, err := gorm.Open(postgres.Open(server), &gorm.Config{Logger: logger.Discard})
	if err != nil {
		t.Fatalf("connect to the test server: %v", err)
	}
	name := "t_" + strings.ToLower(rand.Text())
	if err := admin.Exec("CREATE DATABASE " + name).Error; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		admin.Exec("DROP DATABASE " + name + " WITH (FORCE)")
		if pool, err := admin.DB(); err == nil {
			_ = pool.Close()
		}
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
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

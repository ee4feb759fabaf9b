package databasetest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"testing"

	"conversations/app/database"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// ServerVariable names the environment variable with the address of a PostgreSQL server that tests may make
// databases in.
const ServerVariable = "TEST_POSTGRES"

// Postgres makes a database with all tables and nothing in them and returns its address; it is dropped after the test.
// Where there is no server the test is skipped, or, with CI=true, fails.
func Postgres(t testing.TB) string {
	t.Helper()
	s := connect(t)
	return s.create(t, "t_"+strings.ToLower(rand.Text()), s.template(t))
}

// NewPostgres is Postgres without tables.
func NewPostgres(t testing.TB) string {
	t.Helper()
	return connect(t).create(t, "t_"+strings.ToLower(rand.Text()), "template1")
}

// server is the PostgreSQL server that tests make databases in.
type server struct {
	address string
	admin   *gorm.DB
}

func connect(t testing.TB) server {
	t.Helper()
	address := os.Getenv(ServerVariable)
	if address == "" {
		const why = "LEFT OUT: PostgreSQL, because " + ServerVariable + " names no server (`make test` starts one)"
		if os.Getenv("CI") == "true" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	admin, err := gorm.Open(postgres.Open(address), &gorm.Config{Logger: logger.Discard})
	if err != nil {
		t.Fatalf("connect to the test server: %v", err)
	}
	t.Cleanup(func() {
		if pool, err := admin.DB(); err == nil {
			_ = pool.Close()
		}
	})
	return server{address, admin}
}

// create makes a database as another is, for as long as the test.
func (s server) create(t testing.TB, name, like string) (address string) {
	t.Helper()
	text := "CREATE DATABASE " + name + " TEMPLATE " + like
	if s.copies(t) {
		text += " STRATEGY FILE_COPY" // and not through the log, which takes twice as long
	}
	if err := s.admin.Exec(text).Error; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.admin.Exec("DROP DATABASE " + name + " WITH (FORCE)") })
	return s.at(t, name)
}

// copies says whether the server can be told to copy the files of a database: PostgreSQL 15 was the first.
func (s server) copies(t testing.TB) (can bool) {
	t.Helper()
	if err := s.admin.Raw(`SELECT current_setting('server_version_num')::integer >= 150000`).Scan(&can).Error; err != nil {
		t.Fatal(err)
	}
	return can
}

func (s server) at(t testing.TB, name string) string {
	t.Helper()
	u, err := url.Parse(s.address)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

// template names a database that has all tables. The first of all processes that asks makes it; the rest wait.
func (s server) template(t testing.TB) (name string) {
	t.Helper()
	name = "conversations_" + digest(t)
	err := s.admin.Connection(func(only *gorm.DB) error {
		if err := only.Exec(`SELECT pg_advisory_lock(20170228)`).Error; err != nil {
			return err
		}
		defer only.Exec(`SELECT pg_advisory_unlock(20170228)`)
		var there int
		if err := only.Raw(`SELECT count(*) FROM pg_database WHERE datname = ?`, name).Scan(&there).Error; err != nil || there > 0 {
			return err
		}
		if err := only.Exec("CREATE DATABASE " + name + "_making").Error; err != nil {
			return err
		}
		db, err := database.Open(context.Background(), s.at(t, name+"_making"), nil)
		if err != nil {
			return err
		}
		if err := db.Close(); err != nil {
			return err
		}
		return only.Exec("ALTER DATABASE " + name + "_making RENAME TO " + name).Error
	})
	if err != nil {
		t.Fatalf("make the tables once: %v", err)
	}
	return name
}

// digest tells the tables of one version of the program from those of another.
func digest(t testing.TB) string {
	t.Helper()
	files, err := database.Migrations(database.Postgres)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.New()
	err = fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, path)
		fmt.Fprintf(sum, "%s %d ", path, len(text))
		sum.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", sum.Sum(nil)[:8])
}

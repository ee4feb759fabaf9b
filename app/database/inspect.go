package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
)

// Inspect looks at a database as it is, changing nothing, and names in plain words what is wrong with it: damage,
// rows that refer to nothing, tables of another version. The error is that it could not be looked at.
func Inspect(ctx context.Context, address string) (problems []string, err error) {
	dialect, look := Postgres, inspectPostgres
	if File(address) != "" {
		dialect, look = SQLite, inspectSQLite
	}
	err = Look(address, func(db *sql.DB) error {
		if problems, err = look(ctx, db); err != nil {
			return err
		}
		problems = append(problems, oldTables(ctx, db, dialect)...)
		return nil
	})
	return problems, err
}

// Look opens a database as it is, without bringing its tables up to date. One that is not there is an error.
func Look(address string, f func(db *sql.DB) error) error {
	source, driver := address, "pgx"
	if file := File(address); file != "" {
		if _, err := os.Stat(file); err != nil {
			return fmt.Errorf("find the database: %w", err)
		}
		source, driver = sqliteAsIs(file, "rw"), "sqlite3" // reading a log that was left behind needs the right to write
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		return err
	}
	return errors.Join(f(db), db.Close())
}

func oldTables(ctx context.Context, db *sql.DB, dialect Dialect) []string {
	known, err := lastVersion(dialect)
	if err != nil {
		return []string{err.Error()}
	}
	version, err := versionOf(ctx, db)
	switch {
	case err != nil:
		return []string{"the database has no tables of this program: run `conversations migrate`"}
	case version < known:
		return []string{"the tables are of an older version: run `conversations migrate`"}
	case version > known:
		return []string{"the tables are of a newer version of the program than this one"}
	}
	return nil
}

// File is the path of SQLite's file that an address names; "" for PostgreSQL.
func File(address string) string {
	path, ok := strings.CutPrefix(address, "sqlite://")
	if !ok {
		return ""
	}
	return sqlitePath(path)
}

func sqliteAsIs(path, mode string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?_busy_timeout=10000&mode=" + mode
}

func inspectSQLite(ctx context.Context, db *sql.DB) (problems []string, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }()
	found, err := texts(ctx, conn, `PRAGMA integrity_check(20)`)
	if err != nil {
		return []string{"the database is damaged: " + err.Error()}, nil
	}
	for _, line := range found {
		if line != "ok" {
			problems = append(problems, "the database is damaged: "+line)
		}
	}
	lost, err := texts(ctx, conn, `SELECT "table" || ' row ' || coalesce(rowid, 0) || ' refers to a row of ' || parent || ' that is not there' FROM pragma_foreign_key_check LIMIT 20`)
	return append(problems, lost...), err
}

// inspectPostgres reads every row once, so that a damaged page is found, and looks for constraints that do not hold.
func inspectPostgres(ctx context.Context, db *sql.DB) (problems []string, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	defer func() { _ = conn.Close() }()
	tables, err := texts(ctx, conn, `SELECT quote_ident(table_name) FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY 1`)
	if err != nil {
		return nil, err
	}
	for _, table := range tables {
		var bytes sql.NullInt64
		if err := conn.QueryRowContext(ctx, `SELECT sum(length(t::text)) FROM `+table+` t`).Scan(&bytes); err != nil {
			problems = append(problems, "the table "+table+" cannot be read: "+err.Error())
		}
	}
	lost, err := texts(ctx, conn, `SELECT conrelid::regclass || ': ' || conname || ' is not proven' FROM pg_constraint
		WHERE NOT convalidated AND connamespace = current_schema()::regnamespace`)
	more, again := texts(ctx, conn, `SELECT indexrelid::regclass || ' is a broken index: REINDEX it' FROM pg_index WHERE NOT indisvalid`)
	return append(append(problems, lost...), more...), errors.Join(err, again)
}

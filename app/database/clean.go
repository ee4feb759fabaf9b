package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// ErrReaders is what Clean returns where somebody reads for so long that the log beside the file cannot be emptied.
var ErrReaders = errors.New("somebody is still reading what was there before: clean again later")

// Clean removes from SQLite's file what was erased before: deleted words in search indexes, the space between rows,
// and the log beside the file. Writing waits meanwhile, some seconds for a large file. On PostgreSQL it does
// nothing: there the server's own vacuum gives the space back.
func (db *DB) Clean(ctx context.Context) error { return db.clean(ctx) }

func (w *writer) clean(ctx context.Context) error {
	refuseNesting()
	ctx = context.WithoutCancel(ctx) // half a VACUUM leaves what it was to remove
	m := &member{ctx: ctx, done: make(chan struct{}), alone: func(conn *sql.Conn) error { return cleanSQLite(ctx, conn) }}
	if err := w.ask(m); err != nil {
		return err
	}
	return m.err
}

func cleanSQLite(ctx context.Context, conn *sql.Conn) error {
	indexes, err := texts(ctx, conn, `SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'`)
	if err != nil {
		return fmt.Errorf("find the search indexes: %w", err)
	}
	for _, index := range indexes {
		// Only merging its parts into one drops the words of deleted rows from an index.
		if _, err := conn.ExecContext(ctx, `INSERT INTO "`+index+`"("`+index+`") VALUES ('optimize')`); err != nil {
			return fmt.Errorf("clean the search index %s: %w", index, err)
		}
	}
	if _, err := conn.ExecContext(ctx, `VACUUM`); err != nil {
		return fmt.Errorf("clean the file: %w", err)
	}
	var busy, inLog, moved int
	if err := conn.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &inLog, &moved); err != nil {
		return fmt.Errorf("empty the log beside the file: %w", err)
	}
	if busy != 0 {
		return ErrReaders
	}
	return nil
}

// texts runs a query of one column of text.
func texts(ctx context.Context, conn *sql.Conn, query string) (all []string, err error) {
	rows, err := conn.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

package database

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

// ErrControl is what a write is told that tries to begin or end a transaction by itself: it stands in one that it
// shares with others.
var ErrControl = errors.New("a write must not begin or end transactions")

// statementsKept bounds the prepared statements on the writing connection; past it all are let go and the cache
// starts anew, which is rare: the program has a fixed number of texts, save for lists in IN (…).
const statementsKept = 500

// statements is a gorm.ConnPool over the writing connection that prepares each text once. It is used by the
// writer's goroutine alone. Whoever walks a *sql.Rows by hand must close it before running the same text again.
type statements struct {
	conn *sql.Conn
	kept map[string]*sql.Stmt
}

// PrepareContext prepares a statement of the caller's own.
func (s *statements) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	return s.conn.PrepareContext(ctx, query)
}

// ExecContext runs a statement that gives no rows.
func (s *statements) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	stmt, err := s.keep(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(ctx, args...)
}

// QueryContext runs a query.
func (s *statements) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	stmt, err := s.keep(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

// QueryRowContext runs a query of which one row matters.
func (s *statements) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	stmt, err := s.keep(ctx, query)
	if err != nil {
		ended, end := context.WithCancel(ctx)
		end()
		return s.conn.QueryRowContext(ended, query) // a Row cannot be made by hand: this one carries an error
	}
	return stmt.QueryRowContext(ctx, args...)
}

// control begins or ends a transaction or a savepoint, which only the writer may.
func (s *statements) control(query string) error {
	stmt, err := s.prepared(context.Background(), query)
	if err != nil {
		return err
	}
	_, err = stmt.Exec()
	return err
}

func (s *statements) keep(ctx context.Context, query string) (*sql.Stmt, error) {
	if controls(query) {
		return nil, ErrControl
	}
	return s.prepared(ctx, query)
}

func (s *statements) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt, ok := s.kept[query]; ok {
		return stmt, nil
	}
	if len(s.kept) >= statementsKept {
		s.close()
	}
	stmt, err := s.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s.kept[query] = stmt
	return stmt, nil
}

// close lets all statements go. A connection that has one left stays open for SQLite, and its log beside the file.
func (s *statements) close() {
	for text, stmt := range s.kept {
		_ = stmt.Close()
		delete(s.kept, text)
	}
}

// controls says whether a statement begins or ends a transaction or a savepoint.
func controls(query string) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(query), " ")
	switch strings.ToUpper(strings.TrimRight(first, ";")) {
	case "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE":
		return true
	}
	return false
}

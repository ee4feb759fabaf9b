package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Result is what a statement did.
type Result struct {
	Error        error
	RowsAffected int64
}

// Exec runs a statement with ? for each argument, straight on the connection: on the paths where residents wait for
// one another, gorm's own Exec cost as much as the statement. A list as an argument (IN ?) goes through gorm.
func (tx *Tx) Exec(text string, args ...any) Result {
	if hasList(args) {
		done := tx.DB.Exec(text, args...)
		return Result{done.Error, done.RowsAffected}
	}
	done, err := tx.Statement.ConnPool.ExecContext(tx.context(), tx.placed(text), args...)
	if err != nil {
		return Result{Error: tx.translate(err)}
	}
	rows, err := done.RowsAffected()
	return Result{err, rows}
}

// Row runs a query of which the first row matters, straight on the connection; its Scan gives sql.ErrNoRows where
// there is none.
func (tx *Tx) Row(text string, args ...any) *sql.Row {
	return tx.Statement.ConnPool.QueryRowContext(tx.context(), tx.placed(text), args...)
}

// Rows runs a query straight on the connection. Whoever calls it closes the rows.
func (tx *Tx) Rows(text string, args ...any) (*sql.Rows, error) {
	rows, err := tx.Statement.ConnPool.QueryContext(tx.context(), tx.placed(text), args...)
	return rows, tx.translate(err)
}

// Insert runs an INSERT that ends in RETURNING id and returns the id; sql.ErrNoRows where ON CONFLICT did nothing.
func (tx *Tx) Insert(text string, args ...any) (id int64, err error) {
	err = tx.Row(text, args...).Scan(&id)
	return id, tx.translate(err)
}

// Among is a condition on a number and its one argument: "id" + condition is true where id is one of ids. However many
// there are, the text is the same, so that it is prepared once.
func (tx *Tx) Among(ids []int64) (condition string, arg string) {
	list := make([]byte, 0, 8*len(ids))
	for i, id := range ids {
		if i > 0 {
			list = append(list, ',')
		}
		list = strconv.AppendInt(list, id, 10)
	}
	if tx.dialect == Postgres {
		return " = ANY (CAST(? AS bigint[]))", "{" + string(list) + "}"
	}
	return " IN (SELECT value FROM json_each(?))", "[" + string(list) + "]"
}

func (tx *Tx) context() context.Context { return tx.Statement.Context }

func hasList(args []any) bool {
	for _, arg := range args {
		switch arg.(type) {
		case nil, string, int, int64, bool, []byte:
			continue
		}
		if reflect.TypeOf(arg).Kind() == reflect.Slice {
			return true
		}
	}
	return false
}

// placed gives a text the marks of the database: ? on SQLite, $1, $2, … on PostgreSQL.
func (tx *Tx) placed(text string) string {
	if tx.dialect == SQLite {
		return text
	}
	if numbered, ok := numbered.Load(text); ok {
		return numbered.(string)
	}
	out := number(text)
	numbered.Store(text, out)
	return out
}

// numbered keeps what number made of each text of the program. The texts are constants, so it does not grow; lists
// of varying length go through gorm.
var numbered sync.Map

// number replaces each ? outside quotation marks by $1, $2, ….
func number(text string) string {
	var out strings.Builder
	n, quoted := 0, false
	for _, r := range text {
		switch {
		case r == '\'':
			quoted = !quoted
		case r == '?' && !quoted:
			n++
			fmt.Fprintf(&out, "$%d", n)
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

// manyRows is how many rows one statement of ExecMany holds at the most: less, and the calls cost more than the rows.
const manyRows = 64

// ExecMany runs a statement over many rows, as in INSERT INTO t (a, b) VALUES (?, ?), (?, ?), …: begin is what comes
// before the rows, row the text of one, end what comes after. It needs few texts: as many rows as are a power of two, the
// most first. affected is the sum over all.
func (tx *Tx) ExecMany(begin, row, end string, rows [][]any) (affected int64, err error) {
	err = inPowers(rows, func(some [][]any) error {
		done := tx.Exec(manyText(begin, row, end, len(some)), slices.Concat(some...)...)
		affected += done.RowsAffected
		return done.Error
	})
	return affected, err
}

// QueryMany is ExecMany for a statement that gives rows back (RETURNING); scan is called for each.
func (tx *Tx) QueryMany(begin, row, end string, rows [][]any, scan func(*sql.Rows) error) error {
	return inPowers(rows, func(some [][]any) (err error) {
		found, err := tx.Rows(manyText(begin, row, end, len(some)), slices.Concat(some...)...)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, found.Close()) }()
		for found.Next() {
			if err := scan(found); err != nil {
				return err
			}
		}
		return tx.translate(found.Err())
	})
}

func inPowers(rows [][]any, run func([][]any) error) error {
	for size := manyRows; len(rows) > 0; {
		for size > len(rows) {
			size /= 2
		}
		if err := run(rows[:size]); err != nil {
			return err
		}
		rows = rows[size:]
	}
	return nil
}

func manyText(begin, row, end string, n int) string {
	return begin + strings.Repeat(row+", ", n-1) + row + end
}

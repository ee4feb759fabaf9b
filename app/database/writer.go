package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/mattn/go-sqlite3"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
)

// groupSize is how many writes share one commit at the most. A commit waits for the disk; who comes meanwhile
// goes together in the next, so that sixty-four people who book at once wait for the disk once.
const groupSize = 64

// ErrLost is what a write is told that made the database give up the transaction it ran in (a full disk, an OR
// ROLLBACK). Its neighbours are run again without it.
var ErrLost = errors.New("this write lost the transaction it ran in")

// ErrNested is what a Write inside a Write panics with: it would wait for itself.
var ErrNested = errors.New("database: Write was called inside a Write")

// ErrClosed is returned by a Write to a closed database.
var ErrClosed = errors.New("the database is closed")

// writer is the one place where SQLite is written. Requests queue; up to groupSize of them run in one
// transaction, each in a savepoint of its own, and all are answered after the commit.
type writer struct {
	conn  *sql.Conn
	pool  *statements
	base  *gorm.DB
	now   func() time.Time
	queue chan *member
	done  chan struct{}

	closing sync.RWMutex
	closed  bool
}

// member is one Write in a group.
type member struct {
	ctx   context.Context
	fn    func(*Tx) error
	after []func()
	err   error
	done  chan struct{}
	// alone, instead of fn, runs on the connection with no transaction open.
	alone func(*sql.Conn) error
}

func newWriter(ctx context.Context, db *sql.DB, now func() time.Time) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("open the writing connection: %w", err)
	}
	pool := &statements{conn: conn, kept: map[string]*sql.Stmt{}}
	base, err := gorm.Open(sqlite.New(sqlite.Config{Conn: pool}), gormConfig(now, false))
	if err != nil {
		return nil, fmt.Errorf("open the writing connection: %w", err)
	}
	w := &writer{conn: conn, pool: pool, base: base, now: now, queue: make(chan *member, 4*groupSize), done: make(chan struct{})}
	go w.run()
	return w, nil
}

// write queues fn and waits for its answer. See DB.Write.
func (w *writer) write(ctx context.Context, fn func(*Tx) error) error {
	refuseNesting()
	m := &member{ctx: ctx, fn: fn, done: make(chan struct{})}
	if err := w.ask(m); err != nil {
		return err
	}
	if m.err == nil {
		for _, f := range m.after {
			f()
		}
	}
	return m.err
}

// ask queues a member and waits until it was served.
func (w *writer) ask(m *member) error {
	if err := w.enqueue(m); err != nil {
		return err
	}
	<-m.done
	return nil
}

func (w *writer) enqueue(m *member) error {
	w.closing.RLock()
	defer w.closing.RUnlock()
	if w.closed {
		return ErrClosed
	}
	select {
	case w.queue <- m:
		return nil
	case <-m.ctx.Done():
		return m.ctx.Err()
	}
}

func (w *writer) close() {
	w.closing.Lock()
	already := w.closed
	w.closed = true
	w.closing.Unlock()
	if !already {
		close(w.queue)
	}
	<-w.done
}

func (w *writer) run() {
	defer close(w.done)
	defer func() {
		w.pool.close()
		_ = w.conn.Close()
	}()
	for first := range w.queue {
		group := w.gather(first)
		w.serve(group)
		for _, m := range group {
			close(m.done)
		}
	}
}

// gather takes whoever waits already; it never waits for more.
func (w *writer) gather(first *member) []*member {
	group := []*member{first}
	for len(group) < groupSize {
		select {
		case m, ok := <-w.queue:
			if !ok {
				return group
			}
			group = append(group, m)
		default:
			return group
		}
	}
	return group
}

// serve commits the group. A member that lost the transaction is told so and left out, and the others run
// again in their order; where the commit itself is refused, each runs alone, so that only the guilty one fails.
// Who must be alone comes after the commit.
func (w *writer) serve(group []*member) {
	group, apart := split(group)
	defer func() {
		for _, m := range apart {
			m.err = guarded(func() error { return m.alone(w.conn) })
		}
	}()
	for len(group) > 0 {
		culprit, err := w.attempt(group)
		switch {
		case err == nil:
			return
		case culprit >= 0:
			group[culprit].err = errors.Join(ErrLost, err)
			group = append(append([]*member{}, group[:culprit]...), group[culprit+1:]...)
		case len(group) == 1:
			group[0].err = err
			return
		default:
			for _, m := range group {
				w.serve([]*member{m})
			}
			return
		}
	}
}

// split sets apart those that cannot run in a transaction.
func split(group []*member) (together, apart []*member) {
	for _, m := range group {
		if m.alone != nil {
			apart = append(apart, m)
		} else {
			together = append(together, m)
		}
	}
	return together, apart
}

// attempt runs the members in one transaction. On an error nothing of it remains; culprit is the member that
// lost the transaction, or -1 where the beginning or the commit failed.
func (w *writer) attempt(group []*member) (culprit int, err error) {
	if err := w.pool.control("BEGIN IMMEDIATE"); err != nil {
		return -1, fmt.Errorf("begin: %w", err)
	}
	for i, m := range group {
		m.err, m.after = nil, nil
		if m.err = m.ctx.Err(); m.err != nil {
			continue // its client went away while it waited
		}
		if err := w.member(m); err != nil {
			return i, errors.Join(err, w.rollback())
		}
	}
	if err := w.pool.control("COMMIT"); err != nil {
		return -1, errors.Join(fmt.Errorf("commit: %w", err), w.rollback())
	}
	return -1, nil
}

// member runs one member in a savepoint. An error means that the whole transaction is gone or cannot be trusted.
func (w *writer) member(m *member) error {
	if err := w.pool.control("SAVEPOINT member"); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	tx := &Tx{DB: w.base.WithContext(context.WithoutCancel(m.ctx)), dialect: SQLite, now: w.now}
	m.err = guarded(func() error { return m.fn(tx) })
	m.after = tx.after
	if w.lost() {
		return fmt.Errorf("the transaction is gone: %w", errors.Join(m.err))
	}
	if m.err != nil {
		if err := w.pool.control("ROLLBACK TO member"); err != nil {
			return fmt.Errorf("roll back to the savepoint: %w", err)
		}
	}
	if err := w.pool.control("RELEASE member"); err != nil {
		return fmt.Errorf("release the savepoint: %w", err)
	}
	return nil
}

// lost says whether the connection has fallen out of its transaction.
func (w *writer) lost() (lost bool) {
	err := w.conn.Raw(func(c any) error {
		lost = c.(*sqlite3.SQLiteConn).AutoCommit()
		return nil
	})
	return lost || err != nil
}

func (w *writer) rollback() error {
	if w.lost() {
		return nil
	}
	return w.pool.control("ROLLBACK")
}

// refuseNesting panics when it is called from inside a member: members run on the writer's own goroutine, so a
// Write there would stop all writing for good.
func refuseNesting() {
	var pcs [96]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for {
		frame, more := frames.Next()
		if strings.HasSuffix(frame.Function, "database.(*writer).member") {
			panic(ErrNested)
		}
		if !more {
			return
		}
	}
}

package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"sync/atomic"
	"time"
)

const (
	bookingsAtOnce   = 64
	bookingsPerRound = 4000
	benchEvents      = 40 // each with fewer bookings, as in life
)

// bookings compares bookings over HTTP, durable, with as little as can be done for the same rows: prepared SQL, one
// commit per booking, on the same disk.
func bookings(ctx context.Context) (row, error) {
	var slugs []string
	for i := range benchEvents {
		slugs = append(slugs, fmt.Sprintf("bench-%d", i))
	}
	s, err := startSite(ctx, slugs, 100000)
	if err != nil {
		return row{}, err
	}
	defer s.stop()
	limit, err := newLedger(filepath.Join(s.folder, "limit.db"))
	if err != nil {
		return row{}, err
	}
	defer func() { _ = limit.db.Close() }()
	var people atomic.Int64
	ours := func() (float64, error) {
		return load(s.addr, bookingsAtOnce, bookingsPerRound, 303, func(int) []byte {
			n := people.Add(1)
			return bookingRequest(s.addr, slugs[n%benchEvents], n)
		})
	}
	a, b, ratio, err := paired(ours, limit.run)
	return row{
		what: "bookings over HTTP, 64 at once, durable", ours: fmt.Sprintf("%.0f/s", a), limit: fmt.Sprintf("%.0f/s", b), ratio: ratio, goal: 0.5,
	}, err
}

func bookingRequest(addr, slug string, n int64) []byte {
	body := url.Values{
		"name": {fmt.Sprintf("Resident Example %d", n)}, "email": {fmt.Sprintf("resident%d@residents.example", n)}, "party_size": {fmt.Sprint(1 + n%3)},
	}.Encode()
	return fmt.Appendf(nil, "POST /events/%s/book HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		slug, addr, len(body), body)
}

// ledger is the limit: the same reads and rows as a booking, by hand.
type ledger struct {
	db *sql.DB
	n  int
}

func newLedger(path string) (*ledger, error) {
	db, err := sql.Open("sqlite3", "file:"+path+"?_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	_, err = db.Exec(`
		CREATE TABLE events (id INTEGER PRIMARY KEY, capacity INTEGER NOT NULL);
		CREATE TABLE bookings (id INTEGER PRIMARY KEY, event_id INTEGER NOT NULL REFERENCES events (id), reference TEXT NOT NULL UNIQUE, status TEXT NOT NULL,
			people INTEGER NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL, created_at DATETIME NOT NULL);
		CREATE INDEX bookings_places ON bookings (event_id, status, people);
		CREATE UNIQUE INDEX bookings_once ON bookings (event_id, email, name);
		CREATE TABLE attendees (id INTEGER PRIMARY KEY, booking_id INTEGER NOT NULL REFERENCES bookings (id), name TEXT NOT NULL);
		CREATE TABLE mails (id INTEGER PRIMARY KEY, unique_key TEXT NOT NULL UNIQUE, content TEXT NOT NULL, next_try_at DATETIME NOT NULL);
		CREATE TABLE audit_entries (id INTEGER PRIMARY KEY, at DATETIME NOT NULL, action TEXT NOT NULL, entity_id INTEGER NOT NULL);`)
	for i := range benchEvents {
		if err == nil {
			_, err = db.Exec(`INSERT INTO events (id, capacity) VALUES (?, 100000)`, i)
		}
	}
	return &ledger{db: db}, err
}

// run books one after the other, each in a transaction of its own.
func (l *ledger) run() (float64, error) {
	texts := []string{
		`SELECT capacity FROM events WHERE id = ?`, `SELECT coalesce(sum(people), 0) FROM bookings WHERE event_id = ? AND status = 'confirmed'`,
		`INSERT INTO bookings (event_id, reference, status, people, name, email, created_at) VALUES (?, ?, 'confirmed', ?, ?, ?, ?)`,
		`INSERT INTO attendees (booking_id, name) VALUES (?, ?)`, `INSERT INTO mails (unique_key, content, next_try_at) VALUES (?, ?, ?)`,
		`INSERT INTO audit_entries (at, action, entity_id) VALUES (?, 'booking.create', ?)`,
	}
	statements := make([]*sql.Stmt, len(texts))
	for i, text := range texts {
		var err error
		if statements[i], err = l.db.Prepare(text); err != nil {
			return 0, err
		}
		defer func() { _ = statements[i].Close() }()
	}
	began := time.Now()
	for range bookingsPerRound {
		l.n++
		if err := l.book(statements, l.n); err != nil {
			return 0, err
		}
	}
	return perSecond(bookingsPerRound, time.Since(began)), nil
}

// mailContent is as long as a confirmation's.
var mailContent = fmt.Sprintf("%02000d", 0)

func (l *ledger) book(statements []*sql.Stmt, n int) error {
	tx, err := l.db.Begin()
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	event, now, people := n%benchEvents, time.Now().UTC(), 1+n%3
	var capacity, taken int
	if err := tx.Stmt(statements[0]).QueryRow(event).Scan(&capacity); err != nil {
		return err
	}
	if err := tx.Stmt(statements[1]).QueryRow(event).Scan(&taken); err != nil {
		return err
	}
	name, email := fmt.Sprintf("Resident Example %d", n), fmt.Sprintf("resident%d@residents.example", n)
	result, err := tx.Stmt(statements[2]).Exec(event, fmt.Sprint("R", n), people, name, email, now)
	if err != nil {
		return err
	}
	id, err := result.LastInsertId()
	if err != nil {
		return err
	}
	for range people {
		if _, err := tx.Stmt(statements[3]).Exec(id, name); err != nil {
			return err
		}
	}
	if _, err := tx.Stmt(statements[4]).Exec(fmt.Sprint("booking:", id), mailContent, now); err != nil {
		return err
	}
	if _, err := tx.Stmt(statements[5]).Exec(now, id); err != nil {
		return err
	}
	return tx.Commit()
}

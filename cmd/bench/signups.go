package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"sync/atomic"
	"time"

	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/links"
)

const (
	signUpsAtOnce   = 64
	signUpsPerRound = 4000
)

// signUps compares sign-ups with double opt-in over HTTP, durable, with as little as can be done for the same rows:
// prepared SQL, one commit for the form and one for the confirmation, on the same disk.
func signUps(ctx context.Context) (row, error) {
	s, err := startSite(ctx, nil, 0)
	if err != nil {
		return row{}, err
	}
	defer s.stop()
	db, err := database.Open(ctx, s.cfg.Database.URL, nil)
	if err != nil {
		return row{}, err
	}
	defer func() { _ = db.Close() }()
	signer, err := links.New(ctx, db, s.cfg.BaseURL, "")
	if err != nil {
		return row{}, err
	}
	limit, err := newSignUpLedger(filepath.Join(s.folder, "limit.db"))
	if err != nil {
		return row{}, err
	}
	defer func() { _ = limit.db.Close() }()
	var people atomic.Int64
	a, b, ratio, err := paired(func() (float64, error) { return signUpAndConfirm(ctx, s.addr, db, signer, &people) }, limit.run)
	return row{
		what: "sign-ups with double opt-in over HTTP, 64 at once, durable", ours: fmt.Sprintf("%.0f/s", a), limit: fmt.Sprintf("%.0f/s", b), ratio: ratio, goal: 0.5,
	}, err
}

// signUpAndConfirm has so many people fill in the form, and then say yes, and gives the rate of both together. What it
// takes to find out the links that would come by mail is not counted.
func signUpAndConfirm(ctx context.Context, addr string, db *database.DB, signer *links.Signer, people *atomic.Int64) (float64, error) {
	asked, err := load(addr, signUpsAtOnce, signUpsPerRound, 303, func(int) []byte {
		form := url.Values{"email": {fmt.Sprintf("resident%d@residents.example", people.Add(1))}, "name": {"Resident Example"}, "localities": {"dacorum"}}
		return formRequest(addr, "/subscribe", form)
	})
	if err != nil {
		return 0, err
	}
	var ids []int64
	if err := db.Read(ctx).Raw(`SELECT id FROM subscription_requests WHERE confirmed_at IS NULL ORDER BY id`).Scan(&ids).Error; err != nil {
		return 0, err
	}
	if len(ids) != signUpsPerRound {
		return 0, fmt.Errorf("%d sign-ups wait, not %d", len(ids), signUpsPerRound)
	}
	confirmed, err := load(addr, signUpsAtOnce, signUpsPerRound, 303, func(i int) []byte {
		return formRequest(addr, "/subscribe/confirm/"+signer.Token(contacts.SignUpPurpose, ids[i]), nil)
	})
	return 1 / (1/asked + 1/confirmed), err
}

func formRequest(addr, path string, form url.Values) []byte {
	body := form.Encode()
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", path, addr, len(body), body)
}

// signUpLedger is the limit: the same reads and rows as a sign-up, by hand.
type signUpLedger struct {
	db *sql.DB
	n  int

	find, ask, queue, note, open, add, choose, give, done *sql.Stmt
}

func newSignUpLedger(path string) (*signUpLedger, error) {
	db, err := sql.Open("sqlite3", "file:"+path+"?_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	_, err = db.Exec(`
		CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE, created_at DATETIME NOT NULL);
		CREATE TABLE contact_localities (contact_id INTEGER NOT NULL REFERENCES contacts (id), locality TEXT NOT NULL, PRIMARY KEY (contact_id, locality));
		CREATE TABLE consents (id INTEGER PRIMARY KEY, contact_id INTEGER NOT NULL REFERENCES contacts (id), purpose TEXT NOT NULL, entry TEXT NOT NULL, wording TEXT NOT NULL, at DATETIME NOT NULL);
		CREATE INDEX consents_contact ON consents (contact_id, purpose, at);
		CREATE TABLE requests (id INTEGER PRIMARY KEY, email TEXT NOT NULL, name TEXT NOT NULL, wording TEXT NOT NULL, expires_at DATETIME NOT NULL, confirmed_at DATETIME);
		CREATE UNIQUE INDEX requests_pending ON requests (email) WHERE confirmed_at IS NULL;
		CREATE TABLE mails (id INTEGER PRIMARY KEY, unique_key TEXT NOT NULL UNIQUE, content TEXT NOT NULL, next_try_at DATETIME NOT NULL);
		CREATE TABLE audit_entries (id INTEGER PRIMARY KEY, at DATETIME NOT NULL, action TEXT NOT NULL, entity_id INTEGER NOT NULL);`)
	if err != nil {
		return nil, err
	}
	l := &signUpLedger{db: db}
	return l, l.prepare()
}

func (l *signUpLedger) prepare() (err error) {
	for _, one := range []struct {
		into **sql.Stmt
		text string
	}{
		{&l.find, `SELECT id FROM contacts WHERE email = ?`},
		{&l.ask, `INSERT INTO requests (email, name, wording, expires_at) VALUES (?, 'Resident Example', 'Please send me updates.', ?)`},
		{&l.queue, `INSERT INTO mails (unique_key, content, next_try_at) VALUES (?, ?, ?)`},
		{&l.note, `INSERT INTO audit_entries (at, action, entity_id) VALUES (?, 'subscription', ?)`},
		{&l.open, `SELECT email FROM requests WHERE id = ? AND confirmed_at IS NULL`},
		{&l.add, `INSERT INTO contacts (name, email, created_at) VALUES ('Resident Example', ?, ?)`},
		{&l.choose, `INSERT INTO contact_localities (contact_id, locality) VALUES (?, 'dacorum')`},
		{&l.give, `INSERT INTO consents (contact_id, purpose, entry, wording, at) VALUES (?, 'updates', 'given', 'Please send me updates.', ?)`},
		{&l.done, `UPDATE requests SET confirmed_at = ? WHERE id = ?`},
	} {
		if *one.into, err = l.db.Prepare(one.text); err != nil {
			return err
		}
	}
	return nil
}

// run signs up one after the other, in two transactions each.
func (l *signUpLedger) run() (float64, error) {
	began := time.Now()
	for range signUpsPerRound {
		l.n++
		id, err := l.signUp(fmt.Sprintf("resident%d@residents.example", l.n))
		if err != nil {
			return 0, err
		}
		if err := l.confirm(id); err != nil {
			return 0, err
		}
	}
	return perSecond(signUpsPerRound, time.Since(began)), nil
}

func (l *signUpLedger) signUp(email string) (id int64, err error) {
	now := time.Now().UTC()
	err = l.transact(func(tx *sql.Tx) error {
		if err := l.unknown(tx, email); err != nil {
			return err
		}
		result, err := tx.Stmt(l.ask).Exec(email, now)
		if err != nil {
			return err
		}
		if id, err = result.LastInsertId(); err != nil {
			return err
		}
		if _, err := tx.Stmt(l.queue).Exec(fmt.Sprint("sign-up:", id), mailContent, now); err != nil {
			return err
		}
		_, err = tx.Stmt(l.note).Exec(now, id)
		return err
	})
	return id, err
}

func (l *signUpLedger) confirm(id int64) error {
	now := time.Now().UTC()
	return l.transact(func(tx *sql.Tx) error {
		var email string
		if err := tx.Stmt(l.open).QueryRow(id).Scan(&email); err != nil {
			return err
		}
		if err := l.unknown(tx, email); err != nil {
			return err
		}
		result, err := tx.Stmt(l.add).Exec(email, now)
		if err != nil {
			return err
		}
		contact, err := result.LastInsertId()
		if err != nil {
			return err
		}
		for statement, args := range map[*sql.Stmt][]any{l.choose: {contact}, l.give: {contact, now}, l.done: {now, id}, l.note: {now, contact}} {
			if _, err := tx.Stmt(statement).Exec(args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// unknown looks for the contact with an address, which is not there.
func (l *signUpLedger) unknown(tx *sql.Tx, email string) error {
	var id int64
	if err := tx.Stmt(l.find).QueryRow(email).Scan(&id); !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%s is there already: %w", email, err)
	}
	return nil
}

func (l *signUpLedger) transact(f func(tx *sql.Tx) error) error {
	tx, err := l.db.Begin()
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

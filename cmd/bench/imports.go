package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"conversations"
	"conversations/app"
	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/contacts"
	"conversations/app/database"
)

const (
	importPeople = 50_000 // in one list, of whom one in twenty cannot be used
	importAtOnce = 500    // rows in a transaction, as the program has it
)

// imports compares a list of contacts that is read, checked, explained and brought in with the rows that it leaves,
// inserted by hand into the same tables on the same disk.
func imports(ctx context.Context) (row, error) {
	folder, err := os.MkdirTemp("", "conversations-bench")
	if err != nil {
		return row{}, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	cfg, err := config.Parse(conversations.Config, []string{"CONVERSATIONS_DATABASE_URL=sqlite:///" + filepath.Join(folder, "bench.db")})
	if err != nil {
		return row{}, err
	}
	a, err := app.New(ctx, cfg, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		return row{}, err
	}
	defer func() { _ = a.Close() }()
	limit, err := newContactRows(ctx, filepath.Join(folder, "limit.db"))
	if err != nil {
		return row{}, err
	}
	defer func() { _ = limit.db.Close() }()
	lists := 0
	ours := func() (float64, error) {
		lists++
		return bringIn(audit.AsSystem(ctx), a.Contacts, importedList(lists))
	}
	x, y, ratio, err := paired(ours, limit.run)
	return row{
		what: "contacts in a list of 50,000: read, checked, brought in", ours: fmt.Sprintf("%.0f/s", x), limit: fmt.Sprintf("%.0f/s", y), ratio: ratio, goal: 0.25,
	}, err
}

// importedList is the n-th list, of people who are on no other.
func importedList(n int) []byte {
	var out bytes.Buffer
	out.WriteString("email,name,organisation,groups,localities,consent,consent_date,consent_source\r\n")
	for i := range importPeople {
		day := "2017-02-18"
		if i%20 == 19 {
			day = "2017-02-31"
		}
		fmt.Fprintf(&out, "resident%d.%d@residents.example,Resident Example %d,,residents|voluntary-sector,dacorum,yes,%s,a fair\r\n", n, i, i, day)
	}
	return out.Bytes()
}

func bringIn(ctx context.Context, service *contacts.Service, list []byte) (float64, error) {
	bad := 0
	began := time.Now()
	i, err := service.ImportWhole(ctx, contacts.WholeImport{
		File:     contacts.ImportFile{Name: "list.csv", Data: bytes.NewReader(list), Size: int64(len(list))},
		Settings: func(*contacts.ImportSettings) {}, SkipBad: true, Checked: func(contacts.Import, contacts.ImportSettings) {},
		Bad: func(int, string, string) { bad++ },
	})
	took := time.Since(began)
	if err == nil && (bad != importPeople/20 || i.Created != importPeople-bad) {
		err = fmt.Errorf("%d contacts came in and %d rows were bad", i.Created, bad)
	}
	return perSecond(importPeople, took), err
}

// contactRows is the limit: the rows that a list leaves, in the program's own tables.
type contactRows struct {
	db *sql.DB
	n  int
}

func newContactRows(ctx context.Context, path string) (*contactRows, error) {
	made, err := database.Open(ctx, "sqlite:///"+path, nil)
	if err != nil {
		return nil, err
	}
	if err := made.Close(); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite3", "file:"+path+"?_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	_, err = db.ExecContext(ctx, `INSERT INTO contact_groups (id, slug, name, created_at, updated_at) VALUES (1, 'residents', 'Residents', datetime('now'), datetime('now')),
		(2, 'voluntary-sector', 'Voluntary sector', datetime('now'), datetime('now'))`)
	return &contactRows{db: db}, err
}

// run inserts as many people as a list has.
func (l *contactRows) run() (float64, error) {
	began := time.Now()
	for range importPeople / importAtOnce {
		if err := l.chunk(); err != nil {
			return 0, err
		}
	}
	return perSecond(importPeople, time.Since(began)), nil
}

func (l *contactRows) chunk() (err error) {
	tx, err := l.db.Begin()
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	statements, closers, err := prepareAll(tx, []string{
		`INSERT INTO contacts (kind, name, email, email_key, suppression_key, sort_key, search_key, channel, version, created_at, updated_at) VALUES ('person', ?, ?, ?, ?, ?, ?, 'email', 1, ?, ?)`,
		`INSERT INTO contact_group_members (contact_id, group_id) VALUES (?, 1), (?, 2)`,
		`INSERT INTO contact_localities (contact_id, locality) VALUES (?, 'dacorum')`,
		`INSERT INTO consents (contact_id, purpose, channel, entry, basis, wording, wording_version, at, recorded_at, source, source_note)
			VALUES (?, 'updates', 'email', 'given', 'consent', 'Please send me updates about health and care services where I live. I can stop them at any time.', 1, ?, ?, 'import', 'a fair')`,
		`INSERT INTO audit_entries (at, actor_kind, actor_id, action, entity, entity_id, details, request_id) VALUES (?, 'system', 0, 'contact.import', 'contacts', ?, '{"belongs":3,"consents":1,"import":1,"new":true}', '')`,
	})
	defer func() { err = errors.Join(err, closeAll(closers)) }()
	for range importAtOnce {
		if err == nil {
			l.n++
			err = l.person(statements)
		}
	}
	if err != nil {
		return err
	}
	return tx.Commit()
}

func prepareAll(tx *sql.Tx, texts []string) (statements []*sql.Stmt, closers []io.Closer, err error) {
	for _, text := range texts {
		s, err := tx.Prepare(text)
		if err != nil {
			return nil, closers, err
		}
		statements, closers = append(statements, s), append(closers, s)
	}
	return statements, closers, nil
}

func closeAll(closers []io.Closer) (err error) {
	for _, c := range closers {
		err = errors.Join(err, c.Close())
	}
	return err
}

func (l *contactRows) person(statements []*sql.Stmt) error {
	now, email, name := time.Now().UTC(), fmt.Sprintf("resident%d@residents.example", l.n), fmt.Sprintf("Resident Example %d", l.n)
	done, err := statements[0].Exec(name, email, email, fmt.Sprintf("%064d", l.n), name, name+" "+email, now, now)
	if err != nil {
		return err
	}
	id, err := done.LastInsertId()
	if err != nil {
		return err
	}
	for n, args := range [][]any{{id, id}, {id}, {id, now, now}, {now, id}} {
		if _, err := statements[n+1].Exec(args...); err != nil {
			return err
		}
	}
	return nil
}

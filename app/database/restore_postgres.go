package database

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"conversations/app/fault"

	"github.com/jackc/pgx/v5"
)

func restorePostgres(ctx context.Context, address, file string, replace bool) (done Restored, err error) {
	a, err := provenTar(file)
	if err != nil {
		return done, err
	}
	known, err := lastVersion(Postgres)
	if err != nil {
		return done, err
	}
	if err := tooNew(a.Version, known); err != nil {
		return done, err
	}
	done.Version = a.Version
	if err := clearPostgres(ctx, address, replace); err != nil {
		return done, err
	}
	if err := migratePostgresTo(ctx, address, a.Version); err != nil {
		return done, err
	}
	if err := fillPostgres(ctx, address, file, a); err != nil {
		return done, err
	}
	db, err := Open(ctx, address, nil) // brings the tables of an older backup up to date
	if err != nil {
		return done, err
	}
	return done, db.Close()
}

// provenTar reads a backup from end to end and says what it is, or why it cannot be used.
func provenTar(file string) (a about, err error) {
	sum := sha256.New()
	var end seal
	err = walkTar(file, func(name string, content io.Reader) error {
		switch name {
		case aboutName:
			return json.NewDecoder(content).Decode(&a)
		case sealName:
			return json.NewDecoder(content).Decode(&end)
		}
		_, err := io.Copy(sum, content)
		return err
	})
	switch {
	case err != nil || a.Format != formatName:
		return a, fault.Wrap(fault.Invalid, file+" is not a backup of this program, or is damaged", err)
	case end.SHA256 != hex.EncodeToString(sum.Sum(nil)):
		return a, fault.New(fault.Invalid, file+" is damaged or not whole")
	}
	return a, nil
}

func walkTar(file string, each func(name string, content io.Reader) error) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	in := tar.NewReader(f)
	for {
		header, err := in.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := each(header.Name, in); err != nil {
			return err
		}
	}
}

// clearPostgres refuses a database in use, and one with tables unless they are to be replaced.
func clearPostgres(ctx context.Context, address string, replace bool) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	var others, tables int
	err = conn.QueryRow(ctx, `SELECT (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'),
		(SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema())`).Scan(&others, &tables)
	switch {
	case err != nil:
		return fmt.Errorf("look at what is there: %w", err)
	case others > 0:
		return running()
	case tables == 0:
		return nil
	case !replace:
		return notEmpty()
	}
	return migratePostgresTo(ctx, address, 0)
}

// fillPostgres copies every table in one transaction and has new rows numbered after those that came.
func fillPostgres(ctx context.Context, address, file string, a about) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	for _, t := range a.Tables { // what migrating put there comes with the backup
		if _, err := tx.Exec(ctx, "TRUNCATE "+pgx.Identifier{t.Name}.Sanitize()+" CASCADE"); err != nil {
			return err
		}
	}
	if err := copyPieces(ctx, tx, file, a); err != nil {
		return err
	}
	for _, t := range a.Tables {
		if err := renumber(ctx, tx, t.Name); err != nil {
			return err
		}
	}
	return tx.Commit(ctx)
}

func copyPieces(ctx context.Context, tx pgx.Tx, file string, a about) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	p := &pieces{in: tar.NewReader(f)}
	if err := p.advance(); err != nil { // past what the backup is
		return err
	}
	rows := map[string]int64{}
	for _, t := range a.Tables {
		p.prefix = "tables/" + t.Name + "/"
		if err := p.advanceIfDone(); err != nil {
			return err
		}
		tag, err := tx.Conn().PgConn().CopyFrom(ctx, p, t.copyIn())
		if err != nil {
			return fmt.Errorf("fill %s: %w", t.Name, err)
		}
		rows[t.Name] = tag.RowsAffected()
	}
	return p.sealed(rows)
}

// pieces reads the pieces of one table after another as one stream: rows may refer to rows of later pieces.
type pieces struct {
	in     *tar.Reader
	at     string // name of the file of the tar that is being read
	done   bool   // it has been read to its end
	prefix string // of the pieces that are wanted
}

func (p *pieces) advance() error {
	header, err := p.in.Next()
	if err != nil {
		return fmt.Errorf("read the backup: %w", err)
	}
	p.at, p.done = header.Name, false
	return nil
}

func (p *pieces) advanceIfDone() error {
	if p.done || p.at == aboutName {
		return p.advance()
	}
	return nil
}

// Read gives io.EOF after the last piece of the table.
func (p *pieces) Read(b []byte) (int, error) {
	for strings.HasPrefix(p.at, p.prefix) {
		n, err := p.in.Read(b)
		if n > 0 {
			return n, nil
		}
		if !errors.Is(err, io.EOF) {
			return 0, err
		}
		p.done = true
		if err := p.advance(); err != nil {
			return 0, err
		}
	}
	return 0, io.EOF
}

// sealed compares what was filled with what was backed up.
func (p *pieces) sealed(rows map[string]int64) error {
	var end seal
	if err := json.NewDecoder(p.in).Decode(&end); err != nil {
		return fmt.Errorf("read the end of the backup: %w", err)
	}
	for name, n := range end.Rows {
		if rows[name] != n {
			return fmt.Errorf("%s has %d rows, and had %d", name, rows[name], n)
		}
	}
	return nil
}

// renumber has the next row of a table numbered after the last.
func renumber(ctx context.Context, tx pgx.Tx, table string) error {
	var column, sequence string
	err := tx.QueryRow(ctx, `SELECT c.column_name, pg_get_serial_sequence(quote_ident(c.table_name), c.column_name) FROM information_schema.columns c
		WHERE c.table_schema = current_schema() AND c.table_name = $1 AND c.is_identity = 'YES'`, table).Scan(&column, &sequence)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find the numbering of %s: %w", table, err)
	}
	quoted := pgx.Identifier{table}.Sanitize()
	_, err = tx.Exec(ctx, `SELECT setval($1, coalesce((SELECT max(`+pgx.Identifier{column}.Sanitize()+`) FROM `+quoted+`), 0) + 1, false)`, sequence)
	return err
}

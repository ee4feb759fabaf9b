package database

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"strings"

	"github.com/jackc/pgx/v5"
)

// The backup of PostgreSQL is a tar: first what it is (aboutName), then each table in pieces of what COPY gives, in an
// order in which rows come after those they refer to, and last what proves it whole (sealName).
const (
	aboutName  = "backup.json"
	sealName   = "seal.json"
	pieceBytes = 4 << 20
	formatName = "conversations postgres backup 1"
)

// about is the first file of the tar.
type about struct {
	Format  string        `json:"format"`
	Version int64         `json:"version"` // of the tables
	Tables  []backedTable `json:"tables"`
}

type backedTable struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
}

// copyOut reads a table by its first column, mostly its key: the order in which rows were written stays behind.
func (t backedTable) copyOut() string {
	return "COPY (SELECT " + t.columns() + " FROM " + t.quoted() + " ORDER BY 1) TO STDOUT"
}

func (t backedTable) copyIn() string {
	return "COPY " + t.quoted() + " (" + t.columns() + ") FROM STDIN"
}

func (t backedTable) quoted() string { return pgx.Identifier{t.Name}.Sanitize() }

func (t backedTable) columns() string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = pgx.Identifier{c}.Sanitize()
	}
	return strings.Join(names, ", ")
}

// seal is the last: SHA-256 over all pieces, and the rows of each table.
type seal struct {
	SHA256 string           `json:"sha256"`
	Rows   map[string]int64 `json:"rows"`
}

func backUpPostgres(ctx context.Context, address string, out io.Writer) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	a, err := describePostgres(ctx, tx)
	if err != nil {
		return err
	}
	w := &tarred{out: tar.NewWriter(out), sum: sha256.New()}
	if err := w.json(aboutName, a); err != nil {
		return err
	}
	end := seal{Rows: map[string]int64{}}
	for _, t := range a.Tables {
		w.begin("tables/" + t.Name)
		tag, err := tx.Conn().PgConn().CopyTo(ctx, w, t.copyOut())
		if err != nil {
			return fmt.Errorf("copy %s: %w", t.Name, err)
		}
		if err := w.flush(); err != nil {
			return err
		}
		end.Rows[t.Name] = tag.RowsAffected()
	}
	end.SHA256 = hex.EncodeToString(w.sum.Sum(nil))
	if err := w.json(sealName, end); err != nil {
		return err
	}
	return w.out.Close()
}

// describePostgres lists the tables in an order in which what is referred to comes first.
func describePostgres(ctx context.Context, tx pgx.Tx) (a about, err error) {
	a.Format = formatName
	if err := tx.QueryRow(ctx, `SELECT max(version_id) FROM goose_db_version WHERE is_applied`).Scan(&a.Version); err != nil {
		return a, fmt.Errorf("find the version of the tables: %w", err)
	}
	columns, err := tablesOfPostgres(ctx, tx)
	if err != nil {
		return a, err
	}
	needs, err := needsOfPostgres(ctx, tx)
	if err != nil {
		return a, err
	}
	done := map[string]bool{}
	for len(done) < len(columns) {
		before := len(done)
		for _, t := range columns {
			if !done[t.Name] && allDone(needs[t.Name], t.Name, done) {
				done[t.Name] = true
				a.Tables = append(a.Tables, t)
			}
		}
		if len(done) == before {
			return a, fmt.Errorf("tables refer to one another in a circle")
		}
	}
	return a, nil
}

func allDone(needs []string, self string, done map[string]bool) bool {
	for _, n := range needs {
		if n != self && !done[n] {
			return false
		}
	}
	return true
}

// tablesOfPostgres leaves out columns that the database computes and goose's own table, which migrating fills.
func tablesOfPostgres(ctx context.Context, tx pgx.Tx) (tables []backedTable, err error) {
	rows, err := tx.Query(ctx, `SELECT c.table_name, array_agg(c.column_name::text ORDER BY c.ordinal_position)
		FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
		WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER' AND c.table_name NOT LIKE 'goose_%'
		GROUP BY c.table_name ORDER BY c.table_name`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[backedTable])
}

func needsOfPostgres(ctx context.Context, tx pgx.Tx) (map[string][]string, error) {
	rows, err := tx.Query(ctx, `SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
		WHERE contype = 'f' AND connamespace = current_schema()::regnamespace`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	needs := map[string][]string{}
	for rows.Next() {
		var from, to string
		if err := rows.Scan(&from, &to); err != nil {
			return nil, err
		}
		needs[from] = append(needs[from], to)
	}
	return needs, rows.Err()
}

// tarred writes streams of unknown length into a tar, in pieces.
type tarred struct {
	out   *tar.Writer
	sum   hash.Hash
	name  string
	piece int
	held  []byte
}

func (w *tarred) begin(name string) { w.name, w.piece = name, 0 }

// Write holds what comes until it is a piece.
func (w *tarred) Write(p []byte) (int, error) {
	w.held = append(w.held, p...)
	if len(w.held) < pieceBytes {
		return len(p), nil
	}
	return len(p), w.flush()
}

func (w *tarred) flush() error {
	if len(w.held) == 0 {
		return nil
	}
	w.piece++
	w.sum.Write(w.held)
	err := w.file(fmt.Sprintf("%s/%06d", w.name, w.piece), w.held)
	w.held = w.held[:0]
	return err
}

func (w *tarred) json(name string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return w.file(name, text)
}

func (w *tarred) file(name string, content []byte) error {
	if err := w.out.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(content)), Typeflag: tar.TypeReg}); err != nil {
		return err
	}
	_, err := w.out.Write(content)
	return err
}

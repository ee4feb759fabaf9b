package database

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"gorm.io/gorm"
)

// Kind is what sort of value a column holds.
type Kind string

// The kinds.
const (
	TextKind   Kind = "text"
	NumberKind Kind = "number"
	BoolKind   Kind = "bool"
	TimeKind   Kind = "time"
	BytesKind  Kind = "bytes"
)

// Shape is how a column is kept.
type Shape struct {
	Kind     Kind
	Nullable bool
	Key      bool // the primary key, or a part of it
}

// Reference is a foreign key of one column.
type Reference struct {
	Table, Column string // the row that refers
	To            string // the table it refers to
}

// Shapes gives the shape of every column of ours, by table and name.
func (db *DB) Shapes(ctx context.Context) (map[string]map[string]Shape, error) {
	query := `SELECT m.name AS tab, c.name AS col, lower(c.type) AS type, c."notnull" = 0 AND c.pk = 0 AS nullable, c.pk > 0 AS key
		FROM pragma_table_list m JOIN pragma_table_info(m.name) c
		WHERE m.schema = 'main' AND m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'goose_%'`
	if db.Dialect == Postgres {
		// The views of information_schema are no substitute: once the server has its statistics, joining them takes many seconds.
		query = `SELECT t.relname AS tab, c.attname AS col, format_type(c.atttypid, NULL) AS type, NOT c.attnotnull AS nullable, coalesce(c.attnum = ANY (k.conkey), FALSE) AS key
			FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid
			LEFT JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'p'
			WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind = 'r' AND t.relname NOT LIKE 'goose_%'
			AND c.attnum > 0 AND NOT c.attisdropped AND c.attgenerated = ''`
	}
	var rows []struct {
		Tab, Col, Type string
		Nullable, Key  bool
	}
	if err := db.Read(ctx).Raw(query).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("look at the columns: %w", err)
	}
	shapes := map[string]map[string]Shape{}
	for _, r := range rows {
		if shapes[r.Tab] == nil {
			shapes[r.Tab] = map[string]Shape{}
		}
		shapes[r.Tab][r.Col] = Shape{Kind: kindOf(r.Type), Nullable: r.Nullable, Key: r.Key}
	}
	return shapes, nil
}

func kindOf(declared string) Kind {
	switch {
	case strings.HasPrefix(declared, "bool"):
		return BoolKind
	case strings.HasPrefix(declared, "date"), strings.HasPrefix(declared, "time"):
		return TimeKind
	case declared == "blob", declared == "bytea":
		return BytesKind
	case strings.Contains(declared, "int"), declared == "real", declared == "numeric", strings.HasPrefix(declared, "double"):
		return NumberKind
	}
	return TextKind
}

// References gives every foreign key.
func (db *DB) References(ctx context.Context) (references []Reference, err error) {
	query := `SELECT m.name AS "table", f."from" AS "column", f."table" AS "to" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
		WHERE m.type = 'table'`
	if db.Dialect == Postgres {
		query = `SELECT c.conrelid::regclass::text AS "table", a.attname AS "column", c.confrelid::regclass::text AS "to"
			FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
			WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace`
	}
	if err := db.Read(ctx).Raw(query).Scan(&references).Error; err != nil {
		return nil, fmt.Errorf("look at the foreign keys: %w", err)
	}
	return references, nil
}

// Records runs a query whose columns are not known before and gives its rows by column; a text that the database
// gives as bytes is a string.
func Records(q *gorm.DB, text string, args ...any) (records []map[string]any, err error) {
	rows, err := q.Raw(text, args...).Rows()
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		record, err := record(rows, names)
		if err != nil {
			return nil, err
		}
		records = append(records, record)
	}
	return records, rows.Err()
}

func record(rows *sql.Rows, names []string) (map[string]any, error) {
	values, places := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		places[i] = &values[i]
	}
	if err := rows.Scan(places...); err != nil {
		return nil, err
	}
	out := make(map[string]any, len(names))
	for i, name := range names {
		if b, ok := values[i].([]byte); ok {
			values[i] = string(b)
		}
		out[name] = values[i]
	}
	return out, nil
}

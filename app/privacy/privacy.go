// Package privacy does with personal data what the columns declare: it empties what has been kept for its time, shows
// and hands out everything that is held about one person, and erases it. It knows no table by name: a feature
// that declares its columns is covered.
package privacy

import (
	"context"
	"fmt"
	"strings"

	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/links"

	"gorm.io/gorm"
)

// Service is safe for use by many goroutines.
type Service struct {
	cfg    *config.Config
	db     *database.DB
	links  *links.Signer
	ground []table

	refuse map[string]Hook
	before map[string]Hook
	also   []Known
}

// Hook is told, in the transaction that erases, which rows of a table are to be erased.
type Hook func(ctx context.Context, tx *database.Tx, ids []int64) error

// Known gives the other addresses and numbers of a person, in the form in which tables keep them, where a feature knows that
// they are the same person's. forms are those that are looked for.
type Known func(ctx context.Context, q *gorm.DB, forms []string) (more []string, err error)

// table is a declared table, and how the database keeps it.
type table struct {
	database.Table
	key    string // SQL that names a row: its key
	shapes map[string]database.Shape
	hang   []database.Reference // rows of other tables that refer to a row
}

// New returns the service. The error names a table that cannot be covered as it is.
func New(ctx context.Context, cfg *config.Config, db *database.DB, signer *links.Signer, tables []database.Table) (*Service, error) {
	shapes, err := db.Shapes(ctx)
	if err != nil {
		return nil, err
	}
	references, err := db.References(ctx)
	if err != nil {
		return nil, err
	}
	s := &Service{cfg: cfg, db: db, links: signer, refuse: map[string]Hook{}, before: map[string]Hook{}}
	for _, declared := range tables {
		t := table{Table: declared, shapes: shapes[declared.Name]}
		for _, r := range references {
			if r.To == t.Name {
				t.hang = append(t.hang, r)
			}
		}
		if t.key = t.keyOf(); t.key == "" && t.Personal() {
			return nil, fmt.Errorf("the table %s holds personal data and has no key", t.Name)
		}
		for _, keep := range t.keeps() {
			if KeepFor(cfg.Retention, keep) <= 0 {
				return nil, fmt.Errorf("the table %s names retention.%s, which is not in the configuration: it would be emptied at once", t.Name, keep)
			}
		}
		s.ground = append(s.ground, t)
	}
	return s, nil
}

// Refuse has f asked before rows of a table are erased for one person; its error, a fault, refuses the whole.
func (s *Service) Refuse(table string, f Hook) { s.refuse[table] = f }

// Before has f do what must be done before rows of a table are erased, for one person or because their time is over.
func (s *Service) Before(table string, f Hook) { s.before[table] = f }

// Also has f asked for the other addresses of whoever is looked for.
func (s *Service) Also(f Known) { s.also = append(s.also, f) }

// named finds a table.
func (s *Service) named(name string) (table, bool) {
	for _, t := range s.ground {
		if t.Name == name {
			return t, true
		}
	}
	return table{}, false
}

// keyOf is SQL for what names a row: its key, or the parts of it joined.
func (t table) keyOf() string {
	var parts []string
	for _, c := range t.Columns {
		if t.shapes[c.Name].Key {
			parts = append(parts, c.Name)
		}
	}
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return "(CAST(" + strings.Join(parts, " AS TEXT) || ' ' || CAST(") + " AS TEXT))"
}

// personal are the columns that say something about a person.
func (t table) personal() (columns []database.Column) {
	for _, c := range t.Columns {
		if c.Personal != nil {
			columns = append(columns, c)
		}
	}
	return columns
}

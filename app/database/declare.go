package database

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Table declares what a table holds about people. Every column of every table is declared; the privacy page,
// retention, one person's export and erasure are made from the declarations.
type Table struct {
	Name string
	// What says in plain words what a row is: "A booking".
	What string
	// Person is how a row leads to the person it is about, several ways with commas between them: a column that
	// recognises the person ("email_key, phone_key"), "booking_id -> bookings" for a row that belongs to another, or
	// "about_id -> [about]" where another column names the table. Empty where no row is about a person. See Ways.
	Person string
	// Since is an SQL expression over the row for the instant from which the keeping time counts; After says the same
	// in words that follow a length of time: "after the event".
	Since   string
	After   string
	Columns []Column
}

// Column is one column: personal, or (Personal is nil) not.
type Column struct {
	Name     string
	Personal *Personal
}

// Personal is why a personal column is there and what becomes of it.
type Personal struct {
	What    string // in plain words, for the privacy page: "Your email address"
	Purpose string // in plain words: "to send you your booking"
	Basis   Basis
	Keep    string   // key under retention in config.yaml; counted from the table's Since
	Seen    []string // roles that may see it, beside the person
	Export  string   // its name in one person's export; "" with Withheld
	// Withheld says why it is left out of an export (a password hash tells the person nothing).
	Withheld string
	Erase    Erase
	// Over is what the end of the keeping time does, where that is not what erasure does.
	Over Erase
}

// Basis is the lawful basis under UK GDPR.
type Basis string

// The bases in use.
const (
	PublicTask         Basis = "public task (Article 6(1)(e))"
	Consent            Basis = "consent (Article 6(1)(a))"
	Contract           Basis = "contract of employment (Article 6(1)(b))"
	LegalObligation    Basis = "legal duty (Article 6(1)(c))"
	HealthWithConsent  Basis = "public task, and your explicit consent for facts about health (Articles 6(1)(e) and 9(2)(a))"
	LegitimateInterest Basis = "legitimate interest (Article 6(1)(f))"
)

// Erase is what erasure and the end of the keeping time do to a column.
type Erase string

// The ways to erase.
const (
	EraseBlank  Erase = "blank"  // emptied; the row stays, so that counts stay true
	EraseRow    Erase = "row"    // the row goes
	EraseSurely Erase = "random" // replaced by a random value, where a unique value must stand
	EraseWords  Erase = "words"  // of a JSON text, what a person wrote goes; ids, counts and codes stay
	EraseNever  Erase = "keep"   // kept until its time is over, then emptied: it proves that the duty was done
)

// AtEnd is what the end of the keeping time does to the column.
func (p Personal) AtEnd() Erase {
	switch {
	case p.Over != "":
		return p.Over
	case p.Erase == EraseNever, p.Erase == EraseWords:
		return EraseBlank
	}
	return p.Erase
}

// Way is one way from a row to the person it is about.
type Way struct {
	Column string // recognises the person, or holds the id of a row of another table
	To     string // the other table; "" where Column recognises the person
	Named  string // the column that names the other table, instead of To
}

// Ways reads Person.
func (t Table) Ways() (ways []Way) {
	for _, one := range strings.FieldsFunc(t.Person, func(r rune) bool { return r == ',' }) {
		column, to, _ := strings.Cut(one, "->")
		way := Way{Column: strings.TrimSpace(column), To: strings.TrimSpace(to)}
		if inner, named := strings.CutPrefix(way.To, "["); named {
			way.To, way.Named = "", strings.TrimSuffix(inner, "]")
		}
		ways = append(ways, way)
	}
	return ways
}

// Personal says whether the table holds anything about people.
func (t Table) Personal() bool {
	return slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Personal != nil })
}

// Plain declares columns that say nothing about a person.
func Plain(names ...string) []Column {
	columns := make([]Column, len(names))
	for i, name := range names {
		columns[i] = Column{Name: name}
	}
	return columns
}

// Each declares columns that are personal in the same way.
func (p Personal) Each(names ...string) []Column {
	columns := Plain(names...)
	for i := range columns {
		columns[i].Personal = &p
	}
	return columns
}

// Undeclared compares the declarations with the tables that are there and names every difference: a column that
// nobody declared, one that is declared and not there, and a personal one with something left out.
func (db *DB) Undeclared(ctx context.Context, tables []Table) (differences []string, err error) {
	actual, err := db.columns(ctx)
	if err != nil {
		return nil, err
	}
	declared := map[string]bool{}
	for _, t := range tables {
		differences = append(differences, t.lost(tables)...)
		for _, c := range t.Columns {
			name := t.Name + "." + c.Name
			declared[name] = true
			if !slices.Contains(actual, name) {
				differences = append(differences, name+" is declared but not there")
			}
			if missing := c.missing(t); missing != "" {
				differences = append(differences, name+" is personal and has no "+missing)
			}
		}
	}
	for _, name := range actual {
		if !declared[name] {
			differences = append(differences, name+" is not declared")
		}
	}
	return differences, nil
}

// lost names the ways to a person that lead nowhere.
func (t Table) lost(tables []Table) (differences []string) {
	has := func(column string) bool {
		return slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Name == column })
	}
	for _, w := range t.Ways() {
		there := w.To == "" || slices.ContainsFunc(tables, func(o Table) bool { return o.Name == w.To && o.Person != "" })
		if !has(w.Column) || w.Named != "" && !has(w.Named) || !there {
			differences = append(differences, t.Name+" has no such way to its person: "+t.Person)
		}
	}
	return differences
}

func (c Column) missing(t Table) string {
	if c.Personal == nil {
		return ""
	}
	p := *c.Personal
	var missing []string
	for what, given := range map[string]bool{
		"description": p.What != "", "purpose": p.Purpose != "", "lawful basis": p.Basis != "", "keeping time": p.Keep != "",
		"reader": len(p.Seen) > 0, "export": p.Export != "" || p.Withheld != "", "erasure": p.Erase != "",
		"way to its person": t.Person != "", "start of its keeping time": t.Since != "" && t.After != "",
	} {
		if !given {
			missing = append(missing, what)
		}
	}
	slices.Sort(missing)
	return strings.Join(missing, ", ")
}

// columns lists table.column for every table of ours, without what the database itself keeps to search by.
func (db *DB) columns(ctx context.Context) (names []string, err error) {
	query := `SELECT m.name || '.' || c.name FROM pragma_table_list m JOIN pragma_table_info(m.name) c
		WHERE m.schema = 'main' AND m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'goose_%' ORDER BY 1`
	if db.Dialect == Postgres {
		query = `SELECT c.table_name || '.' || c.column_name FROM information_schema.columns c
			JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
			WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER' AND c.table_name NOT LIKE 'goose_%' ORDER BY 1`
	}
	if err := db.Read(ctx).Raw(query).Scan(&names).Error; err != nil {
		return nil, fmt.Errorf("list the columns: %w", err)
	}
	return names, nil
}

// Package disclosure decides which counts of people can be published. A count of one to four could be somebody whom
// others know, so it is never shown, and neither is anything from which it could be worked out: a total, another
// table, or the difference between what was published before and what is published now.
//
// The rule works by merging categories, the same in every row and column of a table, never by blanking single cells,
// which totals would give away again (see L. Willenborg and T. de Waal, Elements of Statistical Disclosure Control,
// 2001, on recoding and on differencing). It keeps four promises:
//
//  1. Every number that is published is 0, or at least Smallest.
//  2. The tables of two variables have no finer categories than the tables of each variable alone.
//  3. Categories that were merged once stay merged in every later release.
//  4. What a number changed by since the last release is 0, or at least Smallest.
//  5. What follows from how people are led through questions gives nothing away: see Asked and Several.
//
// From these it follows that people who came in between two releases are only ever counted in groups of at least
// Smallest. Tables of two variables must all share one of them (each question by locality, say): then what is known of a
// smaller group inside two tables is no more than that it lies between what the two and their shared line allow, and those
// bounds meet only where one of the numbers is 0 or a whole line. With a ring of tables (A by B, B by C, C by A) that would
// not hold: PublishAll refuses it.
package disclosure

import (
	"errors"
	"slices"
	"strings"
)

// Smallest is the smallest count of people, other than none, that is published.
const Smallest = 5

// ErrTooFew is returned where nothing can be published: fewer than Smallest people, or fewer than Smallest more or less
// than at the last release.
var ErrTooFew = errors.New("too few people have answered since the last release")

// ErrRing is returned for tables of two variables that do not all share one.
var ErrRing = errors.New("tables of two variables must all share one of them")

// Variable is what people are counted by. Everybody counted is in exactly one category: where some did not answer, that
// is a category too. A question with several answers is a variable for each of them: chosen, not chosen.
type Variable struct {
	Key        string   `json:"key"`
	Categories []string `json:"categories"`
	Ordered    bool     `json:"ordered,omitempty"` // only neighbours are merged
	// Codes of the categories, by which those of the last release are found again; without them their numbers count.
	Codes []string `json:"codes,omitempty"`
	// Asked is set where only some people were asked: the last category are those who were not.
	Asked *Asked `json:"asked,omitempty"`
	// NoAnswer is the category of those who gave no answer, counted from 1; 0 is none. New is a question that was not there
	// at the last release: everybody counted then is known to have given none.
	NoAnswer int  `json:"no_answer,omitempty"`
	New      bool `json:"-"`
}

// Asked says that a question was put only to those in one category of another variable, or only to all others. How many
// were not asked is known from that variable, so they are never merged with anybody: "no answer, or not asked" would give
// away who gave no answer. And where that category is not published by itself, the question is not published at all.
type Asked struct {
	Key      string `json:"key"`
	Category int    `json:"category"`
}

// Several is a question with several answers: each is a variable with the categories chosen, not chosen, and perhaps not
// asked. Where everybody asked had to choose something, or could choose only so many, the sum of all answers tells how many
// people chose more than one, or fewer than they could. Where that is a few, one answer more is not published.
type Several struct {
	Keys     []string
	Required bool
	Most     int // 0 is any number
}

// Table is a count of the same people by one variable or two. Without columns it has one column of cells.
type Table struct {
	Rows    Variable  `json:"rows"`
	Columns *Variable `json:"columns,omitempty"`
	Cells   [][]int   `json:"cells"` // by row, then column
	hide    bool
}

// Release is what is published at once.
type Release struct {
	People int         `json:"people"`
	Tables []Published `json:"tables"`
}

// Published is a table as it is published.
type Published struct {
	Rows    Variable  `json:"rows"`
	Columns *Variable `json:"columns,omitempty"`
	// RowGroups are the categories (by number) that each published row stands for; ColumnGroups likewise.
	RowGroups    [][]int `json:"row_groups"`
	ColumnGroups [][]int `json:"column_groups"`
	Cells        [][]int `json:"cells"`
}

// Hidden says whether nothing but the number of people is left of the table.
func (p Published) Hidden() bool {
	return len(p.RowGroups) == 1 && len(p.Rows.Categories) > 1 || len(p.ColumnGroups) == 1 && p.Columns != nil && len(p.Columns.Categories) > 1
}

// RowLabel is what a published row is called: "Poor, or very poor".
func (p Published) RowLabel(row int) string { return label(p.Rows, p.RowGroups[row]) }

// ColumnLabel is what a published column is called.
func (p Published) ColumnLabel(column int) string {
	if p.Columns == nil {
		return ""
	}
	return label(*p.Columns, p.ColumnGroups[column])
}

func label(v Variable, group []int) string {
	names := make([]string, len(group))
	for i, category := range group {
		names[i] = v.Categories[category]
	}
	return strings.Join(names, ", or ")
}

// Publish is PublishAll without questions that have several answers.
func Publish(people int, tables []Table, last *Release) (Release, error) {
	return PublishAll(people, tables, nil, last)
}

// PublishAll makes the next release of tables of the same people; last is the one before it, nil where there is none.
// Tables of one variable must stand before those of two that use it, and what a question depends on before it. What was
// not in the last release, though it could have been, is not published. The error is ErrTooFew where nothing can be
// published yet: the last release then stays what it was; ErrRing for tables that would give each other away.
func PublishAll(people int, tables []Table, several []Several, last *Release) (Release, error) {
	before := 0
	if last != nil {
		before = last.People
	}
	if people == 0 || small(people) || small(people-before) {
		return Release{People: people}, ErrTooFew
	}
	if ring(tables) {
		return Release{People: people}, ErrRing
	}
	tables = slices.Clone(tables)
	for {
		release := publish(people, tables, last)
		key := givenAway(release, last, several)
		if key == "" {
			return release, nil
		}
		for i := range tables {
			tables[i].hide = tables[i].hide || tables[i].Rows.Key == key
		}
	}
}

// ring says whether the tables of two variables do not all share one.
func ring(tables []Table) bool {
	var shared []string
	for _, t := range tables {
		if t.Columns == nil {
			continue
		}
		both := []string{t.Rows.Key, t.Columns.Key}
		if shared == nil {
			shared = both
			continue
		}
		shared = slices.DeleteFunc(slices.Clone(shared), func(key string) bool { return !slices.Contains(both, key) })
		if len(shared) == 0 {
			return true
		}
	}
	return false
}

func publish(people int, tables []Table, last *Release) Release {
	release := Release{People: people}
	for _, t := range tables {
		m := newMerging(t, last.before(t), &release)
		m.run()
		release.Tables = append(release.Tables, m.published())
	}
	return release
}

// Table finds what was published by one variable, or by two; nil where that is nothing.
func (r *Release) Table(rows, columns string) *Published {
	t := Table{Rows: Variable{Key: rows}}
	if columns != "" {
		t.Columns = &Variable{Key: columns}
	}
	return r.table(t)
}

func (r *Release) table(t Table) *Published {
	if r == nil {
		return nil
	}
	i := slices.IndexFunc(r.Tables, func(p Published) bool {
		return p.Rows.Key == t.Rows.Key && (p.Columns == nil) == (t.Columns == nil) && (p.Columns == nil || p.Columns.Key == t.Columns.Key)
	})
	if i < 0 {
		return nil
	}
	return &r.Tables[i]
}

// small says whether a number, or a change of one, could be a few people.
func small(n int) bool { return n != 0 && n > -Smallest && n < Smallest }

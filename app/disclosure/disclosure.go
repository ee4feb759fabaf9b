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
//
// From these it follows that people who came in between two releases are only ever counted in groups of at least
// Smallest, and that hidden counts keep room on both sides.
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

// Variable is what people are counted by. Everybody counted is in exactly one category: where some did not answer, that
// is a category too. A question with several answers is a variable for each of them: chosen, not chosen.
type Variable struct {
	Key        string   `json:"key"`
	Categories []string `json:"categories"`
	Ordered    bool     `json:"ordered,omitempty"` // only neighbours are merged
}

// Table is a count of the same people by one variable or two. Without columns it has one column of cells.
type Table struct {
	Rows    Variable  `json:"rows"`
	Columns *Variable `json:"columns,omitempty"`
	Cells   [][]int   `json:"cells"` // by row, then column
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

// Publish makes the next release of tables of the same people; last is the one before it, nil where there is none. Tables
// of one variable must stand before those of two that use it. The error is ErrTooFew where nothing can be published yet:
// the last release then stays what it was.
func Publish(people int, tables []Table, last *Release) (Release, error) {
	release := Release{People: people}
	before := 0
	if last != nil {
		before = last.People
	}
	if people == 0 || small(people) || small(people-before) {
		return release, ErrTooFew
	}
	alone := map[string][][]int{} // by variable: the groups of its own table
	for _, t := range tables {
		m := newMerging(t, last.table(t), alone)
		m.run()
		p := m.published()
		if t.Columns == nil {
			alone[t.Rows.Key] = p.RowGroups
		}
		release.Tables = append(release.Tables, p)
	}
	return release, nil
}

// table finds what was published of the same table before.
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

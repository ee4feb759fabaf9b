package disclosure

import (
	"slices"
)

// merging is a table on its way to being published: its categories in groups, fewer with every step.
type merging struct {
	table         Table
	last          *Published
	rows, columns [][]int
}

// newMerging begins with the finest groups that are allowed: those of each variable's own table, those that were
// published before, and those of what a question depends on.
func newMerging(t Table, last *Published, now *Release) *merging {
	m := &merging{table: t, last: last, rows: singles(len(t.Rows.Categories)), columns: [][]int{{0}}}
	if t.Columns != nil {
		m.columns = coarser(singles(len(t.Columns.Categories)), now.groups(t.Columns.Key))
		m.rows = coarser(m.rows, now.groups(t.Rows.Key))
	}
	if last != nil {
		m.rows = coarser(m.rows, last.RowGroups)
		m.columns = coarser(m.columns, last.ColumnGroups)
	}
	if t.hide || !m.askedOpenly(now) {
		m.collapse()
	}
	return m
}

// groups are those of a variable's own table.
func (r *Release) groups(key string) [][]int {
	if p := r.Table(key, ""); p != nil {
		return p.RowGroups
	}
	return nil
}

// askedOpenly says whether those who were asked are published by themselves wherever they can be told, and takes over how
// that table's columns are merged.
func (m *merging) askedOpenly(now *Release) bool {
	asked := m.table.Rows.Asked
	if asked == nil {
		return true
	}
	tables := []*Published{now.Table(asked.Key, "")}
	if m.table.Columns != nil && m.table.Columns.Key != asked.Key {
		both := now.Table(asked.Key, m.table.Columns.Key)
		if both == nil {
			return false
		}
		m.columns = coarser(m.columns, both.ColumnGroups)
		tables = append(tables, both)
	}
	for _, p := range tables {
		if p == nil || !slices.ContainsFunc(p.RowGroups, func(g []int) bool { return slices.Equal(g, []int{asked.Category}) }) {
			return false
		}
	}
	return true
}

// collapse leaves nothing of the rows but their sum.
func (m *merging) collapse() {
	all := make([]int, len(m.table.Rows.Categories))
	for i := range all {
		all[i] = i
	}
	m.rows = [][]int{all}
}

func singles(n int) [][]int {
	groups := make([][]int, n)
	for i := range groups {
		groups[i] = []int{i}
	}
	return groups
}

// coarser joins the groups that have a category together in others. What others do not know stands alone.
func coarser(groups, others [][]int) [][]int {
	for _, other := range others {
		var joined []int
		groups = slices.DeleteFunc(slices.Clone(groups), func(g []int) bool {
			meets := slices.ContainsFunc(g, func(category int) bool { return slices.Contains(other, category) })
			if meets {
				joined = append(joined, g...)
			}
			return meets
		})
		if len(joined) > 0 {
			slices.Sort(joined)
			groups = append(groups, joined)
		}
	}
	return sorted(groups)
}

// sorted puts groups in the order of their first categories.
func sorted(groups [][]int) [][]int {
	slices.SortFunc(groups, func(a, b []int) int { return a[0] - b[0] })
	return groups
}

// run merges until no cell, and no change of one, is small. The fewest cells are lost that a step at a time can find.
// One group of everybody is left at the worst, and that is not small.
func (m *merging) run() {
	for m.faults(m.rows, m.columns) > 0 {
		m.step()
	}
}

// step makes the one merge after which the fewest cells are small; among equals, the one that keeps the smallest groups.
func (m *merging) step() {
	best, bestSize := -1, 0
	var bestRows, bestColumns [][]int
	try := func(rows, columns [][]int, size int) {
		faults := m.faults(rows, columns)
		if best < 0 || faults < best || faults == best && size < bestSize {
			best, bestSize, bestRows, bestColumns = faults, size, rows, columns
		}
	}
	for _, pair := range pairs(m.rows, m.table.Rows) {
		rows := merged(m.rows, pair)
		try(rows, m.columns, m.people(rows[indexOf(rows, m.rows[pair[0]][0])], nil))
	}
	if m.table.Columns != nil {
		for _, pair := range pairs(m.columns, *m.table.Columns) {
			columns := merged(m.columns, pair)
			try(m.rows, columns, m.people(nil, columns[indexOf(columns, m.columns[pair[0]][0])]))
		}
	}
	if best < 0 {
		m.collapse()
		return
	}
	m.rows, m.columns = bestRows, bestColumns
}

// pairs are the groups that may be merged with each other: never those who were not asked.
func pairs(groups [][]int, v Variable) (out [][2]int) {
	for i := range groups {
		for j := i + 1; j < len(groups); j++ {
			apart := v.Asked != nil && (slices.Contains(groups[i], len(v.Categories)-1) || slices.Contains(groups[j], len(v.Categories)-1))
			if !apart && (!v.Ordered || j == i+1) {
				out = append(out, [2]int{i, j})
			}
		}
	}
	return out
}

func merged(groups [][]int, pair [2]int) [][]int {
	out := slices.Clone(groups)
	joined := append(slices.Clone(out[pair[0]]), out[pair[1]]...)
	slices.Sort(joined)
	out[pair[0]] = joined
	return sorted(slices.Delete(out, pair[1], pair[1]+1))
}

func indexOf(groups [][]int, category int) int {
	return slices.IndexFunc(groups, func(g []int) bool { return slices.Contains(g, category) })
}

// people counts a group of rows in all columns, or a group of columns in all rows.
func (m *merging) people(rows, columns []int) (n int) {
	for i, line := range m.table.Cells {
		for j, cell := range line {
			if rows == nil && slices.Contains(columns, j) || columns == nil && slices.Contains(rows, i) {
				n += cell
			}
		}
	}
	return n
}

// faults counts the cells that cannot be published with these groups.
func (m *merging) faults(rows, columns [][]int) (n int) {
	now := m.cells(rows, columns)
	var then [][]int
	if m.last != nil {
		then = m.lastCells(rows, columns)
	}
	for i, line := range now {
		for j, cell := range line {
			if small(cell) || then != nil && small(cell-then[i][j]) {
				n++
			}
		}
	}
	return n
}

func (m *merging) cells(rows, columns [][]int) [][]int {
	out := zeros(rows, columns)
	for i, line := range m.table.Cells {
		for j, cell := range line {
			out[indexOf(rows, i)][indexOf(columns, j)] += cell
		}
	}
	return out
}

// lastCells are the numbers that were published before, summed to these groups, which are never finer.
func (m *merging) lastCells(rows, columns [][]int) [][]int {
	out := zeros(rows, columns)
	for i, line := range m.last.Cells {
		for j, cell := range line {
			out[indexOf(rows, m.last.RowGroups[i][0])][indexOf(columns, m.last.ColumnGroups[j][0])] += cell
		}
	}
	return out
}

func zeros(rows, columns [][]int) [][]int {
	out := make([][]int, len(rows))
	for i := range out {
		out[i] = make([]int, len(columns))
	}
	return out
}

func (m *merging) published() Published {
	return Published{Rows: m.table.Rows, Columns: m.table.Columns, RowGroups: m.rows, ColumnGroups: m.columns, Cells: m.cells(m.rows, m.columns)}
}

package surveys

import (
	"conversations/app/disclosure"
)

// column is the category of the person in what the questions are counted by; -1 is nothing.
func (n *releaseCount) column(place []byte) int {
	if n.by.key == "" {
		return -1
	}
	if n.byOwn >= 0 {
		return n.now[n.byOwn]
	}
	n.by.now = n.by.now[:0]
	n.by.place(place)
	return n.by.now[0]
}

// byVariable is what the questions are counted by.
func (n *releaseCount) byVariable() disclosure.Variable {
	if n.byOwn >= 0 {
		return n.variables[n.byOwn]
	}
	return disclosure.Variable{Key: n.by.key, Categories: n.by.categories, Codes: n.by.codes}
}

// tables are those of each variable alone, then those by what they are counted by.
func (n *releaseCount) tables() (list []disclosure.Table) {
	one := func(v disclosure.Variable, counts []int) disclosure.Table {
		t := disclosure.Table{Rows: v}
		for _, count := range counts {
			t.Cells = append(t.Cells, []int{count})
		}
		return t
	}
	for i, v := range n.variables {
		list = append(list, one(v, n.alone[i]))
	}
	if n.by.key == "" || n.people == 0 {
		return list
	}
	columns := n.byVariable()
	if n.byOwn < 0 {
		total := make([]int, len(columns.Categories))
		for _, line := range n.squared(0, len(columns.Categories)) {
			for j, count := range line {
				total[j] += count
			}
		}
		list = append(list, one(columns, total))
	}
	for i, v := range n.variables {
		if i != n.byOwn {
			list = append(list, disclosure.Table{Rows: v, Columns: &columns, Cells: n.squared(i, len(columns.Categories))})
		}
	}
	return list
}

// squared gives every row of a table all columns.
func (n *releaseCount) squared(variable, columns int) [][]int {
	if len(n.variables) == 0 {
		return nil
	}
	cells := make([][]int, len(n.crossed[variable]))
	for i, line := range n.crossed[variable] {
		cells[i] = make([]int, columns)
		copy(cells[i], line)
	}
	return cells
}

// severals are the questions with several answers, and what their answers together could tell.
func (n *releaseCount) severals() (list []disclosure.Several) {
	for _, q := range n.asked {
		if q.Kind != SeveralOf {
			continue
		}
		one := disclosure.Several{Required: q.Required, Most: q.Limits.Most}
		for i := q.first; i < q.first+q.count; i++ {
			one.Keys = append(one.Keys, n.variables[i].Key)
		}
		list = append(list, one)
	}
	return list
}

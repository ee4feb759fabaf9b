package disclosure

import "slices"

// before is what the last release says of a table, with the categories of now. A question that was not there then says what
// everybody knows: nobody had answered it. What could have been published and was not stays unpublished: its last groups
// are one. It is nil where there was no release.
func (r *Release) before(t Table) *Published {
	if r == nil {
		return nil
	}
	if p := r.table(t); p != nil {
		return p.asNow(t)
	}
	if t.Rows.New && t.Rows.Asked == nil && t.Rows.NoAnswer > 0 {
		return r.unanswered(t)
	}
	return nothing(t)
}

// nothing is a table of which nothing was published: what it held is not known, so nothing of it may ever be.
func nothing(t Table) *Published {
	m := &merging{table: t, columns: [][]int{{0}}}
	m.collapse()
	if t.Columns != nil {
		all := make([]int, len(t.Columns.Categories))
		for i := range all {
			all[i] = i
		}
		m.columns = [][]int{all}
	}
	return &Published{Rows: t.Rows, Columns: t.Columns, RowGroups: m.rows, ColumnGroups: m.columns}
}

// unanswered is a table of a question that was not there yet.
func (r *Release) unanswered(t Table) *Published {
	p := &Published{Rows: t.Rows, Columns: t.Columns, RowGroups: singles(len(t.Rows.Categories)), ColumnGroups: [][]int{{0}}}
	line := []int{r.People}
	if t.Columns != nil {
		own := r.Table(t.Columns.Key, "")
		if own == nil {
			return nothing(t)
		}
		if own = own.asNow(Table{Rows: *t.Columns}); own.Cells == nil {
			return nothing(t)
		}
		p.ColumnGroups, line = own.RowGroups, nil
		for _, cell := range own.Cells {
			line = append(line, cell[0])
		}
	}
	p.Cells = zeros(p.RowGroups, p.ColumnGroups)
	p.Cells[t.Rows.NoAnswer-1] = line
	return p
}

// asNow puts what was published into the categories of now. New ones had nobody; where one is gone, nothing can be compared.
func (p *Published) asNow(t Table) *Published {
	rows, known := renumbered(p.RowGroups, p.Rows, t.Rows)
	columns, also := p.ColumnGroups, true
	if t.Columns != nil && p.Columns != nil {
		columns, also = renumbered(p.ColumnGroups, *p.Columns, *t.Columns)
	}
	if !known || !also {
		return nothing(t)
	}
	now := &Published{Rows: t.Rows, Columns: t.Columns, RowGroups: rows, ColumnGroups: columns, Cells: zeros(rows, columns)}
	for i, line := range p.Cells {
		copy(now.Cells[i], line)
	}
	return now
}

// renumbered finds the categories of groups among those of now by their codes, and adds new ones behind, each by itself.
func renumbered(groups [][]int, then, now Variable) (out [][]int, known bool) {
	if now.Codes == nil || then.Codes == nil {
		return groups, len(then.Categories) == len(now.Categories)
	}
	seen := make([]bool, len(now.Codes))
	for _, group := range groups {
		var fresh []int
		for _, category := range group {
			at := slices.Index(now.Codes, then.Codes[category])
			if at < 0 {
				return nil, false
			}
			seen[at] = true
			fresh = append(fresh, at)
		}
		slices.Sort(fresh)
		out = append(out, fresh)
	}
	for at, there := range seen {
		if !there {
			out = append(out, []int{at})
		}
	}
	return out, true
}

package disclosure

import "slices"

// givenAway finds an answer that must not be published, because all answers to its question together tell of a few people:
// the one that the fewest chose. "" is none.
func givenAway(now Release, last *Release, several []Several) string {
	for _, s := range several {
		if !s.Required && s.Most == 0 {
			continue
		}
		for _, columns := range now.columnKeys() {
			if s.tells(now, last, columns) {
				return s.least(now)
			}
		}
	}
	return ""
}

// columnKeys are the variables that stand across the tables; "" is none.
func (r Release) columnKeys() []string {
	keys := []string{""}
	for _, p := range r.Tables {
		if p.Columns != nil && !slices.Contains(keys, p.Columns.Key) {
			keys = append(keys, p.Columns.Key)
		}
	}
	return keys
}

// tells says whether the published answers add up to a few people, now or as a change since the last release.
func (s Several) tells(now Release, last *Release, columns string) bool {
	more, fewer, groups := s.beyond(now, columns, nil)
	var moreThen, fewerThen []int
	if last != nil {
		moreThen, fewerThen, _ = s.beyond(*last, columns, groups)
	}
	for i := range groups {
		if s.Required && (small(more[i]) || moreThen != nil && small(more[i]-moreThen[i])) {
			return true
		}
		if s.Most > 0 && (small(fewer[i]) || fewerThen != nil && small(fewer[i]-fewerThen[i])) {
			return true
		}
	}
	return false
}

// beyond counts, in the finest columns in which all answers are published, how many answers there are beyond one for each
// person who was asked, and how many are missing to the most that they could choose. groups are the columns to count in;
// nil is the finest. There are none where an answer is not published.
func (s Several) beyond(r Release, columns string, groups [][]int) (more, fewer []int, used [][]int) {
	var all []*Published
	for _, key := range s.Keys {
		p := r.Table(key, columns)
		if p == nil || len(p.RowGroups) == 1 {
			return nil, nil, nil
		}
		if all = append(all, p); groups == nil {
			groups = p.ColumnGroups
		}
		groups = coarser(groups, p.ColumnGroups)
	}
	more, fewer = make([]int, len(groups)), make([]int, len(groups))
	for i, p := range all {
		for j, group := range p.ColumnGroups {
			at := indexOf(groups, group[0])
			if at < 0 {
				continue
			}
			more[at] += p.Cells[0][j]
			fewer[at] -= p.Cells[0][j]
			if i == 0 {
				more[at] -= p.asked(j)
				fewer[at] += s.Most * p.asked(j)
			}
		}
	}
	return more, fewer, groups
}

// asked is how many people of a column were asked.
func (p *Published) asked(column int) (n int) {
	for i, line := range p.Cells {
		if p.Rows.Asked == nil || !slices.Contains(p.RowGroups[i], len(p.Rows.Categories)-1) {
			n += line[column]
		}
	}
	return n
}

// least is the answer that the fewest chose, of those that are published.
func (s Several) least(r Release) (key string) {
	fewest := -1
	for _, k := range s.Keys {
		p := r.Table(k, "")
		if p != nil && len(p.RowGroups) > 1 && (fewest < 0 || p.Cells[0][0] < fewest) {
			key, fewest = k, p.Cells[0][0]
		}
	}
	return key
}

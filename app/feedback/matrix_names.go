package feedback

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// nameColumns names the values of a dimension, and puts them in the order in which people look for them.
func (s *Service) nameColumns(ctx context.Context, m *Matrix) error {
	names, order, err := s.columnNames(ctx, m.By.Key)
	if err != nil {
		return err
	}
	for i, c := range m.Columns {
		m.Columns[i].Label = columnLabel(names, m.By.Key, c.Code)
	}
	places := make([]int, len(m.Columns))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(a, b int) int {
		return compareCodes(order, m.Columns[a].Code, m.Columns[b].Code)
	})
	m.reorder(places)
	return nil
}

func (m *Matrix) reorder(places []int) {
	columns, general := make([]MatrixColumn, len(places)), make([]int, len(places))
	for to, from := range places {
		columns[to], general[to] = m.Columns[from], m.General[from]
	}
	m.Columns, m.General = columns, general
	for r, row := range m.Rows {
		cells := make([]int, len(places))
		for to, from := range places {
			cells[to] = row.Cells[from]
		}
		m.Rows[r].Cells = cells
	}
}

// compareCodes puts known values in their order, others after them by their code, and "not known" last.
func compareCodes(order []string, a, b string) int {
	rank := func(code string) int {
		if i := slices.Index(order, code); i >= 0 {
			return i
		}
		if code == "" || code == "0" {
			return len(order) + 1
		}
		return len(order)
	}
	return cmp.Or(rank(a)-rank(b), strings.Compare(a, b))
}

// columnNames are the names of a dimension's values, and their order.
func (s *Service) columnNames(ctx context.Context, by string) (names map[string]string, order []string, err error) {
	names = map[string]string{}
	add := func(code, name string) { names[code], order = name, append(order, code) }
	switch by {
	case byLocality:
		for _, l := range s.Config.Localities {
			add(l.Slug, l.Name)
		}
	case bySource:
		for _, source := range Sources() {
			add(string(source), source.Words())
		}
	case byTone:
		for _, tone := range []string{"positive", "negative", "mixed", "neutral"} {
			add(tone, strings.ToUpper(tone[:1])+tone[1:])
		}
	case byEvent:
		var rows []struct {
			ID    int64
			Title string
		}
		if err := s.DB.Read(ctx).Raw(`SELECT id, title FROM events WHERE id IN (SELECT event_id FROM comments WHERE event_id IS NOT NULL) ORDER BY CASE WHEN starts_at IS NULL THEN 1 ELSE 0 END, starts_at, id`).Scan(&rows).Error; err != nil {
			return nil, nil, fmt.Errorf("name events: %w", err)
		}
		for _, r := range rows {
			add(strconv.FormatInt(r.ID, 10), r.Title)
		}
	}
	return names, order, nil
}

func columnLabel(names map[string]string, by, code string) string {
	if name := names[code]; name != "" {
		return name
	}
	if by == byMonth {
		if at, err := time.Parse("2006-01", code); err == nil {
			return at.Format("January 2006")
		}
	}
	if code == "" || code == "0" && by == byEvent {
		if by == byEvent {
			return "No event"
		}
		return "Not known"
	}
	if strings.HasPrefix(by, equalityPrefix) {
		return strings.ReplaceAll(code, "-", " ")
	}
	return code
}

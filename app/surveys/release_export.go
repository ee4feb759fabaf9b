package surveys

import (
	"time"

	"conversations/app/sheet"
)

// table is what was published as a table on its way out, a row for each number.
func (p Published) table(form Form, at time.Time, zone *time.Location) sheet.Table {
	rows := func(yield func([]any, error) bool) {
		_ = yield([]any{"", "Everybody", "", "", "", p.Counts.People}, nil) && p.eachNumber(func(part PublishedPart, answer, by, column string, n int) bool {
			return yield([]any{part.Key, part.Label, part.About, answer, joined(by, column), n}, nil)
		})
	}
	return sheet.Table{Head: []string{"column", "question", "about", "answer", "among", "people"}, Rows: rows, Options: sheet.Options{Name: "Results", At: at, By: "Published", Zone: zone,
		Filter: [][2]string{{"Survey", form.Words.Title}, {"Numbers of one to four people", "Hidden, with what would give them away"}}}}
}

func joined(by, column string) string {
	if by == "" {
		return ""
	}
	return by + ": " + column
}

// eachNumber calls f with each number that was published, until it says no.
func (p Published) eachNumber(f func(part PublishedPart, answer, by, column string, n int) bool) bool {
	parts := map[string]PublishedPart{p.By: {Key: p.By, Label: p.ByLabel}}
	for _, part := range p.Parts {
		parts[part.Key] = part
	}
	for _, t := range p.Counts.Tables {
		if len(t.RowGroups) == 1 && len(t.Rows.Categories) > 1 {
			continue
		}
		by := ""
		if t.Columns != nil {
			by = p.ByLabel
		}
		for i, line := range t.Cells {
			for j, n := range line {
				if !f(parts[t.Rows.Key], t.RowLabel(i), by, t.ColumnLabel(j), n) {
					return false
				}
			}
		}
	}
	return true
}

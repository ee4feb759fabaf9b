package contacts

import (
	"context"
	"strings"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/sheet"
)

// ExportImportRows gives the rows of a filter as they stood in the file, each with what became of it and, of a bad one, with
// what is wrong: a table that can be mended and brought in again. The filter's Page does not count. That they were taken
// out is in the audit log before the first row leaves.
func (s *Service) ExportImportRows(ctx context.Context, id int64, f RowFilter, format sheet.Format) (t sheet.Table, err error) {
	i, err := s.ImportByID(ctx, id)
	if err != nil {
		return t, err
	}
	set, err := i.Choices()
	if err != nil {
		return t, err
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		return audit.Record(ctx, tx, "contact_import.export", "contact_imports", id, audit.Details{"format": format, "show": f.Show})
	})
	o := sheet.Options{Name: "Rows of a list", At: s.db.Now(), By: writer(audit.ActorFrom(ctx)), Filter: [][2]string{{"List", i.FileName}}, Zone: s.cfg.Zone()}
	if f.Show != "" {
		o.Filter = append(o.Filter, [2]string{"Show", showWords(f.Show)})
	}
	return sheet.Table{Head: append(titled(set.Head), ourColumns[:3]...), Rows: s.exportedRows(ctx, i, set, f), Options: o}, err
}

// titled gives columns without a heading one, so that the file can be read again.
func titled(head []string) []string {
	out := make([]string, len(head))
	for n, title := range head {
		if out[n] = title; title == "" {
			out[n] = "column " + columnLetters(n)
		}
	}
	return out
}

// columnLetters are a column's letters in a spreadsheet: A, B, … Z, AA.
func columnLetters(n int) string {
	letters := ""
	for n++; n > 0; n = (n - 1) / 26 {
		letters = string(rune('A'+(n-1)%26)) + letters
	}
	return letters
}

// exportedRows reads chunk by chunk, so that the longest list takes little memory.
func (s *Service) exportedRows(ctx context.Context, i Import, set ImportSettings, f RowFilter) func(func([]any, error) bool) {
	return func(yield func([]any, error) bool) {
		for last := int64(0); ; {
			rows, err := rowsOf(s.db.Read(ctx), `import_id = ?`+f.where()+` AND id > ? ORDER BY id LIMIT ?`, i.ID, last, importChunk)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, row := range rows {
				if cells, err := exportedRow(row, len(set.Head)); !yield(cells, err) || err != nil {
					return
				}
				last = row.ID
			}
			if len(rows) < importChunk {
				return
			}
		}
	}
}

// exportedRow is a row as it stood, with its line, its outcome and its reason. Cells for which there is no heading are in
// the reason.
func exportedRow(row ImportRow, width int) ([]any, error) {
	cells, err := row.values()
	if err != nil {
		return nil, err
	}
	out := make([]any, width, width+3)
	for n := range out {
		out[n] = ""
		if n < len(cells) {
			out[n] = cells[n]
		}
	}
	reason := row.Reason
	if len(cells) > width {
		reason += " The cells too many: " + strings.Join(cells[width:], " | ")
	}
	return append(out, row.Line, string(row.Outcome), reason), nil
}

// showWords says in words what rows are chosen.
func showWords(show string) string {
	for _, c := range rowChoices() {
		if c.Value == show {
			return c.Label
		}
	}
	return show
}

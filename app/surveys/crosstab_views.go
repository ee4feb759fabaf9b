package surveys

import (
	"context"
	"fmt"
	"strconv"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/sheet"
	"conversations/templates/charts"
	"conversations/templates/nhs"
	pages "conversations/templates/surveys"
)

// shareOfColumns is what the shares in a cross-tab can be of; otherwise they are of rows.
const shareOfColumns = "columns"

func (s *Service) crosstabView(ctx context.Context, x Crosstab, rows, columns, share string) (v pages.CrosstabView, err error) {
	path := staffPath(x.Form.Survey.ID) + "/results/compare"
	v = pages.CrosstabView{Title: x.Form.Words.Title, Action: path, Rows: rows, Columns: columns, Share: share, Choices: []pages.Choice{{Value: "", Text: "Choose"}},
		Chosen: x.Cells != nil, Withheld: x.Withheld, CSVHref: x.Filter.href(path+".csv", "rows", rows, "columns", columns), XLSXHref: x.Filter.href(path+".xlsx", "rows", rows, "columns", columns)}
	for _, side := range x.Choices {
		v.Choices = append(v.Choices, pages.Choice{Value: side.Key, Text: side.Label})
	}
	if v.Filter, err = s.filterView(ctx, x.Form.Survey, x.Filter, path); err != nil {
		return v, err
	}
	if v.Filter.ClearHref != "" {
		v.Filter.ClearHref = ResultFilter{}.href(path, "rows", rows, "columns", columns, "share", share)
	}
	v.Filter.Carried = carried(ResultFilter{}, "rows", rows, "columns", columns, "share", share)
	if !v.Chosen {
		return v, nil
	}
	v.Base = fmt.Sprintf("%d of %s answered both.", x.People, persons(x.All))
	for _, side := range []Side{x.Rows, x.Columns} {
		if side.Several {
			v.Notes = append(v.Notes, fmt.Sprintf("To %q people could choose several answers, so its numbers add up to more than the people.", side.Label))
		}
	}
	v.Chart, v.Table = x.chart(share), x.table(share)
	return v, nil
}

// of is what a cell's share is of.
func (x Crosstab) of(row, column int, share string) int {
	if share == shareOfColumns {
		return x.Columns.Totals[column]
	}
	return x.Rows.Totals[row]
}

func (x Crosstab) caption() string { return x.Rows.Label + " by " + x.Columns.Label }

func (x Crosstab) table(share string) nhs.TableParams {
	t := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text(x.caption()), Size: "s"}, FirstCellIsHeader: true, Head: []nhs.TableCell{nhs.Cell(x.Rows.Label)}}
	for _, column := range x.Columns.Categories {
		t.Head = append(t.Head, nhs.NumberCell(column))
	}
	t.Head = append(t.Head, nhs.NumberCell("All"))
	for i, label := range x.Rows.Categories {
		cells := []nhs.TableCell{nhs.Cell(label)}
		for j, n := range x.Cells[i] {
			cells = append(cells, nhs.NumberCell(fmt.Sprintf("%d (%s)", n, percent(n, x.of(i, j, share)))))
		}
		t.Rows = append(t.Rows, append(cells, nhs.NumberCell(strconv.Itoa(x.Rows.Totals[i]))))
	}
	last := []nhs.TableCell{nhs.Cell("All")}
	for _, n := range x.Columns.Totals {
		last = append(last, nhs.NumberCell(strconv.Itoa(n)))
	}
	t.Rows = append(t.Rows, append(last, nhs.NumberCell(strconv.Itoa(x.People))))
	return t
}

// chart groups the bars by what the shares are of, so that each group adds up to everybody in it.
func (x Crosstab) chart(share string) charts.BarsParams {
	p := charts.BarsParams{ID: "crosstab", Title: "Chart: " + x.caption()}
	if share == shareOfColumns {
		for j, title := range x.Columns.Categories {
			g := charts.Group{Title: title}
			for i, label := range x.Rows.Categories {
				g.Bars = append(g.Bars, bar(label, x.Cells[i][j], x.Columns.Totals[j]))
			}
			p.Groups = append(p.Groups, g)
		}
		return p
	}
	for i, title := range x.Rows.Categories {
		g := charts.Group{Title: title}
		for j, label := range x.Columns.Categories {
			g.Bars = append(g.Bars, bar(label, x.Cells[i][j], x.Rows.Totals[i]))
		}
		p.Groups = append(p.Groups, g)
	}
	return p
}

// ExportCrosstab gives a cross-tab as a table on its way out: people, then shares of each row and of each column. That it
// was taken out is in the audit log.
func (s *Service) ExportCrosstab(ctx context.Context, surveyID int64, rows, columns string, f ResultFilter, format sheet.Format) (sheet.Table, error) {
	x, err := s.Crosstab(ctx, surveyID, rows, columns, f)
	if err != nil {
		return sheet.Table{}, err
	}
	if x.Withheld {
		return sheet.Table{}, tooFewFault()
	}
	if x.Cells == nil {
		return sheet.Table{}, fault.New(fault.Invalid, "Choose two questions to compare first.")
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		return audit.Record(ctx, tx, "responses.export_comparison", "surveys", surveyID, audit.Details{"format": format, "rows": rows, "columns": columns})
	})
	if err != nil {
		return sheet.Table{}, err
	}
	t := sheet.Table{Head: []string{x.Rows.Label}, Options: s.exportOptions(ctx, "Comparison", x.Form)}
	for _, head := range []string{"%s", "%s, share of the row", "%s, share of the column"} {
		for _, column := range x.Columns.Categories {
			t.Head = append(t.Head, fmt.Sprintf(head, column))
		}
		if head == "%s" {
			t.Head = append(t.Head, "All")
		}
	}
	t.Options.Filter = append(append(t.Options.Filter, [2]string{"Across the top", x.Columns.Label}, [2]string{"Not for publishing", "These are the true numbers"}), filterWords(x.Filter)...)
	t.Rows = func(yield func([]any, error) bool) {
		for i, label := range x.Rows.Categories {
			row := []any{label}
			for _, n := range x.Cells[i] {
				row = append(row, n)
			}
			row = append(row, x.Rows.Totals[i])
			for _, n := range x.Cells[i] {
				row = append(row, part(n, x.Rows.Totals[i]))
			}
			for j, n := range x.Cells[i] {
				row = append(row, part(n, x.Columns.Totals[j]))
			}
			if !yield(row, nil) {
				return
			}
		}
	}
	return t, nil
}

func filterWords(f ResultFilter) (list [][2]string) {
	for _, pair := range carried(f) {
		list = append(list, [2]string{pair.Value, pair.Text})
	}
	return list
}

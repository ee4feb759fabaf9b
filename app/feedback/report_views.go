package feedback

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"conversations/templates/charts"
	pages "conversations/templates/feedback"
	"conversations/templates/nhs"
)

const (
	// feedbackPath is the entry of the navigation to which the pages of reports belong.
	feedbackPath = "/staff/feedback"
	// chartedThemes are drawn as bars; the table has all.
	chartedThemes = 20
	// shownPairs stand on the page; the file has all.
	shownPairs = 20
)

func (s *Service) reportView(ctx context.Context, f Filter, m Matrix, pairs []ThemePair) (v pages.ReportView, err error) {
	query := f.reportValues(m.By.Key)
	v = pages.ReportView{By: m.By.Key, ByLabel: strings.ToLower(m.By.Label), Base: m.Base.sentences(), Any: m.Base.Coded > 0, HasPairs: len(pairs) > 0}
	if v.Filter, err = s.reportFilterView(ctx, f, m.By.Key); err != nil {
		return v, err
	}
	v.IssueHref = addressWith(reportsHome+"/new", query.Encode())
	for _, t := range reportTables {
		v.Downloads = append(v.Downloads, pages.Download{Text: t.words, CSVHref: addressWith(reportsHome+"/"+t.name+".csv", query.Encode()), XLSXHref: addressWith(reportsHome+"/"+t.name+".xlsx", query.Encode())})
	}
	v.Chart, v.Themes = m.chart(), m.themeTable()
	v.Matrix, v.General, v.Pairs = m.matrixTable(), m.generalTable(), pairTable(pairs)
	return v, nil
}

func addressWith(path, query string) string {
	if query == "" {
		return path
	}
	return path + "?" + query
}

// largest are the rows of a matrix, the largest first.
func (m Matrix) largest() []MatrixRow {
	rows := slices.Clone(m.Rows)
	slices.SortStableFunc(rows, func(a, b MatrixRow) int { return b.Total - a.Total })
	return rows
}

func (m Matrix) chart() charts.BarsParams {
	g := charts.Group{}
	for _, r := range m.largest() {
		if r.Total == 0 || len(g.Bars) == chartedThemes {
			break
		}
		g.Bars = append(g.Bars, charts.Bar{Label: r.Theme.Name, Value: fmt.Sprintf("%d (%s)", r.Total, shareText(r.Total, m.Base.Coded)), Share: float64(r.Total) / float64(max(m.Base.Coded, 1))})
	}
	return charts.BarsParams{ID: "themes-chart", Title: "Chart: in how many comments each theme was found", Groups: []charts.Group{g}}
}

func captioned(text string, head ...string) nhs.TableParams {
	t := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text(text), Size: "s"}, FirstCellIsHeader: true, Compact: true}
	for i, h := range head {
		if i == 0 {
			t.Head = append(t.Head, nhs.Cell(h))
			continue
		}
		t.Head = append(t.Head, nhs.NumberCell(h))
	}
	return t
}

// indented is a theme's name, with a sign for each theme that it stands below.
func indented(t Theme) string { return strings.Repeat("– ", t.Depth) + t.Name }

func (m Matrix) themeTable() nhs.TableParams {
	t := captioned("In how many comments each theme was found. Base: "+counted(m.Base.Coded, "coded comment", "coded comments"), "Theme", "Comments", "Share")
	for _, r := range m.Rows {
		t.Rows = append(t.Rows, []nhs.TableCell{nhs.Cell(indented(r.Theme)), nhs.NumberCell(strconv.Itoa(r.Total)), nhs.NumberCell(shareText(r.Total, m.Base.Coded))})
	}
	return t
}

func (m Matrix) matrixTable() nhs.TableParams {
	head := []string{"Theme"}
	for _, c := range m.Columns {
		head = append(head, c.Label)
	}
	t := captioned("Themes by "+strings.ToLower(m.By.Label)+". Base: "+counted(m.Base.Coded, "coded comment", "coded comments"), head...)
	line := func(name string, of func(MatrixColumn) int) {
		cells := []nhs.TableCell{nhs.Cell(name)}
		for _, c := range m.Columns {
			cells = append(cells, nhs.NumberCell(strconv.Itoa(of(c))))
		}
		t.Rows = append(t.Rows, cells)
	}
	for _, r := range m.Rows {
		cells := []nhs.TableCell{nhs.Cell(indented(r.Theme))}
		for i, n := range r.Cells {
			text := "0"
			if n > 0 {
				text = fmt.Sprintf("%d (%s)", n, shareText(n, m.Columns[i].Base.Coded))
			}
			cells = append(cells, nhs.NumberCell(text))
		}
		t.Rows = append(t.Rows, cells)
	}
	line("Comments", func(c MatrixColumn) int { return c.Base.Comments })
	line("People", func(c MatrixColumn) int { return c.Base.People })
	line("Coded comments", func(c MatrixColumn) int { return c.Base.Coded })
	line("Coded, and no theme fits", func(c MatrixColumn) int { return c.Base.None })
	return t
}

func (m Matrix) generalTable() nhs.TableParams {
	t := captioned("Comments in which nothing finer than a general theme was found, by "+strings.ToLower(m.By.Label), m.By.Label, "Comments", "Of", "Share")
	for i, c := range m.Columns {
		t.Rows = append(t.Rows, []nhs.TableCell{nhs.Cell(c.Label), nhs.NumberCell(strconv.Itoa(m.General[i])), nhs.NumberCell(strconv.Itoa(c.Base.Coded)), nhs.NumberCell(shareText(m.General[i], c.Base.Coded))})
	}
	return t
}

func pairTable(pairs []ThemePair) nhs.TableParams {
	t := captioned("Themes that were found in the same comment, the most frequent first", "Themes", "Comments", "Share of the first", "Share of the second")
	for _, p := range pairs[:min(len(pairs), shownPairs)] {
		t.Rows = append(t.Rows, []nhs.TableCell{nhs.Cell(p.One.Name + " and " + p.Other.Name), nhs.NumberCell(strconv.Itoa(p.Both)), nhs.NumberCell(shareText(p.Both, p.OfOne)), nhs.NumberCell(shareText(p.Both, p.OfOther))})
	}
	return t
}

func (s *Service) reportFilterView(ctx context.Context, f Filter, by string) (v pages.ReportFilter, err error) {
	text := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	v = pages.ReportFilter{By: by, Text: f.Text, Locality: f.Locality, Event: text(f.Event), Source: string(f.Source), Service: f.Service, Theme: text(f.Theme), From: f.From, To: f.To}
	if f != (Filter{}) {
		v.ClearHref = addressWith(reportsHome, Filter{}.reportValues(by).Encode())
	}
	dimensions, err := s.Dimensions(ctx)
	if err != nil {
		return v, err
	}
	for _, d := range dimensions {
		v.Dimensions = append(v.Dimensions, pages.Option{Value: d.Key, Text: d.Label})
	}
	for _, list := range []struct {
		by, all string
		options *[]pages.Option
	}{{byLocality, "All localities", &v.Localities}, {byEvent, "All events", &v.Events}, {bySource, "All sources", &v.Sources}} {
		if *list.options, err = s.reportOptions(ctx, list.by, list.all); err != nil {
			return v, err
		}
	}
	v.Localities = append(v.Localities, pages.Option{Value: Nowhere, Text: "Not known"})
	var services []string
	if err := s.DB.Read(ctx).Raw(`SELECT DISTINCT service FROM comments WHERE service <> '' ORDER BY service LIMIT 200`).Scan(&services).Error; err != nil {
		return v, fmt.Errorf("list services: %w", err)
	}
	v.Services = []pages.Option{{Value: "", Text: "All services"}}
	for _, name := range services {
		v.Services = append(v.Services, pages.Option{Value: name, Text: name})
	}
	themes, err := s.Themes(ctx)
	v.Themes = []pages.Option{{Value: "", Text: "All themes"}}
	for _, t := range themes {
		v.Themes = append(v.Themes, pages.Option{Value: text(t.ID), Text: indented(t)})
	}
	return v, err
}

func (s *Service) reportOptions(ctx context.Context, by, all string) ([]pages.Option, error) {
	names, order, err := s.columnNames(ctx, by)
	list := []pages.Option{{Value: "", Text: all}}
	for _, code := range order {
		list = append(list, pages.Option{Value: code, Text: names[code]})
	}
	return list, err
}

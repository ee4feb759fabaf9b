package surveys

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"conversations/app/disclosure"
	"conversations/templates/charts"
	"conversations/templates/nhs"
	pages "conversations/templates/surveys"
)

// shown puts what was published together by questions, as a page draws it.
func (p Published) shown() (list []pages.PublishedQuestion) {
	for i := 0; i < len(p.Parts); {
		end := i
		for end < len(p.Parts) && p.Parts[end].Question == p.Parts[i].Question {
			end++
		}
		list = append(list, p.question(p.Parts[i:end]))
		i = end
	}
	if own := p.Counts.Table(p.By, ""); own != nil && !slices.ContainsFunc(p.Parts, func(part PublishedPart) bool { return part.Key == p.By }) {
		q := p.question([]PublishedPart{{Key: p.By, Label: p.ByLabel, Kind: OneOf}})
		list = append(list, q)
	}
	return list
}

func (p Published) question(parts []PublishedPart) pages.PublishedQuestion {
	q := pages.PublishedQuestion{ID: "r-" + strings.ReplaceAll(parts[0].Key, "_", "-"), Label: parts[0].Label}
	if parts[0].Kind == SeveralOf {
		p.several(&q, parts)
	} else {
		p.single(&q, parts)
	}
	for _, part := range parts {
		if both := p.Counts.Table(part.Key, p.By); both != nil && p.By != "" && len(both.RowGroups) > 1 && len(both.ColumnGroups) > 1 {
			q.Crossed = append(q.Crossed, p.crossedTable(part, *both))
		}
	}
	if p.By != "" && len(q.Crossed) > 0 {
		q.ByLabel = p.ByLabel
	}
	q.Chart.ID, q.Chart.Title = q.ID+"-chart", "Chart: "+q.Label
	return q
}

// single is a question, or a grid, each person having one answer to it or to each of its rows.
func (p Published) single(q *pages.PublishedQuestion, parts []PublishedPart) {
	t := answerTable("Answers to: "+q.Label, "Answer")
	if len(parts) > 1 || parts[0].About != "" {
		t.Head = append([]nhs.TableCell{nhs.Cell("About")}, t.Head...)
	}
	for _, part := range parts {
		own := p.Counts.Table(part.Key, "")
		if own == nil || len(own.RowGroups) == 1 && len(own.Rows.Categories) > 1 {
			q.Hidden = append(q.Hidden, hiddenWords(part))
			continue
		}
		q.Hidden = append(q.Hidden, mergedWords(part, own.Rows, own.RowGroups)...)
		g := charts.Group{Title: part.About}
		for i := range own.RowGroups {
			n := own.Cells[i][0]
			g.Bars = append(g.Bars, bar(own.RowLabel(i), n, p.Counts.People))
			cells := []nhs.TableCell{nhs.Cell(own.RowLabel(i)), nhs.NumberCell(strconv.Itoa(n)), nhs.NumberCell(percent(n, p.Counts.People))}
			if len(t.Head) == 4 {
				cells = append([]nhs.TableCell{nhs.Cell(part.About)}, cells...)
			}
			t.Rows = append(t.Rows, cells)
		}
		q.Chart.Groups = append(q.Chart.Groups, g)
	}
	if len(t.Rows) > 0 {
		q.Tables = []nhs.TableParams{t}
	}
}

// several is a question to which people could give several answers.
func (p Published) several(q *pages.PublishedQuestion, parts []PublishedPart) {
	t := answerTable("Answers to: "+q.Label, "Answer")
	g := charts.Group{}
	q.Notes = append(q.Notes, "People could choose several answers, so the shares add up to more than 100%.")
	for _, part := range parts {
		own := p.Counts.Table(part.Key, "")
		if own == nil || len(own.RowGroups) == 1 || len(own.RowGroups[0]) > 1 {
			q.Hidden = append(q.Hidden, hiddenWords(part))
			continue
		}
		n := own.Cells[0][0]
		g.Bars = append(g.Bars, bar(part.About, n, p.Counts.People))
		t.Rows = append(t.Rows, []nhs.TableCell{nhs.Cell(part.About), nhs.NumberCell(strconv.Itoa(n)), nhs.NumberCell(percent(n, p.Counts.People))})
	}
	if len(g.Bars) > 0 {
		q.Chart.Groups, q.Tables = []charts.Group{g}, []nhs.TableParams{t}
	}
}

func hiddenWords(part PublishedPart) string {
	if part.About != "" {
		return fmt.Sprintf("%q is not shown.", part.About)
	}
	return "The answers are not shown."
}

func mergedWords(part PublishedPart, v disclosure.Variable, groups [][]int) (list []string) {
	for _, group := range groups {
		if len(group) < 2 {
			continue
		}
		var names []string
		for _, category := range group {
			names = append(names, fmt.Sprintf("%q", v.Categories[category]))
		}
		words := strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1] + " are counted together."
		if part.About != "" {
			words = part.About + ": " + words
		}
		list = append(list, words)
	}
	return list
}

func (p Published) crossedTable(part PublishedPart, both disclosure.Published) nhs.TableParams {
	caption := part.Label
	if part.About != "" {
		caption += ": " + part.About
	}
	t := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text(caption + ", by " + strings.ToLower(p.ByLabel)), Size: "s"}, FirstCellIsHeader: true, Head: []nhs.TableCell{nhs.Cell("Answer")}}
	totals := make([]int, len(both.ColumnGroups))
	for _, line := range both.Cells {
		for j, n := range line {
			totals[j] += n
		}
	}
	for j := range both.ColumnGroups {
		t.Head = append(t.Head, nhs.NumberCell(both.ColumnLabel(j)))
	}
	for i, line := range both.Cells {
		cells := []nhs.TableCell{nhs.Cell(both.RowLabel(i))}
		for j, n := range line {
			cells = append(cells, nhs.NumberCell(fmt.Sprintf("%d (%s)", n, percent(n, totals[j]))))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func (s *Service) publishView(p Preview) pages.PublishView {
	home := staffPath(p.Form.Survey.ID)
	v := pages.PublishView{Title: p.Form.Words.Title, Action: home + "/publish", ShowAction: home + "/publish/page", By: p.By, Fixed: p.Fixed, Shown: p.Shown, TooFew: p.TooFew, Digest: p.Digest,
		People: p.Published.Counts.People, PublicHref: "/surveys/" + p.Form.Survey.Slug + "/results", Choices: []pages.Choice{{Value: "", Text: "Nothing else"}}}
	for _, b := range p.Breakdowns {
		v.Choices = append(v.Choices, pages.Choice{Value: b.Key, Text: b.Label})
	}
	if p.Last != nil {
		v.Last = s.day(p.Last.ReleasedAt)
	}
	if !p.TooFew {
		v.ByLabel, v.Questions = p.Published.ByLabel, p.Published.shown()
	}
	return v
}

// day is a day as people read it.
func (s *Service) day(at time.Time) string { return at.In(s.Config.Zone()).Format("2 January 2006") }

func (s *Service) publicView(form Form, p Published, at time.Time) pages.PublicResultsView {
	path := "/surveys/" + form.Survey.Slug + "/results"
	return pages.PublicResultsView{Title: form.Words.Title, People: p.Counts.People, On: s.day(at), Questions: p.shown(), ByLabel: p.ByLabel, CSVHref: path + ".csv", XLSXHref: path + ".xlsx"}
}

package surveys

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"conversations/templates/charts"
	"conversations/templates/nhs"
	pages "conversations/templates/surveys"
)

func (s *Service) resultsView(ctx context.Context, r Results) (v pages.ResultsView, err error) {
	home, f := staffPath(r.Form.Survey.ID), r.Filter
	v = pages.ResultsView{Title: r.Form.Words.Title, Home: home, Complete: r.Complete, Shown: r.Shown, Drafts: r.Drafts, SetAside: r.SetAside, Withheld: r.Withheld, Filtered: !f.empty(),
		CSVHref: home + "/responses.csv", XLSXHref: home + "/responses.xlsx", WordsCSV: home + "/dictionary.csv", WordsXLSX: home + "/dictionary.xlsx",
		CrossHref: f.href(home + "/results/compare"), PublishHref: home + "/publish", CountHref: home + "/results/count.json"}
	if v.Filter, err = s.filterView(ctx, r.Form.Survey, f, home+"/results"); err != nil {
		return v, err
	}
	for _, q := range r.Questions {
		one := q.view(r.Shown)
		one.WriteHref = f.href(home + "/results/" + strconv.FormatInt(q.Question.ID, 10))
		v.Questions = append(v.Questions, one)
	}
	return v, nil
}

func (s *Service) filterView(ctx context.Context, survey Survey, f ResultFilter, action string) (pages.FilterView, error) {
	v := pages.FilterView{Action: action, Locality: f.Locality, Event: f.Event, Channel: f.Channel, From: f.From, To: f.To, Days: !survey.Anonymous,
		Localities: []pages.Choice{{Value: "", Text: "All localities"}}, Events: []pages.Choice{{Value: "", Text: "All events"}}, Channels: []pages.Choice{{Value: "", Text: "Any way"}}}
	for _, l := range s.Config.Localities {
		v.Localities = append(v.Localities, pages.Choice{Value: l.Slug, Text: l.Name})
	}
	v.Localities = append(v.Localities, pages.Choice{Value: notKnown, Text: "Not known"})
	for _, channel := range []string{onlineChannel, paperChannel, telephoneChannel, importChannel} {
		v.Channels = append(v.Channels, pages.Choice{Value: channel, Text: channelName(channel)})
	}
	var ids []int64
	err := s.DB.Read(ctx).Raw("SELECT event_id FROM survey_batches WHERE survey_id = ? AND event_id IS NOT NULL UNION SELECT event_id FROM surveys WHERE id = ? AND event_id IS NOT NULL",
		survey.ID, survey.ID).Scan(&ids).Error
	if err != nil {
		return v, fmt.Errorf("list the events of survey %d: %w", survey.ID, err)
	}
	for _, id := range ids {
		code := strconv.FormatInt(id, 10)
		name, err := s.eventName(ctx, code)
		if err != nil {
			return v, err
		}
		v.Events = append(v.Events, pages.Choice{Value: code, Text: name})
	}
	if !f.empty() {
		v.ClearHref = action
	}
	return v, nil
}

// view is the answers to one question of people.
func (q QuestionResult) view(people int) pages.ResultView {
	v := pages.ResultView{ID: "q-" + strconv.FormatInt(q.Question.ID, 10), Label: q.Question.Words.Title, Kind: string(q.Question.Kind), Written: q.Written,
		Base: fmt.Sprintf("%d of %s answered this.", q.Answered, persons(people))}
	v.Notes = q.notes()
	if q.Answered == 0 {
		return v
	}
	switch {
	case q.Question.Kind == Grid:
		v.Chart, v.Tables = q.gridChart(v.ID), []nhs.TableParams{q.gridTable()}
	case q.Question.Kind == Number && q.Numbers != nil:
		v.Chart, v.Tables = q.bandChart(v.ID), []nhs.TableParams{q.bandTable()}
	case len(q.Counts) > 0:
		v.Chart, v.Tables = q.chart(v.ID), []nhs.TableParams{q.table()}
	}
	return v
}

func persons(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

// notes are what must be known to read the numbers.
func (q QuestionResult) notes() (notes []string) {
	if q.Retired {
		notes = append(notes, "It is no longer asked.")
	}
	if q.Question.Kind == SeveralOf {
		notes = append(notes, "People could choose several answers, so the shares add up to more than 100%.")
	}
	if q.Unreadable > 0 {
		notes = append(notes, fmt.Sprintf("%d on paper could not be read.", q.Unreadable))
	}
	if n := q.Numbers; n != nil && q.Question.Kind == Scale {
		notes = append(notes, fmt.Sprintf("The mean is %s and the median %s, on a scale from 1 to %d.", decimal(n.Mean), decimal(n.Median), q.Question.Limits.Steps))
	}
	if n := q.Numbers; n != nil && q.Question.Kind == Number {
		notes = append(notes, fmt.Sprintf("The mean is %s, the median %s, the least %d and the most %d.", decimal(n.Mean), decimal(n.Median), n.Least, n.Most))
	}
	return notes
}

func decimal(x float64) string { return strconv.FormatFloat(math.Round(x*10)/10, 'f', -1, 64) }

// part is n as a share of others; 0 of nobody.
func part(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

// percent is a share as people read it. What is not nothing is not called nothing.
func percent(n, of int) string {
	share := part(n, of) * 100
	switch {
	case of == 0:
		return "–"
	case n > 0 && share < 0.5:
		return "under 1%"
	case n < of && share > 99.5:
		return "over 99%"
	}
	return strconv.Itoa(int(math.Round(share))) + "%"
}

func bar(label string, n, of int) charts.Bar {
	return charts.Bar{Label: label, Value: fmt.Sprintf("%d (%s)", n, percent(n, of)), Share: part(n, of)}
}

func (q QuestionResult) chart(id string) charts.BarsParams {
	p := charts.BarsParams{ID: id + "-chart", Title: "Chart: " + q.Question.Words.Title, Groups: make([]charts.Group, 1)}
	for _, c := range q.Counts {
		p.Groups[0].Bars = append(p.Groups[0].Bars, bar(c.Label, c.People, c.Of))
	}
	return p
}

func (q QuestionResult) table() nhs.TableParams {
	t := answerTable("Answers to: "+q.Question.Words.Title, "Answer")
	for _, c := range q.Counts {
		t.Rows = append(t.Rows, []nhs.TableCell{nhs.Cell(c.Label), nhs.NumberCell(strconv.Itoa(c.People)), nhs.NumberCell(percent(c.People, c.Of))})
	}
	return t
}

func answerTable(caption, first string) nhs.TableParams {
	return nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text(caption), Size: "s"}, FirstCellIsHeader: true,
		Head: []nhs.TableCell{nhs.Cell(first), nhs.NumberCell("People"), nhs.NumberCell("Share")}}
}

func (q QuestionResult) bandChart(id string) charts.BarsParams {
	p := charts.BarsParams{ID: id + "-chart", Title: "Chart: " + q.Question.Words.Title, Groups: make([]charts.Group, 1)}
	for _, b := range q.Numbers.Bands {
		p.Groups[0].Bars = append(p.Groups[0].Bars, bar(b.Words(), b.People, q.Numbers.People))
	}
	return p
}

func (q QuestionResult) bandTable() nhs.TableParams {
	t := answerTable("Answers to: "+q.Question.Words.Title, "Number")
	for _, b := range q.Numbers.Bands {
		t.Rows = append(t.Rows, []nhs.TableCell{nhs.Cell(b.Words()), nhs.NumberCell(strconv.Itoa(b.People)), nhs.NumberCell(percent(b.People, q.Numbers.People))})
	}
	return t
}

func (q QuestionResult) gridChart(id string) charts.BarsParams {
	p := charts.BarsParams{ID: id + "-chart", Title: "Chart: " + q.Question.Words.Title}
	for _, c := range q.Counts {
		if n := len(p.Groups); n == 0 || p.Groups[n-1].Title != c.Row {
			p.Groups = append(p.Groups, charts.Group{Title: c.Row})
		}
		last := &p.Groups[len(p.Groups)-1]
		last.Bars = append(last.Bars, bar(c.Label, c.People, c.Of))
	}
	return p
}

// gridTable has the rows of the grid down the side and its scale across the top.
func (q QuestionResult) gridTable() nhs.TableParams {
	t := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text("Answers to: " + q.Question.Words.Title), Size: "s"}, FirstCellIsHeader: true, Head: []nhs.TableCell{nhs.Cell("About")}}
	for _, o := range q.Question.Options {
		t.Head = append(t.Head, nhs.NumberCell(o.Label))
	}
	t.Head = append(t.Head, nhs.NumberCell("Answered"))
	for i := 0; i < len(q.Counts); i += len(q.Question.Options) {
		cells := []nhs.TableCell{nhs.Cell(q.Counts[i].Row)}
		for _, c := range q.Counts[i : i+len(q.Question.Options)] {
			cells = append(cells, nhs.NumberCell(fmt.Sprintf("%d (%s)", c.People, percent(c.People, c.Of))))
		}
		t.Rows = append(t.Rows, append(cells, nhs.NumberCell(strconv.Itoa(q.Counts[i].Of))))
	}
	return t
}

func writtenView(page WrittenPage, f WrittenFilter) pages.WrittenView {
	path := staffPath(page.Form.Survey.ID) + "/results/" + strconv.FormatInt(page.Question.ID, 10)
	v := pages.WrittenView{Label: page.Question.Words.Title, Action: path, Text: f.Text, Withheld: page.Withheld, Total: page.Total, Texts: page.Texts, Paged: page.Pages > 1,
		Carried: carried(f.ResultFilter), CSVHref: f.href(path+"/texts.csv", "q", f.Text), XLSXHref: f.href(path+"/texts.xlsx", "q", f.Text)}
	v.Pages = nhs.Pages(page.Page, page.Pages, func(n int) string { return f.href(path, "q", f.Text, "page", strconv.Itoa(n)) })
	return v
}

// carried is a filter as hidden fields of a form, more pairs of names and values with it.
func carried(f ResultFilter, more ...string) (list []pages.Choice) {
	add := func(name, value string) {
		if value != "" {
			list = append(list, pages.Choice{Value: name, Text: value})
		}
	}
	for _, pair := range [][2]string{{"locality", f.Locality}, {"event", f.Event}, {"channel", f.Channel}, {"from", f.From}, {"to", f.To}} {
		add(pair[0], pair[1])
	}
	for i := 0; i+1 < len(more); i += 2 {
		add(more[i], more[i+1])
	}
	return list
}

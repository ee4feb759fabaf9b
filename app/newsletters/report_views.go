package newsletters

import (
	"context"
	"iter"
	"net/url"
	"strconv"

	"conversations/app/audit"
	"conversations/app/sheet"
	pages "conversations/templates/newsletters"
)

// reportHref is the address of a view of a report; ending is that of a file.
func reportHref(id int64, f ReportFilter, ending string) string {
	q := url.Values{}
	for name, value := range map[string]string{"show": string(f.Fate), "q": f.Text, "sort": f.Sort} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Page > 1 {
		q.Set("page", strconv.Itoa(f.Page))
	}
	path := stepPath(id, reportStep) + ending
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func (s *Service) reportView(r Report) pages.ReportView {
	u, fate := r.Update, r.Filter.Fate
	v := pages.ReportView{Head: u.head("Report", stepPath(u.ID, reportStep)), Lead: r.headline() + ".", Heading: fate.Words() + ": " + countPeople(r.Total)}
	if u.ReleasedAt != nil {
		v.Facts = append(v.Facts, pages.Fact{Label: "Begun", Text: s.moment(*u.ReleasedAt)})
	}
	if m := r.Mailing; m.EndedAt != nil {
		v.Facts = append(v.Facts, pages.Fact{Label: "Ended", Text: s.moment(*m.EndedAt)})
	}
	v.Facts = append(v.Facts, pages.Fact{Label: "List", Text: countPeople(r.List.Email) + " by email, " + countPeople(r.List.Post) + " on paper, as approved"})
	for _, f := range Fates() {
		v.Fates = append(v.Fates, pages.FateRow{Text: f.Words(), Means: f.Means(), People: english.Sprint(r.Counts[f]), Current: f == fate,
			Href: reportHref(u.ID, ReportFilter{Fate: f}, "") + "#list"})
	}
	for _, l := range afterLinks(r.Progress) {
		if l.Href != stepPath(u.ID, reportStep) {
			v.Next = append(v.Next, l)
		}
	}
	v.People = s.reportPeople(r)
	return v
}

// reportColumns are those by which a list of the report is ordered.
func reportColumns(f Fate) [][4]string {
	columns := [][4]string{{"name", "Name", "Name, A to Z", "Name, Z to A"}, {"address", "Address", "Address, A to Z", "Address, Z to A"}}
	if !f.ofList() {
		columns = append(columns, [4]string{"when", "When", "First first", "Last first"})
	}
	if f == FateLeftOut {
		return append(columns, [4]string{"words", "Why", "Why, A to Z", "Why, Z to A"})
	}
	return append(columns, [4]string{"words", "In words", "In words, A to Z", "In words, Z to A"})
}

func (s *Service) reportPeople(r Report) pages.PeopleView {
	id, f := r.Update.ID, r.Filter
	v := pages.PeopleView{Lead: f.Fate.Means(), Action: stepPath(id, reportStep), Text: f.Text, Chosen: string(f.Fate), ChosenName: "show", ChosenLabel: "What",
		Sort: f.Sort, Total: countPeople(r.Total), Paged: r.Pages > 1, CSVHref: reportHref(id, f, ".csv"), XLSXHref: reportHref(id, f, ".xlsx")}
	for _, fate := range Fates() {
		v.Choices = append(v.Choices, pages.Choice{Value: string(fate), Text: fate.Words()})
	}
	if f.Text != "" {
		v.AllHref = reportHref(id, ReportFilter{Fate: f.Fate}, "")
	}
	v.Pages = pagination(r.Page, r.Pages, func(n int) string {
		f.Page = n
		return reportHref(id, f, "") + "#list"
	})
	f.Page = 0
	v.Heads, v.Sorts = sortable(reportColumns(f.Fate), f.Sort, "", func(sort string) string {
		f.Sort = sort
		return reportHref(id, f, "") + "#list"
	})
	v.Sorts = append([]pages.Choice{{Text: "As they come"}}, v.Sorts...)
	for _, row := range r.Rows {
		cells := []pages.Cell{{Text: row.Name, Href: contactPath(row.ContactID)}, {Text: row.Address}}
		if row.Name == "" {
			cells[0].Text = "No name"
		}
		if !f.Fate.ofList() {
			cells = append(cells, pages.Cell{Text: s.momentOf(row)})
		}
		v.Rows = append(v.Rows, append(cells, pages.Cell{Text: row.Words}))
	}
	return v
}

func (s *Service) momentOf(row ReportRow) string {
	if row.At == nil {
		return ""
	}
	return row.At.In(s.Config.Zone()).Format("2 January 2006, 15:04")
}

var reportHead = []string{"contact", "name", "address", "at", "what", "words"}

// ExportReport gives a list of the report, all pages of it, as a table on its way out. That it was taken out is in the audit
// log before the first row leaves.
func (s *Service) ExportReport(ctx context.Context, id int64, f ReportFilter, format sheet.Format) (sheet.Table, error) {
	f.Page = 0
	r, err := s.ReportOf(ctx, id, f)
	if err != nil {
		return sheet.Table{}, err
	}
	f = r.Filter
	err = s.noteExport(ctx, id, "update.report_export", audit.Details{"format": format, "show": f.Fate, "rows": r.Total, "searched": f.Text != ""})
	if err != nil {
		return sheet.Table{}, err
	}
	var rows iter.Seq2[[]any, error] = func(yield func([]any, error) bool) {
		for row, err := range s.EachOfReport(ctx, r.Progress, f) {
			if !yield([]any{row.ContactID, row.Name, row.Address, row.At, string(f.Fate), row.Words}, err) {
				return
			}
		}
	}
	return sheet.Table{Head: reportHead, Rows: rows, Options: s.exportOptions(ctx, "Report", [][2]string{{"Update", r.Update.Title}, {"Shown", f.Fate.Words()}, {"Looked for", f.Text}})}, nil
}

// correctionView says what a correction is before it is begun.
func (s *Service) correctionView(p Progress) pages.ConfirmView {
	path := stepPath(p.Update.ID, correctionStep)
	return pages.ConfirmView{Head: p.Update.head("Send a correction", path), Action: path, Button: "Write a correction", BackHref: stepPath(p.Update.ID, reportStep),
		Text: []string{
			"A correction is a letter of its own. It begins with the words of this one, so that you can put them right.",
			"It goes to the people who were sent this letter, by email or on paper. Who has stopped these letters since does not get it.",
			"Like every letter it has to be approved.",
		}}
}

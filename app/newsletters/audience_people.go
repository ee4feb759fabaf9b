package newsletters

import (
	"context"
	"iter"
	"net/url"
	"strconv"
	"strings"

	"conversations/app/accounts"
	"conversations/app/audiences"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/sheet"
	pages "conversations/templates/newsletters"
)

// sinceMark stands before a reason, in an address, that came up after the list was made.
const sinceMark = "since-"

// peopleOf reads what a list is narrowed to from an address: an outcome, or the reason of those left out.
func peopleOf(show string) (f audiences.RowFilter) {
	switch audiences.Outcome(show) {
	case "", audiences.ByEmail, audiences.ByPost, audiences.LeftOut:
		f.Outcome = audiences.Outcome(show)
		return f
	}
	reason, since := strings.CutPrefix(show, sinceMark)
	return audiences.RowFilter{Outcome: audiences.LeftOut, Reason: audiences.Reason(reason), Since: since}
}

// shown is what a list is narrowed to, as an address has it.
func shown(f audiences.RowFilter) string {
	if f.Reason == "" {
		return string(f.Outcome)
	}
	if f.Since {
		return sinceMark + string(f.Reason)
	}
	return string(f.Reason)
}

// peopleHref is the address of a view of an update's list; ending is that of a file.
func peopleHref(id int64, f audiences.RowFilter, ending string) string {
	q := url.Values{}
	for name, value := range map[string]string{"show": shown(f), "q": f.Text, "sort": f.Sort} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Page > 1 {
		q.Set("page", strconv.Itoa(f.Page))
	}
	path := stepPath(id, audienceStep) + "/list" + ending
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// peopleColumns are those by which a list is ordered: key, heading, and both orders in words.
var peopleColumns = [][4]string{
	{"name", "Name", "Name, A to Z", "Name, Z to A"}, {"organisation", "Organisation", "Organisation, A to Z", "Organisation, Z to A"},
	{"email", "Email address", "Email address, A to Z", "Email address, Z to A"}, {"postcode", "Postcode", "Postcode, A to Z", "Postcode, Z to A"},
	{"outcome", "Gets it", "By email first", "On paper first"},
}

func (s *Service) peopleView(a Audience, f audiences.RowFilter, page audiences.Page) pages.PeopleView {
	id := a.Update.ID
	v := pages.PeopleView{Head: a.Update.head("Everybody on the list", stepPath(id, audienceStep)), Lead: a.Words, Action: peopleHref(id, audiences.RowFilter{}, ""), Text: f.Text,
		Chosen: shown(f), ChosenName: "show", ChosenLabel: "Who", Choices: outcomes(a.Counts), Sort: f.Sort, Total: countPeople(page.Total), Paged: page.Pages > 1,
		Back: &pages.Link{Text: "Back to who it is for", Href: stepPath(id, audienceStep)}}
	v.CSVHref, v.XLSXHref = peopleHref(id, f, ".csv"), peopleHref(id, f, ".xlsx")
	if f.Outcome != "" || f.Text != "" {
		v.AllHref = v.Action
	}
	v.Pages = pagination(page.Page, page.Pages, func(n int) string {
		f.Page = n
		return peopleHref(id, f, "")
	})
	f.Page = 0
	v.Heads, v.Sorts = sortable(peopleColumns, f.Sort, "name", func(sort string) string {
		f.Sort = sort
		return peopleHref(id, f, "")
	})
	for _, r := range page.Rows {
		v.Rows = append(v.Rows, []pages.Cell{{Text: r.Label(), Href: contactPath(r.ContactID)}, {Text: r.Organisation}, {Text: r.Email}, {Text: r.Postcode}, {Text: outcomeWords(r)}})
	}
	return v
}

// sortable makes the heads of a list and the choice of its order. A press on a head sorts by it, the next press the other
// way round; usual is the order where none is chosen.
func sortable(columns [][4]string, sort, usual string, href func(sort string) string) (heads []pages.ListHead, sorts []pages.Choice) {
	for _, c := range columns {
		head, next := pages.ListHead{Text: c[1], Sort: "none"}, c[0]
		switch {
		case sort == c[0], sort == "" && c[0] == usual:
			head.Sort, next = "ascending", "-"+c[0]
		case sort == "-"+c[0]:
			head.Sort = "descending"
		}
		head.Href = href(next)
		heads = append(heads, head)
		up := c[0]
		if up == usual {
			up = ""
		}
		sorts = append(sorts, pages.Choice{Value: up, Text: c[2]}, pages.Choice{Value: "-" + c[0], Text: c[3]})
	}
	return heads, sorts
}

func contactPath(id int64) string { return "/staff/contacts/" + strconv.FormatInt(id, 10) }

func outcomeWords(r audiences.Row) string {
	switch r.Outcome {
	case audiences.ByEmail:
		return "By email"
	case audiences.ByPost:
		if r.LargePrint {
			return "On paper, in large print"
		}
		return "On paper"
	case audiences.LeftOut:
	}
	return "Left out. " + leftOutWords(r.Reason, r.Was != "")
}

var peopleHead = []string{"contact", "name", "organisation", "email", "post_address", "postcode", "outcome", "reason", "since"}

// ExportPeople gives a view of an update's list, all pages of it, as a table on its way out. That it was taken out is in
// the audit log before the first row leaves; the text looked for is not, for it may name somebody.
func (s *Service) ExportPeople(ctx context.Context, id int64, f audiences.RowFilter, format sheet.Format) (sheet.Table, error) {
	a, err := s.AudienceOf(ctx, id)
	if err != nil {
		return sheet.Table{}, err
	}
	if !a.Made {
		return sheet.Table{}, fault.New(fault.NotFound, "There is no list yet.")
	}
	err = s.noteExport(ctx, id, "update.list_export", audit.Details{"format": format, "list": a.List.ID, "show": shown(f), "searched": f.Text != ""})
	if err != nil {
		return sheet.Table{}, err
	}
	var rows iter.Seq2[[]any, error] = func(yield func([]any, error) bool) {
		for r, err := range s.Audiences.Each(ctx, a.List.ID, f) {
			cells := []any{r.ContactID, r.Name, r.Organisation, r.Email, r.PostAddress, r.Postcode, string(r.Outcome), string(r.Reason), r.Was != ""}
			if !yield(cells, err) {
				return
			}
		}
	}
	return sheet.Table{Head: peopleHead, Rows: rows, Options: s.exportOptions(ctx, "People", [][2]string{{"Update", a.Update.Title}, {"For", a.Words}, {"Shown", shown(f)}})}, nil
}

func (s *Service) noteExport(ctx context.Context, id int64, action string, details audit.Details) error {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *database.Tx) error { return audit.Record(ctx, tx, action, updatesTable, id, details) })
}

func (s *Service) exportOptions(ctx context.Context, name string, filter [][2]string) sheet.Options {
	var given [][2]string
	for _, line := range filter {
		if line[1] != "" {
			given = append(given, line)
		}
	}
	return sheet.Options{Name: name, At: s.DB.Now(), By: s.actor(ctx), Filter: given, Zone: s.Config.Zone()}
}

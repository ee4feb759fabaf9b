package newsletters

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"conversations/app/events"
	pages "conversations/templates/newsletters"
	"conversations/templates/nhs"
)

// staffHome is the staff's list of updates; below it is a path for each.
const staffHome = "/staff/updates"

func staffPath(id int64) string { return staffHome + "/" + strconv.FormatInt(id, 10) }

func textPath(id, textID int64) string {
	return staffPath(id) + "/texts/" + strconv.FormatInt(textID, 10)
}

func (s State) colour() string {
	switch s {
	case Asked:
		return "yellow"
	case Approved:
		return "blue"
	case Sending:
		return "orange"
	case Sent, Published:
		return "green"
	case Draft:
	}
	return "grey"
}

// head is what stands at the top of a page of an update; current is the page's own address, heading its heading.
func (u Update) head(heading, current string) pages.UpdateHead {
	title := u.Title
	if title == "" {
		title = "Without a title"
	}
	return pages.UpdateHead{Title: title, Kind: u.Kind.Name(), State: u.State.Words(), Colour: u.State.colour(), Heading: heading, Nav: u.nav(current)}
}

// nav leads to the pages of an update.
func (u Update) nav(current string) (links []pages.Link) {
	path := staffPath(u.ID)
	all := []pages.Link{{Text: "Overview", Href: path}}
	if u.Writable() {
		all = append(all, pages.Link{Text: "Write", Href: path + "/edit"}, pages.Link{Text: "Check", Href: path + "/check"})
	}
	all = append(all, pages.Link{Text: "Preview", Href: path + "/preview"}, pages.Link{Text: "Earlier texts", Href: path + "/texts"})
	all = append(all, u.sendNav()...)
	for _, l := range all {
		l.Current = l.Href == current
		links = append(links, l)
	}
	return links
}

// moment writes an instant on the programme's clocks: "2:03pm on Monday 20 February 2017".
func (s *Service) moment(t time.Time) string { return events.Moment(t.In(s.Config.Zone())) }

// clock is the time of day alone, on the programme's clocks: "14:03".
func (s *Service) clock(t time.Time) string { return t.In(s.Config.Zone()).Format("15:04") }

func by(writer string) string {
	if writer == "" {
		return "the program"
	}
	return writer
}

func kindChoices(first ...pages.Choice) []pages.Choice {
	for _, k := range Kinds() {
		first = append(first, pages.Choice{Value: string(k), Text: k.Name()})
	}
	return first
}

func (s *Service) listView(f ListFilter, page ListPage) pages.UpdatesView {
	v := pages.UpdatesView{Text: f.Text, Kind: string(f.Kind), State: string(f.State), Sort: f.Sort, Kinds: kindChoices(pages.Choice{Text: "Any kind"}),
		States: []pages.Choice{{Text: "Any state"}}, Total: counted(page.Total, "update", "updates"), Heads: f.heads(), Pages: pagination(page.Page, page.Pages, f.pageHref),
		Paged: page.Pages > 1, CSVHref: f.href(staffHome+".csv", ""), XLSXHref: f.href(staffHome+".xlsx", "")}
	v.Sorts = []pages.Choice{{Text: "Changed last"}, {Value: "changed", Text: "Changed first"}, {Value: "title", Text: "Title, A to Z"}, {Value: "-title", Text: "Title, Z to A"},
		{Value: "-public", Text: "Published last"}, {Value: "public", Text: "Published first"}}
	for _, state := range States() {
		v.States = append(v.States, pages.Choice{Value: string(state), Text: state.Words()})
	}
	if f.Kind != "" || f.State != "" || f.Text != "" {
		v.AllURL = staffHome
	}
	for _, u := range page.Updates {
		v.Rows = append(v.Rows, s.row(u))
	}
	return v
}

func (s *Service) row(u Listed) pages.UpdateRow {
	row := pages.UpdateRow{Href: staffPath(u.ID), Title: u.Title, Kind: u.Kind.Name(), State: u.State.Words(), Colour: u.State.colour(),
		Changed: s.moment(u.ChangedAt) + ", by " + by(u.Writer), Public: "Not yet"}
	if row.Title == "" {
		row.Title = "Without a title"
	}
	if u.PublishedAt != nil {
		row.Public = s.moment(*u.PublishedAt)
	}
	return row
}

func (f ListFilter) href(path, sort string) string {
	if sort != "" {
		f.Sort = sort
	}
	if q := f.query(); len(q) > 0 {
		return path + "?" + q.Encode()
	}
	return path
}

func (f ListFilter) pageHref(page int) string {
	q := f.query()
	q.Set("page", strconv.Itoa(page))
	return staffHome + "?" + q.Encode()
}

// heads are the columns: a press on one sorts by it, the next press the other way round.
func (f ListFilter) heads() (heads []pages.ListHead) {
	for _, c := range []struct{ key, text string }{{"title", "Title"}, {"", "Kind"}, {"", "State"}, {"changed", "Changed"}, {"public", "Published"}} {
		head := pages.ListHead{Text: c.text}
		if c.key != "" {
			head.Sort, head.Href = "none", f.href(staffHome, c.key)
		}
		switch {
		case c.key == "":
		case f.Sort == c.key:
			head.Sort, head.Href = "ascending", f.href(staffHome, "-"+c.key)
		case f.Sort == "-"+c.key, f.Sort == "" && c.key == "changed":
			head.Sort = "descending"
		}
		heads = append(heads, head)
	}
	return heads
}

func pagination(page, pageCount int, href func(int) string) (p nhs.PaginationParams) {
	for n := 1; n <= pageCount; n++ {
		p.Items = append(p.Items, nhs.PaginationItem{Number: n, Href: href(n), Current: n == page})
	}
	if page > 1 {
		p.Previous.Href = href(page - 1)
	}
	if page < pageCount {
		p.Next.Href = href(page + 1)
	}
	return p
}

// overviewView is the page of one update: what it is, and what to do with it next.
func (s *Service) overviewView(ctx context.Context, u Update, c Content) (v pages.OverviewView, err error) {
	v.Head = u.head("", staffPath(u.ID))
	t, err := s.KeptText(ctx, u.ID, u.TextID)
	if err != nil {
		return v, err
	}
	v.Facts = []pages.Fact{{Label: "What it is", Text: u.Kind.Name()}, {Label: "Written last", Text: s.moment(t.CreatedAt) + ", by " + by(t.Writer)},
		{Label: "Length", Text: lengthWords(t.Words)}}
	if u.PublishedAt != nil {
		v.Facts = append(v.Facts, pages.Fact{Label: "Published", Text: s.moment(*u.PublishedAt)})
	}
	if u.Writable() {
		if v.Steps, err = s.writingSteps(ctx, u, c); err != nil {
			return v, err
		}
	}
	v.Steps = append(v.Steps, pages.Step{Title: "Preview", Href: staffPath(u.ID) + "/preview", Text: "On a telephone, on a desk and as text. You can send yourself a test."})
	steps, err := s.sendSteps(ctx, u)
	v.Steps = append(v.Steps, steps...)
	return v, err
}

func (s *Service) writingSteps(ctx context.Context, u Update, c Content) ([]pages.Step, error) {
	asides, err := s.Asides(ctx, u.ID)
	if err != nil {
		return nil, err
	}
	checks, err := s.Check(ctx, u, c)
	if err != nil {
		return nil, err
	}
	write := pages.Step{Title: "Write", Href: staffPath(u.ID) + "/edit", Text: "Title, opening, sections, closing and who signs."}
	if len(asides) > 0 {
		write.Text = "Two people wrote at the same time. Put their texts together."
	}
	wrong, look := len(checks.Errors()), len(checks.Findings)-len(checks.Errors())
	check := pages.Step{Title: "Check", Href: staffPath(u.ID) + "/check", Done: wrong == 0, Text: "Nothing stands in the way."}
	switch {
	case wrong > 0:
		check.Text = counted(wrong, "thing", "things") + " to put right first."
	case look > 0:
		check.Text = "Nothing stands in the way. There is " + counted(look, "thing", "things") + " to look at."
		if look > 1 {
			check.Text = strings.Replace(check.Text, "There is", "There are", 1)
		}
	}
	return []pages.Step{write, check}, nil
}

func lengthWords(words int) string {
	return fmt.Sprintf("%s, about %s to read", counted(words, "word", "words"), counted(max(1, (words+wordsAMinute/2)/wordsAMinute), "minute", "minutes"))
}

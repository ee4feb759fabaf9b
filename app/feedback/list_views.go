package feedback

import (
	"context"
	"fmt"
	"net/url"
	"strconv"

	pages "conversations/templates/feedback"
	"conversations/templates/nhs"
)

// shownLetters is how much of a comment a list shows.
const shownLetters = 160

func (s *Service) commentListView(ctx context.Context, f Filter, page Page) (v pages.CommentList, err error) {
	v = pages.CommentList{Total: counted(page.Total, "comment", "comments"), Heads: f.heads(), Paged: page.Pages > 1, CSVHref: f.href(feedbackHome + ".csv"), XLSXHref: f.href(feedbackHome + ".xlsx"),
		CodeHref: codingHome, CheckHref: feedbackHome + "/check", Links: workLinks(), Pages: nhs.Pages(page.Page, page.Pages, func(n int) string { return f.href(feedbackHome, "page", strconv.Itoa(n)) })}
	if len(f.words()) > 0 {
		v.AllHref = feedbackHome
	}
	groups, err := s.copiesOf(ctx, page.Comments)
	if err != nil {
		return v, err
	}
	coded, err := s.codedAmong(ctx, page.Comments)
	if err != nil {
		return v, err
	}
	for _, c := range page.Comments {
		row := s.commentRow(c, groups)
		if coded[c.ID] {
			row.Coded = "Coded"
		}
		v.Rows = append(v.Rows, row)
	}
	if v.Filter, err = s.filterView(ctx, f); err != nil {
		return v, err
	}
	open, err := s.OpenAlarms(ctx)
	if err != nil {
		return v, err
	}
	for _, a := range open {
		v.Alarms = append(v.Alarms, pages.CommentLink{Text: alarmWords(a.Kind) + ": nobody has answered", Href: alarmPath(a.ID)})
	}
	_, left, err := s.NextToRedact(ctx, 0)
	if left > 0 {
		v.ToCheck = counted(left, "comment", "comments")
	}
	if err != nil {
		return v, err
	}
	if err := s.desk.load(s.DB.Read(ctx)); err != nil {
		return v, err
	}
	if n := s.desk.count(); n > 0 {
		v.ToCode = counted(n, "comment", "comments")
	}
	return v, nil
}

// workLinks lead from the list of comments to all that is done with them.
func workLinks() (links []pages.CommentLink) {
	links = []pages.CommentLink{{Text: "Reports", Href: reportsHome}}
	for _, l := range codingLinks()[1:] {
		links = append(links, pages.CommentLink{Text: l.Name, Href: l.Value})
	}
	return links
}

// codedAmong says which of the comments are coded.
func (s *Service) codedAmong(ctx context.Context, list []Comment) (coded map[int64]bool, err error) {
	ids := []int64{0}
	for _, c := range list {
		ids = append(ids, c.ID)
	}
	var found []int64
	if err := s.DB.Read(ctx).Raw("SELECT comment_id FROM comment_readings WHERE counts AND comment_id IN ?", ids).Scan(&found).Error; err != nil {
		return nil, fmt.Errorf("look which comments are coded: %w", err)
	}
	coded = make(map[int64]bool, len(found))
	for _, id := range found {
		coded[id] = true
	}
	return coded, nil
}

// copiesOf counts the comments of each group of copies.
func (s *Service) copiesOf(ctx context.Context, list []Comment) (map[int64]int, error) {
	var groups []int64
	for _, c := range list {
		if c.LikeGroup != 0 {
			groups = append(groups, c.LikeGroup)
		}
	}
	counts := map[int64]int{}
	if len(groups) == 0 {
		return counts, nil
	}
	var rows []struct {
		LikeGroup int64
		Copies    int
	}
	if err := s.DB.Read(ctx).Raw("SELECT like_group, count(*) AS copies FROM comments WHERE like_group IN ? GROUP BY like_group", groups).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("count copies: %w", err)
	}
	for _, r := range rows {
		counts[r.LikeGroup] = r.Copies
	}
	return counts, nil
}

func (s *Service) commentRow(c Comment, groups map[int64]int) pages.CommentRow {
	row := pages.CommentRow{ID: c.ID, Words: shortened(c.Text), Source: c.Source.Words(), Locality: s.localityName(c.Locality), Said: dayWords(c.SaidOn, ""), Service: c.Service,
		State: c.Redaction.Words(), Colour: map[Redaction]string{Found: "yellow", Confirmed: "green"}[c.Redaction]}
	switch {
	case c.Text == "":
		row.Words, row.State, row.Colour = "Removed on request", "Removed", "grey"
	case c.SetAside != "":
		row.State, row.Colour = "Set aside", "grey"
	}
	switch {
	case groups[c.LikeGroup] > 1:
		row.Copies = "One of " + strconv.Itoa(groups[c.LikeGroup]) + " copies"
	case c.SameAs != nil:
		row.Copies = "Same words as comment " + strconv.FormatInt(*c.SameAs, 10)
	}
	return row
}

// shortened is the beginning of a text.
func shortened(text string) string {
	letters := []rune(text)
	if len(letters) <= shownLetters {
		return text
	}
	return string(letters[:shownLetters]) + "…"
}

func (s *Service) filterView(ctx context.Context, f Filter) (v pages.CommentFilter, err error) {
	text := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	v = pages.CommentFilter{Text: f.Text, Source: string(f.Source), Event: text(f.Event), Locality: f.Locality, Service: f.Service, Theme: text(f.Theme), Coded: f.Coded, Redaction: string(f.Redaction),
		Copies: text(f.Copies), Import: text(f.Import), From: f.From, To: f.To, Aside: f.Aside, Sort: f.Sort,
		Sources: []pages.Choice{{Label: "Anywhere"}}, Localities: append([]pages.Choice{{Label: "All"}, {Value: Nowhere, Label: "Not known"}}, s.localityChoices()...),
		Codings:    []pages.Choice{{Label: "All"}, {Value: "yes", Label: "Coded"}, {Value: "no", Label: "Not coded"}},
		Redactions: []pages.Choice{{Label: "All"}, {Value: string(Found), Label: "To check"}, {Value: string(Confirmed), Label: "Checked"}},
		Groups:     []pages.Choice{{Label: "All"}, {Value: text(AnyCopies), Label: "Only copies"}},
		Asides:     []pages.Choice{{Label: "Those that count"}, {Value: "only", Label: "Those set aside"}, {Value: "all", Label: "All"}},
		Sorts: []pages.Choice{{Label: "Newest first"}, {Value: "taken", Label: "Oldest first"}, {Value: "-said", Label: "Said last"}, {Value: "said", Label: "Said first"},
			{Value: "locality", Label: "Locality, A to Z"}, {Value: "-locality", Label: "Locality, Z to A"}, {Value: "source", Label: "Where from, A to Z"}, {Value: "-source", Label: "Where from, Z to A"}}}
	if f.Copies > 0 {
		v.Groups = append(v.Groups, pages.Choice{Value: text(f.Copies), Label: "Copies of comment " + text(f.Copies)})
	}
	for _, source := range Sources() {
		v.Sources = append(v.Sources, pages.Choice{Value: string(source), Label: source.Words()})
	}
	var rows []struct {
		ID   int64
		Name string
	}
	add := func(to *[]pages.Choice, what, query string) {
		if err != nil {
			return
		}
		*to, rows = []pages.Choice{{Label: "All"}}, nil
		if err = s.DB.Read(ctx).Raw(query).Scan(&rows).Error; err != nil {
			err = fmt.Errorf("read the %s to filter by: %w", what, err)
		}
		for _, r := range rows {
			*to = append(*to, pages.Choice{Value: text(r.ID), Label: r.Name})
		}
	}
	add(&v.Events, "events", "SELECT e.id, e.title AS name FROM events e WHERE EXISTS (SELECT 1 FROM comments c WHERE c.event_id = e.id) ORDER BY e.title, e.id")
	add(&v.Themes, "themes", "SELECT id, name FROM themes WHERE retired_at IS NULL ORDER BY name, id")
	return v, err
}

// heads are the columns of the table: a press on one sorts by it, the next press the other way round.
func (f Filter) heads() (heads []pages.CommentHead) {
	for _, c := range [][2]string{{"", "Comment"}, {"source", "Came from"}, {"locality", "Locality"}, {"said", "Said on"}, {"", "State"}} {
		head := pages.CommentHead{Text: c[1]}
		if key := c[0]; key != "" {
			next := key
			switch head.Sort = "none"; f.Sort {
			case key:
				head.Sort, next = "ascending", "-"+key
			case "-" + key:
				head.Sort = "descending"
			}
			head.Href = f.href(feedbackHome, "sort", next)
		}
		heads = append(heads, head)
	}
	return heads
}

// href is a view of the list by its address, the page left out.
func (f Filter) href(path string, more ...string) string {
	q := url.Values{}
	for _, line := range f.words() {
		name := line[0]
		if name == "words" {
			name = "q"
		}
		q.Set(name, line[1])
	}
	if f.Sort != "" {
		q.Set("sort", f.Sort)
	}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

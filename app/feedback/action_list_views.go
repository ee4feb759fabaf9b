package feedback

import (
	"context"
	"net/url"
	"strconv"

	"conversations/app/audiences"
	"conversations/app/fault"
	pages "conversations/templates/feedback"
	"conversations/templates/nhs"
)

func (s *Service) actionList(ctx context.Context, f ActionFilter) (v pages.ActionList, err error) {
	page, err := s.Actions(ctx, f)
	if err != nil {
		return v, err
	}
	due, err := s.ActionsDue(ctx)
	if err != nil {
		return v, err
	}
	themes, err := readThemes(s.DB.Read(ctx))
	if err != nil {
		return v, err
	}
	v = pages.ActionList{Text: f.Text, Theme: idText(f.Theme), Locality: f.Locality, State: string(f.State), Approval: string(f.Approval), Sort: f.Sort, Overdue: f.Overdue,
		Themes: themeChoices(themes, f.Theme, "All themes"), Localities: s.areaChoices(pages.ActionChoice{Text: "Any"}, pages.ActionChoice{Value: Nowhere, Text: "All areas"}),
		Total: answersWords(page.Total), Heads: f.heads(), Paged: page.Pages > 1, Narrowed: f.narrowed(), NewHref: actionsHome + "/new", All: actionsHome,
		CSVHref: f.href(actionsHome+".csv", 1), XLSXHref: f.href(actionsHome+".xlsx", 1),
		Pages: nhs.Pages(page.Page, page.Pages, func(n int) string { return f.href(actionsHome, n) })}
	v.States, v.Approvals, v.Sorts = actionChoices()
	if s.AnyAnswers(ctx) {
		v.PublicHref = saidHome
	}
	for _, t := range due.Unanswered {
		v.Unanswered = append(v.Unanswered, pages.ActionLink{Text: t.Name, Href: actionsHome + "/new?theme=" + idText(t.ID), Note: commentsWords(t.Comments)})
	}
	today := s.today()
	for _, a := range page.Actions {
		v.Rows = append(v.Rows, pages.ActionRow{Title: a.Title, Href: actionPath(a.ID), Theme: a.ThemeName, Area: s.areaName(a.Locality), State: a.State.Words(), Owner: a.Owner,
			Due: actionDay(a.DueOn), Late: a.Overdue(today), Approval: a.approvalWords()})
	}
	return v, nil
}

// approvalWords tell both what the website shows and how far a later draft has come.
func (a Action) approvalWords() string {
	if a.Public() && a.Approval != ActionPublished {
		return "Published, with a later draft"
	}
	return a.Approval.Words()
}

func actionChoices() (states, approvals, sorts []pages.ActionChoice) {
	states, approvals = []pages.ActionChoice{{Text: "Any"}}, []pages.ActionChoice{{Text: "Any"}}
	for _, state := range ActionStates() {
		states = append(states, pages.ActionChoice{Value: string(state), Text: state.Words()})
	}
	for _, a := range Approvals() {
		approvals = append(approvals, pages.ActionChoice{Value: string(a), Text: a.Words()})
	}
	for _, o := range [][2]string{{"", "Due first"}, {"-due", "Due last"}, {"title", "Title, A to Z"}, {"-title", "Title, Z to A"}, {"theme", "Theme, A to Z"}, {"-theme", "Theme, Z to A"},
		{"locality", "Area, A to Z"}, {"-locality", "Area, Z to A"}, {"owner", "Office, A to Z"}, {"-owner", "Office, Z to A"}, {"-changed", "Changed last"}, {"changed", "Changed first"}} {
		sorts = append(sorts, pages.ActionChoice{Value: o[0], Text: o[1]})
	}
	return states, approvals, sorts
}

// heads are the columns; those that can be sorted by lead to the same view in their order.
func (f ActionFilter) heads() (heads []pages.ActionHead) {
	for _, h := range [][2]string{{"Answer", "title"}, {"Theme", "theme"}, {"Area", "locality"}, {"How far it has come", ""}, {"Office", "owner"}, {"Due", "due"}, {"On the website", ""}} {
		head := pages.ActionHead{Text: h[0]}
		if h[1] != "" {
			g := f
			head.Sort, g.Sort = "none", h[1]
			switch f.Sort {
			case h[1]:
				head.Sort, g.Sort = "ascending", "-"+h[1]
			case "-" + h[1]:
				head.Sort = "descending"
			}
			head.Href = g.href(actionsHome, 1)
		}
		heads = append(heads, head)
	}
	return heads
}

func (f ActionFilter) narrowed() bool {
	f.Sort, f.Page = "", 0
	return f != ActionFilter{}
}

// href is the address of the same view below another path.
func (f ActionFilter) href(path string, page int) string {
	q := url.Values{}
	values := map[string]string{"q": f.Text, "theme": idText(f.Theme), "locality": f.Locality, "state": string(f.State), "approval": string(f.Approval), "sort": f.Sort}
	if f.Overdue {
		values["overdue"] = "yes"
	}
	if page > 1 {
		values["page"] = strconv.Itoa(page)
	}
	for name, value := range values {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func answersWords(n int) string {
	if n == 1 {
		return "1 answer"
	}
	return strconv.Itoa(n) + " answers"
}

// commentStart is how many characters of a comment stand in a list.
const commentStart = 300

func (s *Service) raisedView(r RaisedPage) pages.RaisedView {
	d := r.Detail
	v := pages.RaisedView{Title: d.Title, Total: commentsWords(r.Total), Paged: r.Pages > 1, Note: "These are the comments on " + d.Theme.Name + s.inArea(d.Locality) + " as they are coded now. Where one was said at an event, a link leads there.",
		Pages: nhs.Pages(r.Page.Page, r.Pages, func(n int) string { return actionPath(d.ID) + "/comments?page=" + strconv.Itoa(n) })}
	for _, c := range r.Comments {
		row := pages.RaisedRow{Words: startOf(c.Text), Href: commentPath(c.ID), Source: c.Source.Words(), Said: actionDay(c.SaidOn)}
		if c.EventID != nil {
			if e, there := r.Events[*c.EventID]; there {
				home := "/staff/events/" + idText(e.ID)
				row.Event, row.EventHref, row.RecordHref = e.Title+", "+e.When(), home, home+"/record"
			}
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

func startOf(text string) string {
	if text == "" {
		return "Removed on request"
	}
	letters := []rune(text)
	if len(letters) > commentStart {
		return string(letters[:commentStart]) + "…"
	}
	return text
}

func commentPath(id int64) string { return "/staff/feedback/" + idText(id) }

// toldView is who an update about an answer goes to, or went to.
func (s *Service) toldView(ctx context.Context, id, letter int64, page int) (v pages.ToldView, err error) {
	d, err := s.Action(ctx, id)
	if err != nil {
		return v, err
	}
	told, err := s.ToldOf(ctx, d)
	if err != nil {
		return v, err
	}
	for _, t := range told {
		if t.ID != letter || !t.Known {
			continue
		}
		rows, err := s.Audiences.Rows(ctx, t.ListID, audiences.RowFilter{Page: page})
		if err != nil {
			return v, err
		}
		v = pages.ToldView{Title: d.Title, State: t.State + ".", Total: peopleWords(rows.Total), Letter: pages.ActionLink{Text: t.Title}, Paged: rows.Pages > 1,
			Pages: nhs.Pages(rows.Page, rows.Pages, func(n int) string {
				return actionPath(id) + "/told?letter=" + idText(letter) + "&page=" + strconv.Itoa(n)
			})}
		if mayWriteLetters(ctx) {
			v.Letter.Href = t.Href
		}
		for _, r := range rows.Rows {
			v.Rows = append(v.Rows, [2]string{r.Label(), outcomeWords(r.Outcome)})
		}
		return v, nil
	}
	return v, fault.New(fault.NotFound, "There is no list of who was told.")
}

func outcomeWords(o audiences.Outcome) string {
	switch o {
	case audiences.ByEmail:
		return "By email"
	case audiences.ByPost:
		return "On paper"
	case audiences.LeftOut:
	}
	return "Not written to: they have not said yes, have taken it back, or have no address"
}

func peopleWords(n int) string {
	if n == 1 {
		return "1 person"
	}
	return strconv.Itoa(n) + " people"
}

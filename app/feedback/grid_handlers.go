package feedback

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/web"
	pages "conversations/templates/feedback"
	"conversations/templates/nhs"
)

func gridRoutes(h codingHandlers) {
	h.shell.Staff.GET(gridHome, accounts.ManageFeedback, h.grid)
	h.shell.Staff.POST(gridHome, accounts.ManageFeedback, h.codeMany)
}

// gridQuery is the filter of the grid: in the address, or hidden in its form.
type gridQuery struct {
	Text     string `form:"q"`
	Locality string `form:"locality"`
	Source   string `form:"source"`
	Theme    int64  `form:"theme"`
	Coded    string `form:"coded"`
	Sort     string `form:"sort"`
	Page     int    `form:"page"`
}

func (q gridQuery) filter() Filter {
	return Filter{Text: q.Text, Locality: q.Locality, Source: Source(q.Source), Theme: q.Theme, Coded: q.Coded, Sort: q.Sort, Page: q.Page}
}

func (q gridQuery) pairs(page int) (list []pages.Pair) {
	add := func(name, value string) {
		if value != "" && value != "0" {
			list = append(list, pages.Pair{Name: name, Value: value})
		}
	}
	add("q", q.Text)
	add("locality", q.Locality)
	add("source", q.Source)
	add("theme", strconv.FormatInt(q.Theme, 10))
	add("coded", q.Coded)
	add("sort", q.Sort)
	add("page", strconv.Itoa(page))
	return list
}

func (q gridQuery) href(page int) string {
	values := url.Values{}
	for _, p := range q.pairs(page) {
		values.Set(p.Name, p.Value)
	}
	return gridHome + "?" + values.Encode()
}

func (h codingHandlers) grid(c echo.Context) error {
	var q gridQuery
	if err := web.BindQuery(c, &q); err != nil {
		q = gridQuery{}
	}
	return h.showGrid(c, http.StatusOK, q, GridForm{}, nil)
}

func (h codingHandlers) showGrid(c echo.Context, status int, q gridQuery, f GridForm, messages []nhs.FieldError) error {
	ctx := c.Request().Context()
	g, err := h.service.Grid(ctx, q.filter())
	if err != nil {
		return err
	}
	themes, err := h.service.AllThemes(ctx)
	if err != nil {
		return err
	}
	v := h.service.gridView(q, g, themes, f)
	v.Errors = messages
	return h.show(c, status, web.Page{Title: "Many comments at once", Body: pages.Grid(v), Head: pages.CodingHead(), Errors: len(messages) > 0})
}

func (h codingHandlers) codeMany(c echo.Context) error {
	var f GridForm
	var q gridQuery
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	if err := web.Bind(c, &q); err != nil {
		return err
	}
	done, err := h.service.CodeMany(c.Request().Context(), f)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showGrid(c, codingStatus(err), q, f, messages)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Notice, done.words())
	return web.Redirect(c, q.href(q.Page))
}

func (d GridDone) words() string {
	text := fmt.Sprintf("Changed: %d.", d.Changed)
	if d.Already > 0 {
		text += fmt.Sprintf(" Nothing to change: %d.", d.Already)
	}
	if len(d.Clashed) > 0 {
		ids := make([]string, len(d.Clashed))
		for i, id := range d.Clashed {
			ids[i] = strconv.FormatInt(id, 10)
		}
		text += " Left as they are, because somebody else worked on them meanwhile: comment " + strings.Join(ids, ", ") + "."
	}
	return strings.Join(append([]string{text}, d.Notes...), " ")
}

func (s *Service) gridView(q gridQuery, g GridPage, themes []Theme, f GridForm) pages.GridView {
	names := map[int64]string{}
	for _, t := range themes {
		names[t.ID] = t.Name
	}
	live := slices.DeleteFunc(slices.Clone(themes), func(t Theme) bool { return !t.Live() })
	v := pages.GridView{Home: gridHome, Text: q.Text, Hidden: q.pairs(g.Page.Page), Themes: themePairs(live), Do: f.Do, UndoHref: codingHome + "/undo", Links: codingLinks(),
		Total: commentCount(g.Total) + ".", Paged: g.Pages > 1, Pages: nhs.Pages(g.Page.Page, g.Pages, q.href)}
	if f.Theme != 0 {
		v.Theme = strconv.FormatInt(f.Theme, 10)
	}
	v.Filters = s.gridFilters(q, live)
	for _, line := range g.Lines {
		id := strconv.FormatInt(line.ID, 10)
		row := pages.GridRow{ID: id, Value: fmt.Sprintf("%d:%d", line.ID, line.Reading.Version), Href: screen{Comment: line.ID}.href(), Text: firstWords(line.Text), State: line.state()}
		if line.Text == "" {
			row.Text = "Removed on request"
		}
		row.Facts = strings.Join(append(s.commentFacts(line.Comment)[1:], line.equalityFacts()...), ", ")
		row.Ticked = slices.ContainsFunc(f.Comments, func(sent string) bool { return strings.HasPrefix(sent, id+":") })
		var given []string
		for _, theme := range line.Themes {
			given = append(given, names[theme])
		}
		row.Themes = strings.Join(given, ", ")
		v.Rows = append(v.Rows, row)
	}
	return v
}

func (l GridLine) state() string {
	switch {
	case !l.Reading.Counts:
		return "Not coded"
	case l.Reading.Verdict == NoneFits:
		return "None fits"
	case l.Reading.Verdict == Undecided:
		return "Cannot decide"
	}
	words := []string{"Coded"}
	if l.Reading.Tone != "" {
		words = append(words, l.Reading.Tone)
	}
	if l.Reading.Quotable {
		words = append(words, "worth quoting")
	}
	return strings.Join(words, ", ")
}

func (s *Service) gridFilters(q gridQuery, live []Theme) []pages.GridFilter {
	all := pages.Pair{Name: "All"}
	localities := []pages.Pair{all}
	for _, l := range s.Config.Localities {
		localities = append(localities, pages.Pair{Name: l.Name, Value: l.Slug})
	}
	sources := []pages.Pair{all}
	for _, source := range []Source{FromSurvey, FromQuestion, FromMeeting, FromMinutes, FromTelephone, FromLetter, FromEmail, FromSocialMedia, FromImport} {
		sources = append(sources, pages.Pair{Name: strings.ReplaceAll(string(source), "-", " "), Value: string(source)})
	}
	theme := ""
	if q.Theme != 0 {
		theme = strconv.FormatInt(q.Theme, 10)
	}
	return []pages.GridFilter{
		{Name: "coded", Label: "Coded", Value: q.Coded, Items: []pages.Pair{all, {Name: "Not coded", Value: "no"}, {Name: "Coded", Value: "yes"}}},
		{Name: "theme", Label: "Theme", Value: theme, Items: append([]pages.Pair{all}, themePairs(live)...)},
		{Name: "locality", Label: "Locality", Value: q.Locality, Items: localities},
		{Name: "source", Label: "Source", Value: q.Source, Items: sources},
		{Name: "sort", Label: "Order", Value: q.Sort, Items: []pages.Pair{{Name: "Newest first"}, {Name: "Oldest first", Value: "taken"}, {Name: "Day it was said", Value: "-said"}, {Name: "Locality", Value: "locality"}, {Name: "Source", Value: "source"}, {Name: "Service", Value: "service"}}},
	}
}

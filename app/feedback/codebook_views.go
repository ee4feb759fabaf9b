package feedback

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"conversations/app/events"
	pages "conversations/templates/feedback"
	"conversations/templates/nhs"
)

// nested makes the tree that a page draws of themes in the order of the tree.
func nested(themes []Theme, counts map[int64]int, names map[int64]string, links bool) []pages.ThemeNode {
	var below func(parent int64) []pages.ThemeNode
	below = func(parent int64) (nodes []pages.ThemeNode) {
		for _, t := range themes {
			if t.Parent() != parent {
				continue
			}
			n := pages.ThemeNode{Name: t.Name, Code: t.Code, Comments: counts[t.ID], Retired: t.RetiredAt != nil, Below: below(t.ID)}
			if links {
				n.Href = themePath(t.ID)
			}
			if t.MergedInto != nil {
				n.Merged = names[*t.MergedInto]
			}
			nodes = append(nodes, n)
		}
		return nodes
	}
	return below(0)
}

func namesOf(themes []Theme) map[int64]string {
	names := map[int64]string{}
	for _, t := range themes {
		names[t.ID] = t.Name
	}
	return names
}

func (s *Service) themesView(ctx context.Context, retired bool) (v pages.ThemesView, err error) {
	all, err := s.AllThemes(ctx)
	if err != nil {
		return v, err
	}
	counts, err := s.ThemeCounts(ctx)
	if err != nil {
		return v, err
	}
	version, err := s.Version(ctx)
	if err != nil {
		return v, err
	}
	names := namesOf(all)
	shown := slices.DeleteFunc(slices.Clone(all), func(t Theme) bool { return !t.Live() && !retired })
	live := 0
	for _, t := range all {
		if t.Live() {
			live++
		}
	}
	v = pages.ThemesView{Heading: "Themes", Themes: len(all), Retired: len(all) - live, ShowRetired: retired, Version: strconv.FormatInt(version, 10), Tree: nested(shown, counts, names, true),
		Lead: "This is the codebook: what comments are coded with. It has " + counted(live, "theme", "themes") + ".",
		CSV:  themesHome + ".csv", XLSX: themesHome + ".xlsx", QDC: themesHome + ".qdc", QDPX: themesHome + ".qdpx"}
	return v, nil
}

func (s *Service) themesAtView(ctx context.Context, version int64) (v pages.ThemesView, err error) {
	entry, err := s.change(ctx, version)
	if err != nil {
		return v, err
	}
	themes, err := s.CodebookAt(ctx, version)
	if err != nil {
		return v, err
	}
	names := namesOf(themes)
	live := slices.DeleteFunc(themes, func(t Theme) bool { return !t.Live() })
	return pages.ThemesView{Heading: fmt.Sprintf("The codebook as it was at version %d", version), Fixed: true, Themes: len(live), Tree: nested(live, nil, names, false),
		Lead: fmt.Sprintf("It was like this from %s. It had %s in use.", s.moment(entry), counted(len(live), "theme", "themes"))}, nil
}

func (s *Service) moment(entry Change) string {
	return events.Moment(entry.ChangedAt.In(s.Config.Zone()))
}

// choices are the live themes to choose from, without one and those below it; deeper ones are set in.
func choices(themes []Theme, without int64) (list []pages.ThemeChoice) {
	c := inMemory(themes)
	for _, t := range themes {
		if t.Live() && (without == 0 || !c.inside(t.ID, without)) {
			list = append(list, pages.ThemeChoice{Value: strconv.FormatInt(t.ID, 10), Text: strings.Repeat("– ", t.Depth) + t.Name})
		}
	}
	return list
}

func (s *Service) themeView(ctx context.Context, id int64) (v pages.ThemeView, err error) {
	all, err := s.AllThemes(ctx)
	if err != nil {
		return v, err
	}
	at := slices.IndexFunc(all, func(t Theme) bool { return t.ID == id })
	if at < 0 {
		return v, noTheme()
	}
	t, names := all[at], namesOf(all)
	counts, err := s.ThemeCounts(ctx)
	if err != nil {
		return v, err
	}
	v = pages.ThemeView{Name: t.Name, Code: t.Code, Home: themePath(id), Definition: t.Definition, Included: t.Included, Excluded: t.Excluded, Examples: t.Examples, Version: t.Version,
		Parent: names[t.Parent()], ParentID: strconv.FormatInt(t.Parent(), 10), Parents: choices(all, id), Comments: counts[id], HistoryHref: themesHome + "/history?theme=" + strconv.FormatInt(id, 10),
		CommentsHref: "/staff/feedback?theme=" + strconv.FormatInt(id, 10)}
	live := slices.DeleteFunc(slices.Clone(all), func(o Theme) bool { return !o.Live() })
	v.Below = nodeOf(nested(live, counts, names, true), v.Home)
	siblings := slices.DeleteFunc(live, func(o Theme) bool { return o.Parent() != t.Parent() })
	v.First, v.Last = len(siblings) > 0 && siblings[0].ID == id, len(siblings) > 0 && siblings[len(siblings)-1].ID == id
	if err := s.viewRetired(ctx, &v, t, names); err != nil {
		return v, err
	}
	h, err := s.History(ctx, id, 1)
	v.History = s.entryViews(h.Entries[:min(len(h.Entries), 5)])
	return v, err
}

// nodeOf finds what stands below the theme with an address.
func nodeOf(nodes []pages.ThemeNode, href string) []pages.ThemeNode {
	for _, n := range nodes {
		if n.Href == href {
			return n.Below
		}
		if found := nodeOf(n.Below, href); found != nil {
			return found
		}
	}
	return nil
}

func (s *Service) viewRetired(ctx context.Context, v *pages.ThemeView, t Theme, names map[int64]string) error {
	if t.RetiredAt == nil {
		return nil
	}
	v.Retired = events.Day(t.RetiredAt.In(s.Config.Zone()))
	if t.MergedInto == nil {
		return nil
	}
	v.Merged, v.MergedHref = names[*t.MergedInto], themePath(*t.MergedInto)
	late, err := s.Landed(ctx, t.ID)
	for _, l := range late {
		v.Late = append(v.Late, fmt.Sprintf("%s still coded with it, %s. The coding stands under the other theme.", l.Who, events.Moment(l.At.In(s.Config.Zone()))))
	}
	return err
}

func (s *Service) entryViews(entries []Entry) (views []pages.ThemeEntry) {
	for _, e := range entries {
		who := e.Who
		if who == "" {
			who = "The program"
		}
		number := strconv.FormatInt(e.ID, 10)
		v := pages.ThemeEntry{Heading: fmt.Sprintf("%s %s (entry %d)", who, e.headline(), e.ID), When: s.moment(e.Change), Undone: e.Undone, Words: e.Words,
			UndoHref: themesHome + "/history/" + number + "/undo", AtHref: themesHome + "/at/" + number}
		const most = 12
		if n := len(v.Words); n > most {
			v.Words = append(v.Words[:most:most], fmt.Sprintf("and %d more", n-most))
		}
		views = append(views, v)
	}
	return views
}

// headline says what an entry is, after the name of who made it.
func (e Entry) headline() string {
	if e.Undoes != nil {
		return fmt.Sprintf("undid entry %d", *e.Undoes)
	}
	return map[string]string{"add": "added a theme", "change": "changed a theme", "move": "moved a theme", "merge": "merged two themes", "split": "split a theme", "retire": "retired a theme",
		"restore": "brought a theme back", "import": "brought in a file"}[e.Kind]
}

func (s *Service) themeHistoryView(ctx context.Context, theme int64, page int) (v pages.ThemeHistoryView, err error) {
	h, err := s.History(ctx, theme, page)
	if err != nil {
		return v, err
	}
	v = pages.ThemeHistoryView{Entries: s.entryViews(h.Entries), Total: h.Total, Paged: h.Pages > 1}
	base := themesHome + "/history?"
	if theme != 0 {
		t, err := s.Theme(ctx, theme)
		if err != nil {
			return v, err
		}
		v.Of, base = t.Name, base+"theme="+strconv.FormatInt(theme, 10)+"&"
	}
	href := func(n int) string { return base + "page=" + strconv.Itoa(n) }
	for n := 1; n <= h.Pages; n++ {
		v.Pages.Items = append(v.Pages.Items, nhs.PaginationItem{Number: n, Href: href(n), Current: n == h.Page})
	}
	if h.Page > 1 {
		v.Pages.Previous.Href = href(h.Page - 1)
	}
	if h.Page < h.Pages {
		v.Pages.Next.Href = href(h.Page + 1)
	}
	return v, nil
}

package feedback

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"conversations/app/fault"
	pages "conversations/templates/feedback"
)

// typed is a theme as its form has it.
func (t Theme) typed() ThemeForm {
	return ThemeForm{Code: t.Code, Name: t.Name, Parent: t.Parent(), Definition: t.Definition, Included: t.Included, Excluded: t.Excluded, Examples: t.Examples, Version: t.Version}
}

func (s *Service) themeFormView(ctx context.Context, id int64, f ThemeForm, conflict bool) (v pages.ThemeFormView, err error) {
	all, err := s.AllThemes(ctx)
	if err != nil {
		return v, err
	}
	v = pages.ThemeFormView{Heading: "Add a theme", Action: themesHome + "/new", BackHref: themesHome, New: true, Code: f.Code, Name: f.Name, Definition: f.Definition, Included: f.Included,
		Excluded: f.Excluded, Examples: f.Examples, Parent: strconv.FormatInt(f.Parent, 10), Parents: choices(all, 0), Version: f.Version}
	if id == 0 {
		return v, nil
	}
	v.Heading, v.Action, v.BackHref, v.New = "Change a theme", themePath(id)+"/change", themePath(id), false
	at := slices.IndexFunc(all, func(t Theme) bool { return t.ID == id })
	if at < 0 {
		return v, noTheme()
	}
	if conflict {
		now := all[at]
		v.Version = now.Version
		for _, fact := range [][2]string{{"Name", now.Name}, {"Code", now.Code}, {"What it means", now.Definition}, {"What belongs to it", now.Included}, {"What does not", now.Excluded},
			{"Examples", now.Examples}} {
			if fact[1] != "" {
				v.Now = append(v.Now, fact[0]+": "+fact[1])
			}
		}
	}
	return v, nil
}

func (s *Service) themeMergeView(ctx context.Context, id, into int64) (v pages.ThemeMergeView, err error) {
	all, err := s.AllThemes(ctx)
	if err != nil {
		return v, err
	}
	at := slices.IndexFunc(all, func(t Theme) bool { return t.ID == id && t.Live() })
	if at < 0 {
		return v, fault.New(fault.NotFound, "This theme is not in use any more.")
	}
	v = pages.ThemeMergeView{Name: all[at].Name, Home: themePath(id), Choices: choices(all, id)}
	if into == 0 {
		return v, nil
	}
	v.Into = strconv.FormatInt(into, 10)
	m, err := s.PreviewThemeMerge(ctx, id, into)
	if err != nil {
		return v, err
	}
	v.IntoName, v.GoneVersion, v.KeptVersion = m.Kept.Name, m.Gone.Version, m.Kept.Version
	v.Facts = []string{fmt.Sprintf("%s from %q to %q.", counted(m.Codings, "coding goes over", "codings go over"), m.Gone.Name, m.Kept.Name)}
	if m.Doubles > 0 {
		v.Facts = append(v.Facts, fmt.Sprintf("%s: the same reading has both, so the two become one.", counted(m.Doubles, "of them goes", "of them go")))
	}
	if len(m.Below) > 0 {
		v.Facts = append(v.Facts, fmt.Sprintf("%s below %q come to stand below %q.", counted(len(m.Below), "theme", "themes"), m.Gone.Name, m.Kept.Name))
	}
	if len(m.Coders) > 0 {
		v.Facts = append(v.Facts, fmt.Sprintf("%s coded with it in the last day. What they still code with it will stand under %q, and they are told.", strings.Join(m.Coders, ", "), m.Kept.Name))
	}
	v.Facts = append(v.Facts, fmt.Sprintf("%q is out of use. You can undo this in the history.", m.Gone.Name))
	return v, nil
}

func (s *Service) themeSplitView(ctx context.Context, id int64, f Split) (v pages.ThemeSplitView, err error) {
	all, err := s.AllThemes(ctx)
	if err != nil {
		return v, err
	}
	at := slices.IndexFunc(all, func(t Theme) bool { return t.ID == id && t.Live() })
	if at < 0 {
		return v, fault.New(fault.NotFound, "This theme is not in use any more.")
	}
	v = pages.ThemeSplitView{Name: all[at].Name, Home: themePath(id), Keep: f.Keep, Version: all[at].Version,
		MustKeep: slices.ContainsFunc(all, func(t Theme) bool { return t.Parent() == id })}
	if f.Version != 0 {
		v.Version = f.Version
	}
	place := func(part int) string {
		if part == Stays {
			return "stays"
		}
		return strconv.Itoa(part + 1)
	}
	for n := range mostParts {
		text := "New theme " + strconv.Itoa(n+1)
		if n < len(f.Parts) {
			v.Parts = append(v.Parts, pages.ThemePart(f.Parts[n]))
			text += ": " + f.Parts[n].Name
		} else if n < 4 {
			v.Parts = append(v.Parts, pages.ThemePart{})
		}
		if n < len(v.Parts) {
			v.Places = append(v.Places, pages.ThemeChoice{Value: place(n), Text: text})
		}
	}
	v.Places, v.Rest = append(v.Places, pages.ThemeChoice{Value: place(Stays), Text: "Stays with " + v.Name}), place(f.Rest)
	codings, total, err := s.SplitCodings(ctx, id)
	v.Total = total
	for _, g := range codings {
		c := pages.ThemeCoding{ID: strconv.FormatInt(g.ID, 10), Comment: strconv.FormatInt(g.CommentID, 10), Text: g.Text, Coder: g.Coder}
		if c.Text == "" {
			c.Text = "Removed on request"
		}
		if part, chosen := f.Chosen[g.ID]; chosen {
			c.Place = place(part)
		}
		v.Codings = append(v.Codings, c)
	}
	return v, err
}

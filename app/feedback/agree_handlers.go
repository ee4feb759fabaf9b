package feedback

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/feedback/agreement"
	"conversations/app/feedback/classify"
	"conversations/app/web"
	pages "conversations/templates/feedback"
)

const (
	agreeHome     = "/staff/feedback/agreement"
	meterHome     = "/staff/feedback/meter"
	newThemesHome = "/staff/feedback/new-themes"
)

func figureRoutes(h codingHandlers) {
	h.shell.Staff.GET(agreeHome, accounts.ManageFeedback, h.agreement)
	h.shell.Staff.GET(meterHome, accounts.ManageFeedback, h.meter)
	h.shell.Staff.POST(meterHome, accounts.ManageFeedback, h.measure)
	h.shell.Staff.GET(newThemesHome, accounts.ManageFeedback, h.newThemes)
}

func (h codingHandlers) showFigures(c echo.Context, v pages.FiguresView) error {
	v.Links = codingLinks()
	return h.show(c, http.StatusOK, web.Page{Title: v.Heading, Body: pages.FiguresPage(v), Head: pages.CodingHead()})
}

func (h codingHandlers) agreement(c echo.Context) error {
	a, err := h.service.AgreementNow(c.Request().Context())
	if err != nil {
		return err
	}
	return h.showFigures(c, a.view())
}

func (a Agreement) view() pages.FiguresView {
	v := pages.FiguresView{Heading: "How far coders agree", Lead: []string{
		fmt.Sprintf("%d in 100 comments are drawn at random and coded by a second person, who does not see the first coding and gets no suggestions.", a.Share),
		fmt.Sprintf("Coded by two: %d. The two agree about %d. Waiting for a second person: %d. Waiting for a third person: %d. Settled by a third: %d.",
			a.Alpha.Comments+a.Undecided, a.Agreed, a.Waiting, a.Differs, a.Settled),
	}}
	if a.Undecided > 0 {
		v.Lead = append(v.Lead, fmt.Sprintf("Left out below: %d, because one of the two could not decide.", a.Undecided))
	}
	over := pages.Figures{Heading: "Over all themes", Text: []string{"There are not enough comments coded by two people yet."}}
	if a.Alpha.Defined {
		over.Text = []string{"Krippendorff's alpha is " + coefficientWords(a.Alpha) + ". 1 is full agreement, 0 is what chance would give. From 0.80 on coding is called reliable, from 0.67 on it can be used with care."}
	}
	themes := pages.Figures{Heading: "Theme by theme", Caption: "Agreement by theme", Head: []string{"Theme", "Kappa", "Between", "Both", "First only", "Second only"}}
	for _, k := range a.Themes {
		value, between := "not known", ""
		if k.Defined {
			value, between = fmt.Sprintf("%.2f", k.Value), fmt.Sprintf("%.2f and %.2f", k.Low, k.High)
		}
		themes.Rows = append(themes.Rows, []string{a.Names[k.Theme], value, between, fmt.Sprint(k.Both), fmt.Sprint(k.FirstOnly), fmt.Sprint(k.SecondOnly)})
	}
	if len(themes.Rows) > 0 {
		themes.Text = []string{"Cohen's kappa of each theme that one of the two found. The bounds hold with 95 in 100 certainty."}
	}
	v.Sections = []pages.Figures{over, themes, pullFigures(a.Pull)}
	return v
}

func coefficientWords(k agreement.Coefficient) string {
	return fmt.Sprintf("%.2f, with 95 in 100 certainty between %.2f and %.2f, from %s", k.Value, k.Low, k.High, commentCount(k.Comments))
}

func pullFigures(p agreement.Pull) pages.Figures {
	f := pages.Figures{Heading: "How far suggestions pull", Text: []string{"No comment was coded yet by one person with suggestions and by another without."}}
	if p.Comments > 0 {
		f.Text = []string{
			fmt.Sprintf("Of %s, coders who saw the first suggestion gave that theme to %d in 100, and coders who did not see it to %d in 100.", commentCount(p.Comments), percent(p.Shown), percent(p.Blind)),
			fmt.Sprintf("The difference is %d in 100, with 95 in 100 certainty between %d and %d. If it is well above 0, suggestions lead people to a theme that they would not give by themselves.",
				percent(p.Difference), percent(p.Low), percent(p.High)),
		}
	}
	return f
}

func (h codingHandlers) meter(c echo.Context) error {
	m, measured, err := h.service.Meter(c.Request().Context())
	if err != nil {
		return err
	}
	v := pages.FiguresView{Heading: "How good suggestions are", Action: meterHome, Button: "Measure again"}
	if !measured || m.Comments == 0 {
		v.Lead = []string{"Not enough comments are coded yet, or nothing was measured yet. It is measured in the background every hour when something was coded."}
		return h.showFigures(c, v)
	}
	v.Lead = []string{
		fmt.Sprintf("Measured on %s with %d coded comments. Each comment was asked about when the suggestions had not learnt from it.", h.service.day(m.At), m.Examples),
		fmt.Sprintf("The first suggestion is one of the comment's themes for %s comments.", shareWords(m.FirstRight)),
		forecastWords(m.More),
	}
	f := pages.Figures{Heading: "Theme by theme", Caption: "Suggestions by theme", Head: []string{"Theme", "Comments", "Right when suggested first", "Between", "Found among the first three", "Between"}}
	for _, t := range m.Themes {
		name := m.Names[t.Theme]
		if name == "" {
			name = t.Theme
		}
		f.Rows = append(f.Rows, append([]string{name, fmt.Sprint(t.Codings)}, append(shareCells(t.First), shareCells(t.Found)...)...))
	}
	f.Text = []string{"The bounds hold with 95 in 100 certainty. With few comments they are wide: then little is known."}
	v.Sections = []pages.Figures{f}
	return h.showFigures(c, v)
}

func shareWords(s classify.Share) string {
	return fmt.Sprintf("%d in 100 (with 95 in 100 certainty between %d and %d) of %d", percent(s.Value), percent(s.Low), percent(s.High), s.Of)
}

func shareCells(s classify.Share) []string {
	if s.Of == 0 {
		return []string{"never", ""}
	}
	return []string{fmt.Sprintf("%d of %d (%d in 100)", s.Right, s.Of, percent(s.Value)), fmt.Sprintf("%d and %d", percent(s.Low), percent(s.High))}
}

func forecastWords(f classify.Forecast) string {
	if !f.Known {
		return "With so few comments nothing can be said about what more coding would bring."
	}
	return fmt.Sprintf("%d more coded comments would likely make the first suggestion right for %.1f more in 100 comments (between %.1f and %.1f).", f.Codings, 100*f.Gain, 100*f.Low, 100*f.High)
}

func (h codingHandlers) measure(c echo.Context) error {
	if err := h.service.AskMeasure(c.Request().Context()); err != nil {
		return err
	}
	h.shell.Flash(c, web.Notice, "It is being measured. With many comments that takes a minute: open this page again then.")
	return web.Redirect(c, meterHome)
}

func (h codingHandlers) newThemes(c echo.Context) error {
	ctx := c.Request().Context()
	groups, err := h.service.NewThemes(ctx)
	if err != nil {
		return err
	}
	v := pages.CandidatesView{Lead: "Groups of comments that wait, to which none of the themes fits well, and which share words. Each may be a theme that the codebook does not have yet.", Links: codingLinks()}
	if len(groups) == 0 {
		v.Lead = "No group of comments was found that no theme fits."
	}
	for i, g := range groups {
		view, err := h.service.candidateView(ctx, i, g)
		if err != nil {
			return err
		}
		v.Groups = append(v.Groups, view)
	}
	return h.show(c, http.StatusOK, web.Page{Title: "Comments that no theme fits", Body: pages.Candidates(v), Head: pages.CodingHead()})
}

// candidateView shows the first comments of a group. What prefills the form for a new theme is words that several people used, never a
// comment.
func (s *Service) candidateView(ctx context.Context, i int, g NewTheme) (v pages.CandidateView, err error) {
	const shown = 5
	v.Heading, v.Phrases = fmt.Sprintf("Group %d: %s", i+1, g.Phrases[0]), strings.Join(g.Phrases, ", ")
	v.Count = fmt.Sprintf("%d comments.", len(g.Comments))
	for _, id := range g.Comments[:min(shown, len(g.Comments))] {
		comment, err := s.Comment(ctx, id)
		if err != nil {
			return v, err
		}
		if comment.Text != "" {
			v.Comments = append(v.Comments, pages.Pair{Name: firstWords(comment.Text), Value: screen{Comment: id}.href()})
		}
	}
	q := url.Values{"name": {strings.ToUpper(g.Phrases[0][:1]) + g.Phrases[0][1:]}, "included": {strings.Join(g.Phrases, "\n")}}
	v.NewHref = "/staff/themes/new?" + q.Encode()
	return v, nil
}

package feedback

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"conversations/app/web"
	pages "conversations/templates/feedback"
)

// saidHome is where everybody reads what came of what people said.
const saidHome = "/you-said-we-did"

// saidHref is the page about a locality, "" for all.
func saidHref(locality string) string {
	if locality == "" {
		return saidHome
	}
	return saidHome + "?locality=" + url.QueryEscape(locality)
}

// saidHandlers are the pages that everybody reads.
type saidHandlers actionHandlers

func (h saidHandlers) said(c echo.Context) error {
	locality := web.Query(c, "locality")
	if _, known := h.service.Config.Locality(locality); !known {
		locality = ""
	}
	answers, err := h.service.Answers(c.Request().Context(), locality)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "You said, we did", Description: "What people told us about health and care, and what came of it.",
		Body: pages.Said(h.service.saidView(locality, answers)), Locality: locality, Current: saidHome})
}

func (s *Service) saidView(locality string, answers []Answer) pages.SaidView {
	v := pages.SaidView{Locality: locality, Narrowed: locality != "", Localities: s.areaChoices(pages.ActionChoice{Text: "All areas"})}
	place := map[string]int{}
	for _, a := range answers {
		at, there := place[a.Theme]
		if !there {
			at = len(v.Themes)
			place[a.Theme] = at
			v.Themes = append(v.Themes, pages.SaidTheme{Name: a.Theme})
		}
		v.Themes[at].Answers = append(v.Themes[at].Answers, s.saidAnswer(a))
	}
	return v
}

func (s *Service) saidAnswer(a Answer) pages.SaidAnswer {
	v := pages.SaidAnswer{Slug: a.Slug, Title: a.Title, Area: s.areaName(a.Locality), State: a.State.Words(), Did: a.State.did(), Colour: a.State.colour(), Note: s.saidNote(a), Said: paragraphsOf(a.Said),
		Decided: paragraphsOf(a.Decided), Evidence: paragraphsOf(a.Evidence), Quotes: s.actionQuotes(a.Quotes)}
	if a.Paper != "" {
		v.Paper = &pages.ActionLink{Text: a.Paper, Href: a.PaperHref}
	}
	return v
}

func (s ActionState) colour() string {
	switch s {
	case Done:
		return "green"
	case UnderWay:
		return "blue"
	case Planned:
		return "aqua-green"
	case Considering, WillNot:
	}
	return "grey"
}

// saidNote says who looks after it, and by when.
func (s *Service) saidNote(a Answer) string {
	note := "Who looks after it: " + a.Owner + "."
	switch {
	case a.State.Over() && a.DoneOn != "" && a.State == Done:
		note += " Done on " + actionDay(a.DoneOn) + "."
	case a.State.Over():
	case a.DueOn != "":
		note += " We will do it by " + actionDay(a.DueOn) + "."
		if a.State == Considering {
			note = "Who looks after it: " + a.Owner + ". We will decide by " + actionDay(a.DueOn) + "."
		}
	}
	return note + " We wrote this on " + a.PublishedAt.In(s.Config.Zone()).Format("2 January 2006") + "."
}

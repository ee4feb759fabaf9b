package events

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"conversations/app/atom"
	"conversations/app/web"
	pages "conversations/templates/events"
	"conversations/templates/layout"
)

// handlers are the public pages and feeds: parse, call the service, render.
type handlers struct {
	shell   *web.Shell
	service *Service
}

const (
	typeCalendar = "text/calendar; charset=utf-8"
	typeJSONFeed = "application/feed+json; charset=utf-8"
)

// list is the public list, by locality and time, with the search by town or postcode.
func (h handlers) list(c echo.Context) error {
	s, ctx := h.service, c.Request().Context()
	v := pages.ListView{Localities: s.localityChoices(), When: string(Upcoming), Near: NearView(s.cfg, "/events", web.Query(c, "near"))}
	if web.Query(c, "when") == string(Past) {
		v.When = string(Past)
	}
	if l, ok := s.cfg.Locality(web.Query(c, "locality")); ok {
		v.Locality = l.Slug
	}
	if near := FindLocality(s.cfg.Localities, web.Query(c, "near")).Localities; v.Locality == "" && len(near) == 1 {
		v.Locality = near[0].Slug
	}
	v.Help = s.help(v.Locality)
	list, err := s.List(ctx, Filter{Locality: v.Locality, When: When(v.When)})
	if err != nil {
		return err
	}
	if v.Groups, err = s.groups(ctx, list); err != nil {
		return err
	}
	title := "Events"
	if v.Past() {
		title = "Past events"
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: title, Description: "Come and talk about health and care near you.",
		Body: pages.List(v), Head: feedLinks(), Current: "/events", Locality: v.Locality})
}

func feedLinks() templ.Component {
	return templ.Join(layout.FeedLink("Events", "application/atom+xml", "/events.atom"),
		layout.FeedLink("Events", "application/feed+json", "/events.json"), layout.FeedLink("Events", "text/calendar", "/events.ics"))
}

// event is the page of one event, and, with .ics behind its name, its calendar.
func (h handlers) event(c echo.Context) error {
	s, ctx := h.service, c.Request().Context()
	slug, wantsCalendar := strings.CutSuffix(c.Param("slug"), ".ics")
	e, err := s.BySlug(ctx, slug)
	if err != nil {
		return err
	}
	if wantsCalendar {
		return h.calendar(c, e.Slug, Feed{Config: s.cfg, Title: e.Title, Events: []Event{e}})
	}
	places, err := s.places(ctx, e)
	if err != nil {
		return err
	}
	v, err := s.eventView(e, places[e.ID])
	if err != nil {
		return err
	}
	if v.Series, err = h.series(c, e); err != nil {
		return err
	}
	if v.Record, err = s.recordOnPage(ctx, e); err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{
		Title: e.title() + ", " + e.whenForLists(), Description: e.Summary, Body: pages.Event(v),
		Before: pages.BackToEvents(), Head: layout.JSONLD(StructuredData(s.cfg, e, places[e.ID], s.db.Now())),
		Current: "/events", Locality: e.Locality,
	})
}

// feed gives the feed of all events or of one locality.
func (h handlers) feed(c echo.Context, locality, path, page, title string) (Feed, error) {
	list, err := h.service.Feed(c.Request().Context(), locality)
	if err != nil {
		return Feed{}, err
	}
	cfg := h.service.cfg
	return Feed{Config: cfg, Title: cfg.Programme.Name + ": " + title, Path: path, Page: page, Events: list, Now: h.service.db.Now()}, nil
}

func (h handlers) ics(c echo.Context) error {
	feed, err := h.feed(c, "", "/events.ics", "/events", "events")
	if err != nil {
		return err
	}
	return h.calendar(c, "events", feed)
}

func (h handlers) localityICS(c echo.Context) error {
	slug := strings.TrimSuffix(c.Path()[strings.LastIndexByte(c.Path(), '/')+1:], ".ics")
	l, ok := h.service.cfg.Locality(slug)
	if !ok {
		return notFound()
	}
	feed, err := h.feed(c, slug, "/localities/"+slug+".ics", "/localities/"+slug, "events in "+l.Name)
	if err != nil {
		return err
	}
	return h.calendar(c, slug, feed)
}

func (h handlers) calendar(c echo.Context, name string, feed Feed) error {
	c.Response().Header().Set(echo.HeaderContentDisposition, `inline; filename="`+name+`.ics"`)
	return h.shell.Bytes(c, http.StatusOK, typeCalendar, []byte(feed.ICalendar()))
}

func (h handlers) atom(c echo.Context) error {
	feed, err := h.feed(c, "", "/events.atom", "/events", "events")
	if err != nil {
		return err
	}
	text, err := feed.Atom()
	if err != nil {
		return err
	}
	return h.shell.Bytes(c, http.StatusOK, atom.MediaType, text)
}

func (h handlers) json(c echo.Context) error {
	feed, err := h.feed(c, "", "/events.json", "/events", "events")
	if err != nil {
		return err
	}
	text, err := feed.JSON()
	if err != nil {
		return err
	}
	return h.shell.Bytes(c, http.StatusOK, typeJSONFeed, text)
}

// series are the other events that belong with one.
func (h handlers) series(c echo.Context, e Event) ([]pages.Item, error) {
	others, err := h.service.InSeries(c.Request().Context(), e)
	if err != nil || len(others) == 0 {
		return nil, err
	}
	return h.service.Items(c.Request().Context(), others)
}

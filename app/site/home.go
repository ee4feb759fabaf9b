package site

import (
	"context"
	"slices"

	"conversations/app/config"
	"conversations/app/events"
	"conversations/app/fault"
)

const (
	homeEvents = 3  // of each locality, on the home page
	pastEvents = 10 // on a locality's page

	homeUpdates = 3 // that were published last, on the home page
)

// Area is a locality with its events.
type Area struct {
	Locality config.Locality
	Upcoming []events.Event // soonest first, then those with no date
	Past     []events.Event // latest first
}

// Areas gives every locality with its next few events: the localities in near first, then in order of their soonest
// event; those with nothing planned come last.
func (s *Service) Areas(ctx context.Context, near []config.Locality) ([]Area, error) {
	list, err := s.events.List(ctx, events.Filter{})
	if err != nil {
		return nil, err
	}
	var areas []Area
	for _, l := range s.ordered(near, list) {
		area := Area{Locality: l}
		for _, e := range list {
			if e.Locality == l.Slug && len(area.Upcoming) < homeEvents {
				area.Upcoming = append(area.Upcoming, e)
			}
		}
		areas = append(areas, area)
	}
	return areas, nil
}

func (s *Service) ordered(near []config.Locality, list []events.Event) []config.Locality {
	order := slices.Clone(near)
	add := func(l config.Locality) {
		if !slices.ContainsFunc(order, func(o config.Locality) bool { return o.Slug == l.Slug }) {
			order = append(order, l)
		}
	}
	for _, e := range list {
		if l, ok := s.cfg.Locality(e.Locality); ok {
			add(l)
		}
	}
	for _, l := range s.cfg.Localities {
		add(l)
	}
	return order
}

// Area gives one locality with all its events to come and the latest past ones, or a NotFound fault.
func (s *Service) Area(ctx context.Context, slug string) (area Area, err error) {
	l, ok := s.cfg.Locality(slug)
	if !ok {
		return area, fault.New(fault.NotFound, "There is no area of this name.")
	}
	area.Locality = l
	if area.Upcoming, err = s.events.List(ctx, events.Filter{Locality: slug}); err != nil {
		return area, err
	}
	area.Past, err = s.events.List(ctx, events.Filter{Locality: slug, When: events.Past, Limit: pastEvents})
	return area, err
}

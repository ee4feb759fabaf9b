package newsletters

import (
	"context"
	"slices"

	"conversations/app/events"
)

// Freeze fills the sections of events with what is true now: for a draft each time it is looked at, and once for a
// letter that is to be approved.
func (s *Service) Freeze(ctx context.Context, c Content) (Content, error) {
	c.Sections = slices.Clone(c.Sections)
	for i, section := range c.Sections {
		if section.Kind != EventsSection {
			continue
		}
		lines, err := s.comingEvents(ctx, section.Locality)
		if err != nil {
			return c, err
		}
		c.Sections[i].Events = lines
	}
	return c, nil
}

// comingEvents are the events to come, soonest first, those without a date last. Cancelled ones are left out.
func (s *Service) comingEvents(ctx context.Context, locality string) (lines []EventLine, err error) {
	list, err := s.Events.List(ctx, events.Filter{Locality: locality, When: events.Upcoming})
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		if e.Status != events.Cancelled {
			lines = append(lines, EventLine{Slug: e.Slug, Title: e.Title, When: whenWords(e), Where: e.Where()})
		}
	}
	return lines, nil
}

func whenWords(e events.Event) string {
	if e.Status == events.Postponed {
		return "Postponed. New date to be announced"
	}
	return e.When()
}

// EventsMoved says, in a sentence each, what of the frozen events is no longer true: for a letter that was approved and
// is about to leave.
func (s *Service) EventsMoved(ctx context.Context, c Content) (moved []string, err error) {
	for _, section := range c.Sections {
		if section.Kind != EventsSection {
			continue
		}
		now, err := s.comingEvents(ctx, section.Locality)
		if err != nil {
			return nil, err
		}
		moved = append(moved, movedLines(section.Events, now)...)
	}
	return moved, nil
}

func movedLines(frozen, now []EventLine) (moved []string) {
	for _, was := range frozen {
		i := slices.IndexFunc(now, func(e EventLine) bool { return e.Slug == was.Slug })
		switch {
		case i < 0:
			moved = append(moved, was.Title+" ("+was.When+") is over or cancelled.")
		case now[i].When != was.When:
			moved = append(moved, was.Title+" was on "+was.When+" and is now on "+now[i].When+".")
		case now[i] != was:
			moved = append(moved, was.Title+" has a new title or place: "+now[i].Title+", "+now[i].Where+".")
		}
	}
	for _, is := range now {
		if !slices.ContainsFunc(frozen, func(e EventLine) bool { return e.Slug == is.Slug }) {
			moved = append(moved, is.Title+" ("+is.When+") is new.")
		}
	}
	return moved
}

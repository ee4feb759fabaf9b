package newsletters

import (
	"context"
	"regexp"
	"strings"

	"conversations/app/events"
	"conversations/app/fault"
)

// checkEvents looks whether the events that a letter names are still as it says.
func (s *Service) checkEvents(ctx context.Context, l *look, u Update, c Content) error {
	base := strings.TrimRight(s.Config.BaseURL, "/") + "/events/"
	seen, linked := map[string]bool{}, map[string]bool{}
	for _, k := range linksOf(strings.TrimSuffix(base, "/events/"), c) {
		path, isEvent := strings.CutPrefix(k.href, base)
		slug, _, _ := strings.Cut(path, "/")
		if !isEvent || seen[k.field+" "+slug] {
			continue
		}
		seen[k.field+" "+slug], linked[slug] = true, true
		e, err := s.Events.BySlug(ctx, slug)
		if fault.KindOf(err) == fault.NotFound {
			continue // a dead link, which is found as such
		}
		if err != nil {
			return err
		}
		s.checkEvent(l, u, k, e)
	}
	if err := s.checkDays(ctx, l, c, linked); err != nil {
		return err
	}
	return s.checkComing(ctx, l, u, c)
}

// checkDays looks for the day of an event that was called off or moved, where the letter names it without a link to it.
func (s *Service) checkDays(ctx context.Context, l *look, c Content, linked map[string]bool) error {
	list, err := s.Events.List(ctx, events.Filter{When: events.Upcoming})
	if err != nil {
		return err
	}
	for _, e := range list {
		was, now := e.LastStartsAt, " is now on "+e.When()+"."
		switch {
		case e.Status == events.Cancelled:
			was, now = e.StartsAt, " is cancelled."
		case e.Status == events.Postponed:
			now = " is postponed."
		case was != nil && e.StartsAt != nil && was.Equal(*e.StartsAt):
			was = nil
		}
		if was == nil || linked[e.Slug] {
			continue
		}
		day := regexp.MustCompile(`\b` + was.In(e.Zone()).Format("2(?:st|nd|rd|th)? January") + `\b`)
		for _, f := range c.fields() {
			if found := day.FindString(f.text); found != "" {
				l.warn(f.id, "%s names %s. On that day was the event \"%s\", which%s", sentence(f.label), found, e.Title, now)
			}
		}
	}
	return nil
}

func sentence(label string) string { return strings.ToUpper(label[:1]) + label[1:] }

func (s *Service) checkEvent(l *look, u Update, k link, e events.Event) {
	switch {
	case e.Status == events.Cancelled:
		l.err(k.field, "The event \"%s\" in %s is cancelled. Take it out, or say so.", e.Title, k.label)
	case e.Status == events.Postponed:
		l.warn(k.field, "The event \"%s\" in %s is postponed. Check what the letter says of it.", e.Title, k.label)
	case e.Past(s.DB.Now()):
		l.warn(k.field, "The event \"%s\" in %s is over. Check that the letter does not invite people to it.", e.Title, k.label)
	case e.LastStartsAt != nil && e.UpdatedAt.After(u.CreatedAt):
		l.warn(k.field, "The event \"%s\" in %s was moved while the letter was written. It is now on %s.", e.Title, k.label, e.When())
	}
}

// checkComing looks at the sections that fill themselves. Once they are frozen, a change is an error: whoever approved
// the letter saw something else.
func (s *Service) checkComing(ctx context.Context, l *look, u Update, c Content) error {
	for i, section := range c.Sections {
		if section.Kind != EventsSection {
			continue
		}
		field := SectionField("locality", i)
		now, err := s.comingEvents(ctx, section.Locality)
		if err != nil {
			return err
		}
		if len(now) == 0 {
			l.warn(field, "There are no events to come in \"%s\". The letter will say that no dates are fixed yet.", section.title())
		}
		if u.State != Asked && u.State != Approved {
			continue
		}
		for _, moved := range movedLines(section.Events, now) {
			l.err(field, "Since approval was asked for, events have changed: %s Ask for approval again.", moved)
		}
	}
	return nil
}

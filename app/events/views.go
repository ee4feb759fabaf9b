package events

import (
	"context"
	"strconv"
	"strings"
	"time"

	"conversations/app/config"
	pages "conversations/templates/events"
)

// Items turns events into what lists draw, with the places that are left. Site uses it on the home and locality
// pages with pages.Items.
func (s *Service) Items(ctx context.Context, list []Event) ([]pages.Item, error) {
	places, err := s.places(ctx, list...)
	if err != nil {
		return nil, err
	}
	items := make([]pages.Item, len(list))
	for i, e := range list {
		items[i] = s.item(e, places[e.ID])
	}
	return items, nil
}

func (s *Service) item(e Event, p Places) pages.Item {
	now := s.db.Now()
	tag, colour := e.tag(p, now)
	return pages.Item{Title: e.Title, Href: "/events/" + e.Slug, When: e.whenForLists(), Where: e.Where(),
		Locality: s.localityName(e), Tag: tag, Colour: colour, Note: e.note(p, now)}
}

func (s *Service) localityName(e Event) string {
	if l, ok := s.cfg.Locality(e.Locality); ok {
		return l.Name
	}
	return e.Locality
}

// whenForLists is When, and for a postponed event what there is instead.
func (e Event) whenForLists() string {
	if e.Status == Postponed {
		return "New date to be announced"
	}
	if start, _ := e.calendarTimes(); !e.Dated() && start != nil {
		return Day(e.local(start))
	}
	return e.When()
}

// full says whether nobody else can have a place at once.
func (e Event) full(p Places) bool { return p.Taken >= e.Capacity }

// tag is what people must not miss about an event in a list.
func (e Event) tag(p Places, now time.Time) (text, colour string) {
	switch {
	case e.Status == Cancelled:
		return "Cancelled", "red"
	case e.Status == Postponed:
		return "Postponed", "orange"
	case e.Past(now):
		return "", ""
	case e.Status == Closed:
		return "Booking closed", "grey"
	case e.BookingOpen(now) && e.full(p):
		return "Full", "yellow"
	default:
		return "", ""
	}
}

func (e Event) note(p Places, now time.Time) string {
	switch {
	case e.Past(now):
		return e.cameWords()
	case e.BookingState(now) == BookingNotYet:
		return "Booking opens at " + Moment(e.local(e.BookingOpensAt))
	case !e.BookingOpen(now):
		return ""
	case e.full(p) && e.WaitingList:
		return "You can join the waiting list"
	case e.full(p):
		return "There are no places left"
	default:
		return counted(e.Capacity-p.Taken, "place left", "places left")
	}
}

// cameWords says how many people came, where that is known.
func (e Event) cameWords() string {
	switch {
	case e.AttendanceNote != "":
		return e.AttendanceNote
	case e.Attendance != nil:
		return counted(*e.Attendance, "person came", "people came")
	default:
		return ""
	}
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// groups puts events under headings: months for those with a date, and one for those without.
func (s *Service) groups(ctx context.Context, list []Event) ([]pages.Group, error) {
	items, err := s.Items(ctx, list)
	if err != nil {
		return nil, err
	}
	var groups []pages.Group
	for i, e := range list {
		heading := "Date to be announced"
		if start, _ := e.calendarTimes(); start != nil && e.Status != Postponed {
			heading = e.local(start).Format("January 2006")
		}
		if len(groups) == 0 || groups[len(groups)-1].Heading != heading {
			groups = append(groups, pages.Group{Heading: heading})
		}
		last := &groups[len(groups)-1]
		last.Items = append(last.Items, items[i])
	}
	return groups, nil
}

// NearView draws the search for a locality on the page at action; text is what was typed, "" for nothing yet.
func NearView(cfg *config.Config, action, text string) pages.Near {
	v := pages.Near{Action: action, Text: text}
	if strings.TrimSpace(text) == "" {
		return v
	}
	found := FindLocality(cfg.Localities, text)
	shown := found.Localities
	switch {
	case len(shown) == 0 && found.Postcode:
		v.Message = "That postcode is not in our area. We cover these places:"
	case len(shown) == 0:
		v.Message = "We do not know that place. Check the spelling, or choose your area:"
	case len(shown) > 1:
		v.Message = "That could be in more than one area. Choose yours:"
	case found.Guess != "":
		v.Message = "We think you mean " + found.Guess + ". Your area is:"
	default:
		v.Message = "Your area is:"
	}
	if len(shown) == 0 {
		shown = cfg.Localities
	}
	for _, l := range shown {
		v.Places = append(v.Places, pages.Place{Name: l.Name, Href: "/events?locality=" + l.Slug, Towns: strings.Join(l.Towns, ", ")})
	}
	return v
}

func (s *Service) help(locality string) pages.Help {
	if l, ok := s.cfg.Locality(locality); ok {
		return pages.Help{Telephone: l.Telephone, Hours: l.Hours, Email: l.Email}
	}
	p := s.cfg.Programme
	return pages.Help{Telephone: p.Telephone, Hours: p.Hours, Email: p.Email}
}

func (s *Service) localityChoices() []pages.Choice {
	choices := make([]pages.Choice, len(s.cfg.Localities))
	for i, l := range s.cfg.Localities {
		choices[i] = pages.Choice{Value: l.Slug, Text: l.Name}
	}
	return choices
}

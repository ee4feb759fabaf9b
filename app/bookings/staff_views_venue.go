package bookings

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"conversations/app/events"
	pages "conversations/templates/bookings"
)

// venueView is the sheet for the venue.
func (s *Service) venueView(e events.Event, needs []VenueNeed) pages.Venue {
	office := s.office(e)
	v := pages.Venue{Title: e.Title, When: e.When(), Where: e.Where(), Printed: s.moment(s.db.Now()),
		Office: pages.Office{Name: office.Name, Telephone: office.Telephone, Hours: office.Hours}}
	for _, n := range needs {
		v.Rows = append(v.Rows, pages.VenueRow{Need: NeedLabel(n.Need), People: n.People, Standing: venueWords(n), Languages: counted(n.Languages)})
	}
	return v
}

// counted lists each word once, with how often it is there where that is more than once.
func counted(words []string) string {
	var parts []string
	times := map[string]int{}
	for _, w := range words {
		times[w]++
	}
	for _, w := range slices.Sorted(maps.Keys(times)) {
		if n := times[w]; n > 1 {
			w = fmt.Sprintf("%s (%d)", w, n)
		}
		parts = append(parts, w)
	}
	return strings.Join(parts, ", ")
}

// venueWords says how much of a need is arranged; what is not is never called so.
func venueWords(n VenueNeed) string {
	var parts []string
	for _, p := range []struct {
		n     int
		words string
	}{{n.Arranged, "arranged"}, {n.People - n.Arranged - n.NotPossible, "asked for"}, {n.NotPossible, "not possible"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.words))
		}
	}
	return strings.Join(parts, ", ")
}

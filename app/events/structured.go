package events

import (
	"strings"
	"time"

	"conversations/app/config"
)

// Structured is an event as schema.org knows it, for search engines; encoding/json writes it.
type Structured struct {
	Context      string            `json:"@context"`
	Type         string            `json:"@type"`
	Name         string            `json:"name"`
	Description  string            `json:"description,omitempty"`
	URL          string            `json:"url"`
	StartDate    string            `json:"startDate,omitempty"`
	EndDate      string            `json:"endDate,omitempty"`
	PreviousDate string            `json:"previousStartDate,omitempty"`
	Status       string            `json:"eventStatus"`
	Mode         string            `json:"eventAttendanceMode"`
	Location     []structuredPlace `json:"location"`
	Organizer    structuredOrg     `json:"organizer"`
	Offers       *structuredOffer  `json:"offers,omitempty"`
	Free         bool              `json:"isAccessibleForFree"`
	Capacity     int               `json:"maximumAttendeeCapacity,omitempty"`
	Remaining    *int              `json:"remainingAttendeeCapacity,omitempty"`
}

type structuredPlace struct {
	Type    string             `json:"@type"`
	Name    string             `json:"name,omitempty"`
	Address *structuredAddress `json:"address,omitempty"`
	URL     string             `json:"url,omitempty"`
}

type structuredAddress struct {
	Type     string `json:"@type"`
	Street   string `json:"streetAddress,omitempty"`
	Postcode string `json:"postalCode,omitempty"`
	Country  string `json:"addressCountry"`
}

type structuredOrg struct {
	Type string `json:"@type"`
	Name string `json:"name"`
	URL  string `json:"url"`
}

type structuredOffer struct {
	Type         string `json:"@type"`
	Price        string `json:"price"`
	Currency     string `json:"priceCurrency"`
	Availability string `json:"availability"`
	ValidFrom    string `json:"validFrom,omitempty"`
	URL          string `json:"url"`
}

const schema = "https://schema.org/"

// StructuredData describes a public event at the instant now; places are the people who have one.
func StructuredData(cfg *config.Config, e Event, places Places, now time.Time) Structured {
	s := Structured{
		Context: "https://schema.org", Type: "Event", Name: e.Title, Description: e.Summary, URL: Address(cfg, e),
		Status: schema + e.eventStatus(), Mode: schema + e.attendanceMode(), Location: e.schemaPlaces(cfg),
		Organizer: structuredOrg{Type: "Organization", Name: cfg.Programme.Organisation, URL: cfg.BaseURL},
		Free:      true, Capacity: e.Capacity, Offers: offer(cfg, e, places, now),
	}
	s.dates(e)
	if e.BookingOpen(now) {
		left := max(0, e.Capacity-places.Taken)
		s.Remaining = &left
	}
	return s
}

// dates of a postponed or cancelled event are those it had: schema.org wants them kept.
func (s *Structured) dates(e Event) {
	start, end := e.calendarTimes()
	if start != nil {
		s.StartDate = e.local(start).Format(time.RFC3339)
	}
	if end != nil {
		s.EndDate = e.local(end).Format(time.RFC3339)
	}
	if e.rescheduled() {
		s.PreviousDate = e.local(e.LastStartsAt).Format(time.RFC3339)
	}
}

func (e Event) rescheduled() bool {
	return e.Dated() && e.LastStartsAt != nil && !e.LastStartsAt.Equal(*e.StartsAt)
}

func (e Event) eventStatus() string {
	switch {
	case e.Status == Cancelled:
		return "EventCancelled"
	case e.Status == Postponed:
		return "EventPostponed"
	case e.rescheduled():
		return "EventRescheduled"
	default:
		return "EventScheduled"
	}
}

func (e Event) attendanceMode() string {
	switch {
	case e.Online && e.VenueName == "" && e.VenueAddress == "":
		return "OnlineEventAttendanceMode"
	case e.Online:
		return "MixedEventAttendanceMode"
	default:
		return "OfflineEventAttendanceMode"
	}
}

// schemaPlaces never holds the join link: the event's own page stands for it.
func (e Event) schemaPlaces(cfg *config.Config) []structuredPlace {
	var places []structuredPlace
	if e.attendanceMode() != "OnlineEventAttendanceMode" {
		name := e.VenueName
		if l, ok := cfg.Locality(e.Locality); ok && name == "" {
			name = l.Name
		}
		places = append(places, structuredPlace{Type: "Place", Name: name, Address: &structuredAddress{Type: "PostalAddress",
			Street: strings.Join(lines(e.VenueAddress), ", "), Postcode: e.VenuePostcode, Country: "GB"}})
	}
	if e.Online {
		places = append(places, structuredPlace{Type: "VirtualLocation", URL: Address(cfg, e)})
	}
	return places
}

func offer(cfg *config.Config, e Event, places Places, now time.Time) *structuredOffer {
	state := e.BookingState(now)
	if state == BookingNoDate || e.Status == Cancelled {
		return nil
	}
	o := &structuredOffer{Type: "Offer", Price: "0", Currency: "GBP", URL: Address(cfg, e), Availability: schema + "InStock"}
	switch {
	case state == BookingOver || places.Taken >= e.Capacity:
		o.Availability = schema + "SoldOut"
	case state == BookingNotYet:
		o.Availability = schema + "PreOrder"
	}
	if e.BookingOpensAt != nil {
		o.ValidFrom = e.local(e.BookingOpensAt).Format(time.RFC3339)
	}
	return o
}

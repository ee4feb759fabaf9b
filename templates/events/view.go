// Package events draws the pages about conversation events: the public list and page of an event, and the pages
// on which staff make, change and end them.
package events

import (
	"strings"

	"conversations/templates/nhs"
)

// Help is whom to telephone, on every page of an event.
type Help struct{ Telephone, Hours, Email string }

func (h Help) dial() string { return "tel:" + strings.ReplaceAll(h.Telephone, " ", "") }

// Item is an event in a list.
type Item struct {
	Title    string
	Href     string
	When     string
	Where    string // "" is not known yet
	Locality string
	Tag      string // what people must not miss: "Cancelled", "Full"; "" for nothing
	Colour   string // of the tag
	Note     string // "12 places left", "50 people came"
}

// Group is the events under one heading of a list.
type Group struct {
	Heading string
	Items   []Item
}

// Choice is an entry to choose from.
type Choice struct{ Value, Text string }

// Near is the search for a locality by town or postcode, and what it led to.
type Near struct {
	Action  string // the page that searches: "/events" or "/"
	Text    string // as typed
	Message string // what was understood; "" where nothing was asked
	Places  []Place
}

// Place is a locality to go to.
type Place struct{ Name, Href, Towns string }

// ListView is the public list of events.
type ListView struct {
	Near       Near
	Localities []Choice
	Locality   string // slug chosen; "" is all
	When       string // "upcoming" or "past"
	Groups     []Group
	Help       Help
}

// Past says whether the list shows events that are over.
func (v ListView) Past() bool { return v.When == "past" }

// Fact is one line about an event; Lines stand beneath each other.
type Fact struct {
	Label string
	Lines []string
}

// EventView is the public page of an event.
type EventView struct {
	Title        string
	Locality     string
	LocalityHref string
	Summary      string
	Preview      bool   // a draft, shown to staff
	Banner       string // heading of what must not be missed: "This event is cancelled"
	BannerText   []string
	Facts        []Fact
	Description  string     // HTML that is safe
	Record       RecordView // of a held event, once it is public
	Access       []Fact
	NeedsBy      string // how long people can ask for help
	Booking      Booking
	PromoteHours int    // before the start; from then on staff telephone
	CalendarHref string // "" where there is nothing to put in a calendar
	Series       []Item // other events that belong with it
	Help         Help
}

// Booking is what a visitor can do about a place now.
type Booking struct {
	Heading  string
	Text     []string
	Button   string // "" where nothing can be done
	Href     string
	ShowRule bool // how the waiting list works
	ShowHelp bool // booking by telephone
}

func summary(facts []Fact) nhs.SummaryListParams {
	rows := make([]nhs.SummaryRow, len(facts))
	for i, f := range facts {
		rows[i] = nhs.SummaryRow{Key: nhs.SummaryCell{Content: nhs.Text(f.Label)}, Value: nhs.SummaryCell{Content: nhs.HTML(textLines(f.Lines))}}
	}
	return nhs.SummaryListParams{Rows: rows}
}

func options(choices []Choice) []nhs.SelectItem {
	items := make([]nhs.SelectItem, len(choices))
	for i, c := range choices {
		items[i] = nhs.Option(c.Value, c.Text)
	}
	return items
}

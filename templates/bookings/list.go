package bookings

import (
	"fmt"

	"conversations/templates/nhs"
)

// BookingList is the staff's list of bookings: of one event, or of all.
type BookingList struct {
	Event  *EventRow  // nil is all events
	Next   []EventRow // the next events, where the list is of all
	Filter ListFields
	Total  string // "1,234 bookings"
	Heads  []ListHead
	Rows   []Row
	Pages  nhs.PaginationParams
	Paged  bool

	NewHref      string // to book for a caller; "" where nobody can be booked
	RegisterHref string // "" where the list is of all events
	CSVHref      string
	XLSXHref     string
	AllHref      string // this list without its filter; "" where there is none
}

// ListFields are the filter as it was chosen, and what can be chosen.
type ListFields struct {
	Event, Text, Status, Channel, Need, Sort string
	Statuses, Channels, Needs, Sorts         []Choice
}

// ListHead is a column that the list can be sorted by.
type ListHead struct {
	Text string
	Href string
	Sort string // none, ascending, descending
}

func (v BookingList) table() nhs.TableParams {
	p := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text(v.Total), Size: "s"}, Responsive: true, Compact: true}
	for _, h := range v.Heads {
		p.Head = append(p.Head, nhs.TableCell{Content: nhs.Text(h.Text), Href: h.Href, Sort: h.Sort})
	}
	for _, r := range v.Rows {
		cells := []nhs.TableCell{{Content: nhs.Text(r.Reference), Href: r.href(), Classes: "app-whole"}, nhs.Cell(r.Name)}
		if v.Event == nil {
			cells = append(cells, nhs.Cell(r.Event))
		}
		p.Rows = append(p.Rows, append(cells, nhs.Cell(fmt.Sprint(r.People)),
			nhs.TableCell{Content: nhs.HTML(nhs.Tag(nhs.TagParams{Content: nhs.Text(r.Status), Colour: r.Colour, Classes: "app-whole"}))},
			nhs.TableCell{Content: nhs.HTML(reachable(r.Email, r.Phone))}, nhs.Cell(r.Booked), nhs.TableCell{Content: nhs.HTML(needList(r.Needs))}))
	}
	return p
}

package bookings

import (
	"context"
	"fmt"
	"strings"

	"conversations/app/events"
	pages "conversations/templates/bookings"
	"conversations/templates/nhs"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// nextShown is how many of the next events the list of all bookings leads to.
const nextShown = 5

func (s *Service) listView(ctx context.Context, f ListFilter, page ListPage) (v pages.BookingList, err error) {
	v = pages.BookingList{Filter: f.fields(), Total: countBookings(page.Total), Heads: f.heads(), Pages: f.pagination(page), Paged: page.Pages > 1,
		CSVHref: f.href(listPath + ".csv"), XLSXHref: f.href(listPath + ".xlsx")}
	if f.Status != "" || f.Channel != "" || f.Need != "" || f.Text != "" {
		v.AllHref = ListFilter{Event: f.Event}.href(listPath)
	}
	for _, b := range page.Bookings {
		v.Rows = append(v.Rows, s.row(b))
	}
	if page.Event == nil {
		v.Next, err = s.nextEvents(ctx)
		return v, err
	}
	e := *page.Event
	rows, err := s.eventRows(ctx, []events.Event{e})
	if err != nil {
		return v, err
	}
	v.Event, v.RegisterHref = &rows[0], listPath+"/register?event="+e.Slug
	if e.Status == events.Open || e.Status == events.Closed {
		v.NewHref = newPath(e)
	}
	return v, nil
}

func (s *Service) nextEvents(ctx context.Context) (rows []pages.EventRow, err error) {
	next, err := s.events.Next(ctx, nextShown)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(next))
	for i, e := range next {
		ids[i] = e.ID
	}
	places, err := s.Places(ctx, ids)
	for _, e := range next {
		rows = append(rows, pages.EventRow{Slug: e.Slug, Title: e.Title, When: e.When(), Status: e.Status.Words(), Capacity: e.Capacity,
			Taken: places[e.ID].Taken, Waiting: places[e.ID].Waiting})
	}
	return rows, err
}

func (s *Service) row(b Listed) pages.Row {
	row := pages.Row{ID: b.ID, Reference: b.Spoken(), Name: b.Name, Event: b.Event.Title + ", " + b.Event.When(), People: b.People,
		Status: b.Status.Words(), Colour: statusColour(b.Status), Email: b.Email, Phone: b.Phone, Booked: s.moment(b.CreatedAt)}
	for _, n := range b.Needs {
		row.Needs = append(row.Needs, NeedLabel(n.Need)+": "+strings.ToLower(needState(n.State)))
	}
	return row
}

func (f ListFilter) fields() pages.ListFields {
	v := pages.ListFields{Event: f.Event, Text: f.Text, Status: string(f.Status), Channel: string(f.Channel), Need: f.Need, Sort: f.Sort,
		Statuses: statusChoices(), Sorts: sortChoices(f)}
	v.Channels = append([]pages.Choice{{Value: "", Label: "Any way"}, {Value: string(Online), Label: channelWords(Online)}}, channelChoices()...)
	v.Needs = []pages.Choice{{Value: "", Label: "All bookings"}, {Value: AnyNeed, Label: "With any need"}}
	for _, n := range Needs() {
		v.Needs = append(v.Needs, pages.Choice{Value: n.Code, Label: n.Label})
	}
	return v
}

func sortChoices(f ListFilter) []pages.Choice {
	usual := "Newest first"
	if f.Text != "" {
		usual = "Nearest first"
	} else if f.Event != "" {
		usual = "Order of joining"
	}
	choices := []pages.Choice{{Value: "", Label: usual}}
	for _, c := range sortColumns(f.Event != "") {
		choices = append(choices, pages.Choice{Value: c.key, Label: c.up}, pages.Choice{Value: "-" + c.key, Label: c.down})
	}
	return choices
}

// sortColumn is a column of the list; key is "" where it cannot be sorted by.
type sortColumn struct{ key, head, up, down string }

func sortColumns(ofOne bool) []sortColumn {
	columns := []sortColumn{{"reference", "Reference", "Reference, A to Z", "Reference, Z to A"}, {"name", "Name", "Name, A to Z", "Name, Z to A"}}
	if !ofOne {
		columns = append(columns, sortColumn{"event", "Event", "Event, earliest first", "Event, latest first"})
	}
	return append(columns, sortColumn{"people", "People", "People, fewest first", "People, most first"},
		sortColumn{"status", "Status", "Status, booked first", "Status, cancelled first"}, sortColumn{"booked", "Booked", "Booked, oldest first", "Booked, newest first"})
}

// heads are the columns of the table: a press on one sorts by it, the next press the other way round.
func (f ListFilter) heads() (heads []pages.ListHead) {
	for _, c := range sortColumns(f.Event != "") {
		if c.key == "booked" {
			heads = append(heads, pages.ListHead{Text: "Reach by"})
		}
		head, next := pages.ListHead{Text: c.head, Sort: "none"}, c.key
		switch f.Sort {
		case c.key:
			head.Sort, next = "ascending", "-"+c.key
		case "-" + c.key:
			head.Sort = "descending"
		}
		head.Href = f.href(listPath, "sort", next)
		heads = append(heads, head)
	}
	return append(heads, pages.ListHead{Text: "Needs"})
}

// pagination leads to the first, the last and the neighbouring pages.
func (f ListFilter) pagination(page ListPage) nhs.PaginationParams {
	return nhs.Pages(page.Page, page.Pages, func(n int) string { return f.href(listPath, "page", fmt.Sprint(n)) })
}

var english = message.NewPrinter(language.BritishEnglish)

func countBookings(n int) string {
	if n == 1 {
		return "1 booking"
	}
	return english.Sprintf("%d bookings", n)
}

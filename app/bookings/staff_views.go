package bookings

import (
	"context"
	"fmt"
	"strings"
	"time"

	"conversations/app/database"
	"conversations/app/events"
	"conversations/app/mail"
	pages "conversations/templates/bookings"
)

// pastShown is how many events that are over staff can choose from at once.
const pastShown = 20

// moment is an instant as staff read it, on the programme's clocks.
func (s *Service) moment(t time.Time) string {
	return t.In(s.cfg.Zone()).Format("Mon 2 Jan 2006, 15:04")
}

// chooseView is the events to choose from, and the bookings that a text was found in.
func (s *Service) chooseView(ctx context.Context, text string) (v pages.Choose, err error) {
	v.Text = text
	upcoming, err := s.events.List(ctx, events.Filter{})
	if err != nil {
		return v, err
	}
	past, err := s.events.List(ctx, events.Filter{When: events.Past, Limit: pastShown})
	if err != nil {
		return v, err
	}
	if v.Upcoming, err = s.eventRows(ctx, upcoming); err != nil {
		return v, err
	}
	if v.Past, err = s.eventRows(ctx, past); err != nil || text == "" {
		return v, err
	}
	v.Found, err = s.find(ctx, upcoming, text)
	return v, err
}

func (s *Service) eventRows(ctx context.Context, list []events.Event) ([]pages.EventRow, error) {
	ids := make([]int64, len(list))
	for i, e := range list {
		ids[i] = e.ID
	}
	places, err := s.Places(ctx, ids)
	if err != nil {
		return nil, err
	}
	rows := make([]pages.EventRow, len(list))
	for i, e := range list {
		rows[i] = eventRow(e, places[e.ID])
	}
	return rows, nil
}

func eventRow(e events.Event, p events.Places) pages.EventRow {
	return pages.EventRow{Slug: e.Slug, Title: e.Title, When: e.When(), Status: e.Status.Words(), Capacity: e.Capacity, Taken: p.Taken, Waiting: p.Waiting}
}

// find looks for a text in the bookings of these events, and for a reference in all.
func (s *Service) find(ctx context.Context, list []events.Event, text string) (rows []pages.Row, err error) {
	seen := map[int64]bool{}
	add := func(e events.Event, found ...Booking) {
		for _, b := range found {
			if !seen[b.ID] {
				seen[b.ID] = true
				row := s.row(b, nil)
				row.Event = e.Title + ", " + e.When()
				rows = append(rows, row)
			}
		}
	}
	b, err := s.ByReference(ctx, text)
	switch {
	case err == nil:
		e, err := s.events.ByID(ctx, b.EventID)
		if err != nil {
			return nil, err
		}
		add(e, b)
	case !database.IsNotFound(err):
		return nil, err
	}
	for _, e := range list {
		found, err := s.OfEvent(ctx, e.ID, Filter{Text: text})
		if err != nil {
			return nil, err
		}
		add(e, found...)
	}
	return rows, nil
}

func (s *Service) row(b Booking, needs []AccessNeed) pages.Row {
	row := pages.Row{ID: b.ID, Reference: b.Spoken(), Name: b.Name, People: b.People, Status: b.Status.Words(), Colour: statusColour(b.Status),
		Email: b.Email, Phone: b.Phone, Booked: s.moment(b.CreatedAt)}
	for _, n := range needs {
		row.Needs = append(row.Needs, NeedLabel(n.Need)+": "+strings.ToLower(needState(n.State)))
	}
	return row
}

// needState is a need's state in a word or two, for lists.
func needState(state NeedState) string {
	if state == Asked {
		return "Asked for"
	}
	return state.Words()
}

func statusColour(s Status) string {
	switch s {
	case Confirmed:
		return "green"
	case Waiting:
		return "yellow"
	default:
		return "grey"
	}
}

// eventBookingsView is the bookings of an event that a filter lets through.
func (s *Service) eventBookingsView(ctx context.Context, e events.Event, f Filter) (v pages.EventBookings, err error) {
	list, err := s.OfEvent(ctx, e.ID, f)
	if err != nil {
		return v, err
	}
	needs, err := s.NeedsOfEvent(ctx, e.ID)
	if err != nil {
		return v, err
	}
	rows, err := s.eventRows(ctx, []events.Event{e})
	if err != nil {
		return v, err
	}
	v = pages.EventBookings{Event: rows[0], Status: string(f.Status), Statuses: statusChoices(), Text: f.Text, All: f == Filter{}}
	if e.Status == events.Open || e.Status == events.Closed {
		v.NewHref = newPath(e)
	}
	for _, b := range list {
		v.Rows = append(v.Rows, s.row(b, needs[b.ID]))
	}
	return v, nil
}

func statusChoices() []pages.Choice {
	choices := []pages.Choice{{Value: "", Label: "All"}}
	for _, s := range []Status{Confirmed, Waiting, Cancelled} {
		choices = append(choices, pages.Choice{Value: string(s), Label: s.Words()})
	}
	return choices
}

func channelChoices() []pages.Choice {
	return []pages.Choice{{Value: string(Telephone), Label: "Telephone"}, {Value: string(Email), Label: "Email"}, {Value: string(InPerson), Label: "In person"}}
}

func channelWords(c Channel) string {
	for _, choice := range channelChoices() {
		if choice.Value == string(c) {
			return choice.Label
		}
	}
	return "Online"
}

// staffView is one booking with its mails and calls; g is the form that gives places, as typed.
func (s *Service) staffView(ctx context.Context, d Details, g pages.Give) (v pages.StaffBooking, err error) {
	b, base := d.Booking, bookingPath(d.Booking.ID)
	v = pages.StaffBooking{Booking: s.bookerView(d), ID: b.ID, Status: b.Status.Words(), Colour: statusColour(b.Status), Name: b.Name,
		Email: b.Email, Phone: b.Phone, Details: s.recordLines(b), Question: b.Question, ListHref: ofEventPath(d.Event)}
	v.Booking.Base, v.Booking.Reach, v.Booking.Lines = base, "", nil
	if b.Status == Waiting {
		v.Booking.Lines = []string{fmt.Sprintf("Number %d on the waiting list.", d.Ahead+1)}
		g.Action = base + "/places"
		v.Give = &g
	}
	mails, err := s.outbox.About(ctx, "bookings", b.ID)
	if err != nil {
		return v, fmt.Errorf("list the mails of booking %d: %w", b.ID, err)
	}
	for _, m := range mails {
		v.Mails = append(v.Mails, s.mailRow(m))
	}
	calls, err := s.callsOf(ctx, b.ID)
	if err != nil {
		return v, err
	}
	v.Calls, err = s.callRows(ctx, calls)
	return v, err
}

func (s *Service) recordLines(b Booking) [][2]string {
	lines := [][2]string{{"Booked by", channelWords(b.Channel) + ", " + s.moment(b.CreatedAt)}}
	if b.PromotedAt != nil {
		lines = append(lines, [2]string{"Places came free", s.moment(*b.PromotedAt)})
	}
	if b.CancelledAt != nil {
		lines = append(lines, [2]string{"Cancelled", s.moment(*b.CancelledAt)})
	}
	if b.OverCapacity {
		lines = append(lines, [2]string{"Above capacity", "Staff gave places that the event does not have"})
	}
	var agreed []string
	for _, one := range []struct {
		said  bool
		words string
	}{{b.QuoteOK, "their question may be printed without a name"}, {b.Recontact, "we may contact them about it"}, {b.Updates, "wants news"}} {
		if one.said {
			agreed = append(agreed, one.words)
		}
	}
	if len(agreed) > 0 {
		lines = append(lines, [2]string{"Agreed", capital(strings.Join(agreed, ", "))})
	}
	return lines
}

func (s *Service) mailRow(m mail.Mail) pages.MailRow {
	row := pages.MailRow{Subject: m.Subject, To: m.ToAddress, Server: m.LastError, When: s.moment(m.CreatedAt)}
	switch m.State {
	case mail.Sent:
		row.State, row.Colour = "Sent", "green"
		if m.SentAt != nil {
			row.When = s.moment(*m.SentAt)
		}
	case mail.Failed:
		row.State, row.Colour = "Did not arrive", "red"
	default:
		row.State, row.Colour = "Waiting to be sent", "yellow"
	}
	return row
}

// callerWords are what staff tell a caller for whom they have just booked.
func callerWords(d Details, again bool) string {
	b, e := d.Booking, d.Event
	words := "You have " + countPlaces(b.People) + " at " + e.Title + ", " + e.When() + at(e) + "."
	if b.Status == Waiting {
		words = e.Title + " is full at the moment. You are on the waiting list for " + countPlaces(b.People) + ". If enough places come free, we give them to you and tell you at once."
	}
	if again {
		words = "You had booked already, so we have not booked a second time. " + words
	}
	words += " Your booking reference is " + b.Spoken() + "."
	if b.Email != "" {
		return words + " The details are on their way to " + b.Email + "."
	}
	return words + " If anything changes, we telephone you on " + b.Phone + "."
}

package bookings

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/events"
	"conversations/app/mail"
	pages "conversations/templates/bookings"
)

// moment is an instant as staff read it, on the programme's clocks.
func (s *Service) moment(t time.Time) string {
	return t.In(s.cfg.Zone()).Format("Mon 2 Jan 2006, 15:04")
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

// staffView is one booking with its notes, mails and calls, and with the forms on its page as typed.
func (s *Service) staffView(ctx context.Context, d Details, typed pages.Typed) (v pages.StaffBooking, err error) {
	b, base := d.Booking, bookingPath(d.Booking.ID)
	v = pages.StaffBooking{Booking: s.bookerView(d), ID: b.ID, Status: b.Status.Words(), Colour: statusColour(b.Status), Name: b.Name,
		Email: b.Email, Phone: b.Phone, Details: s.recordLines(b), Question: b.Question, ListHref: ofEventPath(d.Event), Errors: typed.Errors()}
	v.Booking.Base, v.Booking.Reach, v.Booking.Lines = base, "", nil
	if b.Status == Waiting {
		v.Booking.Lines = []string{fmt.Sprintf("Number %d on the waiting list.", d.Ahead+1)}
		typed.Give.Action = base + "/places"
		v.Give = &typed.Give
	}
	v.Note = typed.Note
	if accounts.May(audit.ActorFrom(ctx), accounts.ManageBookings) {
		v.Note.Action = base + "/notes"
		v.MoveHref, v.RestoreHref = s.seatLinks(d)
	}
	notes, err := s.Notes(ctx, b.ID)
	if err != nil {
		return v, err
	}
	for _, n := range notes {
		v.Notes = append(v.Notes, pages.NoteRow{Text: n.Note, By: cmp.Or(n.Staff, "The program"), When: s.moment(n.CreatedAt)})
	}
	if v.Mails, err = s.mailRows(ctx, b, v.Note.Action != ""); err != nil {
		return v, err
	}
	calls, err := s.callsOf(ctx, b.ID)
	if err != nil {
		return v, err
	}
	v.Calls, err = s.callRows(ctx, calls)
	return v, err
}

// seatLinks lead to the pages that place a booking anew, where that can be.
func (s *Service) seatLinks(d Details) (move, restore string) {
	path, e := bookingPath(d.Booking.ID), d.Event
	over := e.Status == events.Held || e.StartsAt != nil && !s.db.Now().Before(*e.StartsAt)
	switch {
	case over:
	case d.Booking.Active():
		move = path + "/move"
	case e.Status != events.Cancelled:
		restore = path + "/restore"
	}
	return move, restore
}

// mailRows are the mails of a booking, newest first; only the newest can be sent again. See SendAgain.
func (s *Service) mailRows(ctx context.Context, b Booking, mayResend bool) (rows []pages.MailRow, err error) {
	mails, err := s.outbox.About(ctx, "bookings", b.ID)
	if err != nil {
		return nil, fmt.Errorf("list the mails of booking %d: %w", b.ID, err)
	}
	for i, m := range mails {
		row := s.mailRow(m)
		if i == 0 && mayResend && m.State != mail.Queued && !m.Emptied() && m.ToAddress == b.Email {
			row.AgainAction = fmt.Sprintf("%s/mails/%d/again", bookingPath(b.ID), m.ID)
		}
		rows = append(rows, row)
	}
	return rows, nil
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
	}{{b.QuoteOK, "their question may be printed without a name"}, {b.Recontact, "we may contact them about it"}, {b.Updates, "asked for our updates"}} {
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
	row := pages.MailRow{Subject: m.Subject, Href: fmt.Sprintf("/staff/mails/%d", m.ID), To: m.ToAddress, Server: m.LastError, When: s.moment(m.CreatedAt)}
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
		if m.Attempts > 0 {
			row.When = "Tried " + times(m.Attempts) + ", next at " + s.moment(m.NextTryAt)
		}
	}
	return row
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
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

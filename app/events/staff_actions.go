package events

import (
	"context"
	"strconv"

	pages "conversations/templates/events"
	"conversations/templates/nhs"
)

type fieldError = nhs.FieldError

// action is a step in the life of an event that staff take on a page of its own, which asks first.
type action struct {
	path    string
	text    string // of the button that leads to the page
	heading string
	button  string
	done    string // said afterwards
	from    []Status
	fields  pages.Fields
	warning bool
	tells   bool // people who booked or asked to hear are told
	says    func(e Event, p Places) []string
	do      func(s *Service, ctx context.Context, id int64, f actionForm) (Event, error)
}

// actionForm is everything an action may ask for.
type actionForm struct {
	Form
	Note   string `form:"status_note,lines"`
	People string `form:"attendance"`
	Words  string `form:"attendance_note"`

	errors []fieldError
}

func formOf(e Event) actionForm {
	return actionForm{Form: FormOf(e), People: attendanceText(e), Words: e.AttendanceNote}
}

func attendanceText(e Event) string {
	if e.Attendance == nil {
		return ""
	}
	return strconv.Itoa(*e.Attendance)
}

// cameText is how many people came as it was noted at the door, to be offered; "" where it is not known.
func (s *Service) cameText(ctx context.Context, id int64) (string, error) {
	if s.Came == nil {
		return "", nil
	}
	people, known, err := s.Came(ctx, id)
	if err != nil || !known {
		return "", err
	}
	return strconv.Itoa(people), nil
}

func (a action) view(e Event, p Places, f actionForm) pages.ConfirmView {
	return pages.ConfirmView{Heading: a.heading, Event: e.Title, Text: a.says(e, p), Action: staffPath(e.ID) + "/" + a.path,
		BackHref: staffPath(e.ID), Button: a.button, Warning: a.warning, Errors: f.errors, Typed: typed(f.Form), Note: f.Note,
		People: f.People, Words: f.Words, Fields: a.fields}
}

// actions are all of them, in the order in which they are offered.
func actions() []action {
	return []action{
		{path: "publish", text: "Publish", heading: "Publish this event", button: "Publish", done: "The event is public.",
			from: []Status{Draft}, says: saysPublish,
			do: func(s *Service, ctx context.Context, id int64, _ actionForm) (Event, error) {
				return s.Publish(ctx, id)
			}},
		{path: "set-date", text: "Set the date", heading: "Set the date", button: "Set the date and open booking", done: "The date is set.",
			from: []Status{Announced, Postponed}, fields: pages.PlacesFields, tells: true, says: saysDate,
			do: func(s *Service, ctx context.Context, id int64, f actionForm) (Event, error) {
				return s.SetDate(ctx, id, f.Form)
			}},
		{path: "hold", text: "Mark as held", heading: "Mark this event as held", button: "Save", done: "Saved.",
			from: []Status{Open, Closed, Held}, fields: pages.CameFields, says: saysHold,
			do: func(s *Service, ctx context.Context, id int64, f actionForm) (Event, error) {
				return s.Hold(ctx, id, Turnout{People: f.People, Note: f.Words})
			}},
		{path: "close", text: "Close booking", heading: "Close booking", button: "Close booking", done: "Booking is closed.",
			from: []Status{Open}, says: saysClose,
			do: func(s *Service, ctx context.Context, id int64, _ actionForm) (Event, error) { return s.Close(ctx, id) }},
		{path: "open", text: "Open booking again", heading: "Open booking again", button: "Open booking", done: "Booking is open.",
			from: []Status{Closed}, says: saysOpen,
			do: func(s *Service, ctx context.Context, id int64, _ actionForm) (Event, error) { return s.Open(ctx, id) }},
		{path: "move", text: "Change date or place", heading: "Change the date or the place", button: "Change it and tell everybody", done: "Changed.",
			from: []Status{Open, Closed}, fields: pages.WhenFields, tells: true, says: saysMove,
			do: func(s *Service, ctx context.Context, id int64, f actionForm) (Event, error) {
				return s.Move(ctx, id, f.Form)
			}},
		{path: "postpone", text: "Postpone", heading: "Postpone this event", button: "Postpone and tell everybody", done: "The event is postponed.",
			from: []Status{Open, Closed}, fields: pages.ReasonFields, warning: true, tells: true, says: saysPostpone,
			do: func(s *Service, ctx context.Context, id int64, f actionForm) (Event, error) {
				return s.Postpone(ctx, id, f.Note)
			}},
		{path: "cancel", text: "Cancel the event", heading: "Cancel this event", button: "Cancel the event and tell everybody", done: "The event is cancelled.",
			from: []Status{Announced, Open, Closed, Postponed}, fields: pages.ReasonFields, warning: true, tells: true, says: saysCancel,
			do: func(s *Service, ctx context.Context, id int64, f actionForm) (Event, error) {
				return s.Cancel(ctx, id, f.Note)
			}},
	}
}

func saysPublish(e Event, _ Places) []string {
	if e.Dated() {
		return []string{"Everybody will see the event, and people can book as soon as booking opens.", "After this its web address stays as it is: /events/" + e.Slug}
	}
	return []string{"Everybody will see the event. It has no date, so people can leave their details and we tell them when there is one.",
		"After this its web address stays as it is: /events/" + e.Slug}
}

func saysDate(_ Event, _ Places) []string {
	return []string{"Booking opens. Everybody who booked, or asked to hear of the date, is told."}
}

func saysHold(_ Event, _ Places) []string {
	return []string{"The event stays on the website as a past event. If you know how many people came, say so."}
}

func saysClose(_ Event, _ Places) []string {
	return []string{"People can no longer book. Who has a place keeps it. You can open booking again."}
}

func saysOpen(_ Event, _ Places) []string { return []string{"People can book again."} }

func saysMove(_ Event, _ Places) []string {
	return []string{"If the date, the time or the place changes, people are told, and their calendars change."}
}

func saysPostpone(_ Event, _ Places) []string {
	return []string{"The date is taken away. People keep their places for the new date. The event leaves their calendars until then."}
}

func saysCancel(_ Event, _ Places) []string {
	return []string{"The event will not take place. This cannot be undone."}
}

// toldView is who hears of a change, before it is made, and how many they are in a sentence.
func (s *Service) toldView(ctx context.Context, id int64) (sentence string, out []pages.Hearer, err error) {
	list, err := s.hearers(ctx, id)
	how := map[string]int{}
	for _, h := range list {
		why := h.Standing
		if h.People > 0 {
			why = counted(h.People, "person", "people") + ", " + why
		}
		how[h.How]++
		out = append(out, pages.Hearer{Name: h.Name, How: h.How, Why: why})
	}
	if len(list) == 0 {
		return "Nobody has booked or asked to hear, so nobody is told.", nil, err
	}
	return "We tell " + counted(how["Email"], "booking", "bookings") + " by email. We put " + counted(how["Telephone"], "booking", "bookings") +
		" on the list of people to telephone.", out, err
}

package events

import (
	"strings"
	"time"

	ical "github.com/arran4/golang-ical"
)

// Method is what a calendar text asks a calendar program to do (RFC 5546).
type Method string

// The methods in use.
const (
	MethodPublish Method = "PUBLISH" // for feeds and files: here is an event
	MethodRequest Method = "REQUEST" // for mails: this is in your calendar now, at this time
	MethodCancel  Method = "CANCEL"  // for mails: this leaves your calendar
)

// Person is a name with an address, as in a calendar's organiser and attendee.
type Person struct{ Name, Email string }

// Invite is one event as a calendar text. Attendee and Organizer are left out where they have no address.
type Invite struct {
	Event       Event
	Method      Method
	UID         string // stable for the life of what it stands for: an event in feeds, a booking in mails
	Sequence    int    // rises with every message under the UID
	Stamp       time.Time
	Organizer   Person
	Attendee    Person
	URL         string
	Description string
	JoinLink    string // given only to who has a place; public calendars leave it empty
}

// String is the whole iCalendar text: CRLF, folded at 75 octets, with the rules of the event's zone.
func (i Invite) String() string { return Calendar("", i.Method, i) }

// Calendar is a calendar text of several events, under a name for programs that show one.
func Calendar(name string, method Method, invites ...Invite) string {
	cal := ical.NewCalendarFor("Conversations")
	cal.SetProductId("-//Conversations//Events//EN")
	cal.SetCalscale("GREGORIAN")
	cal.SetMethod(ical.Method(method))
	if name != "" {
		cal.SetName(name)
		cal.SetXWRCalName(name)
	}
	for _, zone := range zonesOf(invites) {
		cal.AddVTimezone(zone)
	}
	for _, invite := range invites {
		cal.AddVEvent(invite.event())
	}
	return cal.Serialize(ical.WithNewLine("\r\n"))
}

func (i Invite) event() *ical.VEvent {
	e := ical.NewEvent(i.UID)
	e.SetDtStampTime(i.Stamp.UTC())
	e.SetSequence(i.Sequence)
	i.times(e)
	e.SetStatus(i.status())
	e.SetSummary(i.summary())
	if where := i.location(); where != "" {
		e.SetLocation(where)
	}
	if text := strings.TrimSpace(i.Description); text != "" {
		e.SetDescription(text)
	}
	if i.URL != "" {
		e.SetURL(i.URL)
	}
	if i.Organizer.Email != "" {
		e.SetOrganizer("mailto:"+i.Organizer.Email, ical.WithCN(parameter(i.Organizer.Name)))
	}
	if i.Attendee.Email != "" {
		e.AddAttendee("mailto:"+i.Attendee.Email, ical.WithCN(parameter(i.Attendee.Name)),
			ical.ParticipationStatusAccepted, ical.ParticipationRoleReqParticipant)
	}
	return e
}

// times are the event's, or where it has none now, those it had last: a calendar that drops it must know which.
func (i Invite) times(e *ical.VEvent) {
	start, end := i.Event.calendarTimes()
	if start == nil {
		return
	}
	i.Event.setTime(e, ical.ComponentPropertyDtStart, *start)
	if end != nil {
		i.Event.setTime(e, ical.ComponentPropertyDtEnd, *end)
	}
}

func (e Event) calendarTimes() (start, end *time.Time) {
	if e.Dated() {
		return e.StartsAt, e.EndsAt
	}
	return e.LastStartsAt, e.LastEndsAt
}

// setTime writes local time with its zone, or UTC where the local time exists twice: RFC 5545 (3.3.5) cannot say
// the second, and not every program takes it for the first.
func (e Event) setTime(ev *ical.VEvent, property ical.ComponentProperty, at time.Time) {
	local := at.In(e.Zone())
	if _, problem := Resolve(local.Format(localForm), e.Zone(), false); problem == TimeTwice || e.Zone() == time.UTC {
		ev.SetProperty(property, at.UTC().Format("20060102T150405Z"))
		return
	}
	ev.SetProperty(property, local.Format("20060102T150405"), ical.WithTZID(e.ZoneName))
}

func (i Invite) status() ical.ObjectStatus {
	if i.Method == MethodCancel || i.Event.Status == Cancelled || i.Event.Status == Postponed {
		return ical.ObjectStatusCancelled
	}
	return ical.ObjectStatusConfirmed
}

// summary names the state too, for programs that show a cancelled event like any other.
func (i Invite) summary() string {
	switch i.Event.Status {
	case Cancelled:
		return "Cancelled: " + i.Event.Title
	case Postponed:
		return "Postponed: " + i.Event.Title
	default:
		return i.Event.Title
	}
}

func (i Invite) location() string {
	where := i.Event.Where()
	if i.JoinLink != "" {
		where = strings.TrimPrefix(where+", "+i.JoinLink, ", ")
	}
	return where
}

// Where is the place on one line: name, address, postcode, and whether one can take part online. Empty where no
// place is named yet.
func (e Event) Where() string {
	var parts []string
	for _, part := range []string{e.VenueName, strings.Join(lines(e.VenueAddress), ", "), e.VenuePostcode} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	switch {
	case e.Online && len(parts) == 0:
		return "Online"
	case e.Online:
		return strings.Join(parts, ", ") + " (or online)"
	default:
		return strings.Join(parts, ", ")
	}
}

func lines(text string) (out []string) {
	for line := range strings.Lines(text) {
		if line = strings.Trim(line, " ,\t\r\n"); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// parameter makes a name safe as a calendar parameter, which has no way to hold a quotation mark.
func parameter(name string) string {
	return strings.Join(strings.Fields(strings.NewReplacer(`"`, "", "'", "’", ",", " ", ";", " ", ":", " ", `\`, "").Replace(name)), " ")
}

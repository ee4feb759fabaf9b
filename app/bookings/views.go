package bookings

import (
	"fmt"
	"strings"
	"time"

	"github.com/a-h/templ"

	"conversations/app/config"
	"conversations/app/events"
	pages "conversations/templates/bookings"
	"conversations/templates/nhs"
)

func eventPath(e events.Event) string    { return "/events/" + e.Slug }
func bookPath(e events.Event) string     { return eventPath(e) + "/book" }
func interestPath(e events.Event) string { return eventPath(e) + "/interest" }

// managePath is the path of a booker's own page.
func (s *Service) managePath(b Booking) string {
	return "/bookings/" + s.links.Token(LinkPurpose, b.ID)
}

func back(text, href string) templ.Component {
	return nhs.BackLink(nhs.BackLinkParams{Content: nhs.Text(text), Href: href})
}

// eventView is an event in brief.
func (s *Service) eventView(e events.Event) pages.Event {
	office := s.office(e)
	v := pages.Event{
		Title: e.Title, Href: eventPath(e), When: e.When(), Where: e.Where(),
		Office: pages.Office{Name: office.Name, Telephone: office.Telephone, Hours: office.Hours},
	}
	switch e.Status {
	case events.Postponed:
		v.When = "Postponed. New date to be announced"
	case events.Cancelled:
		v.When = "Cancelled. It was planned for " + e.When()
	}
	return v
}

// placesLeft says how many places are left, and what that means for whoever books now.
func placesLeft(e events.Event, p events.Places) string {
	switch free := e.Capacity - p.Taken; {
	case free <= 0:
		return "Full. You will join the waiting list"
	case p.Waiting > 0:
		return countPlaces(free) + " left. Other people are waiting, so you may join the waiting list"
	default:
		return countPlaces(free) + " left"
	}
}

// notBookable says why no places can be booked; no is false where they can.
func (s *Service) notBookable(e events.Event, p events.Places) (v pages.Closed, no bool) {
	v.Event = s.eventView(e)
	switch state := e.BookingState(s.db.Now()); {
	case state == events.BookingTaken && (e.WaitingList || p.Taken < e.Capacity):
		return v, false
	case state == events.BookingTaken:
		v.Heading, v.Reason = "This event is full", "All the places are taken, and this event has no waiting list."
		v.Event.Interest = interestPath(e)
	case state == events.BookingNotYet:
		v.Heading, v.Reason = "Booking is not open yet", "You can book a place from "+events.Moment(e.BookingOpensAt.In(e.Zone()))+"."
	default:
		v.Heading, v.Reason = s.whyOver(e)
	}
	return v, true
}

func (s *Service) whyOver(e events.Event) (heading, reason string) {
	switch {
	case e.Status == events.Cancelled:
		return "This event is cancelled", strings.TrimSpace("We are sorry. " + e.StatusNote)
	case e.Past(s.db.Now()):
		return "This event is over", "You can read about it on its page."
	default:
		return "Booking is closed", "You cannot book online any more. Telephone us to ask if there is still a place."
	}
}

// formView is the form as it is shown: f with the messages at its fields.
func (s *Service) formView(e events.Event, f form, problems []nhs.FieldError) pages.Form {
	p := s.cfg.Programme.Complaints
	v := pages.Form{
		Event: s.eventView(e), Errors: problems, Key: f.Key, EmailChecked: checkedNext(f.Email, f.EmailChecked, problems),
		Name: f.Name, Email: f.Email, Phone: f.Phone, Size: f.size(), MaxParty: len(f.People), NotComing: f.NotComing,
		NeedsMet: e.NeedsMet, Needs: needChoices(), Question: f.Question, QuoteOK: f.QuoteOK, Recontact: f.Recontact, Updates: f.Updates,
		PromoteHours: int(s.cfg.Bookings.PromoteUntil.Hours()),
		Complaints:   pages.Office{Name: p.Name, Telephone: p.Telephone},
	}
	if asked, known := s.cfg.Purpose(config.UpdatesPurpose); known {
		v.UpdatesWording = asked.Wording
	}
	for i, one := range f.People {
		v.People = append(v.People, pages.Person{Position: i + 1, Name: one.Name, Needs: one.Needs, Notes: one.Notes})
	}
	return v
}

// checkedNext is the address that the next form says was checked: one that was questioned now, or before.
func checkedNext(email, checked string, problems []nhs.FieldError) string {
	if nhs.ErrorFor(problems, "email").Text != "" {
		return email
	}
	return checked
}

func needChoices() (out []pages.Choice) {
	for _, n := range Needs() {
		out = append(out, pages.Choice{Value: n.Code, Label: n.Label, Hint: n.Hint})
	}
	return out
}

// needsBy says until when people can ask for what they need. Later they still may: some things can be had at once.
func (s *Service) needsBy(e events.Event) string {
	day, err := time.ParseInLocation("2006-01-02", e.NeedsBy, e.Zone())
	if err != nil {
		return ""
	}
	if s.db.Now().Before(day.AddDate(0, 0, 1)) {
		return "Please ask by " + events.Day(day) + ", so that we have time to arrange it."
	}
	return "The last day to ask was " + events.Day(day) + ". You can still ask now, but we may not be able to arrange it."
}

// bookerView is a booking on its booker's page.
func (s *Service) bookerView(d Details) pages.Booking {
	b, e := d.Booking, d.Event
	now, path := s.db.Now(), s.managePath(b)
	v := pages.Booking{
		Event: s.eventView(e), Reference: b.Spoken(), People: b.People, Party: partyView(d), Base: path, Reach: reachWords(b),
		MayChange: mayChange(b, e, now) == nil, MayCancel: b.Active() && e.Status != events.Cancelled && !e.Past(now),
	}
	v.Heading, v.Lines = standing(d)
	if e.Past(now) && e.Status != events.Cancelled {
		v.Lines = append(v.Lines, "This event is over.")
	}
	coming := b.Status == Confirmed && e.Dated() && e.Status != events.Cancelled && !e.Past(now)
	if coming {
		v.Calendar = path + ".ics"
		v.Code = path + "/qr.png"
	}
	if coming && e.Online {
		v.JoinLink = e.JoinLink
	}
	if b.Status == Cancelled && e.BookingOpen(now) {
		v.BookAgain = bookPath(e)
	}
	return v
}

// standing says how a booking stands.
func standing(d Details) (heading string, lines []string) {
	b, e := d.Booking, d.Event
	switch {
	case b.Status == Cancelled:
		return "This booking is cancelled.", nil
	case e.Status == events.Cancelled:
		return "This event is cancelled.", noteLines("Please do not come. We are sorry.", e.StatusNote)
	case b.Status == Waiting:
		heading, lines = "You are on the waiting list for "+countPlaces(b.People)+".", waitingLines(d.Ahead)
	default:
		heading = "You have " + countPlaces(b.People) + "."
	}
	if e.Status == events.Postponed {
		lines = append(lines, noteLines("This event is postponed. You keep your booking. We will tell you the new date.", e.StatusNote)...)
	}
	return heading, lines
}

func noteLines(sentence, note string) []string {
	if strings.TrimSpace(note) == "" {
		return []string{sentence}
	}
	return []string{sentence, note}
}

func waitingLines(ahead int) []string {
	place := "You are first on the list."
	switch {
	case ahead == 1:
		place = "One group is before you."
	case ahead > 1:
		place = fmt.Sprintf("%d groups are before you.", ahead)
	}
	return []string{place, "If enough places come free, we give them to you and tell you at once. You do not need to do anything."}
}

func reachWords(b Booking) string {
	switch {
	case b.Email != "" && b.Phone != "":
		return "By email to " + b.Email + ", or by telephone on " + b.Phone
	case b.Email != "":
		return "By email to " + b.Email
	default:
		return "By telephone on " + b.Phone
	}
}

// partyView is the people of a booking with what they need. What is no longer needed is left out.
func partyView(d Details) []pages.Attendee {
	out := make([]pages.Attendee, len(d.Attendees))
	for i, a := range d.Attendees {
		out[i] = pages.Attendee{Position: a.Position, Name: a.Name}
		for _, n := range d.Needs {
			if n.Position != a.Position || n.State == NoLongerNeeded {
				continue
			}
			out[i].Needs = append(out[i].Needs, needView(n))
			if out[i].Note == "" {
				out[i].Note = n.Note
			}
		}
	}
	return out
}

func needView(n AccessNeed) pages.NeedLine {
	line := pages.NeedLine{Label: NeedLabel(n.Need), State: n.State.Words()}
	switch n.State {
	case Arranged:
		line.Colour = "green"
	case NotPossible:
		line.Colour = "red"
		if n.Offer != "" {
			line.More = "Instead: " + n.Offer
		}
	default:
		line.State, line.Colour, line.More = "Asked for", "yellow", "Not arranged yet."
		if n.CallOff {
			line.More = "Not arranged yet for the new date or place."
		}
	}
	return line
}

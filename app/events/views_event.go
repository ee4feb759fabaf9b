package events

import (
	"strconv"
	"time"

	pages "conversations/templates/events"
)

// eventView is the public page of an event, or its preview.
func (s *Service) eventView(e Event, p Places) (pages.EventView, error) {
	html, err := RenderMarkdown(e.Description)
	if err != nil {
		return pages.EventView{}, err
	}
	now := s.db.Now()
	v := pages.EventView{
		Title: e.Title, Locality: s.localityName(e), LocalityHref: "/localities/" + e.Locality, Summary: e.Summary,
		Preview: !e.Public(), Facts: s.facts(e, now), Description: html, Access: e.access(), NeedsBy: e.needsByWords(now),
		Booking: s.booking(e, p, now), PromoteHours: int(s.cfg.Bookings.PromoteUntil.Hours()), Help: s.help(e.Locality),
	}
	v.Banner, v.BannerText = e.banner()
	if e.Dated() && e.Public() && !e.Past(now) && e.Status != Cancelled {
		v.CalendarHref = "/events/" + e.Slug + ".ics"
	}
	return v, nil
}

func (e Event) banner() (heading string, text []string) {
	switch e.Status {
	case Cancelled:
		return "This event is cancelled", []string{e.StatusNote}
	case Postponed:
		text = []string{e.StatusNote, "There will be a new date. If you booked, you keep your place, and we will tell you the date."}
		if e.LastStartsAt != nil {
			text = append(text, "It was to be on "+Day(e.local(e.LastStartsAt))+".")
		}
		return "This event is postponed", text
	default:
		return "", nil
	}
}

func (s *Service) facts(e Event, now time.Time) []pages.Fact {
	facts := []pages.Fact{{Label: "When", Lines: e.whenLines()}, {Label: "Where", Lines: e.whereLines()}}
	if e.LedBy != "" {
		facts = append(facts, pages.Fact{Label: "Led by", Lines: []string{e.LedBy}})
	}
	if came := e.cameWords(); came != "" && e.Past(now) {
		facts = append(facts, pages.Fact{Label: "Who came", Lines: []string{came}})
	}
	return facts
}

func (e Event) whenLines() []string {
	if !e.Dated() {
		return []string{e.whenForLists()}
	}
	lines := []string{Day(e.LocalStart()), e.Hours()}
	if e.rescheduled() && e.Status == Open {
		lines = append(lines, "(before: "+Moment(e.local(e.LastStartsAt))+")")
	}
	return lines
}

func (e Event) whereLines() []string {
	var where []string
	if e.VenueName != "" {
		where = append(where, e.VenueName)
	}
	where = append(where, lines(e.VenueAddress)...)
	if e.VenuePostcode != "" {
		where = append(where, e.VenuePostcode)
	}
	switch {
	case e.Online && len(where) == 0:
		return []string{"Online. You get the link to join when you book."}
	case e.Online:
		return append(where, "You can also take part online. You get the link to join when you book.")
	case len(where) == 0:
		return []string{"To be announced"}
	default:
		return where
	}
}

func (e Event) access() (facts []pages.Fact) {
	for _, f := range []struct{ label, text string }{
		{"Already arranged", e.NeedsMet}, {"How to get there", e.GettingThere}, {"Parking", e.Parking}, {"Step-free access", e.StepFree},
		{"Hearing loop", e.HearingLoop}, {"Toilets", e.Toilets},
	} {
		if f.text != "" {
			facts = append(facts, pages.Fact{Label: f.label, Lines: lines(f.text)})
		}
	}
	return facts
}

// needsByWords promises to ask, never to arrange.
func (e Event) needsByWords(now time.Time) string {
	if e.Past(now) || e.Status == Cancelled {
		return ""
	}
	day, err := time.Parse(dayForm, e.NeedsBy)
	switch {
	case err != nil:
		return "Tell us what help you need when you book. We will ask for it, and tell you if we can arrange it."
	case now.In(e.Zone()).Format(dayForm) > e.NeedsBy:
		return "The last day to ask for help was " + Day(day) + ". You can still ask, but we may not be able to arrange it."
	default:
		return "Tell us what help you need when you book, by " + Day(day) + ". We will ask for it, and tell you if we can arrange it."
	}
}

// booking is what a visitor can do about a place at the instant now.
func (s *Service) booking(e Event, p Places, now time.Time) pages.Booking {
	book, interest := "/events/"+e.Slug+"/book", "/events/"+e.Slug+"/interest"
	switch e.BookingState(now) {
	case BookingNoDate:
		return pages.Booking{Heading: "Tell me the date", Text: []string{"You cannot book yet. Leave your details, and we will tell you as soon as there is a date."},
			Button: "Tell me when there is a date", Href: interest}
	case BookingNotYet:
		return pages.Booking{Heading: "Booking", Text: []string{"You can book from " + Moment(e.local(e.BookingOpensAt)) + "."}, ShowHelp: true}
	case BookingTaken:
		return e.bookable(p, book, interest)
	}
	if e.Status == Closed && !e.Past(now) || e.Status == Open && !e.Past(now) {
		return pages.Booking{Heading: "Booking", Text: []string{"Booking is closed."}}
	}
	return pages.Booking{}
}

func (e Event) bookable(p Places, book, interest string) pages.Booking {
	b := pages.Booking{Heading: "Book a place", Button: "Book a place", Href: book, ShowRule: e.WaitingList, ShowHelp: true,
		Text: []string{"It is free. " + leftWords(e.Capacity-p.Taken) + " " + partyWords(e.MaxParty)}}
	switch {
	case e.full(p) && e.WaitingList:
		b.Heading, b.Button = "This event is full", "Join the waiting list"
		b.Text = []string{"You can join the waiting list. " + waitingWords(p.Waiting)}
	case e.full(p):
		b.Heading, b.Button, b.Href, b.ShowHelp = "This event is full", "Tell me about another event", interest, false
		b.Text = []string{"There are no places left. Leave your details, and we will tell you if there is another date."}
	case p.Waiting > 0 && e.WaitingList:
		b.Text = append(b.Text, waitingWords(p.Waiting)+" If a waiting group fits the places that are left, they come first.")
	}
	return b
}

func waitingWords(people int) string {
	if people == 0 {
		return "Nobody is waiting yet."
	}
	if people == 1 {
		return "1 person is waiting."
	}
	return strconv.Itoa(people) + " people are waiting."
}

func leftWords(places int) string {
	if places == 1 {
		return "There is 1 place left."
	}
	return "There are " + strconv.Itoa(places) + " places left."
}

func partyWords(most int) string {
	if most == 1 {
		return "Each person books alone."
	}
	return "You can book for up to " + strconv.Itoa(most) + " people at once."
}

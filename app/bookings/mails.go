package bookings

import (
	"fmt"
	"strings"

	"conversations/app/config"
	"conversations/app/events"
	"conversations/app/mail"
)

// letter is what a notice says, written once: as a mail, and as what staff say on the telephone.
type letter struct {
	subject string
	name    string
	opening []string // sentences that both the mail and the caller say
	facts   [][2]string
	needs   []string
	link    *mail.Block // to manage the booking, or to book
	join    *mail.Block // to take part online
	door    *mail.Block // to the code that staff scan at the door
	give    *mail.Block // to give the places back
	next    *mail.Block // what we ask people to do after the event
	closing []string
}

// letter writes a notice to a booker.
func (s *Service) letter(e events.Event, b party, kind noticeKind) letter {
	l := letter{name: b.Name, facts: s.facts(e, b)}
	l.subject, l.opening = s.opening(e, b.Booking, kind)
	if b.Active() && e.Status != events.Cancelled {
		for _, n := range b.needs {
			if n.State != NoLongerNeeded {
				l.needs = append(l.needs, needLine(n))
			}
		}
		button := mail.Button("See, change or cancel your booking", s.manageURL(b.Booking))
		l.link = &button
		if b.Status == Confirmed && e.Online && e.JoinLink != "" && e.Dated() {
			join := mail.Button("Join online on the day", e.JoinLink)
			l.join = &join
		}
		if b.Status == Confirmed && e.Dated() {
			l.door = s.showCode(b.Booking)
		}
		if kind == Reminder {
			l.give = s.giveBack(b.Booking)
		}
	}
	l.closing = s.closing(e, b.Booking)
	return l
}

// opening is what each notice has to say first.
func (s *Service) opening(e events.Event, b Booking, kind noticeKind) (subject string, sentences []string) {
	when := e.When()
	switch kind {
	case Booked:
		return "You are booked: " + e.Title, []string{"You have " + countPlaces(b.People) + " at " + e.Title + ", " + when + "."}
	case WaitListed:
		return "You are on the waiting list: " + e.Title, []string{
			e.Title + " is full at the moment, so you are on the waiting list for " + countPlaces(b.People) + ".",
			"If enough places come free, we give them to you and tell you at once. You do not need to do anything."}
	case Again:
		sentence := "You asked for places at " + e.Title + " again. You had booked already, so we have not booked a second time."
		if b.Status == Waiting {
			return "You are already on the waiting list: " + e.Title, []string{sentence, "You are on the waiting list for " + countPlaces(b.People) + "."}
		}
		return "You have already booked: " + e.Title, []string{sentence, "You have " + countPlaces(b.People) + ", " + when + "."}
	case Promoted:
		return "You now have a place: " + e.Title, []string{
			"Good news. " + capital(countPlaces(b.People)) + " came free at " + e.Title + ", " + when + ", and we have given " + itThem(b.People) + " to you.",
			"If you cannot come, please cancel, so that somebody else can."}
	case Changed:
		return "Your booking has changed: " + e.Title, []string{"We have changed your booking for " + e.Title + ". This is how it is now."}
	case BookingCancelled:
		return "Your booking is cancelled: " + e.Title, []string{
			"Your booking for " + e.Title + " is cancelled, as you asked. Thank you for telling us.",
			"If you did not ask for this, please telephone us."}
	case Reminder:
		return reminderOpening(e, b)
	default:
		return s.eventOpening(e, b, kind)
	}
}

// eventOpening is what is said to everybody when the event itself changes.
func (s *Service) eventOpening(e events.Event, b Booking, kind noticeKind) (subject string, sentences []string) {
	keeps := "You keep your booking. If the change does not suit you, please cancel, so that somebody else can come."
	if b.Status == Waiting {
		keeps = "You keep your place on the waiting list."
	}
	switch kind {
	case EventMoved:
		sentences = []string{"The time or place of " + e.Title + " has changed. It is now " + e.When() + at(e) + ".", keeps}
		subject = "New time or place: " + e.Title
	case EventPostponed:
		sentences = []string{e.Title + " is postponed. Please do not come on the day that was planned.", keeps, "We will tell you as soon as there is a new date."}
		subject = "Postponed: " + e.Title
	case EventDated:
		sentences = []string{e.Title + " now has a date: " + e.When() + at(e) + ".", keeps}
		subject = "New date: " + e.Title
	case EventCancelled:
		sentences = []string{e.Title + " is cancelled. Please do not come. We are sorry."}
		subject = "Cancelled: " + e.Title
	}
	if note := strings.TrimSpace(e.StatusNote); note != "" && (kind == EventPostponed || kind == EventCancelled) {
		sentences = append(sentences, note)
	}
	return subject, sentences
}

// facts are the event and the booking at a glance.
func (s *Service) facts(e events.Event, b party) [][2]string {
	rows := [][2]string{{"Event", e.Title}, {"When", e.When()}}
	if place := e.Where(); place != "" {
		rows = append(rows, [2]string{"Where", place})
	}
	rows = append(rows, [2]string{"How many", countPeople(b.People)}, [2]string{"Booking", b.Status.Words()}, [2]string{"Reference", b.Spoken()})
	for _, fact := range [][2]string{{"How to get there", e.GettingThere}, {"Parking", e.Parking}} {
		if fact[1] != "" && b.Status == Confirmed {
			rows = append(rows, fact)
		}
	}
	return rows
}

func (s *Service) closing(e events.Event, b Booking) (sentences []string) {
	if b.Status == Confirmed && e.Status != events.Cancelled {
		sentences = append(sentences, "If you cannot come, please cancel. Somebody who waits will get your place.")
	}
	return append(sentences, contactLine(s.office(e)))
}

// office is whom to turn to about an event: its locality's, or the programme's own.
func (s *Service) office(e events.Event) config.Locality {
	if l, ok := s.cfg.Locality(e.Locality); ok {
		return l
	}
	p := s.cfg.Programme
	return config.Locality{Name: p.Name, Telephone: p.Telephone, Hours: p.Hours, Email: p.Email}
}

func contactLine(office config.Locality) string {
	return fmt.Sprintf("Questions? Telephone %s (%s) or write to %s.", office.Telephone, office.Hours, office.Email)
}

// at is the place with its lead-in, for the middle of a sentence; nothing where none is named.
func at(e events.Event) string {
	if place := e.Where(); place != "" {
		return " at " + place
	}
	return ""
}

func needLine(n AccessNeed) string {
	line := NeedLabel(n.Need)
	if n.Note != "" {
		line += " (" + strings.Join(strings.Fields(n.Note), " ") + ")"
	}
	if n.Position > 1 {
		line = fmt.Sprintf("Person %d: %s", n.Position, line)
	}
	line += ". " + needWords(n) + "."
	if n.State == NotPossible && n.Offer != "" {
		line += " Instead: " + n.Offer + "."
	}
	return line
}

// needWords is how a need stands, as the booker reads it. What was arranged for another date or place is not called so.
func needWords(n AccessNeed) string {
	if n.State == Asked && n.CallOff {
		return "Not arranged yet for the new date or place. We will tell you what we can do"
	}
	return n.State.Words()
}

// blocks is the letter as a mail.
func (l letter) blocks() []mail.Block {
	blocks := []mail.Block{mail.Paragraph("Hello " + l.name + ",")}
	for _, sentence := range l.opening {
		blocks = append(blocks, mail.Paragraph(sentence))
	}
	for _, ask := range []*mail.Block{l.give, l.next} {
		if ask != nil {
			blocks = append(blocks, *ask)
		}
	}
	if len(l.facts) > 0 {
		blocks = append(blocks, mail.Table(l.facts...))
	}
	if l.join != nil {
		blocks = append(blocks, *l.join)
	}
	if len(l.needs) > 0 {
		blocks = append(blocks, mail.Heading("What you need to take part"), mail.List(l.needs...))
	}
	for _, way := range []*mail.Block{l.link, l.door} {
		if way != nil {
			blocks = append(blocks, *way)
		}
	}
	for _, sentence := range l.closing {
		blocks = append(blocks, mail.Paragraph(sentence))
	}
	return blocks
}

// spoken is the letter as staff say it on the telephone.
func (l letter) spoken() string {
	sentences := append([]string{}, l.opening...)
	for _, fact := range l.facts {
		if fact[0] == "When" || fact[0] == "Where" || fact[0] == "Reference" {
			sentences = append(sentences, fact[0]+": "+fact[1]+".")
		}
	}
	for _, need := range l.needs {
		sentences = append(sentences, "They asked for: "+need)
	}
	return strings.Join(sentences, " ")
}

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

func itThem(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}

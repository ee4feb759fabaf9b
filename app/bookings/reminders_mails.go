package bookings

import (
	"conversations/app/events"
	"conversations/app/mail"
)

// What a booker hears around an event.
const (
	Reminder noticeKind = "reminder"
	ThankYou noticeKind = "thanks"
	Missed   noticeKind = "missed"
)

// reminderOpening is what is said before an event, in a mail or on the telephone.
func reminderOpening(e events.Event, b Booking) (subject string, sentences []string) {
	return "Your event is soon: " + e.Title, []string{
		"We look forward to seeing you at " + e.Title + ", " + e.When() + at(e) + ". You have " + countPlaces(b.People) + ".",
		"If you cannot come, please give your " + placePlaces(b.People) + " back, so that somebody else can come.",
	}
}

// giveBack is the way to give places back: the page asks once, and one press does it.
func (s *Service) giveBack(b Booking) *mail.Block {
	button := mail.Button("I cannot come: give my "+placePlaces(b.People)+" back", s.manageURL(b)+"/cancel")
	return &button
}

// showCode leads to the code that opens the booking at the door.
func (s *Service) showCode(b Booking) *mail.Block {
	button := mail.Button("Show my code at the door", s.manageURL(b)+"#door")
	return &button
}

func placePlaces(n int) string {
	if n == 1 {
		return "place"
	}
	return "places"
}

func (s *Service) thanksLetter(e events.Event, b Booking, next AfterLink) letter {
	l := s.afterLetter(e, b, "Thank you for coming: "+e.Title, []string{
		"Thank you for coming to " + e.Title + " on " + events.Day(e.LocalStart()) + ". What people said helps to make care better.",
		"What was said, and what happens next, will be on the event's page.",
	})
	if next.URL != "" {
		ask := mail.Button(next.Text, next.URL)
		l.next = &ask
	}
	return l
}

func (s *Service) missedLetter(e events.Event, b Booking) letter {
	return s.afterLetter(e, b, "Sorry that we missed you: "+e.Title, []string{
		"You had a place at " + e.Title + " on " + events.Day(e.LocalStart()) + ", and we did not see you. We hope that all is well.",
		"You can still read what was said. It will be on the event's page. You are welcome at our other events too.",
		"If you did come, our list is wrong, and we are sorry. You do not need to do anything.",
	})
}

func (s *Service) afterLetter(e events.Event, b Booking, subject string, sentences []string) letter {
	link := mail.Button("See the event's page", s.links.URL(eventPath(e)))
	return letter{subject: subject, name: b.Name, opening: sentences, link: &link, closing: []string{contactLine(s.office(e))}}
}

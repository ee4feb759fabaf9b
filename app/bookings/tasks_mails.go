package bookings

import (
	"fmt"
	"strings"

	"conversations/app/events"
)

// needLetter tells a booker what became of one need. The need stands in the letter, not in its subject, which others
// may read over a shoulder.
func (s *Service) needLetter(e events.Event, b party, n AccessNeed, correction bool) letter {
	l := s.letter(e, b, NeedNews)
	l.subject = "News about what you asked for: " + e.Title
	l.opening = nil
	if correction {
		l.subject = "A correction: " + e.Title
		l.opening = []string{"Please forget our last message about this. It was a mistake, and we are sorry."}
	}
	l.opening = append(l.opening, needNews(b, n)...)
	if b.Status == Waiting {
		l.opening = append(l.opening, "You are still on the waiting list. If you get your places, we tell you at once.")
	}
	return l
}

// needNews is what became of a need, in sentences. Only an arranged one is called so.
func needNews(b party, n AccessNeed) []string {
	what := needWhat(n) + ", for " + needWhom(b, n) + "."
	switch n.State {
	case Arranged:
		return []string{"Good news. This is arranged: " + what}
	case NotPossible:
		return []string{"We are sorry. This is not possible: " + what, "What we offer instead: " + sentence(n.Offer), "If that does not help you, please telephone us."}
	case NoLongerNeeded:
		return []string{"We have noted that this is no longer needed: " + what, "If that is not right, please telephone us."}
	default:
		return []string{"We are still working on this: " + what, "It is not arranged yet. We will tell you what we can do."}
	}
}

func needWhat(n AccessNeed) string {
	if n.Note == "" {
		return NeedLabel(n.Need)
	}
	return NeedLabel(n.Need) + " (" + strings.Join(strings.Fields(n.Note), " ") + ")"
}

// needWhom says which of the people of a booking has the need.
func needWhom(b party, n AccessNeed) string {
	if n.Position == 1 && b.BookerComes {
		return "you"
	}
	for _, a := range b.attendees {
		if a.Position == n.Position && a.Name != "" {
			return a.Name
		}
	}
	return fmt.Sprintf("person %d", n.Position)
}

// sentence ends a text with a full stop, where it has no end of its own.
func sentence(text string) string {
	text = strings.TrimSpace(text)
	if strings.ContainsAny(text[max(len(text)-1, 0):], ".!?") {
		return text
	}
	return text + "."
}

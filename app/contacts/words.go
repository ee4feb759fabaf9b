package contacts

import "strings"

// words says where an entry came from, after what was said: "by telephone".
func (s Source) words() string {
	switch s {
	case FromSubscribe:
		return "on our website, confirmed by email"
	case FromBooking:
		return "when booking, confirmed by email"
	case FromPreferences:
		return "on their own page of choices"
	case FromUnsubscribe:
		return "by the link in a letter"
	case FromComplaint:
		return "by marking a letter as spam"
	case FromImport:
		return "in a list that was brought in"
	case FromTelephone:
		return "by telephone"
	case FromLetter:
		return "by letter"
	case FromEmail:
		return "by email"
	case FromMeeting:
		return "in person"
	case FromRecords:
		return "from a public list or our own records"
	case FromErasure:
		return "by the erasure of what we held"
	case FromUndo:
		return "to put a mistake right"
	}
	return string(s)
}

// staffSources are the ways in which somebody tells staff something.
func staffSources() []Source {
	return []Source{FromTelephone, FromLetter, FromEmail, FromMeeting, FromRecords}
}

// words says what a basis is, for staff.
func (b Basis) words() string {
	switch b {
	case Consent:
		return "they said yes"
	case PublicTask:
		return "public task"
	case LegitimateInterest:
		return "legitimate interest"
	}
	return string(b)
}

// verdict says how somebody stands, in a few words.
func (s Standing) verdict() string {
	switch {
	case s.Entry == Objected:
		return "No, they objected"
	case s.Entry == Withdrawn:
		return "No, they ended it"
	case s.Basis == Consent:
		return "Yes, they said yes"
	}
	return "Yes, " + s.Basis.words()
}

// words says an entry of the ledger in plain words, without its date.
func (e ConsentEntry) words(purpose string) string {
	about := purpose + ", by " + e.Channel.Words()
	switch e.Entry {
	case Given:
		if e.Basis == Consent {
			return "Said yes: " + about
		}
		return "We may write, because of " + e.Basis.words() + ": " + about
	case Withdrawn:
		return "Said no more: " + about
	case Objected:
		return "Objected: " + about
	case Annulled:
		return "An entry was taken back: " + about
	}
	return string(e.Entry) + ": " + about
}

// from says where an entry came from with what was noted about it.
func (e ConsentEntry) from() string {
	words := e.Source.words()
	if note := strings.TrimSpace(e.SourceNote); note != "" {
		words += ": " + note
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

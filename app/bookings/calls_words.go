package bookings

// callReason says in a few words why somebody is to be telephoned.
func callReason(kind string) string {
	switch noticeKind(kind) {
	case "mail-failed":
		return "Our email did not arrive"
	case "offer":
		return "A place has come free: can they still come?"
	case Booked:
		return "They have a place"
	case WaitListed:
		return "They are on the waiting list"
	case Again:
		return "They booked a second time"
	case Promoted:
		return "A place came free for them"
	case Changed:
		return "Their booking has changed"
	case BookingCancelled:
		return "Their booking is cancelled"
	case BookingMoved:
		return "Their booking is moved to another event"
	case Restored:
		return "Their booking stands again"
	case EventMoved:
		return "The event has a new time or place"
	case EventPostponed:
		return "The event is postponed"
	case EventDated:
		return "The event has a date"
	case EventCancelled:
		return "The event is cancelled"
	case PlacesFree:
		return "There are places again"
	case NeedNews:
		return "News about what they need"
	case Reminder:
		return "The event is soon: do they still come?"
	default:
		return "Something to tell them"
	}
}

func resultWords(code string) string {
	for _, r := range CallResults() {
		if r.Code == code {
			return r.Label
		}
	}
	switch code {
	case toldWhenBooking:
		return "Told when they booked"
	case undone:
		return "Undid what was recorded before"
	}
	return code
}

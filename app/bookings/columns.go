package bookings

import "conversations/app/database"

// Columns declares what the tables of bookings hold about people.
func Columns() []database.Table {
	office := []string{"admin", "engagement"}
	door := []string{"admin", "engagement", "door"}
	booking := database.Personal{
		What: "Your name, email address and telephone number", Purpose: "to book your place and to tell you about it",
		Basis: database.PublicTask, Keep: "bookings", Seen: door, Export: "booking", Erase: database.EraseBlank,
	}
	key := booking
	key.What, key.Purpose = "Your name, email address and telephone number in a form for searching", "to know if you have booked before"
	key.Export, key.Withheld = "", "the same facts as in the booking, written for searching"
	question := database.Personal{
		What: "Your question for the panel", Purpose: "to have it answered at the event", Basis: database.PublicTask,
		Keep: "bookings", Seen: office, Export: "question", Erase: database.EraseBlank,
	}
	choice := database.Personal{
		What: "What you allowed us: to quote you, to get in touch again, to send you updates", Purpose: "to do only what you allowed",
		Basis: database.Consent, Keep: "bookings", Seen: office, Export: "choices", Erase: database.EraseBlank,
	}
	companion := database.Personal{
		What: "The names of the people who come with you", Purpose: "to welcome them at the door", Basis: database.PublicTask,
		Keep: "bookings", Seen: door, Export: "people", Erase: database.EraseBlank,
	}
	need := database.Personal{
		What: "What you need to take part", Purpose: "to arrange it for you", Basis: database.HealthWithConsent,
		Keep: "access_needs", Seen: office, Export: "access needs", Erase: database.EraseRow,
	}
	interest := database.Personal{
		What: "Your name, email address and telephone number, if you asked to hear about an event", Purpose: "to tell you when you can book",
		Basis: database.Consent, Keep: "interest", Seen: office, Export: "interest", Erase: database.EraseRow,
	}
	call := database.Personal{
		What: "Your name, your number and what we have to tell you, if we need to telephone you", Purpose: "to telephone you about your booking",
		Basis: database.PublicTask, Keep: "calls", Seen: office, Export: "calls", Erase: database.EraseBlank,
	}
	eventEnd := "(SELECT coalesce(e.ends_at, e.starts_at, e.last_starts_at, e.updated_at) FROM events e WHERE e.id = event_id)"
	bookingEnd := "(SELECT coalesce(e.ends_at, e.starts_at, e.last_starts_at, e.updated_at) FROM events e JOIN bookings b ON b.event_id = e.id WHERE b.id = booking_id)"
	return []database.Table{
		{Name: "bookings", What: "A booking", Person: "email_key", Since: eventEnd, After: "after the event", Columns: join(
			database.Plain("id", "reference", "event_id", "status", "people", "booker_comes", "channel", "form_key", "joined_at", "queue_position",
				"over_capacity", "calendar_sequence", "in_calendar", "version", "created_at", "updated_at", "promoted_at", "cancelled_at"),
			booking.Each("name", "email", "phone"), key.Each("email_key", "phone_key", "name_key"), question.Each("question"),
			choice.Each("quote_ok", "recontact", "updates"))},
		{Name: "attendees", What: "Somebody who comes with a booking", Person: "booking_id -> bookings", Since: bookingEnd, After: "after the event", Columns: join(
			database.Plain("id", "booking_id", "position"), companion.Each("name"))},
		{Name: "access_needs", What: "Something a person needs to take part", Person: "booking_id -> bookings", Since: bookingEnd, After: "after the event", Columns: join(
			database.Plain("id", "booking_id", "position", "state", "created_at", "updated_at"), need.Each("need", "note", "offer"))},
		{Name: "interests", What: "Somebody who wants to hear about an event", Person: "email_key", Since: "coalesce(told_at, created_at)", After: "after we told you the date, or, until then, after you asked", Columns: join(
			database.Plain("id", "event_id", "channel", "created_at", "told_at"), interest.Each("name", "email", "phone", "email_key", "phone_key"))},
		{Name: "announcements", What: "Something that everybody with a booking has to be told", Columns: database.Plain(
			"id", "event_id", "kind", "last_booking", "last_interest", "upto_booking", "upto_interest", "created_at", "done_at")},
		{Name: "calls", What: "A person to telephone", Person: "booking_id -> bookings", Since: eventEnd, After: "after the event", Columns: join(
			database.Plain("id", "unique_key", "event_id", "booking_id", "interest_id", "kind", "state", "result", "created_at", "done_at", "done_by"),
			call.Each("name", "phone", "say", "note"))},
	}
}

func join(groups ...[]database.Column) (all []database.Column) {
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

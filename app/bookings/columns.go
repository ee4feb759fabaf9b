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
	staffNote := database.Personal{
		What: "What we noted about your booking, such as what you told us on the telephone", Purpose: "so that whoever answers you next knows it",
		Basis: database.PublicTask, Keep: "bookings", Seen: office, Export: "notes", Erase: database.EraseRow,
	}
	words := key
	words.Erase, words.Purpose = database.EraseRow, "to find your booking when you telephone"
	walkIn := companion
	walkIn.What, walkIn.Purpose, walkIn.Export = "Your name, if you came without a booking and gave it", "to know who came", "name at the door"
	came := database.Personal{
		What: "Whether you came to an event", Purpose: "to thank you, and to know how many people came", Basis: database.PublicTask,
		Keep: "bookings", Seen: door, Export: "came", Erase: database.EraseNever, Over: database.EraseRow,
	}
	eventEnd := "(SELECT coalesce(e.ends_at, e.starts_at, e.last_starts_at, e.updated_at) FROM events e WHERE e.id = event_id)"
	bookingEnd := "(SELECT coalesce(e.ends_at, e.starts_at, e.last_starts_at, e.updated_at) FROM events e JOIN bookings b ON b.event_id = e.id WHERE b.id = booking_id)"
	callEnd := "(SELECT coalesce(e.ends_at, e.starts_at, e.last_starts_at, e.updated_at) FROM events e JOIN calls c ON c.event_id = e.id WHERE c.id = call_id)"
	return []database.Table{
		{Name: "bookings", What: "A booking", Person: "email_key, phone_key", Since: eventEnd, After: "after the event", Columns: join(
			database.Plain("id", "reference", "event_id", "status", "people", "booker_comes", "channel", "form_key", "joined_at", "queue_position",
				"over_capacity", "calendar_sequence", "in_calendar", "version", "created_at", "updated_at", "promoted_at", "cancelled_at"),
			booking.Each("name", "email", "phone"), key.Each("email_key", "phone_key", "name_key"), question.Each("question"),
			choice.Each("quote_ok", "recontact", "updates"))},
		{Name: "attendees", What: "Somebody who comes with a booking", Person: "booking_id -> bookings", Since: bookingEnd, After: "after the event", Columns: join(
			database.Plain("id", "booking_id", "position"), companion.Each("name"))},
		{Name: "booking_words", What: "A word by which a booking is found", Person: "booking_id -> bookings", Since: bookingEnd, After: "after the event", Columns: join(
			database.Plain("booking_id"), words.Each("word"))},
		{Name: "booking_notes", What: "A note about a booking", Person: "booking_id -> bookings", Since: bookingEnd, After: "after the event", Columns: join(
			database.Plain("id", "booking_id", "staff_id", "created_at"), staffNote.Each("note"))},
		{Name: "access_needs", What: "Something a person needs to take part", Person: "booking_id -> bookings", Since: bookingEnd, After: "after the event", Columns: join(
			database.Plain("id", "booking_id", "position", "state", "owner_id", "due_on", "call_off", "version", "created_at", "updated_at"), need.Each("need", "note", "offer"))},
		{Name: "access_steps", What: "What was done about something a person needs", Person: "booking_id -> bookings", Since: bookingEnd, After: "after the event", Columns: join(
			database.Plain("id", "need_id", "booking_id", "was", "became", "why", "version", "staff_id", "created_at"), need.Each("was_offer"))},
		{Name: "interests", What: "Somebody who wants to hear about an event", Person: "email_key, phone_key", Since: "coalesce(told_at, created_at)", After: "after we told you the date, or, until then, after you asked", Columns: join(
			database.Plain("id", "event_id", "channel", "created_at", "told_at"), interest.Each("name", "email", "phone", "email_key", "phone_key"))},
		{Name: "announcements", What: "Something that everybody with a booking has to be told", Columns: database.Plain(
			"id", "event_id", "kind", "last_booking", "last_interest", "upto_booking", "upto_interest", "created_at", "done_at")},
		{Name: "reminders", What: "A reminder that was given", Columns: database.Plain(
			"id", "booking_id", "event_id", "kind", "start_unix", "created_at")},
		{Name: "attendance_events", What: "Something noted at the door", Person: "booking_id -> bookings", Since: eventEnd, After: "after the event", Columns: join(
			database.Plain("id", "client_id", "step", "event_id", "booking_id", "position", "people", "undoes", "at", "received_at", "staff_id", "device"),
			came.Each("kind"), walkIn.Each("name"))},
		{Name: "calls", What: "A person to telephone", Person: "booking_id -> bookings, interest_id -> interests", Since: eventEnd, After: "after the event", Columns: join(
			database.Plain("id", "unique_key", "event_id", "booking_id", "interest_id", "kind", "state", "result", "created_at", "done_at", "done_by",
				"taken_by", "taken_at", "try_after"),
			call.Each("name", "phone", "say", "note"))},
		{Name: "call_attempts", What: "One time that we telephoned", Person: "call_id -> calls", Since: callEnd, After: "after the event", Columns: join(
			database.Plain("id", "call_id", "round", "staff_id", "result", "try_after", "undoes", "created_at"), call.Each("note"))},
	}
}

func join(groups ...[]database.Column) (all []database.Column) {
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

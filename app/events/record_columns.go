package events

import "conversations/app/database"

// recordTables declares what is kept of events that were held. Who presented and who answered did so in a public
// office; who asked is a role. A question is personal where it stands in the words of somebody who booked.
func recordTables() []database.Table {
	quote := database.Personal{
		What: "Your question for the panel, as everybody can read it; in your own words only if you agreed", Purpose: "to publish the question and its answer",
		Basis: database.Consent, Keep: "quotes", Seen: []string{"admin", "engagement"}, Export: "published question",
		Erase: database.EraseBlank,
	}
	const eventEnd = "(SELECT coalesce(e.ends_at, e.starts_at, e.last_starts_at, e.updated_at) FROM events e WHERE e.id = event_id)"
	return []database.Table{
		{Name: "records", What: "The record of an event", Columns: database.Plain(
			"event_id", "state", "version", "edited_by", "edited_at", "approved_by", "approved_at", "published_at", "created_at")},
		{Name: "record_parts", What: "A part of the record of an event", Person: "booking_id -> bookings",
			Since: "CASE WHEN booking_id IS NOT NULL THEN " + eventEnd + " END", After: "after the event", Columns: append(
				database.Plain("id", "event_id", "position", "kind", "who", "booking_id", "due_on", "state", "note", "settled_at"), quote.Each("text")...)},
		{Name: "record_files", What: "A file that belongs to the record of an event", Columns: database.Plain(
			"id", "event_id", "name", "title", "content_type", "size", "public", "data", "created_at")},
		{Name: "panel_questions", What: "What was done with a question for the panel", Person: "booking_id -> bookings",
			Since: eventEnd, After: "after the event", Columns: append(
				database.Plain("booking_id", "event_id", "position", "role", "answer", "answered_by", "answered_at", "with_id", "taken_at"), quote.Each("words")...)},
	}
}

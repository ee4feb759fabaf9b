package events

import "conversations/app/database"

// Columns declares every column of the tables that this package owns. An event names people in their public
// office alone, so nothing in it is personal.
func Columns() []database.Table {
	return append([]database.Table{{
		Name: "events", What: "An event",
		Columns: database.Plain("id", "slug", "title", "locality", "summary", "description", "led_by", "zone", "starts_local", "ends_local",
			"starts_second", "ends_second", "starts_at", "ends_at", "last_starts_at", "last_ends_at", "venue_name", "venue_address", "venue_postcode",
			"getting_there", "parking", "step_free", "hearing_loop", "toilets", "online", "join_link", "needs_met", "needs_by", "capacity", "max_party",
			"booking_opens_at", "booking_closes_at", "waiting_list", "status", "status_note", "attendance", "attendance_note", "version",
			"published_at", "created_at", "updated_at", "series"),
	}, {
		Name: "venues", What: "A place where events are held",
		Columns: database.Plain("id", "name", "address", "postcode", "getting_there", "parking", "step_free", "hearing_loop", "toilets",
			"version", "retired", "created_at", "updated_at"),
	}}, recordTables()...)
}

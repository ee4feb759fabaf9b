package mail

import "conversations/app/database"

// Columns declares what the outbox holds about people.
func Columns() []database.Table {
	seen := []string{"admin", "engagement"}
	envelope := database.Personal{
		What: "Your name and email address, on emails we sent you", Purpose: "to send you the email, and to answer when you ask about it",
		Basis: database.PublicTask, Keep: "bookings", Seen: seen, Erase: database.EraseBlank,
	}
	to, name := envelope, envelope
	to.Export, name.Export = "email", "name"
	columns := database.Plain("id", "unique_key", "kind", "about", "about_id", "message_id", "state", "attempts", "next_try_at",
		"lease_owner", "lease_expires_at", "created_at", "sent_at", "failed_at")
	columns = append(columns, to.Each("to_address")...)
	columns = append(columns, name.Each("to_name")...)
	columns = append(columns, database.Personal{
		What: "The subject line of emails we sent you", Purpose: "to answer when you ask what we sent",
		Basis: database.PublicTask, Keep: "bookings", Seen: seen, Export: "subject", Erase: database.EraseBlank,
	}.Each("subject")...)
	columns = append(columns, database.Personal{
		What: "The text of emails we sent you", Purpose: "to send it, and to send it again if it did not reach you",
		Basis: database.PublicTask, Keep: "mail_bodies", Seen: seen, Export: "text", Erase: database.EraseBlank,
	}.Each("content")...)
	columns = append(columns, database.Personal{
		What: "Why an email did not reach you, in the words of the mail server", Purpose: "to reach you in another way",
		Basis: database.PublicTask, Keep: "bookings", Seen: seen, Export: "delivery_problem", Erase: database.EraseBlank,
	}.Each("last_error")...)
	return []database.Table{{
		Name: "mails", What: "An email to you", Person: "to_address, about_id -> [about]",
		Since: "coalesce(sent_at, failed_at)", After: "after we sent it", Columns: columns,
	}}
}

package mail

import (
	"slices"

	"conversations/app/database"
)

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
	return append([]database.Table{{
		Name: "mails", What: "An email to you", Person: "to_address, about_id -> [about]",
		Since: "coalesce(sent_at, failed_at)", After: "after we sent it", Columns: columns,
	}}, mailingTables()...)
}

// mailingTables declares letters to many. A suppression is a keyed hash that tells nobody's address: it stays when
// everything else about a person has gone, or the next list that is brought in would have us write to them again.
func mailingTables() []database.Table {
	envelope := database.Personal{
		What: "Your name and email address, on letters that went to you and many others", Purpose: "to send you the letter, and to show who got it",
		Basis: database.Consent, Keep: "deliveries", Seen: []string{"admin", "comms"}, Erase: database.EraseBlank,
	}
	address, name, personal, hash, words := envelope, envelope, envelope, envelope, envelope
	address.Export, name.Export = "email", "name"
	personal.What, personal.Export = "A link in such a letter that is for you alone", "link"
	hash.What, hash.Withheld = "Your email address in a form that only recognises it", "it tells nothing but what the address does"
	hash.Purpose = "not to write to you any more when you do not want it, or it does not reach you"
	words.What, words.Purpose, words.Export = "What the mail server said about a letter to you", "to know whether letters reach you", "delivery"
	happened := words
	happened.What, happened.Purpose, happened.Export = "Whether a letter came back, and whether you ended our letters by its link or called it unwanted", "to stop writing to you", "came_back"
	happened.Erase, happened.Over = database.EraseNever, database.EraseBlank
	return []database.Table{
		{Name: "mailings", What: "A letter to many", Columns: database.Plain("id", "unique_key", "kind", "about", "about_id", "subject", "content", "list_id",
			"purpose", "state", "recipients", "release_at", "begun_at", "ended_at", "trouble", "trouble_at", "created_at")},
		{Name: "deliveries", What: "A letter to you and many others", Person: "contact_id -> contacts, address", Since: "done_at", After: "after we sent it", Columns: slices.Concat(
			database.Plain("id", "mailing_id", "contact_id", "lane", "state", "attempts", "due_at", "owner", "first_try_at", "done_at"),
			address.Each("address"), name.Each("name"), personal.Each("personal"), hash.Each("address_hash"), words.Each("words", "bounce_words"),
			happened.Each("bounce", "bounced_at", "unsubscribed_at", "complained_at"))},
		{Name: "suppressions", What: "An address that no letter to many goes to, not in words", Columns: database.Plain("hash", "reason", "at")},
		{Name: "rate_buckets", What: "How fast letters to many leave", Columns: database.Plain("name", "tokens", "at")},
	}
}

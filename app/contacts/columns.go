package contacts

import (
	"slices"

	"conversations/app/database"
)

// Columns declares what the tables of contacts hold about people.
func Columns() []database.Table {
	seen := []string{"admin", "comms"}
	contact := database.Personal{
		What: "Your name, organisation, address, email address and telephone number, if we write to you", Purpose: "to send you what you asked for, in the way that suits you",
		Basis: database.Consent, Keep: "contacts", Seen: seen, Export: "contact", Erase: database.EraseBlank,
	}
	key := contact
	key.What, key.Purpose = "Your name, address, email address and telephone number in a form for searching", "to keep one entry for one person"
	key.Export, key.Withheld = "", "the same facts as in the contact, written for searching"
	member := contact
	member.What, member.Export, member.Erase = "The groups and localities that you belong to", "groups", database.EraseRow
	notes := contact
	notes.What, notes.Purpose, notes.Export = "What we noted about writing to you", "so that whoever writes next knows it", "contact notes"
	consent := database.Personal{
		What: "What you let us do, in which words you were asked, when and where; and when you ended it", Purpose: "to do only what you allowed, and to be able to show it",
		Basis: database.LegalObligation, Keep: "consents", Seen: seen, Export: "consents", Erase: database.EraseNever, Over: database.EraseRow,
	}
	merged := contact
	merged.What, merged.Purpose, merged.Keep = "Your entry as it was before we put two entries about you together", "to part them again if it was wrong", "imports"
	merged.Export, merged.Withheld, merged.Erase = "", "the same facts as in the contact, as they were before", database.EraseRow
	// Where it can be found is written by hand and may name somebody.
	whence := consent
	whence.What, whence.Export, whence.Erase = "Where we have what you said: a sheet, a letter, a call", "where consents are found", database.EraseBlank
	imported := contact
	imported.What, imported.Purpose, imported.Keep = "Your row in a list that was given to us", "to take the list back if it was wrong", "imports"
	imported.Export, imported.Erase = "imported", database.EraseRow
	signUp := database.Personal{
		What: "Your name and email address, if you signed up for updates and have not confirmed it yet", Purpose: "to ask you whether it was you",
		Basis: database.Consent, Keep: "sign_ups", Seen: seen, Export: "sign-up", Erase: database.EraseRow,
	}
	// While somebody lets us write to them, they are kept.
	since := func(id string) string {
		return `(SELECT CASE WHEN EXISTS (SELECT 1 FROM current_consents cc WHERE cc.contact_id = coalesce(k.merged_into, k.id) AND cc.entry = 'given') THEN NULL
			ELSE coalesce((SELECT max(c.recorded_at) FROM consents c WHERE c.contact_id = coalesce(k.merged_into, k.id) AND c.recorded_at > k.updated_at), k.updated_at) END
			FROM contacts k WHERE k.id = ` + id + `)`
	}
	// The ledger is one proof: it goes as a whole, and not while somebody is a contact, so that no earlier entry comes to count.
	const ledgerEnd = `(SELECT CASE WHEN k.sort_key <> '' THEN NULL ELSE (SELECT max(c.recorded_at) FROM consents c WHERE c.contact_id = k.id) END
		FROM contacts k WHERE k.id = consents.contact_id)`
	lastLetter := "after the last time that you let us write to you"
	return []database.Table{
		{Name: "contacts", What: "A contact", Person: "email_key, phone_key, post_key", Since: since("contacts.id"), After: lastLetter, Columns: slices.Concat(
			database.Plain("id", "kind", "channel", "large_print", "merged_into", "version", "created_at", "updated_at"),
			contact.Each("name", "organisation", "email", "phone", "post_address", "postcode"),
			key.Each("email_key", "suppression_key", "phone_key", "post_key", "sort_key", "search_key"), notes.Each("notes"))},
		{Name: "contact_groups", What: "A group of contacts", Columns: database.Plain("id", "slug", "name", "description", "retired", "version", "created_at", "updated_at")},
		{Name: "contact_group_members", What: "A contact in a group", Person: "contact_id -> contacts", Since: since("contact_id"), After: lastLetter, Columns: slices.Concat(
			database.Plain("contact_id"), member.Each("group_id"))},
		{Name: "contact_localities", What: "A locality that a contact asked for", Person: "contact_id -> contacts", Since: since("contact_id"), After: lastLetter, Columns: slices.Concat(
			database.Plain("contact_id"), member.Each("locality"))},
		{Name: "consents", What: "What you let us do", Person: "contact_id -> contacts", Since: ledgerEnd, After: "after the last thing that you told us, once you are no contact of ours any more", Columns: slices.Concat(
			database.Plain("id", "contact_id", "annuls", "recorded_at", "recorded_by", "import_id"),
			consent.Each("purpose", "channel", "entry", "basis", "wording", "wording_version", "at", "source"), whence.Each("source_note"))},
		{Name: "contact_merges", What: "Two contacts that were put together", Person: "kept_id -> contacts, gone_id -> contacts", Since: "created_at", After: "after we put them together",
			Columns: slices.Concat(database.Plain("id", "kept_id", "gone_id", "moved", "last_entry", "version_after", "made_by", "created_at", "undone_at"), merged.Each("before"))},
		{Name: "contact_imports", What: "A list of contacts that was brought in", Columns: database.Plain("id", "file_name", "state", "settings", "total", "bad",
			"created", "changed", "same", "doubles", "unsubscribed", "undone", "kept", "worked", "last_row", "skip_bad", "made_by", "ordered_by", "created_at", "done_at", "undone_at")},
		{Name: "contact_import_rows", What: "A row of such a list", Person: "email_key, contact_id -> contacts",
			Since: "(SELECT coalesce(i.done_at, i.created_at) FROM contact_imports i WHERE i.id = import_id)", After: "after the list was brought in", Columns: slices.Concat(
				database.Plain("id", "import_id", "line", "outcome", "note", "double_of", "contact_id", "version_after", "ended"),
				imported.Each("email_key", "cells", "trouble", "reason", "before"))},
		{Name: "subscription_requests", What: "A sign-up", Person: "email_key", Since: "coalesce(confirmed_at, expires_at)", After: "after you confirmed it, or after it lapsed", Columns: slices.Concat(
			database.Plain("id", "source", "booking_id", "wording", "wording_version", "created_at", "expires_at", "asks", "asks_since", "confirmed_at", "contact_id"),
			signUp.Each("email", "email_key", "name", "localities"))},
	}
}

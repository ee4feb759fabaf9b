package feedback

import (
	"slices"

	"conversations/app/database"
)

// Columns declares what the tables of feedback hold about people.
func Columns() []database.Table {
	seen := []string{"admin", "engagement"}
	said := database.Personal{
		What: "What you said to us, without what tells who you are", Purpose: "to learn what people think and need, and to show what came of it",
		Basis: database.PublicTask, Keep: "comments", Seen: seen, Export: "comments", Erase: database.EraseBlank,
	}
	attribute := said
	attribute.What, attribute.Export = "What you told us about yourself in the same survey", "equality answers"
	sealed := said
	sealed.What, sealed.Purpose, sealed.Keep = "What you said to us, word for word", "to check that nothing that tells who you are is left", "originals"
	sealed.Export, sealed.Erase = "comments as they came", database.EraseRow
	found := sealed
	found.What, found.Export, found.Withheld = "Where your words tell who you are", "", "places in the same words"
	person := database.Personal{
		What: "Your name, email address and telephone number, if you left them with a comment", Purpose: "to get in touch with you about it, if you agreed",
		Basis: database.Consent, Keep: "comments", Seen: seen, Export: "comment contact", Erase: database.EraseBlank,
	}
	key := person
	key.What, key.Purpose = "Your email address and telephone number in a form for searching", "to find your comments when you ask for them"
	key.Export, key.Withheld = "", "the same facts, written for searching"
	folded := said
	folded.Export, folded.Withheld = "", "the same words, written for comparing"
	mark := folded
	mark.What, mark.Erase, mark.Withheld = "Numbers made of your words", database.EraseRow, "they only tell whether two people wrote the same"
	const ofComment, after = "(SELECT c.created_at FROM comments c WHERE c.id = comment_id)", "after we got it"
	const ofPerson = "(SELECT max(c.created_at) FROM comments c WHERE c.person_id = comment_people.id)"
	return []database.Table{
		{Name: "comment_imports", What: "A file that comments came from", Columns: database.Plain("id", "file_name", "digest", "comments", "made_by", "made_at", "undone_at")},
		{Name: "comment_people", What: "Somebody who said something to us", Person: "email_key, phone_key", Since: ofPerson, After: after, Columns: slices.Concat(
			database.Plain("id", "wording"), person.Each("name", "email", "phone"), key.Each("email_key", "phone_key"))},
		{Name: "comments", What: "What somebody said", Person: "person_id -> comment_people", Since: "created_at", After: after, Columns: slices.Concat(
			database.Plain("id", "source", "source_key", "about", "redaction", "redacted", "confirmed_by", "confirmed_at", "event_id", "locality", "service", "said_on",
				"quote_ok", "recontact", "same_as", "like_group", "set_aside", "person_id", "import_id", "taken_by", "version", "created_at"),
			said.Each("text"), folded.Each("words"), attribute.Each("equality"))},
		{Name: "comment_originals", What: "The words as they came", Person: "comment_id -> comments", Since: ofComment, After: after, Columns: slices.Concat(
			database.Plain("comment_id"), sealed.Each("text"))},
		{Name: "comment_findings", What: "A place that tells who somebody is", Person: "comment_id -> comments", Since: ofComment, After: after, Columns: slices.Concat(
			database.Plain("id", "comment_id", "decided_by"), found.Each("start_at", "end_at", "kind", "state"))},
		{Name: "comment_marks", What: "A mark by which copies are known", Person: "comment_id -> comments", Since: ofComment, After: after, Columns: slices.Concat(
			database.Plain("comment_id"), mark.Each("mark"))},
		{Name: "comment_alarms", What: "A comment that is urgent", Columns: database.Plain("id", "comment_id", "kind", "raised_by", "raised_at", "rounds", "next_at", "answered_by",
			"answered_at", "outcome")},
		{Name: "themes", What: "A theme", Columns: database.Plain("id", "guid", "code", "parent_id", "position", "name", "definition", "included", "excluded", "examples",
			"colour", "retired_at", "merged_into", "gone", "version", "created_at", "updated_at")},
		{Name: "theme_changes", What: "A change of the codebook", Columns: database.Plain("id", "kind", "theme_id", "details", "undoes", "changed_by", "changed_at")},
		{Name: "comment_readings", What: "How a coder read a comment", Columns: database.Plain("id", "comment_id", "part", "coder_id", "verdict", "tone", "quotable", "suggested", "offered",
			"counts", "version", "read_at")},
		{Name: "codings", What: "A theme in a comment", Columns: database.Plain("id", "reading_id", "comment_id", "theme_id", "start_at", "end_at", "redacted", "place", "counts")},
		{Name: "coding_steps", What: "A step of coding", Columns: database.Plain("id", "reading_id", "comment_id", "staff_id", "before", "after", "undoes", "taken_at")},
		{Name: "double_codings", What: "A comment that two people code", Columns: database.Plain("comment_id", "state", "drawn_at")},
		{Name: "quotes", What: "Words that may be quoted", Columns: database.Plain("id", "comment_id", "start_at", "end_at", "redacted", "digest", "chosen_by", "chosen_at", "withdrawn_at")},
		{Name: "reports", What: "A report as it was issued", Columns: database.Plain("id", "title", "kind", "filter", "published", "codebook_version", "tables", "content", "digest",
			"issued_by", "issued_at")},
		{Name: "report_places", What: "A comment's words in a report", Columns: database.Plain("report_id", "comment_id", "start_at", "end_at", "removed_at")},
		{Name: "actions", What: "An answer to what people said", Columns: database.Plain("id", "slug", "theme_id", "locality", "title", "said", "decided", "state", "owner", "due_on",
			"done_on", "evidence", "document_id", "approval", "asked_by", "asked_at", "approved_by", "published_at", "published", "update_id", "version", "created_by",
			"created_at", "updated_at")},
		{Name: "action_quotes", What: "Words that stand in an answer", Columns: database.Plain("action_id", "quote_id", "position")},
		{Name: "action_changes", What: "A change of an answer", Columns: database.Plain("id", "action_id", "before", "after", "changed_by", "changed_at")},
	}
}

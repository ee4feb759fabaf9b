package audiences

import (
	"slices"

	"conversations/app/database"
)

// Columns declares what the tables of audiences hold about people.
func Columns() []database.Table {
	row := database.Personal{
		What: "That you were on the list for a letter, or why you were not", Purpose: "to be able to show who got what",
		Basis: database.PublicTask, Keep: "deliveries", Seen: []string{"admin", "comms"}, Export: "lists", Erase: database.EraseNever, Over: database.EraseRow,
	}
	made := "(SELECT l.made_at FROM audience_lists l WHERE l.id = list_id)"
	return []database.Table{
		{Name: "audience_lists", What: "Whom a letter went to", Columns: database.Plain("id", "about", "about_id", "purpose", "rule", "state", "last_contact",
			"email", "post", "left_out", "digest", "handed", "made_by", "made_at")},
		{Name: "audience_list_rows", What: "Somebody on the list for a letter", Person: "contact_id -> contacts", Since: made, After: "after the letter was written", Columns: slices.Concat(
			database.Plain("id", "list_id", "contact_id"), row.Each("outcome", "reason", "was", "posted_at"))},
	}
}

package privacy

import "conversations/app/database"

// Columns declares what this package itself keeps.
func Columns() []database.Table {
	mark := database.Personal{
		What:    "That we erased what we held about you, under a code made of your address or number from which nobody can read it",
		Purpose: "to erase you again if an old backup is ever brought back", Basis: database.LegalObligation, Keep: "audit", Seen: []string{"nobody"},
		Export: "erased before", Erase: database.EraseNever, Over: database.EraseRow,
	}
	return []database.Table{
		{Name: "erasures", What: "That something was erased", Columns: database.Plain("id", "at", "reason", "counts", "done_by", "cleaned_at")},
		{Name: "erasure_marks", What: "A person who was erased", Person: "mark", Since: "(SELECT e.at FROM erasures e WHERE e.id = erasure_id)",
			After: "after we erased it", Columns: append(database.Plain("id", "erasure_id"), mark.Each("mark")...)},
	}
}

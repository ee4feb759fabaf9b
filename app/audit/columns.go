package audit

import (
	"slices"

	"conversations/app/database"
)

// Columns declares what the audit log holds about people.
func Columns() database.Table {
	personal := database.Personal{
		What: "What you, as a member of staff, or somebody acting on your booking did, and when", Purpose: "to be able to show who did what",
		Basis: database.PublicTask, Keep: "audit", Seen: []string{"admin"}, Export: "log", Erase: database.EraseNever, Over: database.EraseRow,
	}
	words := personal
	words.Erase = database.EraseWords
	return database.Table{
		Name: "audit_entries", What: "Something that was done", Person: "actor_id -> staff, entity_id -> [entity]", Since: "at", After: "after it happened",
		Columns: slices.Concat(database.Plain("id", "at", "actor_kind", "action", "entity", "entity_id", "request_id"),
			personal.Each("actor_id"), words.Each("details")),
	}
}

package documents

import "conversations/app/database"

// Columns declares what the library holds: nothing about people.
func Columns() []database.Table {
	return []database.Table{
		{Name: "documents", What: "A document of the library", Columns: database.Plain("id", "slug", "title", "summary", "dated_on", "locality", "file_name",
			"content_type", "size", "digest", "data", "public", "version", "created_at", "updated_at")},
	}
}
